"""What a second sensor on the thigh adds: how far it leans away from standing, and how far the hip is adducted.

How far it leans (the depth of a squat) needs no axes; 90 degrees is a level thigh. Adduction is the angle between thigh and
pelvis in the frontal plane, so it needs the axes of both. The thigh's forward is only known from the way of wearing: bows leave
it where it is, and its own swing takes the very adduction along that is asked for. So it is told while the thigh is near upright,
as in standing abduction or a shallow squat, and not in a deep one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion, grid_rows
from imu_tracker.motion.mounting import Standing, quiet_standing
from imu_tracker.numeric import Floats, median
from imu_tracker.pelvis.angles import Angles, pelvis_angles
from imu_tracker.pelvis.axes import pelvis_axes
from imu_tracker.pelvis.drop import DropParameters
from imu_tracker.results import UNASKED, Rep, Set, Side


def thigh_of(placements: Mapping[str, object], side: Side | None) -> str | None:
    """The thigh sensor that sees the working leg: that of the side, else the only one; None where there is none, or two."""
    if side in ("left", "right") and f"thigh_{side}" in placements:
        return f"thigh_{side}"
    thighs = [name for name in placements if name == "thigh" or name.startswith("thigh_")]
    return thighs[0] if len(thighs) == 1 and side not in ("left", "right") else ("thigh" if thighs == ["thigh"] else None)


def thigh_tilt_deg(motions: tuple[Motion, ...], standing: Standing, start_s: float, end_s: float) -> float | None:
    """Largest angle between the thigh and its own standing in [start_s, end_s), degrees; None where no sample lies in it."""
    most = None
    for m in motions:
        a, b = (int(np.clip(round((t - m.start_s) * GRID_HZ), 0, len(m))) for t in (start_s, end_s))
        if b > a:
            angle = float(np.degrees(np.arccos(np.clip((m.up[a:b] @ standing.up).min(), -1.0, 1.0))))
            most = angle if most is None else max(most, angle)
    return most


@dataclass(frozen=True)
class ThighParameters:
    """When a hip's adduction is told."""

    most_uncertain_deg: float = 6.0
    """... where half of a set's reps are known better than this: adductions in a single-leg squat are 5-15 degrees."""


NO_THIGH = UNASKED + "it takes a sensor on the working thigh that saw the wearer stand still before the set"
NO_PAIR = UNASKED + "it takes sensors on the pelvis and on the working thigh, and the working side"
TOO_DEEP = "the thigh leans too far for its forward to be known well enough from the way of wearing"


@dataclass(frozen=True)
class Thigh:
    """A thigh sensor's motion, its first quiet standing, and its angles on the recording's grid, or why there are none."""

    motions: tuple[Motion, ...]
    standing: Standing | None
    angles: Angles | str


def thighs_of(motions: Mapping[str, tuple[Motion, ...]], samples: int) -> dict[str, Thigh]:
    """The thigh sensors among the motions by placement, over `samples` grid points."""
    out = {}
    for name in (n for n in motions if n == "thigh" or n.startswith("thigh_")):
        standing = next(iter(quiet_standing(motions[name])), None)
        axes = pelvis_axes(motions[name], standing, None)
        out[name] = Thigh(motions[name], standing, axes if isinstance(axes, str) else pelvis_angles(motions[name], axes, samples))
    return out


def with_adduction(one: Set, pelvis: Angles | None, thighs: Mapping[str, Thigh], p: ThighParameters | None = None) -> Set:
    """A set with each rep's hip adduction where pelvis and working thigh are both resolved; else with the reason.

    A thigh whose knee goes left is turned as a pelvis whose left side goes up; so a left hip's adduction is the pelvis'
    obliquity less the thigh's, and a right one's the opposite.
    """
    p = p or ThighParameters()
    name = thigh_of(thighs, one.side)
    if pelvis is None or name is None or one.side not in ("left", "right"):
        return _without(one, "hip_adduction_deg", NO_PAIR)
    thigh = thighs[name].angles
    if isinstance(thigh, str):
        return _without(one, "hip_adduction_deg", f"of the thigh's sensor: {thigh}")
    pelvis, thigh = (angles.between(one.start_s, one.end_s) for angles in (pelvis, thigh))
    adduction = (pelvis.obliquity_deg - thigh.obliquity_deg) * (1.0 if one.side == "left" else -1.0)
    error = np.hypot(pelvis.error_deg, thigh.error_deg)
    reps = tuple(_with_adduction(rep, adduction, error, pelvis.first) for rep in one.reps)
    known = [r.hip_adduction_uncertainty_deg for r in reps if r.hip_adduction_uncertainty_deg is not None]
    if not known or median(np.array(known)) > p.most_uncertain_deg:
        return _without(one, "hip_adduction_deg", TOO_DEEP)
    return replace(one, reps=reps)


def _with_adduction(rep: Rep, adduction_deg: Floats, error_deg: Floats, first: int) -> Rep:
    here = grid_rows(rep.start_s, rep.end_s, first)
    inside = adduction_deg[here]
    if not np.isfinite(inside).any():
        return rep
    k = int(np.nanargmax(inside))
    error = DropParameters.covering * float(error_deg[here][k])
    return replace(rep, hip_adduction_deg=float(inside[k]), hip_adduction_uncertainty_deg=error)


def with_thigh(one: Set, thighs: Mapping[str, Thigh]) -> Set:
    """A set with each rep's thigh tilt where a thigh sensor saw the wearer stand still first; else with the reason."""
    name = thigh_of(thighs, one.side)
    thigh = thighs[name] if name is not None else None
    if thigh is None or thigh.standing is None or thigh.standing.start_s > one.start_s:
        return _without(one, "thigh_tilt_deg", NO_THIGH)
    reps = [replace(r, thigh_tilt_deg=thigh_tilt_deg(thigh.motions, thigh.standing, r.start_s, r.end_s)) for r in one.reps]
    return replace(one, reps=tuple(reps))


def _without(one: Set, field: str, reason: str) -> Set:
    """A set whose reps lack a figure, and why; a hold has no reps that could have it."""
    return replace(one, unresolved=dict(sorted({**one.unresolved, field: reason}.items()))) if one.reps else one
