"""A dataset: a folder of recordings with a `manifest.csv`, and a `segments.csv` where recordings hold several sets."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from imu_tracker.errors import FileError
from imu_tracker.files.metabase import twin_of
from imu_tracker.files.phones import belongs_to_bundle
from imu_tracker.files.reading import read_placed
from imu_tracker.files.units import UNDECLARED, Units
from imu_tracker.recording import Recording, placement_name

_HALVES = ("acc", "accelerometer", "gyr", "gyro", "gyroscope")  # `file_acc`, `file_gyr`: two files of one sensor
MANIFEST, SEGMENTS = "manifest.csv", "segments.csv"
ENDINGS = (
    ".csv",
    ".parquet",
    ".zip",
    ".cwa",
    ".c3d",
    ".xdf",
)  # of recordings that no manifest names
_KNOWN = ("exercise", "subject", "placement", "side", "session", "reps")


@dataclass(frozen=True)
class Segment:
    """A set inside a recording, [start_s, end_s) from its first sample; what isn't known is None."""

    file: str
    start_s: float
    end_s: float
    exercise: str | None = None
    side: str | None = None
    reps: int | None = None


@dataclass(frozen=True)
class Row:
    """One recording of a dataset.

    name: the manifest's word for the file, by which predictions are reported. files: placement (None: the file's own word) and
    path. more: all other columns as text. segments: the sets that are marked in it.
    """

    name: str
    files: tuple[tuple[str | None, Path], ...]
    exercise: str | None = None
    subject: str | None = None
    side: str | None = None
    session: str | None = None
    reps: int | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()

    def read(self, units: Units = UNDECLARED) -> Recording:
        """The recording; raises FileError, ColumnsError or UsageError."""
        return read_placed(self.files, units=units)


@dataclass(frozen=True)
class Dataset:
    """A dataset's folder and its rows, in the manifest's order."""

    folder: Path
    rows: tuple[Row, ...]


def _table(path: Path, needed: str) -> list[tuple[int, dict[str, str]]]:
    """The rows of a small CSV with their line numbers, cells stripped; raises FileError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as e:
        raise FileError(path, "the table isn't text in UTF-8.") from e
    except OSError as e:
        raise FileError(path, f"the table can't be read ({e.strerror}).") from e
    lines = text.splitlines()
    comma = ";" if lines and ";" in lines[0] and "," not in lines[0] else ","
    try:
        reader = csv.DictReader(lines, delimiter=comma, strict=True, restval="")
        names = [(n or "").strip().lower() for n in reader.fieldnames or []]
        reader.fieldnames = names
        rows = []
        for row in reader:
            if None in row:
                raise FileError(path, f"line {reader.line_num} has more cells than the heading ({len(names)}).")
            rows.append((reader.line_num, {k: v.strip() for k, v in row.items()}))
    except csv.Error as e:
        raise FileError(path, f"the table can't be read as CSV ({e}).") from e
    if not any(n == "file" or n.startswith(needed) for n in names):
        raise FileError(path, f"it needs a column `file`; it has: {', '.join(names) or 'none'}.")
    if len(set(names)) < len(names):
        raise FileError(path, "two columns have the same name.")
    return rows


def _number(path: Path, line: int, row: Mapping[str, str], name: str) -> float | None:
    text = row.get(name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FileError(path, f"line {line}: {name} is {text!r}, which isn't a number.")
    return value


def _count(path: Path, line: int, row: Mapping[str, str], name: str) -> int | None:
    value = _number(path, line, row, name)
    if value is None:
        return None
    if value < 0 or value != round(value):
        raise FileError(path, f"line {line}: {name} is {row[name]!r}, which isn't a whole number.")
    return int(value)


def _read_segments(path: Path, names: set[str]) -> dict[str, tuple[Segment, ...]]:
    """The segments by the file they are in; raises FileError on one that has no place in the manifest or no length."""
    found: dict[str, list[Segment]] = {}
    for line, row in _table(path, "file"):
        file = row.get("file", "")
        if file not in names:
            raise FileError(path, f"line {line}: {file or 'an empty name'} isn't in the manifest.")
        start, end = _number(path, line, row, "start_s"), _number(path, line, row, "end_s")
        if start is None or end is None or not 0 <= start < end:
            raise FileError(path, f"line {line}: a segment needs start_s and end_s, with 0 <= start_s < end_s.")
        reps = _count(path, line, row, "reps")
        found.setdefault(file, []).append(Segment(file, start, end, row.get("exercise") or None, row.get("side") or None, reps))
    return {f: tuple(sorted(s, key=lambda x: x.start_s)) for f, s in found.items()}


def _files(folder: Path, row: Mapping[str, str]) -> tuple[str, tuple[tuple[str | None, Path], ...]]:
    """A row's name and its files by placement."""
    own = placement_name(row.get("placement", "")) or None
    files: list[tuple[str | None, str]] = [(own, row["file"])] if row.get("file") else []
    for column, file in row.items():
        if column.startswith("file_") and file:
            word = column.removeprefix("file_")
            files.append((own if word in _HALVES else placement_name(word), file))
    name = files[0][1] if files else ""
    return name, tuple((p, folder / f) for p, f in files)


def read_manifest(folder: str | Path) -> Dataset:
    """The dataset in a folder, checked: each listed file is there, and listed once. Raises FileError."""
    folder = Path(folder)
    _check_folder(folder)
    if not (folder / MANIFEST).is_file():
        raise FileError(
            folder, "there is no manifest.csv in this folder, which makes it a dataset: one row a recording, column `file`."
        )
    rows = _listed(folder, all_there=True)
    return Dataset(folder, _with_segments(folder, rows))


def read_dataset(folder: str | Path, besides: str | Path | None = None) -> Dataset:
    """The recordings that a manifest lists, be they there or not; without a manifest, those that the folder holds.

    Then each file of a known ending is a recording, in folders within as well, unless it lies in `besides` or its name begins
    with a dot; the halves of a MetaBase pair, or the files of a phone app beside each other, are one. Raises FileError.
    """
    folder = Path(folder)
    _check_folder(folder)
    if (folder / MANIFEST).is_file():
        rows = _listed(folder, all_there=False)
    else:
        rows = [Row(_printable(p.relative_to(folder).as_posix()), ((None, p),)) for p in _found(folder, besides)]
        if not rows:
            raise FileError(folder, f"neither a manifest.csv nor a recording ({', '.join(ENDINGS)}) is in this folder.")
    return Dataset(folder, _with_segments(folder, rows))


def _printable(name: str) -> str:
    """A file's name as text that can be written anywhere: on Linux it may hold bytes of any other encoding."""
    return name.encode(errors="replace").decode()


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise FileError(folder, "there is no such folder." if not folder.exists() else "this is not a folder; a dataset is one.")


def _found(folder: Path, besides: str | Path | None) -> list[Path]:
    """The recordings in a folder, one path each, in the order of their names."""
    out: list[Path] = []
    bundles: set[Path] = set()
    left_out = None if besides is None else Path(besides).resolve()
    try:
        paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS)
        for path in paths:
            if any(part.startswith(".") for part in path.relative_to(folder).parts) or path.is_dir():
                continue
            if path == folder / SEGMENTS or (left_out is not None and left_out in path.resolve().parents):
                continue
            if belongs_to_bundle(path.name):
                if path.parent in bundles:
                    continue
                bundles.add(path.parent)
            elif "_Gyroscope_" in path.name and twin_of(path) is not None:
                continue  # read with its accelerometer
            out.append(path)
    except OSError as e:
        raise FileError(folder, f"the folder can't be read ({e.strerror or e}).") from e
    return out


def _with_segments(folder: Path, rows: list[Row]) -> tuple[Row, ...]:
    """The rows with the sets that a segments.csv marks in them; raises FileError."""
    marked = folder / SEGMENTS
    if not marked.is_file():
        return tuple(rows)
    segments = _read_segments(marked, {r.name for r in rows})
    return tuple(replace(r, segments=segments.get(r.name, ())) for r in rows)


def _listed(folder: Path, all_there: bool) -> list[Row]:
    """The manifest's rows; raises FileError."""
    path = folder / MANIFEST
    rows: list[Row] = []
    seen: dict[Path, int] = {}
    absent: list[str] = []
    for line, cells in _table(path, "file_"):
        name, files = _files(folder, cells)
        if not files:
            raise FileError(path, f"line {line} names no file.")
        for _, file in files:
            if file in seen:
                raise FileError(path, f"lines {seen[file]} and {line} both list {file.name}; each recording belongs in one row.")
            seen[file] = line
            if not file.exists():
                absent.append(f"line {line} lists {os.path.relpath(file, folder)}")
        text = {k: cells.get(k) or None for k in _KNOWN}
        more = {k: v for k, v in cells.items() if k not in _KNOWN and k != "file" and not k.startswith("file_")}
        rows.append(
            Row(
                name=name,
                files=files,
                exercise=text["exercise"],
                subject=text["subject"],
                side=text["side"],
                session=text["session"],
                reps=_count(path, line, cells, "reps"),
                more=more,
            )
        )
    if absent and all_there:
        also = f", and {len(absent) - 1} more files are missing" if len(absent) > 1 else ""
        raise FileError(path, f"{absent[0]}, which isn't there{also}.")
    if not rows:
        raise FileError(path, "the manifest lists no recording.")
    return rows
