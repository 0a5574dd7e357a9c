"""What several commands have in common: how files are to be read, and outputs that must not be inputs."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from imu_tracker.errors import UsageError

if TYPE_CHECKING:
    from imu_tracker.cli.outlets import Outlets
    from imu_tracker.files.columns import ColumnMap
    from imu_tracker.files.units import Units
    from imu_tracker.recording import Recording

Command = TypeVar("Command", bound=Callable[..., Any])


def reading_options(command: Command) -> Command:
    """Add `--columns`, `--acc-unit`, `--gyr-unit` and `--time-unit`; the command gets `columns`, `acc_unit` and so on."""
    text = "Which column is which, where their names don't tell: 't=time,ax=acc_x,ay=-acc_y,...'; - turns a sign."
    command = click.option("--columns", metavar="MAP", help=text)(command)
    for name, units, what in (
        ("--time-unit", ["s", "ms", "us"], "the times"),
        ("--gyr-unit", ["deg/s", "rad/s"], "the gyroscope"),
        ("--acc-unit", ["g", "m/s2"], "the accelerometer"),
    ):
        command = click.option(name, type=click.Choice(units), help=f"Unit of {what}, whatever is recognised.")(command)
    return command


def model_option(command: Command) -> Command:
    """Add `--model`; the command gets `model`, None by default: then `models.chosen_model` takes the built-in one."""
    text = "Names the exercises in place of the built-in model; from 'imu-tracker train'."
    return click.option("--model", metavar="FILE", help=text)(command)


def lsl_option(command: Command) -> Command:
    """Add `--lsl`; the command gets `lsl`, False by default: then `outlets` gives None."""
    text = "Send samples and events as LSL streams, to any program in the network that asks."
    return click.option("--lsl", is_flag=True, help=text)(command)


def outlets(lsl: bool) -> Outlets | None:
    """Where `--lsl` sends to; raises MissingExtra."""
    if not lsl:
        return None
    from imu_tracker.cli.outlets import Outlets

    return Outlets()


def say_trouble(sending: Outlets | None) -> None:
    """That sending ended early, where it did, on stderr."""
    if sending is not None and sending.trouble:
        click.echo(f"Note: {sending.trouble}", err=True)


@dataclass(frozen=True)
class Declared:
    """What a person says of the files that are read."""

    units: Units
    columns: ColumnMap

    def read(self, words: Sequence[str]) -> Recording:
        """The recording that `[PLACEMENT=]FILE` words name; raises as `read_recording`."""
        from imu_tracker.files.reading import read_recording

        return read_recording(words, units=self.units, columns=self.columns)


def declared(
    columns: str | None = None, acc_unit: str | None = None, gyr_unit: str | None = None, time_unit: str | None = None
) -> Declared:
    """The words of the reading options; click has checked the units. Raises UsageError."""
    from imu_tracker.files.columns import AS_USUAL, parse_columns
    from imu_tracker.files.units import Units

    units = Units(acc_unit, gyr_unit, time_unit)  # type: ignore[arg-type]
    return Declared(units, AS_USUAL if columns is None else parse_columns(columns))


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


def threshold_option(command: Command) -> Command:
    """Add `--drop-threshold`; the command gets `drop_threshold`, degrees, None by default: then the catalogue's counts."""
    text = "Pelvic drop beyond so many degrees is flagged; else as the catalogue says."
    return click.option("--drop-threshold", type=float, metavar="DEG", callback=threshold, help=text)(command)


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
