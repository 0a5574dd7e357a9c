"""Steps with a band about the legs: how many, which way, and which leg stands when, from one sensor on the pelvis.

Whoever stands on one leg falls away from it: while the left leg stands, the pelvis is accelerated to the right. So each foot off
the floor leaves a push in the lateral acceleration, and pushes to the left and to the right alternate. A side step is two of
them. Travelling right the left leg stands first (the right foot leads, the pelvis is pushed off), then the right leg (the left
foot follows, the pelvis is braked). Travelling left is the mirror image, which in a steady train of pushes looks the same; what
differs is where the train begins and ends. That is at rest, so what precedes the first lead and follows the last follow is a
small push at most, and so is what stands between the two pushes of one sign at a turn. And around starts and turns the speed,
which is none at rest, goes the way of travel. Pairing pushes so that all strong ones have their pair, as far as can be, and that
the speed agrees, finds the steps. (Steps of one foot at a time, as in a monster walk, are one push each, and need no pairing.)

Pushes are sums over half a step of what is slow, so that landings, noise and a few lost samples hardly matter; they are the same
in any mounting that knows the wearer's left, and 15 degrees of yaw take 3 % of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from imu_tracker.motion import GRID_HZ, GridPiece, Motion, motion_of
from imu_tracker.numeric import Floats, moving_average, smooth

Way = Literal["left", "right"]
Ints = NDArray[np.int64]
_Choice = tuple[float, tuple[int, ...]]  # what steps are worth together, and the first push of each


@dataclass(frozen=True)
class SteppingParameters:
    """What counts as a step."""

    shortest_s: float = 0.55
    """A step takes so long at least (the catalogue's 0.6 s and some haste) ..."""
    longest_s: float = 2.2
    """... and so long at most: the catalogue's 1.6 s, and more where somebody tires."""
    uneven: float = 1.6
    """Steps of one set take at most so many times the usual time, and at least that part of it."""
    band: float = 1.6
    """Low-pass of the pushes, in periods of left and right: what is faster is how feet land and trunks sway."""
    band_each: float = 1.2
    """The same where each foot's step counts: pushes forward, of which yaw lets a little through, come at 2."""
    steady_s: float = 6.0
    """Over this time pushes cancel: nobody gets faster and faster. Longer than any two steps."""
    ripple: float = 0.25
    """Less than this share of a usual push, for less than this share of a period, is no push, but a dent in one."""
    rest: float = 0.1
    """Less acceleration than this share of a usual push's mean is rest, before a push or after it."""
    weak: float = 0.55
    """A push of less than this share of the usual one is better left out: before a lead and after the last follow it is a third,
    a step of half the width has about this much. Its worth is the logarithm of its size over this."""
    strong: float = 0.5
    """... but not more than this: a push of 0.9 is as good as any."""
    broken: float = 0.5
    """A train of steps that breaks off and goes on, after a turn or a pause, costs as much as a strong push."""
    rhythm: float = 0.5
    """What a step loses by being longer or shorter than usual, times the logarithm of how much."""
    travel: float = 1.0
    """What a step gains by its mean speed in units of the usual push, or loses where that goes the other way ..."""
    most_travel: float = 0.5
    """... up to this: from rest a push leads to one push's speed, half of it on average."""
    least_m_s: float = 0.08
    """Usual pushes that change the speed by less are sway."""
    pause_s: float = 4.0
    """A longer pause parts trains: nobody takes longer to turn. Steps that count have others near them; so ..."""
    fewest: int = 3
    """... fewer steps without such a pause are a shuffle to a place ..."""
    least_share: float = 1 / 3
    """... and fewer than this share of the longest train are the way there."""
    bridged_s: float = 0.3
    """Lost samples up to this long are bridged: of a step both ends were seen then. Across longer gaps no train goes on."""
    in_air: tuple[float, float] = (0.08, 0.92)
    """From which share of a push to which the foot is in the air; for the rest both feet bear."""
    in_air_each: tuple[float, float] = (0.21, 0.64)
    """The same of a step with one foot at a time: for half of it the foot goes out, then the leg that stood pushes the weight
    over."""


@dataclass(frozen=True)
class Swing:
    """One foot off the floor, [start_s, end_s) seconds of the recording, and the leg that stands."""

    start_s: float
    end_s: float
    stance: Way


@dataclass(frozen=True)
class SideStep:
    """One step, [start_s, end_s) seconds of the recording.

    direction: of travel, or the foot that goes where each foot's step counts. swings: the lead's and the follow's; one foot's.
    """

    start_s: float
    end_s: float
    direction: Way
    swings: tuple[Swing, ...]


def find_steps(
    motions: tuple[Motion, ...],
    axes: Floats,
    begin_s: float,
    end_s: float,
    each_foot: bool = False,
    p: SteppingParameters | None = None,
) -> tuple[SideStep, ...]:
    """The steps within [begin_s, end_s) s of a stream from the pelvis, in order; empty where there are none, or no gyroscope.

    axes: (3, 3), rows forward, left, up of the wearer in quiet standing, unit, in sensor coordinates; a yaw error of 15 degrees
    does no harm. each_foot: a step is one foot's (the catalogue's side rule "alternating"), not a lead and a follow. Walking
    within that time is told from steps only by being less of it, and by its weaker pushes.
    """
    p = p or SteppingParameters()
    stretches = [cut_out(m, lateral(m, axes), begin_s, end_s) for m in bridged(motions, p.bridged_s) if m.gyr is not None]
    stretches = [(at_s, y) for at_s, y in stretches if len(y) > p.shortest_s * GRID_HZ]
    if not stretches:
        return ()
    feet = 1 if each_foot else 2
    period_s = period_of_s([y for _, y in stretches], p.shortest_s * 2 / feet, p.longest_s * 2 / feet)
    stretches = [(at_s, _refilled(at_s, y, motions, period_s)) for at_s, y in stretches]
    cutoff_hz = (p.band_each if each_foot else p.band) / period_s
    slow = [smooth(y - moving_average(y, round(p.steady_s * GRID_HZ)), cutoff_hz, GRID_HZ) for _, y in stretches]
    usual = usual_gain(np.concatenate([gains_of(y, edges_of(y)) for y in slow]))
    if usual < p.least_m_s:
        return ()
    steps: list[SideStep] = []
    for (at_s, _), y in zip(stretches, slow, strict=True):
        edges = without_ripple(y, edges_of(y), p.ripple * usual, p.ripple * period_s * GRID_HZ)
        steps += _best_steps(at_s, y, edges, usual, period_s, feet, p)
    return _without_shuffles(steps, p)


def bridged(motions: tuple[Motion, ...], longest_s: float) -> tuple[Motion, ...]:
    """The pieces with gaps up to longest_s between them closed by straight lines, so that orientation goes on across them."""
    out: list[Motion] = []
    for m in motions:
        last = out[-1] if out else None
        if last is None or m.gyr is None or last.gyr is None or m.first - last.first - len(last) > longest_s * GRID_HZ:
            out.append(m)
            continue
        at = np.concatenate([np.arange(one.first, one.first + len(one)) for one in (last, m)])
        every = np.arange(at[0], at[-1] + 1)
        both = np.column_stack([np.concatenate([last.acc, m.acc]), np.concatenate([last.gyr, m.gyr])])
        whole = np.column_stack([np.interp(every, at, x) for x in both.T])
        out[-1] = replace(last, acc=whole[:, :3], gyr=whole[:, 3:])
    return tuple(m if len(m.up) == len(m.acc) else motion_of(GridPiece(m.first, m.acc, m.gyr)) for m in out)


def lateral(m: Motion, axes: Floats) -> Floats:
    """Horizontal acceleration to the wearer's left (M,), m/s²; axes as in find_steps."""
    left = axes[1] - (m.up @ axes[1])[:, None] * m.up
    left /= np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9)
    out: Floats = np.einsum("ij,ij->i", m.linear(), left)
    return out


def _refilled(at_s: float, y: Floats, motions: tuple[Motion, ...], period_s: float) -> Floats:
    """The signal with what was bridged taken from a period before and a period after: a push that was lost was one like those."""
    lost = np.ones(len(y), dtype=bool)
    for m in motions:
        first = m.first - round(at_s * GRID_HZ)
        lost[max(0, first) : max(0, first + len(m))] = False
    period, out = round(period_s * GRID_HZ), y.copy()
    for k in np.flatnonzero(lost):
        known = [i for i in (k - period, k + period) if 0 <= i < len(y) and not lost[i]]
        if known:
            out[k] = y[known].mean()
    return out


def cut_out(m: Motion, y: Floats, begin_s: float, end_s: float) -> tuple[float, Floats]:
    """What of a signal lies within a time, and where that begins, s."""
    a, b = (min(max(0, round((t - m.start_s) * GRID_HZ)), len(y)) for t in (begin_s, end_s))
    return m.start_s + a / GRID_HZ, y[a:b]


def period_of_s(signals: list[Floats], shortest_s: float, longest_s: float) -> float:
    """How long left and right take together: where the lateral speed, which is smoother than pushes, has most energy."""
    n = 1 << (2 * max(len(y) for y in signals) - 1).bit_length()
    hz = np.fft.rfftfreq(n, 1.0 / GRID_HZ)
    among = (hz >= 1.0 / longest_s) & (hz <= 1.0 / shortest_s)
    energy = sum((np.abs(np.fft.rfft(y - y.mean(), n)[among]) / hz[among]) ** 2 for y in signals)
    return float(1.0 / hz[among][np.argmax(energy)])


def edges_of(y: Floats) -> Ints:
    """Where pushes begin, each where the one before ends, and the last one's end: (K + 1,) samples."""
    return np.concatenate([[0], np.flatnonzero(np.diff(y > 0)) + 1, [len(y)]])


def gains_of(y: Floats, edges: Ints) -> Floats:
    """Change of speed by each push (K,), m/s."""
    out: Floats = np.add.reduceat(y, edges[:-1]) / GRID_HZ
    return out


def usual_gain(gains: Floats) -> float:
    """The size that half of all change of speed lies above: a few strong pushes outweigh many that are sway."""
    size = np.sort(np.abs(gains))
    return float(size[np.searchsorted(np.cumsum(size), 0.5 * size.sum())])


def without_ripple(y: Floats, edges: Ints, least: float, shortest: float) -> Ints:
    """The edges without those of ripples, weakest first; each joins the pushes on either side of it."""
    while len(edges) > 3:
        gains = np.abs(gains_of(y, edges))
        ripples = np.where((gains < least) & (np.diff(edges) < shortest), gains, np.inf)[1:-1]
        k = int(np.argmin(ripples))
        if not np.isfinite(ripples[k]):
            break
        edges = np.delete(edges, [k + 1, k + 2])
    return edges


def _trimmed(y: Floats, edges: Ints, least: float) -> Ints:
    """First sample and one past the last (K, 2) of each push that reach `least`; the whole push where none does."""
    out = np.column_stack([edges[:-1], edges[1:]])
    for span in out:
        moving = np.flatnonzero(np.abs(y[span[0] : span[1]]) >= least)
        if len(moving):
            span[:] = span[0] + moving[0], span[0] + moving[-1] + 1
    return out


def _best_steps(
    at_s: float, y: Floats, edges: Ints, usual: float, period_s: float, feet: int, p: SteppingParameters
) -> list[SideStep]:
    """The steps of a stretch without gaps that are worth most together, each of `feet` pushes (dynamic programming).

    Pushes alternate, so side steps that follow each other closely go one way, and a turn leaves one push out.
    """
    gains, spans = gains_of(y, edges), _trimmed(y, edges, p.rest * usual / (0.5 * period_s))
    worth = np.clip(np.log(np.maximum(np.abs(gains) / usual, 1e-9) / p.weak), -np.inf, p.strong)
    speed = np.cumsum(y) / GRID_HZ
    speed -= moving_average(speed, round(p.steady_s * GRID_HZ))
    usual_step = 0.5 * feet * period_s * GRID_HZ

    def value(k: int, begin: int) -> float:
        """Of the step that ends with push k - 1 and begins at a sample."""
        end = int(spans[k - 1, 1])
        late = 0.5 * feet * abs(float(np.log((end - begin) / usual_step)))  # one push takes more time, the next one less
        if late > np.log(p.uneven):
            return -np.inf
        total = float(worth[k - feet : k].sum()) - p.rhythm * late
        if feet == 2:
            travel = float(np.sign(gains[k - 2]) * speed[begin:end].mean()) / usual
            total += float(np.clip(p.travel * travel, -p.most_travel, p.most_travel))
        return total

    # Of the pushes before k: the best steps of which the last ends at k, and the best ones wherever they end.
    ending: list[_Choice] = [(-np.inf, ())] * (len(gains) + 1)
    best: list[_Choice] = [(0.0, ())] * (len(gains) + 1)
    for k in range(feet, len(gains) + 1):
        first = k - feet
        going_on, starting = ending[first], best[first]
        # Within a train one push follows the other; a train begins where the rest before it ends.
        on = going_on[0] + value(k, int(edges[first]))
        anew = starting[0] - (p.broken if starting[1] else 0.0) + value(k, int(spans[first, 0]))
        ending[k] = max((on, (*going_on[1], first)), (anew, (*starting[1], first)))
        best[k] = max(best[k - 1], ending[k])
    return [_step(at_s, edges, spans, first, feet, bool(gains[first] > 0), p) for first in best[-1][1]]


def _step(at_s: float, edges: Ints, spans: Ints, first: int, feet: int, left: bool, p: SteppingParameters) -> SideStep:
    """The step of the pushes from `first` on; left: where the first of them goes."""
    ends = [spans[first, 0], *edges[first + 1 : first + feet], spans[first + feet - 1, 1]]
    times = [at_s + float(k) / GRID_HZ for k in ends]
    lifted, landed = p.in_air if feet == 2 else p.in_air_each
    stances: tuple[Way, Way] = ("right", "left") if left else ("left", "right")
    swings = []
    for begin, end, stance in zip(times[:-1], times[1:], stances, strict=False):
        swings.append(Swing(begin + lifted * (end - begin), begin + landed * (end - begin), stance))
    return SideStep(times[0], times[-1], stances[1], tuple(swings))


def _without_shuffles(steps: list[SideStep], p: SteppingParameters) -> tuple[SideStep, ...]:
    """Only the steps of which there are enough without a long pause."""
    trains: list[list[SideStep]] = []
    for step in steps:
        if trains and step.start_s - trains[-1][-1].end_s <= p.pause_s:
            trains[-1].append(step)
        else:
            trains.append([step])
    enough = max([p.fewest, *(p.least_share * len(train) for train in trains)])
    return tuple(step for train in trains if len(train) >= enough for step in train)
