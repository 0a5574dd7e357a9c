"""Exercise or not: the model's file is checked, its probability behaves, and sets are chosen by it."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.analysis import Wish, analyze
from imu_tracker.errors import FileError
from imu_tracker.reps import FoundSet, clear_sets
from imu_tracker.reps.activity import MODEL_FILE, load_model, parse_model
from imu_tracker.reps.evidence import FIGURES
from imu_tracker.simulate import record
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.session import perform

TEXT = resources.files("imu_tracker.reps").joinpath(MODEL_FILE).read_text(encoding="utf-8")


def changed(**new: Any) -> str:
    return json.dumps({**json.loads(TEXT), **new})


def with_curve(**new: Any) -> str:
    raw = json.loads(TEXT)
    raw["curves"]["reps"] = {**raw["curves"]["reps"], **new}
    return json.dumps(raw)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "isn't valid JSON"),
        ("[]", "schema 1"),
        (changed(schema=2), "schema 1"),
        (changed(base=None), "base in the activity model"),
        (changed(base=True), "base in the activity model"),
        (changed(base=float("nan")), "base in the activity model"),
        (changed(curves={}), "a curve for each of reps, duration"),
        (changed(curves=[1]), "a curve for each of reps, duration"),
        (with_curve(extra=1), "the curve of reps should have"),
        (with_curve(at="0 1"), "at of reps"),
        (with_curve(at=[0.0, float("inf")]), "at of reps"),
        (with_curve(log_odds=[0.0, "1"]), "log_odds of reps"),
        (with_curve(log_odds=[0.0, 1e6]), "log_odds of reps"),
        (with_curve(at=[0.0], log_odds=[1.0]), "two or more"),
        (with_curve(at=[0.0, 1.0], log_odds=[1.0]), "as many log_odds as values"),
        (with_curve(at=[1.0, 1.0], log_odds=[1.0, 2.0]), "increasing"),
    ],
)
def test_every_fault_in_the_file_is_said_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(FileError, match=says) as e:
        parse_model(text, "somewhere.json")
    assert str(e.value).startswith("somewhere.json: ")


def test_the_bundled_model_is_read_once() -> None:
    assert load_model() is load_model()


figures = st.fixed_dictionaries({name: st.floats(-8.0, 8.0) for name in FIGURES})


@given(figures)
def test_a_probability_comes_of_any_figures_and_nothing_beyond_the_curves_counts(some: dict[str, float]) -> None:
    model = load_model()
    p = model.probability(some)
    assert 0.0 < p < 1.0
    within = {k: float(np.clip(v, model.curves[k].at[0], model.curves[k].at[-1])) for k, v in some.items()}
    assert model.probability(within) == pytest.approx(p)


@given(figures)
def test_more_reps_never_speak_against_exercise_and_steps_never_for_it(some: dict[str, float]) -> None:
    model = load_model()
    p = model.probability(some)
    assert model.probability({**some, "reps": some["reps"] + 1.0}) >= p - 0.05
    assert model.probability({**some, "half_repeats": 1.0}) <= p + 0.05


def a_set(start_s: float, reps: int, merit: float, exercise: float) -> FoundSet:
    cuts = start_s + 2.0 * np.column_stack([np.arange(reps), np.arange(1, reps + 1)])
    return FoundSet(cuts.astype(float), 0.9, merit, exercise)


def test_what_is_unlikely_to_be_exercise_is_left_out_and_hides_nothing() -> None:
    walk, work = a_set(0.0, 12, 50.0, 0.01), a_set(40.0, 8, 5.0, 0.9)
    assert clear_sets((walk, work)) == (work,)
    assert clear_sets((walk,)) == ()


def test_a_named_exercise_loses_only_what_clearly_is_none_and_only_beside_something_likelier() -> None:
    odd, walk = a_set(0.0, 8, 5.0, 0.07), a_set(40.0, 8, 5.0, 0.01)
    assert clear_sets((odd, walk)) == ()
    assert clear_sets((odd, walk), named=True) == (odd,)
    assert clear_sets((walk,), named=True) == (walk,)


SESSION = (
    Part("quiet", seconds=3.0),
    Part("bows", count=2),
    Part("walk", count=14, turn_deg=90, brisk=0.6),
    Part("squat", count=8),
    Part("quiet", seconds=2.0),
)


@pytest.mark.parametrize("seed", [5, 7, 10])
def test_walking_is_no_set_and_squats_are(seed: int) -> None:
    movement = perform(SESSION, seed)
    (true,) = movement.truth.sets
    recording = record(movement, seed, ("pelvis",))
    for wish in (Wish(), Wish(exercise="squat")):
        (found,) = analyze(recording, wish).sets
        assert found.start_s > true.start_s - 2.0
        assert found.end_s < true.end_s + 2.0
        assert found.count == 8


def test_walking_alone_is_no_set() -> None:
    walk = (Part("quiet", seconds=3.0), Part("walk", count=14, brisk=0.6), Part("quiet", seconds=3.0))
    assert analyze(record(perform(walk, 6), 6, ("pelvis",))).sets == ()
