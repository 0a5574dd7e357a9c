"""Where motion repeats itself, and how fast: each stretch compared with what follows one period later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.signals import HZ, Stretch, band

BASE_STEP = 4  # periods compete on a time base of every 4th row, 0.2 s
NOISE = 0.3  # energy per row, in units of noise, that is added to every comparison: rest is like nothing


@dataclass(frozen=True)
class Lag:
    """One period tried: gain[i] is what the motion around row i * step repeats, beyond mere likeness; rows of the stretch."""

    period_s: float
    step: int
    span: int
    gain: Floats


@dataclass(frozen=True)
class Run:
    """A run of repeating motion: rows [start, end) of the stretch, its period, and its total gain."""

    gain: float
    period_s: float
    start: int
    end: int


def _sums(v: Floats) -> Floats:
    """Sums of v (N,) up to each value, from none to all: (N + 1,)."""
    out = np.zeros(len(v) + 1)
    v.cumsum(out=out[1:])
    return out


def _window_sums(total: Floats, width: int) -> Floats:
    """Sums over every window of `width` values, from the `_sums` of them."""
    out: Floats = total[width:] - total[:-width]
    return out


def _periods(p: CountParameters) -> Iterator[tuple[float, bool]]:
    """Periods from short to long, and whether the signal is to be filtered anew (twice an octave)."""
    period, half_octave = p.shortest_s, None
    while period < p.longest_s:
        now = int(np.floor(2 * np.log2(period)))
        yield period, now != half_octave
        half_octave = now
        period *= p.lag_ratio


def _halved(x: Floats, pieces: list[tuple[int, int]]) -> Floats:
    """Every second row of x, low-passed by a triangle of three rows, piece by piece."""
    out = np.zeros_like(x)
    for a, b in pieces:
        held = np.concatenate([x[a : a + 1], x[a:b], x[b - 1 : b]])
        out[a:b] = 0.25 * held[:-2] + 0.5 * held[1:-1] + 0.25 * held[2:]
    return out[::2]


def lag_map(stretch: Stretch, p: CountParameters) -> list[Lag]:
    """What repeats, at each period at which anything does.

    The signal is kept between 1/10 and 4 times the frequency of about one repetition, which forgives small differences of timing.
    Likeness = inner product over mean energy, over a window of one period (1.2 s at least): 1 for equal motion, 0 for unrelated.
    Periods then compete: where another one is clearly more alike, a period gains nothing. Longer periods are looked for in
    thinned signals.
    """
    tried: list[tuple[float, int, int, Floats, Floats]] = []
    source, thinned, pieces = stretch.x, 1, list(stretch.bounds)
    for period, anew in _periods(p):
        if anew:
            while period / 0.8 >= 2 * thinned:
                source, thinned = _halved(source, pieces), 2 * thinned
                pieces = [((a + 1) // 2, (b + 1) // 2) for a, b in pieces if (b + 1) // 2 > (a + 1) // 2]
            y = np.zeros_like(source)
            for a, b in pieces:
                y[a:b] = band(source[a:b], 0.1 / period, 4.0 / period, HZ / thinned)
            energy = _sums(np.einsum("ij,ij->i", y, y))
        step = thinned
        lag, window = round(period * HZ / step), round(max(period, 1.2) * HZ / step)
        n = len(y) - lag - window + 1
        if n < 2:
            break
        both = _window_sums(_sums(np.einsum("ij,ij->i", y[:-lag], y[lag:])), window)[:n]
        each = _window_sums(energy, window)
        mean = 0.5 * (each[:n] + each[lag : lag + n])
        tried.append((period, step, (lag + window) * step, both / (mean + NOISE * window), mean / window))
    if not tried:
        return []
    base = np.arange(0, len(stretch.x), BASE_STEP)
    best = np.zeros(len(base))
    centres = [np.arange(len(like)) * step + span / 2 for _, step, span, like, _ in tried]
    for at, (_, _, _, like, _) in zip(centres, tried, strict=True):
        best = np.maximum(best, np.interp(base, at, like, left=0.0, right=0.0))
    out = []
    for at, (period, step, span, like, power) in zip(centres, tried, strict=True):
        rows = np.flatnonzero(like > p.alike)
        rows = rows[like[rows] >= np.interp(at[rows], base, best) - p.rival]
        if len(rows):
            gain = np.zeros(len(like))
            gain[rows] = (like[rows] - p.alike) * power[rows]
            out.append(Lag(period, step, span, gain))
    return out


def find_runs(lags: list[Lag], free: NDArray[np.bool_]) -> list[Run]:
    """Runs of repeating motion in free rows, the strongest first; dips shorter than a period are bridged."""
    out = []
    for lag in lags:
        n = len(lag.gain)
        there = free[:: lag.step]
        last = lag.span // lag.step - 1
        gain = lag.gain * (there[:n] & there[last : last + n])
        repeats = (gain > 0).nonzero()[0]
        if not len(repeats):
            continue
        reach = max(1, int(lag.period_s * HZ / lag.step))
        for one in np.split(repeats, (repeats[1:] - repeats[:-1] > reach + 1).nonzero()[0] + 1):
            a, b = max(int(one[0]) - (reach - reach // 2), 0), min(int(one[-1]) + reach // 2 + 1, n)
            total = float(gain[a:b].sum()) * lag.step / HZ
            out.append(Run(total, lag.period_s, a * lag.step, min((b - 1) * lag.step + lag.span, len(free))))
    return sorted(out, key=lambda r: (-r.gain, r.start))
