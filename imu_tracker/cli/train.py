"""`imu-tracker train`: a model of a dataset's exercises, and what to expect of it on people it has not seen."""

from __future__ import annotations

from pathlib import Path

import click

from imu_tracker.cli import options
from imu_tracker.cli.store import opened_store, store_option
from imu_tracker.errors import UsageError


@click.command("train")
@click.argument("dataset", metavar="[DATASET]", required=False, type=click.Path())
@click.option("--kept", is_flag=True, help="Train on the sets of kept sessions that a person named, too, or on them alone.")
@click.option("--out", required=True, metavar="MODEL", help="The model's file; a card and a picture are written beside it.")
@click.option("--label", default="exercise", show_default=True, metavar="COLUMN", help="What is to be told.")
@click.option("--group", default="subject", show_default=True, metavar="COLUMN", help="What is left out to test on: the people.")
@store_option
@click.option("--json", "json_out", metavar="OUT|-", help="Write the left-out predictions and scores as JSON.")
def command(dataset: str | None, kept: bool, out: str, label: str, group: str, store: str | None, json_out: str | None) -> None:
    """Train a model on a folder of recordings, and say what to expect of it on other people.

    The folder has a manifest.csv (and a segments.csv, where recordings hold several sets). With --kept it learns from kept
    sessions: the sets whose exercise was said beforehand or in 'imu-tracker review'. Every figure is of predictions for people
    whose recordings were left out of the training (--group session: days). A class named `other` stands for all that is no
    exercise.
    """
    if dataset is None and not kept:
        raise UsageError("Name a dataset's folder, or take the kept sessions with --kept.")
    options.check_outputs([dataset] if dataset else [], [out, json_out])
    from imu_tracker.cli.progress import ShownProgress
    from imu_tracker.files.writing import write_text
    from imu_tracker.recognition.card import card_path, figures, write_card
    from imu_tracker.recognition.modelfile import save_model
    from imu_tracker.recognition.scores import confusion_table
    from imu_tracker.recognition.training import expectation
    from imu_tracker.session.learning import trained
    from imu_tracker.session.store import Store

    sessions = Store(opened_store(store)) if kept else None
    with ShownProgress() as progress:
        found = trained(sessions, dataset, label, group, progress)
    model, report = found.model, found.report
    for sentence in found.troubles:
        click.echo(f"Note: left aside: {sentence}", err=True)
    for note in report.notes:
        click.echo(f"Note: {note}", err=True)
    for files in report.duplicates:
        click.echo(f"Note: the same data lie in {' and '.join(files)}; they were left out together.", err=True)
    text = figures(report)
    if json_out == "-":
        click.echo(text, nl=False)
    else:
        scores = report.scores
        click.echo(
            f"On people left out ({report.groups} by {group}): macro-F1 {scores.macro_f1:.3f}, accuracy {scores.accuracy:.3f}."
        )
        click.echo(expectation(report))
        click.echo(confusion_table(scores), nl=False)
        if json_out is not None:
            write_text(json_out, text)
    save_model(model, out)
    write_card(model, report, out)
    click.echo(
        f"Model written to {out}, its card to {card_path(Path(out))}. To use it:\n  imu-tracker models use {out}", err=True
    )
