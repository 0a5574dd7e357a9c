"""`imu-tracker app`: the same in a browser, on the phone too."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from imu_tracker.cli.demo import bundled_folder
from imu_tracker.cli.store import opened_store, store_option

if TYPE_CHECKING:
    from imu_tracker.app.server import Demo

PLAYED = "lateral_band_walk"


@click.command("app")
@click.option(
    "--demo", is_flag=True, help="Play a bundled recording instead of sensors; without --store nothing is kept after the end."
)
@click.option("--lan", is_flag=True, help="Open it to your network, for the phone: who has the link or the code may come in.")
@click.option("--port", type=click.IntRange(0, 65535), default=8420, show_default=True, help="The port to listen on; 0: any.")
@click.option("--no-open", is_flag=True, help="Don't open a browser.")
@click.option("--speed", type=click.FloatRange(0.1, 1000.0), default=1.0, help="How many times as fast the demo plays.")
@store_option
def command(demo: bool, lan: bool, port: int, no_open: bool, speed: float, store: str | None) -> None:
    """The same in a browser, on the phone too.

    Watch a session while it is worn, look at those that were. The page answers to this computer only, and with --lan to your
    network, to whoever has the link with its key. Closing the page doesn't end a session; Ctrl-C here does, and keeps it.
    """
    import tempfile

    from imu_tracker.app.address import lan_address, listening
    from imu_tracker.app.guard import new_token
    from imu_tracker.ingest.ble import Radio
    from imu_tracker.session.store import Store

    token = new_token()
    with ExitStack() as stack:
        taken = stack.enter_context(listening(port, lan))
        if demo and store is None:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="imu-tracker-demo-")))
        else:
            root = opened_store(store)
        from imu_tracker.app.server import build, serve

        port = taken.getsockname()[1]
        guard, _ = build(Store(root), token, port, Radio(), _played(speed) if demo else None, folders=not lan)
        serve(guard, taken, lambda: _welcome(port, token, lan_address() if lan else None, lan, not no_open))


def _played(speed: float) -> Demo:
    from imu_tracker.app.server import Demo
    from imu_tracker.files.reading import read_recording

    return Demo(read_recording([bundled_folder() / f"{PLAYED}.csv"]), PLAYED, speed)


def _welcome(port: int, token: str, address: str | None, lan: bool, browser: bool) -> None:
    """Say where it is, and open it."""
    from imu_tracker.app.address import LOOPBACK, code, url

    here = url(LOOPBACK, port, token)
    click.echo(f"On this computer: {here}")
    if lan and address is not None:
        there = url(address, port, token)
        click.echo(f"On the phone, in the same network: {there}\n\n{code(there)}")
        click.echo("The link holds the key: whoever has it can see and start sessions. The connection isn't encrypted.")
    elif lan:
        click.echo("This computer is in no network now, so nothing else can come in.")
    click.echo("Ctrl-C ends it.")
    if browser:
        import webbrowser

        webbrowser.open(here)
