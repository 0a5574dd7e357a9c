"""Posture, the second kind of features: how a sensor lies against the wearer's own quiet standing, where that was found.

The motion alone can't tell lying from standing, as how a sensor lies against gravity is its mounting, too. Quiet standing gives
what the mounting takes: the angle from it is the body's own. Bows give the axes of the body, and with them which way it lies. Where
neither was found there is no posture, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import Motion
from imu_tracker.motion.mounting import find_bows, quiet_standing
from imu_tracker.numeric import Floats
from imu_tracker.recognition.windows import UP


@dataclass(frozen=True)
class Stance:
    """Up (3,) in quiet standing and, where bows were found, the wearer's left (3,), both unit, sensor frame."""

    up: Floats
    left: Floats | None


def stance_of(motions: Sequence[Motion]) -> Stance | None:
    """What calibration found in a stream; None without quiet standing (and without a gyroscope, which finds it)."""
    standing = quiet_standing(tuple(motions))
    if not standing:
        return None
    bows = find_bows(tuple(motions), standing[0])
    return Stance(standing[0].up, None if bows is None else bows.left)


def stood_features(windows: Floats, stance: Stance) -> Floats:
    """(W, 2): cosine and sine of the angle from quiet standing, means over windows (W, N, C)."""
    up = windows[..., UP].mean(axis=1)
    along = up @ stance.up
    across = np.linalg.norm(up - along[:, None] * stance.up, axis=1)
    return np.column_stack([along, across])


def bowed_features(windows: Floats, stance: Stance) -> Floats:
    """(W, 3): up's forward, sideward (either way) and upward share in the body's axes; the stance must have the left axis."""
    assert stance.left is not None
    up = windows[..., UP].mean(axis=1)
    left = stance.left - (stance.left @ stance.up) * stance.up
    left = left / np.linalg.norm(left)
    forward = np.cross(left, stance.up)
    return np.column_stack([up @ forward, np.abs(up @ left), up @ stance.up])


STOOD = ("along standing", "across standing")
BOWED = ("forward", "sideward", "upward")
