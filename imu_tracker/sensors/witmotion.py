"""WitMotion WT9011DCL-BT50 and WT901BLECL: frames of 20 bytes, or of 28 with the chip's clock, split and joined at will.

A frame is 55 61 and 9 i16 (acc, gyr, angle), perhaps YY MM DD hh mm ss and u16 ms; an answer is 55 71 reg 00 and 8 i16.
There is no checksum and no number, so a frame is believed only where another begins right behind it or the notification
ends. What is lost between the halves of a split frame can't be noticed at all.
"""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import (
    BATTERY_LEVEL,
    Advertisement,
    Battery,
    Event,
    Fault,
    Message,
    Packet,
    Reply,
    Sensor,
    Settings,
    Tick,
)
from imu_tracker.sensors.packing import DEGREE, G, battery_level, from_counts, to_counts

KIND = "witmotion"
_BASE = "0000{}-0000-1000-8000-00805f9a34fb"  # 9a34fb is right: it isn't the Bluetooth SIG's 9b34fb
SERVICE, WRITE = _BASE.format("ffe5"), _BASE.format("ffe9")
NOTIFY = (_BASE.format("ffe4"), _BASE.format("ffe1"))  # some batches have the second

ACC, GYR = 16 * G / 2**15, 2000 * DEGREE / 2**15
SAMPLE, ANSWER = b"\x55\x61", b"\x55\x71"
SIZE, CLOCK = 20, 8
YEAR_0 = datetime(2000, 1, 1)

UNLOCK = bytes.fromhex("ffaa6988b5")
SIX_AXES = bytes.fromhex("ffaa240100")
RATES = {10.0: 0x06, 20.0: 0x07, 50.0: 0x08, 100.0: 0x09, 200.0: 0x0B}
BATTERY = 0x64
REGISTERS = {0x3A: ("magnetic field", 3, 1.0), 0x51: ("quaternion", 4, 2.0**-15), 0x40: ("temperature", 1, 0.01)}


def _begins(data: bytes) -> bool:
    """Whether these bytes can be the beginning of a frame; none at all can."""
    return data[:2] in (b"", SAMPLE[:1], SAMPLE, ANSWER)


def _clock_s(data: bytes) -> float | None:
    """Seconds since 2000 of the chip's clock, None where it can't be one. A clock never set has month and day 0."""
    year, month, day, hour, minute, second, ms = struct.unpack("<6BH", data)
    try:
        moment = datetime(2000 + year, month or 1, day or 1, hour, minute, second, ms * 1000)
    except ValueError:
        return None
    return (moment - YEAR_0) / timedelta(seconds=1)


class _Split(NamedTuple):
    frames: list[bytes]
    rest: bytes  # the beginning of a frame that goes on in the next notification
    skipped: int  # bytes that belong to no frame


def _size(data: bytes, clock_follows: bool) -> int | None:
    """The size of the frame at the beginning of these bytes; 0 where there is none, None where more bytes must come."""
    if not _begins(data):
        return 0
    if len(data) < SIZE:
        return None
    after = data[SIZE:]
    if not after and not (clock_follows and data[:2] == SAMPLE):
        return SIZE
    if len(after) >= 2 and _begins(after):
        return SIZE
    if data[:2] == ANSWER:
        return None if _begins(after) else 0
    if len(after) < CLOCK:
        return None
    return SIZE + CLOCK if _clock_s(after[:CLOCK]) is not None and _begins(after[CLOCK:]) else 0


def _split(data: bytes, clock_follows: bool) -> _Split:
    frames, at, skipped = [], 0, 0
    while at < len(data) and (size := _size(data[at : at + 2 * (SIZE + CLOCK)], clock_follows)) is not None:
        if size:
            frames.append(data[at : at + size])
        else:
            following = data.find(SAMPLE[:1], at + 1)
            size = (len(data) if following < 0 else following) - at
            skipped += size
        at += size
    return _Split(frames, data[at:], skipped)


class WitMotionDecoder:
    """Frames out of a stream of notifications, wherever these are cut."""

    def __init__(self, _: Settings) -> None:
        self._rest = b""
        self._ended_bare = False  # the notification before ended with a frame of 20 bytes
        self._clock_follows = False  # and the next began with its clock, as on links that carry 20 bytes at once

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """See `Decoder.feed`."""
        if characteristic == BATTERY_LEVEL:
            return [battery_level(KIND, data)]
        if characteristic not in NOTIFY:
            raise DecodeError(KIND, f"nothing is expected from characteristic {characteristic}.")
        if self._ended_bare and len(data) == CLOCK and _clock_s(data) is not None:
            self._ended_bare, self._clock_follows = False, True
            return []  # the sample has been handed on already, without its clock; from now on it is waited for
        found = _split(data, False)
        if self._rest and found.frames and not found.rest and not found.skipped:
            # Whole frames: what waited never went on. It may have been whole itself.
            whole = len(self._rest) >= SIZE
            found = _Split([self._rest[:SIZE]] * whole + found.frames, b"", 0 if whole else len(self._rest))
        else:
            found = _split(self._rest + data, self._clock_follows)
        self._rest = found.rest
        self._ended_bare = not found.rest and bool(found.frames) and len(found.frames[-1]) == SIZE
        events = [_event(frame) for frame in found.frames]
        if found.skipped and not events:
            raise DecodeError(KIND, f"{found.skipped} bytes belong to no frame.")
        return [*events, Fault(f"{found.skipped} bytes belong to no frame")] if found.skipped else events


def _event(frame: bytes) -> Event:
    if frame[:2] == ANSWER:
        register, values = frame[2], np.frombuffer(frame, "<i2", offset=4)
        if register == BATTERY:
            return Battery(volts=float(values[0]) * 0.01)
        name, n, scale = REGISTERS.get(register, (f"register 0x{register:02x}", 8, 1.0))
        return Reply(name, True, {"values": tuple(float(v) * scale for v in values[:n])})
    clock = _clock_s(frame[SIZE:]) if len(frame) > SIZE else None
    tick = None if clock is None else Tick(clock, "first", None)
    return Packet(from_counts(frame[2:8], ACC), from_counts(frame[8:14], GYR), None, tick)


def frame(acc: Floats, gyr: Floats, clock_s: float | None = None) -> bytes:
    """One sample's frame: 20 bytes, or 28 with the chip's clock in seconds since 2000. The angles are left at zero."""
    out = SAMPLE + to_counts(acc, ACC).tobytes() + to_counts(gyr, GYR).tobytes() + bytes(6)
    if clock_s is None:
        return out
    m = YEAR_0 + timedelta(milliseconds=round(clock_s * 1000))
    return out + struct.pack("<6BH", m.year - 2000, m.month, m.day, m.hour, m.minute, m.second, m.microsecond // 1000)


def encode(acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
    """See `Encode`; a frame of 20 bytes a notification, as sold."""
    return [Message(NOTIFY[0], frame(a, g)) for a, g in zip(acc, gyr, strict=True)]


def read_register(register: int) -> Message:
    """Ask for 8 registers from this one on."""
    return Message(WRITE, bytes([0xFF, 0xAA, 0x27, register, 0]))


def start(settings: Settings) -> list[Message]:
    """Rate and six-axis fusion. Nothing is saved in the sensor: what its owner set stays so."""
    rate = bytes([0xFF, 0xAA, 0x03, RATES[settings.rate_hz], 0])
    return [Message(WRITE, data) for data in (UNLOCK, rate, SIX_AXES)]


def _recognises(advert: Advertisement) -> bool:
    # The BWT901CL is another product, with other UUIDs.
    return advert.offers(SERVICE) or ("WT" in advert.name and "BWT" not in advert.name)


SENSOR = Sensor(
    kind=KIND,
    title="WitMotion WT9011DCL or WT901BLECL",
    recognises=_recognises,
    notify=NOTIFY,
    usual=Settings(100.0),
    rates_hz=tuple(RATES),
    start=start,
    decoder=WitMotionDecoder,
    encode=encode,
    ask_battery=(read_register(BATTERY),),
)
