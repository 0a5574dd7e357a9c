"""The index of a store: sessions, sets, reps and labels in SQLite, made from the sessions' folders; nothing is kept here alone.

Each session stands with the stamp of its files, so that looking at a folder tells whether what is here still holds. Where the
index is missing, damaged or of another version it is thrown away and made again; where it can't be written, one in memory does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar, cast

from imu_tracker.errors import FileError
from imu_tracker.recognition.model import UNKNOWN
from imu_tracker.results import Session, Set
from imu_tracker.session.edits import Edits, NameExercise, SetSide
from imu_tracker.session.said import Said, SetSaid
from imu_tracker.session.sharing import PATIENCE_S, waited_lock
from imu_tracker.session.trends import Point, from_dict, points_of, to_dict

INDEX, INDEX_LOCK = "index.sqlite", "index.lock"
VERSION = 2  # of the tables; an index of another one is made again

_TABLES = """
CREATE TABLE sessions(name TEXT PRIMARY KEY, stamp TEXT NOT NULL, started TEXT, duration_s REAL, subject TEXT, sets INTEGER,
    reps INTEGER, exercises TEXT NOT NULL, corrections INTEGER, note TEXT, program TEXT, trouble TEXT);
CREATE TABLE sets(session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, number INTEGER NOT NULL, start_s REAL, end_s REAL,
    exercise TEXT, kind TEXT, side TEXT, count INTEGER, time_under_tension_s REAL, hold_s REAL, drop_peak_deg REAL, load TEXT,
    effort INTEGER, pain INTEGER, note TEXT, named INTEGER, PRIMARY KEY(session, number));
CREATE TABLE reps(session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, set_number INTEGER NOT NULL,
    number INTEGER NOT NULL, start_s REAL, turn_s REAL, end_s REAL, side TEXT, partial INTEGER, range_deg REAL, drop_deg REAL,
    drop_uncertainty_deg REAL, PRIMARY KEY(session, set_number, number));
CREATE TABLE labels(session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, at_s REAL, kind TEXT, word TEXT);
CREATE TABLE points(session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE, exercise TEXT NOT NULL, point TEXT NOT NULL);
CREATE INDEX sets_by_exercise ON sets(exercise);
CREATE INDEX labels_by_session ON labels(session);
CREATE INDEX points_by_exercise ON points(exercise);
"""

Out = TypeVar("Out")


@dataclass(frozen=True)
class Entry:
    """A session as the index has it. trouble: why it can't be opened, or that it isn't analysed yet; then figures are None."""

    name: str
    stamp: str
    started: datetime | None
    duration_s: float | None = None
    subject: str | None = None
    sets: int | None = None
    reps: int | None = None
    exercises: tuple[str, ...] = ()
    corrections: int = 0
    note: str | None = None
    program: str | None = None
    trouble: str | None = None


@dataclass(frozen=True)
class Named:
    """How many sets of a session a person named as one exercise."""

    session: str
    started: datetime | None
    subject: str | None
    exercise: str
    sets: int


@dataclass(frozen=True)
class Filed:
    """What is filed of a session that could be opened: with its corrections laid over it."""

    session: Session
    edits: Edits
    said: Said


def named_by_person(one: Set) -> bool:
    """Whether a person said what the set is: told beforehand, or corrected. What was only recognised has a confidence."""
    return one.confidence is None and one.exercise not in (None, UNKNOWN)


class Index:
    """The index of the store at `root`. Every call opens it anew, so that one may be had wherever it is needed."""

    def __init__(self, root: Path) -> None:
        self._root, self._path = root, root / INDEX
        self._memory: sqlite3.Connection | None = None  # where it can't be written

    def stamps(self) -> dict[str, str]:
        """The stamps of the sessions in it, by name."""
        return self._run(lambda db: dict(db.execute("SELECT name, stamp FROM sessions")))

    def update(self, new: Sequence[tuple[Entry, Filed | None]], gone: Sequence[str]) -> tuple[Entry, ...]:
        """Put sessions in the place of what it had of them, take others out; all that it then has."""

        def work(db: sqlite3.Connection) -> tuple[Entry, ...]:
            if new or gone:
                db.execute("BEGIN IMMEDIATE")
                db.executemany("DELETE FROM sessions WHERE name = ?", [(n,) for n in [*gone, *(e.name for e, _ in new)]])
                for entry, filed in new:
                    _file(db, entry, filed)
                db.execute("COMMIT")
            return tuple(map(_entry, db.execute("SELECT * FROM sessions")))

        return self._run(work)

    def points(self, exercise: str | None = None) -> tuple[Point, ...]:
        """The points of all sessions, or of one exercise; in no order."""
        where, values = ("", ()) if exercise is None else (" WHERE exercise = ?", (exercise,))

        def work(db: sqlite3.Connection) -> tuple[Point, ...]:
            return tuple(from_dict(json.loads(p)) for (p,) in db.execute(f"SELECT point FROM points{where}", values))

        return self._run(work)

    def named(self) -> tuple[Named, ...]:
        """What a person named, session by session; in no order."""
        query = (
            "SELECT name, started, subject, exercise, count(*) FROM sets JOIN sessions ON sets.session = sessions.name"
            " WHERE sets.named GROUP BY name, exercise"
        )

        def work(db: sqlite3.Connection) -> tuple[Named, ...]:
            rows = db.execute(query)
            return tuple(Named(n, None if t is None else datetime.fromisoformat(t), who, e, k) for n, t, who, e, k in rows)

        return self._run(work)

    def throw_away(self) -> None:
        """Make it anew, empty."""
        with waited_lock(self._root, INDEX_LOCK):
            self._remove()

    def _remove(self) -> None:
        for path in (self._path, *(self._path.with_name(f"{INDEX}{tail}") for tail in ("-wal", "-shm", "-journal"))):
            path.unlink(missing_ok=True)

    def _run(self, work: Callable[[sqlite3.Connection], Out]) -> Out:
        """Do something with the index; where it turns out damaged, with a new one, which is empty."""
        if self._memory is not None:
            return work(self._memory)
        try:
            with closing(self._opened()) as db:
                return work(db)
        except (sqlite3.DatabaseError, OSError) as e:
            if _busy(e):
                raise FileError(self._path, "another process has been at work on it for too long; try again later.") from e
        try:  # damaged
            self.throw_away()
            with closing(self._opened()) as db:
                return work(db)
        except (sqlite3.DatabaseError, OSError):  # a read-only folder, a full disk: what can't be kept can still be shown
            self._memory = _connected(":memory:")
            self._memory.executescript(_TABLES)
            return work(self._memory)

    def _opened(self) -> sqlite3.Connection:
        """The index with its tables, made where there are none or others; raises sqlite3.DatabaseError, OSError, FileError."""
        # Opened under a lock, so that nobody takes away what somebody else has just opened.
        with waited_lock(self._root, INDEX_LOCK):
            db = _connected(self._path)
            try:
                (version,) = db.execute("PRAGMA user_version").fetchone()
                (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
                if version != VERSION and tables:
                    db.close()
                    self._remove()
                    db = _connected(self._path)
                if version != VERSION:
                    db.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
            except BaseException:
                db.close()
                raise
            return db


def _busy(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    )


def _connected(path: Path | str) -> sqlite3.Connection:
    """A connection that waits for others, writes ahead and leaves transactions to whoever uses it."""
    db = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        db.close()
        raise
    return db


def _insert(db: sqlite3.Connection, table: str, *values: object) -> None:
    db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(values))})", values)


def _file(db: sqlite3.Connection, entry: Entry, filed: Filed | None) -> None:
    """Put a session in, whose name isn't there."""
    name = entry.name
    started = None if entry.started is None else entry.started.isoformat()
    figures = (entry.duration_s, entry.subject, entry.sets, entry.reps, json.dumps(entry.exercises), entry.corrections)
    _insert(db, "sessions", name, entry.stamp, started, *figures, entry.note, entry.program, entry.trouble)
    if filed is None:
        return
    for number, s in enumerate(filed.session.sets, 1):
        words = filed.said.of(s) or SetSaid(s.start_s)
        done = (s.exercise, s.kind, s.side, s.count, s.time_under_tension_s, s.hold_s, s.pelvic_drop.peak_deg)
        _insert(
            db,
            "sets",
            name,
            number,
            s.start_s,
            s.end_s,
            *done,
            words.load,
            words.effort,
            words.pain,
            words.note,
            named_by_person(s),
        )
        for k, r in enumerate(s.reps, 1):
            drop = (r.drop_deg, r.drop_uncertainty_deg)
            _insert(db, "reps", name, number, k, r.start_s, r.turn_s, r.end_s, r.side, r.partial, r.range_deg, *drop)
    for edit in filed.edits.edits:
        if isinstance(edit, NameExercise | SetSide):
            word = edit.exercise if isinstance(edit, NameExercise) else edit.side
            _insert(db, "labels", name, edit.at_s, edit.op, word)
    for point in points_of(filed.session, name, entry.started, entry.subject):
        _insert(db, "points", name, point.exercise, json.dumps(to_dict(point)))


def _entry(row: Sequence[object]) -> Entry:
    """An entry from its row, in the table's order."""
    name, stamp, started, duration_s, subject, sets, reps, exercises, corrections, note, program, trouble = row
    return Entry(
        str(name),
        str(stamp),
        None if started is None else datetime.fromisoformat(str(started)),
        cast(float | None, duration_s),
        cast(str | None, subject),
        cast(int | None, sets),
        cast(int | None, reps),
        tuple(json.loads(str(exercises))),
        cast(int, corrections),
        cast(str | None, note),
        cast(str | None, program),
        cast(str | None, trouble),
    )
