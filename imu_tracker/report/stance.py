"""Which leg stood, told from a session's series: drop is the obliquity on the left leg, and its opposite on the right one."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats, runs
from imu_tracker.results import Rep, Series, Set

SIGNS = {"left": 1.0, "right": -1.0}
SAME_DEG = 1e-9


def standing_on(side: str, drop_deg: Floats, obliquity_deg: Floats) -> NDArray[np.bool_]:
    """Where (N,) one foot carries and it is that side's; level, it may be either's."""
    with np.errstate(invalid="ignore"):
        same = np.abs(drop_deg - SIGNS[side] * obliquity_deg) < SAME_DEG
    out = np.asarray(same & ~(np.abs(drop_deg) < SAME_DEG))
    for a, b in runs(~out):  # single samples that a crossing of zero left out are part of what is around them
        if b - a <= 2 and a > 0 and b < len(out):
            out[a:b] = True
    return out


def drop_side(rep: Rep, one: Set, series: Series | None) -> str | None:
    """The leg that stood where a rep's drop was highest: of steps what the series shows, else the working leg."""
    if one.kind != "steps":
        return rep.side
    if series is None or rep.drop_at_s is None or not len(series.t):
        return None
    k = min(int(np.searchsorted(series.t, rep.drop_at_s)), len(series.t) - 1)
    drop, obliquity = float(series.drop_deg[k]), float(series.obliquity_deg[k])
    sides = [side for side, sign in SIGNS.items() if math.isfinite(drop) and abs(drop - sign * obliquity) < SAME_DEG]
    return sides[0] if len(sides) == 1 else None


def drops_by_leg(one: Set, series: Series) -> dict[str, list[float]]:
    """The highest drop of each rep while standing on the left and on the right leg, degrees, where it stood on it at all."""
    out: dict[str, list[float]] = {side: [] for side in SIGNS}
    for rep in one.reps:
        a, b = np.searchsorted(series.t, (rep.start_s, rep.end_s))
        drop, obliquity = series.drop_deg[a:b], series.obliquity_deg[a:b]
        for side, found in out.items():
            here = drop[standing_on(side, drop, obliquity)]
            if np.isfinite(here).any():
                found.append(float(np.nanmax(here)))
    return out
