"""The standing leg of each set where nobody has said it, and whether what was said fits how the sensor seems to be worn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from imu_tracker.motion import Motion
from imu_tracker.pelvis.axes import PelvisAxes
from imu_tracker.pelvis.measure import Pelvis
from imu_tracker.pelvis.stance import StanceGuess, StanceParameters, stance_leg
from imu_tracker.results import Set, Side

if TYPE_CHECKING:
    from imu_tracker.exercises import Exercise

BACK_TO_FRONT = (
    "the weight seems to go over the other leg than the one named, so the sensor may be worn back to front; "
    "bow twice after standing still"
)


@dataclass(frozen=True)
class SideParameters:
    """When what is seen is believed over what was assumed."""

    doubt: float = 0.8
    """Probability (four to one) of the leg that was not named from which axes that were only assumed are given up."""


def guesses_of(motions: tuple[Motion, ...], axes: PelvisAxes, sets: Sequence[Set], exercise: Exercise) -> tuple[StanceGuess, ...]:
    """For each set of work on one leg, which leg stands as far as the pelvis shows; motions: the sensor's."""
    p = replace(StanceParameters(), yaw_error_deg=axes.yaw_deg)
    spans = [[(r.start_s, r.end_s) for r in s.reps] or [(s.start_s, s.end_s)] for s in sets]
    return tuple(stance_leg(motions, axes.rotation, np.array(reps), p, exercise.rise) for reps in spans)


def with_side(one: Set, guess: StanceGuess) -> Set:
    """A set with the side that was guessed, or with the reason why none was."""
    if guess.side is None:
        return replace(one, unresolved={**one.unresolved, "side": guess.reason or "", "count_by_side": guess.reason or ""})
    side: Side = guess.side
    unresolved = {field: why for field, why in one.unresolved.items() if field not in ("side", "count_by_side")}
    reps = tuple(replace(r, side=side) for r in one.reps)
    by_side = {each: len(reps) if each == side else 0 for each in ("left", "right")}
    return replace(one, side=side, reps=reps, count_by_side=by_side if reps else None, unresolved=unresolved)


def checked(pelvis: Pelvis, guesses: Sequence[StanceGuess], side: Side, p: SideParameters | None = None) -> Pelvis:
    """The pelvis, without axes where they are only assumed and the sets show the other leg standing than the one named."""
    p = p or SideParameters()
    if isinstance(pelvis.axes, str) or pelvis.axes.how == "bows":
        return pelvis
    sure = [g.likelier == side for g in guesses if g.likelier is not None and g.confidence >= p.doubt]
    return Pelvis(BACK_TO_FRONT, None) if sure and not any(sure) else pelvis
