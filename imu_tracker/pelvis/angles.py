"""Obliquity and tilt of the pelvis against the wearer's own quiet standing, and how uncertain they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion, grid_rows
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.axes import PelvisAxes

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


def pelvis_angles(
    motions: tuple[Motion, ...], axes: PelvisAxes, samples: int, changes: Sequence[tuple[float, PelvisAxes]] = ()
) -> Angles:
    """Angles of a whole recording of `samples` grid points; changes: since when (s, in order) the sensor has other axes.

    With up = (ux, uy, uz) in the body's axes, obliquity = asin(uy) and tilt = atan2(-ux, uz) (interface.md). An error of the turn
    about the vertical brings forward lean into obliquity: uy errs by ux times it.
    """
    out = np.full((3, samples), np.nan)
    since = [0, *(min(int(s * GRID_HZ), samples) for s, _ in changes), samples]
    for k, current in enumerate([axes, *(other for _, other in changes)]):
        for m in motions:
            a, b = max(m.first, since[k]), min(m.first + len(m), since[k + 1])
            if a < b:
                out[:, a:b] = _angles(m.up[a - m.first : b - m.first], current)
    return Angles(*out)


def highest(angle_deg: Floats, error_deg: Floats, times: float) -> tuple[float, float] | None:
    """The highest of some angles (M,) and how far the true highest may lie from it, each known to `times` its error (M,).

    It may lie elsewhere than this one. None where no angle is known.
    """
    if not np.isfinite(angle_deg).any():
        return None
    most, reach = float(np.nanmax(angle_deg)), times * error_deg
    return most, max(float(np.nanmax(angle_deg + reach)) - most, most - float(np.nanmax(angle_deg - reach)))


def _angles(up: Floats, axes: PelvisAxes) -> Floats:
    """Obliquity, tilt and error (3, M) of up vectors (M, 3) in the sensor's frame."""
    up = up @ axes.rotation.T
    obliquity = np.degrees(np.arcsin(np.clip(up[:, 1], -1.0, 1.0)))
    tilt = np.degrees(np.arctan2(-up[:, 0], up[:, 2]))
    error = np.hypot(axes.vertical_deg, axes.yaw_deg * np.abs(up[:, 0]))
    upright = (np.abs(obliquity) <= MOST_OBLIQUITY_DEG) & (tilt >= TILTS_DEG[0]) & (tilt <= TILTS_DEG[1])
    return np.where(upright, [obliquity, tilt, error], np.nan)
