"""The few filters and rotations of the hot path, in plain numpy.

`import scipy.signal` alone costs more than the whole analysis of an hour (0.7 s), so the analyse and live path uses these; the
tests hold them against scipy. Quaternions are (w, x, y, z), unit length, and rotate sensor vectors into the earth frame (z up).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRAVITY_M_S2 = 9.80665  # standard gravity, ISO 80000-3


def moving_average(x: Floats, width: int) -> Floats:
    """Centred mean over `width` samples along axis 0, the ends held; x of shape (N,) or (N, C); same shape out.

    An even width is raised by one, so that nothing shifts in time.
    """
    half = width // 2
    if half < 1 or len(x) == 0:
        return x
    n = len(x)
    total = np.empty((n + 2 * half + 1, *x.shape[1:]))
    total[: half + 1], total[half + 1 : half + 1 + n], total[half + 1 + n :] = x[0], x, x[-1]
    total.cumsum(axis=0, out=total)
    out: Floats = total[2 * half + 1 :] - total[: -2 * half - 1]
    out /= 2 * half + 1
    return out


def smooth(x: Floats, cutoff_hz: float, rate_hz: float) -> Floats:
    """Zero-phase low-pass of finite reach: three moving averages, which together come near a Gaussian.

    The width puts the -3 dB point at `cutoff_hz`: one box of w samples has the response sinc(f w / rate), three in a row
    reach 1/sqrt(2) where sinc = 2^(-1/6), at f w / rate = 0.2619. Reach to either side: three half widths, about
    0.39 / cutoff_hz seconds. x of shape (N,) or (N, C), same shape out; returned as it is where the box would be under 3 samples.
    """
    width = round(0.2619 * rate_hz / cutoff_hz) | 1
    for _ in range(3):
        x = moving_average(x, width)
    return x


def median(x: Floats) -> float:
    """Median of x (N,), N > 0; a tenth of numpy's cost on the few numbers of a set."""
    in_order = np.sort(x)
    return 0.5 * float(in_order[(len(x) - 1) // 2] + in_order[len(x) // 2])


def quantile(x: Floats, share: float) -> float:
    """Value of x (N,), N > 0, below which `share` (0-1) of it lies, between neighbours in a straight line; cheap as `median`."""
    in_order, at = np.sort(x), share * (len(x) - 1)
    k = min(int(at), max(len(x) - 2, 0))
    return float(np.interp(at, [k, k + 1], in_order[[k, min(k + 1, len(x) - 1)]]))


def slope(x: Floats) -> Floats:
    """Change of x (N,), N > 1, from sample to sample, by central differences; numpy's gradient at a third of the cost."""
    out = np.empty(len(x))
    out[1:-1] = 0.5 * (x[2:] - x[:-2])
    out[0], out[-1] = x[1] - x[0], x[-1] - x[-2]
    return out


def sizes(x: Floats) -> Floats:
    """Length of each row of x (N, C), (N,)."""
    out: Floats = np.sqrt(np.einsum("ij,ij->i", x, x))
    return out


def angle_deg(a: Floats, b: Floats) -> float:
    """Angle between two unit vectors (3,), degrees."""
    return float(np.degrees(np.arccos(np.clip(a @ b, -1.0, 1.0))))


def up_from_quaternion(q: Floats) -> Floats:
    """Earth's z axis in the sensor frame, (N, 3), from sensor-to-earth quaternions (N, 4)."""
    w, x, y, z = q.T
    return np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), w * w - x * x - y * y + z * z])


def multiply(p: Floats, q: Floats) -> Floats:
    """Hamilton product of quaternions, (..., 4) by (..., 4): first q, then p."""
    pw, px, py, pz = np.moveaxis(p, -1, 0)
    qw, qx, qy, qz = np.moveaxis(q, -1, 0)
    return np.stack(
        [
            pw * qw - px * qx - py * qy - pz * qz,
            pw * qx + px * qw + py * qz - pz * qy,
            pw * qy - px * qz + py * qw + pz * qx,
            pw * qz + px * qy - py * qx + pz * qw,
        ],
        axis=-1,
    )


def rotation_matrix(q: Floats) -> Floats:
    """Matrices (..., 3, 3) of unit quaternions (..., 4)."""
    w, x, y, z = np.moveaxis(q, -1, 0)
    out = np.empty((*q.shape[:-1], 3, 3))
    out[..., 0, 0], out[..., 0, 1], out[..., 0, 2] = 1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)
    out[..., 1, 0], out[..., 1, 1], out[..., 1, 2] = 2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)
    out[..., 2, 0], out[..., 2, 1], out[..., 2, 2] = 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)
    return out


def runs(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Half-open index ranges (K, 2) in which a boolean mask (N,) is true."""
    framed = np.zeros(len(mask) + 2, bool)
    framed[1:-1] = mask
    edges: NDArray[np.int64] = (framed[1:] != framed[:-1]).nonzero()[0].astype(np.int64, copy=False)
    return edges.reshape(-1, 2)
