from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.errors import NoSuchExercise, UsageError
from imu_tracker.exercises import find
from imu_tracker.simulate import record, simulate, simulate_several
from imu_tracker.simulate.body import soles
from imu_tracker.simulate.drawing import BELT_DEG, draw_sensor, draw_set, round_the_belt
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, THE_THIRTEEN, TRAINING_SEEDS, evaluation, training
from imu_tracker.simulate.wearing import SITES, Mounting, sensor_pose


def test_training_and_evaluation_never_meet() -> None:
    assert set(TRAINING_SEEDS).isdisjoint(EVALUATION_SEEDS)
    assert len(THE_THIRTEEN) == 13
    assert THE_THIRTEEN[-1] == "single_leg_wall_sit"
    seen = [e.seed for e in training(2, ["squat"], start=3)] + [e.seed for e in evaluation(2, ["squat"])]
    assert seen == [TRAINING_SEEDS[3], TRAINING_SEEDS[4], EVALUATION_SEEDS[0], EVALUATION_SEEDS[1]]
    with pytest.raises(UsageError, match="10000 seeds"):
        next(evaluation(1, start=len(EVALUATION_SEEDS)))


def test_examples_hold_what_their_truth_says() -> None:
    for example in training(len(ALL_EXERCISES)):
        entry = find(example.exercise)
        assert {s.exercise for s in example.truth.sets} == {example.exercise}
        (placement,) = example.recording.streams
        assert placement.split("_")[0] == entry.placements[0]
        assert example.recording.duration_s == pytest.approx(example.truth.duration_s, abs=0.5)
        assert example.recording.about["exercise"] == example.exercise
        assert example.truth.quiet
        stream = example.recording.streams[placement]
        assert np.linalg.norm(stream.acc, axis=1).max() < 75
        assert stream.gyr is not None
        assert np.abs(stream.gyr).max() < 12


def test_a_seed_gives_the_same_recording() -> None:
    first, again = (record(simulate("clamshell", 7)[0], 7) for _ in range(2))
    for placement, stream in first.streams.items():
        assert stream.acc.tobytes() == again.streams[placement].acc.tobytes()
        assert stream.t.tobytes() == again.streams[placement].t.tobytes()
    assert record(simulate("clamshell", 8)[0], 8).duration_s != first.duration_s


def test_placements_can_be_chosen() -> None:
    movement, _ = simulate("squat", 2)
    assert set(record(movement, 2, ("pelvis", "wrist_left")).streams) == {"pelvis", "wrist_left"}
    with pytest.raises(UsageError, match="can be worn on 'hat'"):
        record(movement, 2, ("hat",))
    with pytest.raises(NoSuchExercise):
        simulate("somersault", 2)


def test_several_exercises_make_one_session() -> None:
    movement, truth = simulate_several(("frog_pump", "squat", "monster_walk"), 5)
    assert list(dict.fromkeys(s.exercise for s in truth.sets)) == ["frog_pump", "squat", "monster_walk"]
    assert {a.name for a in truth.activities} > {"standing", "squat"}
    assert "exercise" not in record(movement, 5).about


@given(seed=st.integers(0, 999))
@settings(max_examples=25, deadline=None)
def test_whoever_does_whatever_the_feet_are_reached(seed: int) -> None:
    """Drawn sessions with drawn people: a foot out of reach would snap the leg straight and read hundreds of m/s²."""
    body = simulate(ALL_EXERCISES[seed % len(ALL_EXERCISES)], seed)[0].posture
    for leg in ("left", "right"):
        placed = body.channels[f"placed_{leg}"] == 1
        wanted = np.stack([body.channels[f"foot_{axis}_{leg}"] for axis in "xyz"], -1)
        assert np.linalg.norm(soles(body, leg)[0] - wanted, axis=1)[placed].max() < 1e-9


@given(seed=st.integers(0, 10**6))
def test_drawn_sets_and_sensors_are_ones_that_exist(seed: int) -> None:
    rng = np.random.default_rng(seed)
    entry = find(ALL_EXERCISES[seed % len(ALL_EXERCISES)])
    part = draw_set(rng, entry)
    assert part.count >= 4
    assert set(part.slips) <= {c.cue for c in entry.cues}
    assert part.drop_share == 0 or entry.drop_threshold_deg is not None
    sensor = draw_sensor(rng)
    assert 10 <= sensor.rate_hz <= 1000
    assert 0 <= sensor.lost < 0.1


@pytest.mark.parametrize(("where", "forward", "left"), [("back", -1, 0), ("left", 0, 1), ("right", 0, -1), ("front", 1, 0)])
def test_round_the_belt_is_where_it_says(where: str, forward: int, left: int) -> None:
    body = simulate("squat", 1)[0].posture
    position, turn = sensor_pose(body, "pelvis", round_the_belt(Mounting(), where))
    place = body.turn["pelvis"][0].T @ (position[0] - body.origin["pelvis"][0])
    assert np.round(place[:2] / np.abs(place[:2]).max(), 1) == pytest.approx([forward, left], abs=0.1)
    assert place[2] == pytest.approx(SITES["pelvis"][3] * body.build.stature / 1.72, abs=0.01)
    # The sensor's nominal x points into the body, as it does over the sacrum.
    assert body.turn["pelvis"][0].T @ turn[0] @ [1, 0, 0] == pytest.approx([-forward, -left, 0], abs=1e-9)
    assert set(BELT_DEG) == {"back", "left", "right", "front"}
