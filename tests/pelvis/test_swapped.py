"""Sensors on the wrong legs are told of where that can be seen."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import pytest

from imu_tracker.analysis import Wish, analyze
from imu_tracker.recording import Recording
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.plan import SessionPlan

OTHER: Mapping[str, str] = {"thigh_left": "thigh_right", "thigh_right": "thigh_left"}


@functools.cache
def worn(exercise: str) -> Recording:
    """Six reps on the left leg, a sensor on each thigh."""
    parts = (Part("quiet", seconds=3), Part(exercise, count=6, side="left"), Part("quiet", seconds=3))
    movement, _ = simulate(SessionPlan(parts), 4)
    return record(movement, 4, ("thigh_left", "thigh_right"))


def swapped(recording: Recording) -> Recording:
    return Recording({OTHER[name]: stream for name, stream in recording.streams.items()}, recording.about)


@pytest.mark.parametrize("exercise", ["clamshell", "straight_leg_raise"])
def test_swapped_thighs_are_told_and_right_ones_are_not(exercise: str) -> None:
    wish = Wish(exercise, "left")
    (note,) = analyze(swapped(worn(exercise)), wish).notes
    assert "right thigh's sensor moved where the left leg was to work" in note
    assert "or the right leg worked" in note
    assert analyze(worn(exercise), wish).notes == ()


def test_nothing_is_said_where_nobody_told_the_side_or_both_thighs_work() -> None:
    assert analyze(swapped(worn("clamshell")), Wish("clamshell")).notes == ()
    assert analyze(swapped(worn("clamshell")), Wish(None, "left")).notes == ()
    assert analyze(swapped(worn("side_lunge")), Wish("side_lunge", "left")).notes == ()
    assert analyze(swapped(worn("single_leg_squat")), Wish("single_leg_squat", "left")).notes == ()
