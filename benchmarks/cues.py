"""How rightly it is said which reps met a cue: simulated people who missed some, exercise named, worn as it should be.

    python benchmarks/cues.py [--sets 6] [--evaluation]

Of each cue: how many of the reps that missed it are told to have missed it, and how many of the others are told so. Who missed is
read off the simulator's truth (pause, lowering, range, drop) where that knows, else a rep that was made to miss it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from imu_tracker.analysis import Wish, analyze
from imu_tracker.exercises import Cue, Exercise, find
from imu_tracker.exercises.cues import met
from imu_tracker.simulate.api import record, worn_for
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.session import perform
from imu_tracker.simulate.truth import TrueRep

FIRST_SEED, FIRST_FINAL = 720_000, 9_500  # offsets into the training and the evaluation seeds
NEAR_S = 0.5  # a found rep is a true one where their turns lie so near


def truly_missed(cue: Cue, exercise: Exercise, rep: TrueRep, reps: Sequence[TrueRep]) -> bool:
    """Whether the rep missed the cue."""
    lower_s = {"out": rep.back_s, "back": rep.out_s}.get(exercise.rise or "")
    value = {"pause_s": rep.pause_s, "lower_s": lower_s, "range_deg": rep.range_deg, "drop_deg": rep.drop_deg}.get(cue.measure)
    if value is None:
        return cue.cue in rep.slips
    if cue.against == "best":
        value /= max(r.range_deg or 0.0 for r in reps)
    return not met(cue, value)


def told(name: str, seed: int) -> list[tuple[str, bool, bool]]:
    """Cue, whether the rep was made to miss it, whether it is told to have; of every rep that was found."""
    exercise = find(name)
    calm = (Part("quiet", seconds=2.5), Part("bows", count=3))
    doing = Part(name, count=10, side="left", slips=tuple(c.cue for c in exercise.cues), slip_share=0.3)
    movement = perform((*calm, doing), seed)
    a_set = movement.truth.sets[0]
    recording = record(movement, seed, worn_for(exercise, a_set)[:1])
    session = analyze(recording, Wish(exercise=name, side="left" if exercise.side_rule in ("stance_leg", "moving_leg") else None))
    out = []
    for one in session.sets:
        for k, rep in enumerate(one.reps, 1):
            true = [r for r in a_set.reps if abs(r.turn_s - rep.turn_s) < NEAR_S]
            if len(true) == 1:
                by_name = {cue.cue: cue for cue in exercise.cues}
                out += [(c.cue, truly_missed(by_name[c.cue], exercise, true[0], a_set.reps), k in c.reps) for c in one.cues]
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=6, help="of each exercise")
    parser.add_argument("--evaluation", action="store_true", help="people of the evaluation seeds")
    args = parser.parse_args()
    seeds = EVALUATION_SEEDS[FIRST_FINAL:] if args.evaluation else TRAINING_SEEDS[FIRST_SEED:]
    found: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for k, name in enumerate(n for n in ALL_EXERCISES if find(n).pattern != "hold" and find(n).cues):
        for j in range(args.sets):
            for cue, missed, said in told(name, seeds[k * args.sets + j]):
                found[f"{name}: {cue}"].append((missed, said))
    print(f"{'':48}           missed, told   others, told missed")
    for what, pairs in found.items():
        x = np.array(pairs)
        on_purpose, others = x[x[:, 0], 1], x[~x[:, 0], 1]
        first = f"{on_purpose.mean():.2f} of {len(on_purpose):3}" if len(on_purpose) else "-"
        print(f"{what:48} {first:>23}   {others.mean():.2f} of {len(others):3}" if len(others) else f"{what:48} {first:>23}")
    every = np.array([pair for pairs in found.values() for pair in pairs])
    missed, rest = every[every[:, 0], 1], every[~every[:, 0], 1]
    print(f"{'all':48} {missed.mean():.2f} of {len(missed)}, {rest.mean():.2f} of {len(rest)}")


if __name__ == "__main__":
    main()
