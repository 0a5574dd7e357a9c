"""The stretches of motion that features are read from: windows of five seconds inside a set, or inside the whole recording."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion, grid_rows
from imu_tracker.numeric import GRAVITY_M_S2, Floats, moving_average, rotation_matrix

RATE_HZ = 25.0  # exercise has its shape below 8 Hz, and sensors of 25 Hz are in use
EVERY = int(GRID_HZ / RATE_HZ)
LENGTH = 128  # samples of a window: 5.1 s, one or two of the slowest repetitions and ten of the fastest
ACC, UP, GYR, EARTH_ACC, EARTH_GYR = slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 11), slice(11, 13)  # columns of a window


@dataclass(frozen=True)
class WindowParameters:
    """How a stretch is cut into windows."""

    step: int = LENGTH // 2
    """From one window to the next, samples."""
    most: int = 12
    """Windows of one set at most, evenly spread: more of them made no difference on recordings, 20 or 10."""
    idle: float = 0.15
    """Where no set was found: windows that move less than this share of the liveliest (90th percentile) say nothing."""
    shortest: int = 13
    """A piece shorter than half a second is used only where there is no longer one."""


def rows_of(motion: Motion, begin: int, end: int) -> Floats:
    """Samples begin to end of a piece at 25 Hz, (N, 13), without gyroscope (N, 6).

    Columns: acceleration (m/s²), up (unit), turn rate (rad/s), all sensor frame; then horizontal acceleration and turn rate in
    the earth frame, whose heading is arbitrary.
    """
    parts = [motion.acc[begin:end], motion.up[begin:end]]
    if motion.gyr is not None and motion.quaternion is not None:
        parts.append(motion.gyr[begin:end])
    # two boxes of 30 and 50 ms: nothing above 12.5 Hz folds down
    x = moving_average(moving_average(np.hstack(parts), 3), 5)[::EVERY]
    if motion.gyr is None or motion.quaternion is None:
        return x
    to_earth = rotation_matrix(motion.quaternion[begin:end:EVERY])[:, :2, :]
    linear = x[:, ACC] - GRAVITY_M_S2 * x[:, UP]
    turned = np.matmul(to_earth, np.stack([linear, x[:, GYR]], axis=2))  # (N, 2, 2): axis, then which of the two
    return np.hstack([x, turned[..., 0], turned[..., 1]])


def spread(x: Floats, p: WindowParameters, most: int | None) -> list[Floats]:
    """Windows (LENGTH, C) evenly spread over x (N, C), at most so many; one that is too short is repeated end to end."""
    if len(x) < LENGTH:
        return [np.vstack([x] * int(np.ceil(LENGTH / len(x))))[:LENGTH]]
    count = int(np.ceil((len(x) - LENGTH) / p.step)) + 1
    if most is not None:
        count = min(count, most)
    return [x[k : k + LENGTH] for k in np.unique(np.linspace(0, len(x) - LENGTH, count).astype(int))]


def _inside(motion: Motion, start_s: float, end_s: float) -> tuple[int, int]:
    """Samples of the piece in a span; a span shorter than a window reaches out to either side, as far as there is motion."""
    rows = grid_rows(start_s, end_s, motion.first)
    begin, end = min(rows.start, len(motion)), min(rows.stop, len(motion))
    if end <= begin:
        return 0, 0
    missing = LENGTH * EVERY - (end - begin)
    if missing > 0:
        begin = max(0, min(begin - missing // 2, len(motion) - LENGTH * EVERY))
        end = min(len(motion), begin + LENGTH * EVERY)
    return begin, end


def rows_in(motions: Sequence[Motion], start_s: float, end_s: float, p: WindowParameters | None = None) -> list[Floats]:
    """Rows of the pieces in a span, as `rows_of` has them; of pieces that are very short only where there is no other."""
    p = p or WindowParameters()
    pieces = [(m, *_inside(m, start_s, end_s)) for m in motions]
    x = [rows_of(m, a, b) for m, a, b in pieces if b > a]
    return [y for y in x if len(y) >= p.shortest] or x[:1]


def windows_in_sets(motions: Sequence[Motion], spans: Sequence[tuple[float, float]], p: WindowParameters | None = None) -> Floats:
    """Windows (W, LENGTH, C) inside the spans [start_s, end_s); W is 0 where no piece reaches into them."""
    p = p or WindowParameters()
    out: list[Floats] = []
    for start_s, end_s in spans:
        long = rows_in(motions, start_s, end_s, p)
        total = sum(len(y) for y in long)
        for y in long:
            out += spread(y, p, max(1, round(p.most * len(y) / total)))
    return _stacked(out, motions)


def windows_in_all(motions: Sequence[Motion], start_s: float, end_s: float, p: WindowParameters | None = None) -> Floats:
    """Windows (W, LENGTH, C) inside [start_s, end_s) where no set was found, those in which nothing moves aside."""
    p = p or WindowParameters()
    out: list[Floats] = []
    pieces = []
    for m in motions:
        rows = grid_rows(start_s, end_s, m.first)
        if rows.start < min(rows.stop, len(m)):
            pieces.append(rows_of(m, rows.start, min(rows.stop, len(m))))
    for x in [y for y in pieces if len(y) >= p.shortest] or pieces[:1]:
        out += spread(x, p, None)
    windows = _stacked(out, motions)
    if len(windows) > 1:
        moving = windows[..., ACC].std(axis=1).sum(axis=1)
        windows = windows[moving >= p.idle * np.percentile(moving, 90)]
    if len(windows) > 2 * p.most:
        windows = windows[np.unique(np.linspace(0, len(windows) - 1, 2 * p.most).astype(int))]
    return windows


def _stacked(windows: list[Floats], motions: Sequence[Motion]) -> Floats:
    if windows:
        return np.stack(windows)
    return np.zeros((0, LENGTH, 6 if any(m.gyr is None for m in motions) else 13))
