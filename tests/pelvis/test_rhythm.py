"""The rhythm of steps: which leg stands now, said before the push is over."""

from __future__ import annotations

import numpy as np
from test_stepping import AXES, QUIET_S, samples, schedule

from imu_tracker.motion import GRID_HZ, GridPiece, Motion, motion_of
from imu_tracker.pelvis.rhythm import rhythm_of


def stepping(ways: list[str], until_s: float, step_s: list[float] | float = 1.2) -> tuple[Motion, ...]:
    acc, gyr = samples(schedule(ways, step_s))
    n = round(until_s * GRID_HZ)
    return (motion_of(GridPiece(0, acc[:n], gyr[:n])),)


def test_the_leg_that_stands_is_known_in_the_middle_of_each_push() -> None:
    ways = ["right"] * 8
    for start, end, _ in schedule(ways)[4:]:
        for share, leg in ((0.25, "left"), (0.75, "right")):  # pushed off to the right the left leg stands, then the other
            now_s = start + share * (end - start)
            rhythm = rhythm_of(stepping(ways, now_s), AXES, now_s, each_foot=False)
            assert rhythm is not None
            assert rhythm.standing(now_s) == leg


def test_to_the_left_it_is_the_other_way_round() -> None:
    ways = ["left"] * 8
    start, end, _ = schedule(ways)[5]
    now_s = start + 0.25 * (end - start)
    rhythm = rhythm_of(stepping(ways, now_s), AXES, now_s, each_foot=False)
    assert rhythm is not None
    assert rhythm.standing(now_s) == "right"
    assert rhythm.standing(start + 0.75 * (end - start)) == "left"


def test_while_both_feet_bear_nobody_stands_alone() -> None:
    ways = ["right"] * 8
    start, _, _ = schedule(ways)[5]
    rhythm = rhythm_of(stepping(ways, start + 0.3), AXES, start + 0.3, each_foot=False)
    assert rhythm is not None
    assert rhythm.standing(rhythm.at_s + 0.01) is None


def test_standing_still_has_no_rhythm() -> None:
    assert rhythm_of(stepping(["right"] * 8, QUIET_S), AXES, QUIET_S, each_foot=False) is None
    assert rhythm_of((), AXES, 5.0, each_foot=False) is None


def test_uneven_steps_have_no_rhythm() -> None:
    lengths = [0.7, 1.9, 0.8, 2.0, 0.7, 1.8, 0.9, 1.9]
    end_s = QUIET_S + float(np.sum(lengths[:6]))
    assert rhythm_of(stepping(["right"] * 8, end_s, lengths), AXES, end_s, each_foot=False) is None
