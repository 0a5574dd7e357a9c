"""The pelvis of one recording: its axes and angles, and what they say of each set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion, refined
from imu_tracker.motion.mounting import Bows, MountingParameters, Standing, calibration, quiet_standing
from imu_tracker.numeric import Floats, median
from imu_tracker.pelvis.angles import Angles, pelvis_angles
from imu_tracker.pelvis.axes import AxesParameters, PelvisAxes, pelvis_axes, with_swing
from imu_tracker.pelvis.drop import DropParameters, Stance, change_over, drop_events, drop_of_rep, drop_series
from imu_tracker.pelvis.slipping import Slip, find_slip
from imu_tracker.results import PelvicDrop, Rep, Set

if TYPE_CHECKING:
    from imu_tracker.exercises import Exercise

BRIEF_S = 1.0  # quiet standing between sets is shorter than the one that calibrates
NO_SENSOR = "no sensor on the pelvis; give its file as pelvis=FILE"
NOT_NAMED = "the exercise is not known, so neither is which leg stands; name it with --exercise"
BOTH_FEET = "both feet stand, so neither side hangs free"
NOT_STANDING = "nobody stands on one leg in this exercise"
NO_SIDE = "which leg stands is not known; say it with --side"
NOT_UPRIGHT = "the pelvis was far from upright throughout"
TOO_UNCERTAIN = (
    "the pelvis leans far over, and how the sensor is turned about the vertical is known to {yaw:.0f}° only, so a drop would be "
    "known to {drop:.1f}° only; bow twice after standing still"
)


@dataclass(frozen=True)
class PelvisParameters:
    """How stances are joined, and when nothing is said rather than something vague."""

    joined_s: float = 1.0
    """Reps on the working leg with a shorter pause between them are one stance."""
    most_uncertain_deg: float = 5.0
    """Where half of a set's reps are less certain than this no drop is told: it is as large as the healthy ones differ."""


@dataclass(frozen=True)
class Prelude:
    """What the wearer did for calibration: the axes of the pelvis sensor, or why there are none, and the bows.

    motions: its pieces as they come in live, for counting. fine: the same refined, for angles.
    """

    motions: tuple[Motion, ...]
    fine: tuple[Motion, ...]
    axes: PelvisAxes | str
    bows: Bows | None
    quiet: tuple[Standing, ...] = ()

    @property
    def counted(self) -> tuple[Motion, ...]:
        """The motion after the bows: they are no reps."""
        return self.motions if self.bows is None else after(self.motions, float(self.bows.spans[-1, 1]))


@dataclass(frozen=True)
class Pelvis:
    """The pelvis over a recording: its axes (those at the start) and angles, or why there are none; slip: of the sensor."""

    axes: PelvisAxes | str
    angles: Angles | None
    slip: Slip | None = None


def after(motions: tuple[Motion, ...], begin_s: float) -> tuple[Motion, ...]:
    """What comes after a time, piece by piece."""
    out = []
    for m in motions:
        skip = int(np.clip(np.ceil((begin_s - m.start_s) * GRID_HZ), 0, len(m)))
        if skip == len(m):
            continue
        gyr, quaternion = (None if x is None else x[skip:] for x in (m.gyr, m.quaternion))
        out.append(m if skip == 0 else Motion(m.first + skip, m.acc[skip:], gyr, m.up[skip:], quaternion))
    return tuple(out)


def prelude(motions: tuple[Motion, ...], p: AxesParameters | None = None) -> Prelude:
    """Quiet standing and bows at the beginning of a pelvis sensor's stream, and the axes that they give."""
    fine = tuple(refined(m) for m in motions)
    brief = quiet_standing(fine, replace(MountingParameters(), quiet_s=BRIEF_S))
    full = [s for s in brief if round(s.end_s - s.start_s, 6) >= MountingParameters.quiet_s]
    if not full:
        return Prelude(motions, fine, pelvis_axes(fine, None, None, p), None)
    standing, bows = calibration(fine, full)
    quiet = (standing, *(s for s in brief if s.start_s > standing.end_s))
    return Prelude(motions, fine, pelvis_axes(fine, standing, bows, p), bows, quiet)


def pelvis_of(
    start: Prelude, samples: int, exercise: Exercise | None, spans: Sequence[tuple[float, float]], p: AxesParameters | None = None
) -> Pelvis:
    """Axes and angles over `samples` grid points; spans: (start, end) s of the sets, whose swing helps where it goes forwards."""
    axes = start.axes
    if isinstance(axes, PelvisAxes) and exercise is not None and spans:
        even = exercise.stance_rule == "alternating"
        if even or exercise.leading_signal == "sagittal":
            axes = with_swing(start.fine, axes, (spans[0][0], spans[-1][1]), even, p or AxesParameters())
    return _with_angles(start, axes, samples, spans)


def turned_round(start: Prelude, pelvis: Pelvis, spans: Sequence[tuple[float, float]] = ()) -> Pelvis:
    """The same pelvis with the sensor worn back to front."""
    if isinstance(pelvis.axes, str) or pelvis.angles is None:
        return pelvis
    return _with_angles(start, pelvis.axes.turned(180.0, "motion", pelvis.axes.yaw_deg), len(pelvis.angles.tilt_deg), spans)


def _with_angles(start: Prelude, axes: PelvisAxes | str, samples: int, spans: Sequence[tuple[float, float]]) -> Pelvis:
    if isinstance(axes, str):
        return Pelvis(axes, None)
    bows = [] if start.bows is None else [(float(a), float(b)) for a, b in start.bows.spans]
    slip = find_slip(start.quiet, axes, bows, spans)
    return Pelvis(axes, pelvis_angles(start.fine, axes, samples, slip), slip)


def stances_of(reps: Sequence[tuple[float, float]], side: Literal["left", "right"], p: PelvisParameters) -> tuple[Stance, ...]:
    """The working leg stands through the reps and through short pauses between them."""
    out: list[Stance] = []
    for a, b in reps:
        if out and a - out[-1].end_s <= p.joined_s:
            out[-1] = replace(out[-1], end_s=b)
        else:
            out.append(Stance(a, b, side))
    return tuple(out)


def with_drop(
    one: Set,
    pelvis: Pelvis | None,
    exercise: Exercise | None,
    threshold_deg: float | None,
    stances: Sequence[Stance] | str | None = None,
    p: PelvisParameters | None = None,
    drop: DropParameters | None = None,
) -> tuple[Set, tuple[Stance, ...]]:
    """A set with its pelvic drop, and the stances it was measured in; or with the reason why there is none, and none.

    Where both feet stand the pelvis is measured all the same, and nothing drops. stances: where one foot carries (or why that
    isn't known); None where it follows from the set's reps and side.
    """
    p, drop = p or PelvisParameters(), drop or DropParameters()
    if stances is None:
        stances = _stances(one, exercise, p)
    if pelvis is None:
        return _without(one, NO_SENSOR, threshold_deg), ()
    if pelvis.angles is None or isinstance(pelvis.axes, str):
        return _without(one, str(pelvis.axes), threshold_deg), ()
    if stances == BOTH_FEET:  # known, and nothing to find
        one = _without(one, BOTH_FEET, threshold_deg)
        return replace(one, pelvic_drop=replace(one.pelvic_drop, resolved=True)), ()
    if isinstance(stances, str):
        return _without(one, stances, threshold_deg), ()
    angles = pelvis.angles.between(one.start_s, one.end_s)
    series = drop_series(angles, stances)
    reps = tuple(_rep_with_drop(r, series, angles, drop) for r in one.reps)
    whole = drop_of_rep(series, angles, one.start_s, one.end_s, drop)
    if whole is None:
        return _without(one, NOT_UPRIGHT, threshold_deg), ()
    known = [r.drop_uncertainty_deg for r in reps if r.drop_uncertainty_deg is not None] or [whole.uncertainty_deg]
    if (usual := median(np.array(known))) > p.most_uncertain_deg:
        return _without(one, TOO_UNCERTAIN.format(yaw=pelvis.axes.yaw_deg, drop=usual), threshold_deg), ()
    events = () if threshold_deg is None else drop_events(series, angles, stances, threshold_deg, drop)
    unresolved = {field: why for field, why in one.unresolved.items() if field != "drop_deg"}
    change = change_over([r.drop_deg for r in reps if r.drop_deg is not None], drop) or (None, None)
    found = PelvicDrop(True, None, threshold_deg, whole.drop_deg, events, *change)
    return replace(one, reps=reps, pelvic_drop=found, unresolved=unresolved), tuple(stances)


def _stances(one: Set, exercise: Exercise | None, p: PelvisParameters) -> tuple[Stance, ...] | str:
    """Which leg stands when, from the exercise's stance rule and the set's side; or why that isn't known."""
    if exercise is None:
        return NOT_NAMED
    if exercise.stance_rule in ("both_feet", "none"):
        return BOTH_FEET if exercise.stance_rule == "both_feet" else NOT_STANDING
    if one.side not in ("left", "right") or exercise.stance_rule == "alternating":
        return NO_SIDE
    spans = [(r.start_s, r.end_s) for r in one.reps] or [(one.start_s, one.end_s)]
    return stances_of(spans, one.side, p)


def _rep_with_drop(rep: Rep, series: Floats, angles: Angles, drop: DropParameters) -> Rep:
    found = drop_of_rep(series, angles, rep.start_s, rep.end_s, drop)
    if found is None:
        return rep
    return replace(
        rep,
        drop_deg=found.drop_deg,
        drop_uncertainty_deg=found.uncertainty_deg,
        drop_at_s=found.at_s,
        hike_deg=found.hike_deg,
    )


def _without(one: Set, reason: str, threshold_deg: float | None) -> Set:
    unresolved = dict(sorted({**one.unresolved, "drop_deg": reason}.items()))
    return replace(one, pelvic_drop=PelvicDrop(False, reason, threshold_deg), unresolved=unresolved)
