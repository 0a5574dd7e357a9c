"""How right the counts are on simulated people, exercise by exercise.

    python benchmarks/counts.py [--sessions 20] [--evaluation] [--exercise NAME ...]

Sessions of one exercise each, with quiet standing, bows, walking and getting into position around the sets, worn as the catalogue
says, any mounting and sensor. Nothing is told to the analysis. A true set's count is the sum of the found reps whose turn lies in
it, and `whole` the share exact where all reps of the found sets that overlap it count, those before and after it, too (sets that
one found set joins are left out there); a found set that holds no true set's time is false. Holds have no reps and stand in the
table with their false sets only (see holds.py); sets of leg work with the leg that has no sensor are left out: the other thigh
sees nothing of them. Training seeds, unless --evaluation is given (for final figures alone: see
imu_tracker/simulate/evaluation.py).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from imu_tracker.analysis import analyze
from imu_tracker.exercises import find
from imu_tracker.recording import Recording
from imu_tracker.simulate.api import worn_for
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS, Example, evaluation, training
from imu_tracker.simulate.truth import TrueSet


@dataclass(frozen=True)
class Score:
    """One session: true and found counts of its sets, false sets, and how long nobody exercised."""

    exercise: str
    counts: tuple[tuple[int, int], ...]
    whole: tuple[bool, ...]
    false_sets: int
    idle_s: float


def score(example: Example) -> Score:
    """What the analysis, told nothing, made of a session."""
    sets = analyze(example.recording).sets
    turns = np.array([r.turn_s for s in sets for r in s.reps])
    true = [s for s in example.truth.sets if s.kind != "hold" and _seen(s, example.recording)]
    counts = tuple((s.count, int(np.sum((turns >= s.start_s) & (turns < s.end_s)))) for s in true)
    whole = []
    for t in true:
        over = [s for s in sets if min(s.end_s, t.end_s) > max(s.start_s, t.start_s)]
        others = [o for o in example.truth.sets if o is not t]
        if not any(min(s.end_s, o.end_s) > max(s.start_s, o.start_s) for s in over for o in others):
            whole.append(sum(s.count for s in over) == t.count)
    false = sum(not any(min(s.end_s, t.end_s) > max(s.start_s, t.start_s) for t in example.truth.sets) for s in sets)
    busy_s = sum(s.end_s - s.start_s for s in example.truth.sets)
    return Score(example.exercise, counts, tuple(whole), false, example.recording.duration_s - busy_s)


def _seen(a_set: TrueSet, recording: Recording) -> bool:
    """Whether a sensor is where the set happens: of work with the other leg a sensor on a thigh sees nothing."""
    exercise = find(a_set.exercise)
    one_leg = exercise.placements[0] == "thigh" and a_set.side in ("left", "right")
    return not one_leg or any(p in worn_for(exercise, a_set) or not p.startswith("thigh") for p in recording.streams)


def _one(job: tuple[bool, str, int]) -> Score:
    final, exercise, k = job
    seeds = EVALUATION_SEEDS if final else TRAINING_SEEDS
    place = ALL_EXERCISES.index(exercise)
    start = (place - seeds[0]) % len(ALL_EXERCISES) + k * len(ALL_EXERCISES)
    (example,) = (evaluation if final else training)(1, start=start)
    return score(example)


def _row(name: str, scores: Sequence[Score]) -> str:
    counts = np.array([c for s in scores for c in s.counts]).reshape(-1, 2)
    error = counts[:, 1] - counts[:, 0]
    hours = sum(s.idle_s for s in scores) / 3600.0
    figures = "      -       -       -       -       -"
    whole = [x for s in scores for x in s.whole]
    if len(error):
        figures = (
            f"{np.mean(error == 0):7.2f} {np.mean(whole) if whole else np.nan:7.2f} {np.mean(np.abs(error) <= 1):7.2f} "
            f"{np.abs(error).mean():7.2f} {error.mean():+7.2f}"
        )
    return f"{name:24}{len(error):5} {figures} {sum(s.false_sets for s in scores) / hours:8.1f}"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=20, help="sessions an exercise")
    parser.add_argument("--evaluation", action="store_true", help="the evaluation seeds")
    parser.add_argument("--exercise", nargs="*", choices=ALL_EXERCISES, default=list(ALL_EXERCISES))
    args = parser.parse_args()
    jobs = [(args.evaluation, name, k) for name in args.exercise for k in range(args.sessions)]
    with ProcessPoolExecutor() as pool:
        scores = list(pool.map(_one, jobs, chunksize=2))
    print(f"{'exercise':24}{'sets':>5} {'exact':>7} {'whole':>7} {'within1':>7} {'error':>7} {'signed':>7} {'false/h':>8}")
    for name in args.exercise:
        print(_row(name, [s for s in scores if s.exercise == name]))
    print(_row("all", scores))


if __name__ == "__main__":
    main()
