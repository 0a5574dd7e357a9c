"""What a second sensor on the thigh adds: how far it leans away from standing, and how far the hip is adducted.

How far it leans (the depth of a squat) needs no axes; 90 degrees is a level thigh. Adduction is the angle between thigh and
pelvis in the frontal plane, so it needs the axes of both. On a thigh a sensor is worn any way round, and an exercise's own swing
takes the very adduction along that is asked for. But who bows moves the hips back to keep the balance (Crenna et al. 1987, Exp
Brain Res 65:538), on both feet and straight: there the thighs lean back, which tells their forward, and nothing else does. A
lean of ten degrees tells it roughly, so adduction is told while the thigh is near upright, and not in a deep squat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion, grid_rows
from imu_tracker.motion.mounting import Bows, Standing, quiet_standing
from imu_tracker.numeric import Floats, angle_deg, median
from imu_tracker.pelvis.angles import Angles, highest, pelvis_angles
from imu_tracker.pelvis.axes import AxesParameters, PelvisAxes, frame
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
    """How a thigh's forward is told from bows, and when a hip's adduction is told."""

    least_lean_deg: float = 3.0
    """Mean lean of a thigh in a bow that is more than sway: hips that go back by 0.1 m lean it by 10 degrees at the most."""
    sideways_deg: float = 1.0
    """... and how much of it may be to the side: as much as standing people sway. Not measured on real bows."""
    same_way_deg: float = 20.0
    """Two bows' leans agree this far."""
    most_uncertain_deg: float = 6.0
    """... where half of a set's reps are known better than this: adductions in a single-leg squat are 5-15 degrees."""


NO_THIGH = UNASKED + "it takes a sensor on the working thigh that saw the wearer stand still before the set"
NO_PAIR = UNASKED + "it takes a sensor on the pelvis and one on the thigh"
OTHER_THIGH = UNASKED + "it takes a sensor on the {side} thigh; the one here is on the other"
NO_SIDE = UNASKED + "of which hip isn't known; say the working side with --side"
NO_QUIET = "the thigh's sensor saw no quiet standing of two seconds before the bows; stand still at the start"
NO_BOWS = "nothing but forward bows tells how the thigh's sensor is turned; bow twice after standing still"
NOT_BACK = "in the bows the thigh hardly leaned, or each time otherwise, so its forward isn't known; let the hips go back in them"
TOO_DEEP = "the thigh leans too far for its forward to be known well enough from the bows"


@dataclass(frozen=True)
class Thigh:
    """A thigh sensor's motion, its first quiet standing, and its angles on the recording's grid, or why there are none."""

    motions: tuple[Motion, ...]
    standing: Standing | None
    angles: Angles | str


def thighs_of(motions: Mapping[str, tuple[Motion, ...]], samples: int, bows: Bows | None) -> dict[str, Thigh]:
    """The thigh sensors among the motions by placement, over `samples` grid points; bows: as the pelvis' sensor saw them."""
    out = {}
    for name in (n for n in motions if n == "thigh" or n.startswith("thigh_")):
        quiet = quiet_standing(motions[name])
        before = [s for s in quiet if bows is not None and s.start_s < bows.spans[0, 0]]
        standing = before[-1] if before else next(iter(quiet), None)
        axes: PelvisAxes | str
        if "pelvis" not in motions:
            axes = NO_PAIR
        elif bows is None:
            axes = NO_BOWS
        else:
            axes = thigh_axes(motions[name], before[-1], bows) if before else NO_QUIET
        out[name] = Thigh(motions[name], standing, axes if isinstance(axes, str) else pelvis_angles(motions[name], axes, samples))
    return out


def thigh_axes(motions: tuple[Motion, ...], standing: Standing, bows: Bows, p: ThighParameters | None = None) -> PelvisAxes | str:
    """A thigh's axes, forward where it leans in bows on both feet; or the reason why there are none."""
    p, vertical_deg = p or ThighParameters(), AxesParameters().vertical_deg
    leans = []
    for start_s, end_s in bows.spans:
        for m in motions:
            up = m.up[grid_rows(start_s, end_s, m.first)] if m.start_s <= start_s else m.up[:0]
            if len(up) >= 0.9 * (end_s - start_s) * GRID_HZ:
                lean = up.mean(axis=0)
                leans.append(np.degrees(lean - (lean @ standing.up) * standing.up))
    if len(leans) < 2:
        return NO_BOWS
    forward = np.mean(leans, axis=0)
    apart = max(angle_deg(lean, forward) for lean in leans)
    least = min(float(np.linalg.norm(lean)) for lean in leans)
    if least < p.least_lean_deg or apart > p.same_way_deg:
        return NOT_BACK
    error_deg = float(np.degrees(np.arctan2(p.sideways_deg, np.linalg.norm(forward))))
    return PelvisAxes(frame(standing.up, np.cross(standing.up, forward)), "bows", float(np.hypot(error_deg, apart)), vertical_deg)


def with_adduction(one: Set, pelvis: Angles | None, thighs: Mapping[str, Thigh], p: ThighParameters | None = None) -> Set:
    """A set with each rep's hip adduction where pelvis and working thigh are both resolved; else with the reason.

    A thigh whose knee goes left is turned as a pelvis whose left side goes up; so a left hip's adduction is the pelvis'
    obliquity less the thigh's, and a right one's the opposite.
    """
    p = p or ThighParameters()
    if not thighs:
        return _without(one, "hip_adduction_deg", NO_PAIR)
    if one.side not in ("left", "right"):
        return _without(one, "hip_adduction_deg", NO_SIDE)
    name = thigh_of(thighs, one.side)
    if name is None:
        return _without(one, "hip_adduction_deg", OTHER_THIGH.format(side=one.side))
    thigh = thighs[name].angles
    if pelvis is None or isinstance(thigh, str):
        return _without(one, "hip_adduction_deg", thigh if isinstance(thigh, str) else NO_BOWS)
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
    found = highest(adduction_deg[here], error_deg[here], DropParameters.covering)
    return rep if found is None else replace(rep, hip_adduction_deg=found[0], hip_adduction_uncertainty_deg=found[1])


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
