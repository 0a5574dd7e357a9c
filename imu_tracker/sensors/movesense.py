"""Movesense (GSP service): accelerometer and gyroscope together (IMU6), u32 ms of the first sample in each packet.

A packet is u32 ms and blocks of f32 triples: first all of acc, m/s², then all of gyr, deg/s. A packet too long for one
notification comes in parts, [2, ref] and then [3, ref]; its length isn't told, so it is taken from the rate: 13 packets a
second (4 samples at 52 Hz). Two packets in a row of another length, with
none of their parts missing as far as can be told, teach that length.
"""

from __future__ import annotations

import struct

import numpy as np

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import BATTERY_LEVEL, Advertisement, Event, Fault, Message, Packet, Reply, Sensor, Settings, Tick
from imu_tracker.sensors.packing import DEGREE, battery_level, believed, from_floats

KIND = "movesense"
_BASE = "3480{}-7185-4d5d-b431-630e7050e8f0"
SERVICE, WRITE, NOTIFY = _BASE.format("2252"), _BASE.format("0001"), _BASE.format("0002")
RESOURCES = {"IMU6": ("acc", "gyr"), "IMU9": ("acc", "gyr", "mag"), "Acc": ("acc",), "Gyro": ("gyr",), "Magn": ("mag",)}
HELLO, SUBSCRIBE, UNSUBSCRIBE, REFERENCE = 0, 1, 2, 99
ANSWERS, FIRST_PART, NEXT_PART = (0, 1), 2, 3
TICK_MODULUS_S = 2**32 * 1e-3
TRIPLE, LONGEST = 12, 16384
PACKETS_A_SECOND = 13


def measurements(payload: bytes, resource: str) -> tuple[int, dict[str, Floats]]:
    """The ms of a packet's first sample and its blocks (N, 3) by name, in the sensor's own units (m/s², deg/s, µT)."""
    names = RESOURCES[resource]
    n, over = divmod(len(payload) - 4, len(names) * TRIPLE)
    if n < 1 or over:
        raise DecodeError(KIND, f"{len(payload)} bytes aren't whole samples of {resource}.")
    size = n * TRIPLE
    blocks = {name: from_floats(payload[4 + i * size : 4 + (i + 1) * size]) for i, name in enumerate(names)}
    return int.from_bytes(payload[:4], "little"), blocks


def samples_a_packet(settings: Settings) -> int:
    """So many samples come together, by the rate."""
    return max(1, round(settings.rate_hz / PACKETS_A_SECOND))


class MovesenseDecoder:
    """Packets of IMU6 put together from their parts."""

    def __init__(self, settings: Settings) -> None:
        self._usual = self._taught = 4 + samples_a_packet(settings) * 2 * TRIPLE
        self._parts: bytes | None = None
        self._given_up = 0  # length of the packet given up last
        self._split = False  # packets come in parts on this link
        self._whole = True  # nothing says that the waiting packet lacks a part

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """See `Decoder.feed`."""
        if characteristic == BATTERY_LEVEL:
            return [battery_level(KIND, data)]
        if characteristic != NOTIFY or len(data) < 2 or (data[0] in (FIRST_PART, NEXT_PART) and data[1] != REFERENCE):
            raise DecodeError(
                KIND, f"{data[:4].hex() or 'nothing'} from {characteristic[:8]} isn't a part of what was asked for."
            )
        if data[0] in ANSWERS:
            return [_answer(data)]
        if data[0] == FIRST_PART:
            events = self._give_up()
            self._parts, self._whole = data[2:], not self._split
        elif data[0] == NEXT_PART and self._parts is not None:
            events = []
            self._parts, self._whole, self._split = self._parts + data[2:], True, True
        else:
            self._taught, self._split = self._usual, True  # what was taken for whole wasn't
            raise DecodeError(KIND, f"a part of kind {data[0]} has nothing to go on from.")
        if len(self._parts) in (self._usual, self._taught):
            whole, self._parts = self._parts, None
            return self._packet(whole, events)
        if len(self._parts) > LONGEST:
            self._parts = None
            raise DecodeError(KIND, "a packet that never ends.")
        return events

    def _give_up(self) -> list[Event]:
        """What to do with a packet that wasn't whole when the next began."""
        if self._parts is None:
            return []
        waiting, self._parts = self._parts, None
        before, self._given_up = self._given_up, len(waiting)
        if self._whole and before == len(waiting) > 4 and (len(waiting) - 4) % (2 * TRIPLE) == 0:
            self._taught = len(waiting)
            return self._packet(waiting, [])
        return [Fault(f"{len(waiting)} bytes of a packet whose other part never came")]

    def _packet(self, whole: bytes, events: list[Event]) -> list[Event]:
        try:
            ms, blocks = measurements(whole, "IMU6")
            acc, gyr = blocks["acc"], blocks["gyr"] * DEGREE
            believed(KIND, acc, gyr)
        except DecodeError as damage:
            if not events:
                raise
            return [*events, Fault(str(damage))]
        return [*events, Packet(acc, gyr, None, Tick(ms * 1e-3, "first", TICK_MODULUS_S))]


def _answer(data: bytes) -> Reply:
    status = int.from_bytes(data[2:4], "little")
    return Reply("hello" if data[0] == HELLO else "request", data[0] == HELLO or status < 300, {"ref": data[1], "status": status})


def encode(acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
    """See `Encode`; a last packet that isn't full is left out, as the sensor would wait for the rest."""
    n, room, out = samples_a_packet(settings), mtu - 5, []
    for i in range(0, len(acc) - n + 1, n):
        ms = round((first + i) / settings.rate_hz * 1000) % 2**32
        values = np.vstack([acc[i : i + n], gyr[i : i + n] / DEGREE]).astype("<f4")
        payload = struct.pack("<I", ms) + values.tobytes()
        for at in range(0, len(payload), room):
            kind = NEXT_PART if at else FIRST_PART
            out.append(Message(NOTIFY, bytes([kind, REFERENCE]) + payload[at : at + room]))
    return out


def start(settings: Settings) -> list[Message]:
    """Subscribe to the rate's own path."""
    return [Message(WRITE, bytes([SUBSCRIBE, REFERENCE]) + f"/Meas/IMU6/{settings.rate_hz:.0f}".encode())]


def stop(_: Settings) -> list[Message]:
    """End the subscription."""
    return [Message(WRITE, bytes([UNSUBSCRIBE, REFERENCE]))]


def _recognises(advert: Advertisement) -> bool:
    return advert.offers(SERVICE) or advert.name.startswith("Movesense")


SENSOR = Sensor(
    kind=KIND,
    title="Movesense",
    recognises=_recognises,
    notify=(NOTIFY,),
    usual=Settings(104.0),
    rates_hz=(13.0, 26.0, 52.0, 104.0, 208.0, 416.0, 833.0, 1666.0),
    start=start,
    stop=stop,
    decoder=MovesenseDecoder,
    encode=encode,
)
