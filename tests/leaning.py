"""A made-up pelvis that leans as told: for tests of the mounting and of the pelvis' angles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.spatial.transform import Rotation

from imu_tracker.motion import GRID_HZ, GridPiece, Motion, motion_of

Course = Sequence[tuple[float, float]]  # times (s) and angles (degrees); smooth between them


def _angle(course: Course, t: np.ndarray) -> np.ndarray:
    at = dict(course)
    times = sorted(at)
    if len(times) < 2:
        return np.full(len(t), at[times[0]] if times else 0.0)
    return np.asarray(PchipInterpolator(times, [at[k] for k in times])(np.clip(t, times[0], times[-1])))


def leaning(tilt: Course = (), lean: Course = (), duration_s: float = 20.0, yaw_deg: float = 0.0) -> Motion:
    """A sensor worn nominally whose wearer tilts forward by `tilt` and then has the left side up by `lean`, standing on the spot.

    yaw_deg: how the sensor is turned about the vertical, to the left as seen from above.
    """
    t = np.arange(round(duration_s * GRID_HZ)) / GRID_HZ
    body = Rotation.from_euler("YX", np.column_stack([_angle(tilt, t), _angle(lean, t)]), degrees=True)
    sensor = body * Rotation.from_euler("z", yaw_deg, degrees=True)
    rates = (sensor[:-1].inv() * sensor[1:]).as_rotvec() * GRID_HZ
    rng = np.random.default_rng(1)
    gyr = np.vstack([rates[:1], rates]) + rng.normal(0.0, 0.003, (len(t), 3))
    acc = sensor.inv().apply([0.0, 0.0, 9.80665]) + rng.normal(0.0, 0.03, (len(t), 3))
    return motion_of(GridPiece(0, acc, gyr))
