from __future__ import annotations

from pathlib import Path

import pytest

from imu_tracker.errors import FileError
from imu_tracker.simulate import SessionPlan, parse_plan, read_plan, simulate
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.person import Person

SESSION = """
placements = ["pelvis", "thigh_left"]

[person]
stature = 1.6
drop_left_deg = 4

[sensor]
rate_hz = 50

[[part]]
name = "quiet"
seconds = 2

[[part]]
name = "Single-leg squat"
count = 3
side = "left"
slips = ["depth"]

[[part]]
name = "rest"
seconds = 4

[[part]]
name = "single_leg_squat"
count = 3
side = "right"

[[part]]
name = "walk"
count = 4
turn_deg = 90

[[part]]
name = "wall_lean"
seconds = 8
side = "right"
"""


def test_a_session_is_read_and_performed(tmp_path: Path) -> None:
    path = tmp_path / "session.toml"
    path.write_text(SESSION, encoding="utf-8")
    plan = read_plan(path)
    assert plan.placements == ("pelvis", "thigh_left")
    assert plan.person == Person(stature=1.6, drop_left_deg=4)
    assert plan.sensor is not None
    assert plan.sensor.rate_hz == 50
    assert plan.exercises == ("single_leg_squat", "wall_lean")
    assert plan.parts[1] == Part("single_leg_squat", count=3, side="left", slips=("depth",))
    _, truth = simulate(plan, seed=1)
    assert [(s.exercise, s.side, s.count) for s in truth.sets] == [
        ("single_leg_squat", "left", 3),
        ("single_leg_squat", "right", 3),
        ("wall_lean", "right", 0),
    ]
    assert truth.sets[2].hold_s == 8
    assert [a.name for a in truth.activities] == [
        "standing",
        "single_leg_squat",
        "standing",
        "single_leg_squat",
        "walking",
        "wall_lean",
    ]


def test_without_more_the_person_and_the_sensor_are_drawn() -> None:
    assert parse_plan('[[part]]\nname = "quiet"\nseconds = 1') == SessionPlan((Part("quiet", seconds=1),))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[part", "isn't valid TOML"),
        ("", "has no parts"),
        ("parts = 3", "'parts', which isn't known; did you mean 'part'"),
        ("[[part]]\ncount = 3", "part 1 needs a name"),
        ('[[part]]\nname = "quiet"\nsecond = 3', "part 1 has 'second', which isn't known; did you mean 'seconds'"),
        ('[[part]]\nname = "quiet"\nseconds = "3"', "seconds = '3'; it should be a number of 0 or more"),
        ('[[part]]\nname = "squat"\ncount = 2.5', "count = 2.5; it should be a whole number"),
        ('[[part]]\nname = "squat"\nback = 1', "back = 1; it should be true or false"),
        ('[[part]]\nname = "squat"\nslips = "depth"', "it should be a list of cues"),
        ('[[part]]\nname = "squat"\nside = "both"', "it should be left or right"),
        ('[[part]]\nname = "sqat"', "part 1: There is no exercise 'sqat'"),
        ('placements = ["hat"]\n[[part]]\nname = "quiet"', "placements should be a list of some of pelvis"),
        ('[[part]]\nname = "quiet"\n[person]\nsize = 3', "[person] has 'size', which isn't known"),
        ('[[part]]\nname = "quiet"\n[sensor]\nrate_hz = "fast"', "rate_hz in [sensor] should be a number"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(FileError) as caught:
        parse_plan(text, "s.toml")
    assert says in str(caught.value)
    assert str(caught.value).startswith("s.toml: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="can't be read"):
        read_plan(tmp_path / "none.toml")
