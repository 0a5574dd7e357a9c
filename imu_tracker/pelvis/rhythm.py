"""Which leg stands now, while steps go on: the last pushes say when the next ones come.

A push is seen for what it is only when it is over. But people step evenly; so the times at which the last pushes began, a
straight line through them, tell which push is under way, a fraction of a step before it can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import Floats, moving_average, smooth
from imu_tracker.pelvis.stepping import (
    SteppingParameters,
    Way,
    cut_out,
    edges_of,
    gains_of,
    lateral,
    period_of_s,
    usual_gain,
    without_ripple,
)


@dataclass(frozen=True)
class RhythmParameters:
    """When a rhythm is even enough to go by."""

    back_s: float = 8.0
    """It is read off the last so many seconds."""
    pushes: int = 4
    """... off the beginnings of so many pushes."""
    unseen: float = 0.15
    """The last so much of a period isn't looked at: the low-pass reaches beyond what is there."""
    uneven: float = 0.15
    """RMS by which the beginnings may lie off the line, as a share of a push: more is a turn, or another movement."""


@dataclass(frozen=True)
class Rhythm:
    """Pushes of push_s seconds, one of which began at at_s; stance: the leg that stands in that one; the other one in the next.

    in_air: from which share of a push to which one leg alone stands.
    """

    at_s: float
    push_s: float
    stance: Way
    in_air: tuple[float, float]

    def standing(self, t_s: float) -> Way | None:
        """The leg that stands alone at a time; None while both do."""
        number, share = divmod((t_s - self.at_s) / self.push_s, 1.0)
        if not self.in_air[0] <= share < self.in_air[1]:
            return None
        other: Way = "right" if self.stance == "left" else "left"
        return self.stance if int(number) % 2 == 0 else other


def rhythm_of(
    motions: tuple[Motion, ...],
    axes: Floats,
    now_s: float,
    each_foot: bool,
    p: SteppingParameters | None = None,
    r: RhythmParameters | None = None,
) -> Rhythm | None:
    """The rhythm of the steps up to now_s, in the motion of a sensor on the pelvis; None where there is none.

    axes: (3, 3), rows forward, left, up in sensor coordinates. each_foot: as for `find_steps`.
    """
    p, r = p or SteppingParameters(), r or RhythmParameters()
    feet = 1 if each_foot else 2
    last = motions[-1] if motions else None
    if last is None or last.gyr is None:
        return None
    at_s, y = cut_out(last, lateral(last, axes), now_s - r.back_s, now_s)
    if len(y) < 0.5 * r.back_s * GRID_HZ:
        return None
    period_s = period_of_s([y], p.shortest_s * 2 / feet, p.longest_s * 2 / feet)
    slow = smooth(y - moving_average(y, round(p.steady_s * GRID_HZ)), (p.band_each if each_foot else p.band) / period_s, GRID_HZ)
    slow = slow[: len(slow) - round(r.unseen * period_s * GRID_HZ)]
    edges = edges_of(slow)
    usual = usual_gain(gains_of(slow, edges))
    if usual < p.least_m_s:
        return None
    edges = without_ripple(slow, edges, p.ripple * usual, p.ripple * period_s * GRID_HZ)
    begins = edges[1:-1][-r.pushes :]  # the first push began before, the last goes on
    if len(begins) < r.pushes:
        return None
    k = np.arange(len(begins))
    push, first = np.polyfit(k, begins / GRID_HZ, 1)
    off = float(np.sqrt(np.mean((begins / GRID_HZ - first - push * k) ** 2)))
    if off > r.uneven * push or not 0.5 * p.shortest_s < push < p.longest_s:
        return None
    stance: Way = "right" if slow[begins[-1]] > 0 else "left"  # pushed to the left the right leg stands
    return Rhythm(at_s + float(first + push * k[-1]), float(push), stance, p.in_air if feet == 2 else p.in_air_each)
