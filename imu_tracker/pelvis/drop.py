"""Pelvic drop: how far the free side hangs below the standing leg's, per rep and as events past a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from imu_tracker.motion import GRID_HZ, grid_rows
from imu_tracker.numeric import Floats, median, runs
from imu_tracker.pelvis.angles import Angles
from imu_tracker.results import DropEvent


@dataclass(frozen=True)
class DropParameters:
    """What makes an event, and how sure is sure."""

    shortest_s: float = 0.1
    """A drop past the threshold lasts longer than this to be an event (the issue's rule: shorter is a shake)."""
    ends_below_deg: float = 0.5
    """An event is over so far below the threshold, so that one drop isn't two."""
    covering: float = 1.6
    """Standard errors that the stated uncertainty spans: nine of ten true peaks lie inside."""
    fewest: int = 5
    """Reps from which a change over the set is told."""
    certain: float = 0.7
    """Standard errors past the threshold from which an event is certain: three of four such drops are truly past it."""


@dataclass(frozen=True)
class Stance:
    """One foot carries, [start_s, end_s) s."""

    start_s: float
    end_s: float
    side: Literal["left", "right"]


@dataclass(frozen=True)
class RepDrop:
    """Highest drop in a rep, degrees (negative: the free side stays hiked), its uncertainty (nine of ten lie inside) and its
    time; and the highest hike."""

    drop_deg: float
    uncertainty_deg: float
    at_s: float
    hike_deg: float


def drop_series(angles: Angles, stances: Sequence[Stance]) -> Floats:
    """Drop on the angles' grid (M,), degrees; NaN outside single-leg stance and where the angles are.

    Standing on the left, the free side is the right one: left side up is a drop.
    """
    out = np.full(len(angles.obliquity_deg), np.nan)
    for s in stances:
        here = grid_rows(s.start_s, s.end_s, angles.first)
        out[here] = angles.obliquity_deg[here] * (1.0 if s.side == "left" else -1.0)
    return out


def drop_of_rep(drop_deg: Floats, angles: Angles, start_s: float, end_s: float, p: DropParameters) -> RepDrop | None:
    """Highest drop between two times; None where nobody stands on one leg in it, or nothing is known."""
    here = grid_rows(start_s, end_s, angles.first)
    inside = drop_deg[here]
    if not np.isfinite(inside).any():
        return None
    k = int(np.nanargmax(inside))
    error = float(angles.error_deg[here][k])
    return RepDrop(
        float(inside[k]), p.covering * error, (angles.first + here.start + k) / GRID_HZ, max(0.0, -float(np.nanmin(inside)))
    )


def drop_events(
    drop_deg: Floats, angles: Angles, stances: Sequence[Stance], threshold_deg: float, p: DropParameters
) -> tuple[DropEvent, ...]:
    """Stretches past the threshold, stance by stance, in order of time."""
    out = []
    for s in stances:
        here = grid_rows(s.start_s, s.end_s, angles.first)
        inside = drop_deg[here]
        with np.errstate(invalid="ignore"):
            hanging, past = inside >= threshold_deg - p.ends_below_deg, inside >= threshold_deg
        for a, b in runs(hanging):
            beyond = np.flatnonzero(past[a:b])
            if not len(beyond):
                continue
            a, b = int(a + beyond[0]), int(a + beyond[-1]) + 1
            if (b - a) / GRID_HZ <= p.shortest_s:
                continue
            k = a + int(np.argmax(inside[a:b]))
            peak, error = float(inside[k]), float(angles.error_deg[here][k])
            begin, end = ((angles.first + here.start + n) / GRID_HZ for n in (a, b))
            out.append(DropEvent(begin, end, peak, s.side, certain=peak - threshold_deg >= p.certain * error))
    return tuple(sorted(out, key=lambda e: e.start_s))


def change_over(drops_deg: Sequence[float], p: DropParameters) -> tuple[float, float] | None:
    """How much the drop grows from the first rep to the last, and its uncertainty, degrees; None for too few reps.

    The slope is the median of those between any two reps (Theil 1950, Sen 1968), so that one stumble makes no trend; the error
    that all reps share, the mounting's, does not enter. Its uncertainty is a straight line's with the residuals' robust spread.
    """
    n = len(drops_deg)
    if n < p.fewest:
        return None
    y, k = np.array(drops_deg), np.arange(n)
    i, j = np.triu_indices(n, 1)
    slope = median((y[j] - y[i]) / (j - i))
    left = y - slope * k
    spread = 1.4826 * median(np.abs(left - median(left)))  # of normal errors: their standard deviation
    error = spread / float(np.sqrt(np.sum((k - k.mean()) ** 2)))
    return slope * (n - 1), p.covering * error * (n - 1)
