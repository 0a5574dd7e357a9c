"""What a batch leaves in its folder, so that the next call goes on from there.

    results/RECORDING.json    what `analyze --json` writes
    batch.jsonl               for each result the key it was made by, and a check of its bytes; the last line of a name counts
    sets, reps, recordings    the tables, as .parquet and .csv, made at the end

A result without its line, or another than the line says, is made again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePath
from typing import IO

from imu_tracker.cohort.work import Outcome
from imu_tracker.errors import FileError, UsageError
from imu_tracker.files.writing import write_text
from imu_tracker.ingest.disk import FolderLock
from imu_tracker.results import Session, from_dict

JOURNAL, RESULTS, LOCK = "batch.jsonl", "results", "batch.lock"
_LONGEST = 200  # bytes of a file's name, of the 255 that systems allow


def result_name(name: str) -> PurePath:
    """Where in `results` a recording's result is: by its name in the dataset, never outside of the folder."""
    path = PurePath(name)
    parts = [p for p in path.parts if p not in ("..", path.anchor)]
    if len(parts) < len(path.parts) or not parts or any(len(p.encode(errors="replace")) > _LONGEST for p in parts):
        parts = [f"{path.stem[:40]}-{zlib.crc32(name.encode(errors='replace')):08x}"]
    return PurePath(*parts[:-1], f"{parts[-1]}.json")


class Kept:
    """The results in a folder, for one batch at a time; as a context manager it holds the folder.

    Raises FileError where the folder can't be written, UsageError where another batch writes in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = FolderLock.take(folder, LOCK)
        except OSError as e:
            raise FileError(folder, f"no results can be written there ({e.strerror or e}).") from e
        if lock is None:
            raise UsageError(f"{folder}: another batch is at work there.")
        self._lock = lock
        self._journal: IO[bytes] | None = None
        try:
            self._lines = self._read()
        except BaseException:
            lock.release()
            raise

    def _read(self) -> dict[str, tuple[str, int]]:
        """Key and check of each name; a line that a crash cut short is passed over."""
        path, found = self.folder / JOURNAL, {}
        try:
            lines = path.read_bytes().split(b"\n") if path.exists() else []
        except OSError as e:
            raise FileError(path, f"the file can't be read ({e.strerror or e}).") from e
        for line in lines:
            with suppress(ValueError, TypeError, KeyError, RecursionError):
                said = json.loads(line)
                found[str(said["file"])] = (str(said["key"]), int(said["check"]))
        return found

    def path_of(self, name: str) -> Path:
        """The file of a recording's result."""
        return self.folder / RESULTS / result_name(name)

    def key_of(self, name: str) -> str | None:
        """By which key the result at hand was made; None where there is none, or not the one that was written."""
        key, check = self._lines.get(name, (None, 0))
        try:
            whole = key is not None and zlib.crc32(self.path_of(name).read_bytes()) == check
        except OSError:
            whole = False
        return key if whole else None

    def keep(self, outcome: Outcome) -> None:
        """Write a result, then that it is there. Raises FileError."""
        if outcome.text is None or outcome.key is None:
            return
        path = self.path_of(outcome.name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as e:
            raise FileError(path.parent, f"the folder can't be made ({e.strerror or e}).") from e
        write_text(path, outcome.text)
        self._lines[outcome.name] = (outcome.key, zlib.crc32(outcome.text.encode(errors="replace")))
        self._note({"file": outcome.name, "key": outcome.key, "check": self._lines[outcome.name][1]})

    def _note(self, line: Mapping[str, object]) -> None:
        path = self.folder / JOURNAL
        try:
            if self._journal is None:
                self._journal = open(path, "ab", buffering=0)  # noqa: SIM115  (closed with the batch)
                if self._journal.tell():
                    self._journal.write(b"\n")  # the last line may have been cut short
            self._journal.write(json.dumps(line, ensure_ascii=False).encode(errors="replace") + b"\n")
        except OSError as e:
            raise FileError(path, f"the file can't be written ({e.strerror or e}).") from e

    def session(self, name: str) -> Session:
        """A recording's result. Raises FileError where it isn't there any more."""
        path = self.path_of(name)
        try:
            return from_dict(json.loads(path.read_bytes()))
        except OSError as e:
            raise FileError(path, f"the result can't be read ({e.strerror or e}).") from e
        except ValueError as e:
            raise FileError(path, "the result has been changed by someone else; remove it, and call again.") from e

    def __enter__(self) -> Kept:
        """The results themselves."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Let others have the folder."""
        if self._journal is not None:
            self._journal.close()
        self._lock.release()
