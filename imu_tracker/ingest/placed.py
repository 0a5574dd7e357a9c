"""One placement of a capture: its sensor's packets made samples in time, for the disk and for who watches.

Packet -> SampleClock (one a stream) -> Joiner (two streams) -> StreamWriter, and `Samples` to the callback
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imu_tracker.ingest.ble import Found
from imu_tracker.ingest.clock import SampleClock, Timed
from imu_tracker.ingest.link import Connected, Lost, News, Retrying, Unrestored, told_rate_hz
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.ingest.writer import Header, StreamWriter
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import Battery, Fault, Flag, Packet, Reply, Sensor, Settings
from imu_tracker.sensors.joining import Joiner

LATELY_S = 5.0  # the rate shown is that of so long: packets of up to 1 s, and bursts, are evened out


@dataclass(frozen=True, eq=False)
class Samples:
    """Samples of one placement, in the order taken: t_s (N,) s on the session's one time base, acc (N, 3) m/s², gyr (N, 3) rad/s
    or None, sensor frame. restored: sent again on request, older than what was handed on before."""

    placement: str
    t_s: Floats
    acc: Floats
    gyr: Floats | None
    restored: bool


@dataclass(frozen=True)
class Status:
    """How one placement is doing, for a screen. rate_hz: of what was heard lately, None until then. lost: samples that the
    sensor took and that aren't there, those that may still be restored among them. trouble: the last, in words, or ''."""

    name: str
    connected: bool
    rate_hz: float | None
    battery: Battery | None
    samples: int
    lost: int
    reconnects: int
    trouble: str


@dataclass(frozen=True, eq=False)
class _Rows:
    """Samples with what they came with: acc, gyr (N, 3), number (N,); tick, arrival and segment (N,), or one for all."""

    t: Floats
    acc: Floats
    gyr: Floats | None
    number: NDArray[np.int64]
    tick: Floats | float
    arrival_s: Floats | float
    segment: NDArray[np.int64] | int


class _Halves:
    """Two streams on their way to become one: what the acceleration came with goes through the joiner beside it.

    Where both have ticks of the sensor's one clock, that says what belongs together: each stream's own estimate of when it was
    taken is off by as much as its packets were late, which differs while a connection is young.
    """

    def __init__(self, rate_hz: float, ticks: bool) -> None:
        self.gyr_clock = SampleClock(rate_hz)
        self._rate_hz, self._ticks = rate_hz, ticks
        self._begin()

    def _begin(self) -> None:
        self._joiner = Joiner(self._rate_hz)
        self._newest_s = {"acc": -np.inf, "gyr": -np.inf}

    def add(self, timed: Timed, packet: Packet, arrival_s: float) -> tuple[_Rows | None, int]:
        """A packet of either stream, all of it new: what the two make together now, and how many samples stayed alone."""
        at_s, which, given_up = timed.t, "gyr" if packet.acc is None else "acc", 0
        if self._ticks and packet.tick is not None:
            at_s = timed.device_s + (packet.tick.s - float(timed.device_s[-1 if packet.tick.of == "last" else 0]))
        if at_s[0] <= self._newest_s[which]:  # the sensor's clock began anew
            given_up = self._joiner.waiting
            self._begin()
        self._newest_s[which] = float(at_s[-1])
        if packet.acc is None:
            assert packet.gyr is not None
            joined = self._joiner.add_gyr(at_s, packet.gyr)
        else:
            beside = np.empty((len(timed.t), 8))  # a double holds every number that is counted to here
            beside[:, :3], beside[:, 3], beside[:, 4] = packet.acc, timed.number, _tick(timed, packet)
            beside[:, 5], beside[:, 6], beside[:, 7] = arrival_s, timed.segment, timed.t
            joined = self._joiner.add_acc(at_s, beside)
        alone = joined.alone + given_up
        if not len(joined.t):
            return None, alone
        acc, rest = joined.acc[:, :3], joined.acc[:, 3:]
        number, segment = rest[:, 0].astype(np.int64), rest[:, 3].astype(np.int64)
        return _Rows(rest[:, 4], acc, joined.gyr, number, rest[:, 1], rest[:, 2], segment), alone


def _tick(timed: Timed, packet: Packet) -> Floats | float:
    """The sensor's clock; one with neither number nor tick has none, and that of its samples is only our counting."""
    return np.nan if packet.index is None and packet.tick is None else timed.device_s


def _rows(timed: Timed, packet: Packet, arrival_s: float) -> _Rows:
    """The samples of a packet that hadn't come before."""
    assert packet.acc is not None
    rows = _Rows(timed.t, packet.acc, packet.gyr, timed.number, _tick(timed, packet), arrival_s, timed.segment)
    if timed.in_order:
        return rows
    new, tick = timed.new, rows.tick
    gyr = None if rows.gyr is None else rows.gyr[new]
    tick = tick[new] if isinstance(tick, np.ndarray) else tick
    return replace(rows, t=rows.t[new], acc=rows.acc[new], gyr=gyr, number=rows.number[new], tick=tick)


class Placed:
    """A placement's sensor from its first packet on, over all its connections."""

    def __init__(
        self,
        placement: str,
        name: str,
        recorder: SessionRecorder,
        on_samples: Callable[[Samples], None],
        about: Mapping[str, str],
    ) -> None:
        """name: as the person calls the sensor, until it has been found. about: words for this stream's file."""
        self.placement = placement
        self._name, self._recorder, self._on_samples, self._about = name, recorder, on_samples, dict(about)
        self._writer: StreamWriter | None = None
        self._sensor: Sensor | None = None
        self._settings: Settings | None = None
        self._found: Found | None = None
        self._info: Reply | None = None
        self._clock: SampleClock | None = None
        self._halves: _Halves | None = None
        self._segment = 0  # of the connection that the newest packet came by
        self._arrivals: deque[tuple[float, int]] = deque()
        self._connected, self._battery, self._trouble = False, None, ""  # type: tuple[bool, Battery | None, str]
        self._samples = self._lost = self._reconnects = 0

    def chosen(self, sensor: Sensor, settings: Settings) -> None:
        """Before each connection: what it will be, and what it is asked for."""
        self._sensor, self._settings = sensor, settings

    def news(self, news: News) -> None:
        """Take note of what isn't samples."""
        if isinstance(news, Connected):
            self._connected, self._found, self._name = True, news.found, news.found.title
            self._reconnects = news.segment - 1
            self._arrivals.clear()
        elif isinstance(news, Lost):
            self._connected, self._trouble = False, news.why
        elif isinstance(news, Retrying):
            self._trouble = str(news.error)
        elif isinstance(news, Unrestored):
            self._trouble = f"{news.count} samples are lost for good."
        elif isinstance(news, Fault):
            self._trouble = f"{news.what}."
        elif isinstance(news, Battery):
            self._battery = news
        elif (rate_hz := told_rate_hz(news)) is not None:
            self._info = news
            if self._clock is not None and rate_hz != self._clock.rate_hz:
                self._clock.interrupt(rate_hz)

    def packet(self, packet: Packet, arrival_s: float, segment: int) -> None:
        """Time a packet, write it and hand it on; segment: the link's. Raises RecordingStopped."""
        if self._clock is None:
            self._begin(packet)
        assert self._clock is not None
        if Flag.LOW_BATTERY in packet.flags:
            self._trouble = "The battery is nearly empty."
        if segment != self._segment and packet.index is None and packet.tick is None:
            # Nothing in the stream tells what was lost while it was away: the time gone by does.
            for clock in (self._clock, *([self._halves.gyr_clock] if self._halves else [])):
                clock.interrupt()
        self._segment = segment
        halves = self._halves
        clock = halves.gyr_clock if halves is not None and packet.acc is None else self._clock
        timed = clock.add(packet, arrival_s)
        if clock is self._clock:
            self._lost += sum(gap.lost for gap in timed.gaps)
        if halves is None:
            self._out(_rows(timed, packet, arrival_s), arrival_s, restored=not timed.in_order)
        elif timed.in_order:
            rows, alone = halves.add(timed, packet, arrival_s)
            if self._samples or rows is not None:  # else one of the two streams began before the other
                self._lost += alone
            if rows is not None:
                self._out(rows, arrival_s, restored=False)

    def _begin(self, packet: Packet) -> None:
        assert self._sensor is not None
        assert self._settings is not None
        told = None if self._info is None else told_rate_hz(self._info)
        rate_hz = told or self._settings.rate_hz
        info = {} if self._info is None else self._info.values
        found = {} if self._found is None else {"name": self._found.name, "address": self._found.address}
        more = {**self._about, **found, **({"serial": str(info["serial"])} if "serial" in info else {})}
        header = Header(
            self._sensor.kind,
            rate_hz,
            acc_range_g=self._settings.acc_range_g,
            gyr_range_dps=self._settings.gyr_range_dps,
            gyroscope=self._sensor.gyroscope,
            numbers="counted" if packet.index is None else "index",
            more=more,
        )
        self._writer = self._recorder.stream(self.placement, header)
        self._clock = SampleClock(rate_hz)
        if self._sensor.two_streams:
            self._halves = _Halves(rate_hz, packet.tick is not None and packet.tick.modulus_s is None)

    def _out(self, rows: _Rows, arrival_s: float, restored: bool) -> None:
        n = len(rows.t)
        if not n:
            return
        assert self._writer is not None
        self._samples += n
        if restored:
            self._lost -= n
        else:
            self._arrivals.append((arrival_s, n))
        self._writer.add(rows.t, rows.acc, rows.gyr, rows.number, rows.tick, rows.arrival_s, rows.segment)
        self._on_samples(Samples(self.placement, rows.t, rows.acc, rows.gyr, restored))

    def status(self, now_s: float) -> Status:
        """How it is doing."""
        while self._arrivals and self._arrivals[0][0] < now_s - LATELY_S:
            self._arrivals.popleft()
        rate_hz = None
        if len(self._arrivals) > 1 and now_s - self._arrivals[0][0] >= 1.0:
            rate_hz = sum(n for _, n in list(self._arrivals)[1:]) / (now_s - self._arrivals[0][0])
        counts = (self._samples, max(self._lost, 0), self._reconnects)
        return Status(self._name, self._connected, rate_hz, self._battery, *counts, self._trouble)
