"""One connection: a client of its own, subscribed, its notifications decoded, deaf once it has been replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from imu_tracker.errors import BluetoothError, DecodeError
from imu_tracker.ingest.ble import CONNECT_S, Found, Radio
from imu_tracker.ingest.trouble import Problem, explain, not_cancelled, trouble
from imu_tracker.sensors.base import BATTERY_LEVEL, Battery, Event, Fault, Flag, Message, Packet, Sensor, Settings

WRITE_S = 2.0  # an acknowledged write takes two connection events; a system that knows the link is dead may never say so
CLOSE_S = 5.0


@dataclass
class Counts:
    """What came, and what went wrong, since the link began."""

    packets: int = 0
    samples: int = 0
    undecoded: int = 0  # notifications of which nothing could be used
    faults: int = 0  # notifications of which something couldn't
    late: int = 0  # notifications of a connection that had been given up
    reconnects: int = 0
    silences: int = 0
    restored: int = 0  # samples that came only when asked for again
    missing: int = 0  # samples known to be lost for good; only sensors that can be asked again tell them here


class Connection:
    """From connecting to closing. Events go to `hear` with their time of arrival, packets only once started."""

    def __init__(
        self,
        radio: Radio,
        found: Found,
        sensor: Sensor,
        settings: Settings,
        hear: Callable[[Event, float], None],
        now: Callable[[], float],
        counts: Counts,
        again: bool = False,
    ) -> None:
        """`again`: a sensor that had these settings before, as after a lost connection, so that its first packet is good."""
        self.found, self.sensor, self.settings = found, sensor, settings
        self.lost = False
        self.over = False  # given up: whatever still comes is ignored
        self.wake = asyncio.Event()  # something happened that the one who watches must see
        self._streaming = again
        self._held: list[tuple[str, bytes, float]] | None = None  # came while the new settings are being read
        self._reading: asyncio.Task[None] | None = None
        self._hear, self._now, self._counts = hear, now, counts
        self._decoder = sensor.decoder(settings)
        self._client = radio.client(found.device, self._disconnected)

    async def open(self, configure: bool = True) -> None:
        """Connect, subscribe, configure, read what is read once; raises BluetoothError and leaves nothing behind."""
        try:
            with not_cancelled():
                async with asyncio.timeout(CONNECT_S):
                    await self._client.connect()
                    await self._subscribe()
                if configure:
                    await self.write(self.sensor.configure(self.settings))
                await self._read()
        except BaseException as error:
            await self.close()
            if isinstance(error, Exception):
                raise self._explain(error) from error
            raise

    async def _subscribe(self) -> None:
        has = 0
        for uuid in self.sensor.notify:
            characteristic = self._client.services.get_characteristic(uuid)
            if characteristic is None or not {"notify", "indicate"} & set(characteristic.properties):
                continue
            try:
                await self._client.start_notify(characteristic, self._notified)
            except Exception:
                if uuid != BATTERY_LEVEL:  # some guard this one alone by pairing; samples come without it
                    raise
            has += uuid != BATTERY_LEVEL
        if not has:
            raise trouble(Problem.OTHER_KIND, self.found.title)

    async def _read(self) -> None:
        # Useful, never needed: a sensor that refuses a read still streams.
        for uuid in self.sensor.reads:
            if self._client.services.get_characteristic(uuid) is not None:
                with suppress(Exception), not_cancelled():
                    async with asyncio.timeout(WRITE_S):
                        data = await self._client.read_gatt_char(uuid)
                    self._decode(uuid, bytes(data), self._now())

    async def start(self) -> None:
        """Write the start commands; raises BluetoothError."""
        messages = self.sensor.start(self.settings)
        await self.write(messages[:-1])
        # Packets before were taken with other settings; the first good one may come before the last write is acknowledged.
        self._streaming = True
        await self.write(messages[-1:])

    async def write(self, messages: Sequence[Message]) -> None:
        """Write messages one after another; raises BluetoothError."""
        try:
            for message in messages:
                with not_cancelled():
                    async with asyncio.timeout(WRITE_S):
                        await self._client.write_gatt_char(message.characteristic, message.data)
        except Exception as error:
            raise self._explain(error) from error

    async def close(self, stop: bool = False) -> None:
        """Disconnect, after the stop commands where asked; whatever fails on the way, it ends."""
        if stop and not self.lost:
            with suppress(BluetoothError):
                await self.write(self.sensor.stop(self.settings))
        self.over = True
        if self._reading is not None:
            self._reading.cancel()
        # A dead link's client may fail in any way, and there is nothing left to do about it.
        with suppress(Exception), not_cancelled():
            async with asyncio.timeout(CLOSE_S):
                await self._client.disconnect()

    def _explain(self, error: Exception) -> BluetoothError:
        return explain(error, self.found.title)

    def _disconnected(self, _: BleakClient) -> None:
        self.lost = True
        self.wake.set()

    def _notified(self, characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        if self.over:
            self._counts.late += 1
        else:
            self._feed(characteristic.uuid, bytes(data))

    def _feed(self, characteristic: str, data: bytes) -> None:
        arrival_s = self._now()
        if self._held is None:
            self._decode(characteristic, data, arrival_s)
        else:
            self._held.append((characteristic, data, arrival_s))

    def _decode(self, characteristic: str, data: bytes, arrival_s: float, known: bool = False) -> None:
        """Hand on what the bytes say. Unless `known`, samples of changed settings wait until these have been read."""
        try:
            events = self._decoder.feed(characteristic, data)
        except DecodeError:
            self._counts.undecoded += 1
            return
        if not known and any(isinstance(event, Packet) and Flag.CONFIG_CHANGED in event.flags for event in events):
            self._held = [(characteristic, data, arrival_s)]
            self._reading = asyncio.create_task(self._read_again())
            return
        for event in events:
            if isinstance(event, Fault):
                self._counts.faults += 1
            if self._streaming or not isinstance(event, Packet):
                self._hear(event, arrival_s)

    async def _read_again(self) -> None:
        """Read what tells the settings, then decode what has waited for it."""
        await self._read()
        held, self._held = self._held or [], None
        for i, (characteristic, data, arrival_s) in enumerate(held):
            if self._held is None:
                self._decode(characteristic, data, arrival_s, known=i == 0)
            else:  # changed once more
                self._held.append((characteristic, data, arrival_s))


async def battery(radio: Radio, found: Found, now: Callable[[], float], wait_s: float = 1.0) -> Battery | None:
    """Connect for a moment and ask one of our sensors for its battery, None where it doesn't tell; raises BluetoothError."""
    if found.sensor is None:
        return None
    told: asyncio.Future[Battery] = asyncio.get_running_loop().create_future()

    def hear(event: Event, _: float) -> None:
        if isinstance(event, Battery) and not told.done():
            told.set_result(event)

    connection = Connection(radio, found, found.sensor, found.sensor.settings(), hear, now, Counts())
    async with radio.turn():
        await connection.open(configure=False)
    try:
        await connection.write(found.sensor.ask_battery)
        async with asyncio.timeout(wait_s):
            return await told
    except TimeoutError:
        return None
    finally:
        await connection.close()
