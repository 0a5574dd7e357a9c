"""The few rotations that limbs need: segment frames, their blends, and a leg that reaches for a place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats


def about(axis: int, angle: Floats) -> Floats:
    """Rotation matrices (N, 3, 3) about x, y or z (0, 1, 2) by angles (N,) rad."""
    i, j = (axis + 1) % 3, (axis + 2) % 3
    out = np.zeros((*angle.shape, 3, 3))
    out[..., axis, axis] = 1.0
    out[..., i, i] = out[..., j, j] = np.cos(angle)
    out[..., j, i] = np.sin(angle)
    out[..., i, j] = -out[..., j, i]
    return out


def unit(v: NDArray[np.floating[Any]]) -> Floats:
    """Vectors (N, 3) at length 1."""
    out: Floats = v / np.sqrt(np.sum(v * v, axis=-1, keepdims=True))
    return out


def frame(down: Floats, left: Floats) -> Floats:
    """Orientation of a segment whose far end lies along unit `down`, its left near `left`; (N, 3, 3)."""
    z = -down
    x = unit(np.cross(left, z))
    return np.stack([x, np.cross(z, x), z], axis=-1)


def blend(a: Floats, b: Floats, share: Floats) -> Floats:
    """Between two orientations (N, 3, 3): share 1 is a. Columns mixed and squared again; smooth below 180 degrees."""
    if np.all(share == 1):
        return a
    mix = share[:, None, None] * a + (1 - share)[:, None, None] * b
    z = unit(mix[..., 2])
    x = unit(mix[..., 0] - np.sum(mix[..., 0] * z, -1, keepdims=True) * z)
    return np.stack([x, np.cross(z, x), z], axis=-1)


def reaching_leg(thigh_m: float, shank_m: float, hip: Floats, ankle: Floats, forward: Floats) -> tuple[Floats, Floats]:
    """Orientations of thigh and shank (N, 3, 3) from hip to ankle with the knee towards `forward`: two-bone inverse."""
    a, b = thigh_m, shank_m
    line = ankle - hip
    distance = np.minimum(np.linalg.norm(line, axis=-1), 0.9999 * (a + b))
    down = unit(line)
    left = unit(np.cross(forward, down))
    front = np.cross(down, left)
    cosine = (a * a + distance**2 - b * b) / (2 * a * distance)
    sine = np.sqrt(1 - cosine**2)
    thigh = cosine[:, None] * down + sine[:, None] * front
    shank = unit(line - a * thigh)
    return frame(thigh, left), frame(shank, left)
