"""`imu-tracker doctor`: what on this machine would keep it from working, and the mend."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from imu_tracker.cli.store import store_option

if TYPE_CHECKING:
    from rich.console import Console

    from imu_tracker.ingest.checking import Finding

STYLES = {"ok": "green", "warning": "yellow", "problem": "bold red"}
INDENT = 20  # columns before a sentence


@click.command("doctor")
@click.option(
    "--seconds", type=click.FloatRange(1.0, 60.0), default=5.0, show_default=True, help="How long to listen for sensors."
)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(seconds: float, store: str | None, as_json: bool) -> None:
    """Find what on this machine would keep it from working, and the mend.

    Looks at Python, Bluetooth, the sensors near by (each is connected to for a moment and asked for its battery), the disk, the
    clocks and the power. The exit status is 0 where nothing keeps it from working, else 1.
    """
    from imu_tracker.ingest import machine
    from imu_tracker.ingest.checking import check, works

    if sys.stderr.isatty():
        click.echo(f"Listening for {seconds:g} s ...", err=True)
    folder = None
    if not machine.missing(machine.PACKAGES):  # else its room can't be imported, and only what is missing matters
        from imu_tracker.session.folders import store_folder

        folder = store_folder(store)
    findings = check(machine.look(folder, seconds))
    if as_json:
        import json
        from dataclasses import asdict

        told = {"schema": 1, "works": works(findings), "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        from imu_tracker.cli.terminal import Terminal

        console = Terminal()
        print_findings(console, findings)
        console.file.flush()
    if not works(findings):
        raise click.exceptions.Exit(1)


def print_findings(console: Console, findings: list[Finding]) -> None:
    """Each finding with its mend below it, and how many of each there are."""
    from rich.text import Text

    for finding in findings:
        head = Text().append(f"{finding.level:8}", STYLES[finding.level]).append(f" {finding.check:10} ", "bold")
        for line in Text(finding.said).wrap(console, max(24, console.width - INDENT)):
            line.rstrip()
            console.print(head + line)
            head = Text(" " * INDENT)
        for line in Text(finding.mend).wrap(console, max(24, console.width - INDENT)) if finding.mend else ():
            line.rstrip()
            line.stylize("cyan")
            console.print(head + line)
    counts = {level: sum(finding.level == level for finding in findings) for level in ("problem", "warning")}
    told = [f"{n} {level}{'s' if n > 1 else ''}" for level, n in counts.items() if n]
    console.print()
    if not counts["problem"]:
        console.print(Text(f"Nothing keeps it from working{f' ({told[0]})' if told else ''}.", "bold"))
        return
    broken = any(finding.level == "problem" and finding.check == "Python" for finding in findings)
    what = "imu-tracker" if broken else "recording from a sensor"
    console.print(Text(f"{' and '.join(told)}: {what} won't work like this.", "bold"))
    if not broken:
        console.print("Recordings that are there already can be analysed all the same.")
