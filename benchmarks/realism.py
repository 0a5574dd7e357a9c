"""How real simulated motion is: repetitions of the same exercises, real and simulated, held against each other.

    python benchmarks/realism.py [--figures FOLDER] [--exercise NAME ...] [--people N]

A table of every exercise's features with the 10th, 50th and 90th percentile of the real and the simulated repetitions, and the
AUC of a logistic regression that tells one from the other on people it wasn't trained on (0.5: it can't; the aim is below 0.8).
Both sides go the same way: recordings of sets through the project's counter; recordings and optical repetitions that hold one
execution are trimmed to the movement. Needs the real recordings in ../shared beside the project.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
from realism_features import BESIDE, FEATURES, set_features
from realism_judge import Table, Verdict, judge
from realism_made import MEX, UCI, UTD, Made, make
from realism_real import SHARED, RepSet, mex, optical, uci, utd

from imu_tracker.numeric import Floats
from imu_tracker.simulate.motions import MOTIONS

PEOPLE = 24
AIM = 0.8
LEAST_REPS = 3  # of a person: below, there is no median repetition to be like


# The people of ui-prmd lunge without a step, their feet stay where they are; and they sit down from standing and get up again.
OPTICAL_WINDOWS: Mapping[str, Literal["both feet", "turn to turn"]] = {
    "lunge": "both feet",
    "side_lunge": "both feet",
    "sit_to_stand": "turn to turn",
}


@dataclass(frozen=True)
class Case:
    """An exercise in one source. made: how it is simulated; None: for comparison only, the source's own way of doing it."""

    exercise: str
    source: str
    real: Callable[[], Iterable[RepSet]]
    made: Made | None

    @property
    def title(self) -> str:
        """Exercise and source in a line."""
        return f"{self.exercise}, {self.source}"


UCI_NAMES = {
    "side_lying_abduction": "side_lying_hip_abduction_R",
    "prone_hip_extension": "prone_hip_extension_R",
    "straight_leg_raise": "supine_straight_leg_raise_R",
}
OPTICAL_NAMES = {  # the catalogue's name, or the movement's own where the catalogue hasn't got it
    "m01": "squat",
    "m02": "hurdle_step",
    "m03": "lunge",
    "m04": "side_lunge",
    "m05": "sit_to_stand",
    "m06": "standing_leg_raise",
}


def cases() -> list[Case]:
    """All that can be compared."""
    out = []
    for name, theirs in UCI_NAMES.items():
        # The thigh's accelerometer is wrong in two of the three people: of it the gyroscope is used, and all of the shank's unit.
        thigh, shank = Made(name, "thigh_right", "counted", UCI, trusted=False), Made(name, "shank_right", "counted", UCI)
        out.append(Case(name, "uci thigh, gyroscope", partial(uci, theirs, "u3", "as asked", False), thigh))
        out.append(Case(name, "uci shank", partial(uci, theirs, "u2", "as asked", True), shank))
        for style in ("too fast", "too small"):
            out.append(Case(name, f"uci thigh, gyroscope, {style}", partial(uci, theirs, "u3", style, False), None))
    for name, theirs in (("clamshell", "clam"), ("glute_bridge", "bridging")):
        made = Made(name, "thigh_right", "counted", MEX, gyroscope=False)
        out.append(Case(name, "mex thigh, accelerometer", partial(mex, theirs), made))
    for name in ("squat", "lunge"):  # they lunge with the left foot in front: the sensor's thigh turns by 20 degrees only
        out.append(Case(name, "utd thigh", partial(utd, name), Made(name, "thigh_right", "single", UTD, side="left")))
    # The people of utd walk on the spot: their thighs hardly come behind the pose that they start in.
    for way in ("walk", "march"):
        made = Made(way, "thigh_right", "walking", UTD)
        out.append(Case("walking", f"utd thigh, simulated {way}", partial(utd, "walk", True), made))
    for movement, name in OPTICAL_NAMES.items():
        for placement in ("pelvis", "thigh"):
            made = Made(name, placement, "single", window=OPTICAL_WINDOWS.get(name, "rep"))
            out.append(Case(name, f"ui-prmd {placement}, optical", partial(optical, movement, placement), made))
    return out


@dataclass(frozen=True)
class Compared:
    """A case's features (name: (N,)) and whose they are, and the verdict where both sides are there."""

    case: Case
    real: list[RepSet]
    made: list[RepSet]
    real_features: dict[str, Floats]
    made_features: dict[str, Floats]
    verdict: Verdict | None


def gathered(sets: list[RepSet]) -> dict[str, Floats]:
    """The features of all repetitions of all sets, (N,) each."""
    rows = [set_features(s.cuts) for s in sets if s.cuts]
    return {name: np.concatenate([r[name] for r in rows]) if rows else np.zeros(0) for name in (*FEATURES, *BESIDE)}


def usable(names: Iterable[str], *sides: dict[str, Floats], optical_data: bool = False) -> tuple[str, ...]:
    """Features that every repetition of both sides has; above 8 Hz low-passed markers hold nothing."""
    return tuple(n for n in names if all(np.isfinite(s[n]).all() for s in sides) and not (optical_data and n.endswith("8hz")))


def compare(case: Case, people: int) -> Compared:
    """Both sides of a case, and how well they can be told apart."""
    real = [s for s in case.real() if len(s.cuts) >= LEAST_REPS]
    can = case.made is not None and (case.made.name in MOTIONS or case.made.how == "walking")
    made = [make(case.made, k) for k in range(people)] if can and case.made else []
    made = [s for s in made if len(s.cuts) >= LEAST_REPS]
    a, b = gathered(real), gathered(made)
    if not real or not made:
        return Compared(case, real, made, a, b, None)
    names = usable(FEATURES, a, b, optical_data="optical" in case.source)
    person = np.array([s.person for s in [*real, *made] for _ in s.cuts])
    values = np.vstack([np.column_stack([side[n] for n in names]) for side in (a, b)])
    is_real = np.arange(len(person)) < len(a[names[0]])
    return Compared(case, real, made, a, b, judge(Table(names, values, is_real, person)))


def show(c: Compared) -> None:
    """The case's part of the table."""
    head = f"{c.case.title}: {sum(len(s.cuts) for s in c.real)} real repetitions of {len(c.real)} people"
    if c.made:
        head += f", {sum(len(s.cuts) for s in c.made)} simulated of {len(c.made)}"
    elif c.case.made is not None:
        head += "; the simulator has no such motion yet"
    print(f"\n{head}")
    if c.verdict is not None:
        v = c.verdict
        aim = "below the aim" if v.auc < AIM else "TOLD APART"
        pair = f"most by {v.pair[0]} and {v.pair[1]} (together {v.pair_auc:.2f})"
        print(f"  AUC {v.auc:.2f} ({v.low:.2f}-{v.high:.2f}), of logarithms {v.by_log:.2f}: {aim}; {pair}")
    print(f"  {'':16}{'real 10 / 50 / 90 %':>32}{'simulated 10 / 50 / 90 %':>32}{'AUC alone':>11}")
    for name in (*FEATURES, *BESIDE):
        if usable((name,), c.real_features, optical_data="optical" in c.case.source):
            single = "" if c.verdict is None or name not in c.verdict.by_feature else f"{c.verdict.by_feature[name]:.2f}"
            cells = (_percentiles(c.real_features[name]), _percentiles(c.made_features[name]), single)
            print(f"  {name:16}{cells[0]:>32}{cells[1]:>32}{cells[2]:>11}")


def _percentiles(x: Floats) -> str:
    if not len(x) or not np.isfinite(x).all():
        return ""
    return " / ".join(f"{v:.3g}" for v in np.percentile(x, [10, 50, 90]))


def main() -> None:
    """Compare, print the tables, draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", type=Path, help="folder for a picture an exercise")
    parser.add_argument("--exercise", nargs="+", help="only these, by the catalogue's names")
    parser.add_argument("--people", type=int, default=PEOPLE, help="simulated people an exercise")
    args = parser.parse_args()
    if not (SHARED / "datasets").is_dir() or not (SHARED / "groundtruth" / "ui-prmd").is_dir():
        print("The real recordings aren't here: realism.py needs them in ../shared beside the project.")
        return
    chosen = [c for c in cases() if not args.exercise or c.exercise in args.exercise]
    if not chosen:
        sys.exit(f"There is no real motion of these; there is of {', '.join(sorted({c.exercise for c in cases()}))}.")
    done = []
    for case in chosen:
        compared = compare(case, args.people)
        show(compared)
        done.append(compared)
        if args.figures:
            from realism_figures import draw

            draw(args.figures, compared.case.title, compared.real, compared.made, compared.real_features, compared.made_features)
    print("\nAUC, told apart by (alone: above 0.5 where the real ones have more)")
    for c in done:
        if c.verdict is not None:
            v = c.verdict
            most = sorted(v.by_feature, key=lambda n: -abs(v.by_feature[n] - 0.5))[:3]
            print(f"  {c.case.title:52}{v.auc:5.2f}  " + ", ".join(f"{n} {v.by_feature[n]:.2f}" for n in most))


if __name__ == "__main__":
    main()
