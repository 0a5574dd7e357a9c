"""Scores: the same as scikit-learn's, and a table that a person can read."""

from __future__ import annotations

import numpy as np
import pytest

from imu_tracker.recognition.card import confusion_figure
from imu_tracker.recognition.scores import Told, as_json, confusion_table, scores_of

WORDS = ("squat", "lunge", "clam")


def told(pairs: list[tuple[str | None, str]]) -> list[Told]:
    return [Told(f"{k}.csv", None, a, b, 0.5) for k, (a, b) in enumerate(pairs)]


@pytest.mark.parametrize("seed", range(5))
def test_macro_f1_and_accuracy_are_those_of_scikit_learn(seed: int) -> None:
    from sklearn.metrics import accuracy_score, f1_score

    rng = np.random.default_rng(seed)
    true = rng.choice(WORDS[:2], 40).tolist()
    predicted = rng.choice((*WORDS, "unknown"), 40).tolist()
    scores = scores_of(told(list(zip(true, predicted, strict=True))))
    expected = f1_score(true, predicted, labels=sorted(set(true)), average="macro", zero_division=0)
    assert scores.macro_f1 == pytest.approx(expected)
    assert scores.accuracy == pytest.approx(accuracy_score(true, predicted))


def test_answers_without_a_known_truth_are_given_but_not_scored() -> None:
    answers = told([(None, "squat"), (None, "clam")])
    scores = scores_of(answers)
    assert scores.macro_f1 is None
    written = as_json(answers, scores)
    assert written["accuracy"] is None
    assert len(written["predictions"]) == 2  # type: ignore[arg-type]


def test_the_table_has_a_row_for_each_true_class_and_a_column_for_each_answer() -> None:
    table = confusion_table(scores_of(told([("squat", "squat"), ("squat", "unknown"), ("clam", "clam")])))
    assert table.splitlines()[0] == "| true \\ told | clam | squat | unknown |"
    assert table.splitlines()[-1] == "| squat |  | 1 | 1 |"


def test_the_picture_is_the_same_each_time_and_takes_any_word() -> None:
    scores = scores_of(told([("$x_1^$", "squat"), ("squat", "squat")]))
    assert confusion_figure(scores) == confusion_figure(scores)
    assert "<svg" in confusion_figure(scores)
