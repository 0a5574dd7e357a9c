"""Which way is forward, and when nobody can say."""

import numpy as np
import pytest
from leaning import leaning

from imu_tracker.motion import GridPiece, Motion, motion_of
from imu_tracker.motion.mounting import find_bows, quiet_standing
from imu_tracker.pelvis.axes import (
    CONTRADICTED,
    NO_GYROSCOPE,
    NO_QUIET,
    TURNED,
    AxesParameters,
    PelvisAxes,
    mounting_of,
    pelvis_axes,
    with_swing,
)

BOWS = [(0.0, 0.0), (6.0, 0.0), (7.2, 45.0), (8.4, 0.0), (9.4, 0.0), (10.6, 45.0), (11.8, 0.0), (20.0, 0.0)]
SWINGS = [(0.0, 0.0), *[(6.0 + 3.0 * k + t, a) for k in range(6) for t, a in ((0.0, 0.0), (1.5, 40.0))], (24.0, 0.0)]


def axes_of(m: Motion) -> PelvisAxes | str:
    quiet = quiet_standing((m,))
    standing = quiet[0] if quiet else None
    return pelvis_axes((m,), standing, find_bows((m,), standing) if standing else None)


def found(axes: PelvisAxes | str) -> PelvisAxes:
    assert isinstance(axes, PelvisAxes)
    return axes


@pytest.mark.parametrize("yaw_deg", [0.0, 10.0, 90.0, 180.0])
def test_bows_give_forward_however_the_sensor_is_turned(yaw_deg: float) -> None:
    axes = found(axes_of(leaning(tilt=BOWS, yaw_deg=yaw_deg)))
    c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
    assert axes.how == "bows"
    np.testing.assert_allclose(axes.rotation, [[c, -s, 0], [s, c, 0], [0, 0, 1]], atol=0.04)
    np.testing.assert_allclose(axes.rotation @ axes.rotation.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(axes.rotation) == pytest.approx(1.0)


def test_without_bows_the_way_of_wearing_stands_with_its_wide_error() -> None:
    axes = found(axes_of(leaning(tilt=[(0.0, 0.0)])))
    assert axes.how == "nominal"
    assert axes.yaw_deg == AxesParameters.nominal_deg
    np.testing.assert_allclose(axes.rotation, np.eye(3), atol=0.02)


def test_a_sensor_with_x_up_has_z_pointing_back() -> None:
    level = leaning(tilt=[(0.0, 0.0)])
    assert level.gyr is not None
    to_sensor = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])  # its x is the body's z, its z the body's -x
    m = motion_of(GridPiece(0, level.acc @ to_sensor.T, level.gyr @ to_sensor.T))
    np.testing.assert_allclose(found(axes_of(m)).rotation @ to_sensor, np.eye(3), atol=0.02)


def test_a_sensor_on_its_side_tells_nothing_without_bows() -> None:
    level = leaning(tilt=[(0.0, 0.0)])
    assert level.gyr is not None
    to_sensor = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])
    assert axes_of(motion_of(GridPiece(0, level.acc @ to_sensor.T, level.gyr @ to_sensor.T))) == TURNED


def test_no_standing_and_no_gyroscope_are_reasons() -> None:
    restless = [(t / 2, 10.0 * (-1) ** t) for t in range(40)]
    assert axes_of(leaning(tilt=restless, duration_s=19.0)) == NO_QUIET
    level = leaning(tilt=[(0.0, 0.0)])
    assert axes_of(motion_of(GridPiece(0, level.acc, None))) == NO_GYROSCOPE


@pytest.mark.parametrize("yaw_deg", [-12.0, 12.0])
def test_a_large_swing_forwards_makes_nominal_axes_better(yaw_deg: float) -> None:
    m = leaning(tilt=SWINGS, duration_s=24.0, yaw_deg=yaw_deg)
    nominal = found(axes_of(m))
    better = found(with_swing((m,), nominal, (6.0, 23.0), False, AxesParameters()))
    forward = np.array([np.cos(np.radians(yaw_deg)), -np.sin(np.radians(yaw_deg)), 0.0])
    off = [np.degrees(np.arccos(np.clip(axes.rotation[0] @ forward, -1, 1))) for axes in (nominal, better)]
    assert off[1] < 0.6 * off[0]
    assert better.how == "motion"
    assert better.yaw_deg < nominal.yaw_deg


def test_a_swing_across_contradicts_the_way_of_wearing() -> None:
    m = leaning(tilt=SWINGS, duration_s=24.0, yaw_deg=90.0)
    assert with_swing((m,), found(axes_of(m)), (6.0, 23.0), False, AxesParameters()) == CONTRADICTED


def test_bows_are_not_overruled_by_a_swing() -> None:
    m = leaning(tilt=BOWS)
    axes = found(axes_of(m))
    assert with_swing((m,), axes, (6.0, 12.0), False, AxesParameters()) is axes


def test_the_result_says_how_and_how_sure_or_why_not() -> None:
    known = mounting_of(found(axes_of(leaning(tilt=BOWS))))
    assert (known.resolved, known.how, known.reason) == (True, "bows", None)
    unknown = mounting_of(NO_QUIET)
    assert (unknown.resolved, unknown.how, unknown.uncertainty_deg, unknown.reason) == (False, None, None, NO_QUIET)
