"""A kept session as tables and files for other programs: one row a set, one row a rep, the samples, the series, the JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Literal

from imu_tracker import results
from imu_tracker.errors import FileError
from imu_tracker.files.reading import read_recording
from imu_tracker.files.writing import write_atomically, write_series, write_table, write_text
from imu_tracker.ingest.recorder import file_name
from imu_tracker.recording import UNKNOWN_PLACEMENT
from imu_tracker.results import Rep, Set
from imu_tracker.session import keeping
from imu_tracker.session.opened import Opened
from imu_tracker.session.said import SetSaid
from imu_tracker.session.store import Store

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]
Format = Literal["csv", "parquet"]

_PLAIN = ("start_s", "end_s", "exercise", "confidence", "kind", "side", "count", "time_under_tension_s", "hold_s")
_MORE = ("cadence_per_min", "rest_before_s", "range_fade_percent", "speed_fade_percent")
_DROP = ("threshold_deg", "peak_deg", "change_deg", "change_uncertainty_deg")

SET_FIGURES = (*_PLAIN, *_MORE, "count_left", "count_right", *(f"drop_{name}" for name in _DROP), "drop_events")
REP_FIGURES = tuple(f.name for f in fields(Rep))


def figures_of_set(s: Set) -> dict[str, Cell]:
    """A set's figures, by the names of SET_FIGURES."""
    by_side, drop = s.count_by_side or {}, s.pelvic_drop
    values = (
        *(_plain(getattr(s, name)) for name in (*_PLAIN, *_MORE)),
        by_side.get("left"),
        by_side.get("right"),
        *(_plain(getattr(drop, name)) for name in _DROP),
        len(drop.events) if drop.resolved else None,
    )
    return dict(zip(SET_FIGURES, values, strict=True))


def figures_of_rep(rep: Rep) -> dict[str, Cell]:
    """A rep's figures, by the names of REP_FIGURES."""
    return {name: _plain(getattr(rep, name)) for name in REP_FIGURES}


def set_rows(opened: Opened) -> tuple[Row, ...]:
    """One row a set: its figures, corrected, and what was said of it."""
    rows = []
    for number, s in enumerate(opened.session.sets, 1):
        said = opened.said.of(s) or SetSaid(s.start_s)
        rows.append(
            {
                "session": opened.name,
                "set": number,
                **figures_of_set(s),
                "load": said.load,
                "effort": said.effort,
                "pain": said.pain,
                "note": said.note,
            }
        )
    return tuple(rows)


def rep_rows(opened: Opened) -> tuple[Row, ...]:
    """One row a rep, all its figures."""
    return tuple(
        {
            "session": opened.name,
            "set": number,
            "rep": k,
            "exercise": s.exercise,
            **figures_of_rep(r),
        }
        for number, s in enumerate(opened.session.sets, 1)
        for k, r in enumerate(s.reps, 1)
    )


def as_json(opened: Opened) -> str:
    """The corrected session as the interface's JSON, with its name, the wish it was analysed with, and what was said of it."""
    wish = opened.kept.wish
    more = {
        "name": opened.name,
        "started": None if opened.started is None else opened.started.isoformat(),
        "subject": opened.subject,
        "program": opened.kept.program,
        "wish": {"exercise": wish.exercise, "side": wish.side, "drop_threshold_deg": wish.drop_threshold_deg},
        "said": {"note": opened.said.note, "sets": [asdict(s) for s in opened.said.sets]},
    }
    return json.dumps({**results.to_dict(opened.session), **more}, ensure_ascii=False, allow_nan=False) + "\n"


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """Rows as CSV or Parquet, whichever the suffix says; nothing where there are no rows. Raises FileError."""
    with write_atomically(path) as part:
        if path.suffix.lower() == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            pq.write_table(pa.Table.from_pylist(list(rows)), part, compression="zstd")
        else:
            import csv

            with open(part, "w", encoding="utf-8", newline="") as f:
                writer = csv.writer(f, lineterminator="\n")
                if rows:
                    writer.writerow(rows[0])
                writer.writerows([[safe_cell(x) for x in row.values()] for row in rows])


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


def write_json(opened: Opened, path: Path) -> None:
    """`as_json` to a file; raises FileError."""
    write_text(path, as_json(opened))


def _plain(x: object) -> Cell:
    if isinstance(x, float):
        return round(x, results.DECIMALS) + 0.0
    return x if isinstance(x, (str, int)) else None


def safe_cell(x: Cell) -> Cell:
    """A value as a spreadsheet should take it: words never as a formula."""
    return f"'{x}" if isinstance(x, str) and x[:1] in ("=", "+", "-", "@", "\t", "\r") else x
