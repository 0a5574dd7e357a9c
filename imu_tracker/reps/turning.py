"""What a coach watches: where the sensor is, out and back. Angle turned and way gone, and where they turn.

Summing turn rate once and acceleration twice leaves mostly the movement's fundamental: a repetition has one outer and one inner
turning point, whatever bursts, tremor and holds lie between. Within a few periods the sums do not drift once what is slower is
taken off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats, sizes
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.signals import HZ, LIN, Stretch, band, smoothed

FAR = 3.0  # root mean squares beyond which a place counts no more: getting into position must not outweigh the work


@dataclass(frozen=True)
class Course:
    """The clearest direction of the angle, or of the way, over some rows: z (T,), its turning points and which are maxima."""

    z: Floats
    at: NDArray[np.int64]
    top: NDArray[np.bool_]


def turning_points(z: Floats, least: float) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows where z turns by more than `least`, alternately maxima (True) and minima; the last one may lie at the end."""
    at: list[int] = []
    top: list[bool] = []
    low = high = float(z[0])
    at_low = at_high = 0
    direction = 0
    slope = np.sign(np.diff(z))
    bends = np.concatenate([[0], np.flatnonzero(slope[1:] != slope[:-1]) + 1, [len(z) - 1]])  # between them z only rises or falls
    for i, v in zip(bends.tolist(), z[bends].tolist(), strict=True):
        if v > high:
            high, at_high = v, i
        if v < low:
            low, at_low = v, i
        if direction != -1 and high - v > least:
            at.append(at_high)
            top.append(True)
            direction, low, at_low = -1, v, i
        elif direction != 1 and v - low > least:
            at.append(at_low)
            top.append(False)
            direction, high, at_high = 1, v, i
    if direction:
        at.append(at_high if direction == 1 else at_low)
        top.append(direction == 1)
    return np.array(at, np.int64), np.array(top, bool)


def _places(raw: Floats, period_s: float, p: CountParameters) -> list[Floats]:
    """Angle and way of one piece (T, 3 each), as far as they change within a few periods; gravity's angle without gyroscope."""
    above = p.slow / period_s
    sums = band(band(raw[:, 3:], above).cumsum(axis=0) / HZ, above)  # of turn rate, where there is one, and acceleration
    way = band(sums[:, LIN].cumsum(axis=0) / HZ, above)
    angle = sums[:, :3] if raw.shape[1] == 9 else band(raw[:, :3], above)
    both = np.hstack([angle, way])
    below = p.fast / period_s
    both = smoothed(both, below) if below < 0.4 * HZ else both
    return [both[:, :3], both[:, 3:]]


def courses(
    stretch: Stretch, raw: Floats, begin: int, end: int, among: tuple[int, int], period_s: float, p: CountParameters
) -> tuple[list[Course], Floats]:
    """Courses of the angle and of the way in rows begin to end, seen along the directions that move most in the rows `among`.

    raw: those rows and three periods either side, as far as the stretch goes, each group no larger than usual.
    Also their two strongest directions each, (T, 4), of mean square 1 in those rows.
    """
    pad = int(3 * period_s * HZ)
    lo, hi = max(0, begin - pad), min(len(stretch.raw), end + pad)  # the rows of raw
    places = np.zeros((2, hi - lo, 3))
    for a, b in stretch.pieces(lo, hi):
        places[:, a - lo : b - lo] = _places(raw[a - lo : b - lo], period_s, p)
    out, plane = [], []
    inside = slice(max(0, among[0] - begin), among[1] - begin)
    for place in places[:, begin - lo : end - lo]:
        moves = place[inside] - place[inside].mean(axis=0)
        _, axes = np.linalg.eigh(moves.T @ moves)
        z = place @ axes[:, -1]
        if float(z[inside] @ (z[inside] * z[inside])) < 0.0:
            z = -z  # an axis has two ends: take the same one however the sensor is turned
        out.append(Course(z, *turning_points(z, p.least_turn * max(float(np.std(z[inside])), 1e-9))))
        two = place @ axes[:, -2:]
        two = two / np.sqrt(max(float(np.sum((moves @ axes[:, -2:]) ** 2)) / max(len(moves), 1), 1e-12))
        plane.append(two / np.maximum(1.0, sizes(two) / FAR)[:, None])
    return out, np.hstack(plane)
