"""Times, names and counts as a person says them."""

from __future__ import annotations

import dataclasses

import pytest
from handmade_sessions import hold, squats, steps

from imu_tracker import words
from imu_tracker.results import PlacementInfo


@pytest.mark.parametrize(("t_s", "said"), [(0.0, "0:00"), (59.99, "0:59"), (72.3, "1:12"), (3725.0, "1:02:05")])
def test_clock(t_s: float, said: str) -> None:
    assert words.clock(t_s) == said


@pytest.mark.parametrize(
    ("duration_s", "said"),
    [(0.01, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 0 s"), (119.6, "2 min 0 s"), (3725.0, "1 h 2 min")],
)
def test_length(duration_s: float, said: str) -> None:
    assert words.length(duration_s) == said


def test_names() -> None:
    assert words.exercise("single_leg_squat") == "single leg squat"
    assert words.exercise(None) == words.exercise("unknown") == "unknown exercise"
    assert words.placement("thigh_left") == "left thigh"
    assert words.placement("upper_arm_right") == "right upper arm"
    assert words.placement("unknown") == "sensor"


def test_counted() -> None:
    assert words.counted(squats()) == "10 reps"
    assert words.counted(dataclasses.replace(steps(), count=1)) == "1 step"
    assert words.counted(hold()) == "hold 45.0 s"
    assert words.counted(dataclasses.replace(hold(), hold_s=None)) == "hold"


def test_sides() -> None:
    assert words.sides(squats()) == "right"
    assert words.sides(steps()) == "12 left, 12 right"
    assert words.sides(dataclasses.replace(squats(), side=None, count_by_side=None)) == ""


def test_fields() -> None:
    assert [words.field(f) for f in ("range_deg", "peak_rate_deg_s", "hold_s", "side", "drop_deg", "cadence_per_min")] == [
        "range",
        "peak rate",
        "hold",
        "side",
        "pelvic drop",
        "pace",
    ]


def test_delivered() -> None:
    assert words.delivered(PlacementInfo(100.0, 900, 0, (), "uniform")) == "100 Hz, 900 samples, none lost"
    said = words.delivered(PlacementInfo(49.97, 900, 70, ((1.0, 2.0), (61.0, 63.5)), "sensor"))
    assert said == "50 Hz, 900 samples, 70 lost, 2 gaps of 3.5 s in all, the longest 2.5 s at 1:01"
