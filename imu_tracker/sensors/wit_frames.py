"""WitMotion's frames: where they begin and end in a stream that is cut and joined at will, and how they are made.

A frame is 55 61 and 9 i16 (acc, gyr, angle), perhaps YY MM DD hh mm ss and u16 ms; an answer is 55 71 reg 00 and 8 i16.
There is no checksum, so a frame is believed only where another begins right behind it or the notification ends. What is
lost between the halves of a split frame can't be noticed at all.
"""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from typing import NamedTuple

from imu_tracker.numeric import Floats
from imu_tracker.sensors.packing import DEGREE, G, to_counts

ACC, GYR = 16 * G / 2**15, 2000 * DEGREE / 2**15
SAMPLE, ANSWER = b"\x55\x61", b"\x55\x71"
SIZE, CLOCK = 20, 8
YEAR_0 = datetime(2000, 1, 1)


def begins(data: bytes) -> bool:
    """Whether these bytes can be the beginning of a frame; none at all can."""
    return data[:2] in (b"", SAMPLE[:1], SAMPLE, ANSWER)


def clock_s(data: bytes) -> float | None:
    """Seconds since 2000 of the chip's clock, None where it can't be one. A clock never set has month and day 0."""
    if len(data) < CLOCK:
        return None
    year, month, day, hour, minute, second, ms = struct.unpack("<6BH", data)
    try:
        moment = datetime(2000 + year, month or 1, day or 1, hour, minute, second, ms * 1000)
    except ValueError:
        return None
    return (moment - YEAR_0) / timedelta(seconds=1)


class Split(NamedTuple):
    """What a stretch of bytes holds."""

    frames: list[bytes]
    rest: bytes  # the beginning of a frame that goes on in the next notification
    skipped: int  # bytes that belong to no frame


def _size(data: bytes, clock_follows: bool) -> int | None:
    """The size of the frame at the beginning of these bytes; 0 where there is none, None where more bytes must come."""
    if not begins(data):
        return 0
    if len(data) < SIZE:
        return None
    after = data[SIZE:]
    if not after and not (clock_follows and data[:2] == SAMPLE):
        return SIZE
    if len(after) >= 2 and begins(after):
        return SIZE
    if data[:2] == ANSWER:
        return None if begins(after) else 0
    if len(after) < CLOCK:
        return None
    return SIZE + CLOCK if clock_s(after[:CLOCK]) is not None and begins(after[CLOCK:]) else 0


def split(data: bytes, clock_follows: bool) -> Split:
    """The frames in these bytes. clock_follows: a frame of 20 bytes at their end has its clock yet to come."""
    frames, at, skipped = [], 0, 0
    while at < len(data) and (size := _size(data[at : at + 2 * (SIZE + CLOCK)], clock_follows)) is not None:
        if size:
            frames.append(data[at : at + size])
        else:
            following = data.find(SAMPLE[:1], at + 1)
            size = (len(data) if following < 0 else following) - at
            skipped += size
        at += size
    return Split(frames, data[at:], skipped)


def frame(acc: Floats, gyr: Floats, time_s: float | None = None) -> bytes:
    """One sample's frame: 20 bytes, or 28 with the chip's clock in seconds since 2000. The angles are left at zero."""
    out = SAMPLE + to_counts(acc, ACC).tobytes() + to_counts(gyr, GYR).tobytes() + bytes(6)
    if time_s is None:
        return out
    m = YEAR_0 + timedelta(milliseconds=round(time_s * 1000))
    return out + struct.pack("<6BH", m.year - 2000, m.month, m.day, m.hour, m.minute, m.second, m.microsecond // 1000)
