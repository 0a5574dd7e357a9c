"""Which model names the exercises: the one that a command was given, else what was taught, else the built-in one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from imu_tracker.recognition.model import Model

OLDER = "What was taught rests on another built-in model than this version's; teach it again to use the new one."


def chosen_model(given: str | None) -> Model | None:
    """The model in the file given; else the built-in one with what was taught, None where nothing was. Raises ModelError."""
    path = chosen_file(given)
    if path is None:
        return None
    from imu_tracker.recognition.modelfile import load_model

    return load_model(path)


def chosen_file(given: str | None) -> Path | None:
    """The file of the model that names the exercises; None for the built-in one alone."""
    if given is not None:
        return Path(given)
    from imu_tracker.session.folders import taught_model

    return path if (path := taught_model()).is_file() else None


def model_to_teach(given: str | None) -> tuple[Model, Path]:
    """The model that is taught, and the file it is kept in: the one given, else the one among the person's data."""
    from imu_tracker.recognition.modelfile import load_model
    from imu_tracker.recognition.naming import builtin_model
    from imu_tracker.session.folders import taught_model

    if given is not None:
        return load_model(given), Path(given)
    path = taught_model()
    if not path.is_file():
        return builtin_model(), path
    known = load_model(path)
    if known.about != builtin_model().about:
        click.echo(f"Note: {OLDER}", err=True)
    return known, path
