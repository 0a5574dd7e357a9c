"""Training: what to expect on people whom the model has not seen, and the model itself, trained on all.

Every figure comes from examples whose whole group (person) was left out. Recordings that hold the same data twice tie their
groups together, so that no copy is ever tested on its original.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.errors import SamplesError
from imu_tracker.recognition.corpus import Example, duplicates
from imu_tracker.recognition.fitting import FitParameters, fit_heads, with_own, with_scale
from imu_tracker.recognition.model import Head, Model, Prediction
from imu_tracker.recognition.scores import Scores, Told, scores_of

MOST_FOLDS = 20  # more groups are left out several at a time; each fold still keeps whole groups together
CURVE_DRAWS = 4  # of groups at every point of the learning curve
MORE_GROUPS = 2  # what the learning curve is drawn out by
MIXED_RATES = 1.5  # fastest over slowest


@dataclass(frozen=True)
class CurvePoint:
    """Accuracy on left-out people of models trained on so many groups."""

    groups: int
    accuracy: float


@dataclass(frozen=True)
class Report:
    """What is to be expected of a model. told: left-out predictions, one an example. groups: how many people.

    expected: accuracy with two more people, None where too few are there to say. notes: sentences on the data.
    """

    told: tuple[Told, ...]
    scores: Scores
    classes: dict[str, int]
    groups: int
    group: str
    duplicates: tuple[tuple[str, ...], ...]
    curve: tuple[CurvePoint, ...]
    expected: float | None
    notes: tuple[str, ...]


def check_examples(examples: Sequence[Example], label: str, group: str) -> tuple[Example, ...]:
    """Those examples that can be used; raises SamplesError, in one sentence, where they don't make a model."""
    usable = tuple(e for e in examples if e.label is not None and e.features.parts)
    if not usable:
        raise SamplesError(f"None of the recordings has both a word in column {label} and motion to look at.")
    classes = Counter(e.label for e in usable)
    if len(classes) == 1:
        raise SamplesError(
            f"All {len(usable)} recordings are {usable[0].label}: a model needs two classes or more (or one named other)."
        )
    groups = {e.group for e in usable}
    if None in groups:
        lacking = next(e.file for e in usable if e.group is None)
        raise SamplesError(
            f"{lacking} has no word in column {group}, so it can't be said how the model does on people it hasn't seen."
        )
    if len(groups) == 1:
        raise SamplesError(
            f"All recordings are of one {group}, {usable[0].group}: how the model does on others can't be told. "
            "Record more people, or name what else tells independent recordings apart, such as --group session."
        )
    if all(len({e.group for e in usable if e.label == c}) == 1 for c in classes):
        raise SamplesError(
            f"No class was done by more than one {group}, so none can be told on people who are left out; record more."
        )
    return usable


def notes_on(examples: Sequence[Example], group: str) -> tuple[str, ...]:
    """What a person should know of the data before trusting a model made of it."""
    notes = []
    classes = Counter(str(e.label) for e in examples)
    most, least = classes.most_common(1)[0], classes.most_common()[-1]
    if most[1] > 3 * least[1]:
        notes.append(
            f"Classes differ in size: {most[1]} recordings of {most[0]}, {least[1]} of {least[0]}; each class weighs the same."
        )
    alone = sorted(c for c in classes if len({e.group for e in examples if e.label == c}) == 1)
    if alone:
        shown = ", ".join(alone[:6]) + (" and others" if len(alone) > 6 else "")
        notes.append(f"Only one {group} did {shown}: left out, that can't be told, and counts as wrong.")
    rates = [e.rate_hz for e in examples]
    if max(rates) > MIXED_RATES * min(rates):
        notes.append(
            f"Rates from {min(rates):.0f} to {max(rates):.0f} Hz are mixed; features are read below 12 Hz, but noise differs."
        )
    worn = Counter("+".join(sorted({p.segment for p in e.features.parts})) for e in examples)
    if len(worn) > 1:
        placements = ", ".join(f"{n} {name}" for name, n in worn.most_common())
        notes.append(f"Placements are mixed ({placements}): each has its own part of the model, with fewer examples.")
    without = sum(all("gyr" not in p.rows for p in e.features.parts) for e in examples)
    if 0 < without < len(examples):
        notes.append(f"{without} of {len(examples)} recordings have no gyroscope; those are told by the accelerometer alone.")
    return tuple(notes)


def folds_of(examples: Sequence[Example], copies: Sequence[Sequence[str]]) -> list[frozenset[str]]:
    """Groups that are left out together: one each, more where they share data or where there are more than MOST_FOLDS."""
    tied = {str(e.group): {str(e.group)} for e in examples}
    for files in copies:
        joined = set().union(*(tied[str(e.group)] for e in examples if e.file in files))
        for name in joined:
            tied[name] = joined
    unique = {frozenset(s) for s in tied.values()}
    folds: list[set[str]] = [set() for _ in range(min(MOST_FOLDS, len(unique)))]
    for k, one in enumerate(sorted(unique, key=sorted)):
        folds[k % len(folds)] |= one
    return [frozenset(f) for f in folds]


def _apart(examples: Sequence[Example], left_out: frozenset[str]) -> tuple[list[Example], list[Example]]:
    return [e for e in examples if e.group not in left_out], [e for e in examples if e.group in left_out]


def train(
    examples: Sequence[Example],
    label: str = "exercise",
    group: str = "subject",
    p: FitParameters | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[Model, Report]:
    """A model of all usable examples, and what leaving groups out says of it; raises SamplesError where they don't suffice."""
    say = progress or (lambda what, share: None)
    usable = check_examples(examples, label, group)
    labels = tuple(sorted({str(e.label) for e in usable}))
    copies = duplicates(usable)
    folds = folds_of(usable, copies)
    if len(folds) == 1:
        raise SamplesError(f"Every {group} shares recordings with the others, so none can be left out to test on.")
    left_out: list[tuple[list[Example], tuple[Head, ...]]] = []
    for k, fold in enumerate(folds):
        say(f"leaving out {group} {', '.join(sorted(fold)[:3])}", 0.7 * k / len(folds))
        inside, outside = _apart(usable, fold)
        left_out.append((outside, fit_heads(inside, labels, p)))
    say("training on all", 0.7)
    heads = with_own(with_scale(fit_heads(usable, labels, p), left_out, labels, p), usable, p)
    said = _said(usable, left_out, heads, labels, label)
    told = tuple(Told(e.file, e.span, e.label, one.name, one.confidence) for e, one in zip(usable, said, strict=True))
    say("the learning curve", 0.8)
    nearest = float(np.mean([one.nearest == e.label for e, one in zip(usable, said, strict=True)]))
    curve = _curve(usable, folds, labels, label, p, nearest)
    report = Report(
        told=told,
        scores=scores_of(told),
        classes=dict(sorted(Counter(str(e.label) for e in usable).items())),
        groups=len({e.group for e in usable}),
        group=group,
        duplicates=copies,
        curve=curve,
        expected=_drawn_out(curve),
        notes=_notes(usable, examples, group),
    )
    return Model(labels, heads, label), report


def _notes(usable: Sequence[Example], examples: Sequence[Example], group: str) -> tuple[str, ...]:
    aside = len(examples) - len(usable)
    return (
        *((f"{aside} recordings without a label or without motion were left aside.",) if aside else ()),
        *notes_on(usable, group),
    )


def _said(
    examples: Sequence[Example],
    left_out: Sequence[tuple[Sequence[Example], Sequence[Head]]],
    heads: Sequence[Head],
    labels: tuple[str, ...],
    label: str,
) -> tuple[Prediction, ...]:
    """Each example's prediction by the model that didn't know its group, in the examples' order."""
    scale = {(h.segment, h.kind): h for h in heads}
    answers = {}
    for outside, folds in left_out:
        scaled = [replace(h, temperature=s.temperature, limit=s.limit) for h in folds if (s := scale.get((h.segment, h.kind)))]
        if not scaled:
            raise SamplesError(
                "With one group left out the rest has fewer than two classes; record more people, or each with all classes."
            )
        model = Model(labels, tuple(scaled), label)
        for e in outside:
            answers[id(e)] = model.predict(e.features)
    return tuple(answers[id(e)] for e in examples)


def _accuracy(
    inside: Sequence[Example], outside: Sequence[Example], labels: tuple[str, ...], label: str, p: FitParameters | None
) -> float:
    """Share of the examples outside whose nearest class is theirs."""
    heads = fit_heads(inside, labels, p)
    if not heads:
        return 0.0
    model = Model(labels, heads, label)
    return float(np.mean([model.predict(e.features).nearest == e.label for e in outside]))


def _curve(
    examples: Sequence[Example],
    folds: Sequence[frozenset[str]],
    labels: tuple[str, ...],
    label: str,
    p: FitParameters | None,
    all_but_one: float,
) -> tuple[CurvePoint, ...]:
    """How often the nearest class is right on up to three other groups, against how many were trained on; the same every time.

    all_but_one: the last point, which is known.
    """
    rng = np.random.default_rng(0)
    points = []
    for size in (k for k in (1, 2, 4, 8, 16) if k < len(folds) - 1):
        found = []
        for _ in range(CURVE_DRAWS):
            order = rng.permutation(len(folds))
            chosen = frozenset().union(*(folds[k] for k in order[:size]))
            rest = frozenset().union(*(folds[k] for k in order[size : size + 3]))
            inside = [e for e in examples if e.group in chosen]
            outside = [e for e in examples if e.group in rest]
            found.append(_accuracy(inside, outside, labels, label, p))
        points.append(CurvePoint(size, float(np.mean(found))))
    return (*points, CurvePoint(len(folds) - 1, all_but_one))


def _drawn_out(curve: Sequence[CurvePoint]) -> float | None:
    """Accuracy with MORE_GROUPS more groups, on a straight line through the logarithms of groups and error."""
    if len(curve) < 3:
        return None
    n = np.log([c.groups for c in curve])
    error = np.log([max(1.0 - c.accuracy, 0.002) for c in curve])
    slope = float(np.polyfit(n, error, 1)[0])
    # from the last point, which rests on everyone, along the line's slope
    ahead = np.log((curve[-1].groups + MORE_GROUPS) / curve[-1].groups)
    return float(1.0 - (1.0 - curve[-1].accuracy) * np.exp(min(slope, 0.0) * ahead))


def expectation(report: Report) -> str:
    """The learning curve in a sentence."""
    if report.expected is None:
        return f"Too few people to say what more of them would bring ({report.groups})."
    now = report.curve[-1].accuracy
    gain = 100.0 * max(report.expected - now, 0.0)
    so_far = ", ".join(f"{c.groups}: {100 * c.accuracy:.0f} %" for c in report.curve)
    return f"Two more people would bring about {gain:.1f} points (right on others, by people trained on: {so_far})."


def report_json(report: Report) -> dict[str, object]:
    """What `train --json` writes beside the predictions and scores."""
    return {
        "classes": report.classes,
        "group": report.group,
        "groups": report.groups,
        "duplicates": [list(files) for files in report.duplicates],
        "learning_curve": [{"groups": c.groups, "accuracy": round(c.accuracy, 4)} for c in report.curve],
        "expected_with_two_more": report.expected,
        "expectation": expectation(report),
        "notes": list(report.notes),
    }
