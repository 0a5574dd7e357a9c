"""What several commands have in common: the unit options, and outputs that must not be inputs."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from imu_tracker.errors import UsageError

if TYPE_CHECKING:
    from imu_tracker.files.units import Units

Command = TypeVar("Command", bound=Callable[..., Any])


def unit_options(command: Command) -> Command:
    """Add `--acc-unit`, `--gyr-unit` and `--time-unit`; the command gets them as `acc_unit` and so on, None by default."""
    for name, units, what in (
        ("--time-unit", ["s", "ms"], "the times"),
        ("--gyr-unit", ["deg/s", "rad/s"], "the gyroscope"),
        ("--acc-unit", ["g", "m/s2"], "the accelerometer"),
    ):
        command = click.option(name, type=click.Choice(units), help=f"Unit of {what}, whatever is recognised.")(command)
    return command


def model_option(command: Command) -> Command:
    """Add `--model`; the command gets `model`, None by default: then `models.chosen_model` takes the built-in one."""
    text = "Names the exercises in place of the built-in model; from 'imu-tracker train'."
    return click.option("--model", metavar="FILE", help=text)(command)


def units(acc_unit: str | None, gyr_unit: str | None, time_unit: str | None) -> Units:
    """The words of the unit options as `Units`; click has checked them."""
    from imu_tracker.files.units import Units

    return Units(acc_unit, gyr_unit, time_unit)  # type: ignore[arg-type]


def check_outputs(recordings: Sequence[str], outputs: Sequence[str | None]) -> None:
    """Raise UsageError where an output would replace a recording or another output."""
    inputs = {os.path.realpath(path) for word in recordings for path in (word, word.partition("=")[2]) if path}
    taken: set[str] = set()
    for output in outputs:
        if output is None or output == "-":
            continue
        path = os.path.realpath(output)
        if path in inputs:
            raise UsageError(f"{output} is the recording itself; write to another file.")
        if path in taken:
            raise UsageError(f"{output} is named for two outputs; give each a file of its own.")
        taken.add(path)


TABLE_ENDINGS = (".parquet", ".csv")


def table_path(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The path of a table to be written, as it was given; another ending is a fault of the call."""
    if value is not None and not value.lower().endswith(TABLE_ENDINGS):
        raise click.BadParameter(f"{value} ends neither in .parquet nor in .csv.")
    return value


def threshold(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """A threshold for pelvic drop, degrees; beyond a right angle it is a fault of the call."""
    if value is not None and not 0 < value < 90:
        raise click.BadParameter(f"{value:g} is not between 0 and 90 degrees.")
    return value


def exercise_name(word: str | None) -> str | None:
    """The catalogue's name of the exercise that was told, so that a misspelt one is told before the work; NoSuchExercise."""
    if word is None:
        return None
    from imu_tracker.exercises import find

    return find(word).name
