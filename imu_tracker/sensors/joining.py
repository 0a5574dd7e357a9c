"""Accelerometer and gyroscope that arrive as two streams, made one: the gyroscope at the accelerometer's times.

Between two gyroscope samples a straight line is drawn, never over a hole: acceleration without a neighbour on either side is
left out, and so becomes a hole itself. Samples come out as soon as both sides are there, the same whatever the blocks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.numeric import Floats

LONGEST_STEP = 2.5  # steps of the nominal rate: further apart, a sample is missing in between
LONGEST_WAIT_S = 2.0  # one stream this far ahead of the other: the other has stopped


@dataclass(frozen=True, eq=False)
class Joined:
    """Times (N,) s, acc (N, 3) m/s², gyr (N, 3) rad/s, and how many acceleration samples found no partner."""

    t: Floats
    acc: Floats
    gyr: Floats
    alone: int


class Joiner:
    """Joins two streams of one sensor whose samples have times, s, on one clock, each in order."""

    def __init__(self, rate_hz: float) -> None:
        self._longest_s = LONGEST_STEP / rate_hz
        self._acc = np.empty((0, 4))  # time and values that wait for the gyroscope
        self._gyr = np.empty((0, 4))

    def add_acc(self, t: Floats, acc: Floats) -> Joined:
        """Take acceleration (N, 3) at t (N,); what can be joined now."""
        self._acc = np.vstack([self._acc, np.column_stack([t, acc])])
        return self._join()

    def add_gyr(self, t: Floats, gyr: Floats) -> Joined:
        """Take turning rates (N, 3) at t (N,); what can be joined now."""
        self._gyr = np.vstack([self._gyr, np.column_stack([t, gyr])])
        return self._join()

    def _join(self) -> Joined:
        t, tg = self._acc[:, 0], self._gyr[:, 0]
        # Settled: what the gyroscope has gone past, or has been silent about for too long.
        until = max(tg[-1] if len(tg) else -np.inf, t[-1] - LONGEST_WAIT_S if len(t) else -np.inf)
        n = int(np.searchsorted(t, until, side="right"))
        now, self._acc = self._acc[:n], self._acc[n:]
        after = np.searchsorted(tg, now[:, 0], side="left")  # the first gyroscope sample not before
        exact = after < len(tg)
        exact[exact] = tg[after[exact]] == now[exact, 0]
        between = (after > 0) & (after < len(tg))
        between[between] = tg[after[between]] - tg[after[between] - 1] <= self._longest_s
        good = exact | between
        at = now[good]
        gyr = np.column_stack([np.interp(at[:, 0], tg, self._gyr[:, i]) for i in (1, 2, 3)]) if len(at) else np.empty((0, 3))
        # The last gyroscope sample before what still waits is needed; where nothing waits, the last of all.
        earliest = self._acc[0, 0] if len(self._acc) else (tg[-1] if len(tg) else 0.0)
        keep = max(0, int(np.searchsorted(tg, earliest, side="right")) - 1)
        if not len(self._acc) and len(tg):
            keep = int(np.searchsorted(tg, max(tg[-1] - LONGEST_WAIT_S, now[-1, 0] if n else -np.inf), side="right")) - 1
        self._gyr = self._gyr[max(0, keep) :]
        return Joined(at[:, 0], at[:, 1:], gyr, n - int(good.sum()))
