"""What repetitions are looked for in: gravity direction, turn rate and linear acceleration at 20 Hz, as they are and compressed.

All later work uses only inner products over the three axes of a group, so that it does not matter how the sensor is turned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import GRAVITY_M_S2, Floats, moving_average, runs
from imu_tracker.reps.parameters import CountParameters

HZ = 20.0  # repetitions of 0.4 s have their shape below 7 Hz
STEP = int(GRID_HZ / HZ)
TAPS = np.array([1.0, 3.0, 6.0, 7.0, 6.0, 3.0, 1.0]) / 27.0  # three boxes of 3 samples at 100 Hz: -3 dB at 7 Hz
POSTURE_HZ = 0.05  # slower changes are posture, not repetition
GYR, LIN = slice(3, 6), slice(-3, None)  # columns of a row; gravity direction comes first


@dataclass(frozen=True)
class Stretch:
    """A bout of motion: pieces of one stream with only short gaps and rests between them, on one 20 Hz grid.

    start_s: time of the first row. raw: (T, 9) gravity direction, turn rate, linear acceleration; (T, 6) without gyroscope.
    x: the same compressed, in units of noise. present: (T,) False inside gaps, where both are 0. bounds: half-open row ranges
    of the pieces; every filter stays inside one.
    """

    start_s: float
    raw: Floats
    x: Floats
    present: NDArray[np.bool_]
    bounds: tuple[tuple[int, int], ...]

    def pieces(self, begin: int, end: int) -> list[tuple[int, int]]:
        """The parts of the row range that lie inside one piece each."""
        return [(max(a, begin), min(b, end)) for a, b in self.bounds if min(b, end) > max(a, begin)]


def smoothed(x: Floats, cutoff_hz: float, hz: float = HZ) -> Floats:
    """Zero-phase low-pass of short arrays (N, C): numeric.smooth with the ends held once, not thrice."""
    half = round(0.2619 * hz / cutoff_hz) // 2
    if half < 1:
        return x
    width = 2 * half + 1
    total = np.empty((len(x) + 6 * half + 1, x.shape[1]))
    total[0] = 0.0
    total[1 : 3 * half + 1], total[3 * half + 1 + len(x) :] = x[0], x[-1]
    total[3 * half + 1 : 3 * half + 1 + len(x)] = x
    total.cumsum(axis=0, out=total)
    for _ in range(2):
        (total[width:] - total[:-width]).cumsum(axis=0, out=total[1 : len(total) - width + 1])
        total = total[: len(total) - width + 1]
        total[0] = 0.0
    out: Floats = (total[width:] - total[:-width]) / width**3
    return out


def band(x: Floats, above_hz: float, below_hz: float | None = None, hz: float = HZ) -> Floats:
    """x (N, C) between two frequencies."""
    if below_hz is not None and below_hz < 0.4 * hz:
        x = smoothed(x, below_hz, hz)
    return x - smoothed(x, above_hz, hz)


def _at_20_hz(x: Floats, offset: int) -> Floats:
    """Rows offset, offset + STEP, ... of x (M, 3) at 100 Hz, low-passed; the ends are held."""
    half = len(TAPS) // 2
    held = np.concatenate([np.repeat(x[:1], half, axis=0), x, np.repeat(x[-1:], half, axis=0)])
    around = sliding_window_view(held, len(TAPS), axis=0)[offset::STEP]
    out: Floats = np.einsum("ijk,k->ij", around, TAPS)
    return out


def compressed(x: Floats, p: CountParameters) -> Floats:
    """Raw rows (T, 9 or 6) in units of noise, each group's size above its noise by the power of compression."""
    noise = p.noise if x.shape[1] == 9 else (p.noise[0], p.noise[2])
    out = np.empty_like(x)
    for k, unit in enumerate(noise):
        group = x[:, 3 * k : 3 * k + 3] / unit
        size = np.sqrt(np.einsum("ij,ij->i", group, group))
        out[:, 3 * k : 3 * k + 3] = group / ((1.0 + size) ** (1.0 - p.compression))[:, None]  # to 0.5: a root, which is cheap
    return out


def _signals(motion: Motion, p: CountParameters) -> tuple[Floats, Floats]:
    """One piece's raw and compressed rows, the first at the first 20 Hz grid point inside it."""
    offset = -motion.first % STEP
    if offset >= len(motion):
        nothing = np.zeros((0, 6 if motion.gyr is None else 9))
        return nothing, nothing
    up, acc = _at_20_hz(motion.up, offset), _at_20_hz(motion.acc, offset)
    turning = [] if motion.gyr is None else [_at_20_hz(motion.gyr, offset)]
    raw = np.hstack([up, *turning, acc - GRAVITY_M_S2 * up])
    return raw, compressed(band(raw, POSTURE_HZ), p)


def _bouts(parts: list[tuple[int, Floats, Floats]], p: CountParameters) -> list[list[tuple[int, Floats, Floats]]]:
    """The pieces, cut where nothing moves for a set's pause, and grouped between such rests and gaps as long."""
    pause = int(p.set_pause_s * HZ)
    out: list[list[tuple[int, Floats, Floats]]] = []
    for first, raw, x in parts:
        moving = moving_average(np.einsum("ij,ij->i", x, x), int(HZ)) > p.idle
        rests = [(int(a), int(b)) for a, b in runs(~moving) if b - a > pause]
        begins = [0] + [b - int(HZ) for _, b in rests]
        ends = [a + int(HZ) for a, _ in rests] + [len(x)]
        for k, (a, b) in enumerate(zip(begins, ends, strict=True)):
            a, b = max(a, 0), min(b, len(x))
            if b - a <= 2 * int(HZ) and rests:
                continue
            last = out[-1][-1] if out and k == 0 else None
            part = (first + a, raw[a:b], x[a:b])
            if last is not None and first + a - (last[0] + len(last[1])) < pause:
                out[-1].append(part)
            else:
                out.append([part])
    return out


def stretches(motions: tuple[Motion, ...], p: CountParameters) -> tuple[Stretch, ...]:
    """The stream's bouts of motion, each on one clock."""
    parts = [(-(-m.first // STEP), *_signals(m, p)) for m in motions]
    out = []
    for bout in _bouts([q for q in parts if len(q[1])], p):
        begin, end = bout[0][0], bout[-1][0] + len(bout[-1][1])
        raw, x = np.zeros((2, end - begin, bout[0][1].shape[1]))
        present = np.zeros(len(x), bool)
        bounds = []
        for first, r, y in bout:
            a, b = first - begin, first - begin + len(r)
            raw[a:b], x[a:b], present[a:b] = r, y, True
            bounds.append((a, b))
        out.append(Stretch(begin / HZ, raw, x, present, tuple(bounds)))
    return tuple(out)
