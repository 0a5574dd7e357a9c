"""A session as one file, to give away or to keep elsewhere: a ZIP of its folder; and back, whoever made the file.

    2026-11-21_14-35-31/pelvis.parquet
    2026-11-21_14-35-31/session.json ...

What comes in is trusted in nothing: only files that a session has are taken, within limits, each is read and checked before the
session appears in the store, and the analysis is made anew from the samples (by the wish in the file).
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import stat
import time
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from imu_tracker.errors import FileError, ImuTrackerError
from imu_tracker.files.writing import write_atomically
from imu_tracker.ingest.recorder import ANNOTATIONS
from imu_tracker.session import keeping
from imu_tracker.session.opened import state_of
from imu_tracker.session.sharing import INCOMING, alone, claim, incoming_folder
from imu_tracker.session.store import Store

MOST_MEMBERS = 64  # ten placements, the words, and what couldn't be read
MOST_BYTES = 2 << 30  # a day of ten sensors at 100 Hz
MOST_WORDS = 64 << 20  # an hour's session.json is 0.3 MB
MOST_VALUES = 1 << 28  # numbers in the tables together, 2 GiB unpacked: Parquet of constant columns shrinks without limit
MOST_RATIO = 200  # words shrink 10-fold, tables are Parquet already; a bomb shrinks 1000-fold
STALE_S = 86400.0  # what an import left that was ended in the middle

_PACKED = (*keeping.WORDS, ANNOTATIONS)
_SAMPLES = re.compile(r"[\w\-]{1,100}\.parquet")
_NAME = re.compile(r"[\w\-]{1,100}")
_BLOCK = 1 << 20
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, ImportError)


def export_session(store: Store, name: str, target: Path) -> None:
    """Write a session to a ZIP, as a whole or not at all; raises NoSuchSession, FileError, also while it is recorded."""
    folder = store.folder(name)
    if state_of(folder) == "recording":
        raise FileError(folder, "this session is still being recorded.")
    if not keeping.samples_of(folder):
        raise FileError(folder, "there are no samples here.")
    with write_atomically(target) as part, zipfile.ZipFile(part, "w") as parcel:
        for path in _files(folder):
            packed = zipfile.ZIP_STORED if path.suffix == ".parquet" else zipfile.ZIP_DEFLATED
            parcel.write(path, f"{name}/{path.name}", packed)


def import_session(store: Store, source: Path) -> str:
    """Take a session from a ZIP into the store; its name there, which it has already where the very same session is there.

    Raises FileError, with one sentence, and leaves nothing then.
    """
    try:
        store.root.mkdir(parents=True, exist_ok=True)
        _sweep(store.root)
        with incoming_folder(store.root) as incoming:
            name = _unpacked(source, incoming)
            for path in keeping.samples_of(incoming / name):
                _check_samples(path, source)
            try:
                alone_there = Store(incoming)
                alone_there.analyse(name)
                alone_there.open(name)
            except ImuTrackerError as e:
                why = str(e).removeprefix(f"{e.path}: ") if isinstance(e, FileError) else str(e)
                raise FileError(source, f"its session can't be used: {why}") from e
            with alone(store.root):
                return _there(store, name, incoming / name) or claim(store.root, name, incoming / name)
    except OSError as e:
        raise FileError(source, f"the session can't be taken in ({e.strerror or e}).") from e


def _files(folder: Path) -> list[Path]:
    """What of a session is packed."""
    return [p for p in sorted(folder.iterdir()) if p.is_file() and (p.name in _PACKED or _SAMPLES.fullmatch(p.name))]


def _there(store: Store, name: str, folder: Path) -> str | None:
    """The session in the store that is the same, under this name or it with a number; or None."""
    new = [p for p in _files(folder) if p.name != keeping.SESSION]  # that can be made anew
    for other in store.names():
        if other != name and not re.fullmatch(re.escape(name) + r"-\d+", other):
            continue
        old = [p for p in _files(store.folder(other)) if p.name != keeping.SESSION]
        alike = [p.name for p in old] == [p.name for p in new]
        if alike and all(filecmp.cmp(a, b, shallow=False) for a, b in zip(old, new, strict=True)):
            return other
    return None


def _sweep(root: Path) -> None:
    """Remove what imports left that were ended in the middle; their files are still where they came from."""
    for left in root.glob(f"{INCOMING}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_S:
                shutil.rmtree(left, ignore_errors=True)


def _unpacked(source: Path, incoming: Path) -> str:
    """Unpack a parcel's session into a folder; its name. Raises FileError."""
    try:
        with zipfile.ZipFile(source) as parcel:
            name, members = _members(parcel, source)
            folder = incoming / name
            folder.mkdir()
            for file_name, info in members.items():
                _unpack(parcel, info, folder / file_name)
            return name
    except FileNotFoundError as e:
        raise FileError(source, "there is no such file.") from e
    except _DAMAGED as e:
        what = "it is damaged, locked with a password, or no ZIP"
        raise FileError(source, f"{what} ({' '.join(str(e).split())[:120] or type(e).__name__}).") from e


def _members(parcel: zipfile.ZipFile, source: Path) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    """The session's name and its files by their names; raises FileError for anything that a parcel of ours doesn't have."""
    infos = parcel.infolist()
    if len(infos) > MOST_MEMBERS:
        raise FileError(source, f"it holds {len(infos)} files, more than a session has.")
    names, members = set(), {}
    for info in infos:
        shown = info.filename[:80]
        name, slash, file_name = info.filename.partition("/")
        if not slash or not _NAME.fullmatch(name):
            raise FileError(source, f"it isn't an exported session: {shown!r} isn't in a folder named as a session is.")
        names.add(name)
        if not file_name:
            continue
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise FileError(source, f"{shown!r} in it is a link, or no ordinary file.")
        if file_name not in _PACKED and not _SAMPLES.fullmatch(file_name):
            raise FileError(source, f"it isn't an exported session: {shown!r} is no file that a session has.")
        if file_name in members:
            raise FileError(source, f"{shown!r} is in it twice.")
        if info.file_size > (MOST_BYTES if file_name.endswith(".parquet") else MOST_WORDS):
            raise FileError(source, f"{shown!r} in it would unpack to {info.file_size / 1e6:.0f} MB, more than a session has.")
        if info.file_size > max(_BLOCK, MOST_RATIO * info.compress_size):
            raise FileError(source, f"{shown!r} in it would swell beyond reason when unpacked.")
        members[file_name] = info
    if len(names) != 1 or not any(n.endswith(".parquet") for n in members):
        raise FileError(source, "it isn't an exported session: that is one folder with the samples in it.")
    if sum(i.file_size for i in members.values()) > MOST_BYTES:
        raise FileError(source, "it would unpack to more than a session has.")
    return names.pop(), members


def _unpack(parcel: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    """One file, by its own name in our folder; no more of it than it says that it has."""
    with parcel.open(info) as packed, open(target, "xb") as out:
        shutil.copyfileobj(packed, out, _BLOCK)
        out.flush()
        os.fsync(out.fileno())


def _check_samples(path: Path, source: Path) -> None:
    """Refuse what no table of samples is, before its values are unpacked; raises FileError."""
    try:
        about = pq.ParquetFile(path)
        values, names = about.metadata.num_rows * about.metadata.num_columns, about.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError) as e:
        raise FileError(source, f"{path.name} in it is damaged, or no Parquet file.") from e
    if values > MOST_VALUES or about.metadata.num_columns > 32:
        raise FileError(source, f"{path.name} in it holds {values} values, more than a session has.")
    if not {"t", "ax", "ay", "az"} <= set(names):
        raise FileError(source, f"{path.name} in it has other columns than t, ax, ay, az.")
