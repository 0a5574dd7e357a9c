"""Samples whose every value says which sample it is, a clock that is turned by hand, and a disk that fills up."""

from __future__ import annotations

import errno
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from imu_tracker.ingest.disk import AppendFile, DiskFile
from imu_tracker.ingest.writer import StreamWriter
from imu_tracker.numeric import Floats

RATE_HZ = 100.0
PACKET = 10


@dataclass
class Clock:
    """Seconds that pass only where a test says so."""

    s: float = 1000.0

    def __call__(self) -> float:
        return self.s


def samples(first: int, count: int) -> tuple[Floats, Floats, Floats]:
    """Times, accelerations and rates of `count` samples from the one with the number `first`."""
    i = np.arange(first, first + count)
    acc = np.column_stack([np.sin(i / 30.0), np.cos(i / 30.0), np.full(count, 9.80665)])
    return i / RATE_HZ, acc, np.column_stack([np.cos(i / 17.0), i * 1e-5, np.sin(i / 7.0)])


def add_packet(writer: StreamWriter, clock: Clock, count: int = PACKET) -> None:
    """The next packet, after the time that it takes to come."""
    clock.s += count / RATE_HZ
    first = writer.samples
    tick = np.full(count, np.nan)
    tick[0] = first / RATE_HZ
    writer.add(*samples(first, count), np.arange(first, first + count), tick, clock.s)


@dataclass
class SmallDisk:
    """A disk with room for so many bytes; then each write fails with `error`."""

    room: int
    error: int = errno.ENOSPC
    sync_error: int = 0
    files: list[SmallFile] = field(default_factory=list)

    def create(self, path: Path) -> AppendFile:
        self.files.append(SmallFile(self, path))
        return self.files[-1]


class SmallFile(DiskFile):
    def __init__(self, disk: SmallDisk, path: Path) -> None:
        super().__init__(path)
        self.disk, self.syncs = disk, 0

    def append(self, data: bytes) -> None:
        if len(data) > self.disk.room:
            raise OSError(self.disk.error, "no room")
        self.disk.room -= len(data)
        super().append(data)

    def sync(self) -> None:
        if self.disk.sync_error:
            raise OSError(self.disk.sync_error, "trouble")
        self.syncs += 1
