"""What is measured of one repetition to hold simulated motion against real; nothing depends on how the sensor is turned.

A repetition is cut out on the project's 100 Hz grid, so slower sensors are interpolated: shares of energy near their Nyquist
frequency are comparable between sensors of one rate only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import GRID_HZ
from imu_tracker.numeric import Floats, smooth

FEATURES = (
    "duration_s",
    "range_deg",
    "peak_rate_deg_s",
    "peak_acc_m_s2",
    "out_back",
    "dominant_hz",
    "above_3hz",
    "above_8hz",
    "likeness",
)
# Shown for those who tune the simulator; no part of the list, so the regression isn't given them. fast_*: RMS above 3 Hz
# at the turn (the middle third of the repetition) and in its last quarter, where a limb lands.
BESIDE = ("rate_above_3hz", "rate_above_8hz", "pause_s", "fast_rate_turn", "fast_rate_end", "fast_acc_turn", "fast_acc_end")
FAST_HZ = 3.0
TILT_HZ = 2.0  # without a gyroscope: below it the accelerometer's direction is taken for the posture
PEAK_HZ = 10.0  # peaks are read below it, as in imu_tracker.reps.phases
SHAPE_POINTS = 24
LONGEST_RATIO = 10.0


@dataclass(frozen=True)
class Cut:
    """One repetition: samples on the 100 Hz grid in the sensor's axes, from where it starts until it is over.

    acc (N, 3) m/s²; None where the sensor's accelerometer can't be trusted. gyr (N, 3) rad/s and quaternion (N, 4); None without
    a gyroscope. linear (N, 3): acc without gravity. out_s, pause_s, back_s: its phases.
    """

    acc: Floats | None
    gyr: Floats | None
    quaternion: Floats | None
    linear: Floats | None
    out_s: float
    pause_s: float
    back_s: float

    def __len__(self) -> int:
        some = self.gyr if self.acc is None else self.acc
        return 0 if some is None else len(some)


def directions(acc: Floats) -> Floats:
    """Where up is by an accelerometer alone, (N, 3) unit vectors."""
    slow = smooth(acc, TILT_HZ, GRID_HZ)
    out: Floats = slow / np.maximum(np.linalg.norm(slow, axis=1, keepdims=True), 1e-9)
    return out


def angle_deg(cut: Cut) -> Floats:
    """How far the sensor has turned (without a gyroscope: tilted) since the repetition's first sample, (N,) degrees."""
    if cut.quaternion is not None:
        turned: Floats = np.degrees(2 * np.arccos(np.clip(np.abs(cut.quaternion @ cut.quaternion[0]), 0.0, 1.0)))
        return turned
    up = directions(_need(cut.acc))
    tilted: Floats = np.degrees(np.arccos(np.clip(up @ up[0], -1.0, 1.0)))
    return tilted


def peak_rate_deg_s(cut: Cut) -> float:
    """The highest turn rate below 10 Hz; without a gyroscope of the tilt, below 2 Hz."""
    if cut.gyr is not None:
        return float(np.degrees(np.linalg.norm(smooth(cut.gyr, PEAK_HZ, GRID_HZ), axis=1).max()))
    change = np.gradient(directions(_need(cut.acc)), axis=0) * GRID_HZ
    return float(np.degrees(np.linalg.norm(change, axis=1).max()))


def peak_acc_m_s2(cut: Cut) -> float:
    """The highest acceleration without gravity below 10 Hz, against the repetition's mean (so that an offset doesn't count)."""
    if cut.linear is None:
        return float("nan")
    return float(np.linalg.norm(smooth(cut.linear - cut.linear.mean(axis=0), PEAK_HZ, GRID_HZ), axis=1).max())


def spectrum(x: Floats) -> tuple[Floats, Floats]:
    """Frequencies (F,) Hz and power (F,) summed over the axes of x (N, 3): mean removed, Hann window, padded to 20 s."""
    n = max(len(x), round(20 * GRID_HZ))
    windowed: Floats = (x - x.mean(axis=0)) * np.hanning(len(x) + 2)[1:-1, None]
    power: Floats = (np.abs(np.fft.rfft(windowed, n, axis=0)) ** 2).sum(axis=1)
    return np.arange(len(power)) * GRID_HZ / n, power


def share_above(x: Floats, hz: float) -> float:
    """The share of the energy of x (N, 3), its mean removed, that lies above a frequency."""
    f, power = spectrum(x)
    return float(power[f > hz].sum() / max(float(power.sum()), 1e-30))


def rms_above(x: Floats, hz: float, first: float, last: float) -> float:
    """RMS length of the part of x (N, 3) above a frequency, over the share `first` to `last` of its samples."""
    fast = x - smooth(x, hz, GRID_HZ)
    part = fast[round(first * len(x)) : max(round(last * len(x)), round(first * len(x)) + 1)]
    return float(np.sqrt(np.mean(np.sum(part**2, axis=1))))


def dominant_hz(x: Floats) -> float:
    """Where the spectrum of x (N, 3) is highest, from 0.1 Hz on."""
    f, power = spectrum(x)
    return float(f[f >= 0.1][np.argmax(power[f >= 0.1])])


def rep_features(cut: Cut) -> Mapping[str, float]:
    """All features of one repetition but its likeness; NaN for what its sensor can't say.

    Energy shares are the acceleration's as measured, gravity's turning included (the turn rate's where there is no acceleration);
    the dominant frequency is the turn rate's (the acceleration's where there is none).
    """
    heard, turned = _need(cut.gyr if cut.acc is None else cut.acc), _need(cut.acc if cut.gyr is None else cut.gyr)
    nan = float("nan")
    return {
        "duration_s": len(cut) / GRID_HZ,
        "range_deg": float(angle_deg(cut).max()),
        "peak_rate_deg_s": peak_rate_deg_s(cut),
        "peak_acc_m_s2": peak_acc_m_s2(cut),
        "out_back": float(np.clip(cut.out_s / max(cut.back_s, 1e-3), 1 / LONGEST_RATIO, LONGEST_RATIO)),
        "dominant_hz": dominant_hz(turned),
        "above_3hz": share_above(heard, 3.0),
        "above_8hz": share_above(heard, 8.0),
        "rate_above_3hz": nan if cut.gyr is None else share_above(cut.gyr, 3.0),
        "rate_above_8hz": nan if cut.gyr is None else share_above(cut.gyr, 8.0),
        "pause_s": cut.pause_s,
        "fast_rate_turn": nan if cut.gyr is None else rms_above(np.degrees(cut.gyr), FAST_HZ, 1 / 3, 2 / 3),
        "fast_rate_end": nan if cut.gyr is None else rms_above(np.degrees(cut.gyr), FAST_HZ, 0.75, 1.0),
        "fast_acc_turn": nan if cut.acc is None else rms_above(cut.acc, FAST_HZ, 1 / 3, 2 / 3),
        "fast_acc_end": nan if cut.acc is None else rms_above(cut.acc, FAST_HZ, 0.75, 1.0),
    }


def course(cut: Cut) -> Floats:
    """A repetition's shape whatever its pace and size, (72,) or (144,): acceleration and turn rate at 24 places, each unit."""
    cutoff = max(6.0 * GRID_HZ / len(cut), 1.0)
    at, index = np.linspace(0, len(cut) - 1, SHAPE_POINTS), np.arange(len(cut))
    parts = []
    for x in (cut.acc, cut.gyr):
        if x is not None:
            z = np.column_stack([np.interp(at, index, c) for c in smooth(x, cutoff, GRID_HZ).T])
            z = (z - z.mean(axis=0)).ravel()
            parts.append(z / max(float(np.linalg.norm(z)), 1e-9))
    return np.concatenate(parts)


def likenesses(cuts: Sequence[Cut]) -> Floats:
    """Correlation of each repetition's course with the set's median course, (N,); NaN for sets of fewer than three."""
    if len(cuts) < 3:
        return np.full(len(cuts), np.nan)
    courses = np.array([course(c) for c in cuts])
    median = np.median(courses, axis=0)
    size = np.linalg.norm(courses, axis=1) * np.linalg.norm(median)
    out: Floats = courses @ median / np.maximum(size, 1e-9)
    return out


def set_features(cuts: Sequence[Cut]) -> Mapping[str, Floats]:
    """Every feature of every repetition of a set, (N,) each."""
    rows = [rep_features(c) for c in cuts]
    out = {name: np.array([row[name] for row in rows]) for name in (*FEATURES[:-1], *BESIDE)}
    return {**out, "likeness": likenesses(cuts)}


def _need(x: Floats | None) -> Floats:
    if x is None:
        raise ValueError("A repetition needs an accelerometer or a gyroscope.")
    return x
