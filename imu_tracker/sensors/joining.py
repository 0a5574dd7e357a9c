"""Accelerometer and gyroscope that arrive as two streams, made one: the gyroscope at the accelerometer's times.

Between two gyroscope samples a straight line is drawn, never over a hole: acceleration without a neighbour on either side is
left out, and so becomes a hole itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats

LONGEST_STEP = 2.5  # steps of the nominal rate: further apart, a sample is missing in between
LONGEST_WAIT_S = 2.0  # one stream this far ahead of the other: the other has stopped


@dataclass(frozen=True, eq=False)
class Joined:
    """Times (N,) s, acc (N, 3) m/s², gyr (N, 3) rad/s, and how many acceleration samples found no partner.

    which (N,): the acceleration sample of each, counted from the first that was ever added.
    """

    t: Floats
    acc: Floats
    gyr: Floats
    alone: int
    which: NDArray[np.intp]


def join(t_acc: Floats, acc: Floats, t_gyr: Floats, gyr: Floats, rate_hz: float) -> Joined:
    """Two whole streams as one: acc (N, 3) at t_acc (N,), gyr (M, 3) at t_gyr (M,), times in s, increasing, on one clock."""
    if not len(t_acc) or not len(t_gyr):
        return Joined(np.empty(0), np.empty((0, 3)), np.empty((0, 3)), len(t_acc), np.empty(0, np.intp))
    after = np.searchsorted(t_gyr, t_acc, side="left")  # the first gyroscope sample that isn't before
    inside, before = np.minimum(after, len(t_gyr) - 1), np.maximum(after - 1, 0)
    same = t_gyr[inside] == t_acc
    between = (after > 0) & (after < len(t_gyr)) & (t_gyr[inside] - t_gyr[before] <= LONGEST_STEP / rate_hz)
    good = same | between
    t = t_acc[good]
    return Joined(
        t, acc[good], np.column_stack([np.interp(t, t_gyr, axis) for axis in gyr.T]), int(np.sum(~good)), np.flatnonzero(good)
    )


class Joiner:
    """The same while the samples arrive: each comes out as soon as the other stream has gone past it.

    As long as neither stream is more than LONGEST_WAIT_S ahead, what comes out doesn't depend on the blocks. Past that what waits
    is given up.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._acc = np.empty((0, 4))  # time and values, waiting for the gyroscope
        self._gyr = np.empty((0, 4))
        self._taken = 0  # acceleration samples that have come out, or were given up
        self._done_s = -np.inf  # acceleration has come out, or was given up, until here

    def add_acc(self, t: Floats, acc: Floats) -> Joined:
        """Take acceleration (N, 3) at t (N,); what can be joined now."""
        self._acc = np.vstack([self._acc, np.column_stack([t, acc])])
        return self._settled()

    def add_gyr(self, t: Floats, gyr: Floats) -> Joined:
        """Take turning rates (N, 3) at t (N,); what can be joined now."""
        self._gyr = np.vstack([self._gyr, np.column_stack([t, gyr])])
        return self._settled()

    def _settled(self) -> Joined:
        latest_acc, latest_gyr = (float(x[-1, 0]) if len(x) else -np.inf for x in (self._acc, self._gyr))
        n = int(np.searchsorted(self._acc[:, 0], max(latest_gyr, latest_acc - LONGEST_WAIT_S), side="right"))
        now, self._acc = self._acc[:n], self._acc[n:]
        out = join(now[:, 0], now[:, 1:], self._gyr[:, 0], self._gyr[:, 1:], self._rate_hz)
        out = replace(out, which=out.which + self._taken)
        self._taken += n
        self._done_s = max(self._done_s, float(now[-1, 0]) if n else -np.inf, latest_gyr - LONGEST_WAIT_S)
        # What comes next lies after `done`, so of what lies before it one sample is needed still.
        self._gyr = self._gyr[max(0, int(np.searchsorted(self._gyr[:, 0], self._done_s, side="right")) - 1) :]
        return out
