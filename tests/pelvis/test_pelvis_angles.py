"""Obliquity and tilt as the interface defines them."""

import numpy as np
import pytest
from leaning import leaning

from imu_tracker.pelvis.angles import pelvis_angles
from imu_tracker.pelvis.axes import PelvisAxes

LEVEL = PelvisAxes(np.eye(3), "bows", 2.0, 0.5)


def test_the_left_side_up_is_positive_obliquity_and_leaning_forward_positive_tilt() -> None:
    m = leaning(tilt=[(0.0, 0.0), (5.0, 0.0), (6.0, 30.0), (9.0, 30.0)], lean=[(0.0, 0.0), (12.0, 0.0), (13.0, 8.0)])
    angles = pelvis_angles((m,), LEVEL, len(m))
    assert angles.tilt_deg[800] == pytest.approx(30.0, abs=1.0)
    assert angles.obliquity_deg[800] == pytest.approx(0.0, abs=1.0)
    assert angles.obliquity_deg[1600] == pytest.approx(8.0 * np.cos(np.radians(angles.tilt_deg[1600])), abs=1.0)


def test_an_unknown_turn_of_the_sensor_matters_as_far_as_the_pelvis_leans() -> None:
    m = leaning(tilt=[(0.0, 0.0), (5.0, 0.0), (6.0, 30.0), (9.0, 30.0)])
    error = pelvis_angles((m,), LEVEL, len(m)).error_deg
    assert error[200] == pytest.approx(0.5, abs=0.1)
    assert error[800] == pytest.approx(np.hypot(0.5, 2.0 * np.sin(np.radians(30.0))), abs=0.1)


def test_far_from_upright_nothing_is_told() -> None:
    m = leaning(lean=[(0.0, 0.0), (5.0, 0.0), (7.0, 75.0), (12.0, 75.0)])
    angles = pelvis_angles((m,), LEVEL, len(m))
    assert np.isfinite(angles.obliquity_deg[200])
    assert np.isnan(angles.obliquity_deg[1000])
    assert np.isnan(angles.tilt_deg[1000])
    assert np.isnan(angles.error_deg[1000])


def test_nothing_is_invented_outside_the_pieces() -> None:
    m = leaning(duration_s=5.0, tilt=[(0.0, 0.0)])
    angles = pelvis_angles((m,), LEVEL, len(m) + 200)
    assert np.isfinite(angles.tilt_deg[: len(m)]).all()
    assert np.isnan(angles.tilt_deg[len(m) :]).all()
