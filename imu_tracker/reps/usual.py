"""Motion held at the size that a set usually shows, before any filter sees it.

Hands going up to a bar, or lying down, move ten times as far as the repetitions beside them. A filter would spread that over the
repetitions that come next, and directions and sizes would be those of the change of posture. So what goes further than the set
usually goes within a period is held there, and keeps only its direction.
"""

from __future__ import annotations

import numpy as np

from imu_tracker.numeric import Floats, median, sizes
from imu_tracker.reps.periodicity import Run
from imu_tracker.reps.signals import HZ, Stretch

TURNS_TO_CENTRE = 8  # iterations of the geometric median; the posture is then known to a fraction of a degree
LEAST = 0.01  # distance that weighs most there, of a unit vector: half a degree
THINNED = 4  # every 4th row, 0.2 s, is enough for a posture


def centre(x: Floats) -> Floats:
    """Geometric median (3,) of x (N, 3), by Weiszfeld's iteration: the usual place, however far a few rows lie off, and
    however the axes are turned."""
    out: Floats = x.mean(axis=0)
    for _ in range(TURNS_TO_CENTRE):
        weight = 1.0 / np.maximum(sizes(x - out), LEAST)
        out = weight @ x / weight.sum()
    return out


def usual_size(size: Floats, period_rows: int) -> float:
    """Of the greatest sizes within each period of size (N,), the median; a last part shorter than half a period is left out."""
    begins = np.arange(0, max(1, len(size) - period_rows // 2), max(1, period_rows))
    return median(np.maximum.reduceat(size, begins))


def within_usual(stretch: Stretch, begin: int, end: int, run: Run) -> Floats:
    """Raw rows begin to end (T, 9 or 6) of a stretch, each group no larger than usual in the run; 0 in gaps.

    Gravity direction is given, and held, as its distance from the run's usual posture, turn rate and acceleration from rest.
    """
    of_run = stretch.raw[run.start : run.end][stretch.present[run.start : run.end]]
    present = stretch.present[begin:end]
    out = np.zeros((end - begin, stretch.raw.shape[1]))
    for first in range(0, out.shape[1], 3):
        group = slice(first, first + 3)
        inside, x = of_run[:, group], stretch.raw[begin:end, group]
        if first == 0:
            posture = centre(inside[::THINNED])
            inside, x = inside - posture, x - posture
        most = usual_size(sizes(inside), round(run.period_s * HZ))
        share = most / np.maximum(sizes(x), max(most, 1e-9))
        out[:, group] = x * (share * present)[:, None]
    return out
