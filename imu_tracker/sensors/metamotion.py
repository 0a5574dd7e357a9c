"""MbientLab MetaMotion R and RL (BMI160), and S (BMI270): three samples a frame, accelerometer and gyroscope as two streams.

A streamed frame has neither number nor time: a lost one is noticed by its absence alone. The S advertises as the others do.
"""

from __future__ import annotations

from dataclasses import dataclass

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import BATTERY_LEVEL, Advertisement, Event, Message, Packet, Sensor, Settings
from imu_tracker.sensors.packing import DEGREE, G, battery_level, from_counts, to_counts

KIND = "metamotion"
_BASE = "326a{}-85cb-9195-d9dd-464cfbbae75a"
SERVICE, COMMAND, NOTIFY = _BASE.format("9000"), _BASE.format("9001"), _BASE.format("9006")
ACC, GYR = 0x03, 0x13
REGISTERS = {ACC: (0x04, 0x05, 0x1C), GYR: (0x04, 0x05, 0x07)}  # single samples, and packed by three
RATES = {25.0: 6, 50.0: 7, 100.0: 8, 200.0: 9}
GYR_RANGES = {2000.0: 0, 1000.0: 1, 500.0: 2, 250.0: 3, 125.0: 4}
GYR_COUNTS_A_DPS = {2000.0: 16.4, 1000.0: 32.8, 500.0: 65.6, 250.0: 131.2, 125.0: 262.4}  # the chips' data sheets


@dataclass(frozen=True)
class Chip:
    """What differs between the boards: registers of single and packed samples, bits beside the rate, codes of the ranges."""

    acc_single: int
    acc_packed: int
    gyr_single: int
    gyr_packed: int
    acc_bits: int
    acc_ranges: tuple[int, int, int, int]  # 2, 4, 8, 16 g


BMI160 = Chip(0x04, 0x1C, 0x05, 0x07, 0x20, (3, 5, 8, 12))
BMI270 = Chip(0x04, 0x05, 0x04, 0x05, 0xA0, (0, 1, 2, 3))
ACC_RANGES = (2.0, 4.0, 8.0, 16.0)


def scales(settings: Settings) -> tuple[float, float]:
    """m/s² and rad/s per count."""
    assert settings.acc_range_g is not None
    assert settings.gyr_range_dps is not None
    return settings.acc_range_g * G / 2**15, DEGREE / GYR_COUNTS_A_DPS[settings.gyr_range_dps]


class MetaMotionDecoder:
    """Frames of either stream, for all boards: the register tells the stream, the length how many samples."""

    def __init__(self, settings: Settings) -> None:
        self._acc, self._gyr = scales(settings)

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """See `Decoder.feed`."""
        if characteristic == BATTERY_LEVEL:
            return [battery_level(KIND, data)]
        if characteristic != NOTIFY:
            raise DecodeError(KIND, f"nothing is expected from characteristic {characteristic}.")
        if len(data) not in (8, 20) or data[1] not in REGISTERS.get(data[0], ()):
            raise DecodeError(KIND, f"{len(data)} bytes beginning with {data[:2].hex() or 'nothing'} aren't samples.")
        if data[0] == ACC:
            return [Packet(from_counts(data[2:], self._acc), None)]
        return [Packet(None, from_counts(data[2:], self._gyr))]


def _frames(values: Floats, scale: float, head: tuple[int, int, int]) -> list[Message]:
    module, packed, single = head
    counts = to_counts(values, scale)
    whole = len(counts) // 3 * 3
    out = [bytes([module, packed]) + counts[i : i + 3].tobytes() for i in range(0, whole, 3)]
    out += [bytes([module, single]) + row.tobytes() for row in counts[whole:]]
    return [Message(NOTIFY, data) for data in out]


def _sensor(kind: str, title: str, chip: Chip, word: str) -> Sensor:
    """One board's description; `word` in the advertised name tells it from the others."""

    def encode(acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
        acc_scale, gyr_scale = scales(settings)
        a = _frames(acc, acc_scale, (ACC, chip.acc_packed, chip.acc_single))
        g = _frames(gyr, gyr_scale, (GYR, chip.gyr_packed, chip.gyr_single))
        return [message for pair in zip(a, g, strict=True) for message in pair]

    def start(settings: Settings) -> list[Message]:
        assert settings.acc_range_g is not None
        assert settings.gyr_range_dps is not None
        rate, acc = RATES[settings.rate_hz], chip.acc_ranges[ACC_RANGES.index(settings.acc_range_g)]
        return [
            Message(COMMAND, bytes(data))
            for data in (
                (ACC, 0x03, chip.acc_bits | rate, acc),
                (GYR, 0x03, 0x20 | rate, GYR_RANGES[settings.gyr_range_dps]),
                (ACC, chip.acc_packed, 1),
                (GYR, chip.gyr_packed, 1),
                (ACC, 0x02, 1, 0),
                (GYR, 0x02, 1, 0),
                (ACC, 0x01, 1),
                (GYR, 0x01, 1),
            )
        ]

    def stop(_: Settings) -> list[Message]:
        ends = ((ACC, 0x01, 0), (GYR, 0x01, 0), (ACC, 0x02, 0, 1), (GYR, 0x02, 0, 1))
        silent = ((ACC, chip.acc_packed, 0), (GYR, chip.gyr_packed, 0))
        return [Message(COMMAND, bytes(data)) for data in (*ends, *silent)]

    def recognises(advert: Advertisement) -> bool:
        return word in advert.name if word else advert.offers(SERVICE) or advert.name.startswith("MetaWear")

    return Sensor(
        kind=kind,
        title=title,
        recognises=recognises,
        notify=(NOTIFY,),
        usual=Settings(100.0, 8.0, 1000.0),
        rates_hz=tuple(RATES),
        acc_ranges_g=ACC_RANGES,
        gyr_ranges_dps=tuple(sorted(GYR_RANGES)),
        two_streams=True,
        start=start,
        stop=stop,
        decoder=MetaMotionDecoder,
        encode=encode,
    )


SENSOR = _sensor(KIND, "MetaMotion R or RL", BMI160, "")
SENSOR_S = _sensor("metamotion-s", "MetaMotion S", BMI270, "MetaMotionS")
