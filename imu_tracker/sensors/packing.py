"""Numbers in bytes, as the decoders share them: counts to SI units and back, and what no sensor can have measured."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.sensors.base import Battery

DEGREE = math.pi / 180.0
G = GRAVITY_M_S2

# The widest ranges of motion sensors sold are 200 g and 4000 deg/s; values beyond are damaged bytes.
MOST_ACC = 200.0 * G
MOST_GYR = 4000.0 * DEGREE


def from_counts(data: bytes, scale: float) -> Floats:
    """Little-endian i16 triples to (N, 3) in SI; the length must be a multiple of 6."""
    return np.frombuffer(data, "<i2").reshape(-1, 3) * scale


def to_counts(values: Floats, scale: float) -> NDArray[np.int16]:
    """SI values as the nearest counts, held at the ends of the range."""
    return np.clip(np.rint(np.asarray(values) / scale), -(2**15), 2**15 - 1).astype("<i2")


def from_floats(data: bytes) -> Floats:
    """Little-endian f32 triples to (N, 3); the length must be a multiple of 12."""
    with np.errstate(invalid="ignore"):  # some patterns of bits are not numbers; `believed` refuses them
        return np.frombuffer(data, "<f4").reshape(-1, 3).astype(float)


def believed(kind: str, acc: Floats | None, gyr: Floats | None) -> None:
    """Raise DecodeError where values are not numbers, or more than any sensor measures."""
    for values, most, word in ((acc, MOST_ACC, "acceleration"), (gyr, MOST_GYR, "turning rate")):
        if values is not None and not (np.abs(values) <= most).all():
            raise DecodeError(kind, f"{word} that no sensor can measure: the packet is damaged.")


def battery_level(kind: str, data: bytes) -> Battery:
    """The Bluetooth battery service's one byte; raises DecodeError where it isn't a percentage."""
    if len(data) != 1 or data[0] > 100:
        raise DecodeError(kind, f"a battery level of {data.hex() or 'no bytes'} isn't a percentage.")
    return Battery(percent=float(data[0]))
