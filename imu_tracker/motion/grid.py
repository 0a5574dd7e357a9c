"""The common 100 Hz grid: every stream of a recording on the same clock, gaps kept as gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.numeric import Floats, moving_average
from imu_tracker.recording import Stream

GRID_HZ = 100.0  # twice what wearables of this kind stream usefully, and what the result's series promises
TOUCH_STEPS = 1e-6  # a sample this close to a grid point lies on it (rounding of times in seconds)


@dataclass(frozen=True)
class GridPiece:
    """A stretch without gaps: acc (M, 3) m/s² and gyr (M, 3) rad/s or None at grid points first, first + 1, ...

    Grid point k lies at k / GRID_HZ seconds after the recording's first sample. Sensor frame.
    """

    first: int
    acc: Floats
    gyr: Floats | None

    @property
    def last(self) -> int:
        """One past the last grid point."""
        return self.first + len(self.acc)


def grid_rows(start_s: float, end_s: float, first: int = 0) -> slice:
    """Grid points in [start_s, end_s), as rows of an array whose first row is grid point `first`."""
    begin, end = (max(0, int(np.ceil(t * GRID_HZ - TOUCH_STEPS)) - first) for t in (start_s, end_s))
    return slice(begin, end)


def to_grid(stream: Stream, start_s: float) -> tuple[GridPiece, ...]:
    """The stream's pieces on the grid that begins at `start_s`, by linear interpolation inside each piece.

    A stream faster than the grid is first averaged over a grid step, so that nothing above 50 Hz folds down. Nothing is
    extrapolated: a piece covers the grid points between its first and last sample, and one without any is left out.
    """
    out = []
    width = round(stream.timing.rate_hz / GRID_HZ)
    for a, b in stream.timing.pieces:
        t = (stream.timing.t[a:b] - start_s) * GRID_HZ
        first, last = int(np.ceil(t[0] - TOUCH_STEPS)), int(np.floor(t[-1] + TOUCH_STEPS))
        if last < first:
            continue
        at = np.arange(first, last + 1, dtype=float)
        parts = [stream.acc[a:b]] if stream.gyr is None else [stream.acc[a:b], stream.gyr[a:b]]
        if width > 1:
            parts = [moving_average(x, width) for x in parts]
        values = np.empty((len(at), 3 * len(parts)))
        for i, x in enumerate(parts):
            for k in range(3):
                values[:, 3 * i + k] = np.interp(at, t, x[:, k])
        out.append(GridPiece(first, values[:, :3], values[:, 3:] if stream.gyr is not None else None))
    return tuple(out)
