"""How well a logistic regression tells real from simulated repetitions, and by what."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats

REPEATS = 5  # random divisions of the people into folds; the AUC is their mean
RESAMPLES = 200


@dataclass(frozen=True)
class Table:
    """Features (N, F) of real (label 1) and simulated (0) repetitions, and who did each."""

    names: tuple[str, ...]
    values: Floats
    real: NDArray[np.bool_]
    person: NDArray[np.str_]


@dataclass(frozen=True)
class Verdict:
    """auc: how often a real repetition gets the higher score of a real and a simulated one, of people not trained on; compared
    only within a fold, since each has a model of its own.

    low, high: its 90 % interval over resampled people. by_log: the same with the logarithms of all positive features, from
    which a skewed one can't hide. by_feature: the same of each feature by itself, without any training (above 0.5: the real ones
    have more of it). pair: the two features that together give most away, and their AUC.
    """

    auc: float
    low: float
    high: float
    by_log: float
    by_feature: dict[str, float]
    pair: tuple[str, str]
    pair_auc: float


def auc_of(score: Floats, real: NDArray[np.bool_]) -> float:
    """The area under the ROC curve of scores (N,), by ranks with ties shared."""
    _, inverse, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[inverse]
    n_real, n_made = int(real.sum()), int((~real).sum())
    return float((rank[real].sum() - n_real * (n_real + 1) / 2) / (n_real * n_made))


def auc_within(score: Floats, real: NDArray[np.bool_], fold: NDArray[np.int64]) -> float:
    """The mean AUC of the folds that hold both sides."""
    both = [fold == k for k in np.unique(fold)]
    return float(np.mean([auc_of(score[here], real[here]) for here in both if 0 < real[here].sum() < here.sum()]))


def fold_of(table: Table, folds: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """A fold number (N,) for each repetition, the same for all of a person's; both sides are spread over all folds."""
    out = np.zeros(len(table.real), int)
    for side in (True, False):
        people = np.unique(table.person[table.real == side])
        for k, who in enumerate(rng.permutation(people)):
            out[(table.person == who) & (table.real == side)] = k % folds
    return out


def scores(values: Floats, real: NDArray[np.bool_], fold: NDArray[np.int64]) -> Floats:
    """Scores (N,) of a balanced, standardised logistic regression trained on the other folds."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    out = np.zeros(len(real))
    for k in np.unique(fold):
        here = fold == k
        model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced", max_iter=1000))
        model.fit(values[~here], real[~here])
        out[here] = model.decision_function(values[here])
    return out


def judge(table: Table, seed: int = 0) -> Verdict:
    """The verdict; every value must be finite, and there must be two people or more on either side."""
    rng = np.random.default_rng(seed)
    folds = min(5, len(np.unique(table.person[table.real])), len(np.unique(table.person[~table.real])))
    divisions = [fold_of(table, folds, rng) for _ in range(REPEATS)]
    given = [scores(table.values, table.real, fold) for fold in divisions]
    auc = float(np.mean([auc_within(s, table.real, fold) for s, fold in zip(given, divisions, strict=True)]))
    score, fold = given[0], divisions[0]
    spread = np.array([auc_within(score[rows], table.real[rows], fold[rows]) for rows in _resampled(table, rng)])
    low, high = auc - auc_within(score, table.real, fold) + np.percentile(spread, [5, 95])
    logs = np.where((table.values > 0).all(axis=0), np.log(np.maximum(table.values, 1e-9)), table.values)
    by_log = float(np.mean([auc_within(scores(logs, table.real, fold), table.real, fold) for fold in divisions]))
    pairs = {
        (a, b): auc_within(scores(table.values[:, [i, j]], table.real, fold), table.real, fold)
        for (i, a), (j, b) in itertools.combinations(enumerate(table.names), 2)
    }
    pair = max(pairs, key=lambda p: pairs[p])
    single = {name: auc_of(table.values[:, i], table.real) for i, name in enumerate(table.names)}
    return Verdict(auc, float(max(low, 0.0)), float(min(high, 1.0)), by_log, single, pair, pairs[pair])


def _resampled(table: Table, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Rows of as many people as there are, drawn with replacement on either side."""
    rows = []
    for _ in range(RESAMPLES):
        chosen = []
        for side in (True, False):
            people = np.unique(table.person[table.real == side])
            chosen += [np.flatnonzero((table.person == who) & (table.real == side)) for who in rng.choice(people, len(people))]
        rows.append(np.concatenate(chosen))
    return rows
