"""Makes `imu_tracker/recognition/builtin.model`, which names exercises, and its card: from simulated people alone.

    python models/make_recognition.py [--people 32] [--everyday 208] [--final 7] [--out FILE] [--report-only] [--jobs N]

Two kinds of session, every one another person, a sensor put on at random at the pelvis and on either thigh:
  sets      a drawn session of one exercise, so many of each; one in three at 0.75-1.6 times its speed
  everyday  what isn't exercise, in any order and amount: each stretch of it is an example of `other`
A set is an example of its exercise by the pelvis and by the thigh that the catalogue names. Training seeds only. The card's
figures are on other people, of the evaluation seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from make_activity import everyday_part, faster, log_uniform

from imu_tracker.exercises import find
from imu_tracker.motion import GRID_HZ, motion_of, to_grid
from imu_tracker.recognition.corpus import POINTS, Example, Outline
from imu_tracker.recognition.examples import QUICK, Features, Part, Span, part_of
from imu_tracker.recognition.fitting import fit_heads, with_own, with_scale
from imu_tracker.recognition.model import UNKNOWN, Model
from imu_tracker.recognition.modelfile import load_model, save_model
from imu_tracker.recognition.naming import BUILTIN
from imu_tracker.recognition.scores import Told, confusion_table, scores_of
from imu_tracker.reps import exercise_sets
from imu_tracker.results import SURE
from imu_tracker.simulate.api import record, worn_for
from imu_tracker.simulate.drawing import draw_session
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, THE_THIRTEEN, TRAINING_SEEDS
from imu_tracker.simulate.motions import Part as Doing
from imu_tracker.simulate.session import perform

FIRST_SEED = {"sets": 400_000, "everyday": 500_000}  # offsets into the training seeds, far from those of make_activity
FINAL_SEED = {"sets": 6_000, "everyday": 7_500}  # offsets into the evaluation seeds
WORN = ("pelvis", "thigh_left", "thigh_right")
PACE = (0.75, 1.6)  # what people do faster and slower than the catalogue has it
OTHER_PACE = 0.33  # share of the sessions
SHORTEST_S = 3.0  # of a stretch of everyday motion
GETTING_IN_S = 3.0  # a hold shows in how one gets into it and out of it: that long before and after is looked at
FOLDS = 5
PACKAGED = Path(__file__).parents[1] / "imu_tracker" / "recognition" / BUILTIN
CARD = Path(__file__).parent / "recognition.card.md"  # of a model made elsewhere it lies beside that
FEW = (3, 6)  # reps in three sets of ten


@dataclass(frozen=True)
class Seen:
    """One set or stretch: its label, the person (seed), and what each sensor shows of it."""

    label: str
    seed: int
    parts: dict[str, Part]
    thigh: str


def _doings(rng: np.random.Generator, kind: str, k: int) -> tuple[Doing, ...]:
    if kind == "everyday":
        return (Doing("quiet", seconds=2.5), *(everyday_part(rng) for _ in range(int(rng.integers(4, 9)))))
    name = ALL_EXERCISES[k % len(ALL_EXERCISES)]
    doings = draw_session(rng, [name])
    few = rng.random() < 0.3
    return tuple(
        replace(d, count=int(rng.integers(FEW[0], FEW[1] + 1))) if few and d.name == name and d.count else d for d in doings
    )


def seen_in(job: tuple[str, int, bool]) -> list[Seen]:
    """The sets or stretches of one session; job: its kind, its how-manieth, and whether it is for the figures of the card."""
    kind, k, final = job
    seed = EVALUATION_SEEDS[FINAL_SEED[kind] + k] if final else TRAINING_SEEDS[FIRST_SEED[kind] + k]
    rng = np.random.default_rng([seed, 7])
    movement = perform(_doings(rng, kind, k), seed)
    if kind == "sets" and not final and find(movement.truth.sets[0].exercise).pattern != "hold" and rng.random() < OTHER_PACE:
        movement = faster(movement, log_uniform(rng, PACE))
    recording = record(movement, seed, WORN)
    spans: list[tuple[str, Span, str]] = []
    if kind == "sets":
        for s in movement.truth.sets:
            thigh = next((p for p in worn_for(find(s.exercise), s) if p.startswith("thigh")), "thigh_left")
            margin = GETTING_IN_S if s.kind == "hold" else 0.0
            spans.append((s.exercise, (s.start_s - margin, s.end_s + margin), thigh))
    else:
        thigh = WORN[1 + int(rng.integers(2))]
        spans += [(a.name, (a.start_s, a.end_s), thigh) for a in movement.truth.activities if a.end_s - a.start_s >= SHORTEST_S]
    parts: list[dict[str, Part]] = [{} for _ in spans]
    for name, stream in sorted(recording.streams.items()):
        motions = tuple(motion_of(piece) for piece in to_grid(stream, recording.start_s))
        sets = [(float(s.cuts[0, 0]), float(s.cuts[-1, 1])) for s in exercise_sets(motions)]
        for mine, (_, span, _) in zip(parts, spans, strict=True):
            part = part_of(name, motions, sets, span, ("gyr", "acc"), QUICK)
            if part is not None:
                mine[name] = part
    return [Seen(label, seed, mine, thigh) for mine, (label, _, thigh) in zip(parts, spans, strict=True)]


def examples_of(seen: Sequence[Seen]) -> list[Example]:
    """One example for every set and sensor, the working thigh's and the pelvis'."""
    out = []
    for one in seen:
        for name in ("pelvis", one.thigh):
            if name in one.parts:
                outline = Outline(str(one.seed).encode(), np.zeros(POINTS))
                features = Features((one.parts[name],))
                out.append(Example(f"{one.seed}", None, one.label, str(one.seed), features, GRID_HZ, outline))
    return out


def fitted(examples: Sequence[Example]) -> Model:
    """The model of all, its temperatures and limits from people left out a fifth at a time."""
    labels = tuple(sorted({str(e.label) for e in examples}))
    left_out = []
    for k in range(FOLDS):
        inside = [e for e in examples if int(e.file) // len(ALL_EXERCISES) % FOLDS != k]
        outside = [e for e in examples if int(e.file) // len(ALL_EXERCISES) % FOLDS == k]
        left_out.append((outside, fit_heads(inside, labels)))
    exercises = [e for e in examples if find(str(e.label)).exercise]
    heads = with_own(with_scale(fit_heads(examples, labels), left_out, labels), exercises)
    return Model(labels, heads)


def answers(model: Model, seen: Sequence[Seen], worn: str) -> list[Told]:
    """What the model says of each set or stretch by the sensors worn: `pelvis`, `thigh`, `both`, or `named`, the one that the
    catalogue names first for the exercise (the pelvis for what isn't one)."""
    out = []
    for one in seen:
        first = find(one.label).placements[0]
        names = {"pelvis": ["pelvis"], "thigh": [one.thigh], "both": ["pelvis", one.thigh]}.get(
            worn, [one.thigh if first == "thigh" else "pelvis"]
        )
        parts = tuple(one.parts[name] for name in names if name in one.parts)
        if parts:
            said = model.predict(Features(parts))
            out.append(Told(str(one.seed), None, one.label, said.name, said.confidence))
    return out


def accepted(told: Sequence[Told], least: float = 0.0) -> float:
    """Share of what is told to be an exercise, with that confidence or more."""
    return float(np.mean([t.predicted in ALL_EXERCISES and t.confidence >= least for t in told]))


def figures(model: Model, seen: Sequence[Seen]) -> list[str]:
    """The card's lines on people of the evaluation seeds."""
    exercises = [s for s in seen if find(s.label).exercise]
    thirteen = [s for s in exercises if s.label in THE_THIRTEEN]
    everyday = [s for s in seen if not find(s.label).exercise]
    people = len({s.seed for s in exercises})
    lines = [
        f"{len(exercises)} sets of {people} people, {len(everyday)} stretches of what isn't exercise, sensors put on at random.",
        "",
        "| worn | macro-F1, the thirteen | macro-F1, all 22 | surely told (0.9) | of these right | taken for exercise, surely |",
        "|---|---|---|---|---|---|",
    ]
    for worn in ("named", "pelvis", "thigh", "both"):
        told, few = answers(model, exercises, worn), answers(model, thirteen, worn)
        sure = [t for t in told if t.confidence >= SURE and t.predicted != UNKNOWN]
        right = np.mean([t.true == t.predicted for t in sure])
        rest = answers(model, everyday, worn)
        what = "as the catalogue says" if worn == "named" else worn
        cells = [what, f"{scores_of(few).macro_f1:.3f}", f"{scores_of(told).macro_f1:.3f}", f"{len(sure) / len(told):.2f}"]
        lines.append("| " + " | ".join([*cells, f"{right:.3f}", f"{accepted(rest):.3f}, {accepted(rest, SURE):.3f}"]) + " |")
    lines += ["", "Worn as the catalogue says:", "", confusion_table(scores_of(answers(model, exercises, "named")))]
    return lines


def card(model: Model, report: Sequence[str], size: int) -> str:
    """What lies beside the model, as Markdown."""
    lines = [
        f"# The built-in model ({size / 1e6:.1f} MB)",
        "",
        "Made by `python models/make_recognition.py`, from simulated people alone: no recording of a real person is in it.",
        f"Trained on {model.about['trained_on']}. It names {len(model.labels)} classes:",
        ", ".join(model.labels) + ".",
        "Worn at the pelvis or on the thigh, any way round, with a gyroscope or without.",
        "",
        "## On simulated people it has not seen",
        "",
        *report,
        "What it does on real people, and what it can't do, stands in [README.md](README.md).",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Simulate, fit, write, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=32, help="for each exercise")
    parser.add_argument("--everyday", type=int, default=208, help="people who don't exercise")
    parser.add_argument("--final", type=int, default=7, help="people of the evaluation seeds for each exercise")
    parser.add_argument("--jobs", type=int, default=None, help="processes")
    parser.add_argument("--out", type=Path, default=PACKAGED)
    parser.add_argument("--report-only", action="store_true", help="measure the model that is there")
    args = parser.parse_args()
    many = len(ALL_EXERCISES)
    with ProcessPoolExecutor(args.jobs) as pool:
        if not args.report_only:
            jobs = [("sets", k, False) for k in range(many * args.people)] + [
                ("everyday", k, False) for k in range(args.everyday)
            ]
            write(args.out, [s for some in pool.map(seen_in, jobs, chunksize=8) for s in some])
        jobs = [("sets", k, True) for k in range(many * args.final)] + [("everyday", k, True) for k in range(5 * args.final)]
        final = [s for some in pool.map(seen_in, jobs, chunksize=8) for s in some]
    model = load_model(args.out)
    text = card(model, figures(model, final), args.out.stat().st_size)
    (CARD if args.out == PACKAGED else Path(f"{args.out}.card.md")).write_text(text, encoding="utf-8")


def write(path: Path, seen: Sequence[Seen]) -> None:
    """Fit the model of what was seen and write it."""
    model = fitted(examples_of(seen))
    people = len({s.seed for s in seen if find(s.label).exercise})
    idle = len({s.seed for s in seen if not find(s.label).exercise})
    sets = sum(find(s.label).exercise for s in seen)
    about = {
        "made_by": "models/make_recognition.py",
        "trained_on": f"{sets} sets of {people} simulated people, and {len(seen) - sets} stretches of what {idle} others did",
    }
    save_model(replace(model, about=about), path)


if __name__ == "__main__":
    main()
