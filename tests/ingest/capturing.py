"""Captures of simulated sensors on a virtual clock, and what they left on the disk beside what was taken."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from peripheral import Air, Peripheral

from imu_tracker.ingest.capture import Capture
from imu_tracker.ingest.disk import AppendFile, DiskFile
from imu_tracker.ingest.link import News
from imu_tracker.ingest.placed import Samples
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.numeric import Floats


@dataclass
class Handed:
    """What a capture handed on."""

    samples: list[Samples] = field(default_factory=list)
    news: list[tuple[str, News]] = field(default_factory=list)

    def note(self, placement: str, news: News) -> None:
        self.news.append((placement, news))

    def of(self, placement: str) -> list[Samples]:
        return [block for block in self.samples if block.placement == placement]

    def acc(self, placement: str) -> Floats:
        return np.concatenate([block.acc for block in self.of(placement)])

    def t(self, placement: str) -> Floats:
        return np.concatenate([block.t_s for block in self.of(placement)])


def capture_of(
    air: Air,
    folder: Path,
    wanted: Mapping[str, Peripheral],
    handed: Handed,
    create: type[AppendFile] | None = None,
) -> Capture:
    now = asyncio.get_running_loop().time
    folder.mkdir(parents=True, exist_ok=True)
    recorder = SessionRecorder(folder, {"subject": "p1"}, now, create or DiskFile)
    names = {placement: placed.address for placement, placed in wanted.items()}
    return Capture(air.radio, names, recorder, handed.samples.append, handed.note, now)


def columns(path: Path) -> dict[str, Floats]:
    """A finished file's columns."""
    table = pq.ParquetFile(path).read()
    return {name: np.array(table.column(name).to_pylist(), float) for name in table.column_names}


def words(path: Path) -> dict[str, str]:
    """What a finished file says of itself."""
    return {k.decode(): v.decode() for k, v in pq.ParquetFile(path).schema_arrow.metadata.items()}


def acc_of(found: Mapping[str, Floats]) -> Floats:
    return np.column_stack([found[name] for name in ("ax", "ay", "az")])
