"""Every kind of file that is read, good, and how it is read: for tests and fuzzers that spoil it.

A reader takes spoiled bytes and a folder to put them in. It ends in peace or in one of the package's own errors.
"""

from __future__ import annotations

import functools
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import made
from kept_sessions import NAME, a_session, kept, recorded

from imu_tracker.analysis import analyze
from imu_tracker.cli.guide import read_guide
from imu_tracker.cli.options import declared
from imu_tracker.cohort.kept import JOURNAL
from imu_tracker.cohort.kept import Kept as Results
from imu_tracker.errors import ImuTrackerError
from imu_tracker.files.datasets import read_dataset
from imu_tracker.files.reading import read_recording
from imu_tracker.files.writing import write_table
from imu_tracker.ingest.recorder import ANNOTATIONS, read_annotations
from imu_tracker.ingest.recovery import recover
from imu_tracker.recognition.modelfile import load_model
from imu_tracker.recognition.naming import BUILTIN
from imu_tracker.results import to_json
from imu_tracker.session import SetCount, edits, said
from imu_tracker.session.parcels import export_session, import_session
from imu_tracker.session.store import Store


@dataclass(frozen=True)
class Target:
    """good: the bytes of a whole file. read: reads what has become of them. json: whether it is JSON."""

    good: Callable[[], bytes]
    read: Callable[[bytes, Path], object]
    json: bool = False


def survive(target: Target, data: bytes) -> str | None:
    """Read the bytes; what was said against them, None where they were taken. Raises what isn't the package's own error."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            target.read(data, Path(folder))
        except ImuTrackerError as e:
            return str(e)
    return None


def _table(suffix: str) -> Callable[[], bytes]:
    @functools.cache
    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"a{suffix}"
            write_table(made.recording(made.Plan(reps=3, quiet_s=1.0), 25.0).streams["pelvis"], path, {"placement": "pelvis"})
            return path.read_bytes()

    return make


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("walk/data.csv", _table(".csv")())
    return out.getvalue()


def _recording(suffix: str) -> Callable[[bytes, Path], object]:
    def read(data: bytes, folder: Path) -> object:
        (folder / f"a{suffix}").write_bytes(data)
        return read_recording([str(folder / f"a{suffix}")])

    return read


def _dataset(spoiled: str) -> Callable[[bytes, Path], object]:
    def read(data: bytes, folder: Path) -> object:
        (folder / "manifest.csv").write_text("file,reps,exercise\na.csv,3,squat\n")
        (folder / spoiled).write_bytes(data)
        return read_dataset(folder)

    return read


def _session_file(name: str) -> Callable[[bytes, Path], object]:
    """The store must go on listing, and keep a person's words as they are, whatever they have become."""

    def read(data: bytes, folder: Path) -> object:
        place = kept(folder)
        (place / name).write_bytes(data)
        store = Store(folder)
        try:
            assert [one.name for one in store.list()] == [NAME]
            return store.open(NAME)
        finally:
            assert name not in (edits_file, said_file) or (place / name).read_bytes() == data

    return read


def _samples(data: bytes, folder: Path) -> object:
    (folder / NAME).mkdir()
    (folder / NAME / "pelvis.parquet").write_bytes(data)
    return Store(folder).open(NAME)


def _index(data: bytes, folder: Path) -> object:
    kept(folder)
    before = [one.entry for one in Store(folder).list()]
    (folder / "index.sqlite").write_bytes(data)
    assert [one.entry for one in Store(folder).list()] == before
    return None


@functools.cache
def _an_index() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        kept(Path(folder))
        Store(Path(folder)).list()
        return (Path(folder) / "index.sqlite").read_bytes()


@functools.cache
def _a_parcel() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        recorded(Path(folder) / "store", reps=4)
        store = Store(Path(folder) / "store")
        store.open(NAME)
        export_session(store, NAME, Path(folder) / "parcel.zip")
        return (Path(folder) / "parcel.zip").read_bytes()


def _parcel(data: bytes, folder: Path) -> object:
    (folder / "parcel.zip").write_bytes(data)
    try:
        return import_session(Store(folder / "store"), folder / "parcel.zip")
    finally:
        assert {p.name for p in folder.iterdir()} <= {"parcel.zip", "store"}, "something was unpacked outside"


def _guide(data: bytes, folder: Path) -> object:
    (folder / "guide.json").write_bytes(data)
    (folder / "a.csv").write_bytes(_table(".csv")())
    return read_guide(str(folder / "guide.json"), [str(folder / "a.csv")], declared())


def _journal(data: bytes, folder: Path) -> object:
    (folder / JOURNAL).write_bytes(data)
    with Results(folder) as results:
        return results.key_of("a.csv")


@functools.cache
def _a_result() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.csv").write_bytes(_table(".csv")())
        return to_json(analyze(read_recording([str(Path(folder) / "a.csv")]))).encode()


def _annotations(data: bytes, folder: Path) -> object:
    (folder / ANNOTATIONS).write_bytes(data)
    return read_annotations(folder)


def _model(data: bytes, folder: Path) -> object:
    (folder / "model").write_bytes(data)
    return load_model(folder / "model")


def _stream(data: bytes, folder: Path) -> object:
    """A crashed recording's leftovers: read or kept, never lost."""
    (folder / NAME).mkdir()
    (folder / NAME / "pelvis.arrow").write_bytes(data)
    recover(folder)
    assert not data or any((folder / NAME).iterdir())
    shutil.rmtree(folder / NAME)
    return None


def _a_session() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return (kept(Path(folder)) / "session.json").read_bytes()


edits_file, said_file = "edits.json", "said.json"
GUIDE = json.dumps({"schema": 1, "recording": "a.csv", "reps": [[0.5, 2.0], [2.5, 3.0]]}).encode()
SAID = said.to_json(said.Said().with_set(a_session().sets[0], effort=7, note="left knee wobbled")).encode()

TARGETS = {
    "csv": Target(_table(".csv"), _recording(".csv")),
    "parquet": Target(_table(".parquet"), _recording(".parquet")),
    "zip": Target(_zip, _recording(".zip")),
    "manifest": Target(lambda: b"file,reps,exercise\na.csv,3,squat\n", _dataset("manifest.csv")),
    "segments": Target(lambda: b"file,start_s,end_s,reps\na.csv,1,20,3\n", _dataset("segments.csv")),
    "model": Target(lambda: (Path(load_model.__code__.co_filename).parent / BUILTIN).read_bytes(), _model),
    "session": Target(_a_session, _session_file("session.json"), json=True),
    "corrections": Target(
        lambda: edits.to_json(edits.Edits().then(SetCount(1, 9))).encode(), _session_file(edits_file), json=True
    ),
    "said": Target(lambda: SAID, _session_file(said_file), json=True),
    "samples": Target(_table(".parquet"), _samples),
    "index": Target(_an_index, _index),
    "parcel": Target(_a_parcel, _parcel),
    "guide": Target(lambda: GUIDE, _guide, json=True),
    "guide from a session": Target(_a_result, _guide, json=True),
    "journal": Target(lambda: b'{"file": "a.csv", "key": "00ff", "check": 12345}\n', _journal, json=True),
    "annotations": Target(lambda: b'{"t_s": 12.5, "kind": "key", "values": {"key": "s"}}\n', _annotations, json=True),
    "stream": Target(_table(".parquet"), _stream),
}
