"""Kept sessions as a person reads them in a terminal: the list, one session with what was said of it, what changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from imu_tracker import words
from imu_tracker.cli.summary import print_paragraph, print_summary

if TYPE_CHECKING:
    from rich.console import Console

    from imu_tracker.results import Rep
    from imu_tracker.session.opened import Listed, Opened
    from imu_tracker.session.said import SetSaid
    from imu_tracker.session.trends import Change, Point

NARROW = 100  # columns; below, the list leaves out who did it

_FIGURES = {
    "count": ("reps", "", 0),
    "time_under_tension_s": ("time under tension", " s", 1),
    "range_deg": ("range", "°", 0),
    "drop_deg": ("pelvic drop", "°", 1),
    "drop_change_deg": ("growth of the drop within a set", "°", 1),
}


def print_list(console: Console, listed: Sequence[Listed], most: int | None, place: str) -> None:
    """A table of sessions; at most so many of them."""
    if not listed:
        console.print(Text(f"No sessions yet in {place}."), soft_wrap=True)
        console.print(Text("'imu-tracker live' and 'imu-tracker record' keep theirs there."), soft_wrap=True)
        return
    wide = console.width >= NARROW
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Session", no_wrap=True)
    for name in ("Length", "Sets", "Reps"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Exercises")
    if wide and any(one.entry.subject for one in listed):
        table.add_column("Who", no_wrap=True, max_width=16)
    shown = listed if most is None else listed[:most]
    for one in shown:
        entry = one.entry
        cells: list[Text | str] = [
            Text(one.name, "bold"),
            "" if entry.duration_s is None else words.length(entry.duration_s),
            "" if entry.sets is None else str(entry.sets),
            "" if entry.reps is None else str(entry.reps),
            _done(one),
            Text(entry.subject or ""),
        ]
        table.add_row(*cells[: len(table.columns)])
    console.print(table)
    if len(shown) < len(listed):
        console.print(Text(f"... and {len(listed) - len(shown)} more: --all lists them.", "dim"))


def _done(one: Listed) -> Text:
    """What was done in a session, or why that isn't known."""
    if one.state == "recording":
        return Text("being recorded now", "bold green")
    if one.state == "unfinished":
        return Text("its files couldn't be finished; they are kept", "yellow")
    if one.entry.trouble is not None:
        return Text(one.entry.trouble, "yellow")
    text = Text(", ".join(words.exercise(e) for e in one.entry.exercises) or "no set found")
    if one.entry.note:
        text.append(f"  {one.entry.note.splitlines()[0]}", "dim italic")
    return text


def print_opened(console: Console, opened: Opened) -> None:
    """A session: its summary, what was said of it, what was corrected."""
    who = f" ({opened.subject})" if opened.subject else ""
    print_summary(console, opened.session, opened.name + who)
    lines = [Text(opened.said.note)] if opened.said.note else []
    for number, a_set in enumerate(opened.session.sets, 1):
        said = opened.said.of(a_set)
        if said is not None:
            lines.append(Text(f"Set {number}", "bold").append(f"  {said_of_set(said)}", "not bold"))
    _block(console, "Said", lines)
    count = len(opened.session.corrections)
    if count:
        _block(
            console, "Corrected", [Text(f"{count} correction{'' if count == 1 else 's'}; 'review --undo' takes the last back.")]
        )
    _block(console, "Corrections that don't fit this analysis any more", [Text(m) for m in opened.misfits])


def print_asked(console: Console, opened: Opened) -> None:
    """Done against asked, where the session followed a plan."""
    from imu_tracker.cli.asked import asked_rows
    from imu_tracker.report.texts import ASKED, ASKED_HEAD

    rows = asked_rows(opened)
    if not rows:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ASKED_HEAD:
        table.add_column(name)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print()
    console.print(Text(ASKED, "bold"))
    console.print(table)


def print_sets(console: Console, opened: Opened) -> None:
    """A line a set."""
    if not opened.session.sets:
        console.print(Text("No sets."))
    for number in range(1, len(opened.session.sets) + 1):
        print_set(console, opened, number, with_reps=False)


def _set_line(opened: Opened, number: int) -> Text:
    a_set = opened.session.sets[number - 1]
    text = Text(f"Set {number}", "bold")
    text.append(f"  {words.clock(a_set.start_s)}–{words.clock(a_set.end_s)}  ", "not bold dim")
    text.append(f"{words.exercise(a_set.exercise)}, {words.counted(a_set)}", "bold")
    rest = [words.sides(a_set)] if words.sides(a_set) else []
    said = opened.said.of(a_set)
    rest += [said_of_set(said)] if said is not None else []
    return text.append("".join(f", {x}" for x in rest), "not bold")


def print_set(console: Console, opened: Opened, number: int, with_reps: bool = True) -> None:
    """A set's line, and its reps with their times, as corrections name them."""
    a_set = opened.session.sets[number - 1]
    print_paragraph(console, _set_line(opened, number), hanging=7)
    if with_reps and a_set.reps:
        console.print(_rep_table(a_set.reps))
        if a_set.unresolved.get("reps"):
            console.print(Text(a_set.unresolved["reps"].capitalize() + ".", "dim"))


def _rep_table(reps: Sequence[Rep]) -> Table:
    columns: list[tuple[str, list[str]]] = [
        ("Rep", [str(k) for k in range(1, len(reps) + 1)]),
        ("From", [_moment(r.start_s) for r in reps]),
        ("To", [_moment(r.end_s) for r in reps]),
        ("Length", [f"{r.duration_s:.1f} s" for r in reps]),
        ("Side", [r.side or "" for r in reps]),
        ("Range", ["" if r.range_deg is None else f"{r.range_deg:.0f}°" for r in reps]),
        ("Drop", ["" if r.drop_deg is None else f"{r.drop_deg:.1f}° ±{r.drop_uncertainty_deg or 0:.1f}" for r in reps]),
        ("", ["partial" if r.partial else "" for r in reps]),
    ]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    shown = [(name, cells) for name, cells in columns if any(cells)]
    for name, _ in shown:
        table.add_column(name, justify="left" if name in ("Side", "") else "right", no_wrap=True)
    for row in zip(*(cells for _, cells in shown), strict=True):
        table.add_row(*row)
    return table


def _moment(t_s: float) -> str:
    """A time as corrections take it: m:ss.ss."""
    minutes, seconds = divmod(round(t_s, 2), 60)
    return f"{int(minutes)}:{seconds:05.2f}"


def said_of_set(said: SetSaid) -> str:
    """What was said of a set, in a line."""
    parts = [said.load or ""]
    parts += [f"effort {said.effort} of 10"] if said.effort is not None else []
    parts += [f"pain {said.pain} of 10"] if said.pain is not None else []
    return ", ".join(p for p in [*parts, said.note or ""] if p)


def _block(console: Console, head: str, lines: Sequence[Text]) -> None:
    if not lines:
        return
    console.print()
    console.print(Text(head, "bold"))
    for line in lines:
        print_paragraph(console, line, indent=2, hanging=2)


def print_changes(console: Console, now: Point, last: Point | None, sides: Sequence[Change]) -> None:
    """What changed since an exercise's last time, and how right and left differ."""
    from imu_tracker.session.trends import changes

    name = words.exercise(now.exercise)
    if last is not None:
        _block(console, f"{name.capitalize()}, against {last.session}", [_change(c) for c in changes(last, now)])
    if sides:
        _block(console, f"{name.capitalize()}, right against left", [_change(c) for c in sides])


def _change(change: Change) -> Text:
    """ "range 61° (54°): 7° more", or that nothing can be told."""
    name, unit, decimals = _FIGURES[change.figure]
    text = Text(f"{name} {change.now:.{decimals}f}{unit} against {change.before:.{decimals}f}{unit}: ")
    if change.told:
        more = "more" if change.by > 0 else "less"
        return text.append(f"{abs(change.by):.{decimals}f}{unit} {more}", "bold")
    if change.uncertainty == 0.0:
        return text.append("the same")
    return text.append(f"no change, as far as can be told (±{change.uncertainty:.{decimals}f}{unit})", "dim")
