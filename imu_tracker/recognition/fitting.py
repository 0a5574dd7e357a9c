"""A model from examples: one linear discriminant a segment and kind of sensor, its temperature and its limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.numeric import Floats
from imu_tracker.recognition.corpus import Example
from imu_tracker.recognition.features import MotionKind
from imu_tracker.recognition.model import ANYWHERE, CLIP, OTHER, Head

KINDS: tuple[MotionKind, ...] = ("gyr", "acc")


@dataclass(frozen=True)
class FitParameters:
    """How a model is fitted."""

    shrinkage: float = 0.1
    """Share of a plain sphere in what varies inside a class. Flat from 0.02 to 0.4 over six data sets."""
    accepted: float = 0.98
    """Share of left-out examples, `other` aside, whose distance is within the limit of what is no `unknown`."""
    known: float = 0.8
    """How many of the sets that people do are of a known class, where the model is shown what it doesn't know."""
    temperatures: tuple[float, float, int] = (1.0, 300.0, 60)
    """Least, most and how many temperatures are tried, evenly in their logarithm; below 1 is surer than the model itself."""
    own_shrinkage: float = 0.1
    """The same in what varies inside a set. Far less (0.005) is better where sets are shown varied, too."""
    own_directions: int = 30
    """Of the space in which single sets are compared; 30 to 60 tell taught sets apart alike."""
    alike: float = 0.85
    """Share of pairs of sets of one person and class that lie within the reach of a taught set. Its variations reach farther."""


@dataclass(frozen=True)
class Rows:
    """The windows of one segment and kind: x (N, F), of example `owner` (N,)."""

    x: Floats
    owner: np.ndarray


def rows_for(examples: Sequence[Example], segment: str, kind: MotionKind) -> Rows:
    """All windows of that kind in the examples; segment `any` takes every one."""
    x, owner = [], []
    for k, e in enumerate(examples):
        for part in e.features.parts:
            if kind in part.rows and segment in (part.segment, ANYWHERE):
                x.append(part.rows[kind])
                owner += [k] * len(part.rows[kind])
    return Rows(np.concatenate(x) if x else np.zeros((0, 0)), np.array(owner, int))


def discriminant(x: Floats, y: np.ndarray, count: int, p: FitParameters) -> tuple[Floats, Floats, Floats, Floats] | None:
    """Mean (F,), scale (F,), projection (F, D) and centres (count, D) of classes y (N,) in rows x (N, F).

    Every class weighs the same, however many rows it has. Classes without rows have NaN centres; None with fewer than two.
    """
    from sklearn.covariance import shrunk_covariance

    seen, of = np.unique(y, return_inverse=True)
    if len(seen) < 2:
        return None
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    z = np.clip((x - mean) / scale, -CLIP, CLIP)
    weight = 1.0 / np.bincount(of)
    centres = np.zeros((len(seen), z.shape[1]))
    np.add.at(centres, of, z * weight[of][:, None])
    inside = (z - centres[of]) * np.sqrt(weight[of] / len(seen))[:, None]
    within = shrunk_covariance(inside.T @ inside, p.shrinkage)
    between = centres - centres.mean(axis=0)
    # The directions within^-1 between span all that tells the classes apart; turned and scaled so that what varies inside a class
    # has the same size along each.
    solved = np.linalg.solve(within, between.T)
    size, turn = np.linalg.eigh(between @ solved)
    keep = size > 1e-9 * size.max()
    projection = solved @ turn[:, keep] / np.sqrt(size[keep])
    places = np.full((count, projection.shape[1]), np.nan)
    places[seen] = centres @ projection
    return mean, scale, projection, places


def fit_head(rows: Rows, y: np.ndarray, count: int, segment: str, kind: MotionKind, p: FitParameters) -> Head | None:
    """A head, its temperature and limit still open (1, and none); None where the rows hold fewer than two classes."""
    if not len(rows.x):
        return None
    fitted = discriminant(rows.x, y[rows.owner], count, p)
    return None if fitted is None else Head(segment, kind, *fitted, temperature=1.0, limit=1e6)


def segments_in(examples: Sequence[Example]) -> tuple[str, ...]:
    """The segments of the examples' sensors, and `any` where there are several."""
    known = sorted({part.segment for e in examples for part in e.features.parts})
    return (*known, ANYWHERE) if len(known) > 1 else tuple(known)


def fit_heads(examples: Sequence[Example], labels: Sequence[str], p: FitParameters | None = None) -> tuple[Head, ...]:
    """Heads for all segments and kinds of which the examples hold two classes or more; each example needs a label."""
    p = p or FitParameters()
    y = np.array([labels.index(e.label) for e in examples if e.label is not None])
    heads = []
    for segment in segments_in(examples):
        for kind in KINDS:
            head = fit_head(rows_for(examples, segment, kind), y, len(labels), segment, kind, p)
            if head is not None:
                heads.append(head)
    return tuple(heads)


def left_out_distances(head: Head, examples: Sequence[Example]) -> dict[int, Floats]:
    """Distances (C,) of those examples that the head can be asked about, by their number."""
    out = {}
    for k, e in enumerate(examples):
        for part in e.features.parts:
            rows = part.rows.get(head.kind)
            if rows is not None and len(rows) and head.segment in (part.segment, ANYWHERE):
                out[k] = head.distances(rows)
    return out


def temperature_of(away: Floats, truth: np.ndarray, p: FitParameters) -> float:
    """By which squared distances (N, C) are divided, so that the true classes (N,) are most probable."""
    low, high, steps = p.temperatures
    best, least = 1.0, np.inf
    squared = np.where(np.isinf(away), 1e12, away**2)
    squared -= squared.min(axis=1, keepdims=True)
    for t in np.geomspace(low, high, steps):
        log = -0.5 * squared / t
        loss = float(np.mean(np.log(np.exp(log).sum(axis=1)) - log[np.arange(len(truth)), truth]))
        if loss < least:
            best, least = float(t), loss
    return best


def limit_of(away: Floats, truth: np.ndarray, labels: Sequence[str], p: FitParameters) -> float:
    """The distance within which the accepted share of examples lie; examples of `other` are no measure."""
    real = np.array([labels[int(k)] != OTHER for k in truth], bool)
    nearest = away.min(axis=1)[real] if real.any() else away.min(axis=1)
    return max(float(np.quantile(nearest, p.accepted, method="higher")), 1e-6)


def with_scale(
    heads: Sequence[Head],
    left_out: Sequence[tuple[Sequence[Example], Sequence[Head]]],
    labels: Sequence[str],
    p: FitParameters | None = None,
) -> tuple[Head, ...]:
    """The heads with temperature and limit as examples have them that were left out of other heads, fold by fold."""
    p = p or FitParameters()
    out = []
    for head in heads:
        away, truth = [], []
        for examples, folds in left_out:
            for other in folds:
                if (other.segment, other.kind) != (head.segment, head.kind):
                    continue
                for k, d in left_out_distances(other, examples).items():
                    label = examples[k].label
                    at = labels.index(label) if label in labels else -1
                    if at >= 0 and np.isfinite(d[at]):
                        away.append(d)
                        truth.append(at)
        if away:
            a, t = np.array(away), np.array(truth)
            head = replace(head, temperature=temperature_of(a, t, p), limit=limit_of(a, t, labels, p))
        out.append(head)
    return tuple(out)


def doubt(known: Floats, strange: Floats, p: FitParameters | None = None) -> tuple[float, float]:
    """Limit and fade of a head, from the strangeness of sets that it knows (N,) and of such as it doesn't (M,).

    A logistic regression on the logarithm: at the limit a set is as likely known as not.
    """
    from sklearn.linear_model import LogisticRegression

    p = p or FitParameters()
    x = np.log(np.maximum(np.concatenate([known, strange]), 1e-6))[:, None]
    of_known = np.arange(len(x)) < len(known)
    weight = np.where(of_known, p.known / len(known), (1.0 - p.known) / len(strange)) * len(x)
    fit = LogisticRegression(C=1e6).fit(x, of_known, sample_weight=weight)
    fade = max(-float(fit.coef_[0, 0]), 1e-3)
    return float(np.exp(fit.intercept_[0] / fade)), fade


def with_own(
    heads: Sequence[Head], examples: Sequence[Example], p: FitParameters | None = None, varied: Sequence[tuple[int, Example]] = ()
) -> tuple[Head, ...]:
    """The heads with the space in which single sets are compared, and how far apart two sets of one person and class may lie.

    The space is learnt from exercise alone: what tells walking from lying says little about two exercises. Where nobody did a
    class twice, two different classes are taken to lie no nearer than a fiftieth of them does.
    varied: some of the examples (by number) as they would have been otherwise, slower say: the same set in this space.
    """
    p = p or FitParameters()
    numbers = [k for k, e in enumerate(examples) if e.label != OTHER]
    kept = [examples[k] for k in numbers]
    copies = [(numbers.index(k), e) for k, e in varied if e.label != OTHER]
    out = []
    for head in heads:
        rows = rows_for([*kept, *(e for _, e in copies)], head.segment, head.kind)
        owner = np.array([*range(len(kept)), *(k for k, _ in copies)])[rows.owner]
        if len(np.unique(owner)) < 2:
            out.append(head)
            continue
        fitted = discriminant((rows.x - head.mean) / head.scale, owner, len(kept), replace(p, shrinkage=p.own_shrinkage))
        assert fitted is not None
        _, scale, projection, places = fitted
        own, places = projection[:, -p.own_directions :] / scale[:, None], places[:, -p.own_directions :]
        out.append(replace(head, own=own, reach=_reach(places, kept, p)))
    return tuple(out)


def _reach(places: Floats, examples: Sequence[Example], p: FitParameters) -> float:
    """From places (N, K) of the examples; NaN rows: those that this sensor didn't see."""
    kept = [k for k in range(len(examples)) if not np.isnan(places[k, 0])]
    seen, at = [examples[k] for k in kept], places[kept]
    worn = ["+".join(part.segment for part in e.features.parts) for e in seen]
    who = _numbered([f"{e.group}\n{e.label}\n{w}" for e, w in zip(seen, worn, strict=True)])
    what = _numbered([str(e.label) for e in seen])
    squared = (at**2).sum(axis=1)
    away = np.sqrt(np.maximum(squared[:, None] + squared[None] - 2.0 * at @ at.T, 0.0))
    upper = np.triu(np.ones(away.shape, bool), 1)
    same, different = away[upper & (who[:, None] == who[None])], away[upper & (what[:, None] != what[None])]
    return max(float(np.quantile(same, p.alike) if len(same) else np.quantile(different, 0.02)), 1e-6)


def _numbered(words: Sequence[str]) -> np.ndarray:
    """The same number for the same word."""
    numbers = {word: k for k, word in enumerate(dict.fromkeys(words))}
    return np.array([numbers[word] for word in words])
