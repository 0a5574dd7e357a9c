"""How far the thigh leans away from standing: the depth of a squat, seen by a second sensor.

Only how far, not which way: for that nothing tells the thigh's axes as bows tell the pelvis'. 90 degrees is a level thigh.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.motion.mounting import Standing, quiet_standing
from imu_tracker.results import Set, Side


def thigh_of(placements: Mapping[str, object], side: Side | None) -> str | None:
    """The thigh sensor that sees the working leg: that of the side, else the only one; None where there is none, or two."""
    if side in ("left", "right") and f"thigh_{side}" in placements:
        return f"thigh_{side}"
    thighs = [name for name in placements if name == "thigh" or name.startswith("thigh_")]
    return thighs[0] if len(thighs) == 1 and side not in ("left", "right") else ("thigh" if thighs == ["thigh"] else None)


def thigh_tilt_deg(motions: tuple[Motion, ...], standing: Standing, start_s: float, end_s: float) -> float | None:
    """Largest angle between the thigh and its own standing in [start_s, end_s), degrees; None where no sample lies in it."""
    most = None
    for m in motions:
        a, b = (int(np.clip(round((t - m.start_s) * GRID_HZ), 0, len(m))) for t in (start_s, end_s))
        if b > a:
            angle = float(np.degrees(np.arccos(np.clip((m.up[a:b] @ standing.up).min(), -1.0, 1.0))))
            most = angle if most is None else max(most, angle)
    return most


def with_thigh(one: Set, motions: Mapping[str, tuple[Motion, ...]]) -> Set:
    """A set with each rep's thigh tilt where a thigh sensor saw the wearer stand still first; motions: by placement."""
    name = thigh_of(motions, one.side)
    standing = quiet_standing(motions[name])[:1] if name is not None else ()
    if name is None or not standing or standing[0].start_s > one.start_s:
        return one
    reps = [replace(r, thigh_tilt_deg=thigh_tilt_deg(motions[name], standing[0], r.start_s, r.end_s)) for r in one.reps]
    return replace(one, reps=tuple(reps))
