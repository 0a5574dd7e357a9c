"""How well names were told: accuracy, macro-F1, and who was taken for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Told:
    """One prediction. file, span as in the example; true: None where the dataset doesn't say."""

    file: str
    span: tuple[float, float] | None
    true: str | None
    predicted: str
    confidence: float


@dataclass(frozen=True)
class Scores:
    """macro_f1: mean F1 over the classes that are there; accuracy; both 0-1, None where no true class is known.

    true, predicted: the words of the confusion's rows and columns; counts: (rows, columns).
    """

    macro_f1: float | None
    accuracy: float | None
    true: tuple[str, ...]
    predicted: tuple[str, ...]
    counts: np.ndarray


def f1_of(true: Sequence[str], predicted: Sequence[str]) -> dict[str, float]:
    """F1 of every class that is truly there: twice what is right over all that is said or so."""
    out = {}
    for name in sorted(set(true)):
        right = sum(t == p == name for t, p in zip(true, predicted, strict=True))
        out[name] = 2.0 * right / (sum(t == name for t in true) + sum(p == name for p in predicted))
    return out


def scores_of(told: Sequence[Told]) -> Scores:
    """Scores of those predictions whose truth is known."""
    known = [(t.true, t.predicted) for t in told if t.true is not None]
    true, predicted = [a for a, _ in known], [b for _, b in known]
    rows = tuple(sorted(set(true)))
    columns = (*rows, *sorted(set(predicted) - set(rows)))
    counts = np.zeros((len(rows), len(columns)), int)
    for a, b in known:
        counts[rows.index(a), columns.index(b)] += 1
    if not known:
        return Scores(None, None, rows, columns, counts)
    return Scores(
        float(np.mean(list(f1_of(true, predicted).values()))), float(np.mean([a == b for a, b in known])), rows, columns, counts
    )


def confusion_table(scores: Scores) -> str:
    """The confusion as a Markdown table: a row for each true class, a column for each answer."""
    head = ["true \\ told", *scores.predicted]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += [
        "| " + " | ".join([name, *(str(n) if n else "" for n in row)]) + " |"
        for name, row in zip(scores.true, scores.counts.tolist(), strict=True)
    ]
    return "\n".join(lines) + "\n"


def as_json(told: Sequence[Told], scores: Scores) -> dict[str, object]:
    """What `evaluate --json` writes; segments carry their times."""
    predictions = []
    for t in told:
        one: dict[str, object] = {"file": t.file, "true": t.true, "predicted": t.predicted, "confidence": round(t.confidence, 4)}
        if t.span is not None:
            one["start_s"], one["end_s"] = t.span
        predictions.append(one)
    return {
        "macro_f1": scores.macro_f1,
        "accuracy": scores.accuracy,
        "predictions": predictions,
        "confusion": {"true": scores.true, "predicted": scores.predicted, "counts": scores.counts.tolist()},
    }
