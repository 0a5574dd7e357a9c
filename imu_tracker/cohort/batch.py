"""A dataset's recordings through a crew, what is done already left alone, and at the end the tables of them all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from imu_tracker.cohort.crews import Crew
from imu_tracker.cohort.kept import Kept
from imu_tracker.cohort.running import run
from imu_tracker.cohort.tables import Compared, write_tables
from imu_tracker.cohort.work import Asked, Job, Outcome, analysed
from imu_tracker.files.datasets import Dataset, Row


@dataclass
class Agreement:
    """How often what was found is what the dataset says. of: recordings or segments whose reps it tells; exact, within_one: of
    these. names: those whose exercise is one that could be named; named: of these, as the dataset has it."""

    of: int = 0
    exact: int = 0
    within_one: int = 0
    names: int = 0
    named: int = 0


@dataclass(frozen=True)
class Batch:
    """What came of it. fresh, known: recordings analysed now, and before. broken: the others, with the reason."""

    fresh: int
    known: int
    broken: dict[str, str]
    agreement: Agreement
    tables: tuple[Path, ...]


@dataclass
class _Count:
    """What has been done, by recordings and by the size of their files: an hour takes longer than a minute."""

    sizes: dict[str, int]
    fresh: int = 0
    known: int = 0
    broken: dict[str, str] = field(default_factory=dict)
    done_bytes: int = 0

    def __post_init__(self) -> None:
        self._all_bytes = sum(self.sizes.values())

    def add(self, outcome: Outcome) -> None:
        if outcome.reason is not None:
            self.broken[outcome.name] = outcome.reason
        elif outcome.text is None:
            self.known += 1
        else:
            self.fresh += 1
        self.done_bytes += self.sizes[outcome.name]

    @property
    def said(self) -> str:
        broken = f", {len(self.broken)} broken" if self.broken else ""
        return f"{self.fresh + self.known + len(self.broken)} of {len(self.sizes)}{broken}"

    @property
    def share(self) -> float:
        return self.done_bytes / self._all_bytes


def run_batch(
    dataset: Dataset,
    asked: Asked,
    crew: Crew,
    kept: Kept,
    labels: Collection[str] = (),
    progress: Callable[[str, float], None] | None = None,
    work: Callable[[Job], Outcome] = analysed,
) -> Batch:
    """Analyse what isn't yet, then write the tables.

    labels: the exercises that can be named, for the comparison. What is done is kept, however this ends. Raises FileError where
    the results can't be written, and what the crew's `check` raises.
    """
    count = _Count({row.name: _size(row) for row in dataset.rows})

    def jobs() -> Iterator[Job]:
        for row in dataset.rows:
            files = tuple((placement, path.absolute()) for placement, path in row.files)
            yield Job(row.name, files, asked, kept.key_of(row.name))

    def keep(outcome: Outcome) -> None:
        kept.keep(outcome)
        count.add(outcome)
        if progress is not None:
            progress(count.said, count.share)

    run(jobs(), crew, keep, work)
    agreement = Agreement()

    def tell(one: Compared) -> None:
        if one.reps is not None:
            agreement.of += 1
            agreement.exact += one.counted == one.reps
            agreement.within_one += abs(one.counted - one.reps) <= 1
        if one.exercise in labels:
            agreement.names += 1
            agreement.named += one.named == one.exercise

    tables = write_tables(kept.folder, dataset.rows, count.broken, kept.session, tell)
    return Batch(count.fresh, count.known, count.broken, agreement, tables)


def _size(row: Row) -> int:
    """Bytes of a recording's files; at least one, so that each counts."""
    size = 1
    for _, path in row.files:
        try:
            size += path.stat().st_size
        except OSError:  # absent: its reading will say so
            continue
    return size
