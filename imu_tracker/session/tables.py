"""A kept session as tables and files for other programs: one row a set, one row a rep, the samples, the series, the JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from imu_tracker import results
from imu_tracker.errors import FileError
from imu_tracker.files import rows
from imu_tracker.files.reading import read_recording
from imu_tracker.files.rows import Cell, Row
from imu_tracker.files.sto import write_sto
from imu_tracker.files.writing import write_atomically, write_series, write_table, write_text
from imu_tracker.ingest.recorder import file_name
from imu_tracker.motion import GRID_HZ, orientations
from imu_tracker.recording import UNKNOWN_PLACEMENT
from imu_tracker.session import keeping
from imu_tracker.session.opened import Opened
from imu_tracker.session.said import SetSaid
from imu_tracker.session.store import Store

Format = Literal["csv", "parquet"]


def set_rows(opened: Opened) -> tuple[Row, ...]:
    """One row a set: its figures, corrected, and what was said of it."""
    told = []
    for one, row in zip(opened.session.sets, rows.set_rows(opened.session), strict=True):
        said = opened.said.of(one) or SetSaid(one.start_s)
        words = {"load": said.load, "effort": said.effort, "pain": said.pain, "note": said.note}
        told.append({"session": opened.name, **row, **words})
    return tuple(told)


def rep_rows(opened: Opened) -> tuple[Row, ...]:
    """One row a rep, all its figures."""
    return tuple({"session": opened.name, **row} for row in rows.rep_rows(opened.session))


def as_json(opened: Opened) -> str:
    """The corrected session as the interface's JSON, with its name, the wish it was analysed with, and what was said of it."""
    more = {
        "name": opened.name,
        "started": None if opened.started is None else opened.started.isoformat(),
        "subject": opened.subject,
        "program": opened.kept.program,
        "wish": keeping.wish_words(opened.kept.wish),
        "said": {"note": opened.said.note, "sets": [asdict(s) for s in opened.said.sets]},
    }
    return json.dumps({**results.to_dict(opened.session), **more}, ensure_ascii=False, allow_nan=False) + "\n"


def write_rows(table: Sequence[Row], path: Path) -> None:
    """Rows as CSV or Parquet, whichever the suffix says; nothing where there are no rows. Raises FileError."""
    with write_atomically(path) as part:
        if path.suffix.lower() == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            pq.write_table(pa.Table.from_pylist(list(table)), part, compression="zstd")
        else:
            import csv

            with open(part, "w", encoding="utf-8", newline="") as f:
                writer = csv.writer(f, lineterminator="\n")
                if table:
                    writer.writerow(table[0])
                writer.writerows([[safe_cell(x) for x in row.values()] for row in table])


def write_folder(store: Store, opened: Opened, folder: Path, form: Format) -> tuple[Path, ...]:
    """Sets, reps, series and each placement's samples as tables in a folder, made where there is none; what was written.

    Raises FileError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise FileError(folder, f"the folder can't be made ({e.strerror or e}).") from e
    written = [folder / f"{name}.{form}" for name in ("sets", "reps", "series")]
    write_rows(set_rows(opened), written[0])
    write_rows(rep_rows(opened), written[1])
    write_series(store.series(opened.name), written[2])
    files = keeping.samples_of(opened.folder)
    if files:
        recording = read_recording([str(f) for f in files])
        for placement, stream in recording.streams.items():
            name = "samples" if placement == UNKNOWN_PLACEMENT else f"samples_{file_name(placement)}"
            path = folder / f"{name}.{form}"
            write_table(stream, path, {**recording.about, "placement": placement})
            written.append(path)
    return tuple(written)


def write_orientations(opened: Opened, path: Path) -> None:
    """Every sensor's orientation for OpenSim (`files.sto`); raises FileError, SamplesError or UsageError."""
    files = keeping.samples_of(opened.folder)
    if not files:
        raise FileError(opened.folder, "there are no samples here to write.")
    t, quaternions = orientations(read_recording([str(f) for f in files]))
    write_sto(path, t, quaternions, GRID_HZ)


def write_json(opened: Opened, path: Path) -> None:
    """`as_json` to a file; raises FileError."""
    write_text(path, as_json(opened))


def safe_cell(x: Cell) -> Cell:
    """A value as a spreadsheet should take it: words never as a formula."""
    return f"'{x}" if isinstance(x, str) and x[:1] in ("=", "+", "-", "@", "\t", "\r") else x
