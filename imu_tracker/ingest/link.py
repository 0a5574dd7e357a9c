"""A sensor's samples, whatever becomes of the connection: watched, made anew with a fresh device and client, asked again.

    radio.find -> Connection (subscribe, start commands) -> on_packet(packet, arrival_s)
         ^                     |
         +---- Lost, back-off -+   each connection is a `segment` of its own: the sample clock begins anew with it

What a person or a recording should know beside the samples goes to `on_news`, in order.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from imu_tracker.errors import BluetoothError
from imu_tracker.ingest.backfill import Gaps
from imu_tracker.ingest.ble import Found, Radio
from imu_tracker.ingest.connection import Connection, Counts
from imu_tracker.ingest.trouble import Problem, trouble
from imu_tracker.sensors import own
from imu_tracker.sensors.base import Battery, Event, Fault, Packet, Reply, Sensor, Settings


@dataclass(frozen=True)
class Patience:
    """How long a link waits, s.

    search: sensors advertise at least every 1-2 s, and not every advertisement is heard. first: from the start command to the
    first packet; some restart their chip in between. silent: no packet for so long means a dead link, whatever the system says of
    it, or none for as long as silent_packets packets take: some sensors send but one or two a second. back_off: before each
    further attempt, the last one from then on. finish: for samples asked for again, when stopping. battery: between two questions
    for it.
    """

    search_s: float = 10.0
    first_s: float = 5.0
    silent_s: float = 2.0
    silent_packets: float = 3.5
    back_off_s: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
    finish_s: float = 2.0
    battery_s: float = 60.0


@dataclass(frozen=True)
class Connected:
    """A new segment has begun, on this device; its packets may have come already."""

    segment: int
    found: Found
    settings: Settings


@dataclass(frozen=True)
class Lost:
    """The connection is gone; it is being made anew."""

    why: str


@dataclass(frozen=True)
class Retrying:
    """An attempt to connect again failed; the next comes after so many seconds."""

    error: BluetoothError
    wait_s: float


@dataclass(frozen=True)
class Unrestored:
    """Samples that the sensor took and that will never come: the full count of the first, and how many."""

    first: int
    count: int


News = Connected | Lost | Retrying | Unrestored | Battery | Reply | Fault


def usual_settings(sensor: Sensor) -> Settings:
    """What a sensor of this kind is asked for where nobody says otherwise."""
    return sensor.settings()


def told_rate_hz(event: Event) -> float | None:
    """The rate that a sensor says it samples at, None where this isn't what it says."""
    rate = event.values.get("rate_hz") if isinstance(event, Reply) and event.about == "info" else None
    return float(rate) if isinstance(rate, int | float) and rate > 0 else None


class Link:
    """One sensor. `start` raises what a person can mend; from then on it lasts until `stop`, through every loss."""

    def __init__(
        self,
        radio: Radio,
        wanted: str,
        on_packet: Callable[[Packet, float], None],
        on_news: Callable[[News], None],
        now: Callable[[], float],
        *,
        choose: Callable[[Sensor], Settings] = usual_settings,
        sensor: Sensor | None = None,
        patience: Patience | None = None,
    ) -> None:
        """`wanted`: name or address. `choose`: the settings for the kind found. `sensor`: the kind, where it isn't recognised."""
        self._radio, self._wanted, self._now = radio, wanted, now
        self._on_packet, self._on_news = on_packet, on_news
        self._choose, self._kind = choose, sensor
        self._patience = patience or Patience()
        self.counts = Counts()
        self.segment = 0  # of the packets being handed on, from 1
        self._connection: Connection | None = None
        self._gaps: Gaps | None = None
        self._address: str | None = None  # once known: two sensors may share a name
        self._heard_s = 0.0
        self._longest = 0  # samples in a packet
        self._started = False  # this segment has brought a packet
        self._broken: Exception | None = None  # what a callback raised
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect and stream; raises BluetoothError."""
        await self._open()
        self._task = asyncio.create_task(self._keep())

    async def wait(self) -> None:
        """Until stopped; raises what `on_packet` or `on_news` raised, which ends the link."""
        if self._task is not None:
            await asyncio.wait({self._task})
            if not self._task.cancelled():
                self._task.result()

    async def stop(self) -> None:
        """Let missing samples still come, stop the sensor, disconnect, tell what is missing then; raises as `wait` does."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        try:
            if self._connection is not None:
                await self._watch(self._connection, self._now() + self._patience.finish_s)
        finally:
            await self._close(stop=True)
        await self.wait()
        if self._gaps is not None:
            self._gaps.abandon()
            self._tell_unrestored()

    def _is_wanted(self, found: Found) -> bool:
        return found.address == self._address if self._address else found.goes_by(self._wanted)

    async def _open(self) -> None:
        found = await self._radio.find(self._is_wanted, self._patience.search_s)
        if found is None:
            held = await self._radio.holds(self._address or self._wanted)
            raise trouble(Problem.TAKEN if held else Problem.NOT_FOUND, self._wanted)
        sensor = self._kind or found.sensor
        if sensor is None:
            raise trouble(Problem.OTHER_KIND, found.title)
        settings = self._choose(sensor)
        if self._gaps is None and sensor.backfill is not None:
            self._gaps = Gaps(settings.rate_hz)
        again = self._address is not None
        connection = Connection(self._radio, found, sensor, settings, self._hear, self._now, self.counts, again)
        self.segment += 1
        self._started = False
        async with self._radio.turn():
            await connection.open()
        self._connection = connection
        try:
            await connection.start()
        except BaseException:
            await self._close()
            raise
        self._kind, self._address, self._heard_s = sensor, found.address, self._now()
        self._on_news(Connected(self.segment, found, settings))

    async def _close(self, stop: bool = False) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close(stop)

    async def _keep(self) -> None:
        failures = 0
        while self._connection is not None:
            why = await self._watch(self._connection)
            failures = 0 if self._started else failures + 1
            self._on_news(Lost(why))
            await self._close()
            while self._connection is None:
                await asyncio.sleep(self._back_off(failures))
                try:
                    await self._open()
                    self.counts.reconnects += 1
                except BluetoothError as error:
                    failures += 1
                    self._on_news(Retrying(error, self._back_off(failures)))

    def _back_off(self, failures: int) -> float:
        waits = self._patience.back_off_s
        return waits[min(failures, len(waits) - 1)]

    async def _watch(self, connection: Connection, until_s: float | None = None) -> str:
        """Keep this connection going until it is lost; returns why. With `until_s`: till nothing is missing, or till then."""
        ask_battery_s = self._now()
        while True:
            if self._broken is not None:
                raise self._broken
            now_s, gaps = self._now(), self._gaps
            if connection.lost:
                return "The connection was lost."
            limit_s = self._silent_s(connection) if self._started else self._patience.first_s
            left_s = self._heard_s + limit_s - now_s
            if left_s <= 0:
                self.counts.silences += 1
                return f"No samples came for {limit_s:.1f} s.".replace(".0 s", " s")
            if until_s is not None:
                if gaps is None or not gaps.open or now_s >= until_s:
                    return "Finished."
                left_s = min(left_s, until_s - now_s)
            try:
                if gaps is not None and connection.sensor.backfill is not None:
                    request = gaps.due(now_s)
                    self._tell_unrestored()
                    if request is not None:
                        await connection.write([connection.sensor.backfill(*request)])
                    if (again_s := gaps.again_s) is not None:
                        left_s = min(left_s, again_s - now_s)
                if until_s is None and now_s >= ask_battery_s:
                    ask_battery_s = now_s + self._patience.battery_s
                    await connection.write(connection.sensor.ask_battery)
            except BluetoothError as error:
                return str(error)
            with suppress(TimeoutError):
                async with asyncio.timeout(max(left_s, 0.0)):
                    await connection.wake.wait()
            connection.wake.clear()

    def _silent_s(self, connection: Connection) -> float:
        """No packet for so long means a dead link."""
        packet_s = self._longest / connection.settings.rate_hz
        return max(self._patience.silent_s, self._patience.silent_packets * packet_s)

    def _hear(self, event: Event, arrival_s: float) -> None:
        # bleak's backends log what a callback raises and go on; here it must end the link (a full disk, say).
        if self._broken is not None:
            return
        try:
            self._take(event, arrival_s)
        except Exception as error:
            self._broken = error
            if self._connection is not None:
                self._connection.wake.set()

    def _take(self, event: Event, arrival_s: float) -> None:
        gaps = self._gaps
        if not isinstance(event, Packet):
            if gaps is not None and isinstance(event, Reply):
                self._note_answer(gaps, event, arrival_s)
            self._on_news(event)
            return
        self._heard_s, self._started = arrival_s, True
        self._longest = max(self._longest, len(event))
        was_open = gaps is not None and gaps.open
        for packet in [event] if gaps is None else gaps.add(event, arrival_s):
            self.counts.packets += 1
            self.counts.samples += len(packet)
            self._on_packet(packet, arrival_s)
        self.counts.restored = gaps.restored if gaps is not None else 0
        if gaps is not None and (was_open or gaps.open) and self._connection is not None:
            self._connection.wake.set()

    def _note_answer(self, gaps: Gaps, reply: Reply, now_s: float) -> None:
        values = {key: value for key, value in reply.values.items() if isinstance(value, int)}
        if (rate_hz := told_rate_hz(reply)) is not None:
            gaps.at_rate(rate_hz)
        if reply.about == "start" and "index" in values:
            gaps.started(values["index"], now_s)
        if reply.about == "backfill" and {"first", "count"} <= set(values):
            gaps.answered(values["first"], values["count"])
        if reply.about == "refused" and (values.get("command"), values.get("why")) == (own.BACKFILL, own.NOT_KEPT):
            gaps.refused()

    def _tell_unrestored(self) -> None:
        for first, count in self._gaps.take_given_up() if self._gaps is not None else ():
            self.counts.missing += count
            self._on_news(Unrestored(first, count))


@asynccontextmanager
async def linked(links: Mapping[str, Link]) -> AsyncIterator[None]:
    """Several sensors, by placement: started one after another, all stopped at the end; raises BluetoothError."""
    try:
        for link in links.values():
            await link.start()
        yield
    finally:
        await asyncio.gather(*(link.stop() for link in links.values()))
