"""One placement's samples on their way to the disk: gathered, and appended as Arrow batches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from imu_tracker.files.tables import SI_WORDS
from imu_tracker.ingest.disk import AppendFile
from imu_tracker.ingest.recovery import VERSION, VERSION_KEY
from imu_tracker.ingest.retiming import NUMBERS
from imu_tracker.numeric import Floats

if TYPE_CHECKING:
    from imu_tracker.ingest.recorder import SessionRecorder

FLUSH_S = 0.8  # with a `keep_up` every 0.2 s or with each packet, a sample is on disk within 1 s of its coming

_COUNTS = ("index", "segment")
_COLUMNS = ("t", "ax", "ay", "az", "gx", "gy", "gz", "tick", "arrival")


@dataclass(frozen=True)
class Header:
    """What is known of a stream when it begins: the sensor's kind, its settings, whether it has a gyroscope; more: any words.

    numbers: where `index` comes from, the sensor's own `index` or a clock that has `counted`; then times are refined at the end.
    """

    sensor: str
    rate_hz: float
    firmware: str = ""
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None
    gyroscope: bool = True
    numbers: Literal["index", "counted"] | None = None
    more: Mapping[str, str] | None = None

    def words(self) -> dict[str, str]:
        """As a file's metadata; what isn't known is left out."""
        numbers = {"rate_hz": self.rate_hz, "acc_range_g": self.acc_range_g, "gyr_range_dps": self.gyr_range_dps}
        said = {k: f"{v:g}" for k, v in numbers.items() if v is not None}
        said |= {k: v for k, v in (("firmware", self.firmware), (NUMBERS, self.numbers)) if v}
        return {**(self.more or {}), "sensor": self.sensor, **said}


def schema_of(placement: str, header: Header, about: Mapping[str, str]) -> Any:
    """The Arrow schema of a placement's stream, with all that is known of it as metadata."""
    words = {**about, **header.words(), "placement": placement, "units": SI_WORDS}
    metadata = {k.encode(): str(v).encode() for k, v in words.items()} | {VERSION_KEY: VERSION}
    names = [n for n in _COLUMNS if header.gyroscope or not n.startswith("g")]
    fields = [pa.field(n, pa.float64(), nullable=False) for n in names]
    fields.insert(len(fields) - 2, pa.field("index", pa.int64()))
    fields.append(pa.field("segment", pa.int64(), nullable=False))
    return pa.schema(fields, metadata)


def _array(values: NDArray[Any]) -> Any:
    """An Arrow array without nulls (`pa.array` would import pandas)."""
    values = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [None, pa.py_buffer(values)])


def _index_array(index: NDArray[np.int64]) -> Any:
    """An Arrow array of int64, null where the index is negative."""
    given = index >= 0
    if given.all():
        return _array(index)
    bits = np.packbits(given, bitorder="little")
    values = np.where(given, index, 0)
    return pa.Array.from_buffers(pa.int64(), len(index), [pa.py_buffer(bits), pa.py_buffer(values)])


class StreamWriter:
    """One placement's samples on their way to disk; made by `SessionRecorder.stream`."""

    def __init__(self, recorder: SessionRecorder, path: Path, file: AppendFile, schema: Any) -> None:
        self.path = path
        self.samples = 0  # that were added, on disk or not yet
        self._recorder, self._file, self._schema = recorder, file, schema
        self._names = [n for n in schema.names if n not in _COUNTS]
        self._waiting = 0  # rows of these two that wait
        self._values: Floats = np.empty((256, len(_COLUMNS)))
        self._counts: NDArray[np.int64] = np.empty((256, len(_COUNTS)), np.int64)
        self._oldest_s = 0.0

    def add(
        self,
        t_s: Floats,
        acc: Floats,
        gyr: Floats | None,
        index: NDArray[np.int64] | None,
        tick_s: Floats | float | None,
        arrival_s: Floats | float,
        segment: NDArray[np.int64] | int = 0,
    ) -> None:
        """Append samples, in the order in which they came.

        t_s (N,) the best time known now; acc (N, 3) m/s²; gyr (N, 3) rad/s or None (written as NaN where the stream has a
        gyroscope). The raw clocks, from which times can be found anew: index (N,) the sensor's count, or None; tick_s its clock
        for each sample (N,), NaN where it gave none, or one for all, or None; arrival_s the receiver's clock, (N,) or one for
        all; segment (N,) or one for all: index and tick compare within one only. Raises RecordingStopped where the disk takes no
        more.
        """
        self._recorder.raise_if_stopped()
        n = len(t_s)
        if n == 0:
            return
        a, b = self._waiting, self._waiting + n
        if b > len(self._values):
            self._values = np.concatenate([self._values, np.empty((b, len(_COLUMNS)))])
            self._counts = np.concatenate([self._counts, np.empty((b, len(_COUNTS)), np.int64)])
        rows, counts = self._values[a:b], self._counts[a:b]
        rows[:, 0], rows[:, 1:4], rows[:, 8] = t_s, acc, arrival_s
        rows[:, 4:7] = np.nan if gyr is None else gyr
        rows[:, 7] = np.nan if tick_s is None else tick_s
        counts[:, 0], counts[:, 1] = -1 if index is None else index, segment
        if not a:
            self._oldest_s = self._recorder.now()
        self._waiting = b
        self.samples += n
        self._recorder.keep_up()

    def due(self, now_s: float) -> bool:
        """Whether samples have waited long enough."""
        return self._waiting > 0 and now_s - self._oldest_s >= FLUSH_S

    def flush(self) -> None:
        """Hand what waits to the system as one batch; raises OSError, and then it still waits."""
        if not self._waiting:
            return
        rows, counts = self._values[: self._waiting], self._counts[: self._waiting]
        columns = {n: _array(rows[:, _COLUMNS.index(n)]) for n in self._names}
        columns |= {"index": _index_array(counts[:, 0]), "segment": _array(counts[:, 1])}
        batch = pa.RecordBatch.from_arrays([columns[n] for n in self._schema.names], schema=self._schema)
        self._file.append(batch.serialize().to_pybytes())
        self._waiting = 0

    def sync(self) -> None:
        """Wait for the disk; raises OSError."""
        self._file.sync()

    def close(self) -> None:
        """End the file; raises OSError."""
        self._file.close()
