"""From files to a `Recording`: which form each has is told from its content, and what was done is said in the notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from imu_tracker.errors import FileError, SamplesError, UsageError
from imu_tracker.files.archives import CsvMembers, is_zip
from imu_tracker.files.axivity import is_cwa, read_cwa
from imu_tracker.files.channels import is_c3d, is_xdf, read_c3d, read_xdf
from imu_tracker.files.columns import AS_USUAL, ColumnMap
from imu_tracker.files.dot import is_dot, read_dot
from imu_tracker.files.joining import Samples, join
from imu_tracker.files.metabase import is_metabase, read_metabase, twin_of
from imu_tracker.files.phones import belongs_to_bundle, read_phone, role_of
from imu_tracker.files.sheets import open_sheet
from imu_tracker.files.tables import read_table
from imu_tracker.files.units import SECONDS, UNDECLARED, Units, time_unit, to_si, usual_step
from imu_tracker.files.witmotion import is_witmotion, read_witmotion
from imu_tracker.numeric import Floats
from imu_tracker.recording import UNKNOWN_PLACEMENT, Recording, Stream, placement_name, stream_from_samples

EPOCH_S = 1e8  # no sensor runs for three years: larger times count from 1970
SLOWEST_S, FASTEST_S = 5.0, 1e-5  # a usual step outside of these is no recording of movement, gaps or not
_STANDSTILL = 50  # so many samples without any change, while the other sensor changes: it wasn't running


def split_placement(item: str | Path) -> tuple[str | None, Path]:
    """`PLACEMENT=FILE` as placement and path; the placement is None where there is none. Raises UsageError on an empty one."""
    if isinstance(item, Path):
        return None, item
    found = re.match(r"([^=/\\]*)=(.+)", item, re.DOTALL)
    if not found or Path(item).exists():
        return None, Path(item)
    if not found.group(1).strip():
        raise UsageError(f"{item!r} begins with `=`: write PLACEMENT=FILE, such as pelvis={found.group(2)}.")
    return placement_name(found.group(1)), Path(found.group(2))


def _bytes(path: Path) -> bytes:
    if "\0" in str(path):
        raise FileError(path, "a file's name can't hold a zero byte.")
    try:
        if path.is_dir():
            raise FileError(path, "this is a folder, not a file.")
        if not path.exists():
            raise FileError(path, "there is no such file.")
        if not path.is_file() and not path.is_fifo():
            raise FileError(path, "this isn't a file.")
        return path.read_bytes()
    except OSError as e:
        raise FileError(path, f"the file can't be read ({e.strerror or e}).") from e


def _bundle(folder: Path) -> list[Path]:
    """A folder's files that belong to a phone app's recording."""
    try:
        return sorted(p for p in folder.iterdir() if belongs_to_bundle(p.name) and p.is_file())
    except OSError as e:
        raise FileError(folder, f"the folder can't be read ({e.strerror}).") from e


def _read_bundle(folder: Path) -> Samples:
    files = _bundle(folder)
    if not files:
        raise FileError(folder, "this is a folder, and not one of a phone app's recordings; give the file itself.")
    return read_phone({p.name: _bytes(p) for p in files}, str(folder))


def _read_file(path: Path, columns: ColumnMap, placement: str | None) -> Samples:
    """One file's samples, whatever its form; a half where the other half is stored elsewhere."""
    data = _bytes(path)
    if is_cwa(data):
        return read_cwa(path)
    if is_xdf(data):
        return read_xdf(data, str(path), columns, placement)
    if is_c3d(data):
        return read_c3d(data, str(path), columns)
    name = path.name
    if is_zip(data):
        members = CsvMembers(data, str(path))
        if len(members) != 1 and columns:
            raise FileError(path, "--columns is for one table, and this zip isn't one; unpack it and give the file.")
        if len(members) != 1:
            return read_phone(members, str(path))
        ((name, data),) = members.items()
    sheet = open_sheet(data, str(path))
    if columns:
        return read_table(sheet, columns)
    if is_metabase(sheet):
        return read_metabase(sheet)
    if is_dot(sheet):
        return read_dot(sheet)
    if is_witmotion(sheet):
        return read_witmotion(sheet)
    if role_of(sheet, name) is not None:
        return _read_bundle(path.parent) if belongs_to_bundle(path.name) else read_phone({name: data}, str(path))
    return read_table(sheet)


def _one_of(read: Sequence[Samples], placement: str | None) -> Samples:
    """The samples of one placement: of one file and its twin, or of two files that are a pair."""
    first = read[0]
    if len(read) == 1:
        twin = twin_of(Path(first.path)) if first.acc is None or first.gyr is None else None
        if twin is not None:
            other = _read_file(twin, AS_USUAL, placement)
            if (first.acc is None) != (other.acc is None):
                return join(first, other)
        if first.acc is None:
            raise FileError(
                first.path, "the file holds a gyroscope only; the accelerometer's file is needed too, given with it or beside it."
            )
        return first
    if len(read) == 2 and {(s.acc is None, s.gyr is None) for s in read} == {(False, True), (True, False)}:
        return join(read[0], read[1])
    names = " and ".join(s.path for s in read[:3])
    if placement is None:
        raise UsageError(f"{names} are recordings without a placement: write PLACEMENT=FILE for each, such as pelvis=FILE.")
    raise UsageError(
        f"{names} are all for {placement}, and aren't an accelerometer and its gyroscope: give each its own placement."
    )


def _in_si(samples: Samples, declared: Units) -> Samples:
    """The samples in SI, with notes on what had to be recognised."""
    assert samples.acc is not None
    units = samples.units if samples.certain else declared.or_else(samples.units)
    notes = list(samples.notes)
    step = usual_step(samples.t) * SECONDS[units.time or time_unit(samples.t)]
    if step > SLOWEST_S or 0 < step < FASTEST_S:
        raise FileError(
            samples.path,
            f"the times step by {step:.4g} s, which is no recording of movement (10 to 1000 Hz); --time-unit says their unit.",
        )
    if samples.certain and declared.or_else(samples.units) != samples.units:
        notes.append("The file's own units are certain; the units that were declared for it were left aside.")
    t, acc, gyr, said = to_si(samples.t, samples.acc, samples.gyr, units)
    if gyr is not None and len(t) > _STANDSTILL and _still(gyr[:_STANDSTILL]) and _still(gyr) and not _still(acc):
        said = (*said, "The gyroscope's values never change: it was not running, and the recording was read without it.")
        gyr = None
    return replace(samples, t=t, acc=acc, gyr=gyr, notes=(*notes, *said))


def _still(values: Floats) -> bool:
    return bool((values == values[0]).all())


def _span(samples: Samples) -> tuple[float, float]:
    t = samples.t[np.isfinite(samples.t)]
    return (float(t.min()), float(t.max())) if len(t) else (0.0, 0.0)


def _clocks(read: dict[str, Samples]) -> tuple[dict[str, float], str | None, str | None]:
    """What to take off each placement's times, s; a note; and the seconds since 1970 at which the recording's times begin."""
    spans = {p: _span(s) for p, s in read.items()}
    first, last = max(a for a, _ in spans.values()), min(b for _, b in spans.values())
    if len(read) > 1 and first >= last:
        note = "The sensors' times have nothing in common, so each was set to begin at 0; they may be shifted against each other."
        return {p: a for p, (a, _) in spans.items()}, note, None
    earliest = min(a for a, _ in spans.values())
    if abs(earliest) < EPOCH_S:
        return dict.fromkeys(read, 0.0), None, None
    whole = float(np.floor(earliest))  # small numbers keep the fractions of a microsecond that large ones lose
    return dict.fromkeys(read, whole), None, f"{whole:.0f}"


def _stream(samples: Samples, shift: float) -> Stream:
    assert samples.acc is not None
    try:
        t = samples.t - shift if shift else samples.t
        stream = stream_from_samples(t, samples.acc, samples.gyr, samples.notes)
    except SamplesError as e:
        raise FileError(samples.path, f"{e}") from e
    if samples.about.get("timestamps") == "arrival":  # our own recorder's word: its times were told from arrivals alone
        return replace(stream, timing=replace(stream.timing, timestamps="arrival"))
    return stream


def read_recording(paths: Sequence[str | Path], *, units: Units = UNDECLARED, columns: ColumnMap = AS_USUAL) -> Recording:
    """The recording that files hold, each given as a path or as `PLACEMENT=FILE`.

    Known forms: the plain table as CSV or Parquet; exports of MetaBase (pairs), Movella DOT, WitMotion, Axivity; Sensor Logger
    and phyphox (a zip, a folder, or its CSV files); C3D and XDF. docs/files.md says what is read of each.
    A placement that isn't given is the file's own word, else `unknown`. units: what the caller declares; what nobody declares is
    recognised from the data, and said in the notes. columns: which column is which, where the files' own names don't say it; it
    goes before what is known of a form. Times since 1970 are counted from `about["start_epoch_s"]`, those of a clock without a
    zone from `about["started"]`. Raises FileError, ColumnsError or UsageError, each naming the file.
    """
    return read_placed([split_placement(item) for item in paths], units=units, columns=columns)


def read_placed(
    files: Sequence[tuple[str | None, Path]], *, units: Units = UNDECLARED, columns: ColumnMap = AS_USUAL
) -> Recording:
    """As `read_recording`, of files with their placements (None: not given)."""
    if not files:
        raise UsageError("No file was given.")
    groups: dict[str | None, list[Samples]] = {}
    for given, path in files:
        samples = _read_bundle(path) if path.is_dir() else _read_file(path, columns, given)
        group = groups.setdefault(given or placement_name(samples.about.get("placement", "")) or None, [])
        if samples.path not in [s.path for s in group]:  # several files of one phone recording are one
            group.append(samples)
    by_placement = {p or UNKNOWN_PLACEMENT: _in_si(_one_of(group, p), units) for p, group in groups.items()}
    shifts, note, epoch = _clocks(by_placement)
    streams = {p: _stream(s, shifts[p]) for p, s in by_placement.items()}
    about: dict[str, str] = {}
    for samples in by_placement.values():
        about = {**samples.about, **about}
    if epoch is not None and "started" not in about:  # a clock without a zone says when it was there, not when it was
        about["start_epoch_s"] = epoch
    notes = [f"{p}: {n}" if len(streams) > 1 else n for p, s in streams.items() for n in s.notes]
    return Recording(streams, about, (*notes, *([note] if note else [])))
