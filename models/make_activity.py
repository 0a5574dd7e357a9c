"""Makes `imu_tracker/reps/activity.json`: what tells exercise from walking, bows and fumbling, learnt on simulated people alone.

    python models/make_activity.py [--sessions 300] [--out FILE] [--jobs N] [--report-only]

Three kinds of session, each worn at a few random placements, a fifth of the sensors without a gyroscope:
  sets      a drawn session of one exercise, so many; a set that is found in a true one is exercise, one in none is not
  fast      one set at 1.2-3 times its speed, a third as many: explosive work, which the catalogue's exercises lack, must count as
            much as slow work does (only what is found in the set is used)
  everyday  what isn't exercise, in any order and amount, two thirds as many
A quarter of the people is kept back; the report is on them. Training seeds only.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imu_tracker.exercises import find
from imu_tracker.motion import motions_of
from imu_tracker.numeric import Floats
from imu_tracker.reps import FoundSet, find_sets, join_sets
from imu_tracker.reps.activity import MODEL_FILE, SCHEMA, ActivityModel, parse_model
from imu_tracker.reps.evidence import FIGURES, evidence_of
from imu_tracker.simulate.api import record, worn_for
from imu_tracker.simulate.drawing import draw_session, draw_set, draw_side
from imu_tracker.simulate.evaluation import ALL_EXERCISES, TRAINING_SEEDS
from imu_tracker.simulate.motions import EVERYDAY, MOTIONS, Part
from imu_tracker.simulate.session import Movement, perform
from imu_tracker.simulate.wearing import SITES

FIRST_SEED = {"sets": 100_000, "fast": 300_000, "everyday": 200_000}  # offsets into the training seeds, far apart
USUAL_COUNT = (2, 8)  # of what isn't exercise, where nothing else is said
COUNTS = {
    "walk": (2, 30),
    "march": (4, 30),
    "bows": (2, 3),
    "pick_up": (1, 2),
}  # more bows or weights than this would be exercise
SECONDS = (3.0, 15.0)
FEW = (3, 7)  # reps in three sets of ten: heavy sets are short, and a set may be found in parts
FASTER = (1.2, 3.0)
INSIDE = 0.7  # share of a found set's repetitions that lie in the true set it is taken for
PACE = (0.4, 2.5)  # found against true duration of a repetition: beyond, something else in the set was found
KNOTS = 5
STIFFNESS = 0.3  # scikit-learn's C; flat from 0.03 to 1
FAST_WEIGHT = 2.0


@dataclass(frozen=True)
class Sample:
    """A found set: who (seed), where, in which kind of session, its figures, and whether it is exercise."""

    kind: str
    seed: int
    placement: str
    figures: tuple[float, ...]
    exercise: bool


def log_uniform(rng: np.random.Generator, span: tuple[float, float]) -> float:
    """A number of the span, every factor as likely as any other."""
    return float(np.exp(rng.uniform(*np.log(span))))


def everyday_part(rng: np.random.Generator) -> Part:
    """Something that isn't exercise, in any amount."""
    name = list(EVERYDAY)[int(rng.integers(len(EVERYDAY)))]
    return Part(
        name,
        count=round(log_uniform(rng, COUNTS.get(name, USUAL_COUNT))),
        seconds=log_uniform(rng, SECONDS),
        side=draw_side(rng),
        turn_deg=float(rng.choice([0, 0, 45, 90, 180])),
        brisk=float(rng.random()),
    )


def _parts(rng: np.random.Generator, kind: str, seed: int) -> tuple[Part, ...]:
    if kind == "everyday":
        return (Part("quiet", seconds=2.5), *(everyday_part(rng) for _ in range(int(rng.integers(4, 9)))))
    if kind == "fast":
        names = [name for name in ALL_EXERCISES if find(name).pattern != "hold"]
        a_set = replace(draw_set(rng, find(names[seed % len(names)])), count=int(rng.integers(4, 25)))
        return Part("quiet", seconds=3.0), a_set, Part("quiet", seconds=2.0)
    parts = draw_session(rng, [ALL_EXERCISES[seed % len(ALL_EXERCISES)]])
    few = [rng.random() < 0.3 for _ in parts]
    return tuple(
        replace(p, count=int(rng.integers(FEW[0], FEW[1] + 1))) if p.name in MOTIONS and p.count and f else p
        for p, f in zip(parts, few, strict=True)
    )


def faster(movement: Movement, by: float) -> Movement:
    """The same movement in less time; what a sensor reads follows from it."""
    truth = movement.truth
    sets = tuple(
        replace(
            s,
            start_s=s.start_s / by,
            end_s=s.end_s / by,
            reps=tuple(replace(r, start_s=r.start_s / by, end_s=r.end_s / by) for r in s.reps),
        )
        for s in truth.sets
    )
    posture = replace(movement.posture, t=movement.posture.t / by)
    return replace(movement, posture=posture, truth=replace(truth, sets=sets, duration_s=truth.duration_s / by))


def is_exercise(found: FoundSet, movement: Movement) -> bool | None:
    """Whether a found set is a true one; None where it is neither that nor outside all of them."""
    middles = found.cuts.mean(axis=1)
    for s in movement.truth.sets:
        if found.cuts[0, 0] < s.end_s and found.cuts[-1, 1] > s.start_s:
            if s.kind == "hold" or np.mean((middles >= s.start_s) & (middles < s.end_s)) < INSIDE:
                return None
            usual_s = float(np.median([r.end_s - r.start_s for r in s.reps]))
            return True if PACE[0] * usual_s < found.usual_s < PACE[1] * usual_s else None
    return False


def samples_of(job: tuple[str, int]) -> list[Sample]:
    """What is found in one session."""
    kind, k = job
    seed = TRAINING_SEEDS[FIRST_SEED[kind] + k]
    rng = np.random.default_rng([seed, 7])
    parts = _parts(rng, kind, seed)
    movement = perform(parts, seed)
    if kind == "fast":
        movement = faster(movement, log_uniform(rng, FASTER))
    placements = [str(p) for p in rng.choice(list(SITES), 2, replace=False)]
    if movement.truth.sets:
        a_set = movement.truth.sets[0]
        placements.append(str(rng.choice([p for p in worn_for(find(a_set.exercise), a_set) if p in SITES])))
    recording = record(movement, seed, tuple(dict.fromkeys(placements)))
    out = []
    for placement, stream in sorted(recording.streams.items()):
        worn = replace(stream, gyr=None) if rng.random() < 0.2 else stream
        motions = motions_of(worn, recording.start_s)
        for found in join_sets(motions, find_sets(motions)):
            exercise = is_exercise(found, movement)
            if exercise is None or (kind == "fast" and not exercise):
                continue
            figures = evidence_of(motions, found)
            out.append(Sample(kind, seed, placement, tuple(figures[name] for name in FIGURES), exercise))
    return out


def _shape(k: int) -> Floats:
    """Columns of values at k knots: a straight line, and a bend at each inner knot."""
    at = np.arange(k, dtype=float)
    return np.column_stack([4.0 * at / (k - 1), *(np.maximum(at - bend, 0.0) for bend in range(1, k - 1))])


def fit(samples: Sequence[Sample]) -> dict[str, object]:
    """The model as plain data: penalised logistic regression on each figure's straight line and bends."""
    from sklearn.linear_model import LogisticRegression

    x = np.array([s.figures for s in samples])
    y = np.array([s.exercise for s in samples])
    weight = np.where([s.kind == "fast" for s in samples], FAST_WEIGHT, 1.0)
    knots = [np.unique(np.round(np.quantile(x[:, j], np.linspace(0.02, 0.98, KNOTS)), 3)) for j in range(len(FIGURES))]
    columns = []
    for j, at in enumerate(knots):
        hats = np.column_stack([np.interp(x[:, j], at, row) for row in np.eye(len(at))])
        columns.append(hats @ _shape(len(at)))
    model = LogisticRegression(C=STIFFNESS, max_iter=3000).fit(np.hstack(columns), y, sample_weight=weight)
    base, coefficients, curves = float(model.intercept_[0]), model.coef_[0], {}
    for name, at, column in zip(FIGURES, knots, columns, strict=True):
        mine, coefficients = coefficients[: column.shape[1]], coefficients[column.shape[1] :]
        usual = float((column @ mine).mean())
        base += usual
        curves[name] = {"at": at.tolist(), "log_odds": np.round(_shape(len(at)) @ mine - usual, 3).tolist()}
    return {"schema": SCHEMA, "made_by": "models/make_activity.py", "base": round(base, 3), "curves": curves}


def _area(p: Floats, y: NDArray[np.bool_]) -> float:
    """Area under the ROC curve: how often an exercise is rated above what isn't."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, p)) if y.any() and not y.all() else float("nan")


def report(model: ActivityModel, samples: Sequence[Sample]) -> None:
    """Prints how probabilities and truth agree, and how well exercise is told apart, on people kept back."""
    p = np.array([model.probability(dict(zip(FIGURES, s.figures, strict=True))) for s in samples])
    y = np.array([s.exercise for s in samples])
    print(f"{'probability':>12}{'sets':>7}{'mean':>7}{'exercise':>10}")
    edges = (0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.0)
    for low, high in itertools.pairwise(edges):
        inside = (p >= low) & (p < high)
        if inside.any():
            print(f"{low:6.2f}-{high:.2f}{inside.sum():7}{p[inside].mean():7.2f}{y[inside].mean():10.2f}")
    print(f"\n{'worn at':>16}{'sets':>7}{'exercise':>10}{'AUC':>7}")
    where = np.array([s.placement.removesuffix("_left").removesuffix("_right") for s in samples])
    for name in sorted(set(where)):
        inside = where == name
        print(f"{name:>16}{inside.sum():7}{y[inside].sum():10}{_area(p[inside], y[inside]):7.3f}")
    print(f"{'all':>16}{len(y):7}{y.sum():10}{_area(p, y):7.3f}")


def main() -> None:
    """Simulate, fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=300, help="sessions with a set in them")
    parser.add_argument("--jobs", type=int, default=None, help="processes")
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "imu_tracker" / "reps" / MODEL_FILE)
    parser.add_argument("--report-only", action="store_true", help="measure the model that is there")
    args = parser.parse_args()
    number = {"sets": args.sessions, "fast": args.sessions // 3, "everyday": 2 * args.sessions // 3}
    jobs = [(kind, k) for kind, n in number.items() for k in range(n)]
    with ProcessPoolExecutor(args.jobs) as pool:
        samples = [s for some in pool.map(samples_of, jobs, chunksize=8) for s in some]
    kept_back = [s for s in samples if s.seed // len(ALL_EXERCISES) % 4 == 0]
    if not args.report_only:
        text = json.dumps(fit([s for s in samples if s.seed // len(ALL_EXERCISES) % 4]), indent=1) + "\n"
        parse_model(text, args.out)
        args.out.write_text(text, encoding="utf-8")
    report(parse_model(args.out.read_text(encoding="utf-8"), args.out), kept_back)


if __name__ == "__main__":
    main()
