"""Real repetitions: public recordings and optical motion that lie beside the project in ../shared. Nothing of them is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from realism_features import Cut, angle_deg

from imu_tracker.files.datasets import read_manifest
from imu_tracker.motion import GRID_HZ, Motion, motion_of, to_grid
from imu_tracker.numeric import GRAVITY_M_S2, Floats, up_from_quaternion
from imu_tracker.recording import Recording, Stream, stream_from_samples
from imu_tracker.reps import clear_sets, describe_reps, find_sets, join_sets
from imu_tracker.results import Rep
from imu_tracker.simulate.wearing import readings

SHARED = Path(__file__).resolve().parents[2] / "shared"
MARKER_HZ = 6.0  # low-pass of optical markers, zero phase, as the data's page says
EDGE_S = 0.1  # left out at either end of an optical repetition, where the filter has nothing to lean on
MARKERS = ("LASI", "RASI", "LPSI", "RPSI", "LTHI", "LKNE", "RTHI", "RKNE")
# Thirty repetitions to a uci recording: as asked, too fast, too small; in all files the wearer idles around these times.
UCI_BLOCKS: Mapping[str, tuple[float, float]] = {"as asked": (0.0, 95.0), "too fast": (95.0, 150.0), "too small": (150.0, np.inf)}


@dataclass(frozen=True)
class RepSet:
    """Repetitions of one person."""

    person: str
    cuts: tuple[Cut, ...]


def without_accelerometer(stream: Stream) -> Stream:
    """A gyroscope's stream whose acceleration is made from the turning alone: a sensor that only turns, and reads plain gravity.

    For sensors whose accelerometer is wrong. The gyroscope's offset is taken off as its median over the recording,
    which must be mostly rest.
    """
    from vqf import VQF

    if stream.gyr is None:
        raise ValueError("A stream without accelerometer needs a gyroscope.")
    gyr = stream.gyr - np.median(stream.gyr, axis=0)
    still = np.tile([0.0, 0.0, GRAVITY_M_S2], (len(gyr), 1))
    filtered = VQF(1 / stream.timing.rate_hz, motionBiasEstEnabled=False, restBiasEstEnabled=False)
    turned = filtered.updateBatchFullState(np.ascontiguousarray(gyr), still)["gyrQuat"]
    return stream_from_samples(stream.timing.t, GRAVITY_M_S2 * up_from_quaternion(turned), gyr)


def cut_out(m: Motion, rep: Rep, trusted: bool = True) -> Cut:
    """A repetition's samples; trusted: the accelerometer can be."""
    a = int(np.clip(round(rep.start_s * GRID_HZ) - m.first, 0, max(len(m) - 5, 0)))
    b = int(np.clip(round(rep.end_s * GRID_HZ) - m.first, a + 5, len(m)))
    turned = None if m.quaternion is None else m.quaternion[a:b]
    gyr = None if m.gyr is None else m.gyr[a:b]
    acc, linear = (m.acc[a:b], m.linear(a, b)) if trusted else (None, None)
    return Cut(acc, gyr, turned, linear, rep.out_s or 0.0, rep.pause_s or 0.0, rep.back_s or 0.0)


def counted(stream: Stream, between_s: tuple[float, float] = (0.0, np.inf), trusted: bool = True) -> tuple[Cut, ...]:
    """The repetitions that the project's counter finds in a recording of one sensor, exercise or not, between two times."""
    if not trusted:
        stream = without_accelerometer(stream)
    recording = Recording({"unknown": stream})
    motions = tuple(motion_of(piece) for piece in to_grid(stream, recording.start_s))
    cuts = []
    found = clear_sets(join_sets(motions, find_sets(motions)))
    for rep in (r for s in found for r in describe_reps(motions, s.cuts, s.fit)):
        inside = [m for m in motions if m.start_s <= rep.start_s and rep.end_s <= m.start_s + len(m) / GRID_HZ]
        if inside and between_s[0] <= rep.turn_s < between_s[1]:
            cuts.append(cut_out(inside[0], rep, trusted))
    return tuple(cuts)


def whole(stream: Stream) -> Cut:
    """A recording that holds a single repetition, trimmed to where movement begins and ends."""
    m = motion_of(to_grid(stream, float(stream.timing.t[0]))[0])
    (rep,) = describe_reps((m,), np.array([[m.start_s, m.start_s + len(m) / GRID_HZ]]), 1.0)
    return cut_out(m, rep)


def uci(exercise: str, unit: str, style: str, trusted: bool) -> Iterator[RepSet]:
    """One block of the `test` recordings of a unit (u2: right shank, u3: right thigh)."""
    for row in read_manifest(SHARED / "datasets" / "uci-pt-exercises").rows:
        if row.exercise == exercise and row.name.endswith(f"_test_{unit}.parquet"):
            yield RepSet(f"uci {row.subject}", counted(_only(row.read()), UCI_BLOCKS[style], trusted))


def mex(exercise: str) -> Iterator[RepSet]:
    """All repetitions of a person; of two takes the one that turns more, since in the other the sensor's leg lies still."""
    takes: dict[str, list[tuple[Cut, ...]]] = {}
    for row in read_manifest(SHARED / "datasets" / "mex-thigh").rows:
        if row.exercise == exercise:
            takes.setdefault(f"mex {row.subject}", []).append(counted(_only(row.read())))
    for who, found in takes.items():
        yield RepSet(who, max(found, key=_usual_range))


def utd(exercise: str, several: bool = False) -> Iterator[RepSet]:
    """A person's recordings of one execution each, or of `several` cycles (counted)."""
    cuts: dict[str, list[Cut]] = {}
    for row in read_manifest(SHARED / "datasets" / "utd-mhad-thigh").rows:
        if row.exercise == exercise:
            stream = _only(row.read())
            cuts.setdefault(f"utd {row.subject}", []).extend(counted(stream) if several else [whole(stream)])
    for who, found in cuts.items():
        yield RepSet(who, tuple(found))


def optical(movement: str, placement: str) -> Iterator[RepSet]:
    """A person's correct repetitions of a movement (m01 ... m06), as a sensor on the sacrum or the thigh that turns more."""
    import pandas as pd
    import pyarrow.parquet as pq

    table: pd.DataFrame = pq.ParquetFile(SHARED / "groundtruth" / "ui-prmd" / f"{movement}.parquet").read().to_pandas()
    table = table[table["form"] == "correct"]
    for subject, of_one in table.groupby("subject"):
        reps = []
        for _, rows in of_one.groupby("rep"):
            there = rows[[f"{m}_{axis}" for m in MARKERS for axis in "xyz"]].interpolate(limit_direction="both").to_numpy(float)
            reps.append({m: there[:, 3 * k : 3 * k + 3] for k, m in enumerate(MARKERS)})
        yield RepSet(f"ui-prmd {subject}", seen_by_markers(reps, placement))


def seen_by_markers(reps: list[dict[str, Floats]], placement: str) -> tuple[Cut, ...]:
    """The repetitions of one person as a virtual sensor at `pelvis`, or at whichever `thigh` turns more, would feel them."""
    if placement == "pelvis":
        return tuple(whole(marker_sensor(m, "pelvis")) for m in reps)
    both = [tuple(whole(marker_sensor(m, leg)) for m in reps) for leg in ("L", "R")]
    return max(both, key=_usual_range)


def _usual_range(cuts: tuple[Cut, ...]) -> float:
    return float(np.median([angle_deg(c).max() for c in cuts])) if cuts else 0.0


def marker_sensor(markers: Mapping[str, Floats], where: str, rate_hz: float = 100.0) -> Stream:
    """What a sensor on the sacrum (`pelvis`) or above the knee (`L`, `R`) would read, from markers (N, 3) m.

    Sacrum: between the PSIS, y from right to left PSIS, x towards the ASIS. Thigh: a quarter of the way from the knee marker to
    the thigh marker, y from the knee to the hip joint's centre (Bell et al., J Biomech 23:617, 1990: 0.19 of the ASIS' distance
    behind, 0.30 below and 0.36 beside the middle between them), the thigh marker to the side. Markers are low-passed at 6 Hz
    first; a tenth of a second is left out at either end.
    """
    from scipy.signal import butter, sosfiltfilt

    sos = butter(2, MARKER_HZ, fs=rate_hz, output="sos")
    m = {k: sosfiltfilt(sos, x, axis=0) for k, x in markers.items()}
    back, front = (m["LPSI"] + m["RPSI"]) / 2, (m["LASI"] + m["RASI"]) / 2
    pelvis = _frame(m["LPSI"] - m["RPSI"], front - back)
    position, turn = back, pelvis
    if where != "pelvis":
        width = np.linalg.norm(m["LASI"] - m["RASI"], axis=1, keepdims=True)
        bell = np.array([-0.19, 0.36 if where == "L" else -0.36, -0.30])
        hip = front + width * (pelvis @ bell)
        knee, thigh = m[f"{where}KNE"], m[f"{where}THI"]
        position, turn = knee + 0.25 * (thigh - knee), _frame(hip - knee, thigh - (hip + knee) / 2)
    edge = round(EDGE_S * rate_hz)
    acc, gyr = (x[edge:-edge] for x in readings(position, turn, 1 / rate_hz))
    return stream_from_samples(np.arange(len(acc)) / rate_hz, acc, gyr)


def _frame(y: Floats, towards_x: Floats) -> Floats:
    """Rotations (N, 3, 3) with the second axis along y, the first as near `towards_x` as that allows."""
    y = y / np.linalg.norm(y, axis=1, keepdims=True)
    z = np.cross(towards_x, y)
    z = z / np.linalg.norm(z, axis=1, keepdims=True)
    return np.stack([np.cross(y, z), y, z], axis=-1)


def _only(recording: Recording) -> Stream:
    (stream,) = recording.streams.values()
    return stream
