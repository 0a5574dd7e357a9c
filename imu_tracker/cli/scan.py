"""`imu-tracker scan`: which sensors are near."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from imu_tracker.ingest.ble import Found

NEAR_DBM, FAR_DBM = -50, -95  # within an arm's reach, and about where connections break
BARS = 5


@click.command("scan")
@click.option("--seconds", type=click.FloatRange(1.0, 60.0), default=6.0, show_default=True, help="How long to listen.")
@click.option("--all", "everything", is_flag=True, help="List devices that are no known sensors, too.")
def command(seconds: float, everything: bool) -> None:
    """List the sensors that are near, by signal strength.

    A sensor that is connected to a phone, or switched off, isn't heard.
    """
    import asyncio

    from imu_tracker.cli.terminal import Terminal
    from imu_tracker.ingest.ble import Radio

    click.echo(f"Listening for {seconds:g} s ...", err=True)
    found = asyncio.run(Radio().scan(seconds))
    console = Terminal()
    print_found(console, found, everything)
    console.file.flush()


def print_found(console: Console, found: Sequence[Found], everything: bool = False) -> None:
    """The sensors among what was heard, as a table; everything: other devices below them."""
    from rich.table import Table
    from rich.text import Text

    ours = [f for f in found if f.sensor is not None]
    others = [f for f in found if f.sensor is None]
    if not ours:
        console.print(Text("No known sensor was heard.", "bold"))
        console.print("Is it switched on, charged, and not connected to a phone? Bring it within a metre or two, and scan again.")
    shown = [*ours, *(others if everything else [])]
    if shown:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for name in ("Name", "Sensor", "Signal", "Address"):
            table.add_column(name, no_wrap=name != "Sensor")
        for f in shown:
            kind = Text(f.sensor.title) if f.sensor is not None else Text("not a known sensor", "dim")
            table.add_row(Text(f.title, "bold" if f.sensor is not None else "dim"), kind, _signal(f.rssi), f.address)
        console.print(table)
    if others and not everything:
        console.print(Text(f"{len(others)} other device{'s' if len(others) > 1 else ''} heard (--all lists them).", "dim"))


def _signal(rssi_dbm: int) -> str:
    """Strength as a bar and in dBm."""
    share = (rssi_dbm - FAR_DBM) / (NEAR_DBM - FAR_DBM)
    full = min(max(round(share * BARS), 0), BARS)
    return f"{'█' * full}{'░' * (BARS - full)} {rssi_dbm} dBm"
