"""What `live` and `replay` show while they go on: the count as large as it goes, the pelvis, the sets that are over.

On a terminal a picture kept up to date; elsewhere a line for each thing that happens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from imu_tracker import words
from imu_tracker.cli.record_screen import battery, lost, placed
from imu_tracker.live import DropSeen, GoingOn, Level, LiveEvent, LiveView, RepSeen, SetOver
from imu_tracker.results import Set

if TYPE_CHECKING:
    from imu_tracker.ingest.placed import Status

# Digits five rows high, for a person some steps away; a column is two characters wide.
DIGITS = {
    "0": ("███", "█ █", "█ █", "█ █", "███"),
    "1": (" █ ", "██ ", " █ ", " █ ", "███"),
    "2": ("███", "  █", "███", "█  ", "███"),
    "3": ("███", "  █", "███", "  █", "███"),
    "4": ("█ █", "█ █", "███", "  █", "  █"),
    "5": ("███", "█  ", "███", "  █", "███"),
    "6": ("███", "█  ", "███", "█ █", "███"),
    "7": ("███", "  █", "  █", "  █", "  █"),
    "8": ("███", "█ █", "███", "█ █", "███"),
    "9": ("███", "█ █", "███", "  █", "███"),
    ":": ("   ", " █ ", "   ", " █ ", "   "),
}
ROWS = 5
BAR = 31  # columns of the pelvis' level, odd
MOST_DEG = 15.0  # at its ends
LATEST_SETS = 6
NARROW = 60  # columns below which facts stand under each other


class LiveScreen:
    """Shows a session while it lasts."""

    def __init__(self, console: Console, title: str, threshold_deg: float | None, hint: str) -> None:
        self._console, self._title, self._threshold_deg, self._hint = console, title, threshold_deg, hint
        self._live = Live(console=console, auto_refresh=False, transient=True) if console.is_terminal else None

    def __enter__(self) -> LiveScreen:
        """Begin to show."""
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *exception: object) -> None:
        """Clear away."""
        if self._live is not None:
            self._live.stop()

    def show(self, view: LiveView, status: Mapping[str, Status], said: str = "") -> None:
        """How it is now; said: what the wearer should do."""
        if self._live is not None:
            self._live.update(self.picture(view, status, said), refresh=True)

    def tell(self, events: Sequence[LiveEvent]) -> None:
        """What has happened, line by line, where there is no terminal to draw on."""
        if self._live is None:
            for event in events:
                self._console.print(Text(told(event)), soft_wrap=True)

    def picture(self, view: LiveView, status: Mapping[str, Status], said: str) -> RenderableType:
        """The whole picture."""
        head = Text(self._title, "bold")
        head.append(f"   {words.clock(view.t_s)}", "dim")
        parts: list[RenderableType] = [head, Text()]
        if said:
            parts += [Text(said, "bold yellow"), Text()]
        parts += [self._count(view.going_on), Text()]
        level = self._level(view.level)
        if level is not None:
            parts += [level, Text()]
        if view.finished:
            parts += [_finished(view.finished), Text()]
        if status:
            parts.append(_sensors(status))
        parts.append(Text(self._hint, "dim"))
        return Padding(Group(*parts), (1, 2, 0, 2))

    def _count(self, going_on: GoingOn | None) -> RenderableType:
        if going_on is None:
            return Group(*[Text("  " + row, "dim") for row in large("0")])
        if going_on.hold_s is not None:
            number, firm = words.clock(going_on.hold_s), True
        else:
            number, firm = str(going_on.count), all(rep.firm for rep in going_on.reps)
        style = "bold green" if going_on.resting else "bold" if firm else "bold yellow"
        facts = facts_of(going_on, firm)
        if self._console.width < NARROW:
            return Group(*[Text("  " + row, style) for row in large(number)], *[Text(fact) for fact in facts])
        rows = [Text(f"  {row}   ", style) for row in large(number)]
        for row, fact in zip(rows[1:], facts, strict=False):
            row.append(fact, "not bold default")
        return Group(*rows)

    def _level(self, level: Level) -> Text | None:
        """The pelvis' obliquity as a mark on a scale, left end low on the left; None where it isn't known."""
        if level.obliquity_deg is None:
            return None
        middle = BAR // 2
        at = round(min(max(level.obliquity_deg / MOST_DEG, -1.0), 1.0) * middle)
        scale = ["─"] * BAR
        if self._threshold_deg is not None and self._threshold_deg < MOST_DEG:
            limit = round(self._threshold_deg / MOST_DEG * middle)
            scale[middle - limit] = scale[middle + limit] = "┊"
        scale[middle] = "┼"
        text = Text("  pelvis  ", "dim")
        for k, mark in enumerate(scale):
            here = k == middle - at  # left side up: the mark goes to the left
            text.append("●" if here else mark, ("bold red" if level.past_threshold else "bold green") if here else "dim")
        if level.drop_deg is not None:
            text.append(f"  drop {level.drop_deg:+.0f}°", "bold red" if level.past_threshold else "")
        else:
            higher = "level" if abs(level.obliquity_deg) < 1.0 else f"{'left' if level.obliquity_deg > 0 else 'right'} side up"
            text.append(f"  {abs(level.obliquity_deg):.0f}° {higher}" if higher != "level" else "  level")
        return text


def large(number: str) -> list[str]:
    """A number five rows high."""
    return ["  ".join("".join(2 * c for c in DIGITS[digit][row]) for digit in number) for row in range(ROWS)]


def facts_of(going_on: GoingOn, firm: bool) -> list[str]:
    """What stands beside the count."""
    if going_on.hold_s is not None:
        return ["held" if going_on.resting else "holding"]
    out = ["resting, counted anew" if going_on.analysed is not None else "reps" if firm else "reps, the last not sure yet"]
    if going_on.cadence_per_min is not None:
        last = going_on.reps[-1]
        out.append(f"{going_on.cadence_per_min:.0f} a minute, the last {last.end_s - last.start_s:.1f} s")
    drops = going_on.analysed.pelvic_drop if going_on.analysed is not None else None
    if drops is not None and drops.peak_deg is not None:
        out.append(f"highest drop {drops.peak_deg:.1f}°")
    return out


def _finished(sets: Sequence[Set]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for number, one in list(enumerate(sets, 1))[-LATEST_SETS:]:
        drop = one.pelvic_drop.peak_deg
        table.add_row(
            Text(f"  Set {number}", "dim"),
            words.exercise(one.exercise) if one.exercise not in (None, "unknown") else "",
            Text(words.counted(one), "bold"),
            words.sides(one),
            "" if one.time_under_tension_s is None else f"{one.time_under_tension_s:.0f} s under tension",
            "" if drop is None else Text(f"drop {drop:.1f}°", "red" if one.pelvic_drop.events else ""),
        )
    return table


def _sensors(status: Mapping[str, Status]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    for name, one in status.items():
        told = "" if one.connected else "connecting again ..." if one.samples else "connecting ..."
        rate = "" if one.rate_hz is None else f"{one.rate_hz:.0f} Hz"
        trouble = Text(" ".join(x for x in (told, one.trouble) if x), "dim" if one.connected else "bold yellow")
        missing = Text(f"lost {lost(one)}", "yellow" if one.lost else "dim")
        table.add_row(Text(f"  {placed(name)}", "dim"), Text(one.name, "dim"), rate, battery(one.battery), missing, trouble)
    return table


def told(event: LiveEvent) -> str:
    """An event as a line."""
    at = words.clock(event.t_s)
    if isinstance(event, RepSeen):
        return f"{at}  rep {event.number}"
    if isinstance(event, DropSeen):
        return f"{at}  the pelvis drops: {event.drop_deg:.0f}°, standing on the {event.side}"
    assert isinstance(event, SetOver)
    return f"{at}  {'no set after all' if event.found is None else f'set over: {words.counted(event.found)}'}"
