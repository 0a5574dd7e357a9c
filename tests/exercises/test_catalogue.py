from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from imu_tracker.errors import CatalogueError, NoSuchExercise
from imu_tracker.exercises import find, load_catalogue, parse_catalogue
from imu_tracker.exercises.catalogue import MEASURES

GOOD = """
[squat]
title = "Squat"
pattern = "reps"
placements = ["pelvis", "thigh"]
leading_signal = "sagittal"
duration_s = [1.5, 6.0]
out_s = [0.7, 2.5]
pause_s = [0.0, 1.5]
back_s = [0.6, 2.0]
range_deg = { pelvis = [10, 55] }
rise = "back"
side_rule = "both"
stance_rule = "both_feet"
how = "Down and up."
wear = "At the waistband."
cues = [{ cue = "depth", measure = "range_deg", against = "best", at_least = 0.8, says = "Deeper." }]
"""

THIRTEEN = [
    "frog_pump",
    "hip_thrust",
    "lateral_step_up",
    "single_leg_deadlift",
    "single_leg_squat",
    "lateral_band_walk",
    "monster_walk",
    "clamshell",
    "side_lying_abduction",
    "side_plank_abduction",
    "plank_hip_extension",
    "wall_lean",
    "single_leg_wall_sit",
]


def test_the_bundled_catalogue_has_the_thirteen_the_others_and_what_is_not_exercise() -> None:
    catalogue = load_catalogue()
    assert list(catalogue)[:13] == THIRTEEN
    assert [n for n, e in catalogue.items() if not e.exercise] == ["walking", "standing", "sitting", "lying", "transition"]
    assert len(catalogue) == 27
    assert all(e.name == name for name, e in catalogue.items())


def test_names_of_the_page_of_exercises_are_all_there() -> None:
    page = Path(__file__).parents[2] / ".." / "shared" / "exercises.md"
    if not page.exists():
        pytest.skip("the shared page of exercises isn't beside the project")
    table = re.findall(r"^\| `(\w+)` \|", page.read_text(encoding="utf-8"), flags=re.M)
    assert table
    assert set(table) <= set(load_catalogue())


def test_thresholds_follow_the_literature_per_exercise() -> None:
    assert find("single_leg_squat").drop_threshold_deg == 10
    assert find("lateral_band_walk").drop_threshold_deg == 5
    assert find("hip_thrust").drop_threshold_deg is None


def test_an_exercise_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        find("squat").title = "Other"  # type: ignore[misc]


def test_changing_the_loaded_dictionary_changes_nothing_for_others() -> None:
    load_catalogue().clear()
    assert load_catalogue()


@pytest.mark.parametrize("spelling", ["single_leg_squat", "Single-Leg Squat", " single leg squat "])
def test_find_takes_a_name_as_people_spell_it(spelling: str) -> None:
    assert find(spelling).name == "single_leg_squat"


def test_find_names_what_is_near() -> None:
    with pytest.raises(NoSuchExercise, match="Did you mean clamshell") as caught:
        find("clamshel")
    assert caught.value.near[0] == "clamshell"
    with pytest.raises(NoSuchExercise) as caught:
        find("xyzzy")
    assert caught.value.near == ()


def test_every_cue_can_be_measured() -> None:
    assert {c.measure for e in load_catalogue().values() for c in e.cues} <= set(MEASURES)


def test_the_good_entry_is_read() -> None:
    squat = parse_catalogue(GOOD)["squat"]
    assert squat.duration_s == (1.5, 6.0)
    assert squat.range_deg["pelvis"].most == 55
    assert squat.cues[0].against == "best"
    assert squat.cues[0].at_most is None


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('pattern = "reps"', 'pattern = "rep"', "pattern = 'rep'; it should be one of reps, steps, hold"),
        ('pattern = "reps"', "", "needs pattern, duration_s and side_rule"),
        ('title = "Squat"', "", "needs title as a text"),
        ('how = "Down and up."', 'how = " "', "needs how as a text"),
        ('title = "Squat"', 'titel = "Squat"', "'titel' that isn't known; did you mean 'title'"),
        ('placements = ["pelvis", "thigh"]', "", "needs placements"),
        ('placements = ["pelvis", "thigh"]', 'placements = ["nose"]', "placement 'nose'"),
        ('placements = ["pelvis", "thigh"]', 'placements = ["thigh", "thigh"]', "names a placement twice"),
        ('leading_signal = "sagittal"', "", "needs leading_signal"),
        ("duration_s = [1.5, 6.0]", "duration_s = [6.0, 1.5]", "not above the most"),
        ("duration_s = [1.5, 6.0]", "duration_s = 3", "two numbers"),
        ("duration_s = [1.5, 6.0]", "duration_s = [20, 30]", "don't meet its duration_s"),
        ("out_s = [0.7, 2.5]", "", "needs out_s, pause_s, back_s and range_deg"),
        ("range_deg = { pelvis = [10, 55] }", "range_deg = { tail = [1, 2] }", "range_deg for 'tail'"),
        ("range_deg = { pelvis = [10, 55] }", "range_deg = [1, 2]", "table of spans by segment"),
        ('stance_rule = "both_feet"', 'stance_rule = "working_leg"', "needs a drop_threshold_deg"),
        ('stance_rule = "both_feet"', 'stance_rule = "none"\ndrop_threshold_deg = 5', "no single-leg stance"),
        ('rise = "back"', 'rise = "back"\nlongest_pause_s = -1', "longest_pause_s = -1"),
        ('rise = "back"', 'rise = "back"\nexercise = "no"', "should be true or false"),
        ('rise = "back"', 'rise = "back"\nexercise = false', "isn't exercise, and so has no"),
        ('measure = "range_deg"', 'measure = "rangedeg"', "did you mean 'range_deg'"),
        ('against = "best"', 'against = "worst"', "against = 'worst'"),
        ("at_least = 0.8, ", "", "at_least or at_most"),
        ("at_least = 0.8", 'at_least = "much"', "needs a number"),
        ("at_least = 0.8", "at_least = 2, at_most = 1", "at_least above at_most"),
        (', says = "Deeper."', "", "a cue has cue, measure, says"),
        ('says = "Deeper."', "says = 3", "should be a text"),
        ("cues = [", "cues = 3 # [", "cues that aren't a list"),
    ],
)
def test_a_fault_is_one_sentence_that_names_the_entry(was: str, now: str, says: str) -> None:
    assert was in GOOD
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(GOOD.replace(was, now))
    message = str(caught.value)
    assert says in message
    assert "'squat'" in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_cue_named_twice_is_a_fault() -> None:
    cue = '{ cue = "depth", measure = "range_deg", at_least = 1, says = "Deeper." }'
    with pytest.raises(CatalogueError, match="names a cue twice"):
        parse_catalogue(GOOD.replace("cues = [{", f"cues = [{cue}, {{"))


@pytest.mark.parametrize(("text", "says"), [("", "is empty"), ("[squat", "isn't valid TOML"), ("squat = 3", "should be a table")])
def test_a_catalogue_of_another_form_is_said(text: str, says: str) -> None:
    with pytest.raises(CatalogueError, match=says):
        parse_catalogue(text)
