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

from imu_tracker.errors import FileError, RecordingStopped, UsageError
from imu_tracker.ingest.disk import AppendFile, DiskFile, FolderLock, sync_folder
from imu_tracker.ingest.recovery import Finished, finish
from imu_tracker.ingest.writer import Header, StreamWriter, schema_of

ANNOTATIONS = "annotations.jsonl"
SYNC_S = 10.0  # what a power cut may cost; an fsync takes up to half a second on an SD card


@dataclass(frozen=True)
class Annotation:
    """A mark in a recording: its time on the samples' clock, what kind it is, and its values."""

    t_s: float
    kind: str
    values: Mapping[str, object]


def line_of(mark: Annotation) -> str:
    """A mark as its line in the file."""
    words = {"t_s": mark.t_s, "kind": mark.kind, "values": dict(mark.values)}
    return json.dumps(words, ensure_ascii=False) + "\n"


def file_name(placement: str) -> str:
    """A placement as a file's name on any system."""
    return re.sub(r"[^\w\-]+", "_", placement).strip("_") or "unknown"


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
        path = self.folder / f"{file_name(placement)}.arrow"
        taken = UsageError(f"{self.folder}: {placement} is recorded there already; each sensor needs a placement of its own.")
        if path.with_suffix(".parquet").exists():
            raise taken
        schema = schema_of(placement, header, self._about)
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
        line = line_of(Annotation(t_s, kind, values))
        try:
            if self._annotations is None:
                self._annotations = self._create(self.folder / ANNOTATIONS)
                sync_folder(self.folder)
            self._annotations.append(line.encode())
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
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return tuple(found)
