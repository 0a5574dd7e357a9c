"""What a sensor delivered: streams of samples by placement, frozen, with the quality of their times.

Accelerometer = specific force in m/s² (at rest +9.81 along the upward axis), gyroscope in rad/s, both in the sensor's own
axes. Times are seconds. A stream is cut into contiguous pieces at its gaps; no later stage works across a gap.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from imu_tracker.errors import SamplesError
from imu_tracker.numeric import Floats, median

Timestamps = Literal["sensor", "arrival", "uniform"]

PLACEMENTS = (
    "pelvis",
    "thigh_left",
    "thigh_right",
    "shank_left",
    "shank_right",
    "chest",
    "wrist_left",
    "wrist_right",
    "upper_arm_left",
    "upper_arm_right",
)
UNKNOWN_PLACEMENT = "unknown"

LONGEST_FILL_S = 0.1  # a hole up to this long is interpolated, a longer one is a gap (practice of BLE streams at 50-200 Hz)
FILL_STEPS = 2.5  # slow sensors: so many sample steps are never a gap
JUMP_BACK_S = 1.0  # a clock that jumps back further was set anew; less is packets out of order
DEFICIT_S = 0.15  # arrival times: samples missing for so long, and never delivered late, are lost


@dataclass(frozen=True)
class Timing:
    """The times of a stream's samples and what can be said of them.

    t: (N,) s, strictly increasing, the best estimate of when each sample was taken.
    pieces: half-open index ranges without a gap. gaps: the (start, end) times between them, s.
    lost: samples that the rate calls for and that are not there. timestamps: `uniform` (a fixed step), `sensor` (each
    sample has a time of its own), `arrival` (stamped by the receiver, in bursts: then t is spread from the earliest arrivals).
    """

    t: Floats
    pieces: tuple[tuple[int, int], ...]
    gaps: tuple[tuple[float, float], ...]
    lost: int
    rate_hz: float
    timestamps: Timestamps


def _usual_step(t: Floats) -> tuple[float, bool]:
    """The time from sample to sample, s, and whether most samples keep it.

    Where most steps are alike it is the mean of those (losses and stray stamps aside); where samples come in bursts, the median
    over many samples at once.
    """
    dt = np.diff(t)
    middle = median(dt)
    alike = np.abs(dt - middle) <= 0.4 * middle
    if middle > 0 and np.mean(alike) >= 0.8:
        return float(np.mean(dt[alike])), True
    k = int(np.clip(len(t) // 4, 1, 200))
    step = median(t[k:] - t[:-k]) / k
    if step <= 0:
        raise SamplesError("Most samples carry the same time; a recording needs a time for each sample, in seconds.")
    return step, False


def _spread_arrivals(t: Floats, step: float) -> tuple[Floats, Floats]:
    """Sampling times from arrival times in bursts, and the deficits: how far each sample's time jumps beyond one step.

    A packet is never early. So `arrival - index * step` has the sampling clock as its lower envelope: what comes back to the
    envelope was a stall, what stays above it for good was a loss. Windows of 10 s let the two clocks drift.
    """
    index = np.arange(len(t)) * step
    late = t - index
    floor = np.minimum.accumulate(late[::-1])[::-1]  # the least lateness from here on; jumps up where samples are lost
    jumps = np.diff(floor, prepend=floor[0])
    jumps[jumps < DEFICIT_S] = 0.0
    out = np.empty_like(t)
    starts = np.flatnonzero(jumps)
    for a, b in zip(np.r_[0, starts], np.r_[starts, len(t)], strict=True):
        n_windows = max(1, min(int(b - a), int((b - a) * step / 10.0)))
        edges = np.linspace(a, b, n_windows + 1).astype(int)
        least = [i + int(np.argmin(late[i:j])) for i, j in itertools.pairwise(edges)]
        out[a:b] = index[a:b] + np.interp(np.arange(a, b), least, late[least])
    return out, jumps


def assess_times(t: Floats) -> Timing:
    """Judge times (N,) s, non-decreasing, N >= 2; raises SamplesError where they can't be used."""
    if len(t) < 2:
        raise SamplesError(f"The recording has {len(t)} usable sample{'' if len(t) == 1 else 's'}; at least 2 are needed.")
    step, steady = _usual_step(t)
    dt = np.diff(t)
    holes = dt > max(LONGEST_FILL_S, FILL_STEPS * step)
    tolerance = max(0.02 * step, min(0.0011, 0.2 * step))  # a stamp rounded to the millisecond still is uniform
    kind: Timestamps = "sensor" if steady else "arrival"
    if steady and np.mean(np.abs(dt[~holes] - step) <= tolerance) >= 0.99:
        kind = "uniform"
    if kind == "arrival":
        t, jumps = _spread_arrivals(t, step)
        holes = jumps[1:] > 0
        lost = int(np.round(jumps.sum() / step))
    else:
        keep = np.r_[True, dt > 0]
        if not keep.all():  # equal times that aren't bursts: spread inside their step, order kept
            t = np.interp(np.arange(len(t)), np.flatnonzero(keep), t[keep])
            t = t + np.arange(len(t)) * 1e-9
        lost = int(np.sum(np.round(dt[dt > 1.5 * step] / step) - 1))
    cuts = np.flatnonzero(holes) + 1
    bounds = np.r_[0, cuts, len(t)]
    return Timing(
        t=t,
        pieces=tuple((int(a), int(b)) for a, b in itertools.pairwise(bounds)),
        gaps=tuple((float(t[i - 1]), float(t[i])) for i in cuts),
        lost=lost,
        rate_hz=1.0 / step,
        timestamps=kind,
    )


@dataclass(frozen=True)
class Stream:
    """One sensor's samples: arrival or sensor times as delivered (N,), acc (N, 3) m/s², gyr (N, 3) rad/s or None.

    Made by `stream_from_samples`, which checks and orders them; `timing.t` is the time to work with.
    """

    t: Floats
    acc: Floats
    gyr: Floats | None
    timing: Timing
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.t)


def _ordered(t: Floats, notes: list[str]) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Times without jumps back, and the order of the samples that belongs to them."""
    back = np.flatnonzero(np.diff(t) < 0) + 1
    resets = [int(i) for i in back if t[i] < t[:i].max() - JUMP_BACK_S and t[i] - t[i - 1] < -JUMP_BACK_S]
    if len(resets) > max(3, 0.01 * len(t)):
        raise SamplesError(
            f"The times jump back {len(resets)} times, first at sample {resets[0] + 1} from {t[resets[0] - 1]:.3f} s to "
            f"{t[resets[0]]:.3f} s; sort the file by time, or split it where recordings were joined."
        )
    for i in resets:
        shift = t[i - 1] + 1.0 - t[i]
        notes.append(
            f"The time jumps back by {t[i - 1] - t[i]:.3f} s at sample {i + 1}: the clock was set anew. What follows is placed "
            "1 s later, behind a gap; how long the gap really was is not known."
        )
        t = np.r_[t[:i], t[i:] + shift]
    order = np.argsort(t, kind="stable")
    moved = int(np.sum(order != np.arange(len(t))))
    if moved:
        notes.append(f"{moved} samples were out of order and have been sorted by time.")
    return t[order], order


def stream_from_samples(t: Floats, acc: Floats, gyr: Floats | None = None, notes: tuple[str, ...] = ()) -> Stream:
    """A checked stream of samples in SI units; what had to be mended is said in its `notes`.

    t (N,) s, acc (N, 3) m/s², gyr (N, 3) rad/s or None. Rows with a value that is not a finite number are dropped (they leave
    a hole, never an invented value), repeats of the same sample are dropped, samples out of order are sorted. Raises SamplesError
    where fewer than two usable samples remain or the times can't be used.
    """
    said = list(notes)
    t = np.array(t, float)
    columns = [np.asarray(acc, float)] + ([] if gyr is None else [np.asarray(gyr, float)])
    values = np.column_stack(columns)
    with np.errstate(all="ignore"):  # a sum is finite only where each of its parts is
        finite = np.isfinite(t + values @ np.ones(values.shape[1]))
    if not finite.all():
        finite = np.isfinite(t) & np.isfinite(values).all(axis=1)
    if not finite.all():
        bad = int(np.sum(~finite))
        said.append(
            f"{bad} of {len(t)} samples hold values that are not numbers, first at sample {np.argmin(finite) + 1}; "
            "they were left out."
        )
        t, values = t[finite], values[finite]
    if len(t) < 2:
        raise SamplesError(f"The recording has {len(t)} usable sample{'' if len(t) == 1 else 's'}; at least 2 are needed.")
    if (np.diff(t) < 0).any():
        t, order = _ordered(t, said)
        values = values[order]
    same = np.r_[False, np.diff(t) == 0]
    same[same] = (values[1:] == values[:-1])[same[1:]].all(axis=1)
    if same.any():
        said.append(f"{int(same.sum())} samples were repeated with the same time and values; each is used once.")
        t, values = t[~same], values[~same]
    timing = assess_times(t)
    if len(t) > 50 and (values[0] == values[-1]).all() and (values == values[0]).all():
        said.append("The sensor's values never change: it was not running, or the file was made up; nothing can be counted.")
    for a in (t, values, timing.t):
        a.setflags(write=False)
    return Stream(t, values[:, :3], None if gyr is None else values[:, 3:], timing, tuple(said))


@dataclass(frozen=True)
class Recording:
    """Streams by placement on one clock, and what the file said about them.

    start_s: time of the first sample of all; results count seconds from it. about: the file's own words (exercise,
    subject, side ...), never used in the analysis. notes: what readers had to do, in sentences.
    """

    streams: Mapping[str, Stream]
    about: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a recording without streams."""
        if not self.streams:
            raise SamplesError("A recording needs at least one sensor's samples.")

    @property
    def start_s(self) -> float:
        """Time of the first sample of all streams, on their common clock."""
        return float(min(s.timing.t[0] for s in self.streams.values()))

    @property
    def duration_s(self) -> float:
        """From the first sample to the last, over all streams."""
        return float(max(s.timing.t[-1] for s in self.streams.values())) - self.start_s


_SPELLED_SIDES = {"left": "left", "l": "left", "right": "right", "r": "right"}
_SPELLED_SEGMENTS = {
    "pelvis": "pelvis",
    "sacrum": "pelvis",
    "waist": "pelvis",
    "hip": "pelvis",
    "lower_back": "pelvis",
    "belt": "pelvis",
    "thigh": "thigh",
    "upper_leg": "thigh",
    "shank": "shank",
    "lower_leg": "shank",
    "shin": "shank",
    "chest": "chest",
    "sternum": "chest",
    "wrist": "wrist",
    "upper_arm": "upper_arm",
}


def placement_name(word: str) -> str:
    """The project's name of a placement as people spell it: `right_thigh(distal)` is `thigh_right`; others stay as they are."""
    plain = word.strip().split("(")[0].strip().lower().replace("-", "_").replace(" ", "_")
    parts = [p for p in plain.split("_") if p]
    sides = {_SPELLED_SIDES[p] for p in parts if p in _SPELLED_SIDES}
    segment = _SPELLED_SEGMENTS.get("_".join(p for p in parts if p not in _SPELLED_SIDES))
    if segment is None or len(sides) > 1:
        return word.strip()
    if not sides or segment in ("pelvis", "chest"):
        return segment
    return f"{segment}_{sides.pop()}"
