"""What the wearer should know of a sensor, seen while a session goes on."""

from __future__ import annotations

import numpy as np

from imu_tracker import words
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.recording import UNKNOWN_PLACEMENT

OFF = 0.03  # a larger error of the accelerometer at rest spoils angles by more than a degree


def off_gravity(placement: str, still_m_s2: Floats) -> str:
    """A sentence where an accelerometer at rest doesn't read gravity, else empty. still_m_s2: (N, 3), N > 0."""
    off = float(np.linalg.norm(still_m_s2.mean(axis=0))) / GRAVITY_M_S2 - 1.0
    if abs(off) <= OFF:
        return ""
    where = "" if placement == UNKNOWN_PLACEMENT else f" on the {words.placement(placement)}"
    much = "much" if off > 0 else "little"
    return f"At rest the sensor{where} reads {100.0 * abs(off):.0f} % too {much}: angles are less certain. Counts are right."
