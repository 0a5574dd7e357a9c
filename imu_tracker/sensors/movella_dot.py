"""Movella (Xsens) DOT, payload mode 21: one sample a notification with u32 µs, acc f32 m/s², gyr f32 deg/s."""

from __future__ import annotations

import struct

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import Advertisement, Battery, Event, Message, Packet, Reply, Sensor, Settings, Tick
from imu_tracker.sensors.packing import DEGREE, believed, from_floats

KIND = "movella-dot"
_BASE = "1517{}-4947-11e9-8646-d663bd873d93"
CONTROL, MEDIUM, SHORT = _BASE.format("2001"), _BASE.format("2003"), _BASE.format("2004")
BATTERY, MESSAGES = _BASE.format("3001"), _BASE.format("7001")
START, STOP, MODE = 1, 0, 21
TICK_MODULUS_S = 2**32 * 1e-6
SAMPLE_BYTES, MEDIUM_BYTES, SHORT_BYTES = 28, 40, 20


def _sample(data: bytes) -> Packet:
    if not SAMPLE_BYTES <= len(data) <= MEDIUM_BYTES:
        raise DecodeError(KIND, f"a payload of mode 21 has 28 bytes of samples in up to 40, not {len(data)}.")
    acc, gyr = from_floats(data[4:16]), from_floats(data[16:28]) * DEGREE
    believed(KIND, acc, gyr)
    return Packet(acc, gyr, None, Tick(int.from_bytes(data[:4], "little") * 1e-6, "first", TICK_MODULUS_S))


def _free_acceleration(data: bytes) -> Reply:
    # Gravity has been taken out of it, so it can't stand as a sample here; it shows that the sensor is in the wrong mode.
    if len(data) != SHORT_BYTES:
        raise DecodeError(KIND, f"a short payload has 20 bytes, not {len(data)}.")
    tick, x, y, z = struct.unpack_from("<I3f", data)
    return Reply("free acceleration", True, {"tick_us": tick, "m/s²": (x, y, z)})


def _message(data: bytes) -> Reply:
    if len(data) < 3 or len(data) != data[1] + 3 or sum(data) % 256:
        raise DecodeError(KIND, "a message whose length or checksum is wrong.")
    return Reply("message", True, {"mid": data[0], "data": data[2:-1]})


class MovellaDotDecoder:
    """Every notification stands for itself."""

    def __init__(self, _: Settings) -> None:
        """Nothing is kept."""

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """See `Decoder.feed`."""
        if characteristic == MEDIUM:
            return [_sample(data)]
        if characteristic == SHORT:
            return [_free_acceleration(data)]
        if characteristic == MESSAGES:
            return [_message(data)]
        if characteristic == BATTERY and len(data) >= 2 and data[0] <= 100:
            return [Battery(percent=float(data[0]), charging=bool(data[1]))]
        if characteristic == CONTROL and len(data) == 3:
            return [Reply("measurement", True, {"type": data[0], "running": bool(data[1]), "mode": data[2]})]
        raise DecodeError(KIND, f"{data[:8].hex() or 'nothing'} from characteristic {characteristic[4:8]} wasn't expected.")


def encode(acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
    """See `Encode`."""
    out = []
    for i, (a, g) in enumerate(zip(acc, gyr, strict=True)):
        tick = round((first + i) / settings.rate_hz * 1e6) % 2**32
        out.append(Message(MEDIUM, struct.pack("<I6f", tick, *a, *(g / DEGREE)).ljust(MEDIUM_BYTES, b"\0")))
    return out


def start(_: Settings) -> list[Message]:
    """Mode 21; notifications must be on before."""
    return [Message(CONTROL, bytes([1, START, MODE]))]


def stop(_: Settings) -> list[Message]:
    """End the measurement."""
    return [Message(CONTROL, bytes([1, STOP, MODE]))]


def _recognises(advert: Advertisement) -> bool:
    return advert.name.startswith(("Movella DOT", "Xsens DOT"))


SENSOR = Sensor(
    kind=KIND,
    title="Movella DOT",
    recognises=_recognises,
    notify=(MEDIUM, BATTERY),
    reads=(BATTERY,),
    usual=Settings(60.0),
    rates_hz=(60.0,),
    start=start,
    stop=stop,
    decoder=MovellaDotDecoder,
    encode=encode,
)
