"""Polar Verity Sense (accelerometer and gyroscope, as two streams) and H10 (accelerometer alone).

Frames carry the time of their last sample. A lost frame must be told from that time and the nominal rate. The H10 stays on if a
stream is never stopped.
"""

from __future__ import annotations

import math
import struct

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import BATTERY_LEVEL, Event, Message, Packet, Reply, Sensor, Settings, Tick
from imu_tracker.sensors.packing import DEGREE, G, battery_level, believed, to_counts
from imu_tracker.sensors.pmd import ACC, COMPRESSED, GYR, KIND, LAYOUT, compressed_body, frame, raw_frame, settings_of

_BASE = "fb005c8{}-02e7-f387-1cad-8acd2d8df0c8"
SERVICE, CONTROL, DATA = _BASE.format(0), _BASE.format(1), _BASE.format(2)
SDK_MODE = 9
SETTINGS, START, STOP, ANSWER = 1, 2, 3, 0xF0
RATE, RESOLUTION, RANGE, CHANNELS, FACTOR = 0, 1, 2, 4, 5
NAMES = {ACC: "accelerometer", GYR: "gyroscope", SDK_MODE: "SDK mode"}
COMMANDS = {SETTINGS: "settings", START: "start", STOP: "stop"}
USUAL_HZ = 52.0  # other rates of the Verity Sense need SDK mode
MILLI_G = G / 1000


class PolarDecoder:
    """Frames to packets, with the factors of the start's answer where it has them."""

    def __init__(self, settings: Settings) -> None:
        self._factor = {ACC: (settings.acc_range_g or 8.0) / 2**15, GYR: (settings.gyr_range_dps or 2000.0) / 2**15}

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """See `Decoder.feed`."""
        if characteristic == BATTERY_LEVEL:
            return [battery_level(KIND, data)]
        if characteristic == CONTROL:
            return [self._answer(data)]
        if characteristic != DATA:
            raise DecodeError(KIND, f"nothing is expected from characteristic {characteristic}.")
        found = frame(data)
        tick = Tick(found.last_ns * 1e-9, "last", None)
        if found.measures == ACC:
            acc = found.samples * (MILLI_G if found.form & 1 else self._factor[ACC] * G)
            believed(KIND, acc, None)
            return [Packet(acc, None, None, tick)]
        gyr = found.samples * (DEGREE if found.form & 1 else self._factor[GYR] * DEGREE)
        believed(KIND, None, gyr)
        return [Packet(None, gyr, None, tick)]

    def _answer(self, data: bytes) -> Reply:
        if len(data) < 4 or data[0] != ANSWER:
            raise DecodeError(KIND, f"an answer that isn't one: {data[:8].hex() or 'no bytes'}.")
        command, measures, status = data[1:4]
        about = f"{COMMANDS.get(command, command)} {NAMES.get(measures, measures)}"
        values = settings_of(data[5:]) if status == 0 and command in (SETTINGS, START) else {}
        if command == START and measures in self._factor and FACTOR in values:
            factor = struct.unpack("<f", struct.pack("<I", values[FACTOR][0]))[0]
            if not (math.isfinite(factor) and 0 < factor < 1):
                raise DecodeError(KIND, "the factor in the start's answer can't be one.")
            self._factor[measures] = factor
        return Reply(about, status == 0, {"status": status, "settings": values})


def _ask(measures: int, settings: Settings, channels: bool) -> Message:
    full = settings.acc_range_g if measures == ACC else settings.gyr_range_dps
    wanted = ((RATE, round(settings.rate_hz)), (RESOLUTION, 16), (RANGE, round(full or 0)))
    data = bytes([START, measures]) + b"".join(struct.pack("<BBH", number, 1, value) for number, value in wanted)
    return Message(CONTROL, data + (bytes([CHANNELS, 1, 3]) if channels else b""))


def start_verity(settings: Settings) -> list[Message]:
    """Both streams; in SDK mode where the rate needs it (all streams must be stopped before)."""
    mode = [] if settings.rate_hz == USUAL_HZ else [Message(CONTROL, bytes([START, SDK_MODE]))]
    return [*mode, _ask(ACC, settings, True), _ask(GYR, settings, True)]


def stop_verity(settings: Settings) -> list[Message]:
    """Both streams, then SDK mode."""
    ends = (ACC, GYR) if settings.rate_hz == USUAL_HZ else (ACC, GYR, SDK_MODE)
    return [Message(CONTROL, bytes([STOP, measures])) for measures in ends]


def _last_ns(settings: Settings, last: int) -> int:
    return round(last / settings.rate_hz * 1e9)


def encode_verity(acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
    """See `Encode`; compressed frames of both streams, in the order of their last samples."""
    scales = ((ACC, acc, G * (settings.acc_range_g or 8.0)), (GYR, gyr, DEGREE * (settings.gyr_range_dps or 2000.0)))
    out: list[tuple[int, bytes]] = []
    for measures, values, full in scales:
        counts, at = to_counts(values, full / 2**15).astype("int64"), 0
        while at < len(counts):
            body, n = compressed_body(counts[at:], mtu - 3 - LAYOUT.size)
            at += n
            last_ns = _last_ns(settings, first + at - 1)
            out.append((last_ns, LAYOUT.pack(measures, last_ns, COMPRESSED) + body))
    return [Message(DATA, data) for _, data in sorted(out, key=lambda pair: pair[0])]


def encode_h10(acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
    """See `Encode`; raw frames of the accelerometer in thousandths of g, the gyroscope is left out."""
    counts, n = to_counts(acc, MILLI_G).astype("int64"), min(36, (mtu - 3 - LAYOUT.size) // 6)
    parts = [(i, counts[i : i + n]) for i in range(0, len(counts), n)]
    return [Message(DATA, raw_frame(ACC, _last_ns(settings, first + i + len(c) - 1), 0x01, c)) for i, c in parts]


SENSOR = Sensor(
    kind="polar-verity",
    title="Polar Verity Sense",
    recognises=lambda advert: advert.name.startswith(("Polar Sense", "Polar Verity")),
    notify=(DATA, CONTROL),
    usual=Settings(USUAL_HZ, 8.0, 2000.0),
    rates_hz=(52.0, 104.0, 208.0, 416.0),
    acc_ranges_g=(8.0,),
    gyr_ranges_dps=(2000.0,),
    two_streams=True,
    start=start_verity,
    stop=stop_verity,
    decoder=PolarDecoder,
    encode=encode_verity,
)
SENSOR_H10 = Sensor(
    kind="polar-h10",
    title="Polar H10",
    recognises=lambda advert: advert.name.startswith("Polar H10"),
    notify=(DATA, CONTROL),
    usual=Settings(100.0, 8.0),
    rates_hz=(25.0, 50.0, 100.0, 200.0),
    acc_ranges_g=(2.0, 4.0, 8.0),
    gyroscope=False,
    start=lambda settings: [_ask(ACC, settings, False)],
    stop=lambda _: [Message(CONTROL, bytes([STOP, ACC]))],
    decoder=PolarDecoder,
    encode=encode_h10,
)
