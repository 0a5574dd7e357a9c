"""`imu-tracker forget`: what was taught, taken away."""

from __future__ import annotations

import click


@click.command("forget")
@click.argument("name", metavar="NAME")
@click.option("--model", metavar="FILE", help="Of this model, in place of the one that analyses use by themselves.")
def command(name: str, model: str | None) -> None:
    """Take away an exercise that was taught; 'imu-tracker teach --list' lists them."""
    from imu_tracker.cli.models import models_of
    from imu_tracker.recognition.modelfile import load_model, save_model
    from imu_tracker.recognition.teaching import forget

    if model is None:
        models_of().forget(name.strip())
    else:
        save_model(forget(load_model(model), name.strip()), model)
    click.echo(f"{name.strip()} is forgotten.")
