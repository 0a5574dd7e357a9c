"""Gravity's direction and what is left of the acceleration without it."""

from __future__ import annotations

import made
import numpy as np
import pytest

from imu_tracker.motion import GRID_HZ, GridPiece, Motion, motion_of, orientation, refined, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.recording import Recording


def motions(recording: Recording) -> tuple[Motion, ...]:
    return tuple(motion_of(p) for p in to_grid(recording.streams["pelvis"], recording.start_s))


def true_up(plan: made.Plan, at: Floats) -> Floats:
    """Up in the made sensor's frame."""
    acc, _ = made.samples(plan, at)
    up: Floats = acc / np.linalg.norm(acc, axis=1, keepdims=True)
    return up


@pytest.mark.parametrize(("gyroscope", "allowed_deg"), [(True, 1.0), (False, 6.0)])
def test_up_follows_the_sensor(gyroscope: bool, allowed_deg: float) -> None:
    plan = made.Plan(out_s=2.0, back_s=2.0, lift_m=0.3)
    (motion,) = motions(made.recording(plan, gyroscope=gyroscope))
    up = true_up(plan, motion.start_s + np.arange(len(motion)) / GRID_HZ)
    error = np.degrees(np.arccos(np.clip(np.einsum("ij,ij->i", up, motion.up), -1, 1)))
    assert np.sqrt(np.mean(error**2)) < allowed_deg


def test_vertical_acceleration_is_the_lifts() -> None:
    plan = made.Plan(range_deg=1.0, lift_m=0.3)
    (motion,) = motions(made.recording(plan))
    acc, _ = made.samples(plan, np.arange(len(motion)) / GRID_HZ)
    expected = np.linalg.norm(acc, axis=1) - 9.80665
    assert np.abs((motion.linear() * motion.up).sum(axis=1) - expected).max() < 0.1
    assert np.allclose(motion.linear(100, 200), motion.linear()[100:200])


def test_each_piece_starts_anew() -> None:
    whole = made.recording(made.Plan())
    cut = made.with_gap(whole, 15.0, 15.5)
    first, second = motions(cut)
    (alone,) = motions(made.with_gap(whole, 15.0, 1e6))
    assert np.allclose(first.up, alone.up)
    later = made.with_gap(whole, -1.0, 15.5)
    assert np.allclose(motions(later)[0].up, second.up)


def test_orientation_in_parts_is_that_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long recordings are worked on by parts; the offline variant's heading, which is arbitrary, goes on from part to part."""
    (still,) = motions(made.recording(made.Plan(reps=60)))
    assert still.gyr is not None
    piece = GridPiece(0, still.acc, still.gyr + 0.05 * still.up)  # someone who turns round meanwhile
    whole = motion_of(piece)
    fine = refined(whole)
    monkeypatch.setattr(orientation, "AT_ONCE", 1000)
    monkeypatch.setattr(orientation, "HOUR", len(whole) // 3)
    monkeypatch.setattr(orientation, "OVERLAP", 3000)
    parts, again = motion_of(piece), refined(whole)
    assert parts.quaternion is not None
    assert whole.quaternion is not None
    assert np.array_equal(parts.quaternion, whole.quaternion)
    assert np.array_equal(parts.up, whole.up)
    assert again.quaternion is not None
    assert fine.quaternion is not None
    alike = np.abs(np.einsum("ij,ij->i", again.quaternion, fine.quaternion))
    assert np.degrees(2 * np.arccos(np.clip(alike, -1, 1))).max() < 0.1
    assert np.abs(again.up - fine.up).max() < 1e-4
