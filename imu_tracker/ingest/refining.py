"""The times of a finished recording, from all of its arrivals at once: the line under them instead of the edge known so far."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_tracker.errors import SamplesError
from imu_tracker.ingest.clock import By, ClockParameters, Gap, Ints, SampleClock
from imu_tracker.ingest.envelope import line_below, window_minima
from imu_tracker.numeric import Floats, quantile
from imu_tracker.recording import FILL_STEPS, LONGEST_FILL_S, Timing

LONGEST_WINDOW_S = 600.0  # over this the two clocks' drift is taken as steady, as it is between crystals at body temperature
FEWEST_PACKETS = 100  # in a window: of so many some were on time near both of its ends
SHORTEST_WINDOW_S = 37.5  # an oscillator inside the motion chip warms up with the skin: there the window is halved down to this
UNSTEADY_S = 0.008  # arrivals that stay this far above the line: the drift wasn't steady
TOLD_FROM = 20.0  # for so many seconds with a packet; of fewer, where a second holds one or two, none may have been on time
WORTH = 0.5  # half the window quarters what a changing drift leaves, and not what late packets do: what it leaves must be half
COUNTED_WINDOW_S = 1.5  # without index and tick: small losses, each below what is reported, raise the edge step by step
STALL_WINDOW_S = 5.0  # the edge that stalls are told from
SLOPE_NEEDS_S = 60.0  # a segment shorter than this takes its drift from the longest one
PLAIN = 2.0  # a drift is believed where it moves the arrivals by this many times what they usually lie above the line


@dataclass(frozen=True, eq=False)
class Refined:
    """`order` (M,): the rows to take, in the order taken by the sensor, each sample once; `timing` of those, and every gap."""

    order: Ints
    timing: Timing
    gaps: tuple[Gap, ...]


def refine(segment: Ints, number: Ints, device_s: Floats, arrival_s: Floats, rate_hz: float, by: By | None) -> Refined:
    """Times of a finished recording from the columns that `SampleClock` gave, rows (N,) in the order of arrival, N >= 2.

    by: `index`, `tick`, or None where the sensor sends neither; then numbers are told anew, so that a loss lies where it was
    and not where it was noticed. Times are s on the receiver's clock, strictly rising. Raises SamplesError under 2 samples.
    """
    if len(number) < 2:
        raise SamplesError(f"The recording has {len(number)} samples of this sensor; at least 2 are needed.")
    if by is None:
        runs = itertools.pairwise([0, *(np.flatnonzero(np.diff(segment)) + 1).tolist(), len(segment)])
        counted = [_counted_anew(arrival_s[a:b], rate_hz) for a, b in runs]  # of each connection
        number, device_s = (np.concatenate(parts) for parts in zip(*counted, strict=True))
    order = np.lexsort((np.arange(len(number)), number, segment)).astype(np.int64)
    same = (np.diff(number[order]) == 0) & (np.diff(segment[order]) == 0)
    order = order[np.r_[True, ~same]]
    segment, number, device_s, arrival_s = segment[order], number[order], device_s[order], arrival_s[order]
    device_s = _rising(device_s, segment, 0.05 / rate_hz)
    cuts = np.flatnonzero(np.diff(segment)) + 1
    bounds = list(itertools.pairwise([0, *cuts.tolist(), len(segment)]))
    longest = max(bounds, key=lambda ab: device_s[ab[1] - 1] - device_s[ab[0]])
    slope = _slope(device_s[slice(*longest)], arrival_s[slice(*longest)])
    t = np.concatenate([_times(device_s[a:b], arrival_s[a:b], slope, by is not None) for a, b in bounds])
    t = np.maximum.accumulate(t - np.arange(len(t)) * 0.05 / rate_hz) + np.arange(len(t)) * 0.05 / rate_hz
    steps = np.diff(t)
    dt = 1.0 / rate_hz if len(steps) < 10 else float(np.median(steps))
    gaps, holes = [], []
    for i in np.flatnonzero((np.diff(number) != 1) | (np.diff(segment) != 0)).tolist():
        anew = bool(segment[i] != segment[i + 1])
        lost = max(0, round(steps[i] / dt) - 1) if anew else int(number[i + 1] - number[i]) - 1
        how: By = "reset" if anew else "deficit" if by is None else by
        gaps.append(Gap(int(segment[i + 1]), int(number[i]), lost, float(t[i]), float(t[i + 1]), how, int(number[i])))
        if anew or steps[i] > max(LONGEST_FILL_S, FILL_STEPS * dt):
            holes.append(i + 1)
    timing = Timing(
        t=t,
        pieces=tuple(itertools.pairwise([0, *holes, len(t)])),
        gaps=tuple((float(t[i - 1]), float(t[i])) for i in holes),
        lost=sum(g.lost for g in gaps),
        rate_hz=1.0 / dt,
        timestamps="arrival" if by is None else "sensor",
    )
    return Refined(order, timing, tuple(gaps))


def _counted_anew(arrival_s: Floats, rate_hz: float) -> tuple[Ints, Floats]:
    """Numbers by counting, with each deficit put where the lateness rose; arrival_s (N,)."""
    clock = SampleClock(rate_hz, ClockParameters())
    number = np.arange(len(arrival_s), dtype=np.int64)
    starts = np.flatnonzero(np.diff(arrival_s, prepend=-np.inf))
    at = arrival_s.tolist()
    added = 0  # what the clock has counted as lost so far
    for a, b in itertools.pairwise([*starts.tolist(), len(arrival_s)]):
        gap = clock.count(b - a, at[a])
        if gap is not None:
            number[gap.after - added + 1 :] += gap.lost
            added += gap.lost
    for gap in clock.ended():
        number[gap.after - added + 1 :] += gap.lost
        added += gap.lost
    return number, number / rate_hz


def _rising(device_s: Floats, segment: Ints, least: float) -> Floats:
    """Device times that rise by at least `least` within each segment: ticks of resent packets may overlap by rounding."""
    ramp = np.arange(len(device_s)) * least
    out = device_s.copy()
    for s in np.unique(segment):
        mine = segment == s
        out[mine] = np.maximum.accumulate(device_s[mine] - ramp[mine]) + ramp[mine]
    return out


def _slope(x: Floats, arrival_s: Floats) -> float:
    """The drift over a whole segment; 0 where it is too short to tell, as it is for few packets or a small drift."""
    if x[-1] - x[0] < 5.0:
        return 0.0
    u, late = window_minima(x, arrival_s - x, 1.0)
    offset, slope = line_below(u, late)
    usual = quantile(late - offset - slope * u, 0.5)
    return slope if abs(slope) * (u[-1] - u[0]) > PLAIN * usual else 0.0


def _times(x: Floats, arrival_s: Floats, slope: float, steady: bool) -> Floats:
    """Receiver's times (N,) of one segment's device times x (N,)."""
    span = float(x[-1] - x[0])
    if not steady:
        late = arrival_s - x
        on_time = late - np.interp(x, *window_minima(x, late, STALL_WINDOW_S)) < ClockParameters().deficit_s
        knots, edge = window_minima(x[on_time], late[on_time], COUNTED_WINDOW_S)
        return x + np.interp(x, knots, edge)
    if span < SLOPE_NEEDS_S:
        drift = slope * x
        return x + drift + float(np.min(arrival_s - x - drift))
    u, late = window_minima(x, arrival_s - x, 1.0)
    offset, overall = line_below(u, late)
    least, edge = offset + overall * u, offset + overall * x  # the edge at the least late of each second, and at all
    packets = 1 + np.count_nonzero(np.diff(arrival_s))
    shortest = max(SHORTEST_WINDOW_S, FEWEST_PACKETS * span / packets)
    window, unsteady = min(LONGEST_WINDOW_S, span), np.inf
    while True:
        lines = _lines(u, late, window, float(x[0]), float(x[-1]))
        finer = _blended(lines, u, least)
        above = quantile(window_minima(np.arange(float(len(u))), late - finer, TOLD_FROM)[1], 0.9)
        if above > WORTH * unsteady:
            return x + edge
        least, edge, unsteady, window = finer, _blended(lines, x, edge), above, window / 2
        if window < shortest or unsteady < UNSTEADY_S:
            return x + edge


def _lines(x: Floats, y: Floats, window: float, start: float, end: float) -> tuple[Floats, Floats, Floats]:
    """The lines under windows that overlap by half: the windows' middles (K,), and each one's offset and slope.

    Beside a long absence a window holds a few points at one end, which may all have been late and tell no slope: NaN there.
    """
    count = max(1, int(np.ceil((end - start) / (window / 2))) - 1)
    half = (end - start) / (count + 1)
    middles: Floats = np.linspace(start, end, count + 2)[1:-1]
    offset: Floats = np.full(count, np.nan)
    slope = offset.copy()
    for k, middle in enumerate(middles.tolist()):
        inside: NDArray[np.bool_] = np.abs(x - middle) <= half + 1e-6  # the first and the last are in, whatever rounding says
        if inside.any() and float(np.ptp(x[inside])) >= half:
            offset[k], slope[k] = line_below(x[inside], y[inside])
    return middles, offset, slope


def _blended(lines: tuple[Floats, Floats, Floats], x: Floats, coarse: Floats) -> Floats:
    """The edge at x (N,): of the two windows that hold it, each the more the nearer its middle.

    Where a window has no line, `coarse` (N,) stands for it. All of these lie below the arrivals that they hold, and so does
    what is between them: no sample gets a time after its arrival.
    """
    middles, offset, slope = lines
    place = np.interp(x, middles, np.arange(len(middles)))
    before = np.floor(place).astype(np.int64)
    share = place - before
    out: Floats = np.zeros(len(x))
    for k, weight in ((before, 1.0 - share), (np.minimum(before + 1, len(middles) - 1), share)):
        line = offset[k] + slope[k] * x
        out += weight * np.where(np.isfinite(line), line, coarse)
    return out
