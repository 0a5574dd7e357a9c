"""Sessions of several sensors through everything that goes wrong, on a virtual clock, with each sample known by its value.

Packets go straight into decoder, clock, joiner and recorder, as in `Capture`; the radio, the person and the time are simulated.
A sample's acceleration and rate say which one it is, so that what is on the disk afterwards can be laid beside what was heard.
"""

from __future__ import annotations

import errno
import heapq
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
from made_samples import Clock, SmallDisk
from numpy.typing import NDArray

from imu_tracker.errors import DecodeError, RecordingStopped
from imu_tracker.files.reading import read_recording
from imu_tracker.ingest.disk import AppendFile, DiskFile, new_session_folder
from imu_tracker.ingest.placed import Placed
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.ingest.recovery import recover
from imu_tracker.numeric import Floats
from imu_tracker.sensors import movesense, own, polar, witmotion
from imu_tracker.sensors.base import Message, Packet, Sensor

Ints = NDArray[np.int64]
Span = tuple[float, float]  # when it begins and for how long, s
DiskTrouble = Literal["none", "slow", "full", "read-only", "killed"]

# One that numbers its samples, one with ticks, one with ticks and two streams, and one with neither
SENSORS = {"pelvis": own.SENSOR, "thigh_left": movesense.SENSOR, "thigh_right": polar.SENSOR, "chest": witmotion.SENSOR}
STEP, BASE = 0.02, 1000  # m/s² (and rad/s) from one digit to the next, above any sensor's resolution; digits to a base of 1000
INTERVAL_S, LATENCY_S = 0.045, 0.02
UNSEEN_S = 0.25  # a hole from this length on has to be a gap: a sensor with neither number nor tick can lose 0.2 s unseen
BOOTED_S = 5000.0  # the machine's clock when a session begins
LAST_S = 1.0  # what a crash or a full disk may cost


def values_of(number: Ints) -> Floats:
    """(N, 3) digits of each sample's number."""
    digits = np.column_stack([number % BASE, number // BASE % BASE, number // BASE**2])
    return STEP * (digits - BASE // 2).astype(np.float64)


def numbers_of(values: Floats) -> Ints:
    """The samples' numbers, from what is left of their values (N, 3)."""
    found: Ints = (np.rint(values / STEP).astype(np.int64) + BASE // 2) @ np.array([1, BASE, BASE**2])
    return found


@dataclass(frozen=True)
class Faults:
    """What goes wrong in a session. lost: nothing gets through; stalls: it comes afterwards; away: the connection breaks;
    off: per placement, the sensor is switched off and on. asleep: the machine is, and finds its connections broken afterwards;
    nap: the same, so short that they last. wall_back_s: by how much the time of day was set back before."""

    loss: float = 0.0
    lost: tuple[Span, ...] = ()
    stalls: tuple[Span, ...] = ()
    away: tuple[Span, ...] = ()
    off: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    asleep: Span | None = None
    nap: Span | None = None
    disk: DiskTrouble = "none"
    disk_s: float = 0.0
    wall_back_s: float = 0.0
    ppm: float = 0.0


def drawn(seed: int, seconds: float) -> Faults:
    """Faults of one session, some of each kind, the more of them the longer it is; every fifth ends by itself on a good disk."""
    rng = np.random.default_rng(seed)

    def spans(most: int, shortest: float, longest: float) -> tuple[Span, ...]:
        n = int(rng.integers(0, int(most * max(1.0, seconds / 600.0)) + 1))
        begins = np.sort(rng.uniform(10.0, max(seconds - 30.0, 11.0), n))
        return tuple((float(b), float(rng.uniform(shortest, longest))) for b in begins)

    disk: DiskTrouble = ("none", "slow", "full", "read-only", "killed")[seed % 5]
    asleep = (float(rng.uniform(10.0, 0.6 * seconds)), float(rng.uniform(10.0, 0.3 * seconds))) if seed % 2 else None
    return Faults(
        loss=float(rng.choice([0.0, 0.005, 0.02, 0.05])),
        lost=spans(10, 0.1, 4.0),
        stalls=spans(6, 0.2, 6.0),
        away=spans(6, 0.5, 60.0),
        off={p: spans(2, 2.0, 40.0) for p in SENSORS},
        asleep=asleep,
        nap=(float(rng.uniform(10.0, seconds - 10.0)), float(rng.uniform(1.0, 5.0))) if seed % 3 == 0 else None,
        disk=disk,
        disk_s=float(rng.uniform(0.3, 0.95)) * seconds,
        wall_back_s=float(rng.choice([0.0, 3600.0, 86400.0])),
        ppm=float(rng.uniform(-80.0, 80.0)),
    )


@dataclass
class Told:
    """One placement: what was taken, heard and found on the disk afterwards. taken_s: true time of each sample by its number."""

    taken_s: Floats
    heard: list[tuple[Floats, float]] = field(default_factory=list)  # what a packet held, (N, 3), and when it came
    gyr_heard: list[tuple[Floats, float]] = field(default_factory=list)
    undecoded: int = 0
    lost_said: int = 0
    found: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    t: Floats = field(default_factory=lambda: np.empty(0))
    gyr: Floats = field(default_factory=lambda: np.empty((0, 3)))
    cuts: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def heard_until(self, s: float) -> Ints:
        """Numbers of all samples that the recorder had been given by then, on the machine's clock."""
        return _numbers_until(self.heard, s)

    def whole_until(self, s: float) -> Ints:
        """As `heard_until`, of two streams: those whose rate of turn had come by then too."""
        return np.intersect1d(self.heard_until(s), _numbers_until(self.gyr_heard, s))


def _numbers_until(heard: list[tuple[Floats, float]], s: float) -> Ints:
    return numbers_of(np.concatenate([np.empty((0, 3)), *(values for values, at in heard if at <= s)]))


Arrivals = list[tuple[float, int, Message]]  # true time, s; number of the connection; what came by it


def sent(placement: str, sensor: Sensor, faults: Faults, seconds: float, seed: int) -> tuple[Arrivals, Floats]:
    """A sensor's notifications that get through, and when each of its samples was taken, s."""
    rng, asked = np.random.default_rng([seed, list(SENSORS).index(placement)]), sensor.settings()
    rate_hz = asked.rate_hz * (1 + faults.ppm * 1e-6)
    gone = sorted((*faults.away, *((faults.asleep,) if faults.asleep else ())))
    off = faults.off.get(placement, ())
    bounds = [0.0, *(x for at, long in off for x in (at, at + long)), seconds]
    out: Arrivals = []
    taken: list[Floats] = []
    number = 0
    for begin, end in zip(bounds[::2], bounds[1::2], strict=True):
        n = int((end - begin) * rate_hz)
        if n < 2:
            continue
        values = values_of(number + np.arange(n))
        first = 0 if number else int(rng.integers(60_000, 66_000))  # of 65,536: the count begins anew within the first minute
        messages = sensor.encode(values, values, asked, first)
        taken.append(begin + np.arange(n) / rate_hz)
        number += n
        due = begin + _last_samples(sensor, messages, number - n, n) / rate_hz + 0.002
        event = np.ceil(due / INTERVAL_S) + rng.geometric(0.95, len(due)) - 1
        at = event * INTERVAL_S
        for start, long in faults.stalls:
            at[(at >= start) & (at < start + long)] = start + long
        at = np.maximum.accumulate(at) + LATENCY_S
        through = (rng.random(len(at)) >= faults.loss) & (at < end + 10.0)
        for start, long in (*faults.lost, *gone, *((faults.nap,) if faults.nap else ())):
            through &= (at < start) | (at >= start + long)
        at += 1e-6 * (np.arange(len(at)) - np.searchsorted(at, at))
        breaks = [start for start, _ in (*gone, *off)]
        connection = 1 + np.searchsorted(np.sort(breaks), at, side="right")
        out += [(float(at[k]), int(connection[k]), messages[k]) for k in np.flatnonzero(through)]
    return out, np.concatenate(taken)


def _last_samples(sensor: Sensor, messages: list[Message], before: int, taken: int) -> Floats:
    """How many samples were taken when each message was whole (M,); one of several parts is as late as the packet's last."""
    if sensor.kind in (own.KIND, witmotion.KIND):  # as many in each
        each: Floats = np.ceil(taken / len(messages)) * np.arange(1.0, len(messages) + 1.0)
        return np.minimum(each, float(taken))
    decoder, last = sensor.decoder(sensor.settings()), np.full(len(messages), np.inf)
    for k, message in enumerate(messages):
        for event in decoder.feed(*message):
            if isinstance(event, Packet):
                values = event.acc if event.acc is not None else event.gyr
                assert values is not None
                last[k] = int(numbers_of(values[-1:])[0]) - before + 1
    out: Floats = np.minimum.accumulate(last[::-1])[::-1]
    return np.where(np.isfinite(out), out, out[np.isfinite(out)].max())


class SlowFile(DiskFile):
    """Each twentieth piece keeps the machine waiting for up to 1.5 s, each sync for half a second."""

    def __init__(self, path: Path, clock: Clock, seed: int) -> None:
        super().__init__(path)
        self._clock, self._rng = clock, np.random.default_rng(seed)

    def append(self, data: bytes) -> None:
        self._clock.s += float(self._rng.uniform(0.0, 1.5)) if self._rng.random() < 0.05 else 0.0
        super().append(data)

    def sync(self) -> None:
        self._clock.s += 0.5


def session(root: Path, seed: int, seconds: float, faults: Faults) -> dict[str, Told]:
    """Record a session, end it as the faults say, recover it, and read it back."""
    clock = Clock(BOOTED_S)
    wall = datetime(2026, 3, 1, 9, 30, tzinfo=UTC) - timedelta(seconds=faults.wall_back_s)
    streams = {p: sent(p, sensor, faults, seconds, seed) for p, sensor in SENSORS.items()}
    told = {p: Told(taken_s) for p, (_, taken_s) in streams.items()}
    folder = new_session_folder(root, wall)
    small = SmallDisk(1 << 50, errno.ENOSPC if faults.disk == "full" else errno.EROFS)

    def create(path: Path) -> AppendFile:
        if faults.disk == "slow":
            return SlowFile(path, clock, seed)
        return small.create(path) if faults.disk in ("full", "read-only") else DiskFile(path)

    recorder = SessionRecorder(folder, {"subject": "p1"}, clock, create)
    placed = {p: Placed(p, s.title, recorder, lambda _: None, {}) for p, s in SENSORS.items()}
    decoders: dict[str, tuple[int, object]] = {}
    ends_s = float("inf")
    with suppress(RecordingStopped):
        for at, placement, connection, message in _in_order(streams, seconds):
            if faults.disk == "killed" and at >= faults.disk_s:
                ends_s = clock.s
                break
            if at >= faults.disk_s and small.room > 1 << 40:
                small.room = 100_000
            clock.s = max(clock.s, BOOTED_S + at)
            ends_s = clock.s
            if message is None:
                recorder.keep_up()
                continue
            sensor, one = SENSORS[placement], told[placement]
            if decoders.get(placement, (0, None))[0] != connection:
                decoder = sensor.decoder(sensor.settings())
                decoders[placement] = (connection, decoder)
                placed[placement].chosen(sensor, sensor.settings())
                if sensor.kind == own.KIND:
                    decoder.feed(own.INFO, own.encode_info(sensor.settings()))
            try:
                events = decoders[placement][1].feed(*message)  # type: ignore[attr-defined]
            except DecodeError:
                one.undecoded += 1
                continue
            for event in events:
                if isinstance(event, Packet):
                    if event.acc is not None:
                        one.heard.append((event.acc, clock.s))
                    if event.gyr is not None:
                        one.gyr_heard.append((event.gyr, clock.s))
                    placed[placement].packet(event, clock.s, connection)
        else:
            ends_s = float("inf")
    if faults.disk == "killed":
        recorder._lock.release()  # as the system does when a process ends, however it ends
    else:
        recorder.close()
    recover(root)
    for placement, one in told.items():
        one.lost_said = placed[placement].status(clock.s).lost
        for heard in (one.heard, one.gyr_heard):
            heard[:] = [(n, at if at <= ends_s - LAST_S else float("inf")) for n, at in heard]
        file = folder / f"{placement}.parquet"
        if file.exists():
            (stream,) = read_recording([str(file)]).streams.values()
            assert stream.gyr is not None
            one.found, one.t, one.gyr = numbers_of(stream.acc), stream.timing.t, stream.gyr
            one.cuts = np.array([a for a, _ in stream.timing.pieces[1:]], np.int64)
    return told


def _in_order(
    streams: dict[str, tuple[list[tuple[float, int, Message]], Floats]], seconds: float
) -> Iterator[tuple[float, str, int, Message | None]]:
    """All sensors' notifications, and what keeps up with the disk meanwhile, by the time at which they come."""
    beats = ((0.2 * k, "", 0, None) for k in range(int(seconds / 0.2) + 60))
    each = [[(at, p, c, m) for at, c, m in messages] for p, (messages, _) in streams.items()]
    return heapq.merge(beats, *each, key=lambda x: x[0])


@dataclass
class Verdict:
    """What became of one placement's samples.

    safe: heard more than a second before an end that nobody asked for; missing: safe, and not on the disk. twice, disordered: on
    the disk. foreign: on the disk, and never heard. holes: of UNSEEN_S or more between two samples; bridged: of these, those
    that no gap parts. apart: most samples between a row's acceleration and its rate of turn. off_ms: errors of time, latency
    aside: the largest, the one that 1 in 100 exceeds, and the median.
    """

    taken: int
    heard: int
    safe: int
    missing: int
    twice: int
    disordered: int
    foreign: int
    holes: int
    bridged: int
    apart: float
    off_ms: tuple[float, float, float]


def judged(one: Told, two_streams: bool) -> Verdict:
    """Lay what was found beside what was heard."""
    heard = one.heard_until(float("inf"))
    safe = one.whole_until(1e12) if two_streams else one.heard_until(1e12)
    found = one.found
    true = one.taken_s[found] if len(found) else np.empty(0)
    steps, dt = np.diff(true), np.diff(one.t)
    holes = np.flatnonzero(steps >= UNSEEN_S)
    off = np.abs(one.t - true - np.median(one.t - true)) if len(true) else np.zeros(1)
    return Verdict(
        taken=len(one.taken_s),
        heard=len(heard),
        safe=len(safe),
        missing=len(np.setdiff1d(safe, found)),
        twice=len(found) - len(np.unique(found)),
        disordered=int(np.sum(np.diff(found) <= 0)) + int(np.sum(dt <= 0)),
        foreign=len(np.setdiff1d(found, heard)),
        holes=len(holes),
        bridged=len(np.setdiff1d(holes + 1, one.cuts)),
        apart=float(np.abs(_apart(one)).max(initial=0.0)),
        off_ms=tuple(1e3 * float(q) for q in np.quantile(off, (1.0, 0.99, 0.5))),  # type: ignore[arg-type]
    )


def _apart(one: Told) -> Floats:
    """By how many samples a row's rate of turn is another's than its acceleration, told by the last digit where it isn't full."""
    digit = one.gyr[:, 0] / STEP + BASE // 2
    apart = (digit - one.found % BASE + BASE / 2) % BASE - BASE / 2
    return apart[(one.found % BASE > 2) & (one.found % BASE < BASE - 3)]
