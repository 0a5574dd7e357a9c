"""What a second sensor on the chest adds: how far the trunk leans over the standing leg.

Who can't keep the pelvis level leans the trunk over the standing leg instead, which takes the load off the hip's abductors
(Duchenne's sign): so a level pelvis says little until that is known. One sensor at the sacrum can't tell it: the trunk moves on
the pelvis, and that the pelvis is carried over the foot says where the weight goes, whichever way the trunk helps. The chest's
angle is measured as the pelvis' is, against its own quiet standing; its forward comes from the bows, which bend the trunk too, or
from the way of wearing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from imu_tracker.motion import Motion, grid_rows
from imu_tracker.motion.mounting import find_bows, quiet_standing
from imu_tracker.numeric import Floats, median
from imu_tracker.pelvis.angles import Angles, highest, pelvis_angles
from imu_tracker.pelvis.axes import pelvis_axes
from imu_tracker.pelvis.drop import DropParameters
from imu_tracker.results import UNASKED, Rep, Set

if TYPE_CHECKING:
    from imu_tracker.exercises import Exercise

CHEST = "chest"
NOT_ON_ONE_LEG = UNASKED + "it is told of exercises on one leg, by a sensor on the chest"
NO_CHEST = "the trunk's lean needs a second sensor on the chest"
NO_SIDE = "over which leg the trunk leans needs the standing leg; say it with --side"
TOO_FAR_FORWARD = "the trunk leans too far forward for its left and right to be known well enough; bow twice after standing still"


@dataclass(frozen=True)
class TrunkParameters:
    """When a trunk's lean is told."""

    most_uncertain_deg: float = 6.0
    """... where half of a set's reps are known better than this: people who compensate lean 5-15 degrees."""


def trunk_angles(motions: Mapping[str, tuple[Motion, ...]], samples: int) -> Angles | str:
    """The angles of a chest sensor among the motions by placement, over `samples` grid points; or why there are none."""
    if CHEST not in motions:
        return NO_CHEST
    chest = motions[CHEST]
    standing = next(iter(quiet_standing(chest)), None)
    axes = pelvis_axes(chest, standing, None if standing is None else find_bows(chest, standing))
    return f"of the chest's sensor: {axes}" if isinstance(axes, str) else pelvis_angles(chest, axes, samples)


def with_trunk_lean(one: Set, trunk: Angles | str, exercise: Exercise | None, p: TrunkParameters | None = None) -> Set:
    """A set of work on one leg with how far the trunk leaned over that leg in each rep, or the reason."""
    p = p or TrunkParameters()
    if not one.reps:
        return one
    if exercise is None or exercise.stance_rule != "working_leg":
        return _without(one, NOT_ON_ONE_LEG)
    if isinstance(trunk, str):
        return _without(one, trunk)
    if one.side not in ("left", "right"):
        return _without(one, NO_SIDE)
    inside = trunk.between(one.start_s, one.end_s)
    lean = inside.obliquity_deg * (-1.0 if one.side == "left" else 1.0)  # leaning to the left, the right side is up
    reps = tuple(_with_lean(rep, lean, inside.error_deg, inside.first) for rep in one.reps)
    known = [r.trunk_lean_uncertainty_deg for r in reps if r.trunk_lean_uncertainty_deg is not None]
    if not known or median(np.array(known)) > p.most_uncertain_deg:
        return _without(one, TOO_FAR_FORWARD)
    return replace(one, reps=reps)


def _with_lean(rep: Rep, lean_deg: Floats, error_deg: Floats, first: int) -> Rep:
    here = grid_rows(rep.start_s, rep.end_s, first)
    found = highest(lean_deg[here], error_deg[here], DropParameters.covering)
    return rep if found is None else replace(rep, trunk_lean_deg=found[0], trunk_lean_uncertainty_deg=found[1])


def _without(one: Set, reason: str) -> Set:
    return replace(one, unresolved=dict(sorted({**one.unresolved, "trunk_lean_deg": reason}.items())))
