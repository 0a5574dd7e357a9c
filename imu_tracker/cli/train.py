"""`imu-tracker train`: a model of a dataset's exercises, and what to expect of it on people it has not seen."""

from __future__ import annotations

import json
from pathlib import Path

import click

from imu_tracker.cli import options


@click.command("train")
@click.argument("dataset", metavar="DATASET", type=click.Path())
@click.option("--out", required=True, metavar="MODEL", help="The model's file; a card and a picture are written beside it.")
@click.option("--label", default="exercise", show_default=True, metavar="COLUMN", help="What is to be told.")
@click.option("--group", default="subject", show_default=True, metavar="COLUMN", help="What is left out to test on: the people.")
@click.option("--json", "json_out", metavar="OUT|-", help="Write the left-out predictions and scores as JSON.")
def command(dataset: str, out: str, label: str, group: str, json_out: str | None) -> None:
    """Train a model on a folder of recordings, and say what to expect of it on other people.

    The folder has a manifest.csv (and a segments.csv, where recordings hold several sets). Every figure is of predictions
    for people whose recordings were left out of the training. A class named `other` stands for all that is no exercise.
    """
    options.check_outputs([dataset], [out, json_out])
    from imu_tracker.cli.progress import ShownProgress
    from imu_tracker.files.datasets import read_manifest
    from imu_tracker.files.writing import write_text
    from imu_tracker.recognition.card import card_path, write_card
    from imu_tracker.recognition.corpus import check_column, read_examples
    from imu_tracker.recognition.modelfile import save_model
    from imu_tracker.recognition.scores import as_json, confusion_table
    from imu_tracker.recognition.training import expectation, report_json, train

    data = read_manifest(dataset)
    check_column(data, label, "label")
    check_column(data, group, "group")
    with ShownProgress() as progress:
        examples = read_examples(data, label, group, lambda segment, kind: ("gyr", "acc"), lambda w, s: progress(w, 0.5 * s))
        model, report = train(examples, label, group, progress=lambda w, s: progress(w, 0.5 + 0.5 * s))
    for note in report.notes:
        click.echo(f"Note: {note}", err=True)
    for files in report.duplicates:
        click.echo(f"Note: the same data lie in {' and '.join(files)}; they were left out together.", err=True)
    text = json.dumps({**as_json(report.told, report.scores), **report_json(report)}, indent=1, ensure_ascii=False) + "\n"
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
    click.echo(f"Model written to {out}, its card to {card_path(Path(out))}.", err=True)
