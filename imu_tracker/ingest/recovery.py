"""What a recording left on the disk, made whole: Arrow streams become Parquet, also those that a crash cut short.

    PLACEMENT.arrow                 samples as they came, a batch every second; there until the Parquet file is safe
    PLACEMENT.parquet               the finished table, which `read_recording` reads
    PLACEMENT.arrow.unread          what could not be read, kept as it was found
    recording.lock                  who is at work in this folder; gone when the work is done

`recover` runs at every start. It may be run at any time, by several processes at once, and again: where nothing is left it
does nothing, and a recording in progress it leaves alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from imu_tracker.ingest.disk import LOCK, FolderLock, sync_folder
from imu_tracker.ingest.retiming import retimed

VERSION_KEY = b"recording_version"  # in an Arrow file's metadata: it is one of ours
VERSION = b"1"

_MARK = b"\xff\xff\xff\xff"  # begins each message of an Arrow stream
_LONGEST_METADATA = 1 << 16  # a batch's takes 0.6 KiB, the heading's that and the words about the recording
_LONGEST_BATCH = 1 << 20  # a second takes 0.1 MB at 1000 Hz; what was cut from a longer one counts as unread, and is kept
_UNREADABLE = (ValueError, OSError, pa.ArrowException)
_COUNTED = ("ax", "ay", "az", "gx", "gy", "gz")
# A sensor's values are 16-bit counts times a scale, so a dictionary of them stores them exactly in a third of what
# BYTE_STREAM_SPLIT takes (1 h at 200 Hz: 10.6 MB against 33.3); times don't repeat, and fare better with the latter.
_ENCODINGS = {
    "t": "BYTE_STREAM_SPLIT",
    "tick": "BYTE_STREAM_SPLIT",
    "arrival": "BYTE_STREAM_SPLIT",
    "index": "DELTA_BINARY_PACKED",
    "segment": "DELTA_BINARY_PACKED",
}


class Found(NamedTuple):
    """What an Arrow stream's bytes hold.

    table: the rows of all whole batches, with the stream's metadata. cut: the last batch was being written when the recording
    broke off. unread: bytes that are neither a batch nor the beginning of one.
    """

    table: Any
    cut: bool
    unread: int


@dataclass(frozen=True)
class Finished:
    """What became of one stream. file: where its samples are now, None where there were none. said: one sentence."""

    file: Path | None
    samples: int
    said: str


# --- reading


def _message(data: bytes, at: int) -> tuple[Any, int]:
    """The Arrow message that begins at a byte, and where it ends; raises ValueError or OSError where none does."""
    if data[at : at + 4] != _MARK or not 0 < int.from_bytes(data[at + 4 : at + 8], "little") <= _LONGEST_METADATA:
        raise ValueError("no message begins here")
    reader = pa.BufferReader(data)
    reader.seek(at)
    try:
        return pa.ipc.read_message(reader), reader.tell()
    except EOFError as e:
        raise ValueError("no message begins here") from e


def _batch(data: bytes, at: int, schema: Any) -> tuple[Any, int]:
    """The record batch that begins at a byte, and where it ends; raises as `_message`."""
    message, end = _message(data, at)
    if message.type != "record batch":
        raise ValueError(f"a {message.type}, not samples")
    batch = pa.ipc.read_record_batch(message, schema)
    batch.validate(full=True)
    return batch, end


def _is_cut(data: bytes, at: int) -> bool:
    """Whether what stands from a byte on is the beginning of a message whose end is missing."""
    there = len(data) - at
    if there < 8:
        return _MARK.startswith(data[at : at + 4])
    length = int.from_bytes(data[at + 4 : at + 8], "little")
    if not data.startswith(_MARK, at) or not 0 < length <= _LONGEST_METADATA:
        return False
    if there < 8 + length:
        return True
    try:  # the metadata are whole: with enough bytes behind them the message is whole too, and longer than what is there
        return there < _LONGEST_BATCH and _message(data[at:] + bytes(_LONGEST_BATCH), 0)[1] > there
    except _UNREADABLE:
        return False


def whole_batches(data: bytes) -> Found:
    """Every whole batch in the bytes of an Arrow stream, also behind a damaged place; raises ValueError without its heading."""
    try:
        message, at = _message(data, 0)
        schema = pa.ipc.read_schema(message)
    except _UNREADABLE as e:
        raise ValueError(f"not an Arrow stream ({e})") from e
    batches, unread = [], 0
    while at < len(data):
        try:
            batch, at = _batch(data, at, schema)
            batches.append(batch)
            continue
        except _UNREADABLE:
            pass
        if _is_cut(data, at):
            return Found(pa.Table.from_batches(batches, schema), True, unread)
        following = data.find(_MARK, at + 1)
        following = len(data) if following < 0 else following
        unread += following - at
        at = following
    return Found(pa.Table.from_batches(batches, schema), False, unread)


# --- finishing


def _aside(path: Path) -> Path:
    """Rename a file to a name that nobody has."""
    number = 1
    while True:
        target = path.with_name(f"{path.name}.unread{'' if number == 1 else f'-{number}'}")
        if not target.exists():
            path.rename(target)
            sync_folder(path.parent)
            return target
        number += 1


def _rows(parquet: Path) -> int | None:
    try:
        return int(pq.ParquetFile(parquet).metadata.num_rows)
    except _UNREADABLE:
        return None


def _write_parquet(table: Any, target: Path) -> None:
    """A table as Parquet, whole or not at all; raises OSError."""
    part = target.with_name(f".{target.name}.part")  # one name: what a crash leaves here is overwritten
    words = {k: v for k, v in (table.schema.metadata or {}).items() if k != VERSION_KEY}
    names = table.column_names
    try:
        pq.write_table(
            table.replace_schema_metadata(words),
            part,
            compression="zstd",
            use_dictionary=[n for n in _COUNTED if n in names],
            column_encoding={n: e for n, e in _ENCODINGS.items() if n in names},
        )
        with open(part, "rb+") as f:
            os.fsync(f.fileno())
        os.replace(part, target)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
    sync_folder(target.parent)


def finish(arrow: Path) -> Finished | None:
    """Turn an Arrow stream into Parquet beside it, then remove it; the folder's lock must be held.

    The times in it are refined, the samples in the order in which they were taken (`retimed`); the raw clocks stay beside them.
    What can't be read is never deleted, but renamed. None where the file is an Arrow stream of somebody else. Raises OSError,
    such as for a full disk; then the Arrow stream is as it was.
    """
    data = arrow.read_bytes()
    if not data:  # a crash between making the file and writing its heading
        arrow.unlink()
        return Finished(None, 0, f"{arrow.name} was empty.")
    try:
        found = whole_batches(data)
    except ValueError as e:
        if _is_cut(data, 0):
            kept = _aside(arrow)
            return Finished(None, 0, f"{arrow.name} broke off before its first sample; it is kept as {kept.name}.")
        kept = _aside(arrow)
        return Finished(None, 0, f"{arrow.name} can't be read ({e}); it is kept as {kept.name}.")
    version = (found.table.schema.metadata or {}).get(VERSION_KEY)
    if version is None:
        return None
    if version != VERSION:
        return Finished(arrow, found.table.num_rows, f"{arrow.name} was written by a newer version, which can finish it.")
    table, target, said = retimed(found.table), arrow.with_suffix(".parquet"), []
    samples = table.num_rows
    if samples and _rows(target) != samples:  # equal: a crash came between writing the one and removing the other
        if target.exists():
            said.append(f"a {target.name} that doesn't belong to it is kept as {_aside(target).name}")
        _write_parquet(table, target)
    if found.cut:
        said.append("the second that was being written is missing")
    if found.unread:
        said.append(f"{found.unread} bytes can't be read, and the original is kept as {_aside(arrow).name}")
    else:
        arrow.unlink()
    ending = f"; {'; '.join(said)}." if said else "."
    if not samples:
        return Finished(None, 0, f"{arrow.name} holds no samples{ending}")
    return Finished(target, samples, f"{target.name} holds {samples} samples{ending}")


# --- at the next start


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    lock = FolderLock.take(folder)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            lock.release()


def _left(folder: Path) -> list[Path]:
    return sorted(p for p in folder.glob("*.arrow") if p.is_file())


def recover(root: Path) -> tuple[Finished, ...]:
    """Finish what crashed recordings left in the session folders under a root; what became of each is said.

    Folders in which a recording or another recovery is at work are left alone. A folder that can't be written (a full disk, a
    read-only one) is said so, stays as it is, and doesn't keep the others from being recovered. Never raises for what it finds.
    """
    done: list[Finished] = []
    try:
        folders = sorted(p for p in root.iterdir() if p.is_dir())
    except OSError:
        return ()
    for folder in folders:
        try:
            if not _left(folder) and not ((folder / LOCK).exists() and any(folder.glob("*.parquet"))):
                continue  # also a folder that someone is about to record in: for the lock of that one nobody may compete
            with _locked(folder) as ours:
                for arrow in _left(folder) if ours else ():
                    done.extend(_finish_or_say(arrow))
        except OSError as e:
            done.append(Finished(None, 0, f"{folder} can't be recovered now ({e.strerror or e}); nothing in it was changed."))
    return tuple(done)


def _finish_or_say(arrow: Path) -> list[Finished]:
    """`finish`, with trouble said instead of raised."""
    try:
        finished = finish(arrow)
    except _UNREADABLE as e:
        why = getattr(e, "strerror", None) or e
        return [Finished(arrow, 0, f"{arrow} can't be finished now ({why}); it is kept for the next start.")]
    return [] if finished is None else [finished]
