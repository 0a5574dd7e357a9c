from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation
from simulated_sessions import EXERCISES, movement

from imu_tracker.errors import UsageError
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.recording import placement_name
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.session import GRID_HZ, perform
from imu_tracker.simulate.wearing import (
    SITES,
    TYPICAL,
    Mounting,
    Sensor,
    draw_mounting,
    readings,
    recording,
    rotation,
    rotation_vector,
    sensor_pose,
    wear,
)

DT = 1 / GRID_HZ


def integrated(gyr: Floats, first: Floats, dt: float) -> Floats:
    """Orientation matrices from turn rates in the sensor's axes, by the trapezium of neighbouring samples."""
    out = [first]
    for step in rotation((gyr[1:] + gyr[:-1]) / 2 * dt):
        out.append(out[-1] @ step)
    return np.array(out)


@given(vector=st.tuples(*[st.floats(-1.7, 1.7)] * 3))
def test_rotations_are_scipy_s(vector: tuple[float, float, float]) -> None:
    v = np.array(vector)
    assert rotation(v) == pytest.approx(Rotation.from_rotvec(v).as_matrix(), abs=1e-12)
    assert rotation_vector(rotation(v)) == pytest.approx(v, abs=1e-6)


@pytest.mark.parametrize("placement", SITES)
def test_a_still_sensor_reads_gravity_whichever_way_it_is_turned(placement: str) -> None:
    body = movement(EXERCISES[0]).posture
    position, turn = sensor_pose(body, placement, Mounting(turn=rotation(np.array([0.4, -1.0, 2.0]))))
    still = np.repeat(position[:1], 500, axis=0), np.repeat(turn[:1], 500, axis=0)
    acc, gyr = readings(*still, DT)
    assert acc == pytest.approx(np.broadcast_to(GRAVITY_M_S2 * turn[0, 2], acc.shape), abs=1e-6)
    assert np.abs(gyr).max() < 1e-9


def test_worn_nominally_quiet_standing_reads_up_along_z() -> None:
    body = movement(EXERCISES[0]).posture
    samples = wear(body, "pelvis", Mounting(), Sensor(), np.random.default_rng(0))
    quiet = samples.acc[(samples.t > 0.5) & (samples.t < 2.5)].mean(axis=0)
    assert quiet == pytest.approx([0, 0, GRAVITY_M_S2], abs=0.1)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("placement", ["pelvis", "thigh_left", "shank_right", "chest"])
def test_integrating_the_gyroscope_gives_the_orientation(exercise: str, placement: str) -> None:
    """To 0.1 degree over the noiseless session, at the sensor's own 100 Hz and on a strapped-on, soft mounting."""
    body = movement(exercise).posture
    assert body.t[-1] > 45
    mounting = draw_mounting(np.random.default_rng(5))
    _, turn = sensor_pose(body, placement, mounting)
    samples = wear(body, placement, mounting, Sensor(rate_hz=GRID_HZ / 2), np.random.default_rng(0))
    found = integrated(samples.gyr, turn[0], 2 * DT)
    true = turn[::2][: len(found)]
    error = np.rad2deg(np.linalg.norm(rotation_vector(np.swapaxes(found, 1, 2) @ true), axis=1))
    assert error.max() < 0.1


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("placement", ["pelvis", "thigh_right"])
def test_integrating_the_acceleration_twice_gives_the_path(exercise: str, placement: str) -> None:
    body = movement(exercise).posture
    position, turn = sensor_pose(body, placement, Mounting())
    acc, _ = readings(position, turn, DT)
    world = np.einsum("nij,nj->ni", turn, acc) - np.array([0, 0, GRAVITY_M_S2])
    speed = np.cumsum(world, axis=0) * DT
    path = np.cumsum(speed, axis=0) * DT  # where the next sample will be
    # The start's speed and place are the two constants of the integration.
    t = np.column_stack([np.ones(len(path) - 1), body.t[1:]])
    error = path[:-1] - position[1:]
    error -= t @ np.linalg.lstsq(t, error, rcond=None)[0]
    assert np.abs(error).max() < 0.001


@pytest.mark.parametrize("exercise", EXERCISES)
def test_mirrored_plans_and_people_give_mirrored_signals(exercise: str) -> None:
    left, right = movement(exercise, "left"), movement(exercise, "right")
    for placement, there in (
        ("pelvis", "pelvis"),
        ("thigh_left", "thigh_right"),
        ("shank_right", "shank_left"),
        ("chest", "chest"),
    ):
        acc, gyr = readings(*sensor_pose(left.posture, placement, Mounting()), DT)
        acc_there, gyr_there = readings(*sensor_pose(right.posture, there, Mounting()), DT)
        assert acc_there == pytest.approx(acc * [1, -1, 1], abs=1e-6)
        assert gyr_there == pytest.approx(gyr * [-1, 1, -1], abs=1e-6)


def test_turning_the_sensor_turns_the_readings_and_nothing_else() -> None:
    body = movement(EXERCISES[1]).posture
    turn = rotation(np.array([0.2, 0.5, -1.3]))
    soft = Mounting(skin_hz=12, rocking_deg_per_mm=0.2)
    straight = readings(*sensor_pose(body, "pelvis", soft), DT)
    turned = readings(*sensor_pose(body, "pelvis", replace(soft, turn=turn)), DT)
    for a, b in zip(straight, turned, strict=True):
        assert b == pytest.approx(a @ turn, abs=1e-7)


def test_soft_tissue_rings_but_does_not_wander_off() -> None:
    body = movement(EXERCISES[0]).posture
    firm, _ = sensor_pose(body, "pelvis", Mounting())
    soft, _ = sensor_pose(body, "pelvis", Mounting(skin_hz=10, skin_damping=0.4))
    moved = np.linalg.norm(firm - soft, axis=1)
    assert 0.0005 < moved.max() < 0.02
    assert moved[-1] < 0.001


@pytest.mark.parametrize("rate_hz", [10.0, 52.0, 100.0, 400.0])
def test_the_rate_is_the_sensor_s(rate_hz: float) -> None:
    body = movement(EXERCISES[1]).posture
    samples = wear(body, "pelvis", Mounting(), Sensor(rate_hz=rate_hz), np.random.default_rng(0))
    assert np.diff(samples.t) == pytest.approx(1 / rate_hz)
    assert len(samples.t) == pytest.approx(body.t[-1] * rate_hz, abs=1)


def test_faults_are_of_the_size_asked_for() -> None:
    still = perform((Part("quiet", seconds=100),), 1, Person()).posture
    one = np.random.default_rng
    clean = wear(still, "pelvis", Mounting(), Sensor(), one(1))
    noisy = wear(still, "pelvis", Mounting(), Sensor(acc_noise=0.05, gyr_noise=0.01), one(1))
    assert (noisy.acc - clean.acc).std() == pytest.approx(0.05, rel=0.05)
    assert (noisy.gyr - clean.gyr).std() == pytest.approx(0.01, rel=0.05)
    biased = wear(still, "pelvis", Mounting(), Sensor(acc_bias=0.1), one(1)).acc - clean.acc
    assert np.ptp(biased, axis=0) == pytest.approx([0, 0, 0], abs=1e-9)
    assert np.abs(biased).max() > 0.01
    steps = wear(still, "pelvis", Mounting(), Sensor(acc_step=0.25), one(1)).acc / 0.25
    assert steps == pytest.approx(np.round(steps))
    assert wear(still, "pelvis", Mounting(), Sensor(acc_range=5), one(1)).acc.max() == 5
    drifting = wear(still, "pelvis", Mounting(), Sensor(drift_ppm=100), one(1)).t
    assert drifting[-1] - clean.t[-1] == pytest.approx(100e-6 * clean.t[-1])
    jittered = wear(still, "pelvis", Mounting(), Sensor(jitter_s=0.001), one(1)).t
    assert np.diff(jittered).std() == pytest.approx(0.001 * np.sqrt(2), rel=0.05)
    assert np.diff(jittered).min() > 0
    lossy = wear(still, "pelvis", Mounting(), Sensor(lost=0.05, packet=5), one(1))
    assert 1 - len(lossy.t) / len(clean.t) == pytest.approx(0.05, abs=0.02)
    assert lossy.t[0] == 0


def test_a_seed_gives_the_same_bytes() -> None:
    body = movement(EXERCISES[0]).posture
    first, again, other = (
        wear(body, "pelvis", draw_mounting(np.random.default_rng(s)), TYPICAL, np.random.default_rng(s)) for s in (1, 1, 2)
    )
    assert first.acc.tobytes() == again.acc.tobytes()
    assert first.t.tobytes() == again.t.tobytes()
    assert first.acc.tobytes() != other.acc.tobytes()


def test_what_was_worn_becomes_a_recording() -> None:
    body = movement(EXERCISES[0]).posture
    rng = np.random.default_rng(1)
    made = recording({p: wear(body, p, draw_mounting(rng), TYPICAL, rng) for p in ("pelvis", "thigh_left")}, {"subject": "sim"})
    assert made.streams["pelvis"].timing.rate_hz == pytest.approx(100, rel=0.01)
    assert made.streams["pelvis"].timing.lost > 0
    assert made.about["subject"] == "sim"


def test_placements_are_the_project_s_and_others_are_refused() -> None:
    assert all(placement_name(p) == p for p in SITES)
    with pytest.raises(UsageError, match="can be worn on 'hat'"):
        sensor_pose(movement(EXERCISES[0]).posture, "hat", Mounting())
