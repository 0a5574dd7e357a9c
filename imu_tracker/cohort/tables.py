"""All recordings in three tables, as Parquet and CSV, written in pieces so that ten thousand need no more room than a hundred.

recordings   one row a recording, or a segment where some are marked: the dataset's words, what was found, or why not
sets, reps   one row each, with all figures
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imu_tracker.files.datasets import Row, Segment
from imu_tracker.files.rows import REP_COLUMNS, SET_COLUMNS, Cell, rep_rows, set_rows
from imu_tracker.files.writing import write_atomically
from imu_tracker.results import Session
from imu_tracker.session.tables import safe_cell

PIECE = 2000  # rows that are held until they are written: a megabyte
TABLES = ("recordings", "sets", "reps")
_WHOLE = ("set", "rep", "sets", "reps", "count", "counted", "count_left", "count_right", "drop_events")
_WORDS = ("file", "subject", "session", "exercise", "named", "placements", "side", "kind", "reason")
_TRUE_OR_NOT = ("partial",)
_RECORDING = (
    *("file", "start_s", "end_s", "subject", "session", "exercise", "side", "reps"),
    *("placements", "sets", "counted", "named", "reason"),
)


@dataclass(frozen=True)
class Compared:
    """What the dataset says of a recording or a segment beside what was found in it.

    counted: reps and steps whose turn lies in it. named: the exercise that most of its time went to, None where no set was found.
    """

    span: tuple[float, float] | None
    exercise: str | None
    side: str | None
    reps: int | None
    sets: int
    counted: int
    named: str | None


def compared(row: Row, session: Session) -> tuple[Compared, ...]:
    """One for each segment of a recording; for the whole of it where none is marked."""
    out = []
    marks: Sequence[Segment | None] = row.segments or (None,)
    for mark in marks:
        start, end = (0.0, float("inf")) if mark is None else (mark.start_s, mark.end_s)
        within = [(min(end, s.end_s) - max(start, s.start_s), s) for s in session.sets if s.start_s < end and s.end_s > start]
        time_s: dict[str, float] = {}
        for length_s, s in within:
            time_s[s.exercise or "unknown"] = time_s.get(s.exercise or "unknown", 0.0) + length_s
        out.append(
            Compared(
                None if mark is None else (start, end),
                (mark.exercise if mark else None) or row.exercise,
                (mark.side if mark else None) or row.side,
                row.reps if mark is None else mark.reps,
                len(within),
                sum(start <= r.turn_s < end for _, s in within for r in s.reps),
                max(time_s, key=lambda name: time_s[name]) if time_s else None,
            )
        )
    return tuple(out)


class _Table:
    """One table on its way to two files; columns beside those known by name are numbers."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str], words: Iterable[str], stack: ExitStack) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        text = {*_WORDS, *words}
        kinds = {n: pa.string() if n in text else pa.int64() if n in _WHOLE else pa.float64() for n in columns}
        kinds |= {n: pa.bool_() for n in _TRUE_OR_NOT if n in kinds}
        self._schema = pa.schema(kinds)
        parquet, lines = (stack.enter_context(write_atomically(folder / f"{name}.{form}")) for form in ("parquet", "csv"))
        self._parquet = stack.enter_context(pq.ParquetWriter(parquet, self._schema, compression="zstd"))
        file = stack.enter_context(open(lines, "w", encoding="utf-8", newline=""))  # noqa: SIM115  (closed by the stack)
        self._csv = csv.writer(file, lineterminator="\n")
        self._csv.writerow(columns)
        self._rows: list[Mapping[str, Cell]] = []

    def add(self, row: Mapping[str, Cell]) -> None:
        """One more row."""
        self._rows.append(row)
        if len(self._rows) >= PIECE:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        import pyarrow as pa

        self._parquet.write_table(pa.Table.from_pylist(self._rows, self._schema))
        self._csv.writerows([[safe_cell(row[n]) for n in self._schema.names] for row in self._rows])
        self._rows.clear()


def write_tables(
    folder: Path,
    rows: Sequence[Row],
    reasons: Mapping[str, str],
    session_of: Callable[[str], Session],
    tell: Callable[[Compared], None],
) -> tuple[Path, ...]:
    """The tables of all rows, in their order, and what was written.

    reasons: why a recording has no session. tell: hears of each recording or segment. Raises FileError.
    """
    more = list(dict.fromkeys(k for row in rows for k in row.more))
    of_row = [f"manifest_{n}" if n in _RECORDING else n for n in more]
    who = ("file", "subject", "session")
    with ExitStack() as stack:
        recordings = _Table(folder, "recordings", (*_RECORDING, *of_row), of_row, stack)
        sets = _Table(folder, "sets", (*who, *SET_COLUMNS), (), stack)
        reps = _Table(folder, "reps", (*who, *REP_COLUMNS), (), stack)
        for row in rows:
            about: dict[str, Any] = {"file": row.name, "subject": row.subject, "session": row.session}
            words = dict.fromkeys(_RECORDING) | about | dict(zip(of_row, (row.more.get(n) or None for n in more), strict=True))
            if row.name in reasons:
                told = {"exercise": row.exercise, "side": row.side, "reps": row.reps}
                recordings.add(words | told | {"reason": reasons[row.name]})
                continue
            session = session_of(row.name)
            for one in compared(row, session):
                tell(one)
                start_s, end_s = one.span or (0.0, session.recording.duration_s)
                told = {"exercise": one.exercise, "side": one.side, "reps": one.reps}
                worn = " ".join(session.recording.placements)
                found = {"placements": worn, "sets": one.sets, "counted": one.counted, "named": one.named}
                recordings.add(words | {"start_s": start_s, "end_s": end_s} | told | found)
            for row_of_set in set_rows(session):
                sets.add({**about, **row_of_set})
            for row_of_rep in rep_rows(session):
                reps.add({**about, **row_of_rep})
        for table in (recordings, sets, reps):
            table.flush()
    return tuple(folder / f"{name}.{form}" for name in TABLES for form in ("parquet", "csv"))
