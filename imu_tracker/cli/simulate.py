"""`imu-tracker simulate`: a made-up person doing an exercise, as a recording, with everything known about it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from imu_tracker.cli import options
from imu_tracker.errors import UsageError


@click.command("simulate")
@click.argument("what", metavar="EXERCISE|SESSION.toml")
@click.option(
    "--out", required=True, metavar="FILE", callback=options.table_path, help="The recording to write, .csv or .parquet."
)
@click.option("--truth", metavar="FILE", help="Write all that is known of it: reps, phases, sides, stance, drops (JSON).")
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, help="Another number, another person, set and sensor."
)
@click.option(
    "--placement", "placements", multiple=True, metavar="NAME", help="Where a sensor is worn; may be given several times."
)
def command(what: str, out: str, truth: str | None, seed: int, placements: tuple[str, ...]) -> None:
    """Simulate a person doing an exercise, or a session file, with worn sensors.

    With several placements each is written to a file of its own, FILE with the placement before its ending.
    """
    from imu_tracker.files.writing import write_table, write_text
    from imu_tracker.simulate import read_plan, record, simulate

    if truth is not None and os.path.abspath(truth) == os.path.abspath(out):
        raise UsageError(f"{out} can't be the recording and its truth at once.")
    plan = read_plan(Path(what)) if what.lower().endswith(".toml") else None
    movement, known = simulate(what if plan is None else plan, seed)
    worn = placements or (plan.placements if plan is not None else ())
    recording = record(movement, seed, worn, plan.sensor if plan is not None else None)
    for name, stream in recording.streams.items():
        path = Path(out) if len(recording.streams) == 1 else Path(out).with_suffix(f".{name}{Path(out).suffix}")
        write_table(stream, str(path), {**recording.about, "placement": name})
        click.echo(f"{len(stream)} samples at {name} written to {path}.", err=True)
    if truth is not None:
        import json

        from imu_tracker.simulate.truth import to_dict

        write_text(truth, json.dumps(to_dict(known), allow_nan=False))
        click.echo(f"The truth is in {truth}.", err=True)
