"""How far a session's figures are off on simulated people, and how often a change's uncertainty holds.

    python benchmarks/changes.py [--sessions 3] [--evaluation]

Sessions of every exercise of the catalogue that is done in reps or steps, one exercise each, named, worn as the simulator
draws it. Of each session: the error of the mean range and the mean drop, in degrees, and of the time under tension, as a share.
Then of all pairs of sessions of one exercise: how often the difference between two is within its stated uncertainty of the true
one (it should be in nine of ten), and how often a change is told that goes the other way. Training seeds, unless --evaluation is
given.
"""

from __future__ import annotations

import argparse
import itertools
from collections import defaultdict

import numpy as np

from imu_tracker.analysis import Wish, analyze
from imu_tracker.exercises import find
from imu_tracker.results import Mounting, PelvicDrop, RecordingInfo, Rep, Session, Set
from imu_tracker.session.trends import Point, changes, points_of
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS
from imu_tracker.simulate.truth import TrueSet

EXERCISES = tuple(name for name in ALL_EXERCISES if find(name).pattern != "hold")


def true_set(one: TrueSet) -> Set:
    """The truth of a set as a result, with nothing uncertain about it."""
    reps = tuple(
        Rep(
            r.start_s,
            r.turn_s,
            r.end_s,
            1.0,
            r.side,
            r.range_deg,
            drop_deg=r.drop_deg,
            drop_uncertainty_deg=0.0,
            partial=r.partial,
        )
        for r in one.reps
    )
    tension_s = sum(r.end_s - r.start_s for r in reps)
    counted = (len(reps), one.count_by_side, tension_s, None, None, None)
    return Set(one.start_s, one.end_s, one.exercise, None, (), one.kind, one.side, *counted, reps, PelvicDrop())


def pair(exercise: str, seed: int) -> tuple[Point, Point] | None:
    """What was measured of a session and what is true of it; None where the reps weren't counted right."""
    movement, truth = simulate(exercise, seed)
    recording = record(movement, seed)
    side = truth.sets[0].side
    found = analyze(recording, Wish(exercise, side if side in ("left", "right") else None))
    true = Session(RecordingInfo(0.0, {}), tuple(map(true_set, truth.sets)), Mounting())
    if [s.count for s in found.sets] != [s.count for s in true.sets]:
        return None
    points = points_of(found, "found", None), points_of(true, "true", None)
    return points[0][0], points[1][0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=3, help="of each exercise")
    parser.add_argument("--evaluation", action="store_true", help="the evaluation seeds")
    args = parser.parse_args()
    seeds = (EVALUATION_SEEDS if args.evaluation else TRAINING_SEEDS)[: args.sessions]
    errors: dict[str, list[float]] = defaultdict(list)
    within: dict[str, list[bool]] = defaultdict(list)
    contrary: dict[str, list[bool]] = defaultdict(list)
    miscounted = 0
    for k, exercise in enumerate(EXERCISES):
        pairs = [pair(exercise, seed + 100 * k) for seed in seeds]
        good = [p for p in pairs if p is not None]
        miscounted += len(pairs) - len(good)
        for found, true in good:
            for figure in ("range_deg", "drop_deg", "time_under_tension_s"):
                one, other = getattr(found.whole, figure), getattr(true.whole, figure)
                if one is not None and other is not None:
                    unit = other.value if figure == "time_under_tension_s" else 1.0
                    errors[figure].append((one.value - other.value) / unit)
        for (a, true_a), (b, true_b) in itertools.combinations(good, 2):
            truly = {c.figure: c.by for c in changes(true_a, true_b)}
            for c in changes(a, b):
                if c.figure in truly and c.figure != "count":
                    within[c.figure].append(abs(c.by - truly[c.figure]) <= c.uncertainty)
                    contrary[c.figure].append(c.told and c.by * truly[c.figure] < 0)
    print(f"{len(EXERCISES) * len(seeds)} sessions, {miscounted} counted wrong and left out")
    for figure, found_errors in errors.items():
        off = np.array(found_errors)
        print(
            f"{figure:<22}off by {np.median(off):+.2f} (median), nine of ten within {np.quantile(abs(off), 0.9):.2f} ({len(off)})"
        )
    for figure in within:
        shares = 100 * np.mean(within[figure]), 100 * np.mean(contrary[figure])
        print(f"{figure:<22}change within its uncertainty: {shares[0]:.0f} %, told the wrong way: {shares[1]:.1f} %")


if __name__ == "__main__":
    main()
