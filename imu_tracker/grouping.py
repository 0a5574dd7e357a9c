"""The found sets of a recording by exercise, told or recognised, and each described as what is known of its exercise allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from imu_tracker.describing import Told, recognised, sets_of, sets_of_steps
from imu_tracker.motion import Motion
from imu_tracker.pelvis.axes import PelvisAxes
from imu_tracker.pelvis.drop import Stance
from imu_tracker.pelvis.measure import Pelvis, Prelude, turned_round
from imu_tracker.pelvis.sides import checked, guesses_of, with_side
from imu_tracker.pelvis.stepping import SideStep
from imu_tracker.pelvis.walks import mostly, sideways, stances_in, step_sets
from imu_tracker.recognition.model import Prediction
from imu_tracker.reps import FoundSet, Hold
from imu_tracker.results import SURE, Set

if TYPE_CHECKING:
    from imu_tracker.exercises import Exercise

Walks = tuple[tuple[SideStep, ...], ...]


@dataclass(frozen=True)
class Group:
    """The found sets of one exercise, which was told or surely recognised, or of none; said: of each, where nobody told."""

    exercise: Exercise | None
    found: tuple[FoundSet | Hold, ...]
    spans: tuple[tuple[float, float], ...]
    said: tuple[Prediction, ...]
    others: tuple[tuple[float, float], ...]  # where the sets of other groups lie


@dataclass(frozen=True)
class Described:
    """A set, the exercise that is known of it, and where one foot carries, None where that follows from its reps."""

    set: Set
    exercise: Exercise | None
    stances: tuple[Stance, ...] | None


def grouped(
    found: Sequence[FoundSet | Hold], spans: Sequence[tuple[float, float]], told: Exercise | None, said: Sequence[Prediction]
) -> list[Group]:
    """The found sets by exercise: all of one group where it was told, or nothing was said of them."""
    if told is not None or not said:
        return [Group(told, tuple(found), tuple(spans), (), ())]
    known = [_known(one) for one in said]
    names = [None if one is None else one.name for one in known]
    out = []
    for name in dict.fromkeys(names):
        mine = [k for k, other in enumerate(names) if other == name]
        others = tuple(span for k, span in enumerate(spans) if k not in mine)
        own = (tuple(found[k] for k in mine), tuple(spans[k] for k in mine), tuple(said[k] for k in mine))
        out.append(Group(known[mine[0]], *own, others))
    return out


def _known(said: Prediction) -> Exercise | None:
    """The catalogue's entry for a set that was surely recognised: a name that is only likely should bring no drop along.

    What is counted is no hold, whatever it looks like.
    """
    if said.unknown or said.confidence < SURE:
        return None
    from imu_tracker.exercises import load_catalogue

    entry = load_catalogue().get(said.name)
    return entry if entry is not None and entry.exercise and entry.pattern != "hold" else None


def described(
    start: Prelude | None, pelvis: Pelvis | None, group: Group, motions: tuple[Motion, ...], side: Told, alone: bool
) -> tuple[Pelvis | None, list[Described]]:
    """The sets of a group; and the pelvis, as they show it where the group is alone."""
    exercise = group.exercise
    walked = _walked(start, pelvis, group, side, alone)
    if walked is not None and start is not None:
        pelvis, walks, ways_known = walked
        stepped = sets_of_steps(walks, start.counted, side if ways_known else None, exercise, ways_known)
        if group.said:
            stepped = [recognised(one, _nearest(one, group)) for one in stepped]
        return pelvis, [Described(one, exercise, stances_in(steps)) for one, steps in zip(stepped, walks, strict=True)]
    sets = sets_of(group.found, motions, side, exercise)
    if group.said:
        sets = [recognised(one, said) for one, said in zip(sets, group.said, strict=True)]
    if exercise is not None and exercise.stance_rule == "working_leg" and start is not None and pelvis is not None:
        pelvis, sets = _sided(start, pelvis, exercise, sets, side)
    return pelvis, [Described(one, exercise, None) for one in sets]


def _nearest(one: Set, group: Group) -> Prediction:
    """What was said of the found set that a set of steps overlaps most."""
    overlaps = [min(b, one.end_s) - max(a, one.start_s) for a, b in group.spans]
    return group.said[int(np.argmax(overlaps))]


def rested(described: Sequence[Described]) -> list[Described]:
    """The sets in order of time, each with the rest since the one before."""
    out: list[Described] = []
    for one in sorted(described, key=lambda d: d.set.start_s):
        before_s = out[-1].set.end_s if out else None
        rest_s = None if before_s is None else max(one.set.start_s - before_s, 0.0)
        out.append(replace(one, set=replace(one.set, rest_before_s=rest_s)))
    return out


def _walked(
    start: Prelude | None, pelvis: Pelvis | None, group: Group, side: Told, alone: bool
) -> tuple[Pelvis, Walks, bool] | None:
    """The sets of steps that a sensor on the pelvis sees, the pelvis as they show it, and whether their ways are known.

    None where the exercise has no steps, or none were seen. Other groups' sets are theirs.
    """
    exercise = group.exercise
    if exercise is None or exercise.pattern != "steps" or start is None or pelvis is None or not group.found:
        return None
    each_foot = exercise.side_rule == "alternating"
    axes = sideways(start.counted, group.spans) if isinstance(pelvis.axes, str) else pelvis.axes
    walks = _steps(start, axes, group, each_foot) if axes is not None else ()
    if not walks or axes is None:
        return None
    if isinstance(pelvis.axes, str):
        return pelvis, walks, False
    way = mostly([step for steps in walks for step in steps])
    if alone and axes.how != "bows" and not each_foot and side is not None and way not in (side, None):
        pelvis = turned_round(start, pelvis, group.spans)  # the wearer knows which way they went: it is worn back to front
        walks = _steps(start, axes.turned(180.0, "motion", axes.yaw_deg), group, each_foot)
    return pelvis, walks, True


def _steps(start: Prelude, axes: PelvisAxes, group: Group, each_foot: bool) -> Walks:
    """The sets of steps about a group's sets, none in another group's."""
    walks = step_sets(start.counted, axes, group.spans, each_foot)
    free = [[step for step in steps if not any(a < step.end_s and step.start_s < b for a, b in group.others)] for steps in walks]
    return tuple(tuple(steps) for steps in free if steps)


def _sided(start: Prelude, pelvis: Pelvis, exercise: Exercise, sets: list[Set], side: Told) -> tuple[Pelvis, list[Set]]:
    """Sets of work on one leg with their side where nobody has said it; and the pelvis, doubted where it contradicts what was."""
    if isinstance(pelvis.axes, str):
        return pelvis, sets
    guesses = guesses_of(start.fine, pelvis.axes, sets, exercise)
    if side is not None:
        return checked(pelvis, guesses, side), sets
    return pelvis, [with_side(s, guess) for s, guess in zip(sets, guesses, strict=True)]
