"""Walking and what else people do with a rhythm that isn't exercise."""

from __future__ import annotations

import numpy as np
import pytest

from imu_tracker.numeric import Floats
from imu_tracker.simulate.body import joint_angles_deg, soles
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.session import GRID_HZ, Movement, perform

PEOPLE = range(4)


def done(name: str, seed: int, count: int = 6, seconds: float = 0.0, turn_deg: float = 0.0, brisk: float = 0.0) -> Movement:
    part = Part(name, count=count, side="left", seconds=seconds, turn_deg=turn_deg, brisk=brisk)
    return perform((Part("quiet", seconds=1.0), part, Part("quiet", seconds=1.0)), seed)


def thigh_forward_deg(movement: Movement, side: str) -> Floats:
    down = -movement.posture.turn[f"thigh_{side}"][..., 2]
    out: Floats = np.rad2deg(np.arctan2(down[:, 0], -down[:, 2]))
    return out


@pytest.mark.parametrize("brisk", [0.0, 0.5, 1.0])
def test_walking_is_walking(brisk: float) -> None:
    """Thighs swing forward and behind, knees bend in the air and never lock, the hips rise over each leg."""
    for seed in PEOPLE:
        movement = done("walk", seed, brisk=brisk)
        body = movement.posture
        steady = slice(round(2.5 * GRID_HZ), round((movement.t[-1] - 2.5) * GRID_HZ))
        for side in ("left", "right"):
            forward = thigh_forward_deg(movement, side)[steady]
            assert 15 < forward.max() < 42
            assert -20 < forward.min() < 6
            knee = joint_angles_deg(body, side)["knee_flexion"]
            assert knee.min() > 2.5
            assert 50 < knee.max() < 75
            assert min(at[:, 2].min() for at in soles(body, side)) > -1e-3
        assert 0.004 < np.ptp(body.origin["pelvis"][steady, 2]) < 0.08
        gone = body.origin["pelvis"][-1, 0] - body.origin["pelvis"][0, 0]
        assert 0.2 < gone / 6 / body.build.stature < 0.4


def test_arms_swing_against_the_legs() -> None:
    for seed in PEOPLE:
        movement = done("walk", seed, count=8, brisk=0.6)
        steady = slice(round(2.5 * GRID_HZ), round((movement.t[-1] - 2.5) * GRID_HZ))
        arms = movement.posture.channels["arm_flexion_left"] - movement.posture.channels["arm_flexion_right"]
        legs = thigh_forward_deg(movement, "left") - thigh_forward_deg(movement, "right")
        assert np.corrcoef(arms[steady], legs[steady])[0, 1] < -0.7
        assert np.ptp(np.rad2deg(movement.posture.channels["arm_flexion_left"])) > 8
        assert np.rad2deg(movement.posture.channels["elbow_left"][steady]).min() > 2


def test_marching_stays_where_it_is() -> None:
    for seed in PEOPLE:
        movement = done("march", seed)
        pelvis = movement.posture.origin["pelvis"]
        assert np.ptp(pelvis[:, 0]) < 0.05
        assert 20 < thigh_forward_deg(movement, "left").max() < 55
        assert thigh_forward_deg(movement, "left").min() > -6


def test_stairs_go_up_and_come_down_again() -> None:
    movement = done("stairs", 3, count=7)
    pelvis = movement.posture.origin["pelvis"]
    assert 7 * 0.13 < pelvis[:, 2].max() - pelvis[0, 2] < 7 * 0.2
    assert np.abs(pelvis[-1] - pelvis[0]).max() < 0.15
    assert movement.posture.channels["foot_z_left"][-1] == pytest.approx(0, abs=1e-9)


def test_a_turn_turns() -> None:
    for degrees in (90.0, 270.0):
        yaw = np.rad2deg(done("turn", 2, turn_deg=degrees).posture.channels["yaw"])
        assert yaw[-1] - yaw[0] == pytest.approx(degrees, abs=1e-6)


def test_a_jiggling_knee_goes_up_and_down_at_3_to_6_hz() -> None:
    movement = done("jiggle", 1, seconds=8)
    heel = movement.posture.channels["heel_left"]
    part = heel[heel > 0.5 * heel.max()]
    assert len(part) > GRID_HZ / 2
    middle = heel[round(4.5 * GRID_HZ) : round(6.5 * GRID_HZ)]
    power = np.abs(np.fft.rfft((middle - middle.mean()) * np.hanning(len(middle)), 4096)) ** 2
    assert 2.7 < np.fft.rfftfreq(4096, 1 / GRID_HZ)[power.argmax()] < 6.5


def test_stretching_bends_the_trunk_or_circles_the_hips() -> None:
    seen = set()
    for seed in range(8):
        body = done("stretch", seed, count=2).posture
        bent = np.rad2deg(np.ptp(body.channels["trunk_roll"])) > 10
        circled = np.ptp(body.origin["pelvis"][:, 0]) > 0.04
        assert bent or circled
        seen.add(bool(circled))
    assert seen == {True, False}


def test_busy_hands_move_and_feet_do_not() -> None:
    body = done("hands", 1, seconds=8).posture
    assert np.rad2deg(np.ptp(body.channels["elbow_left"])) > 30
    assert np.ptp(soles(body, "left")[0], axis=0).max() < 1e-6
