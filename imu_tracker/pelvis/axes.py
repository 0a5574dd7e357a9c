"""The pelvis' axes in the sensor's frame: from bows, else from the way a sensor is worn, and how far to trust them.

Quiet standing gives the vertical. The left-right axis comes from forward bows; without them from the nominal way of wearing,
whose turn about the vertical is known to about nine degrees only. The exercise's own swing forwards could tell it, too, were it
not that a pelvis that drops as it tilts swings aslant just so: aligning with the swing would take away the mean drop that is to
be measured. So the swing is believed as far as it is large against the obliquity people have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.motion.mounting import Bows, Standing
from imu_tracker.numeric import Floats, smooth
from imu_tracker.results import Mounting


@dataclass(frozen=True)
class AxesParameters:
    """How well what is assumed holds; standard errors in degrees."""

    nominal_deg: float = 8.7
    """Turn about the vertical of a belt put on with care: anything within 15 degrees either way."""
    upright_deg: float = 30.0
    """A sensor worn nominally has its z, or its x, so near to the vertical."""
    obliquity_deg: float = 5.0
    """Obliquity that comes with an exercise's tilt: healthy people drop 7.4 +/- 3.8 in single-leg squats, others hike."""
    even_deg: float = 2.5
    """The same where both sides work in turn: what the one side adds the other takes away."""
    vertical_deg: float = 0.6
    """Of the vertical: sway in quiet standing, and VQF's inclination error (0.5 in the BROAD trials)."""
    swing_hz: float = 0.8
    """Slower changes are the movement's own tilt."""
    least_swing_deg: float = 6.0
    """RMS of a swing that can contradict the way of wearing: obliquity alone does not swing so far."""
    straight: float = 0.85
    """... and its share along one direction."""
    contradicts_deg: float = 45.0
    """... which is so far from where the nominal axes have it."""


@dataclass(frozen=True)
class PelvisAxes:
    """rotation: (3, 3), rows forward, left, up in the sensor frame. yaw_deg, vertical_deg: standard errors."""

    rotation: Floats
    how: Literal["bows", "motion", "nominal"]
    yaw_deg: float
    vertical_deg: float

    def turned(self, yaw_deg: float, how: Literal["motion", "nominal"], error_deg: float) -> PelvisAxes:
        """The same turned about the vertical, left as seen from above."""
        c, s = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
        about_up = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
        return PelvisAxes(about_up @ self.rotation, how, error_deg, self.vertical_deg)


NO_GYROSCOPE = "the pelvis' angles need a gyroscope"
NO_QUIET = "no quiet standing of two seconds was found to measure against; stand still at the start"
TURNED = "the sensor isn't worn upright, and no forward bows tell how; bow twice after standing still"
CONTRADICTED = "the movement swings across where the way of wearing has forward; bow twice after standing still"


def pelvis_axes(
    motions: tuple[Motion, ...], standing: Standing | None, bows: Bows | None, p: AxesParameters | None = None
) -> PelvisAxes | str:
    """The axes from standing and bows, or from the nominal way of wearing; or the reason why there are none."""
    p = p or AxesParameters()
    if all(m.gyr is None for m in motions):
        return NO_GYROSCOPE
    if standing is None:
        return NO_QUIET
    if bows is not None:
        return PelvisAxes(frame(standing.up, bows.left), "bows", bows.uncertainty_deg, p.vertical_deg)
    left = _nominal_left(standing.up, p)
    return TURNED if left is None else PelvisAxes(frame(standing.up, left), "nominal", p.nominal_deg, p.vertical_deg)


def frame(up: Floats, left: Floats) -> Floats:
    """Rows forward, left, up: up as it is, left brought level."""
    left = left - (left @ up) * up
    left = left / float(np.linalg.norm(left))
    return np.array([np.cross(left, up), left, up])


def _nominal_left(up: Floats, p: AxesParameters) -> Floats | None:
    """The wearer's left where the sensor is worn as the interface says: z up, or x vertical and z pointing back."""
    least = float(np.cos(np.radians(p.upright_deg)))
    if up[2] >= least:
        forward = np.array([1.0, 0.0, 0.0])
    elif abs(up[0]) >= least:
        forward = np.array([0.0, 0.0, -1.0])
    else:
        return None
    return np.cross(up, forward - (forward @ up) * up)


def with_swing(
    motions: tuple[Motion, ...], axes: PelvisAxes, span: tuple[float, float], even: bool, p: AxesParameters
) -> PelvisAxes | str:
    """Nominal axes made better by the swing of an exercise that leans forwards, in `span` s; or why they can't be right.

    even: both sides work in turn. Two witnesses of the same angle, each weighed by its error: the way of wearing, and the
    direction of the swing, off by as much as obliquity comes with tilt.
    """
    swing = _swing(motions, axes, span, p)
    if axes.how != "nominal" or swing is None:
        return axes
    aslant_deg, rms_deg, straight = swing
    if rms_deg >= p.least_swing_deg and straight >= p.straight and abs(aslant_deg) > p.contradicts_deg:
        return CONTRADICTED
    sideways_deg = p.even_deg if even else p.obliquity_deg
    error_deg = float(np.degrees(np.arctan2(sideways_deg, 2.0 * rms_deg)))  # a swing's peak is about twice its RMS from rest
    if straight < p.straight or abs(aslant_deg) > p.contradicts_deg:
        return axes
    weight = axes.yaw_deg**2 / (axes.yaw_deg**2 + error_deg**2)
    return axes.turned(weight * aslant_deg, "motion", axes.yaw_deg * float(np.sqrt(1.0 - weight)))


def _swing(
    motions: tuple[Motion, ...], axes: PelvisAxes, span: tuple[float, float], p: AxesParameters
) -> tuple[float, float, float] | None:
    """Of the up vector's slow swing: degrees that its plane lies aslant of forward (+: to the left), RMS in degrees from
    standing, and share along that direction."""
    parts = []
    for m in motions:
        a, b = (int(np.clip(round(s * GRID_HZ) - m.first, 0, len(m))) for s in span)
        if b - a > GRID_HZ:
            parts.append(smooth(m.up[a:b] @ axes.rotation[:2].T, p.swing_hz, GRID_HZ))
    if not parts:
        return None
    level = np.concatenate(parts)
    energy, directions = np.linalg.eigh(level.T @ level)
    forward, left = directions[:, -1] * (1.0 if directions[0, -1] >= 0.0 else -1.0)
    rms = float(np.degrees(np.sqrt(energy[-1] / len(level))))
    return float(np.degrees(np.arctan2(left, forward))), rms, float(energy[-1] / max(float(energy.sum()), 1e-12))


def mounting_of(axes: PelvisAxes | str) -> Mounting:
    """What the result says of the mounting; uncertainty_deg: standard error of the turn about the vertical."""
    if isinstance(axes, str):
        return Mounting(reason=axes)
    return Mounting(True, axes.how, axes.yaw_deg)
