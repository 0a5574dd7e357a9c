"""What the wearer should know of a sensor, seen while a session goes on."""

from __future__ import annotations

import numpy as np

from imu_tracker.numeric import GRAVITY_M_S2, Floats

OFF = 0.03  # a larger error of the accelerometer at rest spoils angles by more than a degree


def off_gravity(still_m_s2: Floats | None) -> str:
    """A sentence where an accelerometer at rest doesn't read gravity, else empty. still_m_s2: (N, 3), None where unknown."""
    if still_m_s2 is None or not len(still_m_s2):
        return ""
    off = float(np.linalg.norm(still_m_s2.mean(axis=0))) / GRAVITY_M_S2 - 1.0
    if abs(off) <= OFF:
        return ""
    return f"At rest the sensor reads {100.0 * abs(off):.0f} % too {'much' if off > 0 else 'little'}: angles are less certain."
