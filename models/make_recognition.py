"""Makes `imu_tracker/recognition/builtin.model`, which names exercises, and its card: from simulated people alone.

    python models/make_recognition.py [--people 32] [--everyday 208] [--final 7] [--out FILE] [--report-only] [--jobs N]

Two kinds of session, every one another person, a sensor put on at random at the pelvis and on either thigh:
  sets      a drawn session of one exercise, so many of each; one in three at 0.75-1.6 times its speed
  everyday  what isn't exercise, in any order and amount: each stretch of it is an example of `other`
A set is an example of its exercise by the pelvis and by the thigh that the catalogue names; so is each as two other bodies would
have done it. Training seeds only. The card's figures are on other people, of the evaluation seeds. What exercises are taken for
that the model doesn't know is measured with each left out of the training in turn.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from make_activity import everyday_part, faster, log_uniform

from imu_tracker.exercises import find
from imu_tracker.motion import GRID_HZ, Motion, motions_of
from imu_tracker.numeric import Floats
from imu_tracker.recognition.corpus import POINTS, Example, Outline
from imu_tracker.recognition.examples import QUICK, Features, Part, Span, inside_of, part_of, segment_of, without_gyroscope
from imu_tracker.recognition.features import MotionKind, motion_features
from imu_tracker.recognition.fitting import KINDS, FitParameters, doubt, fit_heads, left_out_distances, with_own, with_scale
from imu_tracker.recognition.model import UNKNOWN, Head, Model, strangeness
from imu_tracker.recognition.modelfile import load_model, save_model
from imu_tracker.recognition.naming import BUILTIN, LIKELY
from imu_tracker.recognition.scores import Told, confusion_table, scores_of
from imu_tracker.recognition.varying import shaken, varied
from imu_tracker.recognition.windows import rows_in, spread
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
BODIES = 2  # as whom each set is shown besides
MANNERS, WIDTH = 4, 0.6  # each set at so many other speeds and sizes, at most exp(0.6) times as much, for what is taught
# The space of single sets is learnt from sets shown varied, so it needs hardly any shrinkage. How many pairs that one person did
# lie within its reach weighs what is told against what is told wrongly; on simulated teachers (training seeds) both fail alike.
FIT = FitParameters(own_shrinkage=0.005, alike=0.75)
PACKAGED = Path(__file__).parents[1] / "imu_tracker" / "recognition" / BUILTIN
CARD = Path(__file__).parent / "recognition.card.md"  # of a model made elsewhere it lies beside that
WAYS = {"named": "as the catalogue says", "pelvis": "pelvis", "thigh": "thigh", "both": "both"}
FEW = (3, 6)  # reps in three sets of ten


@dataclass(frozen=True)
class Seen:
    """One set or stretch: its label, the person (seed), and what each sensor shows of it.

    bodies: the same done by others; manners: at other speeds and sizes, the mean of its windows alone.
    """

    label: str
    seed: int
    parts: dict[str, Part]
    thigh: str
    bodies: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    manners: dict[str, tuple[Part, ...]] = field(default_factory=dict)


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
    out = [Seen(label, seed, {}, thigh) for label, _, thigh in spans]
    for name, stream in sorted(recording.streams.items()):
        motions = motions_of(stream, recording.start_s)
        sets = [(float(s.cuts[0, 0]), float(s.cuts[-1, 1])) for s in exercise_sets(motions)]
        for one, (_, span, thigh) in zip(out, spans, strict=True):
            part = part_of(name, motions, sets, span, KINDS, QUICK)
            if part is not None:
                one.parts[name] = part
            if part is not None and kind == "sets" and not final and name in ("pelvis", thigh):
                inside = inside_of(sets, span) or [span]
                one.bodies[name] = tuple(_changed(name, motions, inside, lambda x: shaken(x, rng)) for _ in range(BODIES))
                manners = np.exp(rng.uniform(-WIDTH, WIDTH, (MANNERS, 2)))
                as_done = (_mean(part), *(_mean(_changed(name, motions, inside, _manner(*m))) for m in manners))
                one.manners[name] = as_done
    return out


def _manner(speed: float, size: float) -> Callable[[Floats], Floats]:
    return lambda x: varied(x, speed, size)


def _changed(name: str, motions: Sequence[Motion], spans: Sequence[Span], change: Callable[[Floats], Floats]) -> Part:
    """A set's features, by kind, after a change of its rows."""
    rows: dict[MotionKind, Floats] = {}
    for kind in KINDS:
        seen = motions if kind == "gyr" else without_gyroscope(motions)
        pieces = [change(x) for a, b in spans for x in rows_in(seen, a, b)]
        total = sum(len(x) for x in pieces)
        windows = [w for x in pieces for w in spread(x, QUICK, max(1, round(QUICK.most * len(x) / total)))]
        rows[kind] = motion_features(np.stack(windows))
    return Part(segment_of(name), rows)


def _mean(part: Part) -> Part:
    return Part(part.segment, {kind: rows.mean(axis=0, keepdims=True) for kind, rows in part.rows.items()})


def example(one: Seen, part: Part) -> Example:
    """What one sensor shows of a set or stretch."""
    outline = Outline(str(one.seed).encode(), np.zeros(POINTS))
    return Example(f"{one.seed}", None, one.label, str(one.seed), Features((part,)), GRID_HZ, outline)


def examples_of(seen: Sequence[Seen]) -> list[Example]:
    """One example for every set and sensor, the working thigh's and the pelvis'."""
    return [example(one, one.parts[name]) for one in seen for name in ("pelvis", one.thigh) if name in one.parts]


def bodies_of(seen: Sequence[Seen]) -> list[Example]:
    """The same sets as others would have done them."""
    return [example(one, part) for one in seen for parts in one.bodies.values() for part in parts]


def fitted(seen: Sequence[Seen]) -> tuple[Model, dict[str, Model]]:
    """The model of all, its temperatures from people left out a fifth at a time; and, by name, what it is without an exercise.

    How strange a set may be is fitted on the people left out and on the exercises left out.
    """
    labels = tuple(sorted({one.label for one in seen}))
    left_out = []
    for k in range(FOLDS):
        inside = [one for one in seen if one.seed // len(ALL_EXERCISES) % FOLDS != k]
        outside = [one for one in seen if one.seed // len(ALL_EXERCISES) % FOLDS == k]
        left_out.append((examples_of(outside), fit_heads([*examples_of(inside), *bodies_of(inside)], labels, FIT)))
    heads = with_scale(fit_heads([*examples_of(seen), *bodies_of(seen)], labels, FIT), left_out, labels, FIT)
    exercises = [label for label in labels if label in ALL_EXERCISES]
    lacking = {name: without(seen, labels, name) for name in exercises}
    doubtful = [_doubtful(head, seen, labels, left_out, lacking) for head in heads]
    sets: list[Example] = []
    copies: list[tuple[int, Example]] = []
    for one in seen:
        for as_done, *others in one.manners.values():
            copies += [(len(sets), example(one, part)) for part in others]
            sets.append(example(one, as_done))
    model = Model(labels, with_own(doubtful, sets, FIT, copies))
    own = {(head.segment, head.kind): head for head in model.heads}
    for name, less in lacking.items():
        scales = [own[head.segment, head.kind] for head in less.heads]
        scaled = [
            replace(head, temperature=as_.temperature, limit=as_.limit, fade=as_.fade)
            for head, as_ in zip(less.heads, scales, strict=True)
        ]
        lacking[name] = replace(less, heads=tuple(scaled))
    return model, lacking


def without(seen: Sequence[Seen], labels: Sequence[str], name: str) -> Model:
    """A model that was never shown one exercise; its temperatures and limits still open."""
    rest = [one for one in seen if one.label != name]
    known = tuple(label for label in labels if label != name)
    return Model(known, fit_heads([*examples_of(rest), *bodies_of(rest)], known, FIT))


def _doubtful(
    head: Head,
    seen: Sequence[Seen],
    labels: Sequence[str],
    left_out: Sequence[tuple[Sequence[Example], Sequence[Head]]],
    lacking: Mapping[str, Model],
) -> Head:
    """The head with its limit and fade: known are exercises of people left out, told right; strange those left out."""
    known, strange = [], []
    for examples, heads in left_out:
        for other in heads:
            if (other.segment, other.kind) == (head.segment, head.kind):
                for k, away in left_out_distances(other, examples).items():
                    nearest = int(away.argmin())
                    if labels[nearest] == examples[k].label and labels[nearest] in ALL_EXERCISES:
                        known.append(strangeness(away, nearest))
    for name, model in lacking.items():
        examples = examples_of([one for one in seen if one.label == name])
        for other in model.heads:
            if (other.segment, other.kind) == (head.segment, head.kind):
                for away in left_out_distances(other, examples).values():
                    nearest = int(away.argmin())
                    if model.labels[nearest] in ALL_EXERCISES:
                        strange.append(strangeness(away, nearest))
    if not known or not strange:
        return head
    limit, fade = doubt(np.array(known), np.array(strange), FIT)
    return replace(head, limit=limit, fade=fade)


def answers(model: Model, seen: Sequence[Seen], worn: str) -> list[Told]:
    """What the model says of each set or stretch, as `analyze` tells it, by the sensors worn: `pelvis`, `thigh`, `both`, or
    `named`, the one that the catalogue names first for the exercise (the pelvis for what isn't one)."""
    out = []
    for one in seen:
        first = find(one.label).placements[0]
        names = {"pelvis": ["pelvis"], "thigh": [one.thigh], "both": ["pelvis", one.thigh]}.get(
            worn, [one.thigh if first == "thigh" else "pelvis"]
        )
        parts = tuple(one.parts[name] for name in names if name in one.parts)
        if parts:
            said = model.predict(Features(parts))
            name = said.name if said.confidence >= LIKELY else UNKNOWN
            out.append(Told(str(one.seed), None, one.label, name, said.confidence))
    return out


def accepted(told: Sequence[Told], least: float = 0.0) -> float:
    """Share of what is told to be an exercise, with that confidence or more."""
    return float(np.mean([t.predicted in ALL_EXERCISES and t.confidence >= least for t in told]))


def never_learnt(lacking: Mapping[str, Model], asked: Sequence[Seen]) -> list[str]:
    """The card's lines on exercises that the model doesn't know: each left out of the training in turn."""
    lines = ["## Exercises that it doesn't know", "", "Each left out of the training in turn; the same people.", ""]
    lines += ["| worn | sets | told to be another | surely (0.9) |", "|---|---|---|---|"]
    for worn in WAYS:
        told = [t for name, model in lacking.items() for t in answers(model, [o for o in asked if o.label == name], worn)]
        cells = [WAYS[worn], str(len(told)), f"{accepted(told, LIKELY):.3f}", f"{accepted(told, SURE):.3f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, ""]


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
    for worn in WAYS:
        told, few = answers(model, exercises, worn), answers(model, thirteen, worn)
        sure = [t for t in told if t.confidence >= SURE and t.predicted != UNKNOWN]
        right = np.mean([t.true == t.predicted for t in sure])
        rest = answers(model, everyday, worn)
        cells = [WAYS[worn], f"{scores_of(few).macro_f1:.3f}", f"{scores_of(told).macro_f1:.3f}", f"{len(sure) / len(told):.2f}"]
        lines.append(
            "| " + " | ".join([*cells, f"{right:.3f}", f"{accepted(rest, LIKELY):.3f}, {accepted(rest, SURE):.3f}"]) + " |"
        )
    lines += ["", "Worn as the catalogue says:", "", confusion_table(scores_of(answers(model, exercises, "named")))]
    return lines


def card(model: Model, report: Sequence[str], unknown: Sequence[str], size: int) -> str:
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
        *unknown,
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
    lacking: dict[str, Model] = {}
    with ProcessPoolExecutor(args.jobs) as pool:
        if not args.report_only:
            jobs = [("sets", k, False) for k in range(many * args.people)] + [
                ("everyday", k, False) for k in range(args.everyday)
            ]
            learnt = [s for some in pool.map(seen_in, jobs, chunksize=8) for s in some]
            lacking = write(args.out, learnt)
        jobs = [("sets", k, True) for k in range(many * args.final)] + [("everyday", k, True) for k in range(5 * args.final)]
        final = [s for some in pool.map(seen_in, jobs, chunksize=8) for s in some]
    model = load_model(args.out)
    unknown = never_learnt(lacking, final) if lacking else []
    text = card(model, figures(model, final), unknown, args.out.stat().st_size)
    (CARD if args.out == PACKAGED else Path(f"{args.out}.card.md")).write_text(text, encoding="utf-8")


def write(path: Path, seen: Sequence[Seen]) -> dict[str, Model]:
    """Fit the model of what was seen and write it; returns, by name, what it is without an exercise."""
    model, lacking = fitted(seen)
    people = len({s.seed for s in seen if find(s.label).exercise})
    idle = len({s.seed for s in seen if not find(s.label).exercise})
    sets = sum(find(s.label).exercise for s in seen)
    about = {
        "made_by": "models/make_recognition.py",
        "trained_on": f"{sets} sets of {people} simulated people, and {len(seen) - sets} stretches of what {idle} others did",
    }
    save_model(replace(model, about=about), path)
    return lacking


if __name__ == "__main__":
    main()
