"""`imu-tracker models`: which model names the exercises; list, show, use, delete. And the one that a command is to use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_tracker.cli.store import store_option
from imu_tracker.errors import UsageError

if TYPE_CHECKING:
    from imu_tracker.recognition.model import Model
    from imu_tracker.session.models import Models

OLDER = "What was taught rests on another built-in model than this version's; teach it again to use the new one."


def models_of(store: str | None = None) -> Models:
    """The models kept in the store that a command was given, else in the usual one."""
    from imu_tracker.session.folders import store_folder
    from imu_tracker.session.models import Models

    return Models(store_folder(store))


def chosen_model(given: str | None, store: str | None = None) -> Model | None:
    """The model in the file given; else the one in use, which is said on stderr where it is a trained one; None where that is
    the built-in one as it came. Raises ModelError."""
    if given is not None:
        from imu_tracker.recognition.modelfile import load_model

        return load_model(given)
    models = models_of(store)
    chosen, name = models.chosen(), models.used()
    if name is not None:
        _say_used(name)
    return chosen


def chosen_file(given: str | None, store: str | None = None) -> Path | None:
    """The file of what `chosen_model` gives, for those who read it themselves."""
    if given is not None:
        return Path(given)
    models = models_of(store)
    name, path = models.used(), models.path(models.used())
    if name is not None:
        _say_used(name)
    return path if name is not None or path.is_file() else None


def _say_used(name: str) -> None:
    click.echo(f"Note: Exercises are named by your model {name}; see 'imu-tracker models'.", err=True)


@click.group("models", invoke_without_command=True)
@store_option
@click.pass_context
def command(context: click.Context, store: str | None) -> None:
    """Choose the model that names the exercises: the built-in one, or one of your own.

    Without a word they are listed. 'imu-tracker train' makes one.
    """
    context.obj = store
    if context.invoked_subcommand is None:
        _list(models_of(store))


def _list(models: Models) -> None:
    from imu_tracker.session.models import BUILTIN

    used = models.used()
    for name in (None, *models.names()):
        click.echo(f"{'*' if name == used else ' '} {name or BUILTIN}: {_said(models, name)}")
    click.echo("* is in use; 'imu-tracker models use NAME' changes that.", err=True)


def _said(models: Models, name: str | None) -> str:
    """A model in a line: what it knows, how good it is, what was taught to it."""
    from imu_tracker.errors import ModelError
    from imu_tracker.recognition.teaching import sets_taught

    try:
        model = models.load(name)
    except ModelError as e:
        return str(e)
    said, figures = [f"{len(model.labels)} classes"], None if name is None else models.figures(name)
    if figures is not None and figures.get("macro_f1") is not None:
        said.append(f"macro-F1 {figures['macro_f1']:.2f} on {figures['groups']} by {figures['group']}, left out in turn")
    said += [f"taught {n} ({count} set{'s' if count > 1 else ''})" for n, count in sets_taught(model).items()]
    if name is None and models.outdated():
        said.append("which rests on another version's; teach it again")
    return ", ".join(said)


@command.command("show")
@click.argument("name")
@click.pass_context
def show(context: click.Context, name: str) -> None:
    """Show a trained model's card: what it was trained on, and how it did on people it hadn't seen."""
    from imu_tracker.errors import FileError
    from imu_tracker.recognition.card import card_path

    models = models_of(context.obj)
    models.known(name)
    path = card_path(models.path(name))
    try:
        click.echo(path.read_text(encoding="utf-8"), nl=False)
    except (OSError, UnicodeDecodeError) as e:
        raise FileError(path, f"the card can't be read ({e}).") from e


@command.command("use")
@click.argument("name", metavar="NAME|FILE|built-in")
@click.pass_context
def use(context: click.Context, name: str) -> None:
    """Name exercises by this model from now on; a FILE of 'imu-tracker train' is taken in first."""
    from imu_tracker.session.models import BUILTIN

    models = models_of(context.obj)
    if name == BUILTIN:
        models.use(None)
    else:
        if name not in models.names():
            if not Path(name).is_file():
                raise UsageError(f"There is no model {name!r}, and no such file; 'imu-tracker models' lists them.")
            name = models.add(Path(name))
        models.use(name)
    click.echo(f"Exercises are named by {name} from now on.", err=True)


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_context
def delete(context: click.Context, name: str, yes: bool) -> None:
    """Delete a trained model, with what was taught to it."""
    models = models_of(context.obj)
    models.known(name)
    if not yes:
        click.confirm(f"Delete the model {name}, and what was taught to it?", abort=True, err=True)
    models.delete(name)
    click.echo(f"{name} is deleted.", err=True)
