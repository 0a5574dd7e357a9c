"""This project's own profile, little-endian throughout; `firmware_docs/` has it as a specification.

Info    …0002  u8 version, u8 minor version, u64 serial, u32 rate mHz, u16 acc range g, u16 gyr range deg/s,
               f32 m/s² per count, f32 rad/s per count, u16 samples in the ring
Config  …0003  u32 rate mHz, u16 acc range g, u16 gyr range deg/s, u8 samples a packet
Stream  …0004  u8 0x11 (type 1, version 1), u8 flags, u16 index of the first sample, u32 its tick µs, n x 6 i16 (acc, gyr)
Control …0005  write 00 stop, 01 start, 10 first:u32 count:u16 send again, 20 token:u32 ping;
               answers 00, 01 index:u32 tick:u32 of the next sample, 10 first:u32 count:u16 that will be sent (the answer
               comes before the packets, cut to what the ring has), 20 token:u32 tick:u32, F0 command why (see REFUSALS)
"""

from __future__ import annotations

import math
import struct

import numpy as np

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import (
    BATTERY_LEVEL,
    Advertisement,
    Event,
    Flag,
    Index,
    Message,
    Packet,
    Reply,
    Sensor,
    Settings,
    Tick,
)
from imu_tracker.sensors.packing import DEGREE, G, battery_level, to_counts

KIND = "own"
SERVICE = "7e850001-4115-423a-a66c-1fb144caa788"
INFO = "7e850002-4115-423a-a66c-1fb144caa788"
CONFIG = "7e850003-4115-423a-a66c-1fb144caa788"
STREAM = "7e850004-4115-423a-a66c-1fb144caa788"
CONTROL = "7e850005-4115-423a-a66c-1fb144caa788"

VERSION = 1
STREAM_TYPE = 0x10 | VERSION
FLAGS = {0x01: Flag.OVERFLOW, 0x02: Flag.CONFIG_CHANGED, 0x04: Flag.RETRANSMITTED, 0x08: Flag.LOW_BATTERY}
STOP, START, BACKFILL, PING, REFUSED = 0x00, 0x01, 0x10, 0x20, 0xF0
NOT_KEPT = 3  # the ring has moved on
REFUSALS = {1: "unknown command", 2: "wrong length", NOT_KEPT: "none of these samples is kept", 4: "too many requests wait"}
RING_SAMPLES = 4096
INDEX_MODULUS = 2**16
TICK_MODULUS_S = 2**32 * 1e-6

INFO_LAYOUT = struct.Struct("<BBQIHHffH")
CONFIG_LAYOUT = struct.Struct("<IHHB")
STREAM_LAYOUT = struct.Struct("<BBHI")
ANSWERS: dict[int, tuple[str, struct.Struct, tuple[str, ...]]] = {
    STOP: ("stop", struct.Struct("<"), ()),
    START: ("start", struct.Struct("<II"), ("index", "tick_us")),
    BACKFILL: ("backfill", struct.Struct("<IH"), ("first", "count")),
    PING: ("ping", struct.Struct("<II"), ("token", "tick_us")),
    REFUSED: ("refused", struct.Struct("<BB"), ("command", "why")),
}
SAMPLE_BYTES = 12
BATCHES_A_SECOND = 25  # packets a second: what small boards reach with room to spare


def scales(settings: Settings) -> tuple[float, float]:
    """m/s² and rad/s per count: the range over 2^15."""
    assert settings.acc_range_g is not None
    assert settings.gyr_range_dps is not None
    return settings.acc_range_g * G / 2**15, settings.gyr_range_dps * DEGREE / 2**15


def batch(settings: Settings) -> int:
    """Samples that one packet is asked to hold."""
    return max(1, round(settings.rate_hz / BATCHES_A_SECOND))


class OwnDecoder:
    """The stream, the answers and what is read; scales as Info says, or by the ranges asked for until it was read.

    A packet with the flag of another configuration asks for Info to be read again: the scales may have changed.
    """

    def __init__(self, settings: Settings) -> None:
        self._acc, self._gyr = scales(settings)

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """See `Decoder.feed`."""
        if characteristic == STREAM:
            return [self._samples(data)]
        if characteristic == CONTROL:
            return [_answer(data)]
        if characteristic == BATTERY_LEVEL:
            return [battery_level(KIND, data)]
        if characteristic == INFO:
            return [self._info(data)]
        raise DecodeError(KIND, f"nothing is expected from characteristic {characteristic}.")

    def _samples(self, data: bytes) -> Packet:
        if len(data) < STREAM_LAYOUT.size + SAMPLE_BYTES or (len(data) - STREAM_LAYOUT.size) % SAMPLE_BYTES:
            raise DecodeError(KIND, f"a stream packet of {len(data)} bytes isn't 8 and whole samples of 12.")
        form, flags, index, tick = STREAM_LAYOUT.unpack_from(data)
        if form != STREAM_TYPE:
            raise DecodeError(
                KIND, f"stream packets of type 0x{form:02x} aren't known here; this is made for 0x{STREAM_TYPE:02x}."
            )
        values = np.frombuffer(data, "<i2", offset=STREAM_LAYOUT.size).reshape(-1, 6)
        said = frozenset(flag for bit, flag in FLAGS.items() if flags & bit)
        clock = Tick(tick * 1e-6, "first", TICK_MODULUS_S)
        return Packet(values[:, :3] * self._acc, values[:, 3:] * self._gyr, Index(index, INDEX_MODULUS), clock, said)

    def _info(self, data: bytes) -> Reply:
        if len(data) < INFO_LAYOUT.size:
            raise DecodeError(KIND, f"the sensor's description has {len(data)} bytes, not {INFO_LAYOUT.size}.")
        version, minor, serial, rate, acc_range, gyr_range, acc, gyr, ring = INFO_LAYOUT.unpack_from(data)
        if version != VERSION:
            raise DecodeError(KIND, f"the sensor speaks version {version} of the profile; this is made for version {VERSION}.")
        if not (math.isfinite(acc) and math.isfinite(gyr) and 0 < acc < 1 and 0 < gyr < 1):
            raise DecodeError(KIND, "the sensor's description has no usable scales.")
        self._acc, self._gyr = acc, gyr
        said = {"minor": minor, "serial": f"{serial:016x}", "rate_hz": rate / 1000, "ring": ring}
        return Reply("info", True, {**said, "acc_range_g": acc_range, "gyr_range_dps": gyr_range})


def _answer(data: bytes) -> Reply:
    about, layout, names = ANSWERS.get(data[0] if data else -1, ("", struct.Struct("<"), ()))
    if not about or len(data) != 1 + layout.size:
        raise DecodeError(KIND, f"an answer that isn't one: {data[:12].hex() or 'no bytes'}.")
    return Reply(about, about != "refused", dict(zip(names, layout.unpack_from(data, 1), strict=True)))


def _asked(settings: Settings) -> tuple[int, int, int]:
    return round(settings.rate_hz * 1000), int(settings.acc_range_g or 0), int(settings.gyr_range_dps or 0)


def configure(settings: Settings) -> list[Message]:
    """Rate, ranges and samples a packet; Info, read afterwards, tells what the sensor made of it."""
    return [Message(CONFIG, CONFIG_LAYOUT.pack(*_asked(settings), batch(settings)))]


def start(_: Settings) -> list[Message]:
    """Start the stream as configured."""
    return [Message(CONTROL, bytes([START]))]


def stop(_: Settings) -> list[Message]:
    """Stop the stream; the ring keeps its samples."""
    return [Message(CONTROL, bytes([STOP]))]


def backfill(first: int, count: int) -> Message:
    """Ask for samples again, from the ring; `first` counts on past 2^16."""
    return Message(CONTROL, struct.pack("<BIH", BACKFILL, first % 2**32, count))


def ping(token: int) -> Message:
    """Ask for the sensor's tick; the answer carries the token."""
    return Message(CONTROL, struct.pack("<BI", PING, token % 2**32))


def packet(acc: Floats, gyr: Floats, settings: Settings, first: int, flags: int = 0) -> bytes:
    """One stream packet of all these samples."""
    acc_scale, gyr_scale = scales(settings)
    tick = round(first / settings.rate_hz * 1e6) % 2**32
    body = np.hstack([to_counts(acc, acc_scale), to_counts(gyr, gyr_scale)])
    return STREAM_LAYOUT.pack(STREAM_TYPE, flags, first % INDEX_MODULUS, tick) + body.astype("<i2").tobytes()


def encode(acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
    """See `Encode`."""
    n = min(batch(settings), max(1, (mtu - 3 - STREAM_LAYOUT.size) // SAMPLE_BYTES))
    return [Message(STREAM, packet(acc[i : i + n], gyr[i : i + n], settings, first + i)) for i in range(0, len(acc), n)]


def encode_info(settings: Settings, serial: int = 1) -> bytes:
    """What Info reads."""
    return INFO_LAYOUT.pack(VERSION, 0, serial, *_asked(settings), *scales(settings), RING_SAMPLES)


def _recognises(advert: Advertisement) -> bool:
    return advert.offers(SERVICE)


SENSOR = Sensor(
    kind=KIND,
    title="imu-tracker's own profile",
    recognises=_recognises,
    notify=(STREAM, CONTROL, BATTERY_LEVEL),
    reads=(INFO, BATTERY_LEVEL),
    usual=Settings(100.0, 8.0, 1000.0),
    rates_hz=(50.0, 100.0, 200.0),
    acc_ranges_g=(2.0, 4.0, 8.0, 16.0),
    gyr_ranges_dps=(125.0, 250.0, 500.0, 1000.0, 2000.0),
    configure=configure,
    start=start,
    stop=stop,
    decoder=OwnDecoder,
    encode=encode,
    backfill=backfill,
    ping=ping,
)
