"""Where up is, for each sample: VQF with a gyroscope, a slow low-pass without."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imu_tracker.errors import SamplesError
from imu_tracker.motion.grid import GRID_HZ, GridPiece, to_grid
from imu_tracker.numeric import GRAVITY_M_S2, Floats, multiply, smooth, up_from_quaternion
from imu_tracker.recording import Recording, Stream

ACC_ONLY_CUTOFF_HZ = 0.6  # below it the accelerometer's direction is taken for gravity's; slow exercise lies at 0.1-0.7 Hz
AT_ONCE = 65536  # samples, 11 minutes: what is worked on at one time stays in the processor's reach
HOUR, OVERLAP = 360_000, 30_000  # samples; what lies five minutes away changes an orientation by less than 0.00001 degrees


@dataclass(frozen=True)
class Motion:
    """A piece of a stream with its gravity direction; all arrays at grid points first, first + 1, ... in the sensor frame.

    up: (M, 3) unit vectors against gravity. quaternion: (M, 4) sensor to an earth frame with z up and a heading that is
    arbitrary and drifts; None without a gyroscope.
    """

    first: int
    acc: Floats
    gyr: Floats | None
    up: Floats
    quaternion: Floats | None

    def __len__(self) -> int:
        return len(self.acc)

    @property
    def start_s(self) -> float:
        """Time of the first grid point, seconds from the recording's first sample."""
        return self.first / GRID_HZ

    def linear(self, begin: int = 0, end: int | None = None) -> Floats:
        """Acceleration without gravity (M, 3), m/s², sensor frame; of the samples begin to end where those are given."""
        out: Floats = self.acc[begin:end] - GRAVITY_M_S2 * self.up[begin:end]
        return out


def motion_of(piece: GridPiece) -> Motion:
    """Orientation of one piece; each piece starts anew, so that nothing crosses a gap.

    VQF (Laidig and Seel 2023, 6D) with the library's own parameters; accelerometer-only streams take the low-passed
    acceleration for gravity, which holds where the wearer moves slowly or rests.
    """
    if piece.gyr is None:
        slow = smooth(piece.acc, ACC_ONLY_CUTOFF_HZ, GRID_HZ)
        size = np.linalg.norm(slow, axis=1, keepdims=True)
        return Motion(piece.first, piece.acc, None, slow / np.maximum(size, 1e-9), None)
    from vqf import VQF

    vqf, q, up = VQF(1.0 / GRID_HZ), np.empty((len(piece.acc), 4)), np.empty((len(piece.acc), 3))
    for begin in range(0, len(q), AT_ONCE):  # the same whatever the steps, and each needs twice as much room as it leaves
        part = slice(begin, begin + AT_ONCE)
        q[part] = vqf.updateBatch(np.ascontiguousarray(piece.gyr[part]), np.ascontiguousarray(piece.acc[part]))["quat6D"]
        up[part] = up_from_quaternion(q[part])
    return Motion(piece.first, piece.acc, piece.gyr, up, q)


def motions_of(stream: Stream, start_s: float) -> tuple[Motion, ...]:
    """Orientation of a stream, piece by piece; start_s: where the recording's time begins, on the stream's own clock."""
    return tuple(motion_of(piece) for piece in to_grid(stream, start_s))


def refined(motion: Motion) -> Motion:
    """The same motion with each sample's orientation from all samples, later ones too: half the error, and not for live use.

    VQF forwards and backwards in time (Laidig and Seel 2023, offline variant), an hour at a time: all at once, ten hours would
    take a gigabyte. As it is without a gyroscope.
    """
    if motion.gyr is None:
        return motion
    from vqf import offlineVQF

    q, up = np.empty((len(motion), 4)), np.empty((len(motion), 3))
    for begin in range(0, len(q), HOUR):
        end, first = min(begin + HOUR, len(q)), max(begin - OVERLAP, 0)
        around = slice(first, end + OVERLAP)
        part = offlineVQF(np.ascontiguousarray(motion.gyr[around]), np.ascontiguousarray(motion.acc[around]), None, 1.0 / GRID_HZ)
        found = part["quat6D"]
        if begin:
            found = multiply(_heading(q[begin - 1], found[begin - 1 - first]), found)
        q[begin:end] = found[begin - first : end - first]
        up[begin:end] = up_from_quaternion(q[begin:end])
    return replace(motion, up=up, quaternion=q)


def _heading(one: Floats, other: Floats) -> Floats:
    """The turn about the vertical, a quaternion (4,), from one orientation (4,) to another that differs in its heading alone."""
    w, _, _, z = multiply(one, other * [1.0, -1.0, -1.0, -1.0])
    out: Floats = np.array([w, 0.0, 0.0, z]) / np.hypot(w, z)
    return out


def orientations(recording: Recording) -> tuple[Floats, dict[str, Floats]]:
    """Times (M,) s from the recording's first sample, on the grid, at which all sensors have an orientation, and each one's.

    Quaternions (M, 4) by placement: sensor to an earth frame with z up and a heading of each sensor's own (and of each stretch
    without gaps), from all samples (`refined`). Raises SamplesError for a sensor without a gyroscope.
    """
    found: dict[str, tuple[NDArray[np.int64], Floats]] = {}
    for placement, stream in recording.streams.items():
        if stream.gyr is None:
            raise SamplesError(f"The sensor ({placement}) has no gyroscope, without which its orientation isn't known.")
        motions = [refined(m) for m in motions_of(stream, recording.start_s)]
        points = [np.arange(m.first, m.first + len(m)) for m in motions]
        turns = [m.quaternion for m in motions if m.quaternion is not None]
        found[placement] = np.concatenate(points or [np.empty(0, int)]), np.concatenate(turns or [np.empty((0, 4))])
    common = functools.reduce(np.intersect1d, (points for points, _ in found.values()))
    return common / GRID_HZ, {p: q[np.searchsorted(points, common)] for p, (points, q) in found.items()}
