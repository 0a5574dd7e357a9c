"""A kept session as it is listed and as it is opened."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from imu_tracker.errors import UsageError
from imu_tracker.ingest.disk import FolderLock
from imu_tracker.results import Session
from imu_tracker.session.applying import apply
from imu_tracker.session.edits import Edits, EditsError
from imu_tracker.session.index import Entry
from imu_tracker.session.keeping import Kept
from imu_tracker.session.plan import PLAN, Plan, from_words
from imu_tracker.session.said import Said

State = Literal["whole", "recording", "unfinished"]


class NoSuchSession(UsageError):
    """A word that names no session of the store, or several."""


@dataclass(frozen=True)
class Listed:
    """A session in the list. state: `recording` while a process records it; `unfinished` where a crash's leftovers couldn't be
    finished, such as on a full disk. entry: what the index has of it."""

    entry: Entry
    state: State

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.entry.name


@dataclass(frozen=True)
class Opened:
    """A session with all that is known of it.

    kept: the analysis as it came. session: with the corrections laid over it. misfits: corrections that no longer fit, such as
    after another analysis; they are kept and left out.
    """

    name: str
    folder: Path
    started: datetime | None
    kept: Kept
    session: Session
    edits: Edits
    said: Said
    misfits: tuple[str, ...] = ()

    @property
    def subject(self) -> str | None:
        """Who did it."""
        return self.kept.about.get("subject")

    @property
    def plan(self) -> Plan:
        """What was asked when it began; empty where nothing was."""
        return from_words(self.kept.about.get(PLAN))


def laid_over(session: Session, edits: Edits) -> tuple[Session, tuple[str, ...]]:
    """The session under those of the corrections that fit it, and why the others don't."""
    with suppress(EditsError):
        return apply(session, edits), ()
    fitting, misfits = Edits(), []
    for edit in edits.edits:
        try:
            apply(session, fitting.then(edit))
        except EditsError as e:
            misfits.append(str(e))
        else:
            fitting = fitting.then(edit)
    return apply(session, fitting), tuple(misfits)


def state_of(folder: Path) -> State:
    """Whether a session is whole, or who is at work on it."""
    if not any(folder.glob("*.arrow")):
        return "whole"
    try:
        lock = FolderLock.take(folder)
    except OSError:
        return "unfinished"
    if lock is None:
        return "recording"
    lock.release()
    return "unfinished"
