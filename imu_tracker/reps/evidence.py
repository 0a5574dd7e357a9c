"""What tells exercise from walking, bows, getting into position and fumbling: six figures of a found set.

All are times, shares of power and correlations built on inner products, so that it does not matter how the sensor is turned or
scaled. How large a movement is, and where the body is while it happens, is left out on purpose: that is what exercises differ in.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import Floats, moving_average, smooth
from imu_tracker.reps.phases import piece_of
from imu_tracker.reps.sets import FoundSet

FIGURES = ("reps", "duration", "detail", "half_repeats", "upward_share", "sides_alternate")
FUNDAMENTAL = 3.0  # reps per rep's duration below which motion is its plain to and fro
STEP_S = 0.8  # the slowest steps of people who walk; whoever alternates more slowly works
IMPACT_HZ = 5.0  # limbs are moved below it; heel strikes and handling of things ring above
DRIFT_HZ = 0.2  # slower changes of upward acceleration are errors of the gravity direction
LEAST_DETAIL = 0.01  # share of power that noise and resampling leave in the plainest motion
LEAST_POWER = 1e-6
NOISE_M_S2 = 0.5  # acceleration that means nothing: errors of bias and of the gravity direction, as in CountParameters.noise


def _turning(m: Motion, begin: int, end: int) -> Floats:
    """Turn rate (N, 3), rad/s; without a gyroscope that of gravity's direction."""
    if m.gyr is not None:
        return m.gyr[begin:end]
    out: Floats = np.gradient(moving_average(m.up[begin:end], 5), axis=0) * GRID_HZ
    return out


def _repeats(x: Floats, lag: int, noise: float) -> float:
    """Correlation of a signal (N,) with itself `lag` samples later; near 0 where it is no larger than noise."""
    one, other = x[:-lag], x[lag:]
    return float(one @ other) / (float(np.sqrt((one @ one) * (other @ other))) + len(one) * noise**2)


def _alike(x: Floats, lag: int) -> float:
    """Likeness of a signal (N, 3) with itself about `lag` samples later, at its best within a tenth of that: -1 to 1."""
    best = -1.0
    for k in range(max(1, round(0.9 * lag)), min(round(1.1 * lag), len(x) - 2) + 1):
        one, other = x[:-k], x[k:]
        size = float(np.sum(one**2)) + float(np.sum(other**2)) + 2.0 * LEAST_POWER
        best = max(best, 2.0 * float(np.sum(one * other)) / size)
    return best


def evidence_of(motions: tuple[Motion, ...], found: FoundSet) -> Mapping[str, float]:
    """The FIGURES of a set, by name, read in the piece in which most of its repetitions lie.

    reps: logarithm of their number. duration: of their usual duration in s. detail: logarithm of the share of turning that is
    quicker than the plain to and fro of the repetition: exercise starts, stops and holds, a swing of the leg is close to a sine.
    half_repeats: correlation of upward acceleration with itself half a repetition later: two steps make one stride. upward_share:
    share of acceleration that is vertical. sides_alternate: how much more turning is like that two repetitions later than
    like that of the next one, where a repetition is as quick as a step: left and right make one stride; else 0. Where
    acceleration is no larger than noise, half_repeats and upward_share say nothing: 0 and a third.
    """
    places = [piece_of(motions, float(a), float(b)) for a, b in found.cuts]
    firsts = [m.first for m, _, _ in places]
    most = max(firsts, key=firsts.count)
    inside = [p for p in places if p[0].first == most]
    m, begin, end = inside[0][0], inside[0][1], max(b for _, _, b in inside)
    turning = _turning(m, begin, end)
    plain = smooth(turning, FUNDAMENTAL / found.usual_s, GRID_HZ)
    detail = 1.0 - float(np.sum(plain**2)) / max(float(np.sum(turning**2)), LEAST_POWER)
    linear = smooth(m.linear(begin, end), IMPACT_HZ, GRID_HZ)
    upward = np.einsum("ij,ij->i", linear, m.up[begin:end])
    half = int(np.clip(round(found.usual_s * GRID_HZ / 2), 1, len(upward) - 2))
    noise = len(upward) * NOISE_M_S2**2
    alternate = 0.0
    if found.usual_s < STEP_S and len(plain) > 3 * (once := round(found.usual_s * GRID_HZ)):
        alternate = _alike(plain, 2 * once) - _alike(plain, once)
    return {
        "reps": float(np.log(len(found.cuts))),
        "duration": float(np.log(found.usual_s)),
        "detail": float(np.log(max(detail, LEAST_DETAIL))),
        "half_repeats": _repeats(upward - smooth(upward, DRIFT_HZ, GRID_HZ), half, NOISE_M_S2),
        "sides_alternate": alternate,
        "upward_share": (float(upward @ upward) + noise / 3.0) / (float(np.sum(linear**2)) + noise),
    }
