"""WitMotion WT9011DCL-BT50 and WT901BLECL: frames of 20 bytes, or of 28 with the chip's clock, split and joined at will.

No sample has a number, so a lost frame is noticed by its absence alone, or by the clock where there is one.
"""

from __future__ import annotations

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
from imu_tracker.sensors.packing import battery_level
from imu_tracker.sensors.wit_frames import ACC, ANSWER, CLOCK, GYR, SAMPLE, SIZE, Split, clock_s, frame, split

KIND = "witmotion"
_BASE = "0000{}-0000-1000-8000-00805f9a34fb"  # 9a34fb is right: it isn't the Bluetooth SIG's 9b34fb
SERVICE, WRITE = _BASE.format("ffe5"), _BASE.format("ffe9")
NOTIFY = (_BASE.format("ffe4"), _BASE.format("ffe1"))  # some batches have the second

UNLOCK = bytes.fromhex("ffaa6988b5")
SIX_AXES = bytes.fromhex("ffaa240100")
RATES = {10.0: 0x06, 20.0: 0x07, 50.0: 0x08, 100.0: 0x09, 200.0: 0x0B}
BATTERY = 0x64
REGISTERS = {0x3A: ("magnetic field", 3, 1.0), 0x51: ("quaternion", 4, 2.0**-15), 0x40: ("temperature", 1, 0.01)}

_SCALES = np.array([ACC, GYR]).reshape(2, 1, 1)


class WitMotionDecoder:
    """Frames out of a stream of notifications, wherever these are cut."""

    def __init__(self, _: Settings) -> None:
        self._rest = b""
        self._late: bytes | None = None  # a frame of 20 bytes ended a notification: what came behind it, if it is its clock
        self._clock_follows = False  # it was, as on links that carry 20 bytes at once: from now on wait for it

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """See `Decoder.feed`."""
        if characteristic == BATTERY_LEVEL:
            return [battery_level(KIND, data)]
        if characteristic not in NOTIFY:
            raise DecodeError(KIND, f"nothing is expected from characteristic {characteristic}.")
        if len(data) == SIZE and data[:2] == SAMPLE and not (self._rest or self._late or self._clock_follows):
            self._late = b""  # as nearly always: one frame, and nothing waits
            return [_event(data)]
        if self._late is not None:
            data, begins = self._late + data, data[:1] == SAMPLE[:1]
            if len(data) < CLOCK and not begins:
                self._late = data
                return []
            self._late = None
            if clock_s(data[:CLOCK]) is not None:  # its sample has been handed on already
                self._clock_follows, data = True, data[CLOCK:]
        found = split(data, self._clock_follows)
        if self._rest and data[:2] in (SAMPLE, ANSWER) and not found.skipped:
            # A frame begins here: what waited never went on (that its second half looks so is one in 30,000). It may be whole.
            whole = len(self._rest) == SIZE
            found = Split([self._rest] * whole + found.frames, found.rest, 0 if whole else len(self._rest))
        elif self._rest:
            found = split(self._rest + data, self._clock_follows)
        self._rest = found.rest
        if not found.rest and found.frames and len(found.frames[-1]) == SIZE:
            self._late = b""
        events = [_event(one) for one in found.frames]
        if found.skipped and not events:
            raise DecodeError(KIND, f"{found.skipped} bytes belong to no frame.")
        return [*events, Fault(f"{found.skipped} bytes belong to no frame")] if found.skipped else events


def _event(data: bytes) -> Event:
    if data[:2] == ANSWER:
        register, values = data[2], np.frombuffer(data, "<i2", offset=4)
        if register == BATTERY:
            return Battery(volts=float(values[0]) * 0.01)
        name, n, scale = REGISTERS.get(register, (f"register 0x{register:02x}", 8, 1.0))
        return Reply(name, True, {"values": tuple(float(v) * scale for v in values[:n])})
    clock = clock_s(data[SIZE:])
    tick = None if clock is None else Tick(clock, "first", None)
    acc, gyr = np.frombuffer(data, "<i2", 6, 2).reshape(2, 1, 3) * _SCALES
    return Packet(acc, gyr, None, tick)


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
