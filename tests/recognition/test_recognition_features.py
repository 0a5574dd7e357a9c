"""Features: what must not change them doesn't, and what should does."""

from __future__ import annotations

import numpy as np
import pytest
from made import Plan, recording, rotation

from imu_tracker.motion import motion_of, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.recognition.features import feature_names, motion_features
from imu_tracker.recognition.windows import LENGTH, windows_in_all
from imu_tracker.recording import Recording

PLAN = Plan(reps=6, range_deg=50.0, quiet_s=1.0)


def described(one: Recording) -> Floats:
    (stream,) = one.streams.values()
    motions = tuple(motion_of(piece) for piece in to_grid(stream, one.start_s))
    return motion_features(windows_in_all(motions, 0.0, 1e9))


@pytest.mark.parametrize("gyroscope", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_turning_the_sensor_on_the_body_changes_no_feature(gyroscope: bool, seed: int) -> None:
    turned = rotation(np.random.default_rng(seed).normal(size=3), 2.0)
    plain, other = (described(recording(PLAN, turned=r, noise=0.02, gyroscope=gyroscope)) for r in (None, turned))
    # the made motion stays in one plane, so some correlations are between noise and noise: those may differ more
    assert np.median(np.abs(plain - other)) < 1e-3
    assert np.quantile(np.abs(plain - other), 0.9) < 0.02


def test_mirroring_left_and_right_changes_no_feature() -> None:
    plain, mirrored = (described(recording(PLAN, mirrored=m)) for m in (False, True))
    assert np.quantile(np.abs(plain - mirrored), 0.99) < 0.02


@pytest.mark.parametrize("rate_hz", [50.0, 200.0])
def test_the_rate_hardly_matters(rate_hz: float) -> None:
    reference, other = described(recording(PLAN, 100.0)), described(recording(PLAN, rate_hz))
    n = min(len(reference), len(other))
    assert np.quantile(np.abs(reference[:n] - other[:n]), 0.9) < 0.05


def test_every_feature_has_a_name_of_its_own_and_those_of_the_accelerometer_are_among_all() -> None:
    gyr, acc = feature_names("gyr"), feature_names("acc")
    assert described(recording(PLAN)).shape[1] == len(gyr) == len(set(gyr))
    assert described(recording(PLAN, gyroscope=False)).shape[1] == len(acc) == len(set(acc))
    assert set(acc) < set(gyr)


def test_slow_and_fast_differ_in_the_band_they_are_in() -> None:
    names = feature_names("gyr")
    slow, fast = (described(recording(Plan(out_s=t, back_s=t, pause_s=0, rest_s=0, quiet_s=0))).mean(axis=0) for t in (2.0, 0.4))
    k = names.index("lean.strongest_hz")
    assert slow[k] < fast[k] - 0.5


def test_a_sensor_that_does_not_move_has_finite_features() -> None:
    still = np.zeros((2, LENGTH, 13))
    still[..., 2], still[..., 5] = 9.81, 1.0
    assert np.isfinite(motion_features(still)).all()
    assert np.isfinite(motion_features(np.zeros((1, LENGTH, 6)))).all()
