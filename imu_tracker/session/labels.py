"""What a person named in kept sessions, as a dataset: what review corrects can be trained on."""

from __future__ import annotations

from datetime import datetime

from imu_tracker.errors import ImuTrackerError, SamplesError
from imu_tracker.files.datasets import Dataset, Row, Segment
from imu_tracker.results import Session
from imu_tracker.session.index import named_by_person
from imu_tracker.session.keeping import samples_of
from imu_tracker.session.opened import Opened
from imu_tracker.session.store import Store

NOTHING_NAMED = (
    "No set in the kept sessions was named by a person, and a model that learns from its own answers learns its mistakes; "
    "'imu-tracker review --set N --exercise NAME' names one."
)


def segments_of(session: Session, file: str) -> tuple[Segment, ...]:
    """The sets of a corrected session (see `applying.apply`) whose exercise a person named; file: the manifest's word.

    What was only recognised is left aside: a model that learns from its own answers learns its mistakes.
    """
    return tuple(
        Segment(file, s.start_s, s.end_s, s.exercise, s.side, s.count if s.kind != "hold" else None)
        for s in session.sets
        if named_by_person(s)
    )


def day_of(name: str, started: datetime | None) -> str:
    """The day of a session, its name where that isn't known: sets of one day were worn alike, and are left out together."""
    return name if started is None else started.date().isoformat()


def kept_dataset(store: Store) -> tuple[Dataset, tuple[str, ...]]:
    """The sessions of a store in which a person named sets, oldest first, and a sentence for each that can't be read.

    A row's `session` is its day. Raises FileError, SamplesError where nothing is named.
    """
    rows, troubles = [], []
    for name in store.names():
        try:
            row = _row(store.open(name))
        except ImuTrackerError as e:
            troubles.append(str(e))
            continue
        if row.segments:
            rows.append(row)
    if not rows:
        raise SamplesError(NOTHING_NAMED)
    return Dataset(store.root, tuple(rows)), tuple(troubles)


def _row(opened: Opened) -> Row:
    files = tuple((None, file) for file in samples_of(opened.folder))
    return Row(
        opened.name,
        files,
        None,
        opened.subject,
        None,
        day_of(opened.name, opened.started),
        None,
        {},
        segments_of(opened.session, opened.name),
    )
