"""`imu-tracker forget`: what was taught, taken away."""

from __future__ import annotations

import click


@click.command("forget")
@click.argument("name", metavar="NAME")
@click.option("--model", metavar="FILE", help="Of this model, in place of the one that analyses use by themselves.")
def command(name: str, model: str | None) -> None:
    """Take away an exercise that was taught; 'imu-tracker teach --list' lists them."""
    from imu_tracker.cli.models import model_to_teach
    from imu_tracker.recognition.modelfile import save_model
    from imu_tracker.recognition.teaching import forget

    known, path = model_to_teach(model)
    left = forget(known, name.strip())
    if model is None and not left.taught:
        path.unlink(missing_ok=True)  # the built-in model says the same
    else:
        save_model(left, path)
    click.echo(f"{name.strip()} is forgotten.")
