"""What `imu-tracker record` shows: while it records, on stderr, and at the end, on stdout."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from imu_tracker import words
from imu_tracker.errors import NoSuchExercise
from imu_tracker.recording import UNKNOWN_PLACEMENT

if TYPE_CHECKING:
    from imu_tracker.cli.record import Guiding, Marks, Outcome, Wish
    from imu_tracker.ingest.placed import Status
    from imu_tracker.sensors.base import Battery

KEYS = "s set begins, ends   space rep   q end"
PLAIN_S = 10.0  # without a terminal a line this often


def battery(state: Battery | None) -> str:
    """A battery's state in a word."""
    if state is None:
        return ""
    if state.percent is not None:
        return f"{state.percent:.0f} %"
    return "" if state.volts is None else f"{state.volts:.2f} V"


def lost(status: Status) -> str:
    """What was lost, with its share."""
    taken = status.samples + status.lost
    return f"{status.lost} ({100 * status.lost / taken:.1f} %)" if status.lost else "none"


def placed(name: str) -> str:
    """A placement as a person reads it; empty where none was given."""
    return "" if name == UNKNOWN_PLACEMENT else words.placement(name)


class Screen:
    """Shows the recording as it goes: a few lines kept up to date on a terminal, now and then a line elsewhere."""

    def __init__(self, console: Console, wish: Wish, keys: bool) -> None:
        self._console, self._wish, self._keys = console, wish, keys
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None
        self._said = ""
        self._troubles: dict[str, str] = {}
        self._next_s = 0.0

    def __enter__(self) -> Screen:
        """Begin to show."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Clear away."""
        if self._live is not None:
            self._live.stop()

    def show(self, now_s: float, status: Mapping[str, Status], marks: Marks, guiding: Guiding) -> None:
        """How it is now."""
        if self._live is not None:
            self._live.update(self._picture(now_s, status, marks, guiding), refresh=True)
        else:
            self._lines(now_s, status, guiding)

    def _picture(self, now_s: float, status: Mapping[str, Status], marks: Marks, guiding: Guiding) -> Group:
        head = Text(words.clock(now_s), "bold")
        if marks.sets:
            reps = f", {marks.reps} rep{'s' if marks.reps > 1 else ''} marked" if marks.reps else ""
            head.append(f"   set {marks.sets}{' under way' if marks.in_set else ' ended'}{reps}", "cyan")
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        for name in ("Worn", "Sensor", "Rate", "Battery", "Samples", "Lost", ""):
            table.add_column(name, no_wrap=name != "", justify="right" if name in ("Rate", "Samples") else "left")
        for name, one in status.items():
            rate = "" if one.rate_hz is None else f"{one.rate_hz:.0f} Hz"
            told = "" if one.connected else "connecting again ..." if one.samples else "connecting ..."
            trouble = Text(" ".join(x for x in (told, one.trouble) if x), "dim" if one.connected else "yellow")
            counts = (str(one.samples), Text(lost(one), "yellow" if one.lost else ""))
            table.add_row(Text(placed(name), "bold"), one.name, rate, battery(one.battery), *counts, trouble)
        below = [Text(guiding.said, "bold green" if guiding.over else "bold yellow")] if guiding.said else []
        hint = KEYS if self._keys else "Ctrl-C ends"
        return Group(head, table, *below, Text(hint, "dim"))

    def _lines(self, now_s: float, status: Mapping[str, Status], guiding: Guiding) -> None:
        said = guiding.said.split(" ...")[0]  # not each second of standing still
        if said and said != self._said:
            self._console.print(Text(f"{words.clock(now_s)}  {said}"))
            self._said = said
        for name, one in status.items():
            if one.trouble and self._troubles.get(name) != one.trouble:
                self._troubles[name] = one.trouble
                self._console.print(Text(f"{words.clock(now_s)}  {one.name}: {one.trouble}"))
        if now_s >= self._next_s:
            self._next_s = now_s + PLAIN_S
            each = [
                f"{one.name} {'connecting' if not one.connected else f'{one.rate_hz or 0:.0f} Hz'}, lost {lost(one)}"
                for one in status.values()
            ]
            self._console.print(Text(f"{words.clock(now_s)}  {'; '.join(each)}"))


def print_outcome(console: Console, outcome: Outcome, wish: Wish) -> None:
    """Where the files are, what was lost, and what to type next."""
    files = {finished.file.stem: finished for finished in outcome.finished if finished.file is not None}
    if not files:
        console.print(Text("No samples came; nothing was recorded.", "bold"))
        return
    console.print(Text(f"Recorded {words.length(outcome.duration_s)} in {outcome.folder}", "bold"), soft_wrap=True)
    for name, one in outcome.status.items():
        lacking = f"{lost(one)} lost" if one.lost else "none lost"
        again = f", connected again {one.reconnects} time{'s' if one.reconnects != 1 else ''}" if one.reconnects else ""
        label = placed(name)
        console.print(Text(f"  {f'{label}, ' if label else ''}{one.name}: {one.samples} samples, {lacking}{again}"))
    for finished in outcome.finished:
        if finished.file is None or finished.file.suffix != ".parquet" or "; " in finished.said or ". " in finished.said:
            console.print(Text(f"  {finished.said}"), soft_wrap=True)
    ready = [finished.file for finished in files.values() if finished.file is not None and finished.file.suffix == ".parquet"]
    if ready:
        console.print(Text(f"Next: {next_command([str(path) for path in ready], wish)}"), soft_wrap=True)


def next_command(files: list[str], wish: Wish) -> str:
    """What analyses these files; each knows its placement."""
    from imu_tracker.exercises import find

    line = ["imu-tracker", "analyze", *files]
    label = wish.about.get("exercise")
    if label:
        with suppress(NoSuchExercise):  # a word of the person's own
            line += ["--exercise", find(label).name]
    if "side" in wish.about:
        line += ["--side", wish.about["side"]]
    return shlex.join(line)
