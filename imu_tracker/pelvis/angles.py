"""Obliquity and tilt of the pelvis against the wearer's own quiet standing, and how uncertain they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion, grid_rows
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.axes import PelvisAxes
from imu_tracker.pelvis.slipping import Slip

MOST_OBLIQUITY_DEG = 60.0  # farther from upright nothing is called obliquity (the interface's rule)
TILTS_DEG = (-60.0, 100.0)  # on the back, or farther over than any hinge goes: lying


@dataclass(frozen=True)
class Angles:
    """On the recording's 100 Hz grid from point `first` on, all (M,), degrees, NaN in gaps and far from upright.

    obliquity_deg > 0: left side up. tilt_deg > 0: anterior. error_deg: standard error of the obliquity.
    """

    obliquity_deg: Floats
    tilt_deg: Floats
    error_deg: Floats
    first: int = 0

    def between(self, start_s: float, end_s: float) -> Angles:
        """Those in [start_s, end_s) s; views, no copies."""
        here = grid_rows(start_s, end_s, self.first)
        return Angles(self.obliquity_deg[here], self.tilt_deg[here], self.error_deg[here], self.first + here.start)


def pelvis_angles(motions: tuple[Motion, ...], axes: PelvisAxes, samples: int, slip: Slip | None = None) -> Angles:
    """Angles of a whole recording of `samples` grid points; slip: since when the sensor has other axes.

    With up = (ux, uy, uz) in the body's axes, obliquity = asin(uy) and tilt = atan2(-ux, uz) (interface.md). An error of the turn
    about the vertical brings forward lean into obliquity: uy errs by ux times it.
    """
    out = _angles(motions, axes, samples)
    if slip is not None:
        later = _angles(motions, slip.axes, samples)
        since = int(slip.since_s * GRID_HZ)
        out[:, since:] = later[:, since:]
    return Angles(*out)


def _angles(motions: tuple[Motion, ...], axes: PelvisAxes, samples: int) -> Floats:
    """Obliquity, tilt and error (3, M)."""
    out = np.full((3, samples), np.nan)
    for m in motions:
        here = slice(m.first, min(m.first + len(m), samples))
        up = m.up[: here.stop - here.start] @ axes.rotation.T
        obliquity = np.degrees(np.arcsin(np.clip(up[:, 1], -1.0, 1.0)))
        tilt = np.degrees(np.arctan2(-up[:, 0], up[:, 2]))
        error = np.hypot(axes.vertical_deg, axes.yaw_deg * np.abs(up[:, 0]))
        upright = (np.abs(obliquity) <= MOST_OBLIQUITY_DEG) & (tilt >= TILTS_DEG[0]) & (tilt <= TILTS_DEG[1])
        out[:, here] = np.where(upright, [obliquity, tilt, error], np.nan)
    return out
