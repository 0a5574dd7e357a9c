"""A session as a person reads it in a terminal: what was recorded, a table of sets, each set's reps, what isn't known and why.

Made for 80 columns and more, dark and light grounds, with and without colours.
"""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from imu_tracker import words
from imu_tracker.cli.tempo import legend, rep_lines
from imu_tracker.remarks import reasons_in, remarks_on
from imu_tracker.results import SURE, RecordingInfo, Session, Set

TABLE_FROM = 72  # columns; a narrower terminal has each set's facts under its head instead
NOT_MEDICAL = "Not a medical device: pelvic drop is an estimate from a worn sensor, no diagnosis."


def print_summary(console: Console, session: Session, title: str | None = None) -> None:
    """Print the session to `console`, at its width; `title` is the recording's name."""
    _head(console, session.recording, title)
    if not session.sets:
        _nothing_found(console, session)
    else:
        if console.width >= TABLE_FROM:
            console.print()
            console.print(_table(session.sets), highlight=False)
        for number, a_set in enumerate(session.sets, 1):
            _one_set(console, number, a_set)
    _unresolved(console, session)
    if any(_drop_shown(s) for s in session.sets):
        console.print()
        print_paragraph(console, Text(NOT_MEDICAL, "dim"))


def print_paragraph(console: Console, text: Text, indent: int = 0, hanging: int = 0) -> None:
    """Print a paragraph wrapped at the console's width, indented, its second and further lines by `hanging` more."""
    first, *rest = text.wrap(console, max(20, console.width - indent - hanging)) or [Text()]
    for number, line in enumerate([first, *rest]):
        line.rstrip()
        console.print(Text(" " * (indent + (hanging if number else 0))) + line)


def _head(console: Console, recording: RecordingInfo, title: str | None) -> None:
    line = Text()
    if title:
        line.append(title, "bold").append(", ")
    print_paragraph(console, line.append(words.length(recording.duration_s)))
    for name, info in recording.placements.items():
        text = Text().append(words.placement(name), "bold").append(": ")
        text.append(words.delivered(info), "yellow" if info.lost or info.gaps else "")
        print_paragraph(console, text, hanging=2)


def _nothing_found(console: Console, session: Session) -> None:
    console.print()
    console.print(Text("No set was found.", "bold"))
    advice = (
        f"All {words.length(session.recording.duration_s)} were searched for a movement that repeats. Worth a try: "
        "a recording of one whole set, with a moment of stillness before and after it; a sensor fixed to the part that moves "
        "(pelvis or thigh); the file's units (--acc-unit, --gyr-unit, --time-unit)."
    )
    print_paragraph(console, Text(advice))


def _drop_shown(a_set: Set) -> bool:
    return a_set.pelvic_drop.peak_deg is not None or any(r.drop_deg is not None for r in a_set.reps)


def _named(a_set: Set) -> Text:
    name = words.exercise(a_set.exercise)
    if name == "unknown exercise":
        return Text(name, "dim")
    unsure = a_set.confidence is not None and a_set.confidence < SURE
    return Text(name + ("?" if unsure else ""), "bold")


def _drop(a_set: Set) -> Text:
    drop = a_set.pelvic_drop
    if drop.peak_deg is None:
        return Text("–", "dim")
    return Text(f"{drop.peak_deg:.1f}°", "bold red" if drop.events else "")


def _sides(a_set: Set) -> str:
    """As `words.sides`, short: "12 L 12 R" where both worked."""
    said = words.sides(a_set)
    return said.replace(",", "").replace("left", "L").replace("right", "R") if "," in said else said


def _table(sets: tuple[Set, ...]) -> Table:
    """One row a set; a column stands only where some set has something to say in it."""
    columns: list[tuple[str, list[Text | str]]] = [
        ("Set", [str(i) for i in range(1, len(sets) + 1)]),
        ("When", [f"{words.clock(s.start_s)}–{words.clock(s.end_s)}" for s in sets]),
        ("Exercise", [_named(s) for s in sets]),
        ("Count", [Text(words.counted(s), "bold") for s in sets]),
        ("Side", [_sides(s) for s in sets]),
        ("Tension", ["" if s.time_under_tension_s is None else f"{s.time_under_tension_s:.1f} s" for s in sets]),
        ("/min", ["" if s.cadence_per_min is None else f"{s.cadence_per_min:.1f}" for s in sets]),
        ("Rest", ["" if s.rest_before_s is None else words.clock(s.rest_before_s) for s in sets]),
        ("Drop", [_drop(s) if _drop_shown(s) else "" for s in sets]),
    ]
    shown = [(name, cells) for name, cells in columns if any(len(c) for c in cells)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name, _ in shown:
        left = name in ("When", "Exercise", "Side")
        table.add_column(name, justify="left" if left else "right", no_wrap=name != "Exercise")
    for row in zip(*(cells for _, cells in shown), strict=True):
        table.add_row(*row)
    return table


def _facts(a_set: Set) -> str:
    """What the table says of a set, for terminals too narrow for a table."""
    said = [f"{words.clock(a_set.start_s)}–{words.clock(a_set.end_s)}"]
    if a_set.time_under_tension_s is not None:
        said.append(f"{a_set.time_under_tension_s:.1f} s under tension")
    if a_set.cadence_per_min is not None:
        said.append(f"{a_set.cadence_per_min:.1f} a minute")
    if a_set.rest_before_s is not None:
        said.append(f"after {words.clock(a_set.rest_before_s)} of rest")
    return ", ".join(said)


def _one_set(console: Console, number: int, a_set: Set) -> None:
    console.print()
    head = Text().append(f"Set {number}", "bold").append(f"  {words.exercise(a_set.exercise)}, {words.counted(a_set)}")
    if words.sides(a_set):
        head.append(f", {words.sides(a_set)}")
    shades = legend(a_set.reps)
    if len(head) + 6 + len(shades) <= min(console.width, 100):
        console.print(head + Text(" " * 6) + shades if shades else head)
    else:
        print_paragraph(console, head, hanging=7)
        console.print(Text(" " * 5) + shades)
    if console.width < TABLE_FROM:
        print_paragraph(console, Text(_facts(a_set)), indent=5)
    if a_set.reps:  # in one go: a print costs more than its line
        console.print(Text("\n").join(rep_lines(a_set, console.width)), no_wrap=True, overflow="crop")
    for sentence in remarks_on(a_set):
        print_paragraph(console, Text(sentence), indent=5)


def _unresolved(console: Console, session: Session) -> None:
    reasons = reasons_in(session)
    if not reasons:
        return
    console.print()
    console.print(Text("Not known", "bold"))
    for reason, (fields, numbers) in reasons.items():
        line = Text().append(words.listed(fields), "bold").append(f": {reason.rstrip('.')}")
        if 0 < len(numbers) < len(session.sets):
            line.append(f" (set{'s' if len(numbers) > 1 else ''} {words.listed(numbers)})")
        print_paragraph(console, line.append("."), indent=2, hanging=2)
