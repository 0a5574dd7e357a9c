"""Recordings made from plain formulas, for tests: a sensor that tilts and lifts, rep after rep, with its truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.recording import Recording, stream_from_samples

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """A set: quiet, `reps` repetitions of out, pause, back and rest, quiet."""

    reps: int = 8
    out_s: float = 1.2
    pause_s: float = 0.4
    back_s: float = 1.4
    rest_s: float = 0.3
    range_deg: float = 45.0
    lift_m: float = 0.25
    quiet_s: float = 6.0

    @property
    def rep_s(self) -> float:
        return self.out_s + self.pause_s + self.back_s

    def reps_at(self) -> list[tuple[float, float, float]]:
        """Start, turn (middle of the pause) and end of each repetition, s."""
        out = []
        for k in range(self.reps):
            start = self.quiet_s + k * (self.rep_s + self.rest_s)
            out.append((start, start + self.out_s + 0.5 * self.pause_s, start + self.rep_s))
        return out

    @property
    def duration_s(self) -> float:
        return 2 * self.quiet_s + self.reps * (self.rep_s + self.rest_s)


def times(end_s: float, rate_hz: float = 100.0) -> Array:
    """Even times from 0 up to end_s."""
    return np.arange(int(np.ceil(end_s * rate_hz - 1e-9)), dtype=np.float64) / rate_hz


def _ease(x: Array) -> Array:
    """Minimum jerk from 0 to 1 (Flash and Hogan 1985)."""
    x = np.clip(x, 0.0, 1.0)
    return 10 * x**3 - 15 * x**4 + 6 * x**5


def reach(plan: Plan, t: Array) -> Array:
    """How far from rest, 0-1, at times t (N,)."""
    total = np.zeros_like(t)
    for start, _, _ in plan.reps_at():
        back_from = start + plan.out_s + plan.pause_s
        total += _ease((t - start) / plan.out_s) - _ease((t - back_from) / plan.back_s)
    return total


def rotation(axis: Array, angle_rad: float) -> Array:
    """Rotation matrix (3, 3) about an axis (Rodrigues)."""
    x, y, z = np.asarray(axis, float) / np.linalg.norm(axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    out: Array = np.eye(3) + np.sin(angle_rad) * k + (1 - np.cos(angle_rad)) * k @ k
    return out


def samples(plan: Plan, t: Array, axis: tuple[float, float] = (0.3, 1.0)) -> tuple[Array, Array]:
    """Accelerometer (N, 3) m/s² and gyroscope (N, 3) rad/s of a sensor that tilts about a horizontal axis and rises with it."""
    h = 1e-3
    angle = np.radians(plan.range_deg) * reach(plan, t)
    rate = np.radians(plan.range_deg) * (reach(plan, t + h) - reach(plan, t - h)) / (2 * h)
    lift = plan.lift_m * (reach(plan, t + h) - 2 * reach(plan, t) + reach(plan, t - h)) / h**2
    n = np.array([axis[0], axis[1], 0.0]) / np.hypot(*axis)
    down_axis = np.cross(n, [0.0, 0.0, 1.0])
    up = np.cos(angle)[:, None] * np.array([0.0, 0.0, 1.0]) - np.sin(angle)[:, None] * down_axis
    return (GRAVITY_M_S2 + lift)[:, None] * up, rate[:, None] * n


def recording(
    plan: Plan,
    rate_hz: float = 100.0,
    turned: Array | None = None,
    mirrored: bool = False,
    noise: float = 0.0,
    seed: int = 0,
    gyroscope: bool = True,
    placement: str = "pelvis",
) -> Recording:
    """The plan as a sensor of some rate delivers it, turned on the body (3, 3), mirrored left to right, with noise (m/s²)."""
    t = times(plan.duration_s, rate_hz)
    acc, gyr = samples(plan, t)
    rng = np.random.default_rng(seed)
    acc = acc + noise * rng.normal(size=acc.shape)
    gyr = gyr + 0.1 * noise * rng.normal(size=gyr.shape)
    if mirrored:
        acc, gyr = acc * [1, -1, 1], gyr * [-1, 1, -1]
    if turned is not None:
        acc, gyr = acc @ turned.T, gyr @ turned.T
    return Recording({placement: stream_from_samples(t, acc, gyr if gyroscope else None)})


def with_gap(whole: Recording, begin_s: float, end_s: float) -> Recording:
    """The recording without the samples between two times."""
    (name, s), *_ = whole.streams.items()
    keep = (s.t < begin_s) | (s.t >= end_s)
    gyr: Floats | None = None if s.gyr is None else s.gyr[keep]
    return Recording({name: stream_from_samples(s.t[keep], s.acc[keep], gyr)})
