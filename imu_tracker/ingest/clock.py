"""Sample times for a stream over a link that delivers late, in bursts, twice or never. Pure: no I/O, no clock of its own.

    SampleClock.add(packet, arrival) -> Timed      while it streams: causal, never changed afterwards
    refining.refine(columns)         -> Refined    when the recording is over

Each sample gets a number (every sample the sensor took counts) and a device time: by the sensor's index at the nominal rate, or
else by its tick, or else by counting what arrived. The lower edge of `arrival - device time` (envelope.py) carries
that over to the receiver's clock, on which all sensors meet. What stays in every time is the link's least latency, some 20-30 ms
that only a round trip could tell.

p99 of the error on the simulated link of benchmarks/clock.py (600 s, 45 ms connection interval, one stall of 3 s, latency aside):

    sensor                                   while it streams    refined
    index or tick, 1 % lost                  2-4 ms              0.4 ms at most
    a tick, only 1.4 packets a second        2-6 (14) ms         0.4 ms at most
    neither, nothing lost                    2.6 ms              2.4 ms
    neither, 0.1 % of packets lost           43 ms               21 ms
    neither, 1-2 % of packets lost           110-147 ms          39-59 ms

The first seconds are worse by as much as the first packet was late (up to 0.14 s there), which refining mends. With 1.4 packets a
second, as Polar sends, it takes ten seconds until one was on time, and that is most of what is left: had the drift been known
exactly from the start, the mean p99 would be 4.1 ms, not 4.5 (14 seeds; 11 of them below 5, one at 14).

Packets that fall into step with the connection's events (40 ms into 45 ms) are never on time by less than a part of an event, and
a drift shows only once one has slipped past: so refined recordings under a minute are off by up to 3.4 ms, which no method
could tell. A sensor with neither can lose up to 0.2 s at a time unseen; of holes of 0.21 s all of 24 were told at 1 % loss, 23 at
2 %. Without a tick, a sensor that begins anew within a second of its first sample, at a number that it just had, is taken for
one that repeats itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from imu_tracker.ingest.envelope import EdgeParameters, RunningEdge
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import Flag, Index, Packet, Tick

Ints = NDArray[np.int64]
By = Literal["index", "tick", "deficit", "reset"]

EDGE = EdgeParameters()
COUNTED_EDGE = EdgeParameters(1.5, 60.0, stall_s=0.15)  # sensors with neither index nor tick: small losses raise it step by step


@dataclass(frozen=True)
class ClockParameters:
    """What a link and a sensor can do. Sources: reference measurements of BLE links; rates' errors from vendors' sheets."""

    slack_s: float = 0.5  # how late the very first packets may have been, beyond which a counter that leads has been set anew
    reorder_s: float = 1.0  # packets this far back are out of order or repeated; further, the sensor has begun anew
    silence_s: float = 10.0  # no link holds packets back for longer: what comes then was taken just now
    agree_s: float = 2.0  # after such a silence a counter that went on agrees with the time gone by to this
    rate_error: float = 0.03  # of the nominal rate, before the sensor's tick has told the true one
    tick_error: float = 0.002  # of the rate, after that
    deficit_s: float = 0.15  # with neither index nor tick lateness that stays is a loss: 0.2 s less a connection event
    stays_s: float = 2.0  # and this is how long it must stay: a stall's backlog is delivered sooner
    edge: EdgeParameters = EDGE
    counted_edge: EdgeParameters = COUNTED_EDGE


@dataclass(frozen=True)
class Gap:
    """Samples that are not there: `lost` of them after sample number `after`, between two times, s.

    by: how it was seen; the count is exact for index and tick, and an estimate by the time gone by for deficit and reset (after
    a reset `after` is the number of the segment before). noticed: number of the newest sample when it was seen; a
    deficit is seen only when what is missing stays away.
    """

    segment: int
    after: int
    lost: int
    start_s: float
    end_s: float
    by: By
    noticed: int


@dataclass(frozen=True, eq=False)
class Timed:
    """One packet's samples in time: t (N,) s on the receiver's clock, number (N,), device_s (N,) s on the sensor's.

    segment: raised when the sensor's counter or clock began anew; numbers compare within a segment only. new (N,): False where
    the sample had come before. in_order: False for what was sent again or overtaken; then `t` lies before earlier answers.
    """

    t: Floats
    number: Ints
    device_s: Floats
    segment: int
    new: NDArray[np.bool_]
    in_order: bool
    gaps: tuple[Gap, ...] = ()


@dataclass
class _Rise:
    """Where the lateness rose: when that was seen, device time and number before it, and the least lateness since, s."""

    seen_s: float
    device_s: float
    number: int
    least_s: float


class _Reset(Exception):
    """The sensor's counter or clock can't be the one of before."""


class SampleClock:
    """The times of one stream of one sensor, across reconnections: a counter that went on is recognised, and so is a new one."""

    def __init__(self, rate_hz: float, parameters: ClockParameters | None = None) -> None:
        self.rate_hz = rate_hz
        self.segment = 0
        self._p = parameters or ClockParameters()
        self._edge: RunningEdge | None = None
        self._last_t = -np.inf
        self._arrival_s = -np.inf
        self._interrupted = False
        self._begin(0)

    def _begin(self, number: int) -> None:
        self._edge = None
        self._first = self._next = number  # the first sample's number and the one after the newest
        self._device_s = 0.0  # of the newest sample
        self._missing: list[tuple[int, int]] = []
        self._tick: tuple[float, int, int] | None = None  # of the newest packet: raw tick, its sample's number, samples
        self._tick_device_s = 0.0  # device time of that tick
        self._counted = (self.rate_hz, 1.0)  # samples, and their seconds by the tick; begins as one second at the nominal rate
        self._late: list[_Rise] = []  # where the lateness rose and hasn't come back, the oldest first

    @property
    def missing(self) -> tuple[tuple[int, int], ...]:
        """Half-open ranges of numbers in this segment that never came: what to ask for again (number modulo the index's)."""
        return tuple(self._missing)

    def interrupt(self, rate_hz: float | None = None) -> None:
        """The next packet begins a segment: the stream broke off, without number or tick to go on by, or its rate is another."""
        self._interrupted = self._edge is not None
        if rate_hz is not None:
            self.rate_hz = rate_hz
            if not self._interrupted:
                self._begin(0)

    def add(self, packet: Packet, arrival_s: float) -> Timed:
        """Times for a packet that arrived at `arrival_s` on the receiver's monotonic clock; raises nothing."""
        return self.place(len(packet), packet.index, packet.tick, arrival_s, Flag.RETRANSMITTED in packet.flags)

    def place(self, n: int, index: Index | None, tick: Tick | None, arrival_s: float, resent: bool = False) -> Timed:
        """As `add`, for n samples with these marks."""
        if n == 0:
            return Timed(np.empty(0), np.empty(0, np.int64), np.empty(0), self.segment, np.empty(0, bool), True)
        if index is None and tick is None and self._edge is not None and not self._interrupted:
            first, device = self._next, self._device_s + (1 + np.arange(n)) / self.rate_hz
            deficit = self.count(n, arrival_s)
            t = device + self._edge.at(device)
            number = np.arange(first, first + n)
            return Timed(t, number, device, self.segment, np.ones(n, np.bool_), True, () if deficit is None else (deficit,))
        gaps: list[Gap] = []
        if self._edge is None:
            first, device = self._begun(n, index)
        else:
            try:
                if self._interrupted:
                    raise _Reset
                first, device = self._continued(n, index, tick, arrival_s, resent)
            except _Reset:
                gaps.append(self._anew(n, index, arrival_s))
                first, device = self._begun(n, index)
        if self._edge is None:
            late = max(arrival_s - float(device[-1]), self._last_t + 1.0 / self.rate_hz - float(device[0]))
            edge = self._p.counted_edge if index is None and tick is None else self._p.edge
            # Packets that fall into step with the connection's events are on time once in many. A tick's crystal drifts by so
            # little that the slope can wait for them; an index at the nominal rate can be off by percent, and can't.
            sparse = max(edge.sparse_s, (3.0 if index is not None or tick is None else 10.0) * n / self.rate_hz)
            edge = replace(edge, sparse_s=sparse, lookback_s=max(edge.lookback_s, 6.0 * sparse if tick is not None else 0.0))
            self._edge = RunningEdge(float(device[0]), late, edge)
        return self._timed(first, device, tick, arrival_s, "tick" if index is None else "index", gaps)

    def count(self, n: int, arrival_s: float) -> Gap | None:
        """As `place` for n samples, 1 or more, with neither index nor tick, but the gap alone: a fraction of the cost."""
        if self._edge is None or self._interrupted:
            gaps = self.place(n, None, None, arrival_s).gaps
            return gaps[0] if gaps else None
        first, device_s = self._next, self._device_s
        self._edge.add_even(device_s, self.rate_hz, n, arrival_s)
        self._next, self._device_s = first + n, device_s + n / self.rate_hz
        self._last_t = self._device_s + self._edge.at_newest(self._device_s)
        self._arrival_s = max(arrival_s, self._arrival_s)
        return self._deficit(first, arrival_s)

    def _begun(self, n: int, index: Index | None) -> tuple[int, Floats]:
        self._begin(0 if index is None else index.first)
        return self._next, np.arange(n) / self.rate_hz

    def _anew(self, n: int, index: Index | None, arrival_s: float) -> Gap:
        """Close the segment. What was lost between is told by the time gone by, or by an index that goes on at another rate."""
        end = max(arrival_s - (n - 1) / self.rate_hz, self._last_t + 1.0 / self.rate_hz)
        lost = max(0, round((end - self._last_t) * self.rate_hz) - 1)
        if self._interrupted and index is not None:
            lost = (index.first - self._next) % index.modulus
        self.segment += 1
        self._interrupted = False
        return Gap(self.segment, self._next - 1, lost, self._last_t, end, "reset", self._next - 1)

    def _continued(self, n: int, index: Index | None, tick: Tick | None, arrival_s: float, resent: bool) -> tuple[int, Floats]:
        """The first sample's number and all device times, by what the sensor says of itself; raises _Reset."""
        steps = np.arange(n)
        if index is not None:
            forward = ((index.first - self._next) % index.modulus) / self.rate_hz
            ahead = self._ahead(forward, index.modulus / self.rate_hz, 0.0, arrival_s, resent)
            first = self._next + round(ahead * self.rate_hz)
            if first > self._next and tick is not None:
                self._agrees(first + (n - 1 if tick.of == "last" else 0), tick)
            return first, (first - self._first + steps) / self.rate_hz
        if tick is None or self._tick is None:
            return self._next, self._device_s + (1 + steps) / self.rate_hz
        return self._by_tick(steps, tick, self._tick, arrival_s, resent)

    def _by_tick(
        self, steps: Ints, tick: Tick, newest: tuple[float, int, int], arrival_s: float, resent: bool
    ) -> tuple[int, Floats]:
        """First number and device times from the tick; a loss is what lies between the ticks beyond the samples that came."""
        n, (raw, _, before) = len(steps), newest
        count: Floats = steps.astype(np.float64)
        step = self._counted[1] / self._counted[0]
        taken = n if tick.of == "last" else before  # samples between the two ticks
        seen = self._counted[0] / self.rate_hz
        margin = step * max(0.5, taken * max(self._p.rate_error / seen, self._p.tick_error))
        since = tick.s - raw
        forward = since - taken * step
        if tick.modulus_s is not None:
            forward = (forward + margin) % tick.modulus_s - margin
        ahead = self._ahead(forward, tick.modulus_s, margin, arrival_s, resent)
        first = self._next + (round(ahead / step) if abs(ahead) > margin else 0)
        if abs(ahead) <= margin:
            self._counted = (self._counted[0] + taken, self._counted[1] + ahead + taken * step)
            if self._counted[0] > 120 * self.rate_hz:
                self._counted = (self._counted[0] / 2, self._counted[1] / 2)
        tick_device = self._tick_device_s + ahead + taken * step
        device: Floats
        if tick.of == "first":
            device = tick_device + count * step
        elif abs(ahead) <= margin:  # the tick before and this one enclose the packet
            device = self._device_s + (1 + count) * ((tick_device - self._device_s) / n)
        else:
            device = tick_device - step * count[::-1]
        known = min(max(self._next - first, 0), n)  # an unsteady tick, or one that overlaps, never turns the order round
        device[known:] = np.maximum(device[known:], self._device_s + 0.1 * step * (1 + count[: n - known]))
        return first, device

    def _ahead(self, forward_s: float, modulus_s: float | None, margin_s: float, arrival_s: float, resent: bool) -> float:
        """How far ahead of the next sample a packet begins, s: negative where it is an earlier one. Raises _Reset.

        A packet never comes from the future; of the places that its counter leaves open, the newest that was already taken is
        meant. Only what was sent again, or overtaken by a little, lies behind.
        """
        assert self._edge is not None
        if abs(forward_s) <= margin_s:
            return forward_s
        elapsed = arrival_s - self._arrival_s
        late = self._arrival_s - self._device_s - self._edge.at_newest(self._device_s)
        limit = 1.02 * elapsed + max(late, 0.0) + self._p.slack_s
        if 0 < forward_s <= limit:
            if elapsed > self._p.silence_s:
                if modulus_s is not None:
                    forward_s += max(0, round((elapsed - forward_s) / modulus_s)) * modulus_s
                if abs(forward_s - elapsed) > self._p.agree_s + 0.02 * elapsed:
                    raise _Reset
            return forward_s
        behind = forward_s if modulus_s is None else forward_s - modulus_s
        if behind < 0 and (resent or (-behind <= self._p.reorder_s and elapsed <= self._p.reorder_s)):
            return behind
        raise _Reset

    def _agrees(self, number: int, tick: Tick) -> None:
        """Whether the tick went on by as much as the index; raises _Reset."""
        if self._tick is None:
            return
        raw, at, _ = self._tick
        by_index = (number - at) / self.rate_hz
        apart = tick.s - raw - by_index
        if tick.modulus_s is not None:
            apart = (apart + 0.5 * tick.modulus_s) % tick.modulus_s - 0.5 * tick.modulus_s
        if abs(apart) > 0.25 + self._p.rate_error * by_index:
            raise _Reset

    def _timed(self, first: int, device: Floats, tick: Tick | None, arrival_s: float, by: By, gaps: list[Gap]) -> Timed:
        assert self._edge is not None
        n, end = len(device), first + len(device)
        number, new = np.arange(first, end), np.ones(n, np.bool_)
        known = min(max(self._next - first, 0), n)  # so many of them have numbers that were reached before
        if known:
            new[:known] = number[:known] < self._first
            for a, b in self._missing:
                new |= (number >= a) & (number < b)
            self._came(first, end)
            self._first = min(self._first, first)
        if known < n:
            self._edge.add(device[known:], arrival_s)
        t = device + self._edge.at(device)
        if known < n:
            if first > self._next:
                a, b = self._next, first
                self._missing.append((a, b))
                gaps.append(Gap(self.segment, a - 1, b - a, self._last_t, float(t[0]), by, a - 1))
            self._next, self._device_s, self._last_t = end, float(device[-1]), float(t[-1])
            self._arrival_s = max(arrival_s, self._arrival_s)
            if tick is not None:
                k = -1 if tick.of == "last" else 0
                self._tick, self._tick_device_s = (tick.s, int(number[k]), n), float(device[k])
            elif by == "tick" and (deficit := self._deficit(first, arrival_s)) is not None:
                gaps.append(deficit)
        return Timed(t, number, device, self.segment, new, not known, tuple(gaps))

    def _came(self, a: int, b: int) -> None:
        """Numbers from a up to b are no longer missing."""
        parts = [p for x, y in self._missing for p in ((x, min(y, a)), (max(x, b), y))]
        self._missing = [(x, y) for x, y in parts if x < y]

    def _deficit(self, first: int, arrival_s: float) -> Gap | None:
        """Samples that neither a number nor a tick could miss: the lateness rose and has stayed.

        It may rise again before that is sure; then each rise is a loss of its own, or all that follows the first would lie there.
        """
        assert self._edge is not None
        late, rises = arrival_s - self._last_t, self._late
        while rises and late <= (rises[-2].least_s if len(rises) > 1 else 0.0) + self._p.deficit_s:
            rises.pop()
        if rises:
            rises[-1].least_s = min(rises[-1].least_s, late)
        if late > (rises[-1].least_s if rises else 0.0) + self._p.deficit_s:
            device_s = self._device_s - (self._next - 1 - first) / self.rate_hz
            rises.append(_Rise(arrival_s, device_s, first - 1, late))
        if not rises or arrival_s - rises[0].seen_s < self._p.stays_s:
            return None
        return self._settled()

    def _settled(self) -> Gap:
        """The oldest rise, taken for a loss."""
        assert self._edge is not None
        rise = self._late.pop(0)
        lost = round(rise.least_s * self.rate_hz)
        away_s = lost / self.rate_hz
        self._edge.forget_since(rise.device_s)
        start = self._last_t - (self._device_s - rise.device_s)
        gap = Gap(self.segment, rise.number, lost, start, start + away_s, "deficit", self._next - 1)
        self._next, self._device_s = self._next + lost, self._device_s + away_s
        for later in self._late:
            later.number, later.device_s, later.least_s = later.number + lost, later.device_s + away_s, later.least_s - away_s
        return gap

    def ended(self) -> tuple[Gap, ...]:
        """What the end of the stream leaves no time to be sure of: where more than one arrival was late, it is a loss."""
        return tuple(self._settled() for rise in tuple(self._late) if rise.seen_s < self._arrival_s)
