"""What a page sends as the wearer's choice."""

from __future__ import annotations

from typing import Any

import pytest

from imu_tracker.app.choice import choice_of
from imu_tracker.errors import NoSuchExercise, UsageError


def test_a_whole_choice() -> None:
    choice = choice_of({"sensors": {"pelvis": "imu-1"}, "exercise": "single_leg_squat", "side": "left", "target": 12})
    assert choice.sensors == {"pelvis": "imu-1"}
    assert choice.wish.exercise == "single_leg_squat"
    assert choice.about == {"exercise": "single_leg_squat", "side": "left"}
    assert (choice.target, choice.threshold_deg) == (12, 10.0)


def test_nothing_chosen_is_a_choice() -> None:
    choice = choice_of({})
    assert choice.wish.exercise is None
    assert choice.threshold_deg is None
    assert choice.about == {}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"target": 0},
        {"target": True},
        {"target": "12"},
        {"target": 10**6},
        {"side": "up"},
        {"exercise": 3},
        {"sensors": ["imu-1"]},
        {"sensors": {"pelvis": ""}},
        {"sensors": {"pelvis": "a" * 300}},
        {"sensors": {"pelvis": "a", "chest": "a"}},
        {"sensors": {f"place {k}": str(k) for k in range(9)}},
    ],
)
def test_anything_else_is_refused(raw: Any) -> None:
    with pytest.raises(UsageError):
        choice_of(raw)


def test_an_exercise_that_is_not_there() -> None:
    with pytest.raises(NoSuchExercise):
        choice_of({"exercise": "sqat"})
