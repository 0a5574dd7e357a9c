"""Which leg stands in a set of single-leg work, told from one sensor on the pelvis; or nothing, where that isn't to be had.

Nobody can lift a foot before the pelvis has been carried over the other one, some 5-10 cm. Three figures look for that:

  onto  one push sideways and one brake just before the set, after which the pelvis stays there (a leg that stays up all through)
  off   the same back again after it
  over  there and back in every repetition (a foot that comes down, or is left below, between repetitions). Cut half a cycle
        off, repetitions would name the other leg: they must begin nearer to standing than they turn

What is not looked at: which side of the pelvis is up. That is what a drop is measured by, and whoever guessed from it would turn
every drop into a hike. The turn about the vertical goes either way in people who lift a leg forward, and follows the drop in
those who squat; the shock of a foot that lands says when, but not which.

Where the pelvis hardly goes sideways (straight up a step in front, sitting down a wall) there is no telling.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from imu_tracker.exercises.catalogue import Phase
from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import Floats, median, rotation_matrix, smooth

EVERY = 5  # of the grid's samples, once smoothed: a shift lasts a second
CONTEXT_S = 15.0  # of the recording on either side of the set is looked at: the shifts, and the heading about them
PEAK = 10.0 / np.sqrt(3.0)  # highest acceleration of a minimum-jerk movement of 1 m in 1 s, m/s²
LEAST_SAMPLES = 40  # nobody shifts the weight there and back in 0.4 s

NO_GYROSCOPE = "the standing leg can't be told without a gyroscope"
NO_SIGN = "the pelvis wasn't seen to be carried over either foot; say the side"
NOT_SURE = "the pelvis was carried sideways, but not plainly enough to name the standing leg; say the side"
LONG_PAUSE = "there is a pause in the set in which the legs may have changed; say the side"
AT_ODDS = "the pelvis was carried to one side at one time and to the other at another; say the side"


@dataclass(frozen=True)
class StanceParameters:
    """What a weight shift looks like, and how far it is trusted.

    Ramps are (from, to): the figure counts for nothing below the first and in full from the second on.
    """

    yaw_error_deg: float = 10.0
    """Usual error of the axes about the vertical: a way forward looks like one to the side by so much. 3 with bows."""
    before_s: float = 4.0
    """A foot is lifted so shortly before the first repetition ..."""
    after_s: float = 3.0
    """... and is put down so shortly after the last."""
    edge_s: float = 0.2
    """Where the set itself begins and ends is known so well."""
    lasts_s: tuple[float, ...] = (0.7, 0.95, 1.3)
    """A shift of 7 cm takes so long; a slower one drowns in what one degree of tilt makes of gravity (0.17 m/s²)."""
    still_s: float = 0.6
    """So long before and after it the pelvis neither speeds up nor brakes sideways."""
    cutoff_hz: float = 3.0
    """Of the low-pass: a shift has nothing above 2 Hz."""
    explained: tuple[float, float] = (0.6, 0.85)
    """Ramp: share of the sideways acceleration about it that one push and one brake explain."""
    size_m: tuple[float, float] = (0.025, 0.05)
    """Ramp: half the distance of the hip joints is 8-9 cm, and the trunk leans over to make up for some of it."""
    widest_m: tuple[float, float] = (0.15, 0.12)
    """Ramp, downwards: farther is a step aside."""
    push_m_s2: tuple[float, float] = (0.12, 0.25)
    """Ramp: the push's highest acceleration, against the 0.17 of a degree of tilt."""
    leak: tuple[float, float] = (0.5, 0.25)
    """Ramp, downwards: what `yaw_error_deg` would make of the way forward, as a share of the way aside."""
    opposite: tuple[float, float] = (0.7, 0.3)
    """Ramp, downwards: the next best shift the other way, as a share of it: there and back is no shift."""
    heading_hz: float = 0.1
    """Turning slower than this is the wearer facing elsewhere, faster belongs to the exercise."""
    fewest_reps: int = 3
    """So many repetitions there and back make a habit."""
    lead_s: float = 0.2
    """The way there may begin so much before a repetition, and the way back end so much after it."""
    sway_m: float = 0.01
    """The pelvis goes so far aside in a repetition for no reason."""
    most_over: float = 4.0
    """`over` counts up to so many standard errors."""
    onto_weight: float = 3.0
    """Log-odds of the leg for `onto` = 1: two figures in full, or nearly, name a leg, one alone doesn't. What
    `benchmarks/stance.py --fit` gives on simulated people, 3.0, 3.1 and 1.0, hangs on its penalty: there they are never wrong."""
    off_weight: float = 3.0
    """The same for `off` = 1 ..."""
    over_weight: float = 1.5
    """... and for each standard error of `over`; 2.33 of them, one in a hundred by chance, are enough."""
    little: float = 1.0
    """Log-odds of a figure below which it says next to nothing."""
    at_odds: float = 0.35
    """What speaks for the other leg, as a share of what speaks for the one: with more, something else went on."""
    plainly_up_m: float = 0.10
    """Whoever steps up rises by more, platforms being 15-40 cm high: that tells whether a repetition is cut where it begins."""
    plainly_away_deg: float = 3.0
    """So much farther from standing in the middle of a repetition than at its ends tells the same; sway is 1-2 degrees."""
    in_step: float = 0.5
    """At least such a share of the repetitions is cut so."""
    pause_s: float = 8.0
    """In a longer pause or repetition, if it is longer ..."""
    pause_reps: float = 3.0
    """... than so many usual repetitions, too, legs may change (the interface's rule for what ends a set)."""
    sure: float = 0.97
    """A leg is named from this probability on."""
    surest: float = 0.99
    """No guess claims more: simulated people are tidier than people."""


@dataclass(frozen=True)
class StanceGuess:
    """The leg that stands, with the probability (0.5-1) of the likelier one; side None, with a reason, where that is too low.

    likelier: which leg that probability is of, named or not; None where nothing speaks for either.
    """

    side: Literal["left", "right"] | None
    confidence: float
    reason: str | None
    likelier: Literal["left", "right"] | None = None


@dataclass(frozen=True)
class StanceFigures:
    """What was seen of the weight going over, above 0 for the left leg.

    onto, off: -1 to 1, how plainly and which way the pelvis went before the set, and (the other way) after it. over: how far it
    went there and back in a repetition, in standard errors.
    """

    onto: float
    off: float
    over: float


@dataclass(frozen=True)
class _Aside:
    """Acceleration at times t (N,) s to the wearer's left, forward and up, (N,) m/s², the first two level; up with gravity.

    away: (N,) degrees from quiet standing.
    """

    t: Floats
    left: Floats
    forward: Floats
    up: Floats
    away: Floats

    def between(self, start_s: float, end_s: float) -> slice:
        a, b = np.searchsorted(self.t, (start_s, end_s))
        return slice(int(a), int(b))


def stance_leg(
    motions: tuple[Motion, ...], axes: Floats, reps: Floats, p: StanceParameters | None = None, rise: Phase | None = None
) -> StanceGuess:
    """The standing leg of a set of single-leg work, or None with a reason.

    axes: (3, 3), rows forward, left, up of the body in quiet standing, in sensor coordinates. reps: (N, 2), N > 0,
    spans s of the set's repetitions (of a hold: the hold), in order. rise: the half of a repetition that goes up, where the
    exercise is known.
    """
    p = p or StanceParameters()
    pauses = reps[1:, 0] - reps[:-1, 1]
    longest = max(float(np.max(reps[1:, 1] - reps[1:, 0], initial=0.0)), float(np.max(pauses, initial=0.0)))
    if longest > max(p.pause_s, p.pause_reps * median(reps[:, 1] - reps[:, 0])):
        return StanceGuess(None, 0.5, LONG_PAUSE)
    figures = stance_figures(motions, axes, reps, p, rise)
    if figures is None:
        return StanceGuess(None, 0.5, NO_GYROSCOPE)
    said = p.onto_weight * figures.onto, p.off_weight * figures.off, p.over_weight * figures.over
    log_odds = sum(said)
    confidence = min(1.0 / (1.0 + float(np.exp(-abs(log_odds)))), p.surest)
    against, for_it = sorted((abs(sum(x for x in said if x < 0)), sum(x for x in said if x > 0)))
    likelier: Literal["left", "right"] | None = None if log_odds == 0.0 else ("left" if log_odds > 0 else "right")
    if against > p.at_odds * for_it and against >= p.little:
        return StanceGuess(None, confidence, AT_ODDS, likelier)
    if confidence >= p.sure:
        return StanceGuess(likelier, confidence, None, likelier)
    return StanceGuess(None, confidence, NO_SIGN if max(map(abs, said)) < p.little else NOT_SURE, likelier)


def stance_figures(
    motions: tuple[Motion, ...], axes: Floats, reps: Floats, p: StanceParameters | None = None, rise: Phase | None = None
) -> StanceFigures | None:
    """The figures of a set, arguments as in `stance_leg`; None without a gyroscope. What lies in a gap counts for nothing."""
    p = p or StanceParameters()
    start, end = float(reps[0, 0]), float(reps[-1, 1])
    onto = off = 0.0
    ways: list[Floats] = []
    for m in motions:
        if m.quaternion is None:
            return None
        a = max(0, round((start - CONTEXT_S - m.start_s) * GRID_HZ))
        b = min(len(m), round((end + CONTEXT_S - m.start_s) * GRID_HZ))
        if b <= a:
            continue
        aside = _aside(m, m.quaternion, axes, slice(a, b), p)
        first_s, last_s = float(aside.t[0]), float(aside.t[-1])
        if first_s <= start <= last_s:
            onto = _shift(aside, start - p.before_s, start + p.edge_s, p)
        if first_s <= end <= last_s:
            off = -_shift(aside, end - p.edge_s, end + p.after_s, p)
        inside = reps[(reps[:, 0] >= first_s) & (reps[:, 1] <= last_s)]
        ways += [_there_and_back(aside, float(r[0]) - p.lead_s, float(r[1]) + p.lead_s) for r in inside]
    return StanceFigures(onto, off, _over(np.array(ways).reshape(-1, 4), rise, p))


def _aside(m: Motion, quaternion: Floats, axes: Floats, part: slice, p: StanceParameters) -> _Aside:
    """Level acceleration along where the wearer faces on the whole."""
    turn = rotation_matrix(quaternion[part])
    acc = np.einsum("nij,nj->ni", turn, m.acc[part])
    left = np.einsum("nij,j->ni", turn, axes[1])[:, :2]
    heading = smooth(np.unwrap(np.arctan2(left[:, 1], left[:, 0])), p.heading_hz, GRID_HZ)
    c, s = np.cos(heading), np.sin(heading)
    t = m.start_s + np.arange(len(m))[part] / GRID_HZ
    away = np.rad2deg(np.arccos(np.clip(m.up[part] @ axes[2], -1.0, 1.0)))
    return _Aside(t, c * acc[:, 0] + s * acc[:, 1], s * acc[:, 0] - c * acc[:, 1], acc[:, 2], away)


def _ramp(x: Floats, ends: tuple[float, float]) -> Floats:
    out: Floats = np.clip((x - ends[0]) / (ends[1] - ends[0]), 0.0, 1.0)
    return out


def _shift(aside: _Aside, start_s: float, end_s: float, p: StanceParameters) -> float:
    """How plainly the pelvis moves to one side and stays there, its middle in [start_s, end_s): -1 to 1, above 0 to the left.

    The acceleration of one smooth way aside (minimum jerk) is fitted, with a constant for what tilt makes of gravity, at all
    times and for a few durations.
    """
    found = [_fits(aside, start_s, end_s, lasts, p) for lasts in p.lasts_s]
    way, explained, forward, lasts = np.concatenate(found, axis=1)
    if not len(way):
        return 0.0
    size = np.abs(way)
    merit = _ramp(explained, p.explained) * np.minimum(size, p.widest_m[1])
    best = int(np.argmax(merit))
    if merit[best] <= 0.0:
        return 0.0
    opposite = float(np.max(merit[way * way[best] < 0], initial=0.0)) / float(merit[best])
    leak = np.tan(np.deg2rad(p.yaw_error_deg)) * np.abs(forward) / size
    plain = _ramp(explained, p.explained) * _ramp(size, p.size_m) * _ramp(size, p.widest_m) * _ramp(leak, p.leak)
    plain *= _ramp(PEAK * size / lasts**2, p.push_m_s2)
    return float(np.sign(way[best]) * plain[best] * _ramp(np.array(opposite), p.opposite))


def _fits(aside: _Aside, start_s: float, end_s: float, lasts_s: float, p: StanceParameters) -> Floats:
    """(4, M): way to the left m, share of the acceleration that it explains, way forward m, duration s; at M times."""
    rate = GRID_HZ / EVERY
    half = round((0.5 * lasts_s + p.still_s) * rate)
    reach = (half + 1) / rate + 1.0 / p.cutoff_hz
    part = aside.between(start_s - reach, end_s + reach)
    left, forward = (smooth(x[part], p.cutoff_hz, GRID_HZ)[::EVERY] for x in (aside.left, aside.forward))
    middle = aside.t[part][::EVERY][half : len(left) - half]
    if not len(middle):
        return np.empty((4, 0))
    u = np.clip(np.arange(-half, half + 1) / rate / lasts_s + 0.5, 0.0, 1.0)
    pulse = (60 * u - 180 * u**2 + 120 * u**3) / lasts_s**2
    pulse -= pulse.mean()
    here = (middle >= start_s) & (middle < end_s)
    views = [np.lib.stride_tricks.sliding_window_view(x, 2 * half + 1)[here] for x in (left, forward)]
    energy = pulse @ pulse
    way, ahead = (v @ pulse / energy for v in views)
    total = (2 * half + 1) * views[0].var(axis=1)
    explained = way**2 * energy / np.maximum(total, 1e-9)
    return np.stack([way, explained, ahead, np.full(len(way), lasts_s)])


def _there_and_back(aside: _Aside, start_s: float, end_s: float) -> Floats:
    """(4,): how far to the left, forward and up (m), and away from standing (degrees), the pelvis is in the middle of a
    repetition against its ends; NaN where that is too short.

    It ends as it began, at rest and in the same place: so a mean acceleration and a mean speed are errors.
    """
    part = aside.between(start_s, end_s)
    acc = np.stack([aside.left[part], aside.forward[part], aside.up[part]])
    n = acc.shape[1]
    if n < LEAST_SAMPLES:
        return np.full(4, np.nan)
    speed = np.cumsum(acc - acc.mean(axis=1, keepdims=True), axis=1) / GRID_HZ
    place = np.cumsum(speed - speed.mean(axis=1, keepdims=True), axis=1) / GRID_HZ
    track = np.concatenate([place, aside.away[None, part]])
    end = max(1, n // 10)
    middle = track[:, round(0.35 * n) : round(0.65 * n)].mean(axis=1)
    out: Floats = middle - 0.5 * (track[:, :end].mean(axis=1) + track[:, -end:].mean(axis=1))
    return out


def _over(ways: Floats, rise: Phase | None, p: StanceParameters) -> float:
    """How far the pelvis usually goes to the left in a repetition, in standard errors; ways: (N, 4) as in `_there_and_back`.

    Cut half a cycle off, a repetition begins and ends over the standing leg and would name the other. So only those count that
    begin and end nearer to standing than their middle is; or, of what goes up first, plainly below it.
    """
    ways = ways[np.isfinite(ways[:, 0])]
    begins = ways[:, 3] > p.plainly_away_deg
    if rise == "out":
        begins = np.where(np.abs(ways[:, 2]) > p.plainly_up_m, ways[:, 2] > 0, begins)
    if np.sum(begins) < max(p.fewest_reps, p.in_step * len(ways)):
        return 0.0
    (left, left_error), (forward, _) = _usual(ways[begins, 0], p.sway_m), _usual(ways[begins, 1], p.sway_m)
    error = np.hypot(left_error, np.tan(np.deg2rad(p.yaw_error_deg)) * forward)
    return float(np.clip(left / error, -p.most_over, p.most_over))


def _usual(x: Floats, least: float) -> tuple[float, float]:
    """Mean of x (N,), N > 1, and its standard error, with `least` in it; cuts that are now in step and now not make it large."""
    return float(x.mean()), float(np.hypot(least, x.std(ddof=1) / np.sqrt(len(x))))
