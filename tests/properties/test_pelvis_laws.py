"""The laws of the pelvis: mounting doesn't matter once bows have told it, and a mirrored wearer has the mirrored result."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from imu_tracker.analysis import Wish, analyze
from imu_tracker.files.reading import read_recording
from imu_tracker.recording import Recording, stream_from_samples
from imu_tracker.results import Session, Set

BUNDLED = Path(__file__).parents[2] / "datasets"
NAMES = ("single_leg_squat", "lateral_band_walk")
OTHER = {"left": "right", "right": "left", "both": "both", None: None}


@functools.cache
def bundled(name: str) -> Recording:
    return read_recording([str(BUNDLED / f"{name}.csv")])


def seen_by(name: str, acc_map: np.ndarray, gyr_map: np.ndarray) -> Session:
    stream = bundled(name).streams["pelvis"]
    assert stream.gyr is not None
    moved = stream_from_samples(stream.timing.t, stream.acc @ acc_map.T, stream.gyr @ gyr_map.T)
    return analyze(Recording({"pelvis": moved}), Wish(name))


@functools.cache
def plainly(name: str) -> Session:
    return seen_by(name, np.eye(3), np.eye(3))


def same_but_for_sides(one: Set, other: Set, mirrored: bool, tolerance_deg: float) -> None:
    assert one.count == other.count
    assert other.side == (OTHER[one.side] if mirrored else one.side)
    for a, b in zip(one.reps, other.reps, strict=True):
        assert b.side == (OTHER[a.side] if mirrored else a.side)
        assert a.drop_deg == pytest.approx(b.drop_deg, abs=tolerance_deg)
    for e, f in zip(one.pelvic_drop.events, other.pelvic_drop.events, strict=True):
        assert f.stance_side == (OTHER[e.stance_side] if mirrored else e.stance_side)
        assert e.peak_deg == pytest.approx(f.peak_deg, abs=tolerance_deg)


@settings(max_examples=5, deadline=None)
@given(st.sampled_from(NAMES), st.integers(0, 2**32 - 1))
def test_after_bows_turning_the_sensor_changes_no_count_no_side_and_no_drop(name: str, seed: int) -> None:
    turn = Rotation.random(random_state=np.random.RandomState(seed)).as_matrix()
    (one,), (other,) = plainly(name).sets, seen_by(name, turn, turn).sets
    same_but_for_sides(one, other, mirrored=False, tolerance_deg=0.1)


@pytest.mark.parametrize("name", NAMES)
def test_a_mirrored_wearer_has_the_mirrored_result(name: str) -> None:
    mirror = np.diag([1.0, -1.0, 1.0])
    (one,), (other,) = plainly(name).sets, seen_by(name, mirror, -mirror).sets  # turning is a pseudovector
    same_but_for_sides(one, other, mirrored=True, tolerance_deg=0.1)
