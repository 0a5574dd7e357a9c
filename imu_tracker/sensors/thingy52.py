"""Nordic Thingy:52, raw motion: 9 i16 a notification (acc /1024 g, gyr /32 deg/s, mag /16 µT), without number or time."""

from __future__ import annotations

import struct

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import BATTERY_LEVEL, Advertisement, Event, Message, Packet, Sensor, Settings
from imu_tracker.sensors.packing import DEGREE, G, battery_level, from_counts, to_counts

KIND = "thingy52"
_BASE = "ef68{}-9b35-4933-9b10-52ffa9740042"
SERVICE, CONFIG, RAW = _BASE.format("0400"), _BASE.format("0401"), _BASE.format("0406")
ACC, GYR = G / 1024, DEGREE / 32  # by the firmware's source; a popular JavaScript driver divides acc by 64, which is wrong
RAW_BYTES = 18
SLOW_MS = 1000  # step counter, temperature and compass: as seldom as the sensor does by itself


class Thingy52Decoder:
    """Every notification stands for itself; the magnetometer is left out."""

    def __init__(self, _: Settings) -> None:
        """Nothing is kept."""

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """See `Decoder.feed`."""
        if characteristic == BATTERY_LEVEL:
            return [battery_level(KIND, data)]
        if characteristic != RAW or len(data) != RAW_BYTES:
            raise DecodeError(KIND, f"{len(data)} bytes from {characteristic[:8]} aren't a raw motion sample of {RAW_BYTES}.")
        return [Packet(from_counts(data[:6], ACC), from_counts(data[6:12], GYR))]


def encode(acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
    """See `Encode`; the magnetometer is left at zero."""
    rows = zip(to_counts(acc, ACC), to_counts(gyr, GYR), strict=True)
    return [Message(RAW, a.tobytes() + g.tobytes() + bytes(6)) for a, g in rows]


def start(settings: Settings) -> list[Message]:
    """The rate of motion, without waking on motion; notifications alone start the stream."""
    return [Message(CONFIG, struct.pack("<4HB", SLOW_MS, SLOW_MS, SLOW_MS, round(settings.rate_hz), 0))]


def _recognises(advert: Advertisement) -> bool:
    return advert.offers(SERVICE) or advert.name.startswith("Thingy")


SENSOR = Sensor(
    kind=KIND,
    title="Nordic Thingy:52",
    recognises=_recognises,
    notify=(RAW,),
    usual=Settings(100.0),
    rates_hz=(50.0, 100.0, 200.0),
    start=start,
    decoder=Thingy52Decoder,
    encode=encode,
)
