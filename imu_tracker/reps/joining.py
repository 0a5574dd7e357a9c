"""One set, not several: a pause ends a set only when it is long, or when another movement follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import Motion
from imu_tracker.numeric import Floats
from imu_tracker.reps.parameters import SET_PAUSE_S
from imu_tracker.reps.phases import typical_course
from imu_tracker.reps.sets import FoundSet


@dataclass(frozen=True)
class JoinParameters:
    """When two found sets are one."""

    pause_s: float = SET_PAUSE_S
    """A longer pause ends a set (the interface's rule) ..."""
    pause_reps: float = 3.0
    """... or so many usual reps of the faster set, where those are longer."""
    same_movement: float = 0.6
    """Correlation of two sets' typical repetitions from which they are the same movement; unrelated ones lie below 0.4."""


def join_sets(motions: tuple[Motion, ...], found: tuple[FoundSet, ...], p: JoinParameters | None = None) -> tuple[FoundSet, ...]:
    """Sets (in order of time, of one stream) made one with their neighbour where the pause is short and the movement the same.

    A repetition of the later set that begins before the earlier one's end is dropped: it was seen twice.
    """
    p = p or JoinParameters()
    out: list[FoundSet] = []
    for s in sorted(found, key=lambda f: float(f.cuts[0, 0])):
        cuts = s.cuts if not out else s.cuts[s.cuts[:, 0] >= out[-1].cuts[-1, 1] - 0.25 * s.usual_s]
        if not len(cuts):
            continue
        if out:
            last = out[-1]
            longest = max(p.pause_s, p.pause_reps * min(last.usual_s, s.usual_s))
            if cuts[0, 0] - last.cuts[-1, 1] <= longest and alike(motions, last.cuts, cuts) >= p.same_movement:
                n, m = len(last.cuts), len(cuts)
                out[-1] = FoundSet(np.vstack([last.cuts, cuts]), (n * last.fit + m * s.fit) / (n + m), last.merit + s.merit)
                continue
        out.append(FoundSet(cuts, s.fit, s.merit))
    return tuple(out)


def alike(motions: tuple[Motion, ...], one: Floats, other: Floats) -> float:
    """Correlation of the typical repetitions of two sets of cuts."""
    return float(typical_course(motions, one) @ typical_course(motions, other))
