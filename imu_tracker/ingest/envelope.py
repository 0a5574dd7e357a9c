"""How far the receiver's clock is ahead of the sensor's: the lower edge of `arrival - device time`, which no packet undercuts.

A packet can be late by any amount, never early. So `late = arrival - device` is the two clocks' offset, plus the least latency
of the link, plus something positive. Its lower edge is a line whose slope is the drift between the clocks. All in seconds.
"""

from __future__ import annotations

import math
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
        self._least: list[tuple[float, float]] = []  # for each step gone by: where its least lateness was, and how much
        self._now: tuple[float, float] | None = None
        self.slope = 0.0

    def add(self, device_s: Floats, arrival_s: float) -> None:
        """Take in one packet of new samples: device times (N,) s, rising."""
        bins = np.floor(device_s / KNOT_S).astype(int)
        for last in [*np.flatnonzero(np.diff(bins)), len(bins) - 1]:  # a step's last sample is its least late
            self._step_to(int(bins[last]))
            late = arrival_s - float(device_s[last])
            if self._now is None or late < self._now[1]:
                self._now = (float(device_s[last]), late)

    def at(self, device_s: Floats) -> Floats:
        """The edge at device times (N,) s, rising, none beyond the newest sample's step; held before the first."""
        tail = -8 if len(self._knots) > 8 and device_s[0] >= self._knots[-8] else 0  # the rest only for what comes again
        return np.interp(device_s, self._knots[tail:], self._edge[tail:])

    def forget_since(self, device_s: float) -> None:
        """Drop what was learnt from samples at and after this time: they turned out to be misplaced."""
        self._least = [(u, late) for u, late in self._least if u < device_s]
        if self._now is not None and self._now[0] >= device_s:
            self._now = None

    def _step_to(self, k: int) -> None:
        if k <= self._bin:
            return
        if self._now is not None and self._now[1] < self._edge[-1] + self._parameters.stall_s:
            self._least.append(self._now)
        oldest = (k * KNOT_S) - self._parameters.history_s
        while len(self._least) > 3 and self._least[0][0] < oldest:
            self._least.pop(0)
        follows, self._bin, self._now = k == self._bin + 1, k, None
        ahead = (k + 1) * KNOT_S
        if not self._least:
            self._knots.append(ahead)
            self._edge.append(self._edge[-1])
            return
        u, late = np.array(self._least).T
        if k % SLOPE_EVERY == 0 or not follows:
            x, y = window_minima(u, late, max(self._parameters.sparse_s, (u[-1] - u[0]) / 12))
            self.slope = 0.0 if len(x) < FEWEST else float(np.clip(line_below(x, y)[1], -STEEPEST, STEEPEST))
        recent = u >= u[-1] - self._parameters.lookback_s
        offset = float(np.min(late[recent] - self.slope * u[recent]))
        if not follows:  # behind a gap the line is taken up at once
            self._join(k * KNOT_S, offset + self.slope * k * KNOT_S)
        self._join(ahead, offset + self.slope * ahead)

    def _join(self, knot: float, edge: float) -> None:
        edge = max(edge, self._edge[-1] - SLEW * (knot - self._knots[-1]))
        self._edge.append(min(edge, self._edge[-1]) if knot < self._begun else edge)
        self._knots.append(knot)


def line_below(x: Floats, y: Floats) -> tuple[float, float]:
    """(offset, slope) of the highest line under all points: the edge of the lower convex hull that spans the middle of x.

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
    k = int(np.clip(np.searchsorted(x[hull], 0.5 * (x[0] + x[-1])), 1, len(hull) - 1))
    a, b = hull[k - 1], hull[k]
    slope = float((y[b] - y[a]) / (x[b] - x[a]))
    return float(y[a] - slope * x[a]), slope


def window_minima(x: Floats, y: Floats, window: float) -> tuple[Floats, Floats]:
    """The lowest point of each window that has points: x (N,) rising, y (N,)."""
    bins = np.floor((x - x[0]) / window)
    order = np.lexsort((y, bins))
    first = order[np.r_[True, np.diff(bins[order]) > 0]]
    return x[first], y[first]
