"""The command that makes the built-in model: what it learns from, and that the people of its figures are others."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))

from make_recognition import (
    BODIES,
    FINAL_SEED,
    FIRST_SEED,
    MANNERS,
    Seen,
    accepted,
    answers,
    bodies_of,
    examples_of,
    seen_in,
)

from imu_tracker.exercises import find
from imu_tracker.recognition.naming import builtin_model
from imu_tracker.recognition.scores import Told
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS


def test_a_session_gives_its_sets_as_examples_by_pelvis_and_working_thigh() -> None:
    seen = seen_in(("sets", ALL_EXERCISES.index("clamshell"), False))
    assert {s.label for s in seen} == {"clamshell"}
    assert all(set(s.parts) == {"pelvis", "thigh_left", "thigh_right"} for s in seen)
    examples = examples_of(seen)
    assert [e.features.parts[0].segment for e in examples] == ["pelvis", "thigh"] * len(seen)
    assert len({e.group for e in examples}) == 1
    assert len(bodies_of(seen)) == BODIES * len(examples)
    assert {len(parts) for one in seen for parts in one.manners.values()} == {1 + MANNERS}


def test_what_is_no_exercise_is_cut_by_what_was_done() -> None:
    seen = seen_in(("everyday", 0, False))
    assert len(seen) >= 3
    assert not any(find(s.label).exercise for s in seen)


def test_the_people_of_the_figures_are_none_of_those_learnt_from() -> None:
    (learnt, *_), (asked, *_) = seen_in(("everyday", 1, False)), seen_in(("everyday", 1, True))
    assert learnt.seed == TRAINING_SEEDS[FIRST_SEED["everyday"] + 1]
    assert asked.seed == EVALUATION_SEEDS[FINAL_SEED["everyday"] + 1]


def test_answers_ask_the_sensor_that_the_catalogue_names() -> None:
    seen = seen_in(("sets", ALL_EXERCISES.index("clamshell"), True))
    told = answers(builtin_model(), seen, "named")
    assert [t.predicted for t in told] == ["clamshell"] * len(seen)
    empty = Seen("clamshell", 1, {}, "thigh_left")
    assert answers(builtin_model(), [empty], "both") == []


def test_accepted_is_the_share_told_to_be_exercise() -> None:
    told = [Told("", None, "walking", name, sure) for name, sure in (("squat", 0.95), ("squat", 0.5), ("walking", 1.0))]
    assert np.isclose(accepted(told), 2 / 3)
    assert np.isclose(accepted(told, 0.9), 1 / 3)
