"""`imu-tracker evaluate`: a model's answer for each recording of a dataset, and how often it was right."""

from __future__ import annotations

import json

import click

from imu_tracker.cli import options


@click.command("evaluate")
@click.argument("model", metavar="MODEL", type=click.Path())
@click.argument("dataset", metavar="DATASET", type=click.Path())
@click.option("--json", "json_out", metavar="OUT|-", help="Write predictions and scores as JSON; - for stdout.")
def command(model: str, dataset: str, json_out: str | None) -> None:
    """Ask a model about every recording of a dataset.

    One answer each, or one for every segment where there is a segments.csv. Answers are read from the sets that are found; where
    none is, the whole recording is classified.
    """
    options.check_outputs([model, dataset], [json_out])
    from imu_tracker.cli.progress import ShownProgress
    from imu_tracker.files.datasets import read_manifest
    from imu_tracker.files.writing import write_text
    from imu_tracker.recognition.corpus import read_examples
    from imu_tracker.recognition.evaluating import evaluate
    from imu_tracker.recognition.modelfile import load_model
    from imu_tracker.recognition.scores import as_json, confusion_table, scores_of

    known = load_model(model)
    with ShownProgress() as progress:
        told = evaluate(known, read_examples(read_manifest(dataset), known.label, "subject", known.kinds, progress))
    scores = scores_of(told)
    text = json.dumps(as_json(told, scores), indent=1, ensure_ascii=False) + "\n"
    if json_out == "-":
        click.echo(text, nl=False)
        return
    for one in told:
        span = "" if one.span is None else f" {one.span[0]:g}-{one.span[1]:g} s"
        click.echo(f"{one.file}{span}: {one.predicted} ({one.confidence:.2f})")
    if scores.macro_f1 is not None:
        click.echo(f"macro-F1 {scores.macro_f1:.3f}, accuracy {scores.accuracy:.3f}")
        click.echo(confusion_table(scores), nl=False)
    if json_out is not None:
        write_text(json_out, text)
