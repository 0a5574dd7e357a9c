"""`imu-tracker teach`: an exercise of one's own, from a few sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_tracker.cli import options

if TYPE_CHECKING:
    from imu_tracker.cli.options import Declared
    from imu_tracker.recognition.model import Model
    from imu_tracker.recognition.teaching import Shown


@click.command("teach")
@click.argument("name", required=False, metavar="NAME")
@click.argument("recording", nargs=-1, metavar="[PLACEMENT=]FILE...")
@click.option("--from", "from_s", type=click.FloatRange(min=0), metavar="S", help="What is before is left aside.")
@click.option("--to", "to_s", type=click.FloatRange(min=0), metavar="S", help="What is after is left aside.")
@click.option("--list", "listing", is_flag=True, help="List what was taught.")
@click.option("--model", metavar="FILE", help="Teach this model, in place of the one that analyses use by themselves.")
@options.reading_options
def command(
    name: str | None,
    recording: tuple[str, ...],
    from_s: float | None,
    to_s: float | None,
    listing: bool,
    model: str | None,
    columns: str | None,
    acc_unit: str | None,
    gyr_unit: str | None,
    time_unit: str | None,
) -> None:
    """Teach an exercise of your own from one to five sets.

    Every FILE is a recording of its own; each set found in it, between --from and --to, is an example; where none is, all of
    that is one. From then on 'analyze', 'replay' and 'live' name it, wherever the sensor is worn as it was in the examples.
    """
    from imu_tracker.cli.models import OLDER, models_of
    from imu_tracker.errors import UsageError
    from imu_tracker.recognition.modelfile import load_model, save_model
    from imu_tracker.recognition.teaching import sets_taught, teach
    from imu_tracker.session.learning import checked_name

    models = models_of()
    if listing:
        if name is not None:
            raise UsageError("--list takes neither a name nor files.")
        click.echo(_listed(models.load(models.used()) if model is None else load_model(model)))
        return
    if name is None or not recording:
        raise UsageError("Say the exercise's name and the recordings that show it: imu-tracker teach NAME FILE...")
    options.check_outputs(recording, [model])
    name = checked_name(name)
    if model is not None:
        load_model(model)  # before the work
    given = options.declared(columns, acc_unit, gyr_unit, time_unit)
    shown = [one for word in recording for one in shown_in(word, given, from_s or 0.0, to_s)]
    if model is None:
        taught, path = models.teach(name, shown), models.path(models.used())
        if models.used() is None and models.outdated():
            click.echo(f"Note: {OLDER}", err=True)
    else:
        taught, path = teach(load_model(model), name, shown), Path(model)
        save_model(taught, path)
    places = sorted({placement for one in shown for placement in one.motions})
    count = sets_taught(taught)[name]
    click.echo(f"Learnt {name} from {count} set{'s' if count > 1 else ''} ({', '.join(places)}); it is kept in {path}.")


def shown_in(word: str, given: Declared, from_s: float, to_s: float | None) -> list[Shown]:
    """The sets in a recording between two times, s, each as an example; all of it where none is found. Raises UsageError."""
    from imu_tracker.analysis import analyze
    from imu_tracker.errors import UsageError
    from imu_tracker.session.learning import shown_of

    recording = given.read([word])
    end_s = recording.duration_s if to_s is None else min(to_s, recording.duration_s)
    if end_s - from_s < 1.0:
        raise UsageError(f"Less than a second of {word} ({recording.duration_s:.1f} s long) lies between --from and --to.")
    clipped = [(max(s.start_s, from_s), min(s.end_s, end_s)) for s in analyze(recording).sets]
    return shown_of(recording, [span for span in clipped if span[1] - span[0] >= 1.0] or [(from_s, end_s)])


def _listed(model: Model) -> str:
    from imu_tracker.recognition.teaching import sets_taught

    lines = [f"{name}: {count} set{'s' if count > 1 else ''}" for name, count in sets_taught(model).items()]
    return "\n".join(lines) or "Nothing was taught yet; 'imu-tracker teach NAME FILE...' does."
