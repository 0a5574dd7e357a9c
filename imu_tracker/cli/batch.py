"""`imu-tracker batch`: every recording of a folder analysed, on all cores or on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_tracker.cli import options
from imu_tracker.errors import ImuTrackerError, UsageError

if TYPE_CHECKING:
    from imu_tracker.cohort.batch import Batch
    from imu_tracker.cohort.crews import ClusterCrew, LocalCrew
    from imu_tracker.cohort.work import Asked

SHOWN = 20  # broken recordings that are named; the table has them all


@click.command("batch")
@click.argument("dataset", metavar="DATASET", type=click.Path())
@click.option("--out", required=True, metavar="FOLDER", help="Where results and tables go; made where there is none.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes on this machine; by default one a core.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler, such as tcp://10.0.0.5:8786, whose workers do it.")
@click.option("--exercise", metavar="NAME", help="All of them are this exercise, as 'imu-tracker exercises' lists it.")
@options.threshold_option
@options.model_option
@options.reading_options
def command(
    dataset: str,
    out: str,
    workers: int | None,
    scheduler: str | None,
    exercise: str | None,
    drop_threshold: float | None,
    model: str | None,
    columns: str | None,
    acc_unit: str | None,
    gyr_unit: str | None,
    time_unit: str | None,
) -> None:
    """Analyse every recording of a folder, on all cores or on a cluster.

    DATASET is a folder with a manifest.csv, or any folder with recordings in it. Each gets a file in FOLDER/results, what
    'analyze --json' writes; tables of all recordings, sets and reps are made at the end (Parquet and CSV). Interrupt it as you
    like: the next call does what isn't done, or what has changed since. What the manifest says is compared with, never used.
    """
    if workers is not None and scheduler is not None:
        raise UsageError("--workers is for this machine; with --scheduler the cluster's workers do it.")
    from imu_tracker.cli.progress import ShownProgress
    from imu_tracker.cohort.batch import run_batch
    from imu_tracker.cohort.kept import Kept
    from imu_tracker.files.datasets import read_dataset

    folder = Path(out)
    if folder.resolve() == Path(dataset).resolve():
        raise UsageError(f"{out} is the dataset itself; write to another folder, which may lie in it.")
    data = read_dataset(dataset, besides=folder)
    asked, labels = _asked(exercise, drop_threshold, model, options.declared(columns, acc_unit, gyr_unit, time_unit))
    with Kept(folder) as kept:
        try:
            with _crew(workers, scheduler, len(data.rows)) as crew, ShownProgress(estimate=True) as progress:
                batch = run_batch(data, asked, crew, kept, labels, progress)
        except KeyboardInterrupt:
            click.echo(f"What is done is kept in {out}; the same call goes on from there.", err=True)
            raise
    _show(batch, out)
    if len(batch.broken) == len(data.rows):
        raise ImuTrackerError("None of the recordings could be analysed.")


def _asked(
    exercise: str | None, threshold_deg: float | None, model: str | None, declared: options.Declared
) -> tuple[Asked, frozenset[str]]:
    """What is asked of every recording, and the exercises that can be named."""
    import hashlib

    from imu_tracker.cli.models import chosen_file
    from imu_tracker.cohort.work import Asked
    from imu_tracker.recognition.modelfile import load_model
    from imu_tracker.recognition.naming import builtin_model

    file, digest = chosen_file(model), ""
    known = builtin_model() if file is None else load_model(file)
    if file is not None:
        file = file.absolute()
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    name = options.exercise_name(exercise)
    asked = Asked(name, threshold_deg, declared.units, declared.columns, file, digest)
    return asked, frozenset(known.labels if name is None else ())


def _crew(workers: int | None, scheduler: str | None, recordings: int) -> LocalCrew | ClusterCrew:
    from imu_tracker.cohort.crews import ClusterCrew, LocalCrew, cores

    return LocalCrew(min(workers or cores(), recordings)) if scheduler is None else ClusterCrew(scheduler)


def _show(batch: Batch, out: str) -> None:
    """What came of it on stdout, and what is broken on stderr."""
    for name, reason in list(batch.broken.items())[:SHOWN]:
        click.echo(f"Broken: {name}: {reason}", err=True)
    if len(batch.broken) > SHOWN:
        click.echo(f"... and {len(batch.broken) - SHOWN} more: {out}/recordings.csv has them all.", err=True)
    done = batch.fresh + batch.known
    before = f" ({batch.known} of them before)" if batch.known else ""
    click.echo(f"{done} of {done + len(batch.broken)} recordings are analysed{before}.")
    found = batch.agreement
    if found.of:
        click.echo(f"Counts: {found.exact} of {found.of} are the dataset's, {found.within_one} within one.")
    if found.names:
        click.echo(f"Exercises: {found.named} of {found.names} that can be named are the dataset's.")
    click.echo(f"In {out}: results/, and {', '.join(t.name for t in batch.tables if t.suffix == '.parquet')} (and .csv).")
