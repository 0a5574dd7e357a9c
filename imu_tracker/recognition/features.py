"""Features of windows that no re-mounting and no mirroring changes: on gravity and on the motion's own axes.

Each window becomes signals: some have a sign of their own (upward acceleration, how far the sensor leans from its mean), others
lie on axes that the motion itself sets, whose sign means nothing, so that only their size counts. Of each signal: distribution,
spectrum, autocorrelation; of each pair: how they go together, at once and a quarter cycle apart. Posture isn't among them: how a
sensor lies against gravity at rest is its mounting as much as its wearer. (The angle from quiet standing, the wearer's
own, was tried on simulated people and told nothing more.)
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.recognition.windows import ACC, EARTH_ACC, EARTH_GYR, GYR, LENGTH, RATE_HZ, UP

MotionKind = Literal["gyr", "acc"]  # with a gyroscope, or from the accelerometer alone

Signals = NDArray[np.float32]  # single precision is far finer than any sensor, at half the cost

LAYOUT = 1  # raised whenever a feature changes its meaning: a model fits one layout only
SIGNED = ("up_acc", "acc_size", "lean", "along", "flat_acc")
UNSIGNED = ("flat_1", "flat_2", "across_1", "across_2", "lean_1", "lean_2")
SIGNED_GYR = ("turn_size", "flat_turn")
UNSIGNED_GYR = ("spin", "turn_1", "turn_2", "turn_3", "earth_acc_1", "earth_acc_2", "earth_turn_1", "earth_turn_2")

BANDS_HZ = (0.1, 0.35, 0.7, 1.2, 2.0, 3.5, 6.0, 12.6)
LAGS = (6, 12, 25, 37, 50, 62)  # samples: 0.24 to 2.5 s
REPEATS = slice(10, 90)  # lags in which the clearest repetition is looked for: 0.4 to 3.6 s
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
SIZE_QUANTILES = (0.25, 0.5, 0.75, 0.95)
AT_ONCE = 512  # windows that are worked on at one time: each takes 0.2 MB for as long
TINY = 1e-3  # in each signal's own unit (m/s², rad/s, rad): far below any sensor's noise
TAPER = np.hanning(LENGTH).astype(np.float32)


def _own_axes(x: Signals, count: int) -> Signals:
    """x (W, N, 2 or 3) less its mean, on the axes along which it varies most: (count, W, N), strongest first."""
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.matmul(x.transpose(0, 2, 1), x)
    axes = np.linalg.eigh(spread)[1][..., ::-1][..., :count]
    out: Signals = np.matmul(x, axes).transpose(2, 0, 1)
    return out


def _signals(windows: Signals) -> tuple[Signals, Signals]:
    """Signals with a sign of their own and those without, (W, K, N) each, of windows (W, N, 13 or 6)."""
    acc, up = windows[..., ACC], windows[..., UP]
    middle = up.mean(axis=1, keepdims=True)
    middle = middle / np.maximum(np.linalg.norm(middle, axis=2, keepdims=True), 1e-9)
    linear = acc - GRAVITY_M_S2 * up
    along = (acc * middle).sum(axis=2)
    flat = linear - (linear * middle).sum(axis=2, keepdims=True) * middle
    lean = np.arccos(np.clip((up * middle).sum(axis=2), -1.0, 1.0))
    upward, size = (linear * up).sum(axis=2), _sizes(acc) - GRAVITY_M_S2
    signed = [upward, size, lean, along, _sizes(flat)]
    unsigned = [*_own_axes(flat, 2), *_own_axes(acc - along[..., None] * middle, 2), *_own_axes(up, 2)]
    if windows.shape[2] > UP.stop:
        gyr = windows[..., GYR]
        spin = (gyr * up).sum(axis=2)
        signed += [_sizes(gyr), _sizes(gyr - spin[..., None] * up)]
        unsigned += [spin, *_own_axes(gyr, 3)]
        unsigned += [*_own_axes(windows[..., EARTH_ACC], 2), *_own_axes(windows[..., EARTH_GYR], 2)]
    return np.stack(signed, axis=1), np.stack(unsigned, axis=1)


def _sizes(x: Signals) -> Signals:
    out: Signals = np.sqrt(np.einsum("...i,...i->...", x, x))
    return out


def _distribution(x: Signals, signed: bool) -> Signals:
    """(W, K, 9 or 8) of signals (W, K, N)."""
    away = x - x.mean(axis=2, keepdims=True)
    spread = np.sqrt((away * away).mean(axis=2)) + TINY
    z = away / spread[..., None]
    cubed = z * z * z
    skew, tails = cubed.mean(axis=2), np.log((cubed * z).mean(axis=2) + 0.5)
    change = np.diff(x, axis=2)
    steps = change / (np.sqrt((change * change).mean(axis=2)) + 0.1 * TINY)[..., None]
    hurry = (steps * steps * steps).mean(axis=2)
    in_order = np.sort(x if signed else np.abs(away), axis=2)
    at = [round(q * (LENGTH - 1)) for q in (QUANTILES if signed else SIZE_QUANTILES)]
    if not signed:
        skew, hurry = np.abs(skew), np.abs(hurry)
    figures = [
        np.log(spread + 0.01),
        np.clip(skew, -4, 4),
        tails,
        np.log(np.abs(change).mean(axis=2) + TINY),
        np.clip(hurry, -4, 4),
    ]
    return np.concatenate([np.stack(figures, axis=2), in_order[..., at]], axis=2)


DISTRIBUTION = ("size", "skew", "tails", "change", "hurry")


@functools.cache
def _bands() -> Signals:
    """(F, bands): which frequencies of a window's spectrum lie in which band."""
    f = np.fft.rfftfreq(LENGTH, 1.0 / RATE_HZ)
    return np.column_stack([(f >= a) & (f < b) for a, b in itertools.pairwise(BANDS_HZ)]).astype(np.float32)


def _spectrum(x: Signals) -> Signals:
    """(W, K, 17) of signals (W, K, N): bands, entropy, strongest and mean frequency, autocorrelation, clearest repetition."""
    away = x - x.mean(axis=2, keepdims=True)
    power = np.abs(np.fft.rfft(away * TAPER, axis=2)) ** 2
    share = power / (power.sum(axis=2, keepdims=True) + 1e-9)
    f = np.fft.rfftfreq(LENGTH, 1.0 / RATE_HZ).astype(np.float32)
    entropy = -(share * np.log(share + 1e-12)).sum(axis=2)
    strongest = np.log(f[1:][power[..., 1:].argmax(axis=2)])
    lagged = np.fft.irfft(np.abs(np.fft.rfft(away, 2 * LENGTH, axis=2)) ** 2, axis=2)[..., : REPEATS.stop]
    overlap = (LENGTH / (LENGTH - np.arange(REPEATS.stop))).astype(np.float32)
    likeness = lagged / np.maximum(lagged[..., :1], 1e-9) * overlap
    rest = [entropy, strongest, share @ f]
    clearest = likeness[..., REPEATS].max(axis=2, keepdims=True)
    return np.concatenate([np.log(share @ _bands() + 1e-3), np.stack(rest, axis=2), likeness[..., LAGS], clearest], axis=2)


SPECTRUM: tuple[str, ...] = (*(f"band_{a:g}_hz" for a in BANDS_HZ[:-1]), "entropy", "strongest_hz", "mean_hz")
SPECTRUM += (*(f"after_{k / RATE_HZ:g}_s" for k in LAGS), "repeats")


def _pairs(x: Signals, signed: int) -> Signals:
    """(W, 2 P): of each pair of signals (W, K, N) the correlation, and that of one with the change of the other."""
    away = x - x.mean(axis=2, keepdims=True)
    z = away / (away.std(axis=2, keepdims=True) + TINY)
    change = np.diff(z, axis=2)
    change /= change.std(axis=2, keepdims=True) + TINY
    between = 0.5 * (z[..., 1:] + z[..., :-1])
    i, j = np.triu_indices(x.shape[1], 1)
    known = (i < signed) & (j < signed)
    out = []
    for a, b in ((z, z), (between, change)):
        together = np.matmul(a, b.transpose(0, 2, 1))[:, i, j] / a.shape[2]
        out.append(np.where(known, together, np.abs(together)))
    return np.concatenate(out, axis=1)


def motion_features(windows: Floats) -> Floats:
    """(W, F) features of windows (W, LENGTH, 13), or of accelerometer-only windows (W, LENGTH, 6); `feature_names` says which."""
    if not len(windows):
        return np.zeros((0, len(feature_names("gyr" if windows.shape[2] > UP.stop else "acc"))))
    if len(windows) > AT_ONCE:
        return np.concatenate([motion_features(windows[k : k + AT_ONCE]) for k in range(0, len(windows), AT_ONCE)])
    signed, unsigned = _signals(windows.astype(np.float32))
    both = np.concatenate([signed, unsigned], axis=1)
    parts = [_distribution(signed, True), _distribution(unsigned, False), _spectrum(both)]
    out = np.concatenate([*(p.reshape(len(windows), -1) for p in parts), _pairs(both, signed.shape[1])], axis=1)
    return out.astype(float)


@functools.cache
def feature_names(kind: MotionKind) -> tuple[str, ...]:
    """Names of the features, in order."""
    gyr = kind == "gyr"
    signed, unsigned = SIGNED + SIGNED_GYR * gyr, UNSIGNED + UNSIGNED_GYR * gyr
    quantiles: Mapping[bool, tuple[str, ...]] = {
        True: tuple(f"q{100 * q:02.0f}" for q in QUANTILES),
        False: tuple(f"size_q{100 * q:02.0f}" for q in SIZE_QUANTILES),
    }
    out = [f"{s}.{d}" for s in signed for d in DISTRIBUTION + quantiles[True]]
    out += [f"{s}.{d}" for s in unsigned for d in DISTRIBUTION + quantiles[False]]
    out += [f"{s}.{d}" for s in signed + unsigned for d in SPECTRUM]
    pairs = list(itertools.combinations(signed + unsigned, 2))
    return tuple(out + [f"{a}*{b}" for a, b in pairs] + [f"{a}*change of {b}" for a, b in pairs])
