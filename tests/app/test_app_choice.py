"""What a page sends as the wearer's choice."""

from __future__ import annotations

from typing import Any

import pytest

from imu_tracker.analysis import Wish
from imu_tracker.app.choice import choice_of
from imu_tracker.errors import NoSuchExercise, UsageError
from imu_tracker.session.keeping import wish_of
from imu_tracker.session.plan import Asked, Plan, PlanError, from_words


def test_a_whole_choice() -> None:
    choice = choice_of({"sensors": {"pelvis": "imu-1"}, "exercise": "single_leg_squat", "side": "left", "target": 12})
    assert choice.sensors == {"pelvis": "imu-1"}
    assert choice.wish.exercise == "single_leg_squat"
    assert choice.about == {"exercise": "single_leg_squat", "side": "left"}
    assert (choice.target, choice.threshold_deg) == (12, 10.0)


def test_a_name_of_ones_own_goes_with_the_samples_and_is_done_until_a_plan_says_otherwise() -> None:
    choice = choice_of({"own": " heavy clam ", "side": "left"})
    assert (choice.wish, choice.exercise) == (Wish(side="left", own="heavy clam"), None)
    assert wish_of(choice.about) == choice.wish
    plan = Plan((Asked("squat", 1, 8),))
    assert choice.of(plan.steps[0]).wish == Wish("squat")


def test_a_set_of_the_plan_says_all_but_the_sensors() -> None:
    plan = Plan((Asked("wall_lean", 2, hold_s=30.0, side="each"), Asked("squat", 1, 8, tempo_s=(2.0, 1.0, 1.0), load="5 kg")))
    choice = choice_of({"sensors": {"pelvis": "imu-1"}, "exercise": "lunge", "first": 1}, lambda: plan)
    assert (choice.wish.exercise, choice.side, choice.target, choice.threshold_deg) == ("wall_lean", "right", 30, 5.0)
    later = choice.of(plan.steps[4])
    assert (later.wish.exercise, later.side, later.target, later.tempo_s, later.load) == (
        "squat",
        None,
        8,
        (2.0, 1.0, 1.0),
        "5 kg",
    )
    assert later.sensors == {"pelvis": "imu-1"}
    assert from_words(choice.about["plan"]) == plan
    with pytest.raises(UsageError):
        choice_of({"first": 5}, lambda: plan)


def test_a_tempo_by_hand() -> None:
    assert choice_of({"exercise": "squat", "tempo_s": [2, 0, 1.5]}).tempo_s == (2.0, 0.0, 1.5)
    for tempo in ([0, 0, 0], [1, 2], "fast", [1, 1, -1]):
        with pytest.raises(PlanError):
            choice_of({"tempo_s": tempo})


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
        {"first": 2},
        {"first": -1},
        {"first": True},
        {"first": "0"},
        {"side": "up"},
        {"exercise": 3},
        {"own": 3},
        {"own": ""},
        {"own": "unknown"},
        {"own": "clam", "exercise": "squat"},
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
