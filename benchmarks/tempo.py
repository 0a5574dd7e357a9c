"""How far times, phases and ranges of single reps are off on simulated people.

    python benchmarks/tempo.py [--sessions 3] [--evaluation]

Sessions of every exercise of the catalogue that is done in reps or steps, one exercise each, named, worn as the simulator draws
it. A rep is held against the true one that it overlaps by half of what both cover. Of each figure: its error's median, what half
of the errors stay within, and what nine of ten do, seconds or degrees; steps apart from reps, as they are shorter. Training
seeds, unless --evaluation is given.
"""

from __future__ import annotations

import argparse
from collections import defaultdict

import numpy as np

from imu_tracker.analysis import Wish, analyze
from imu_tracker.exercises import find
from imu_tracker.results import Rep
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS
from imu_tracker.simulate.truth import TrueRep

EXERCISES = tuple(name for name in ALL_EXERCISES if find(name).pattern != "hold")
FIGURES = ("start_s", "turn_s", "end_s", "out_s", "pause_s", "back_s", "range_deg")


def shared(found: Rep, true: TrueRep) -> float:
    """What both reps cover, as a share of what either covers."""
    both = min(found.end_s, true.end_s) - max(found.start_s, true.start_s)
    return max(both, 0.0) / (max(found.end_s, true.end_s) - min(found.start_s, true.start_s))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=3, help="of each exercise")
    parser.add_argument("--evaluation", action="store_true", help="the evaluation seeds")
    args = parser.parse_args()
    seeds = (EVALUATION_SEEDS if args.evaluation else TRAINING_SEEDS)[: args.sessions]
    errors: dict[tuple[str, str], list[float]] = defaultdict(list)
    for k, exercise in enumerate(EXERCISES):
        for seed in seeds:
            movement, truth = simulate(exercise, seed + 100 * k)
            session = analyze(record(movement, seed + 100 * k), Wish(exercise))
            found = [rep for one in session.sets for rep in one.reps]
            for true in (rep for one in truth.sets for rep in one.reps):
                near = max(found, key=lambda rep: shared(rep, true), default=None)
                if near is None or shared(near, true) < 0.5:
                    continue
                for figure in FIGURES:
                    measured, real = getattr(near, figure), getattr(true, figure)
                    if measured is not None and real is not None:
                        errors[str(find(exercise).pattern), figure].append(measured - real)
    print(f"{len(EXERCISES) * len(seeds)} sessions")
    for (pattern, figure), one in sorted(errors.items()):
        off = np.array(one)
        half, most = np.quantile(np.abs(off), (0.5, 0.9))
        within = f"half within {half:.2f}, 9 of 10 within {most:.2f} ({len(off)})"
        print(f"{pattern:<6}{figure:<10}off by {np.median(off):+.2f}, {within}")


if __name__ == "__main__":
    main()
