"""Polar's PMD frames and settings: bytes to whole numbers and back.

A frame: type, u64 ns since 2000 of its LAST sample, frame type (bit 7: compressed), samples. Compressed: one reference
sample, then blocks of `bits, count` and count x 3 signed differences of so many bits, lowest bit first; the bits change
from block to block.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.packing import from_floats

KIND = "polar"
ACC, GYR = 2, 5
COMPRESSED = 0x80
TLV_BYTES = {0: 2, 1: 2, 2: 2, 3: 4, 4: 1, 5: 4}  # rate, resolution, range, range in thousandths, channels, factor
LAYOUT = struct.Struct("<BQB")
BLOCK_SAMPLES = 10  # of the encoder

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Frame:
    """A frame before scaling: what it measures, ns of the last sample since 2000, its type with bit 7, samples (N, 3)."""

    measures: int
    last_ns: int
    form: int
    samples: Floats


def _differences(data: bytes, reference: Ints) -> Ints:
    """All samples of a compressed frame after its reference (3,), which comes first in the result (N, 3)."""
    parts, at = [reference[None, :]], 0
    while at < len(data):
        bits, count = data[at], data[at + 1] if at + 1 < len(data) else 0
        size = -(-bits * count * 3 // 8)
        if not 1 <= bits <= 32 or count < 1 or at + 2 + size > len(data):
            raise DecodeError(KIND, f"a block of {count} samples of {bits} bits doesn't fit into its frame.")
        raw = np.unpackbits(np.frombuffer(data, np.uint8, size, at + 2), bitorder="little")[: bits * count * 3]
        weights = 1 << np.arange(bits, dtype=np.int64)
        weights[-1] *= -1  # two's complement
        parts.append(raw.reshape(-1, bits).astype(np.int64).dot(weights).reshape(-1, 3))
        at += 2 + size
    return np.cumsum(np.concatenate(parts), axis=0)


def frame(data: bytes) -> Frame:
    """A frame of the data characteristic; raises DecodeError."""
    if len(data) <= LAYOUT.size:
        raise DecodeError(KIND, f"a frame of {len(data)} bytes holds no samples.")
    measures, last_ns, form = LAYOUT.unpack_from(data)
    body, floats = data[LAYOUT.size :], (measures, form) == (GYR, COMPRESSED | 1)
    if (measures, form) not in ((ACC, 0x01), (ACC, 0x80), (ACC, 0x81), (GYR, 0x00), (GYR, 0x80), (GYR, 0x81)):
        raise DecodeError(KIND, f"frames of type {measures}, 0x{form:02x} aren't known here.")
    size = 12 if floats else 6
    if len(body) < size or (not form & COMPRESSED and len(body) % size):
        raise DecodeError(KIND, f"{len(body)} bytes aren't whole samples.")
    if not form & COMPRESSED:
        return Frame(measures, last_ns, form, np.frombuffer(body, "<i2").reshape(-1, 3).astype(float))
    samples = _differences(body[size:], np.frombuffer(body[:size], "<i4" if floats else "<i2").astype(np.int64))
    if np.abs(samples + 0.5).max() > 2 ** (31 if floats else 15):
        raise DecodeError(KIND, "differences that lead out of the range: the frame is damaged.")
    # Differences of floats are taken between their bits.
    return Frame(measures, last_ns, form, from_floats(samples.astype("<i4").tobytes()) if floats else samples.astype(float))


def settings_of(data: bytes) -> dict[int, tuple[int, ...]]:
    """The values of each setting, by its number: (number, count, values) one after another."""
    out, at = {}, 0
    while at < len(data):
        size = TLV_BYTES.get(data[at], 0)
        count = data[at + 1] if at + 1 < len(data) else 0
        if not size or not count or at + 2 + size * count > len(data):
            raise DecodeError(KIND, "settings that aren't whole.")
        values = data[at + 2 : at + 2 + size * count]
        out[data[at]] = tuple(int.from_bytes(values[i : i + size], "little") for i in range(0, len(values), size))
        at += 2 + size * count
    return out


def raw_frame(measures: int, last_ns: int, form: int, counts: Ints) -> bytes:
    """A frame that isn't compressed, of i16 samples (N, 3)."""
    return LAYOUT.pack(measures, last_ns, form) + counts.astype("<i2").tobytes()


def _block(differences: Ints) -> bytes:
    bits = int(max(int(d).bit_length() if d >= 0 else (~int(d)).bit_length() for d in differences.flat)) + 1
    raw = (differences.reshape(-1, 1) >> np.arange(bits)) & 1
    return bytes([bits, len(differences)]) + np.packbits(raw.astype(np.uint8), bitorder="little").tobytes()


def compressed_body(counts: Ints, room: int) -> tuple[bytes, int]:
    """As many of the i16 samples (N, 3) as fit into `room` bytes, compressed, and how many they are."""
    body, n = counts[0].astype("<i2").tobytes(), 1
    while n < len(counts):
        block = _block(np.diff(counts[n - 1 : n + BLOCK_SAMPLES], axis=0))
        if len(body) + len(block) > room:
            break
        body, n = body + block, min(len(counts), n + BLOCK_SAMPLES)
    return body, n
