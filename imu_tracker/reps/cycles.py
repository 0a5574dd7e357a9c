"""The repetitions of one movement: cuts at its turning points, for which copies of one template account for most of the motion.

Any two turning points of a kind that lie about a period apart, and edges of quiet, may bound a repetition. Its worth is the
motion it accounts for as a copy of the template, beyond what is asked; dynamic programming finds the chain of the greatest worth,
and the template is made anew from it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats, quantile, runs, sizes
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.periodicity import Run
from imu_tracker.reps.signals import HZ, Stretch, band, compressed
from imu_tracker.reps.turning import Course, courses
from imu_tracker.reps.usual import within_usual

POINTS = 16  # samples of a repetition when compared with the template: its shape up to the sixth harmonic
COMPONENTS = 6  # strongest directions of the motion that are kept: the rest is noise
LOOKS = 3  # times a chain is found and its template made anew

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Chain:
    """Repetitions of one movement, cut at turning points of one kind; rows of y.

    y: (T, K) the motion from the stretch's row `first` on. z: (T,) the course the cuts are read off, upside down where they are
    maxima. turns: rows of the other kind of turning points. fit: squared correlation of each repetition with the template.
    power: mean square. worth: what each accounts for beyond what is asked. way: which course it is, and whether it is cut at the
    maxima of that.
    """

    first: int
    y: Floats
    z: Floats
    turns: Rows
    starts: Rows
    ends: Rows
    fit: Floats
    power: Floats
    worth: Floats
    way: tuple[int, bool] = (0, False)

    def kept(self, which: NDArray[np.bool_] | slice) -> Chain:
        """The chain with some of its repetitions."""
        return replace(
            self,
            starts=self.starts[which],
            ends=self.ends[which],
            fit=self.fit[which],
            power=self.power[which],
            worth=self.worth[which],
        )

    def worth_between(self, begin: int, end: int) -> float:
        """Worth of the repetitions whose middle lies between two rows of the stretch; each of n has shaped the template."""
        middle = self.first + 0.5 * (self.starts + self.ends)
        inside = self.worth[(middle >= begin) & (middle < end)]
        return float(inside.sum()) * (len(inside) - 1) / len(inside) if len(inside) else 0.0


def resampled(y: Floats, starts: Floats | Rows, ends: Floats | Rows, n: int) -> Floats:
    """The rows of y (T, K) between starts and ends (N,), each as n even samples less their mean: (N, n * K)."""
    at = starts[:, None] + (ends - starts)[:, None] * (np.arange(n) * (1.0 / (n - 1)))
    left = np.minimum(at.astype(np.int64), len(y) - 2).ravel()
    share = (at.ravel() - left)[:, None]
    z = y.take(left, axis=0) * (1.0 - share) + y.take(left + 1, axis=0) * share
    z = z.reshape(len(starts), n, y.shape[1])
    z -= np.einsum("ijk->ik", z)[:, None] / n
    out: Floats = z.reshape(len(starts), n * y.shape[1])
    return out


def best_chain(begin: Rows, end: Rows, gain: Floats) -> tuple[float, Rows]:
    """Of pieces from cut `begin` to cut `end`, those that do not overlap and gain most: their gain, and which, in order."""
    order = np.argsort(end, kind="stable")
    order = order[gain[order] > 0]
    if not len(order):
        return 0.0, order
    value, came = [0.0] * (int(end.max()) + 1), [-1] * (int(end.max()) + 1)
    begins, now = begin[order].tolist(), 0
    for k, (a, b, g) in enumerate(zip(begins, end[order].tolist(), gain[order].tolist(), strict=True)):
        while now < b:
            now += 1
            value[now] = value[now - 1]
        if value[a] + g > value[b]:
            value[b], came[b] = value[a] + g, k
    most, chosen = value[now], []
    while now > 0:
        if came[now] >= 0:
            chosen.append(came[now])
            now = begins[came[now]]
        else:
            now -= 1
    return most, order[np.array(chosen[::-1], np.int64)]


def _around(y: Floats, present: NDArray[np.bool_], begin: int, end: int, period_s: float, p: CountParameters) -> tuple[int, int]:
    """Rows of y in which a set around the rows begin to end is looked for: outwards until nothing moves for a while.

    A gap is no rest: what happened in it is not known.
    """
    pause = int(p.rest * period_s * HZ)
    power = np.einsum("ij,ij->i", y, y)
    a, b = 0, len(y)
    for u, v in runs((power < p.still * np.mean(power[begin:end])) & present):
        if v - u >= pause and u >= end:
            return a, min(int(u) + pause // 2, b)
        if v - u >= pause and v <= begin:
            a = max(0, int(v) - pause // 2)
    return a, b


def _edges_of_quiet(y: Floats, period_s: float, p: CountParameters) -> list[int]:
    """Rows where the motion comes to rest for a part of a period, or leaves it."""
    speed = sizes(np.diff(y, axis=0))
    quiet = runs(speed < p.quiet * quantile(speed, 0.8)).tolist()
    return [v for a, b in quiet if b - a >= p.quiet_share * period_s * HZ for v in (a, b - 1) if 0 < v < len(speed) - 1]


def _chain(
    y: Floats, first: int, course: Course, top: bool, others: list[int], busy: Rows, run: Run, p: CountParameters
) -> tuple[float, Chain] | None:
    """The best chain cut at the maxima (top) or minima of a course, with its worth; None where there are not two repetitions."""
    cuts = np.unique(np.concatenate([course.at[course.top == top], np.array(others, np.int64)]))
    pace = (cuts - cuts[:, None]) / (HZ * run.period_s)  # from each cut to each other one
    begin, end = np.nonzero((pace > p.fastest) & (pace < p.slowest) & (busy[cuts] == busy[cuts][:, None]))
    if len(begin) < 2:
        return None
    starts, ends = cuts[begin], cuts[end]
    duration, unlike_pace = (ends - starts) / HZ, np.abs(np.log(pace[begin, end]))
    shapes = resampled(y, starts, ends, POINTS)
    size = np.maximum(np.sqrt(np.einsum("ij,ij->i", shapes, shapes)), 1e-6)
    energy = size**2 / POINTS * duration
    cost = p.need + p.pace_cost * unlike_pace**2
    slack = int(0.15 * HZ)
    usual = (starts + first >= run.start - slack) & (ends + first <= run.end + slack) & (unlike_pace < 0.3)
    if np.count_nonzero(usual) < 2:
        return None
    units = shapes[usual] / size[usual, None]
    template = units[np.argmax(np.maximum(units @ units.T, 0.0) ** 2 @ energy[usual])]
    found = None
    before = None
    for _ in range(LOOKS):
        fit = np.maximum(shapes @ template / size, 0.0) ** 2
        worth = energy * (fit - cost)
        total, chosen = best_chain(begin, end, worth)
        if len(chosen) < 2:
            break
        total *= (len(chosen) - 1) / len(chosen)
        if found is None or total > found[0]:
            found = total, chosen, fit[chosen], worth[chosen]
        if before is not None and np.array_equal(chosen, before):
            break  # the next look would see the same
        before = chosen
        template = 1.0 / np.sqrt(size[chosen]) @ shapes[chosen]
        template /= max(math.sqrt(template @ template), 1e-9)
    if found is None:
        return None
    total, chosen, fit, worth = found
    z = -course.z if top else course.z
    turns = course.at[course.top != top]
    return total, Chain(first, y, z, turns, starts[chosen], ends[chosen], fit, size[chosen] ** 2 / POINTS, worth)


def chains_of(
    stretch: Stretch,
    run: Run,
    among: tuple[int, int],
    free: NDArray[np.bool_],
    p: CountParameters,
    only: tuple[int, bool] | None = None,
) -> list[Chain]:
    """The movement that repeats in `run`, cut in several ways, looked for around the rows `among`; the best first.

    only: the one way of cutting that is wanted, see `Chain.way`.
    """
    reach = int(p.reach * run.period_s * HZ)
    a, b = max(0, among[0] - reach), min(len(free), among[1] + reach)
    pad = int(3 * run.period_s * HZ)
    lo, hi = max(0, a - pad), min(len(free), b + pad)
    raw = within_usual(stretch, lo, hi, run)
    x = compressed(raw, p)
    y = np.zeros_like(x)
    for u, v in stretch.pieces(lo, hi):
        y[u - lo : v - lo] = band(x[u - lo : v - lo], 0.25 / run.period_s, 6.0 / run.period_s)
    y = y[a - lo : b - lo]
    u, v = _around(y, stretch.present[a:b], among[0] - a, among[1] - a, run.period_s, p)
    raw = raw[max(0, a + u - pad) - lo : min(len(free), a + v + pad) - lo]
    a, b, y = a + u, a + v, y[u:v]
    if len(y) < max(run.period_s * HZ, 6):
        return []
    _, axes = np.linalg.eigh(y.T @ y)
    y = y @ axes[:, -COMPONENTS:]
    inside = slice(max(0, run.start - a), run.end - a)
    ways, places = courses(stretch, raw, a, b, (run.start, run.end), run.period_s, p)
    size = np.sqrt(np.sum(y[inside] ** 2) / (2.0 * max(len(y[inside]), 1)))
    open_ = free[a:b]
    busy = np.concatenate([[0], np.cumsum(~open_)])
    others = _edges_of_quiet(y, run.period_s, p) + [int(k) for u, v in runs(open_) for k in (u, v - 1)]
    y = np.hstack([y * np.sqrt(1.0 - p.place_share), places * (size * np.sqrt(p.place_share))])
    wanted = [(k, top) for k in range(len(ways)) for top in (False, True)] if only is None else [only]
    found = [(_chain(y, a, ways[k], top, others, busy, run, p), (k, top)) for k, top in wanted]
    rated = sorted(((f[0], f[1], way) for f, way in found if f is not None), key=lambda f: -f[0])
    return [replace(chain, way=way) for total, chain, way in rated if total >= p.vote * rated[0][0]]
