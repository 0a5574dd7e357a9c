"""Every sample on disk within a second, whatever happens afterwards.

A session is a folder of its own, named by its start. In it each placement has an Arrow IPC stream (`pelvis.arrow`), to which a
batch is appended about once a second: what is written survives the end of the process, and after each fsync also a power cut.
When the session ends each becomes Parquet (`recovery.finish`, which also finishes what a crash left). Marks such as labels, quiet
standing, bows, sets and key presses are lines of JSON in `annotations.jsonl`. Nothing here reads a clock of its own.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from imu_tracker.errors import FileError, RecordingStopped, UsageError
from imu_tracker.files.tables import SI_WORDS
from imu_tracker.ingest.disk import AppendFile, DiskFile, FolderLock, sync_folder
from imu_tracker.ingest.recovery import VERSION, VERSION_KEY, Finished, finish
from imu_tracker.ingest.retiming import NUMBERS
from imu_tracker.numeric import Floats

ANNOTATIONS = "annotations.jsonl"
FLUSH_S = 0.8  # with a `keep_up` every 0.2 s or with each packet, a sample is on disk within 1 s of its coming
SYNC_S = 10.0  # what a power cut may cost; an fsync takes up to half a second on an SD card

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


@dataclass(frozen=True)
class Annotation:
    """A mark in a recording: its time on the samples' clock, what kind it is, and its values."""

    t_s: float
    kind: str
    values: Mapping[str, object]


def _file_name(placement: str) -> str:
    """A placement as a file's name on any system."""
    return re.sub(r"[^\w\-]+", "_", placement).strip("_") or "unknown"


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
        self._values: list[Floats] = []
        self._counts: list[NDArray[np.int64]] = []  # (n, 2): index and segment
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
        rows = np.full((n, 9), np.nan)
        rows[:, 0], rows[:, 1:4], rows[:, 8] = t_s, acc, arrival_s
        if gyr is not None:
            rows[:, 4:7] = gyr
        if tick_s is not None:
            rows[:, 7] = tick_s
        if not self._values:
            self._oldest_s = self._recorder.now()
        self._values.append(rows)
        counts = np.full((n, 2), -1, np.int64)
        counts[:, 1] = segment
        if index is not None:
            counts[:, 0] = index
        self._counts.append(counts)
        self.samples += n
        self._recorder.keep_up()

    def due(self, now_s: float) -> bool:
        """Whether samples have waited long enough."""
        return bool(self._values) and now_s - self._oldest_s >= FLUSH_S

    def flush(self) -> None:
        """Hand what waits to the system as one batch; raises OSError, and then it still waits."""
        if not self._values:
            return
        rows = np.concatenate(self._values)
        columns = {n: _array(rows[:, _COLUMNS.index(n)]) for n in self._names}
        counts = np.concatenate(self._counts)
        columns |= {"index": _index_array(counts[:, 0]), "segment": _array(counts[:, 1])}
        batch = pa.RecordBatch.from_arrays([columns[n] for n in self._schema.names], schema=self._schema)
        self._file.append(batch.serialize().to_pybytes())
        self._values.clear()
        self._counts.clear()

    def sync(self) -> None:
        """Wait for the disk; raises OSError."""
        self._file.sync()

    def close(self) -> None:
        """End the file; raises OSError."""
        self._file.close()


class SessionRecorder:
    """Writes one session into its folder; as a context manager it finishes the recording however the block ends.

    folder: from `new_session_folder`. about: words for every stream (subject, exercise, side ...). now: a clock that never
    jumps. create: makes a new file, raising FileExistsError rather than take one that is there. background: where the disk is
    waited for, so that an event loop isn't held up (four files: 10 to 30 ms on an SSD, up to 2 s on an SD card). Not for several
    threads. Raises FileError where the folder can't be written, UsageError where someone else records in it.
    """

    def __init__(
        self,
        folder: Path,
        about: Mapping[str, str],
        now: Callable[[], float] = time.monotonic,
        create: Callable[[Path], AppendFile] = DiskFile,
        background: Executor | None = None,
    ) -> None:
        self.folder, self.now = folder, now
        self._about, self._create = dict(about), create
        self._writers: dict[str, StreamWriter] = {}
        self._annotations: AppendFile | None = None
        self._synced_s = now()
        self._background = background
        self._syncing: Future[None] | None = None
        self._stopped: RecordingStopped | None = None
        self._finished: tuple[Finished, ...] | None = None
        try:
            lock = FolderLock.take(folder)
        except OSError as e:
            raise FileError(folder, f"the folder can't be written ({e.strerror or e}).") from e
        if lock is None:
            raise UsageError(f"{folder}: another process is recording here.")
        self._lock = lock

    def stream(self, placement: str, header: Header) -> StreamWriter:
        """Begin a placement's stream; raises UsageError where it has one, RecordingStopped where the disk takes nothing."""
        self.raise_if_stopped()
        path = self.folder / f"{_file_name(placement)}.arrow"
        taken = UsageError(f"{self.folder}: {placement} is recorded there already; each sensor needs a placement of its own.")
        if path.with_suffix(".parquet").exists():
            raise taken
        words = {**self._about, **header.words(), "placement": placement, "units": SI_WORDS}
        metadata = {k.encode(): str(v).encode() for k, v in words.items()} | {VERSION_KEY: VERSION}
        names = [n for n in _COLUMNS if header.gyroscope or not n.startswith("g")]
        fields = [pa.field(n, pa.float64(), nullable=False) for n in names]
        fields.insert(len(fields) - 2, pa.field("index", pa.int64()))
        fields.append(pa.field("segment", pa.int64(), nullable=False))
        schema = pa.schema(fields, metadata)
        try:
            file = self._create(path)
            writer = self._writers[placement] = StreamWriter(self, path, file, schema)
            file.append(schema.serialize().to_pybytes())
            sync_folder(self.folder)
        except FileExistsError:
            raise taken from None
        except OSError as e:
            raise self._stop(e) from e
        return writer

    def annotate(self, t_s: float, kind: str, values: Mapping[str, object]) -> None:
        """Append a mark at once, such as `annotate(12.5, "key", {"key": "s"})`; raises RecordingStopped."""
        self.raise_if_stopped()
        line = json.dumps({"t_s": t_s, "kind": kind, "values": dict(values)}, ensure_ascii=False)
        try:
            if self._annotations is None:
                self._annotations = self._create(self.folder / ANNOTATIONS)
                sync_folder(self.folder)
            self._annotations.append(f"{line}\n".encode())
        except OSError as e:
            raise self._stop(e) from e

    def keep_up(self) -> None:
        """Write and sync what is due. Call it every 0.2 s too, or what came before a silence stays in memory during it.

        Raises RecordingStopped where the disk takes no more.
        """
        self.raise_if_stopped()
        now_s = self.now()
        try:
            for writer in self._writers.values():
                if writer.due(now_s):
                    writer.flush()
            if self._syncing is not None and self._syncing.done():
                syncing, self._syncing = self._syncing, None
                syncing.result()
            if self._syncing is None and now_s - self._synced_s >= SYNC_S:
                self._synced_s = now_s
                self._sync()
        except OSError as e:
            raise self._stop(e) from e

    def _sync(self) -> None:
        steps = [writer.sync for writer in self._writers.values()]
        if self._annotations is not None:
            steps.append(self._annotations.sync)
        if self._background is None:
            _one_by_one(steps)
        else:
            self._syncing = self._background.submit(_one_by_one, steps)

    def raise_if_stopped(self) -> None:
        """Raise what stopped the recording, if anything did; UsageError after the end."""
        if self._finished is not None:
            raise UsageError(f"{self.folder}: this recording has ended.")
        if self._stopped is not None:
            raise self._stopped

    def _stop(self, error: OSError) -> RecordingStopped:
        self._stopped = RecordingStopped(self.folder, error)
        return self._stopped

    def close(self) -> tuple[Finished, ...]:
        """End the recording and turn each stream into Parquet; what became of each. Never raises for the disk.

        Where the disk gives no room for that, the Arrow streams stay, and `recover` finishes them at the next start.
        """
        if self._finished is None:
            if self._syncing is not None:
                _trouble(self._syncing.result)
            lost = [_write_out(writer) for writer in self._writers.values()]  # of all, before the first is finished
            if self._annotations is not None:
                _trouble(self._annotations.sync)
                _trouble(self._annotations.close)
            try:
                self._finished = tuple(_finish(w, why) for w, why in zip(self._writers.values(), lost, strict=True))
            finally:
                self._lock.release()
        return self._finished

    def __enter__(self) -> SessionRecorder:
        """The recorder itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """`close`."""
        self.close()


def _one_by_one(steps: Sequence[Callable[[], None]]) -> None:
    for step in steps:
        step()


def _trouble(step: Callable[[], None]) -> str:
    """What the disk says against a step, or nothing."""
    try:
        step()
    except OSError as e:
        return str(e.strerror or e)
    return ""


def _write_out(writer: StreamWriter) -> str:
    """Write what waits and end the file; why the last second couldn't be written, or nothing."""
    lost = _trouble(writer.flush)
    _trouble(writer.sync)
    _trouble(writer.close)
    return lost


def _finish(writer: StreamWriter, lost: str) -> Finished:
    """Make Parquet of an ended file; `lost` is said."""
    tail = f" The last second is missing ({lost})." if lost else ""
    try:
        finished = finish(writer.path)
        assert finished is not None
    except OSError as e:
        why = f"{writer.path} can't be finished now ({e.strerror or e}); the next start does it."
        return Finished(writer.path, writer.samples, why + tail)
    return Finished(finished.file, finished.samples, finished.said + tail)


def read_annotations(folder: Path) -> tuple[Annotation, ...]:
    """The marks of a session, () where there are none; a line that a crash cut short is left out. Raises FileError."""
    path = folder / ANNOTATIONS
    try:
        lines = path.read_bytes().split(b"\n") if path.exists() else []
    except OSError as e:
        raise FileError(path, f"the file can't be read ({e.strerror or e}).") from e
    found = []
    for line in lines:
        try:
            said = json.loads(line)
            found.append(Annotation(float(said["t_s"]), str(said["kind"]), dict(said["values"])))
        except (ValueError, TypeError, KeyError):
            continue
    return tuple(found)
