"""Remakes `datasets/`: a small simulated recording of each of the thirteen exercises, with its truth.

    python -m imu_tracker.simulate.dataset datasets

The same numpy and pyarrow give the same bytes.
"""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from imu_tracker.simulate.drawing import round_the_belt
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.session import Movement, perform
from imu_tracker.simulate.truth import to_dict
from imu_tracker.simulate.wearing import TYPICAL, Samples, draw_mounting, wear


@dataclass(frozen=True)
class Sample:
    """One bundled recording: who, what, and the seed of all that is drawn. placements: a table is written for each.

    A single table at the pelvis is a CSV, to be looked at; the others are Parquet, to be small. belt: where on it.
    """

    name: str
    seed: int
    subject: str
    person: Person
    parts: tuple[Part, ...]
    placements: tuple[str, ...] = ("pelvis",)
    belt: str = "back"
    text: bool = False


def _with_the_rest(a_set: Part) -> tuple[Part, ...]:
    """The set after quiet standing, bows and the way to the place, quiet standing after it."""
    return (
        Part("quiet", seconds=4.0),
        Part("bows", count=2),
        Part("walk", count=5, side="left", turn_deg=90),
        Part("quiet", seconds=1.5),
        a_set,
        Part("rest", seconds=4.0),
        Part("quiet", seconds=3.0),
    )


SAMPLES = (
    Sample(
        "lateral_band_walk",
        11,
        "sim01",
        Person(stature=1.68, pace=0.55, range=0.55, drop_left_deg=2.0, drop_right_deg=3.5),
        _with_the_rest(Part("lateral_band_walk", count=12, side="left", drop_share=0.2)),
        text=True,
    ),
    Sample(
        "single_leg_squat",
        12,
        "sim02",
        Person(stature=1.77, pace=0.55, range=0.5, drop_left_deg=4.0, drop_right_deg=5.5, fatigue=0.2),
        _with_the_rest(Part("single_leg_squat", count=8, side="right", drop_share=0.5, pauses=5)),
        text=True,
    ),
    Sample(
        "frog_pump",
        13,
        "sim03",
        Person(stature=1.65, pace=0.3, range=0.6, fatigue=0.2),
        _with_the_rest(Part("frog_pump", count=10, slips=("pause_at_top",), slip_share=0.3)),
        ("pelvis", "thigh_right"),
        belt="front",
    ),
    Sample(
        "hip_thrust",
        14,
        "sim04",
        Person(stature=1.70, pace=0.5, range=0.7, fatigue=0.15),
        _with_the_rest(Part("hip_thrust", count=8, slips=("slow_return", "full_extension"), slip_share=0.25)),
        belt="left",
    ),
    Sample(
        "lateral_step_up",
        15,
        "sim05",
        Person(stature=1.74, pace=0.5, range=0.5, drop_left_deg=7.0, drop_right_deg=5.0),
        _with_the_rest(Part("lateral_step_up", count=8, side="left", drop_share=0.4)),
    ),
    Sample(
        "single_leg_deadlift",
        16,
        "sim06",
        Person(stature=1.80, pace=0.6, range=0.6, sway_deg=0.6),
        _with_the_rest(
            Part("single_leg_deadlift", count=6, side="right", slips=("pelvis_square", "no_touch_down"), slip_share=0.3)
        ),
    ),
    Sample(
        "monster_walk",
        17,
        "sim01",
        Person(stature=1.68, pace=0.5, range=0.5, drop_left_deg=2.0, drop_right_deg=3.5),
        _with_the_rest(Part("monster_walk", count=8, side="right", drop_share=0.25)),
    ),
    Sample(
        "clamshell",
        18,
        "sim03",
        Person(stature=1.65, pace=0.4, range=0.5),
        _with_the_rest(Part("clamshell", count=8, side="left", slips=("pelvis_still",), slip_share=0.3)),
        ("thigh_left", "pelvis"),
    ),
    Sample(
        "side_lying_abduction",
        19,
        "sim02",
        Person(stature=1.77, pace=0.25, range=0.5, fatigue=0.2),
        _with_the_rest(Part("side_lying_abduction", count=8, side="right", pauses=5, partial_share=0.15)),
        ("thigh_right", "pelvis"),
    ),
    Sample(
        "side_plank_abduction",
        20,
        "sim04",
        Person(stature=1.70, pace=0.4, range=0.5, fatigue=0.25),
        _with_the_rest(Part("side_plank_abduction", count=7, side="left", slips=("hips_up",))),
        ("thigh_left", "pelvis"),
    ),
    Sample(
        "plank_hip_extension",
        21,
        "sim05",
        Person(stature=1.74, pace=0.5, range=0.5),
        _with_the_rest(Part("plank_hip_extension", count=7, side="right", slips=("pelvis_still",), slip_share=0.3)),
        ("thigh_right", "pelvis"),
    ),
    Sample(
        "wall_lean",
        22,
        "sim06",
        Person(stature=1.80, fatigue=0.2, drop_left_deg=3.0, drop_right_deg=4.0),
        _with_the_rest(Part("wall_lean", seconds=25.0, side="right", drop_share=1.0)),
    ),
    Sample(
        "single_leg_wall_sit",
        23,
        "sim02",
        Person(stature=1.77, range=0.7, fatigue=0.2, drop_left_deg=3.0, drop_right_deg=4.0),
        _with_the_rest(Part("single_leg_wall_sit", seconds=20.0, side="left")),
        ("pelvis", "thigh_left"),
        belt="right",
    ),
)


TABLES = ("pelvis", "thigh_left", "thigh_right")


def make(sample: Sample) -> tuple[Movement, dict[str, Samples]]:
    """The movement and what the sensors delivered of it, by placement."""
    movement = perform(sample.parts, sample.seed, sample.person)
    rng = np.random.default_rng([sample.seed, 1])
    sensor = replace(TYPICAL, rate_hz=100.0)
    worn = {}
    for placement in sample.placements:
        mounting = draw_mounting(rng)
        if placement == "pelvis" and sample.belt != "back":
            mounting = round_the_belt(mounting, sample.belt)
        worn[placement] = wear(movement.posture, placement, mounting, sensor, rng)
    return movement, worn


def write_csv(path: Path, samples: Samples, about: dict[str, str]) -> None:
    """A recording as the interface says: `# key: value` lines, then t, ax ... gz, rounded to the digits a sensor has."""
    with path.open("w", encoding="utf-8", newline="\n") as f:
        for key, value in about.items():
            f.write(f"# {key}: {value}\n")
        f.write("t,ax,ay,az,gx,gy,gz\n")
        table = np.column_stack([samples.t, samples.acc, samples.gyr]) + 0.0
        np.savetxt(f, table, fmt=["%.4f"] + ["%.3f"] * 3 + ["%.4f"] * 3, delimiter=",", newline="\n")


def write_parquet(path: Path, samples: Samples, about: dict[str, str]) -> None:
    """The same table as Parquet, of single precision; `about` goes into the file's metadata."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    values = np.column_stack([np.round(samples.acc, 3), np.round(samples.gyr, 4)]).astype(np.float32)
    columns = {"t": pa.array(np.round(samples.t, 4))}
    columns |= {name: pa.array(values[:, k]) for k, name in enumerate(("ax", "ay", "az", "gx", "gy", "gz"))}
    table = pa.table(columns).replace_schema_metadata(about)
    pq.write_table(table, path, compression="zstd", compression_level=12, use_dictionary=True, version="2.6")


def write(folder: Path) -> None:
    """All of them, with their truth and the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for sample in SAMPLES:
        movement, worn = make(sample)
        a_set = movement.truth.sets[0]
        side = a_set.side or ""
        files = {}
        for placement, samples in worn.items():
            about = {"placement": placement, "exercise": sample.name, "subject": sample.subject, "source": "simulated"}
            if side:
                about["side"] = side
            name = sample.name if len(worn) == 1 else f"{sample.name}.{placement}"
            files[placement] = f"{name}.{'csv' if sample.text else 'parquet'}"
            (write_csv if sample.text else write_parquet)(folder / files[placement], samples, about)
        truth = json.dumps(to_dict(movement.truth), separators=(",", ":"))
        (folder / f"{sample.name}.truth.json").write_text(truth + "\n", encoding="utf-8")
        reps = a_set.count if a_set.kind != "hold" else ""
        tables = [files.get(p, "") for p in TABLES]
        rows.append([*tables, sample.name, sample.subject, side, reps, "1", f"{sample.name}.truth.json"])
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(
            ["file_pelvis", "file_thigh_left", "file_thigh_right", "exercise", "subject", "side", "reps", "session", "truth"]
        )
        out.writerows(rows)


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "datasets"))
