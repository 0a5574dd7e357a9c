"""The same set as it would have been otherwise: slower or faster, smaller or larger; and as another body would have done it.

Simulated people move in cleaner planes than real ones, with more or less of what is fast, and a model learns what doesn't vary
as if it were sure. A set is therefore also shown as somebody would have done it whose thigh or pelvis turns out of the plane
as it moves, who rises more or less, whose skin or clothes pass on less of what is fast, and whose accelerometer is a little off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.numeric import GRAVITY_M_S2, Floats, moving_average, rotation_matrix, sizes
from imu_tracker.recognition.windows import ACC, EARTH_ACC, EARTH_GYR, GYR, RATE_HZ, UP

SLOW_SAMPLES = 7  # 0.3 s: what this average leaves over is fast


@dataclass(frozen=True)
class Body:
    """How another body does the same. Chosen by hand and tried at half and at one and a half of these sizes, on simulated people
    who were left out and on real ones."""

    pace: float = 0.22
    """Largest logarithm of the speed: a fifth slower to a quarter faster."""
    size: tuple[float, float] = (-0.3, 0.17)
    """Logarithm of how far, least and most."""
    aslant: float = 0.11
    """Spread of the turn out of the plane about each of the sensor's axes, as a share of the turn in it."""
    heave: float = 0.15
    """Spread of the logarithm of how much is moved along and across the vertical."""
    fast: tuple[float, float] = (-0.6, 0.1)
    """Logarithm of how much of what is fast arrives, least and most."""
    offset_m_s2: float = 0.075
    """Spread of the accelerometer's offset in each axis."""
    noise_m_s2: float = 0.02
    """Of the accelerometer."""


def varied(x: Floats, speed: float, size: float) -> Floats:
    """Rows (N, 13 or 6) as `windows.rows_of` has them, of the same movement at another speed and size."""
    at = np.arange(max(2, int(len(x) / speed))) * speed
    y = np.column_stack([np.interp(at, np.arange(len(x)), column) for column in x.T])
    linear = (y[:, ACC] - GRAVITY_M_S2 * y[:, UP]) * size * speed**2
    middle = y[:, UP].mean(axis=0)
    up = middle + size * (y[:, UP] - middle)
    length = np.linalg.norm(y[:, UP], axis=1, keepdims=True)  # averaging has made it a little shorter than 1
    y[:, UP] = length * up / np.linalg.norm(up, axis=1, keepdims=True)
    y[:, ACC] = GRAVITY_M_S2 * y[:, UP] + linear
    for columns, factor in ((GYR, size * speed), (EARTH_ACC, size * speed**2), (EARTH_GYR, size * speed)):
        y[:, columns] *= factor  # empty without a gyroscope
    return y


def shaken(x: Floats, rng: np.random.Generator, body: Body | None = None) -> Floats:
    """Rows (N, 13 or 6) as `windows.rows_of` has them, of the same set done by a body drawn at random."""
    b = body or Body()
    y = varied(x, float(np.exp(rng.uniform(-b.pace, b.pace))), float(np.exp(rng.uniform(*b.size))))
    up = _unit(y[:, UP])
    linear = y[:, ACC] - GRAVITY_M_S2 * up
    upward = (linear * up).sum(axis=1, keepdims=True) * up
    along, across = np.exp(rng.normal(0.0, b.heave, 2))
    arrives = float(np.exp(rng.uniform(*b.fast)))
    linear = _less_fast(along * upward + across * (linear - upward), arrives)
    with_gyr = y.shape[1] > UP.stop
    gyr = _less_fast(y[:, GYR], arrives) if with_gyr else np.cross(up, np.gradient(up, axis=0)) * RATE_HZ
    turned = np.cumsum(gyr @ _main_axis(gyr)) / RATE_HZ
    turned = turned - np.linspace(turned[0], turned[-1], len(turned))
    turned -= np.median(turned)
    aslant = rng.normal(0.0, b.aslant, 3)
    back = _turns(turned[:, None] * -aslant)
    up, linear = _apply(back, up), _apply(back, linear)
    acc = GRAVITY_M_S2 * up + linear + rng.normal(0.0, b.offset_m_s2, 3) + rng.normal(0.0, b.noise_m_s2, up.shape)
    if not with_gyr:
        return np.hstack([acc, up])
    gyr = _apply(back, gyr) + np.gradient(turned)[:, None] * RATE_HZ * aslant
    level = level_axes(up, gyr)
    return np.hstack([acc, up, gyr, np.einsum("nij,nj->ni", level, linear), np.einsum("nij,nj->ni", level, gyr)])


def level_axes(up: Floats, gyr: Floats) -> Floats:
    """Two horizontal axes of the earth frame in the sensor's, (N, 2, 3), of unit up (N, 3) and turn rates (N, 3) rad/s at 25 Hz.

    Their heading is arbitrary at the first sample and kept by the turn rate about the vertical.
    """
    reference = np.eye(3)[int(np.abs(up).max(axis=0).argmin())]  # the sensor's axis that stays farthest from the vertical
    first = _unit(reference - (up @ reference)[:, None] * up)
    second = np.cross(up, first)
    change = np.diff(first, axis=0, prepend=first[:1])
    heading = np.cumsum((gyr * up).sum(axis=1) / RATE_HZ + (change * second).sum(axis=1))[:, None]
    return np.stack([np.cos(heading) * first - np.sin(heading) * second, np.sin(heading) * first + np.cos(heading) * second], 1)


def _less_fast(x: Floats, arrives: float) -> Floats:
    slow = moving_average(x, SLOW_SAMPLES)
    return slow + arrives * (x - slow)


def _main_axis(gyr: Floats) -> Floats:
    axis: Floats = np.linalg.eigh(gyr.T @ gyr)[1][:, -1]
    return axis


def _apply(turns: Floats, x: Floats) -> Floats:
    out: Floats = np.einsum("nij,nj->ni", turns, x)
    return out


def _unit(x: Floats) -> Floats:
    out: Floats = x / np.maximum(sizes(x), 1e-12)[:, None]
    return out


def _turns(vectors: Floats) -> Floats:
    """Rotation matrices (N, 3, 3) of rotation vectors (N, 3), rad."""
    half = sizes(vectors)[:, None] / 2.0
    return rotation_matrix(np.hstack([np.cos(half), np.sin(half) * _unit(vectors)]))
