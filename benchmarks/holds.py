"""How right the holds are on simulated people, and how many are found where nobody holds anything.

    python benchmarks/holds.py [--sessions 20] [--others 3] [--evaluation] [--without-gyroscope]

Sessions of the catalogue's holds, worn as it says (and a thigh sensor where it may be worn there): sessions with the right number
of holds, hold times within 0.3 s, and how start, end and length err. Then sessions of all other exercises, their true sets taken
for counted: holds found in standing, sitting, lying and walking between, an hour. Training seeds, unless --evaluation is
given (for final figures alone: see imu_tracker/simulate/evaluation.py).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np

from imu_tracker.exercises import find
from imu_tracker.motion import GridPiece, Motion, motion_of, to_grid
from imu_tracker.recording import Stream
from imu_tracker.reps.holds import Hold, find_holds
from imu_tracker.simulate.api import record, simulate, worn_for
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS
from imu_tracker.simulate.truth import TrueSet

HOLDS = tuple(name for name in ALL_EXERCISES if find(name).pattern == "hold")


@dataclass(frozen=True)
class Job:
    """One session: exercise, its how-manieth, which of the catalogue's placements, and what is looked at."""

    exercise: str
    k: int
    placement: int
    final: bool
    gyroscope: bool


@dataclass(frozen=True)
class Score:
    """errors: start, end and length, s, of each hold found; missed; false ones, sure and not; time without any set."""

    job: Job
    errors: tuple[tuple[float, float, float], ...]
    sure: int
    missed: int
    false_sure: int
    false_unsure: int
    idle_s: float

    @property
    def right(self) -> bool:
        return not (self.missed or self.false_sure or self.false_unsure)


def _motions(stream: Stream, start_s: float, gyroscope: bool) -> tuple[Motion, ...]:
    pieces = to_grid(stream, start_s)
    return tuple(motion_of(x if gyroscope else GridPiece(x.first, x.acc, None)) for x in pieces)


def _shared_s(hold: Hold, a_set: TrueSet) -> float:
    return min(hold.end_s, a_set.end_s) - max(hold.start_s, a_set.start_s)


def score(job: Job) -> Score:
    """What was found in a session against what was true."""
    seeds = EVALUATION_SEEDS if job.final else TRAINING_SEEDS
    first = (ALL_EXERCISES.index(job.exercise) - seeds[0]) % len(ALL_EXERCISES)
    seed = seeds[first + job.k * len(ALL_EXERCISES)]
    movement, truth = simulate(job.exercise, seed)
    placement = worn_for(find(job.exercise), truth.sets[0])[job.placement]
    recording = record(movement, seed, (placement,))
    motions = _motions(recording.streams[placement], recording.start_s, job.gyroscope)
    wanted = [s for s in truth.sets if s.kind == "hold"]
    holds = list(find_holds(motions, [(s.start_s, s.end_s) for s in truth.sets if s.kind != "hold"]))
    errors, sure, missed = [], 0, 0
    for a_set in wanted:
        best = max(holds, key=lambda h: _shared_s(h, a_set), default=None)
        if best is None or _shared_s(best, a_set) <= 0:
            missed += 1
            continue
        holds.remove(best)
        sure += best.sure
        errors.append((best.start_s - a_set.start_s, best.end_s - a_set.end_s, best.length_s - (a_set.end_s - a_set.start_s)))
    busy_s = sum(s.end_s - s.start_s for s in truth.sets)
    false = [h.sure for h in holds]
    return Score(job, tuple(errors), sure, missed, sum(false), len(false) - sum(false), recording.duration_s - busy_s)


def _spread(x: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return "/".join(f"{v:+.2f}" for v in np.percentile(x, [5, 50, 95])) if len(x) else "-"


def _hold_row(name: str, scores: Sequence[Score]) -> str:
    errors = np.array([e for s in scores for e in s.errors]).reshape(-1, 3)
    n = len(errors) + sum(s.missed for s in scores)
    within = np.sum(np.abs(errors[:, 2]) <= 0.3) / n
    right = np.mean([s.right for s in scores])
    sure = sum(s.sure for s in scores) / n
    spreads = " ".join(f"{_spread(errors[:, k]):>20}" for k in range(3))
    return f"{name:30}{n:6}{right:8.2f}{within:9.2f}{sure:7.2f} {spreads}"


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=20, help="sessions an exercise that is a hold")
    parser.add_argument("--others", type=int, default=3, help="sessions of each other exercise")
    parser.add_argument("--evaluation", action="store_true", help="the evaluation seeds")
    parser.add_argument("--without-gyroscope", action="store_true", help="the accelerometer alone")
    args = parser.parse_args()
    kinds = [(name, i) for name in HOLDS for i in range(len(find(name).placements))]
    common = (args.evaluation, not args.without_gyroscope)
    jobs = [Job(name, k, i, *common) for name, i in kinds for k in range(args.sessions)]
    jobs += [Job(name, k, 0, *common) for name in ALL_EXERCISES if name not in HOLDS for k in range(args.others)]
    with ProcessPoolExecutor() as pool:
        scores = list(pool.map(score, jobs, chunksize=4))
    print(f"{'':30}{'holds':>6}{'number':>8}{'in 0.3s':>9}{'sure':>7} {'start':>20} {'end':>20} {'length':>20}")
    for name, i in kinds:
        mine = [s for s in scores if (s.job.exercise, s.job.placement) == (name, i)]
        print(_hold_row(f"{name}, {find(name).placements[i]}", mine))
    others = [s for s in scores if s.job.exercise not in HOLDS]
    hours = sum(s.idle_s for s in others) / 3600
    sure, unsure = (sum(x) for x in zip(*[(s.false_sure, s.false_unsure) for s in others], strict=True))
    print(f"elsewhere: {sure} sure and {unsure} other holds in {hours:.2f} hours between sets")


if __name__ == "__main__":
    main()
