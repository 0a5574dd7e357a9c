"""A sensor that slips: noticed where people stand quietly otherwise than at the start, again and again.

Who stands twice stands a degree or two otherwise, on one hip five; a sensor that has been pushed shows its new angle in every
standing. So a slip is believed where several quiet stretches agree with each other and not with the first one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.motion.mounting import Standing
from imu_tracker.numeric import Floats, angle_deg
from imu_tracker.pelvis.axes import PelvisAxes


@dataclass(frozen=True)
class SlipParameters:
    """When standing otherwise means that the sensor has moved."""

    least_deg: float = 3.0
    """People's own standing varies by 1-2 degrees."""
    most_deg: float = 12.0
    """Who sits or leans is farther from standing than a belt slips."""
    agree_deg: float = 2.0
    """The new standings agree with each other so far ..."""
    stretches: int = 2
    """... in so many stretches at least ..."""
    together_s: float = 3.0
    """... that last so long together."""


@dataclass(frozen=True)
class Slip:
    """The sensor sits otherwise from `since_s` on, by jump_deg; axes: from then on."""

    since_s: float
    jump_deg: float
    axes: PelvisAxes

    @property
    def note(self) -> str:
        """What the wearer is told."""
        minutes, seconds = divmod(round(self.since_s), 60)
        return (
            f"The sensor on the pelvis sat {self.jump_deg:.0f}° otherwise from {minutes}:{seconds:02d} on; from there its angles "
            "are measured against the quiet standing then."
        )


def find_slip(
    quiet: Sequence[Standing],
    axes: PelvisAxes,
    bows: Sequence[tuple[float, float]],
    sets: Sequence[tuple[float, float]],
    p: SlipParameters | None = None,
) -> Slip | None:
    """The slip that later quiet standing shows, if any.

    quiet: quiet stretches, the one that calibrated first. bows, sets: their (start, end) s; stillness inside is no standing. When
    it slipped nobody saw: it counts from the last standing that was as at the start, since people walk and push at belts before
    a set rather than in it.
    """
    busy = [*bows, *sets]
    p = p or SlipParameters()
    idle = [s for s in quiet[1:] if not any(s.start_s < b and a < s.end_s for a, b in busy)]
    otherwise = [s for s in idle if p.least_deg < angle_deg(s.up, axes.rotation[2]) < p.most_deg]
    best: list[Standing] = []
    for one in otherwise:
        with_it = [s for s in otherwise if angle_deg(s.up, one.up) <= p.agree_deg]
        if _length_s(with_it) > _length_s(best):
            best = with_it
    same = [s for s in idle if angle_deg(s.up, axes.rotation[2]) <= p.agree_deg and best and s.start_s > best[0].start_s]
    if len(best) < p.stretches or _length_s(best) < p.together_s or _length_s(same) >= _length_s(best):
        return None
    up = np.sum([s.up * (s.end_s - s.start_s) for s in best], axis=0)
    up = up / float(np.linalg.norm(up))
    jump = angle_deg(up, axes.rotation[2])
    moved = axes.rotation @ least_turn(up, axes.rotation[2])
    before = [s.end_s for s in quiet if s.start_s < best[0].start_s and angle_deg(s.up, axes.rotation[2]) <= p.agree_deg]
    since_s = max([before[-1], *(b for _, b in bows if b < best[0].start_s)])
    return Slip(since_s, jump, PelvisAxes(moved, axes.how, float(np.hypot(axes.yaw_deg, jump)), axes.vertical_deg))


def _length_s(stretches: Sequence[Standing]) -> float:
    return sum(s.end_s - s.start_s for s in stretches)


def least_turn(a: Floats, b: Floats) -> Floats:
    """The matrix (3, 3) of the smallest rotation that brings unit vector a to b (Rodrigues)."""
    v, c = np.cross(a, b), float(a @ b)
    cross = np.array([[0.0, -v[2], v[1]], [v[2], 0.0, -v[0]], [-v[1], v[0], 0.0]])
    out: Floats = np.eye(3) + cross + cross @ cross / (1.0 + c)
    return out
