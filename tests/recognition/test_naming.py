"""Naming sets: the built-in model on the bundled recordings, and which sensors are asked."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made import rotation

from imu_tracker.analysis import Wish, analyze
from imu_tracker.describing import NO_EXERCISE, NO_MODEL, NOT_ONE, recognised
from imu_tracker.files.reading import read_recording
from imu_tracker.motion import motion_of, to_grid
from imu_tracker.recognition.model import UNKNOWN, Prediction
from imu_tracker.recognition.naming import builtin_model, is_no_exercise, names_of
from imu_tracker.recording import Recording
from imu_tracker.results import SURE, Session

WARMER = 4.0
DATASETS = Path(__file__).parents[2] / "datasets"
NAMED = {
    "single_leg_squat.csv": "single_leg_squat",
    "lateral_band_walk.csv": "lateral_band_walk",
    "hip_thrust.parquet": "hip_thrust",
    "single_leg_deadlift.parquet": "single_leg_deadlift",
    "lateral_step_up.parquet": "lateral_step_up",
    "monster_walk.parquet": "monster_walk",
    "clamshell.thigh_left.parquet": "clamshell",
}


def read(name: str, placement: str | None = None) -> Recording:
    where = placement or ("thigh_left" if "thigh_left" in name else "pelvis")
    return read_recording([f"{where}={DATASETS / name}"])


def turned(recording: Recording, seed: int) -> Recording:
    """The same, its sensors put on another way."""
    r = rotation(np.random.default_rng(seed).normal(size=3), 2.0)
    streams = {
        name: replace(s, acc=s.acc @ r.T, gyr=None if s.gyr is None else s.gyr @ r.T) for name, s in recording.streams.items()
    }
    return replace(recording, streams=streams)


def names(session: Session) -> list[str | None]:
    return [s.exercise for s in session.sets]


@pytest.mark.parametrize("file", NAMED)
def test_the_bundled_sets_are_named(file: str) -> None:
    longest = max(analyze(read(file)).sets, key=lambda s: s.end_s - s.start_s)
    assert longest.exercise == NAMED[file]
    assert longest.confidence is not None
    assert longest.confidence > 0.5
    assert "confidence" not in longest.unresolved


def test_a_sensor_put_on_another_way_changes_no_name() -> None:
    whole = read("single_leg_deadlift.parquet")
    assert names(analyze(turned(whole, 1))) == names(analyze(whole))


def test_a_sure_name_brings_what_the_catalogue_knows_and_a_told_one_wins() -> None:
    whole = read("single_leg_squat.csv")
    one = analyze(whole).sets[0]
    assert (one.confidence or 0.0) >= SURE
    assert one.reps[0].rise_s is not None
    assert one.pelvic_drop.threshold_deg is not None
    told = analyze(whole, Wish(exercise="squat")).sets[0]
    assert (told.exercise, told.confidence) == ("squat", None)


def test_a_name_that_is_only_likely_brings_no_drop_along() -> None:
    cool = builtin_model()
    warm = replace(cool, heads=tuple(replace(h, temperature=WARMER * h.temperature) for h in cool.heads))
    one = analyze(read("single_leg_squat.csv"), Wish(model=warm)).sets[0]
    assert one.exercise == "single_leg_squat"
    assert (one.confidence or 1.0) < SURE
    assert one.pelvic_drop.peak_deg is None
    assert one.reps[0].rise_s is None


def test_sets_of_a_walk_that_was_recognised_are_counted_as_steps_of_one_that_was_told() -> None:
    whole = read("lateral_band_walk.csv")
    by_itself, told = analyze(whole).sets, analyze(whole, Wish(exercise="lateral_band_walk")).sets
    assert [(s.count, s.kind, s.count_by_side) for s in by_itself] == [(s.count, s.kind, s.count_by_side) for s in told]


def test_a_sensor_at_a_place_the_model_does_not_know_names_nothing() -> None:
    one = analyze(read("single_leg_squat.csv", "wrist_left")).sets[0]
    assert (one.exercise, one.confidence, one.unresolved["exercise"]) == (UNKNOWN, None, NO_MODEL)


def test_a_sensor_that_may_be_worn_anywhere_names_nothing() -> None:
    recording = read("single_leg_squat.csv")
    one = analyze(Recording({"unknown": recording.streams["pelvis"]})).sets[0]
    assert (one.exercise, one.confidence, one.alternatives, one.unresolved["exercise"]) == (UNKNOWN, None, (), NO_MODEL)


def test_what_looks_like_standing_is_no_exercise_and_says_so() -> None:
    one = analyze(read("single_leg_squat.csv")).sets[0]
    said = recognised(one, Prediction("standing", 0.9, (("walking", 0.1),), False, "standing", 0.5))
    assert (said.exercise, said.confidence) == (UNKNOWN, None)
    assert said.unresolved["exercise"] == NO_EXERCISE.format(name="standing")
    assert said.alternatives == (("standing", 0.9), ("walking", 0.1))
    either = recognised(one, Prediction("squat", 0.45, (("lunge", 0.4),), False, "squat", 0.5))
    assert (either.exercise, either.unresolved["exercise"], either.alternatives[0]) == (UNKNOWN, NOT_ONE, ("squat", 0.45))
    assert is_no_exercise("walking")
    assert not is_no_exercise("squat")


def test_naming_the_sets_of_an_hour_takes_little_time() -> None:
    recording = read("single_leg_squat.csv")
    motions = {name: tuple(motion_of(p) for p in to_grid(s, recording.start_s)) for name, s in recording.streams.items()}
    names_of(motions, [(30.0, 50.0)], builtin_model())
    started = time.process_time()
    names_of(motions, [(20.0 + 0.2 * k, 45.0 + 0.2 * k) for k in range(40)], builtin_model())  # forty sets
    assert time.process_time() - started < 0.4  # 0.06-0.1 s on an idle machine
