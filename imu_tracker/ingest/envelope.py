"""How far the receiver's clock is ahead of the sensor's: the lower edge of `arrival - device time`, which no packet undercuts.

A packet can be late by any amount, never early. So `late = arrival - device` is the two clocks' offset, plus the least latency
of the link, plus something positive. Its lower edge is a line whose slope is the drift between the clocks. All in seconds.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from imu_tracker.numeric import Floats

KNOT_S = 0.25  # the edge is settled anew at each whole step of device time, so that it doesn't depend on the packets' sizes
SLOPE_EVERY = 4  # steps
FEWEST = 5  # points that a slope is told from
BEGINNING_S = 2.0  # until then the edge only falls: the first packet's last sample says more than steps that it ran through
STEEPEST = 0.1  # a sensor's rate is never further from its nominal one
SLEW = 0.5  # the edge falls at most by this much a second, so that times always advance


@dataclass(frozen=True)
class EdgeParameters:
    """How far back the running edge looks. Found on the simulated link of `benchmarks/clock.py`, not on a recording."""

    lookback_s: float = 20.0  # the offset: longer sees more packets that were on time, and lags more where the drift changes
    history_s: float = 120.0  # the slope
    sparse_s: float = 1.0  # the slope is that of the least lateness of so long, which should hold three packets or more
    stall_s: float = (
        math.inf
    )  # lateness this far above the edge says nothing of it; for short lookbacks, which a stall could fill


class RunningEdge:
    """The lower edge as far as it can be known now; `at` never changes for device times once passed."""

    def __init__(self, device_s: float, late_s: float, parameters: EdgeParameters) -> None:
        self._parameters = parameters
        self._bin = math.floor(device_s / KNOT_S)
        start = self._bin * KNOT_S
        self._begun = start + BEGINNING_S
        self._knots, self._edge = [start, start + KNOT_S], [late_s, late_s]
        # For each step gone by: where its least lateness was, and how much. Two lists: of the short end alone arrays are made.
        self._least_s: list[float] = []
        self._least: list[float] = []
        self._now: tuple[float, float] | None = None
        self.slope = 0.0

    def add(self, device_s: Floats, arrival_s: float) -> None:
        """Take in one packet of new samples: device times (N,) s, rising."""
        last = float(device_s[-1])
        if math.floor(device_s[0] / KNOT_S) != math.floor(last / KNOT_S):
            bins = np.floor(device_s / KNOT_S)
            for i in np.flatnonzero(np.diff(bins)).tolist():  # a step's last sample is its least late
                self._take(float(device_s[i]), arrival_s)
        self._take(last, arrival_s)

    def add_even(self, before_s: float, rate_hz: float, n: int, arrival_s: float) -> None:
        """As `add`, for n samples at this rate, the first of them a step after `before_s`."""
        last = before_s + n / rate_hz
        if math.floor((before_s + 1 / rate_hz) / KNOT_S) == math.floor(last / KNOT_S):
            self._take(last, arrival_s)
        else:
            self.add(before_s + (1 + np.arange(n)) / rate_hz, arrival_s)

    def _take(self, device_s: float, arrival_s: float) -> None:
        k = math.floor(device_s / KNOT_S)
        if k > self._bin:
            self._step_to(k)
        late = arrival_s - device_s
        if self._now is None or late < self._now[1]:
            self._now = (device_s, late)

    def at(self, device_s: Floats) -> Floats:
        """The edge at device times (N,) s, rising, none beyond the newest sample's step; held before the first."""
        (a, b), (from_, to) = self._knots[-2:], self._edge[-2:]
        if device_s[0] >= a:
            return from_ + (to - from_) / (b - a) * (device_s - a)
        tail = -8 if len(self._knots) > 8 and device_s[0] >= self._knots[-8] else 0  # the rest only for what comes again
        return np.interp(device_s, self._knots[tail:], self._edge[tail:])

    def at_newest(self, device_s: float) -> float:
        """The edge at one device time, quickest for the newest sample's."""
        (a, b), (from_, to) = self._knots[-2:], self._edge[-2:]
        return from_ + (to - from_) / (b - a) * (device_s - a) if device_s >= a else float(self.at(np.array([device_s]))[0])

    def forget_since(self, device_s: float) -> None:
        """Drop what was learnt from samples at and after this time: they turned out to be misplaced."""
        keep = bisect_left(self._least_s, device_s)
        del self._least_s[keep:], self._least[keep:]
        if self._now is not None and self._now[0] >= device_s:
            self._now = None

    def _step_to(self, k: int) -> None:
        if self._now is not None and self._now[1] < self._edge[-1] + self._parameters.stall_s:
            self._least_s.append(self._now[0])
            self._least.append(self._now[1])
        old = min(bisect_left(self._least_s, (k * KNOT_S) - self._parameters.history_s), len(self._least) - 3)
        if old > 0:
            del self._least_s[:old], self._least[:old]
        follows, self._bin, self._now = k == self._bin + 1, k, None
        ahead = (k + 1) * KNOT_S
        if not self._least:
            self._knots.append(ahead)
            self._edge.append(self._edge[-1])
            return
        if k % SLOPE_EVERY == 0 or not follows:
            u, late = np.array(self._least_s), np.array(self._least)
            x, y = window_minima(u, late, max(self._parameters.sparse_s, (u[-1] - u[0]) / 12))
            self.slope = 0.0 if len(x) < FEWEST else float(np.clip(line_below(x, y)[1], -STEEPEST, STEEPEST))
        recent = bisect_left(self._least_s, self._least_s[-1] - self._parameters.lookback_s)
        offset = float(np.min(np.array(self._least[recent:]) - self.slope * np.array(self._least_s[recent:])))
        if not follows:  # behind a gap the line is taken up at once
            self._join(k * KNOT_S, offset + self.slope * k * KNOT_S)
        self._join(ahead, offset + self.slope * ahead)

    def _join(self, knot: float, edge: float) -> None:
        edge = max(edge, self._edge[-1] - SLEW * (knot - self._knots[-1]))
        self._edge.append(min(edge, self._edge[-1]) if knot < self._begun else edge)
        self._knots.append(knot)


def line_below(x: Floats, y: Floats) -> tuple[float, float]:
    """(offset, slope) of the highest line under all points: the edge of the lower convex hull that spans the mean of x.

    Of all lines under the points it is the nearest to them on the whole, so a few points behind a long hole don't draw it.
    x (N,) rising, y (N,), N >= 1; the slope is 0 for a single point.
    """
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (y[b] - y[a]) * (x[i] - x[a]) < (y[i] - y[a]) * (x[b] - x[a]):
                break
            hull.pop()
        hull.append(i)
    if len(hull) < 2:
        return float(y[0]), 0.0
    k = int(np.clip(np.searchsorted(x[hull], np.mean(x)), 1, len(hull) - 1))
    a, b = hull[k - 1], hull[k]
    slope = float((y[b] - y[a]) / (x[b] - x[a]))
    return float(y[a] - slope * x[a]), slope


def window_minima(x: Floats, y: Floats, window: float) -> tuple[Floats, Floats]:
    """The lowest point of each window that has points: x (N,) rising, y (N,)."""
    bins = np.floor((x - x[0]) / window)
    order = np.lexsort((y, bins))
    first = order[np.r_[True, np.diff(bins[order]) > 0]]
    return x[first], y[first]
