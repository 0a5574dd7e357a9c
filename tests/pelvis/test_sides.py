"""Sides that nobody has said, and doubts about what was assumed."""

import numpy as np
import pytest

from imu_tracker.pelvis.axes import PelvisAxes
from imu_tracker.pelvis.measure import Pelvis
from imu_tracker.pelvis.sides import BACK_TO_FRONT, checked, with_side
from imu_tracker.pelvis.stance import StanceGuess
from imu_tracker.results import Rep, Set

NOMINAL = Pelvis(PelvisAxes(np.eye(3), "nominal", 8.7, 0.6), None)
BOWS = Pelvis(PelvisAxes(np.eye(3), "bows", 2.0, 0.6), None)


def a_set() -> Set:
    reps = (Rep(0.0, 1.0, 2.0, 0.9), Rep(3.0, 4.0, 5.0, 0.9))
    why = {"side": "not said", "count_by_side": "not said", "confidence": "named"}
    return Set(0.0, 5.0, "single_leg_squat", None, (), "reps", None, 2, None, 4.0, None, 24.0, None, reps, unresolved=why)


def test_a_side_that_shows_stands_in_the_set_and_in_its_reps() -> None:
    one = with_side(a_set(), StanceGuess("right", 0.98, None, "right"))
    assert (one.side, one.count_by_side) == ("right", {"left": 0, "right": 2})
    assert [r.side for r in one.reps] == ["right", "right"]
    assert set(one.unresolved) == {"confidence"}


def test_a_side_that_does_not_show_has_its_reason() -> None:
    one = with_side(a_set(), StanceGuess(None, 0.7, "hardly carried over", "left"))
    assert one.side is None
    assert one.unresolved["side"] == "hardly carried over"


@pytest.mark.parametrize(
    ("pelvis", "guess", "doubted"),
    [
        (NOMINAL, StanceGuess("right", 0.98, None, "right"), True),
        (NOMINAL, StanceGuess(None, 0.85, "not sure", "right"), True),
        (NOMINAL, StanceGuess(None, 0.7, "not sure", "right"), False),
        (NOMINAL, StanceGuess("left", 0.98, None, "left"), False),
        (NOMINAL, StanceGuess(None, 0.5, "nothing", None), False),
        (BOWS, StanceGuess("right", 0.98, None, "right"), False),
    ],
)
def test_assumed_axes_are_given_up_where_the_other_leg_seems_to_stand(pelvis: Pelvis, guess: StanceGuess, doubted: bool) -> None:
    """The wearer said left."""
    assert (checked(pelvis, [guess], "left").axes == BACK_TO_FRONT) == doubted


def test_one_set_that_agrees_is_enough_to_keep_them() -> None:
    guesses = [StanceGuess("right", 0.98, None, "right"), StanceGuess("left", 0.98, None, "left")]
    assert checked(NOMINAL, guesses, "left") is NOMINAL
