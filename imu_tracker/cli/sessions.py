"""`imu-tracker sessions`: what was kept; list, show, look at again, delete, restore, export, import, rebuild."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from imu_tracker.cli import options
from imu_tracker.cli.store import store_option
from imu_tracker.errors import UsageError

if TYPE_CHECKING:
    from imu_tracker.session.store import Store

SHOWN = 20  # sessions in a list, where not all are asked for


@click.group("sessions", invoke_without_command=True)
@store_option
@click.pass_context
def command(context: click.Context, store: str | None) -> None:
    """List the sessions that were kept; show, delete or move them.

    SESSION is a session's name or the beginning of it, or 'last'.
    """
    context.obj = store
    if context.invoked_subcommand is None:
        context.invoke(list_)


def _store(context: click.Context) -> Store:
    from imu_tracker.cli.store import opened_store
    from imu_tracker.session.store import Store

    return Store(opened_store(context.obj))


@command.command("list")
@click.option("--all", "everything", is_flag=True, help=f"Not only the newest {SHOWN}.")
@click.option("--bin", "in_bin", is_flag=True, help="Those that were deleted.")
@click.pass_context
def list_(context: click.Context, everything: bool = False, in_bin: bool = False) -> None:
    """List them, the newest first."""
    from imu_tracker.cli.sessions_screen import print_list
    from imu_tracker.cli.terminal import Terminal

    store = _store(context)
    if in_bin:
        for name in store.deleted():
            click.echo(name)
        return
    print_list(Terminal(), store.list(), None if everything else SHOWN, str(store.root))


@command.command("show")
@click.argument("session", default="last")
@click.pass_context
def show(context: click.Context, session: str) -> None:
    """Show one, and what changed since the last time."""
    from imu_tracker.cli.sessions_screen import print_asked, print_changes, print_opened
    from imu_tracker.cli.store import opened_session
    from imu_tracker.cli.terminal import Terminal
    from imu_tracker.session.trends import before, left_against_right, points_of

    store = _store(context)
    opened = opened_session(store, session)
    console = Terminal()
    print_opened(console, opened)
    print_asked(console, opened)
    everything = store.points()
    for now in points_of(opened.session, opened.name, opened.started, opened.subject):
        print_changes(console, now, before(everything, now), left_against_right(now))


@command.command("again")
@click.argument("session", default="last")
@click.pass_context
def again(context: click.Context, session: str) -> None:
    """Analyse one anew; the model in use names what you didn't.

    What was recorded stays as it is, and so does what you said and corrected.
    """
    from imu_tracker.cli.models import chosen_model
    from imu_tracker.cli.progress import ShownProgress
    from imu_tracker.cli.sessions_screen import print_opened
    from imu_tracker.cli.terminal import Terminal

    store = _store(context)
    name = store.find(session)
    chosen_model(None, context.obj)  # says which one it is, where that isn't the built-in one
    with ShownProgress() as progress:
        store.analyse(name, progress=progress)
    print_opened(Terminal(), store.open(name))


@command.command("delete")
@click.argument("session", nargs=-1, required=True)
@click.option("--for-good", is_flag=True, help="Not into the bin: its samples are gone then. Also for what is in the bin.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_context
def delete(context: click.Context, session: tuple[str, ...], for_good: bool, yes: bool) -> None:
    """Put sessions into the store's bin."""
    store = _store(context)
    for word in session:
        name = word if for_good and word in store.deleted() else store.find(word)
        if for_good:
            if not yes:
                click.confirm(f"Delete {name} and all its samples for good?", abort=True, err=True)
            store.delete_for_good(name if name in store.deleted() else store.delete(name).name)
            click.echo(f"{name} is deleted.", err=True)
        else:
            put = store.delete(name).name
            click.echo(f"{name} is in the bin. To take it back:\n  imu-tracker sessions restore {put}", err=True)


@command.command("restore")
@click.argument("session", nargs=-1, required=True)
@click.pass_context
def restore(context: click.Context, session: tuple[str, ...]) -> None:
    """Take deleted sessions out of the bin."""
    store = _store(context)
    for name in session:
        click.echo(f"{store.restore(name)} is back.", err=True)


@command.command("export")
@click.argument("session")
@click.option("--out", metavar="FILE.zip", help="Else the session's name, here.")
@click.pass_context
def export(context: click.Context, session: str, out: str | None) -> None:
    """Pack one into a ZIP, samples and all, for 'import'."""
    from imu_tracker.session.parcels import export_session

    store = _store(context)
    name = store.find(session)
    target = Path(out or f"{name}.zip")
    if out is None and target.exists():
        raise UsageError(f"{target} is there already; name another file with --out.")
    export_session(store, name, target)
    click.echo(f"Written: {target}", err=True)


@command.command("import")
@click.argument("file", nargs=-1, required=True)
@click.pass_context
def import_(context: click.Context, file: tuple[str, ...]) -> None:
    """Take sessions in from such ZIPs."""
    from imu_tracker.session.parcels import import_session

    store = _store(context)
    for path in file:
        click.echo(f"{path} is here as {import_session(store, Path(path))}.", err=True)


@command.command("add")
@click.argument("recording", nargs=-1, required=True, metavar="[PLACEMENT=]FILE...")
@click.option("--exercise", metavar="NAME", help="The exercise, as 'imu-tracker exercises' lists it.")
@click.option("--side", type=click.Choice(["left", "right"]), help="The working side: the leg stood on, or the one that moves.")
@click.option("--subject", metavar="WHO", help="Who did it.")
@click.option("--started", type=click.DateTime(), help="When it began; else as the file says, else now.")
@options.reading_options
@click.pass_context
def add(
    context: click.Context,
    recording: tuple[str, ...],
    exercise: str | None,
    side: Literal["left", "right"] | None,
    subject: str | None,
    started: datetime | None,
    columns: str | None,
    acc_unit: str | None,
    gyr_unit: str | None,
    time_unit: str | None,
) -> None:
    """Keep a recording from elsewhere as a session.

    FILE as for 'imu-tracker analyze': several files are the sensors of one recording.
    """
    from imu_tracker.analysis import Wish
    from imu_tracker.exercises import find

    wish = Wish(None if exercise is None else find(exercise).name, side)
    store = _store(context)
    read = options.declared(columns, acc_unit, gyr_unit, time_unit).read(recording)
    begun = _begun(read.about) if started is None else started.astimezone()
    click.echo(f"Kept as {store.add(read, begun, wish, subject)}.", err=True)


def _begun(about: Mapping[str, str]) -> datetime:
    """When a recording began, as far as it says; else now."""
    for word, known in (("started", datetime.fromisoformat), ("start_epoch_s", lambda s: datetime.fromtimestamp(float(s)))):
        with suppress(KeyError, ValueError, OverflowError, OSError):
            return known(about[word]).astimezone()
    return datetime.now().astimezone()


@command.command("rebuild")
@click.pass_context
def rebuild(context: click.Context) -> None:
    """Make the index and missing analyses anew."""
    from imu_tracker.cli.progress import ShownProgress

    store = _store(context)
    with ShownProgress() as progress:
        trouble = store.rebuild(progress)
    for sentence in trouble:
        click.echo(f"Note: {sentence}", err=True)
    count = len(store.names())
    click.echo(f"The index holds {count} session{'' if count == 1 else 's'}.", err=True)
