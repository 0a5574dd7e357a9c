"""Accelerometer and gyroscope that arrive as two streams, made one: the gyroscope at the accelerometer's times.

Between two gyroscope samples a straight line is drawn, never over a hole: acceleration without a neighbour on either side is
left out, and so becomes a hole itself.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from imu_tracker.numeric import Floats

LONGEST_STEP = 2.5  # steps of the nominal rate: further apart, a sample is missing in between
LONGEST_WAIT_S = 2.0  # one stream this far ahead of the other: the other has stopped


@dataclass(frozen=True, eq=False)
class Joined:
    """Times (N,) s, acc (N, C) m/s² as it was added, gyr (N, 3) rad/s, and how many acceleration samples found no partner."""

    t: Floats
    acc: Floats
    gyr: Floats
    alone: int


class Joiner:
    """Each acceleration sample comes out as soon as the other stream has gone past it.

    As long as neither stream is more than LONGEST_WAIT_S ahead, what comes out doesn't depend on the blocks. Past that what waits
    is given up. Samples go one by one, as plain numbers: frames hold so few that numpy would cost several times as much.
    """

    def __init__(self, rate_hz: float) -> None:
        self._longest_s = LONGEST_STEP / rate_hz
        self._acc: deque[tuple[float, list[float]]] = deque()  # times and values, waiting for the gyroscope
        self._gyr: deque[tuple[float, list[float]]] = deque()  # from the last that isn't after what came out
        self._latest_acc_s = self._latest_gyr_s = -np.inf

    @property
    def waiting(self) -> int:
        """How many acceleration samples have no partner yet."""
        return len(self._acc)

    def add_acc(self, t: Floats, acc: Floats) -> Joined:
        """Take acceleration (N, C) at t (N,), rising; what can be joined now. Columns beyond three stay with their samples."""
        self._acc.extend(zip(t.tolist(), acc.tolist(), strict=True))
        self._latest_acc_s = self._acc[-1][0] if len(t) else self._latest_acc_s
        return self._settled()

    def add_gyr(self, t: Floats, gyr: Floats) -> Joined:
        """Take turning rates (N, 3) at t (N,), rising; what can be joined now."""
        self._gyr.extend(zip(t.tolist(), gyr.tolist(), strict=True))
        self._latest_gyr_s = self._gyr[-1][0] if len(t) else self._latest_gyr_s
        return self._settled()

    def _settled(self) -> Joined:
        times, acc, gyr, alone = [], [], [], 0
        until = max(self._latest_gyr_s, self._latest_acc_s - LONGEST_WAIT_S)
        while self._acc and self._acc[0][0] <= until:
            t, values = self._acc.popleft()
            turning = self._gyr_at(t)
            if turning is None:
                alone += 1
                continue
            times.append(t)
            acc.append(values)
            gyr.append(turning)
        self._forget_until(self._latest_gyr_s - LONGEST_WAIT_S)
        if not times:
            return Joined(np.empty(0), np.empty((0, 3)), np.empty((0, 3)), alone)
        return Joined(np.array(times), np.array(acc), np.array(gyr), alone)

    def _gyr_at(self, t: float) -> list[float] | None:
        """The turning rate at a time, None where it isn't known; what lies before is forgotten."""
        self._forget_until(t)
        if not self._gyr or self._gyr[0][0] > t:
            return None
        start, before = self._gyr[0]
        if start == t:
            return before
        if len(self._gyr) == 1 or self._gyr[1][0] - start > self._longest_s:
            return None
        end, after = self._gyr[1]
        share = (t - start) / (end - start)
        return [a + share * (b - a) for a, b in zip(before, after, strict=True)]

    def _forget_until(self, t: float) -> None:
        while len(self._gyr) > 1 and self._gyr[1][0] <= t:
            self._gyr.popleft()
