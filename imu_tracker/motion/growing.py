"""Motion that grows as samples come in: the same grid and the same filter as for a whole recording, whatever the blocks.

What a later sample could still change (the grid points in the last average) waits for it. Samples that come out of order, or
a second time, are left to the recording.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np

from imu_tracker.motion.grid import GRID_HZ, TOUCH_STEPS, GridPiece
from imu_tracker.motion.orientation import Motion, motion_of
from imu_tracker.numeric import Floats, median, moving_average, up_from_quaternion
from imu_tracker.recording import FILL_STEPS, LONGEST_FILL_S

ROWS = 4096  # that a store grows by at least
CONTEXT = 32  # raw samples kept, for the average over a grid step: enough up to 3 kHz
FIRST = 32  # samples from which the sensor's rate is told; until they are there nothing comes out


class _Store:
    """Rows (N, C), added at the end and forgotten at the beginning; row numbers stay as they were."""

    def __init__(self, columns: int) -> None:
        self._data = np.empty((ROWS, columns))
        self._used = 0
        self.begin = 0  # rows before it are forgotten

    @property
    def end(self) -> int:
        return self.begin + self._used

    def add(self, rows: Floats) -> None:
        if self._used + len(rows) > len(self._data):
            grown = np.empty((max(2 * self._used, self._used + len(rows)), self._data.shape[1]))
            grown[: self._used] = self._data[: self._used]
            self._data = grown
        self._data[self._used : self._used + len(rows)] = rows
        self._used += len(rows)

    def rows(self, begin: int, end: int) -> Floats:
        out: Floats = self._data[max(begin - self.begin, 0) : max(end - self.begin, 0)]
        return out

    def forget(self, until: int) -> None:
        drop = until - self.begin
        if drop >= ROWS:  # seldom, and then much: what is kept is copied
            self._data = self._data[drop:].copy()
            self._used -= drop
            self.begin += drop

    def copy(self, until: int) -> _Store:
        """The rows before `until`, in a store of their own."""
        out = _Store(self._data.shape[1])
        out.begin = self.begin
        out.add(self.rows(self.begin, until))
        return out


@dataclass
class _Piece:
    """A stretch without gaps: its first grid point, the filter that goes on, and for each point values, orientation and up."""

    first: int
    vqf: object
    values: _Store
    quaternions: _Store = field(default_factory=lambda: _Store(4))
    ups: _Store = field(default_factory=lambda: _Store(3))

    @property
    def stop(self) -> int:
        """One past the last grid point."""
        return self.first + self.values.end

    def forget(self, until: int) -> None:
        """Grid points before may be given up."""
        for store in (self.values, self.quaternions, self.ups):
            store.forget(until - self.first)

    def until(self, end: int) -> _Piece:
        """The piece as it was before a grid point, for good."""
        kept = (store.copy(end - self.first) for store in (self.values, self.quaternions, self.ups))
        return _Piece(self.first, self.vqf, *kept)

    def motion(self, begin: int, end: int) -> Motion | None:
        """Grid points begin to end, as far as they are kept; None for fewer than two."""
        a, b = max(begin - self.first, self.values.begin), min(end - self.first, self.values.end)
        if b - a < 2:
            return None
        values = self.values.rows(a, b)
        if self.vqf is None:
            return motion_of(GridPiece(self.first + a, values, None))
        return Motion(self.first + a, values[:, :3], values[:, 3:], self.ups.rows(a, b), self.quaternions.rows(a, b))


class GrowingMotion:
    """One stream's motion so far, on the 100 Hz grid that begins at the session's zero."""

    def __init__(self, with_gyroscope: bool) -> None:
        self._columns = 6 if with_gyroscope else 3
        self._pieces: list[_Piece] = []
        self._t = np.zeros(0)  # the last raw samples, whose grid points may still change
        self._raw = np.zeros((0, self._columns))
        self._step_s: float | None = None
        self._open = False  # whether the last piece goes on
        self.end_s = -np.inf  # the last grid point's time

    def push(self, t: Floats, acc: Floats, gyr: Floats | None) -> None:
        """Adds samples at t (N,) s, acc (N, 3) m/s² and gyr (N, 3) rad/s, or None where the stream has no gyroscope."""
        raw = np.asarray(acc, float) if gyr is None else np.concatenate([acc, gyr], axis=1, dtype=float)
        t = np.asarray(t, float)
        if not (np.isfinite(t).all() and np.isfinite(raw).all()):
            usable = np.isfinite(t) & np.isfinite(raw).all(axis=1)
            t, raw = t[usable], raw[usable]
        self._t, self._raw = np.concatenate([self._t, t]), np.concatenate([self._raw, raw])
        steps = self._t[1:] - self._t[:-1]
        if (steps <= 0.0).any():
            newer = np.concatenate([[True], self._t[1:] > np.maximum.accumulate(self._t)[:-1]])
            self._t, self._raw = self._t[newer], self._raw[newer]
            steps = self._t[1:] - self._t[:-1]
        if self._step_s is None:
            if len(self._t) < FIRST:
                return
            self._step_s = median(steps[: FIRST - 1])
        cuts = (steps > max(LONGEST_FILL_S, FILL_STEPS * self._step_s)).nonzero()[0] + 1
        waiting_t, waiting = self._t, self._raw
        for begin, end in itertools.pairwise([0, *cuts.tolist(), len(waiting_t)]):
            self._t, self._raw = waiting_t[begin:end], waiting[begin:end]
            self._settle(self._step_s, ended=end < len(waiting_t))

    def _settle(self, step_s: float, ended: bool) -> None:
        """Puts on the grid what later samples can't change any more; ended: a gap follows."""
        width = round(1.0 / (GRID_HZ * step_s))
        keep = 0 if ended else width // 2
        if len(self._t) > keep:
            t = self._t * GRID_HZ
            first = self._pieces[-1].stop if self._open else int(np.ceil(t[0] - TOUCH_STEPS))
            at = np.arange(first, int(np.floor(t[len(t) - 1 - keep] + TOUCH_STEPS)) + 1, dtype=float)
            if len(at):
                if not self._open:
                    self._begin(first)
                smooth = moving_average(self._raw, width) if width > 1 else self._raw
                self._add(np.column_stack([np.interp(at, t, column) for column in smooth.T]))
                self.end_s = float(at[-1]) / GRID_HZ
        if ended:
            self._open = False
        spare = max(0, len(self._t) - CONTEXT)
        self._t, self._raw = self._t[spare:], self._raw[spare:]

    def _begin(self, first: int) -> None:
        from vqf import VQF

        self._pieces.append(_Piece(first, VQF(1.0 / GRID_HZ) if self._columns == 6 else None, _Store(self._columns)))
        self._open = True

    def _add(self, values: Floats) -> None:
        piece = self._pieces[-1]
        piece.values.add(values)
        if piece.vqf is not None:
            acc, gyr = np.ascontiguousarray(values[:, :3]), np.ascontiguousarray(values[:, 3:])
            q = piece.vqf.updateBatch(gyr, acc)["quat6D"]  # type: ignore[attr-defined]
            piece.quaternions.add(q)
            piece.ups.add(up_from_quaternion(q))

    def between(self, begin_s: float, end_s: float) -> tuple[Motion, ...]:
        """The pieces' motion in [begin_s, end_s) s, as far as it is kept."""
        begin, end = (math.ceil(min(max(s * GRID_HZ - TOUCH_STEPS, -1e15), 1e15)) for s in (begin_s, end_s))
        found = (piece.motion(begin, end) for piece in self._pieces if piece.stop > begin and piece.first < end)
        return tuple(m for m in found if m is not None)

    def forget(self, begin_s: float, end_s: float) -> None:
        """What lies in [begin_s, end_s) s may be given up: an hour at 100 Hz takes 37 MB. Small parts of it may stay."""
        begin, end = int(begin_s * GRID_HZ), int(end_s * GRID_HZ)
        pieces: list[_Piece] = []
        for piece in self._pieces:
            if end - max(begin, piece.first) < ROWS or piece.stop <= begin:
                pieces.append(piece)
                continue
            if piece.first < begin:
                pieces.append(piece.until(begin))
            if piece.stop > end:
                piece.forget(end)
                pieces.append(piece)
        self._pieces = pieces
