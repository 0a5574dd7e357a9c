"""What the commands that use the store have in common: where it is, and that a crash's leftovers are recovered first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from imu_tracker.analysis import Wish
    from imu_tracker.session.opened import Opened
    from imu_tracker.session.store import Store

Command = TypeVar("Command", bound=Callable[..., Any])


def store_option(command: Command) -> Command:
    """Add `--store FOLDER`; the command gets it as `store`, None by default."""
    help_ = "Where sessions are kept; else as IMU_TRACKER_STORE says, else among your data."
    return click.option("--store", metavar="FOLDER", help=help_)(command)


def opened_store(given: str | None) -> Path:
    """The store's folder, after finishing what crashed recordings left in it; what became of each is said on stderr."""
    from imu_tracker.ingest.recovery import recover
    from imu_tracker.session.folders import store_folder

    root = store_folder(given)
    for finished in recover(root):
        where = f" in {finished.file.parent.name}" if finished.file is not None else ""
        click.echo(f"Recovered{where}: {finished.said}", err=True)
    return root


def opened_session(store: Store, word: str) -> Opened:
    """The session that a word names; where it has to be analysed first, that is shown on stderr."""
    from imu_tracker.cli.progress import ShownProgress

    with ShownProgress() as progress:
        return store.open(store.find(word), progress)


def analysed(folder: Path, wish: Wish | None = None) -> Opened:
    """A session that has just been recorded, analysed by a wish or its own words, and kept; raises FileError, SamplesError."""
    from imu_tracker.cli.progress import ShownProgress
    from imu_tracker.session.store import Store

    store = Store(folder.parent)
    with ShownProgress() as progress:
        store.analyse(folder.name, wish, progress)
    return store.open(folder.name)
