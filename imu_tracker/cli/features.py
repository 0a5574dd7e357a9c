"""`imu-tracker features`: the features that recognition uses, as a table for one's own work."""

from __future__ import annotations

import click

from imu_tracker.cli import options


@click.command("features")
@click.argument("dataset", metavar="DATASET", type=click.Path())
@click.option("--out", required=True, metavar="TABLE", callback=options.table_path, help="The table to write, .csv or .parquet.")
def command(dataset: str, out: str) -> None:
    """Write the features that recognition uses as a table.

    One row for every recording (or segment) and sensor. Beside the features stand file, start_s, end_s, exercise, subject,
    segment and windows: a row holds the mean over so many windows of 5 s. They don't depend on how a sensor is turned. Those that
    take a gyroscope are empty where there is none.
    """
    from imu_tracker.cli.progress import ShownProgress
    from imu_tracker.files.datasets import read_manifest
    from imu_tracker.recognition.corpus import read_examples
    from imu_tracker.recognition.table import write_features

    data = read_manifest(dataset)
    options.check_outputs([str(f) for r in data.rows for _, f in r.files], [out])
    with ShownProgress() as progress:
        count = write_features(read_examples(data, progress=progress), out)
    click.echo(f"{count} rows written to {out}.", err=True)
