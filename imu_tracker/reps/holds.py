"""Isometric holds: a posture kept with effort between two transitions.

A muscle that works against a load trembles (physiological tremor, 8-12 Hz, more with load and fatigue), and a body that balances
a loaded posture wobbles; somebody who stands, sits or lies about moves now and then, but does not tremble. So a hold is where the
sensor hardly turns, stays where it is, and trembles more than in the quietest moments of the same recording. Only sizes of
vectors and angles between them are used, so that it does not matter how the sensor is turned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import Floats, moving_average, runs, smooth
from imu_tracker.reps.parameters import SET_PAUSE_S

HZ = 20.0  # rows of what holds are looked for in; all of it is slower than 3 Hz
STEP = int(GRID_HZ / HZ)
SPLIT_HZ = 3.0  # balancing lies below, tremor above
FINEST = 0.1  # of the most that a quiet level may be: the least, for motion without noise
NO_GYROSCOPE = "wobble and tremor are turn rates; the sensor has no gyroscope"

HoldEnd = Literal["moved", "gave_way", "recording_ended"]
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class HoldParameters:
    """Parameters of finding holds; times in seconds."""

    shortest_s: float = 5.0
    """A shorter one is a pause of something else."""
    window_s: float = 0.3
    """Levels are taken over so long: two waves of tremor, and about as well as its start and end can be seen."""
    tremor_times: float = 2.0
    """Tremor above so many times the recording's quiet level is effort: noise alone stays within 1.5, load brings 3 to 30."""
    quiet_share: float = 0.05
    """The quiet level is what tremor stays below for this share of the time, but not more than ..."""
    quiet_most_deg_s: float = 0.25
    """... this, the most that a quiet person with a consumer sensor shows: a recording may hold nothing but a hold."""
    quiet_most_m_s2: float = 0.03
    """The same for a sensor without gyroscope, from its accelerometer."""
    tremor_of_wobble: float = 0.12
    """... and tremor above this share of the wobble: smooth movement has next to nothing above 3 Hz, whatever its size."""
    wobble_times: float = 3.0
    """Wobble above so many times its quiet level belongs to a hold that tremor shows; standing about wobbles as much."""
    wobble_quiet_most_deg_s: float = 0.25
    """The most that its quiet level may be, as above."""
    held_times: float = 1.5
    """The same where the posture alone says that somebody works, or sits."""
    moving_deg_s: float = 6.0
    """Turning faster than this, below 2 Hz, is movement: in 4 s it would bring the posture where it can't be called the same."""
    moving_m_s2: float = 0.4
    """The same for acceleration below 2 Hz: a step, even a small one, takes 1 m/s² and more, balancing a tenth of that."""
    put_right_s: float = 5.0
    """A give-way put right within this time does not end a hold; nor does a gap in the data this long."""
    relaxed_s: float = 1.0
    """Effort that ceases for longer ends a hold."""
    dip_s: float = 0.5
    """The wobble swings through nothing for moments shorter than this."""
    same_deg: float = 25.0
    """Postures before and after a give-way or gap that differ by less are one hold: a back that slides on the wall tips by 20."""
    away_deg: float = 5.0
    """A hold that ends with the posture so far off its own, going at once, was given way."""
    tremor_share: float = 0.4
    """Of a hold's time, at least this share with tremor: a fresh muscle's stays below the noise of some sensors."""
    still_share: float = 0.6
    """Of a hold's time, at least this share without movement."""
    posture_deg: float = 30.0
    """A thigh so far from where it is in standing works, or sits: a hold even without much tremor, though not a sure one."""
    posture_s: float = 3.0
    """It gets there, and leaves, so long before and after the effort: the other foot takes two steps."""
    impact_s: float = 0.8
    """A foot or knee that meets floor or wall shakes for less than this; the hold begins after it."""
    sure_s: float = 8.0
    """The catalogue's shortest hold; a pause with effort inside something else seldom is as long."""
    sure_times: float = 3.0
    """Median tremor over the quiet level from which effort can't be mistaken."""


@dataclass(frozen=True)
class Hold:
    """A posture kept with effort over [start_s, end_s), seconds of the recording.

    wobble_deg_s, tremor_deg_s: RMS turn rate below and above 3 Hz, slow drift aside; None without a gyroscope (NO_GYROSCOPE).
    drift_deg: angle between the gravity directions of the first and the last two seconds. ended: `moved` (released, or on to
    something else), `gave_way` (the posture went first) or `recording_ended`. sure: clear enough to be taken for a hold where
    nobody said that there is one.
    """

    start_s: float
    end_s: float
    wobble_deg_s: float | None
    tremor_deg_s: float | None
    drift_deg: float
    ended: HoldEnd
    sure: bool

    @property
    def length_s(self) -> float:
        """How long it was held."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class _Rows:
    """One recording on a 20 Hz clock whose row 0 lies at the recording's start; absent rows are zero.

    up: (T, 3). slow, push: (T,) squared rate, (deg/s)², and acceleration, (m/s²)², below 2 Hz. wobble: squared rate below
    SPLIT_HZ. tremor: mean square above it, (deg/s)², or (m/s²)² without gyroscope.
    """

    up: Floats
    slow: Floats
    push: Floats
    wobble: Floats
    tremor: Floats
    present: Mask
    gyroscope: bool


def _rows_of(motion: Motion) -> tuple[int, tuple[Floats, ...]]:
    """First row, and up, slow, push, wobble and tremor of one piece."""
    offset = -motion.first % STEP
    fast_of = motion.acc if motion.gyr is None else np.degrees(motion.gyr)
    below = smooth(fast_of, SPLIT_HZ, GRID_HZ)
    fast = fast_of - below
    tremor = moving_average(_squared(fast), STEP)[offset::STEP]
    rate = below[offset::STEP]
    if motion.gyr is None:  # how fast the accelerometer's direction turns
        way = rate / np.maximum(np.linalg.norm(rate, axis=1, keepdims=True), 1e-9)
        rate = np.degrees(np.gradient(way, axis=0)) * HZ if len(way) > 1 else np.zeros_like(way)
    rate = rate - _offset(rate)
    push = smooth(moving_average(motion.linear(), STEP)[offset::STEP], 2.0, HZ)
    slow = smooth(rate, 2.0, HZ)
    return (motion.first + offset) // STEP, (motion.up[offset::STEP], _squared(slow), _squared(push), _squared(rate), tremor)


def _offset(rate: Floats) -> Floats:
    """What a gyroscope shows at rest: the median where its readings change least. No filter, which would smear movements out."""
    change = moving_average(_squared(np.diff(rate, axis=0, prepend=rate[:1])), int(HZ))
    out: Floats = np.median(rate[change <= np.quantile(change, 0.25)], axis=0)
    return out


def _squared(x: Floats) -> Floats:
    out: Floats = np.einsum("ij,ij->i", x, x)
    return out


def _rows(motions: tuple[Motion, ...]) -> _Rows:
    parts = [_rows_of(m) for m in motions]
    n = max(first + len(values[0]) for first, values in parts)
    up, (slow, push, wobble, tremor), present = np.zeros((n, 3)), np.zeros((4, n)), np.zeros(n, bool)
    for first, values in parts:
        rows = slice(first, first + len(values[0]))
        for whole, part in zip((up, slow, push, wobble, tremor), values, strict=True):
            whole[rows] = part
        present[rows] = True
    return _Rows(up, slow, push, wobble, tremor, present, motions[0].gyr is not None)


def _level(x: Floats, present: Mask, window_s: float) -> Floats:
    """Root of the mean of x over about so long, inside each piece."""
    out = np.zeros_like(x)
    for a, b in runs(present):
        half = round(window_s * HZ / 2)
        out[a:b] = np.sqrt(np.maximum(moving_average(moving_average(x[a:b], half), half), 0.0))
    return out


def _angle_deg(u: Floats, v: Floats) -> float:
    """Between the means of two stretches of gravity directions (N, 3)."""
    a, b = u.sum(axis=0), v.sum(axis=0)
    along = float(a @ b)
    across2 = float(a @ a) * float(b @ b) - along * along  # Lagrange's identity: the cross product's size, squared
    return math.degrees(math.atan2(math.sqrt(max(across2, 0.0)), along))


def _near(rows: _Rows, begin: int, end: int) -> Floats:
    """Gravity directions of the present rows between begin and end."""
    out: Floats = rows.up[begin:end][rows.present[begin:end]]
    return out


def _same_posture(rows: _Rows, before: tuple[int, int], after: tuple[int, int], p: HoldParameters) -> bool:
    reach = int(3 * HZ)
    v = _near(rows, after[0], min(after[1], after[0] + reach))
    first, last = (before[0], min(before[1], before[0] + reach)), (max(before[0], before[1] - reach), before[1])
    return any(_angle_deg(_near(rows, *part), v) < p.same_deg for part in (first, last))


@dataclass(frozen=True)
class _Levels:
    """What the recording shows row by row.

    tremor: (T,) over its quiet level. trembling: clearly more. strong: that, or a posture that shows effort with a little wobble.
    weak: strong, or wobble. far: the posture is far from standing.
    """

    tremor: Floats
    moving: Mask
    trembling: Mask
    strong: Mask
    weak: Mask
    far: Mask

    def eased(self, rows: _Rows) -> Mask:
        """Neither effort nor movement, nor a posture that takes effort."""
        out: Mask = rows.present & ~self.weak & ~self.moving & ~self.far
        return out


def _levels(rows: _Rows, free: Mask, p: HoldParameters) -> _Levels:
    def quiet(level: Floats, most: float) -> float:
        return float(np.clip(np.quantile(level[rows.present], p.quiet_share), FINEST * most, most))

    tremor, wobble = _level(rows.tremor, rows.present, p.window_s), _level(rows.wobble, rows.present, p.window_s)
    trembling = tremor > (p.tremor_of_wobble * wobble if rows.gyroscope else 0.0)
    tremor = tremor / quiet(tremor, p.quiet_most_deg_s if rows.gyroscope else p.quiet_most_m_s2)
    wobble = wobble / quiet(wobble, p.wobble_quiet_most_deg_s)
    moving = (_level(rows.slow, rows.present, p.window_s) > p.moving_deg_s) | (
        _level(rows.push, rows.present, p.window_s) > p.moving_m_s2
    )
    trembling &= (tremor > p.tremor_times) & ~moving & free
    weak = trembling | ((wobble > p.wobble_times) & ~moving & free)
    far = _far(rows, rows.present & ~moving, p)
    held = far & (wobble > p.held_times) & ~moving & free
    return _Levels(tremor, moving, trembling, trembling | held, weak | held, far)


def _far(rows: _Rows, still: Mask, p: HoldParameters) -> Mask:
    """Where the posture is far from that of standing, the first two seconds without movement; nowhere, where there are none."""
    first = next((int(a) for a, b in runs(still) if b - a >= 2 * HZ), None)
    if first is None:
        return np.zeros_like(still)
    out: Mask = rows.up @ np.mean(rows.up[first : first + int(2 * HZ)], axis=0) < np.cos(np.radians(p.posture_deg))
    return out & rows.present


def _joined(rows: _Rows, seen: _Levels, p: HoldParameters) -> list[tuple[int, int]]:
    """Stretches of tremor, joined over give-ways that are put right, short gaps, moments of ease, and wobble."""
    out: list[tuple[int, int]] = []
    away, eased = (np.concatenate([[0], np.cumsum(x)]) for x in (seen.moving | ~rows.present, seen.eased(rows)))
    for a, b in runs(seen.strong):
        part = int(a), int(b)
        if out and _belongs(rows, (away, eased), out[-1], part, p):
            out[-1] = (out[-1][0], part[1])
        else:
            out.append(part)
    return out


def _belongs(rows: _Rows, summed: tuple[Rows, Rows], before: tuple[int, int], after: tuple[int, int], p: HoldParameters) -> bool:
    """summed: rows of movement or gap, and of ease, before each row."""
    away, eased = (int(x[after[0]] - x[before[1]]) for x in summed)
    if after[0] - before[1] > SET_PAUSE_S * HZ or away > p.put_right_s * HZ or eased > p.relaxed_s * HZ:
        return False
    return _same_posture(rows, before, after, p)


def _stretches(rows: _Rows, seen: _Levels, p: HoldParameters) -> list[tuple[int, int]]:
    """Holds by their tremor: (first row, one past the last)."""
    # Single shocks before and after are no part of it: most tremor, least of what is not.
    worth = np.where(seen.strong, 1.0, np.where(seen.moving, -0.5, np.where(seen.weak, 0.0, -1.0)))
    fall = np.where(seen.strong, 1.0, np.where(seen.moving, -0.5, -1.0))  # letting go wobbles, too
    out: list[tuple[int, int]] = []
    for a, b in _joined(rows, seen, p):
        end = a + int(np.argmax(np.cumsum(fall[a:b]))) + 1
        begin = end - 1 - int(np.argmax(np.cumsum(worth[a:end][::-1])))
        begin = max(_earlier(seen, begin, p), out[-1][1] if out else 0)
        if np.mean(seen.strong[begin:end][rows.present[begin:end]]) >= p.tremor_share:
            out.append((begin, end))
    return out


def _earlier(seen: _Levels, begin: int, p: HoldParameters) -> int:
    """Where the wobble began: a fresh muscle's tremor grows out of the noise later."""
    for a, b in runs(~seen.weak[:begin])[::-1]:
        if b - a > p.dip_s * HZ or seen.moving[a:b].any():
            return int(b)
    return 0


def _checked(rows: _Rows, seen: _Levels, stretch: tuple[int, int], p: HoldParameters) -> tuple[int, int] | None:
    """The stretch without the shock it begins with; None where it is too short or moves too much."""
    begin, end = _with_effort(seen, *stretch, p)
    begin = _after_impact(seen.tremor, begin, p)
    there = rows.present[begin:end]
    if end - begin < p.shortest_s * HZ or np.mean(~seen.moving[begin:end][there]) < p.still_share:
        return None
    return begin, end


def _with_effort(seen: _Levels, begin: int, end: int, p: HoldParameters) -> tuple[int, int]:
    """The stretch without the parts at its ends that only the posture speaks for, where tremor says when the effort was.

    A thigh is where it will be held before the other foot leaves the floor, or this one does, and stays there afterwards.
    """
    reach = int(p.posture_s * HZ)
    head, tail = slice(begin, min(begin + reach, end)), slice(max(begin, end - reach), end)
    postural = seen.strong & ~seen.trembling
    if postural[head].any():
        first = next((a for a, b in runs(seen.trembling[head]).tolist() if b - a >= p.dip_s * HZ), 0)
        begin = _rise(seen.tremor, begin, begin + first)
    if postural[tail].any() and np.mean(seen.trembling[tail]) >= p.tremor_share:
        above = runs((seen.tremor[tail] > p.held_times) & ~seen.moving[tail]).tolist()
        end = next((tail.start + b for a, b in above[::-1] if b - a >= p.dip_s * HZ), end)
    return begin, end


def _rise(level: Floats, begin: int, k: int) -> int:
    """The row, from `begin` on, at which the level began to rise that goes up to row k."""
    falls = np.flatnonzero(np.diff(level[begin : k + 1]) <= 0.0)
    return begin + int(falls[-1]) + 1 if len(falls) else begin


def _after_impact(tremor: Floats, begin: int, p: HoldParameters) -> int:
    """The row at which foot or knee met its support, if the stretch begins with the shaking of that."""
    head = tremor[begin : begin + int(2 * p.impact_s * HZ)]
    peak = int(np.argmax(head[: int(p.impact_s * HZ)]))
    return begin + peak if np.min(head[peak:]) < head[peak] / 2 else begin


def _ended(rows: _Rows, moving: Mask, begin: int, end: int, p: HoldParameters) -> HoldEnd:
    soon = slice(end, end + int(0.5 * HZ))
    if end >= len(rows.present) - int(0.5 * HZ) or not rows.present[soon].all():
        return "recording_ended"
    late = max(begin, end - int(p.put_right_s * HZ))
    usual = _near(rows, max(begin, late - int(4 * HZ)), late)
    gave = bool(moving[late:end].any()) and _angle_deg(usual, _near(rows, end - int(0.5 * HZ), end)) > p.away_deg
    return "gave_way" if gave else "moved"


def _hold(rows: _Rows, seen: _Levels, begin: int, end: int, p: HoldParameters) -> Hold:
    there = rows.present[begin:end]
    wobble = tremor = None
    if rows.gyroscope:
        wobble, tremor = (float(np.sqrt(np.mean(x[begin:end][there]))) for x in (rows.wobble, rows.tremor))
    up = _near(rows, begin, end)
    drift = _angle_deg(up[: int(2 * HZ)], up[-int(2 * HZ) :])
    times = float(np.median(seen.tremor[begin:end][there]))
    ended = _ended(rows, seen.moving, begin, end, p)
    sure = times >= p.sure_times and (end - begin) / HZ >= p.sure_s
    return Hold(begin / HZ, end / HZ, wobble, tremor, drift, ended, sure)


def find_holds(
    motions: tuple[Motion, ...], busy: Sequence[tuple[float, float]] = (), p: HoldParameters | None = None
) -> tuple[Hold, ...]:
    """The holds of one sensor's recording, in order of time; pelvis or thigh.

    motions: the pieces of its stream. busy: (start, end) s of counted sets, in which no hold is looked for. Holds that aren't
    `sure` are for a caller who knows that there is a hold to be found.
    """
    p = p or HoldParameters()
    motions = tuple(m for m in motions if len(m) > STEP)
    if not motions:
        return ()
    rows = _rows(motions)
    free = rows.present.copy()
    for a, b in busy:
        free[max(0, int(a * HZ)) : max(0, int(np.ceil(b * HZ)))] = False
    seen = _levels(rows, free, p)
    checked = (_checked(rows, seen, stretch, p) for stretch in _stretches(rows, seen, p))
    return tuple(_hold(rows, seen, *bounds, p) for bounds in checked if bounds is not None)
