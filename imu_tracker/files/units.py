"""Bringing columns to SI: obeying what is declared, and recognising from the data what isn't.

Everything recognised, and so converted, is said in one sentence which names the option that overrules it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from imu_tracker.numeric import GRAVITY_M_S2, Floats, median, smooth

AccUnit = Literal["g", "mg", "m/s2"]
GyrUnit = Literal["deg/s", "rad/s"]
TimeUnit = Literal["s", "ms", "us", "ns"]

SECONDS: dict[str, float] = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
METRES_S2: dict[str, float] = {"m/s2": 1.0, "g": GRAVITY_M_S2, "mg": GRAVITY_M_S2 / 1000}
RADIANS_S: dict[str, float] = {"rad/s": 1.0, "deg/s": math.pi / 180}

_TIME_WORDS = {"ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


@dataclass(frozen=True)
class Units:
    """The units that a caller or a heading declares; None where the data have to tell."""

    acc: AccUnit | None = None
    gyr: GyrUnit | None = None
    time: TimeUnit | None = None

    def or_else(self, other: Units) -> Units:
        """These units, and where they say nothing, those of `other`."""
        return Units(self.acc or other.acc, self.gyr or other.gyr, self.time or other.time)


UNDECLARED = Units()
SI = Units("m/s2", "rad/s", "s")


@dataclass(frozen=True)
class Limits:
    """Where one unit ends and the next begins.

    slowest_step_s: a step from sample to sample beyond it isn't an IMU's (rates are 10-1000 Hz). window_s: the stretch over
    which rest is judged. quiet_share: the share of windows, the quietest, that stands for rest. least_g: below it the quietest
    windows hold no gravity. steady: least length of the mean over 4 s against the root mean square, where there is gravity.
    rest_spread: spread inside a window, as a share of its mean, up to which a sensor is at rest (0.1 m/s²). rest_error: a
    calibrated sensor is nearer to standard gravity than this share; other_unit: hardly any sensor is so far from it.
    fastest_rad_s: 2000 deg/s, the range of commodity gyroscopes. cutoff_hz: slow motion, in which the accelerometer points
    along gravity. least_turn_rad, least_likeness: the turning in all, and the correlation, from which the gyroscope can be
    compared with the accelerometer (with these none of 777 real recordings was taken wrongly, and all but 12 fed in deg/s were
    recognised; the limits were chosen on the same recordings).
    """

    slowest_step_s: float = 1.0
    window_s: float = 0.5
    quiet_share: float = 0.2
    least_g: float = 0.3
    steady: float = 0.25
    rest_spread: float = 0.01
    rest_error: float = 0.03
    other_unit: float = 0.4
    fastest_rad_s: float = math.radians(2000)
    cutoff_hz: float = 1.0
    least_turn_rad: float = 0.3
    least_likeness: float = 0.5


LIMITS = Limits()


def usual_step(t: Floats) -> float:
    """The step from sample to sample of times (N,) in their own unit, robust to gaps and bursts; NaN where there is none."""
    t = t[np.isfinite(t)]
    if len(t) < 2:
        return math.nan
    k = int(np.clip(len(t) // 4, 1, 200))
    stride = max(1, k // 8)  # windows that mostly overlap say the same
    step = median(t[k::stride] - t[: len(t) - k : stride]) / k
    return step if math.isfinite(step) else math.nan


def time_unit(t: Floats, limits: Limits = LIMITS) -> TimeUnit:
    """The unit of times (N,), from their step: a rate below 1 Hz isn't an IMU's, nor one beyond 1 MHz."""
    step = usual_step(t)
    if not step >= limits.slowest_step_s * (1 - 1e-6):
        return "s"
    if step < 1e3 * limits.slowest_step_s:
        return "ms"
    return "us" if step < 1e6 * limits.slowest_step_s else "ns"


@dataclass(frozen=True)
class Rest:
    """What an accelerometer reads when it is quietest, in its own unit.

    level: magnitude of the mean over the quietest windows. low, high: its range over the windows that are at rest, None where
    there are none. steady: how much of the reading keeps its direction for 4 s, in 0-1.
    """

    level: float
    low: float | None
    high: float | None
    steady: float


def _windows(acc: Floats, width: int) -> tuple[Floats, Floats]:
    """Magnitude of the mean, and spread about it, in windows of `width` samples: (K,) each."""
    width = max(1, min(width, len(acc)))
    whole = len(acc) // width
    parts = acc[: whole * width].reshape(whole, width, 3)
    mean = np.einsum("kwc->kc", parts) / width
    power = np.einsum("kwc,kwc->k", parts, parts) / width
    level = np.sqrt(np.einsum("kc,kc->k", mean, mean))
    return level, np.sqrt(np.maximum(power - level**2, 0.0))


def rest_level(acc: Floats, step_s: float, limits: Limits = LIMITS) -> Rest | None:
    """The accelerometer (N, 3) at its quietest; None where no row holds anything but zeros and non-numbers."""
    power = np.einsum("nc,nc->n", acc, acc)
    usable = (power > 1e-24) & (power < 1e24)  # a row of zeros is a lost sample, not a reading; NaN compares false
    if not usable.all():
        acc = acc[usable]
    if not len(acc):
        return None
    step_s = min(max(step_s, 1e-4), 0.1) if step_s > 0 else 0.01
    level, spread = _windows(acc, max(5, round(limits.window_s / step_s)))
    quiet = np.argsort(spread, kind="stable")[: max(1, math.ceil(limits.quiet_share * len(level)))]
    at_rest = level[spread <= limits.rest_spread * level]
    long_level, long_spread = _windows(acc, max(5, round(4.0 / step_s)))
    ends = np.percentile(at_rest, [10, 90]) if len(at_rest) >= 2 else None
    return Rest(
        level=median(level[quiet]),
        low=None if ends is None else float(ends[0]),
        high=None if ends is None else float(ends[1]),
        steady=median(long_level / np.maximum(np.hypot(long_level, long_spread), 1e-12)),
    )


def acc_unit(rest: Rest | None, limits: Limits = LIMITS) -> AccUnit | None:
    """The accelerometer's unit by what it reads at rest: the nearest of 1, 9.81 and 1000 by ratio, or None."""
    if rest is None or rest.level < limits.least_g:
        return None
    if rest.level < math.sqrt(GRAVITY_M_S2):
        return "g" if rest.steady >= limits.steady else None
    if rest.level < 10 * GRAVITY_M_S2:
        return "m/s2"
    return "mg" if 1000 / math.sqrt(10) < rest.level < 1000 * math.sqrt(10) else None


def _doubt_about_rest(rest: Rest | None, scale: float, limits: Limits) -> str | None:
    """A sentence on an accelerometer that doesn't read standard gravity at rest, or None; `scale` brings it to m/s²."""
    if rest is None:
        return "The accelerometer reads nothing but zeros: it was not running, and no orientation can be found."
    level = rest.level * scale
    if level < limits.least_g * GRAVITY_M_S2 and (level < limits.least_g or rest.steady < limits.steady):
        return (
            f"The accelerometer reads {level:.2f} m/s² where it is quietest: it looks like linear acceleration, from which "
            "gravity was removed. Orientation can't be found from that; record the acceleration with gravity."
        )
    if rest.low is None or rest.high is None:
        return None
    low, high = rest.low * scale / GRAVITY_M_S2, rest.high * scale / GRAVITY_M_S2
    if max(abs(low - 1), abs(high - 1)) <= limits.rest_error:
        return None
    seen = f"{low * GRAVITY_M_S2:.2f}" if high - low < 0.01 else f"{low * GRAVITY_M_S2:.2f} to {high * GRAVITY_M_S2:.2f}"
    why = "it is miscalibrated, and angles are less exact."
    if max(abs(low - 1), abs(high - 1)) > limits.other_unit:
        why = "its unit may be another (--acc-unit), or it is badly miscalibrated."
    return f"At rest the accelerometer reads {seen} m/s² instead of 9.81: {why}"


def turning_ratio(t: Floats, acc: Floats, gyr: Floats, limits: Limits = LIMITS) -> tuple[float, float, float]:
    """How fast gravity turns in the sensor's frame against what the gyroscope says: (ratio, correlation, turning in rad).

    A direction that stands still in the world moves in the sensor's frame as d(up)/dt = -omega x up (transport theorem), and in
    slow motion the accelerometer points along it. So the ratio of the left side to the right is 1 for rad/s and 1/57.3 for deg/s.
    It is taken of the root mean squares (the slope of a regression in which both sides err alike).
    t (N,) s, acc (N, 3), gyr (N, 3); all three results are 0 where there is too little to compare.
    """
    step = usual_step(t)
    if len(t) < 20 or not 1e-5 < step < 0.2:
        return 0.0, 0.0, 0.0
    block = max(1, round(0.04 / step))  # about 25 Hz: enough for motion below 1 Hz
    whole = len(t) // block
    means = [np.einsum("kbc->kc", a[: whole * block].reshape(whole, block, -1)) / block for a in (t, acc, gyr)]
    # what isn't a number, or is beyond anything that can be squared, takes its whole block with it
    good = np.logical_and.reduce([(np.abs(a) < 1e12).all(axis=1) for a in means]) & (means[1] != 0).any(axis=1)
    t, acc, gyr = (a[good] for a in means)
    if len(t) < 10:
        return 0.0, 0.0, 0.0
    dt = step * block
    acc, gyr = smooth(acc, limits.cutoff_hz, 1 / dt), smooth(gyr, limits.cutoff_hz, 1 / dt)
    size = np.linalg.norm(acc, axis=1)
    usual = median(size)
    up = acc / np.maximum(size, 1e-9 * max(usual, 1e-9))[:, None]
    seen = (up[2:] - up[:-2]) / (2 * dt)
    (ux, uy, uz), (gx, gy, gz) = up[1:-1].T, gyr[1:-1].T
    told = np.column_stack([uy * gz - uz * gy, uz * gx - ux * gz, ux * gy - uy * gx])
    span = t[2:, 0] - t[:-2, 0]
    use = (np.abs(span - 2 * dt) < dt) & (np.abs(size[1:-1] / max(usual, 1e-9) - 1) < 0.1)
    seen, told = seen[use], told[use]
    powers = float(np.sum(told * told)), float(np.sum(seen * seen))
    turn = float(np.sum(np.linalg.norm(seen, axis=1)) * dt)
    if min(powers) < 1e-12:
        return 0.0, 0.0, turn
    both = float(np.sum(told * seen))
    return math.sqrt(powers[1] / powers[0]), both / math.sqrt(powers[0] * powers[1]), turn


def gyr_unit(t: Floats, acc: Floats, gyr: Floats, limits: Limits = LIMITS) -> tuple[GyrUnit, str]:
    """The gyroscope's unit and, where it isn't rad/s, what shows it: the direction of gravity, else the range."""
    ratio, likeness, turn = turning_ratio(t, acc, gyr, limits)
    if likeness >= limits.least_likeness and turn >= limits.least_turn_rad:
        if ratio < math.sqrt(RADIANS_S["deg/s"]):  # the geometric midpoint of 1 and 1/57.3
            return "deg/s", f"its values are {1 / ratio:.0f} times the rate at which the direction of gravity turns"
        return "rad/s", ""
    fast = np.abs(gyr[np.isfinite(gyr)])
    if np.sum(fast > limits.fastest_rad_s) > max(3, 1e-4 * len(fast)):
        return "deg/s", f"its values reach {fast.max():.0f}, beyond any common gyroscope in rad/s"
    return "rad/s", ""


def to_si(
    t: Floats, acc: Floats, gyr: Floats | None, declared: Units, limits: Limits = LIMITS
) -> tuple[Floats, Floats, Floats | None, tuple[str, ...]]:
    """Times (N,), accelerometer (N, 3) and gyroscope (N, 3) or None in SI, and in sentences what had to be recognised."""
    notes: list[str] = []
    time = declared.time
    if time is None:
        time = time_unit(t, limits)
        if time != "s":
            notes.append(
                f"The times step by {usual_step(t):.4g}, so they were taken to be {_TIME_WORDS[time]} and converted to seconds; "
                "--time-unit s overrules that."
            )
    t = t if time == "s" else t * SECONDS[time]
    rest = rest_level(acc, usual_step(t), limits)
    unit = declared.acc
    if unit is None:
        unit = acc_unit(rest, limits) or "m/s2"
        if unit != "m/s2" and rest is not None:
            notes.append(
                f"The accelerometer reads about {rest.level:.3g} at rest, so it was taken to be in {unit} and converted to m/s²; "
                "--acc-unit m/s2 overrules that."
            )
    acc = acc if unit == "m/s2" else acc * METRES_S2[unit]
    doubt = _doubt_about_rest(rest, METRES_S2[unit], limits)
    if doubt:
        notes.append(doubt)
    if gyr is not None:
        turning = declared.gyr
        if turning is None:
            turning, why = gyr_unit(t, acc, gyr, limits)
            if turning == "deg/s":
                notes.append(
                    f"The gyroscope was taken to be in deg/s and converted to rad/s, because {why}; "
                    "--gyr-unit rad/s overrules that."
                )
        gyr = gyr if turning == "rad/s" else gyr * RADIANS_S[turning]
    return t, acc, gyr, tuple(notes)
