"""Whether the sensors on left and right seem to have been swapped: where one leg works lying down, its thigh swings far more.

Only there. In work on one standing leg the free one may swing more or less than it, and side lunges take both along. What is seen
can't tell swapped sensors from the other leg at work, so that is what is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from imu_tracker.motion import Motion, grid_rows
from imu_tracker.numeric import quantile
from imu_tracker.results import Set, Side

if TYPE_CHECKING:
    from imu_tracker.exercises import Exercise

NOTE = (
    "The {other} thigh's sensor moved where the {side} leg was to work: either the sensors on left and right are swapped, or the "
    "{other} leg worked."
)


@dataclass(frozen=True)
class SwapParameters:
    """When one thigh is seen to work and the other one not."""

    share: float = 0.9
    """A thigh's swing is the angle from its middle pose that so much of the set lies within: a twitch is none."""
    times: float = 2.0
    """It works where it swings so many times as far as the other: that is plain to see, too."""


def swap_note(
    motions: Mapping[str, tuple[Motion, ...]], sets: Sequence[Set], exercise: Exercise | None, told: Side | None
) -> str | None:
    """What is to be said where every set that shows which thigh worked shows the other one than was told; None elsewhere.

    motions: of all placements. told: the working side.
    """
    both = "thigh_left" in motions and "thigh_right" in motions
    if not both or exercise is None or exercise.side_rule != "moving_leg" or told not in ("left", "right"):
        return None
    seen = [working_thigh(motions, one.start_s, one.end_s) for one in sets]
    known = [side for side in seen if side is not None]
    other = "left" if told == "right" else "right"
    return NOTE.format(other=other, side=told) if known and all(side == other for side in known) else None


def working_thigh(
    motions: Mapping[str, tuple[Motion, ...]], start_s: float, end_s: float, p: SwapParameters | None = None
) -> Side | None:
    """The thigh that works in [start_s, end_s), as far as two sensors show it."""
    p = p or SwapParameters()
    left, right = (_swing_deg(motions[f"thigh_{side}"], start_s, end_s, p) for side in ("left", "right"))
    if left is None or right is None or max(left, right) < p.times * min(left, right):
        return None
    return "left" if left > right else "right"


def _swing_deg(motions: Sequence[Motion], start_s: float, end_s: float, p: SwapParameters) -> float | None:
    """How far a segment swings from its middle pose, degrees; None where no sample lies in the span."""
    inside = np.concatenate([m.up[grid_rows(start_s, end_s, m.first)] for m in motions] or [np.zeros((0, 3))])
    if not len(inside):
        return None
    middle = np.median(inside, axis=0)
    cosine = inside @ middle / max(float(np.linalg.norm(middle)), 1e-9)
    return quantile(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))), p.share)
