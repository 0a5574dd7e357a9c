from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.numeric import Floats
from imu_tracker.simulate.actor import STANDING_KNEE_DEG, standing
from imu_tracker.simulate.body import SEGMENTS, Build, Posture, joint_angles_deg, pose, soles


def posed(build: Build, **channels: float) -> Posture:
    values: dict[str, Floats] = {name: np.full(3, v) for name, v in (standing(build) | channels).items()}
    return pose(values, build, np.arange(3) / 100)


@given(stature=st.floats(1.4, 2.1))
def test_standing_is_upright_with_feet_flat_and_knees_nearly_straight(stature: float) -> None:
    body = posed(Build(stature))
    for side in ("left", "right"):
        assert joint_angles_deg(body, side)["knee_flexion"] == pytest.approx(STANDING_KNEE_DEG, abs=3)
        for point in soles(body, side):
            assert point[:, 2] == pytest.approx(0, abs=1e-12)
    assert body.turn["pelvis"][0] == pytest.approx(np.eye(3))
    assert body.origin["pelvis"][0, 2] / stature == pytest.approx(0.53, abs=0.006)  # Winter: hip at 0.530 of the stature


def test_segments_are_rigid_and_linked() -> None:
    build = Build(1.8)
    body = posed(build, crouch=1.2, obliquity=0.1, tilt=0.3, yaw=0.4, foot_x_left=0.3)
    for segment in SEGMENTS:
        turn = body.turn[segment]
        assert turn @ np.swapaxes(turn, 1, 2) == pytest.approx(np.broadcast_to(np.eye(3), turn.shape), abs=1e-12)
        assert np.linalg.det(turn) == pytest.approx(1)
    for side in ("left", "right"):
        hip, knee, ankle = (body.origin[f"{part}_{side}"] for part in ("thigh", "shank", "foot"))
        assert np.linalg.norm(hip - knee, axis=1) == pytest.approx(build.thigh)
        assert np.linalg.norm(knee - ankle, axis=1) == pytest.approx(build.shank)
        assert body.point(f"thigh_{side}", np.array([0, 0, -build.thigh])) == pytest.approx(knee)


def test_the_leg_with_the_least_reach_carries_the_pelvis() -> None:
    build = Build(1.72)
    high = posed(build).origin["pelvis"][0, 2]
    assert posed(build, foot_z_left=0.1).origin["pelvis"][0, 2] == pytest.approx(
        high, abs=0.006
    )  # the right leg still carries it
    assert posed(build, foot_x_left=0.5).origin["pelvis"][0, 2] < high - 0.02
    assert posed(build, crouch=1.5).origin["pelvis"][0, 2] < high - 0.15


@given(drop=st.floats(-0.25, 0.25), tilt=st.floats(-0.4, 0.9), yaw=st.floats(-3, 3))
def test_obliquity_and_tilt_are_the_interface_s(drop: float, tilt: float, yaw: float) -> None:
    up = posed(Build(1.7), obliquity=drop, tilt=tilt, yaw=yaw, foot_yaw_left=yaw, foot_yaw_right=yaw).turn["pelvis"][0, 2]
    assert np.arcsin(up[1]) == pytest.approx(drop)
    assert np.arctan2(-up[0], up[2]) == pytest.approx(tilt)


def test_angles_go_the_way_they_say() -> None:
    build = Build(1.72)
    free = {"placed_left": 0.0}
    body = posed(build, **free, hip_flexion_left=0.8)
    assert body.origin["foot_left"][0, 0] > 0.4  # forward
    body = posed(build, **free, hip_abduction_left=0.5)
    assert body.origin["foot_left"][0, 1] > 0.4  # outwards is to the left
    body = posed(build, placed_right=0.0, hip_abduction_right=0.5)
    assert body.origin["foot_right"][0, 1] < -0.4
    body = posed(build, **free, knee_left=1.2)
    assert body.origin["foot_left"][0, 0] < -0.2  # the heel goes back
    assert joint_angles_deg(body, "left")["knee_flexion"] == pytest.approx(np.rad2deg(1.2))
    assert posed(build, obliquity=0.2).origin["thigh_left"][0, 2] > posed(build, obliquity=-0.2).origin["thigh_left"][0, 2]


def test_a_pelvis_kept_level_does_not_follow_the_legs() -> None:
    build = Build(1.72)
    assert posed(build, level=1.0, z=0.8, foot_x_left=0.3).origin["pelvis"][:, 2] == pytest.approx(0.8)
