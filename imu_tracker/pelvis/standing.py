"""How the wearer stands about each set: what of it is the belt's, and what nobody can know.

People stand a degree or two otherwise each time, and a belt slips by as much when they sit, walk, or push at it. Standing half a
degree off says nothing; four degrees can hardly be the wearer's own. So a set's vertical goes along with the quiet standing
before and after it, by the share that is likelier the belt's, and what stays in doubt adds to its error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.motion.mounting import Standing
from imu_tracker.numeric import Floats, angle_deg, median
from imu_tracker.pelvis.axes import PelvisAxes
from imu_tracker.pelvis.slipping import SlipParameters, least_turn

Span = tuple[float, float]  # start and end, s
Change = tuple[float, PelvisAxes]  # axes, and since when, s


@dataclass(frozen=True)
class StandingParameters:
    """What standing near a set tells of the sensor in it."""

    own_deg: float = 1.0
    """Standard deviation of how people themselves stand: 1-2 degrees, the lower as the median of several is taken."""
    unseen_deg: float = 1.5
    """Standard error that the vertical gets where nobody was seen to stand near the set: what belts slip by."""
    near_s: float = 20.0
    """Standing so long before or after a set is near it."""
    pause_s: float = 4.0
    """In a shorter pause nobody sits down or sets a belt right: the sets on either side share their standing."""


def changed_axes(
    quiet: Sequence[Standing],
    axes: PelvisAxes,
    slips: Sequence[Change],
    bows: Sequence[Span],
    sets: Sequence[Span],
    p: StandingParameters | None = None,
) -> tuple[Change, ...]:
    """The axes in each set, in order of time; they hold from the end of the set before (or of the bows).

    quiet: quiet stretches, the one that gave `axes` first. slips: since when the sensor is known to sit otherwise, and its axes.
    """
    p = p or StandingParameters()
    busy = [*bows, *sets]
    idle = [s for s in quiet[1:] if not any(s.start_s < b and a < s.end_s for a, b in busy)]
    out = list(slips)
    for begin, end in _joined(sets, p.pause_s):
        since_s = max([0.0, *(b for _, b in busy if b <= begin)])
        until_s = min([np.inf, *(a for a, _ in busy if a >= end)])
        known = next((changed for since, changed in reversed(slips) if since <= begin), axes)
        before = [s for s in idle if max(since_s, begin - p.near_s) <= s.end_s <= begin]
        after = [s for s in idle if end <= s.start_s <= min(until_s, end + p.near_s)]
        out.append((since_s, standing_axes([s.up for s in [*before, *after]], known, p)))
    return tuple(sorted(out, key=lambda change: change[0]))


def standing_axes(ups: Sequence[Floats], axes: PelvisAxes, p: StandingParameters) -> PelvisAxes:
    """The axes that standing with these up vectors, (3,) each in the sensor's frame, leaves of the ones at the start.

    Own standing varies by own_deg; how far belts slip is not known but from how far off this one is, d. So the belt's share is
    d² / (d² + own²), and the error of what it has slipped by own times the root of that (two normal variables of which the sum is
    seen). How far it turned about the vertical meanwhile nobody saw: as far as it tipped, as likely as not.
    """
    near = [up for up in ups if angle_deg(up, axes.rotation[2]) < SlipParameters.most_deg]
    if not near:
        return replace(axes, vertical_deg=float(np.hypot(axes.vertical_deg, p.unseen_deg)))
    # Forward and left: in the body, so any mounting gives the same.
    level = np.array([median(part) for part in (np.array(near) @ axes.rotation.T).T[:2]])
    away_deg = float(np.degrees(np.hypot(*level)))
    share = away_deg**2 / (away_deg**2 + p.own_deg**2)
    tipped = np.array([*(share * level), 1.0]) @ axes.rotation
    rotation = axes.rotation @ least_turn(tipped / float(np.linalg.norm(tipped)), axes.rotation[2])
    yaw_deg = float(np.hypot(axes.yaw_deg, share * away_deg))
    return PelvisAxes(rotation, axes.how, yaw_deg, float(np.hypot(axes.vertical_deg, p.own_deg * np.sqrt(share))))


def _joined(spans: Sequence[Span], pause_s: float) -> list[Span]:
    """Spans in order, those with a shorter pause between them as one."""
    out: list[Span] = []
    for a, b in sorted(spans):
        if out and a - out[-1][1] <= pause_s:
            out[-1] = out[-1][0], max(b, out[-1][1])
        else:
            out.append((a, b))
    return out
