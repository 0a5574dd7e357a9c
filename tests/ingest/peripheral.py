"""Sensors in the air that aren't there: every kind of the registry as a bumble peripheral, over a link that can be spoilt.

The own profile's stand-in counts, keeps and sends again as `firmware_docs/` says. All others send what their encoder makes, at
its time, whether or not anybody is subscribed, once all start commands have been written.
"""

from __future__ import annotations

import asyncio
import math
import random
import struct
import sys
from collections import Counter, defaultdict
from typing import Any

import numpy as np
from bumble import att, hci
from bumble.controller import Controller
from bumble.core import UUID, AdvertisingData, PhysicalTransport
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.hci import Address
from bumble.host import Host
from bumble.link import LocalLink
from bumble.transport.common import AsyncPipeSink
from bumble_backend import MTU, backends

from imu_tracker.ingest.ble import Radio
from imu_tracker.numeric import Floats
from imu_tracker.sensors import movella_dot, own
from imu_tracker.sensors.base import BATTERY_LEVEL, Message, Packet, Sensor, Settings

NOTIFICATION = 0x1B
NAMES = {
    "movesense": "Movesense 174630000192",
    "polar-verity": "Polar Sense B5A1F52A",
    "polar-h10": "Polar H10 8A1B2C3D",
    "metamotion": "MetaWear",
    "metamotion-s": "MetaMotionS",
    "movella-dot": "Movella DOT",
    "thingy52": "Thingy",
    "witmotion": "WT901BLE67",
    "own": "imu-1",
}


def hush_bumble() -> None:
    """bumble makes its coloured log lines even when nobody reads them, which is most of its time."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bumble.") and "color" in vars(module):
            vars(module)["color"] = lambda text, *_: text
    hci.HCI_Object.format_fields = staticmethod(lambda *_: "")  # type: ignore[method-assign]
    for kind in (att.ATT_PDU, hci.HCI_AclDataPacket):
        kind.__str__ = object.__repr__  # type: ignore[method-assign]


hush_bumble()


class SpoiltLink(LocalLink):
    """Loses notifications at random, delivers at connection events of `interval_s`, falls silent both ways."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.loss = 0.0
        self.interval_s = 0.0
        self.silent: set[str] = set()  # names of the controllers that nobody hears any more
        self.lost = 0
        self.delivered: Counter[str] = Counter()  # notifications, by their sender's name
        self._random = random.Random(seed)
        self._queued: dict[str, list[tuple[Any, ...]]] = defaultdict(list)

    def send_advertising_pdu(self, sender_controller: Controller, packet: Any) -> None:
        if sender_controller.name not in self.silent:
            super().send_advertising_pdu(sender_controller, packet)

    def send_acl_data(
        self, sender_controller: Controller, destination_address: Address, transport: PhysicalTransport, data: bytes
    ) -> None:
        destination = self.find_le_controller(destination_address)
        if sender_controller.name in self.silent or (destination is not None and destination.name in self.silent):
            return
        if len(data) > 4 and data[4] == NOTIFICATION and self._random.random() < self.loss:
            self.lost += 1
            return
        self.delivered[sender_controller.name] += len(data) > 4 and data[4] == NOTIFICATION
        if not self.interval_s:
            super().send_acl_data(sender_controller, destination_address, transport, data)
            return
        queue = self._queued[f"{sender_controller.name} {destination_address}"]
        queue.append((sender_controller, destination_address, transport, data))
        if len(queue) == 1:
            loop = asyncio.get_running_loop()
            loop.call_at((math.floor(loop.time() / self.interval_s) + 1) * self.interval_s, self._event, queue)

    def _event(self, queue: list[tuple[Any, ...]]) -> None:
        for waiting in queue:
            super().send_acl_data(*waiting)
        queue.clear()


def _device(link: LocalLink, name: str, address: str) -> Device:
    controller = Controller(name, link=link, public_address=address)
    controller.le_acl_data_packet_length = 251  # as real radios; the default of 27 makes fragments
    return Device(name=name, address=Address(address), host=Host(controller, AsyncPipeSink(controller)))


class Peripheral:
    """One sensor: what was written to it in `written`, what it sends from `recording`, whoever is connected."""

    def __init__(self, link: SpoiltLink, sensor: Sensor, name: str, number: int) -> None:
        self.sensor, self.name, self.address = sensor, name, f"F0:F1:F2:F3:F4:{number:02X}"
        self.settings = sensor.settings()
        self.written: list[Message] = []
        self.started = asyncio.Event()
        self.recording: tuple[Floats, Floats] = (np.zeros((0, 3)), np.zeros((0, 3)))
        self.connection: Connection | None = None
        self.connections = 0
        self.link, self.device = link, _device(link, name, self.address)
        self._values: dict[str, bytes] = {BATTERY_LEVEL: b"\x50", movella_dot.BATTERY: b"\x50\x00"}
        self._characteristics = {uuid: self._characteristic(uuid) for uuid in self._uuids()}
        service = Service(UUID(self._service()), list(self._characteristics.values()))
        self.device.add_service(service)
        self.device.on("connection", self._connected)

    def _service(self) -> str:
        return own.SERVICE if self.sensor.kind == own.KIND else "0000abcd-0000-1000-8000-00805f9b34fb"

    def _uuids(self) -> list[str]:
        sensor, asked = self.sensor, self.settings
        writes = [*sensor.configure(asked), *sensor.start(asked), *sensor.stop(asked), *sensor.ask_battery]
        return list(dict.fromkeys((*sensor.notify, *sensor.reads, *(m.characteristic for m in writes))))

    def _characteristic(self, uuid: str) -> Characteristic[Any]:
        can = Characteristic.Properties
        properties = can.NOTIFY | can.READ | can.WRITE
        value = CharacteristicValue(
            read=lambda _: self._values.get(uuid, b""), write=lambda _, data: self._write(Message(uuid, bytes(data)))
        )
        return Characteristic(UUID(uuid), properties, Characteristic.READABLE | Characteristic.WRITEABLE, value)

    def _connected(self, connection: Connection) -> None:
        self.connection = connection
        self.connections += 1

    def _write(self, message: Message) -> None:
        self.written.append(message)
        if message in self.sensor.start(self.settings)[-1:]:
            self.started.set()

    async def power_on(self) -> None:
        advert = [(AdvertisingData.FLAGS, b"\x06"), (AdvertisingData.COMPLETE_LOCAL_NAME, self.name.encode())]
        if self.sensor.kind == own.KIND:
            kind = AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS
            advert.append((kind, UUID(own.SERVICE).to_bytes()))
        assert sum(2 + len(data) for _, data in advert) <= 31, "an advertisement has 31 bytes"
        self.device.advertising_data = bytes(AdvertisingData(advert))
        await self.device.power_on()
        await self.device.start_advertising(auto_restart=True, advertising_interval_min=100, advertising_interval_max=100)

    async def notify(self, message: Message) -> None:
        await self.device.notify_subscribers(self._characteristics[message.characteristic], message.data)

    def messages(self) -> list[Message]:
        return self.sensor.encode(*self.recording, self.settings, mtu=MTU)

    def due(self, messages: list[Message]) -> list[tuple[Message, float]]:
        """Each with the time at which its last sample has been taken, s."""
        decoder, out, acc, gyr = self.sensor.decoder(self.settings), [], 0, 0
        for message in messages:
            for packet in decoder.feed(*message):
                if isinstance(packet, Packet):
                    acc += len(packet) if packet.acc is not None else 0
                    gyr += len(packet) if packet.gyr is not None else 0
            out.append((message, max(acc, gyr) / self.settings.rate_hz))
        return out

    async def play(self) -> None:
        """Wait for the start, then send the recording in its own time."""
        await self.started.wait()
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        for message, due_s in self.due(self.messages()):
            await asyncio.sleep(began_s + due_s - loop.time())
            await self.notify(message)

    async def hang_up(self) -> None:
        assert self.connection is not None
        assert self.connection in self.device.connections.values(), "nobody is connected"
        await self.connection.disconnect()


class OwnPeripheral(Peripheral):
    """The own profile: samples go on being taken once started, the ring holds the last of them."""

    def __init__(self, link: SpoiltLink, sensor: Sensor, name: str, number: int) -> None:
        super().__init__(link, sensor, name, number)
        self.mtu = MTU
        self.taken = 0  # samples, so far
        self.kept_from = 0  # a change of settings empties the ring
        self.ring = own.RING_SAMPLES
        self.changed = False  # since the packet before
        self._since = (0, 0)  # tick, µs, and number of the first sample of these settings
        self._values[own.INFO] = own.encode_info(self.settings)
        self._tasks: set[asyncio.Task[None]] = set()

    def _write(self, message: Message) -> None:
        super()._write(message)
        if message.characteristic == own.CONFIG:
            rate, acc, gyr, _ = own.CONFIG_LAYOUT.unpack(message.data)
            self.change(Settings(rate / 1000, acc, gyr))
        if message.characteristic == own.CONTROL:
            task = asyncio.create_task(self._answer(message.data))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def change(self, settings: Settings) -> None:
        """Take other settings, from whoever wishes them."""
        if settings != self.settings:
            self._since = (self._tick_us(self.taken), self.taken)
            self.settings, self.changed, self.kept_from = settings, True, self.taken
            self._values[own.INFO] = own.encode_info(settings)

    def _tick_us(self, index: int) -> int:
        us, since = self._since
        return round(us + (index - since) / self.settings.rate_hz * 1e6) % 2**32

    def _packet(self, a: int, b: int, flags: int) -> Message:
        acc, gyr = self.recording
        data = own.packet(acc[a:b], gyr[a:b], self.settings, a, flags)
        return Message(own.STREAM, data[:4] + struct.pack("<I", self._tick_us(a)) + data[8:])

    async def _answer(self, data: bytes) -> None:
        if data[0] == own.START:
            answer = struct.pack("<BII", own.START, self.taken, self._tick_us(self.taken))
        elif data[0] == own.BACKFILL:
            first, count = struct.unpack("<IH", data[1:])
            end = min(first + count, self.taken)
            first = max(first, self.taken - self.ring, self.kept_from)
            kept = first < end
            answer = (
                struct.pack("<BIH", own.BACKFILL, first, end - first)
                if kept
                else bytes((own.REFUSED, own.BACKFILL, own.NOT_KEPT))
            )
            await self.notify(Message(own.CONTROL, answer))
            await self._send_again(first, end)
            return
        else:
            answer = data[:1]
        await self.notify(Message(own.CONTROL, answer))

    async def _send_again(self, first: int, end: int) -> None:
        most = (self.mtu - 3 - own.STREAM_LAYOUT.size) // own.SAMPLE_BYTES
        for a in range(first, end, most):
            b = min(a + most, end)
            await self.notify(self._packet(a, b, 0x04))

    async def play(self) -> None:
        await self.started.wait()
        loop = asyncio.get_running_loop()
        due_s, a, n = loop.time(), 0, len(self.recording[0])
        while a < n:
            b = min(a + min(own.batch(self.settings), (self.mtu - 3 - own.STREAM_LAYOUT.size) // own.SAMPLE_BYTES), n)
            due_s += (b - a) / self.settings.rate_hz
            await asyncio.sleep(due_s - loop.time())
            self.taken = b
            flags, self.changed = 0x02 * self.changed, False
            await self.notify(self._packet(a, b, flags))
            a = b


class Air:
    """Everything within reach of one computer."""

    def __init__(self, seed: int = 1) -> None:
        self.link = SpoiltLink(seed)
        self.central = _device(self.link, "central", "E0:E1:E2:E3:E4:E5")
        self.scanner, self.client = backends(self.central)
        self.radio = Radio(self.scanner, self.client)
        self.sensors: list[Peripheral] = []

    async def switch_on(self) -> None:
        await self.central.power_on()

    async def place(self, sensor: Sensor, name: str | None = None) -> Peripheral:
        """Put one more sensor into the air, advertising."""
        kind = OwnPeripheral if sensor.kind == own.KIND else Peripheral
        placed = kind(self.link, sensor, name or NAMES[sensor.kind], len(self.sensors) + 1)
        self.sensors.append(placed)
        await placed.power_on()
        return placed


def recording(seconds: float, rate_hz: float, seed: int = 0) -> tuple[Floats, Floats]:
    """A known movement: acc (N, 3) m/s², gyr (N, 3) rad/s, no two samples alike."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    phase = np.random.default_rng(seed).uniform(0, 2 * np.pi, 6)
    waves = [np.sin(2 * np.pi * f * t + p) for f, p in zip((0.31, 0.47, 0.23, 0.53, 0.37, 0.29), phase, strict=True)]
    acc = np.stack(waves[:3], axis=1) * 4 + np.array([0.0, 0.0, 9.81])
    return acc, np.stack(waves[3:], axis=1) * 2
