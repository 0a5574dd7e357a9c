"""A session as a person reads it in a terminal: what was recorded, a table of sets, each set's reps, what isn't known and why.

Made for 80 columns and more, dark and light grounds, with and without colours.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from imu_tracker.cli import words
from imu_tracker.cli.tempo import legend, rep_lines, usual
from imu_tracker.recognition.naming import SURE
from imu_tracker.results import RecordingInfo, Session, Set

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
        _print(console, Text(NOT_MEDICAL, "dim"))


def _print(console: Console, text: Text, indent: int = 0, hanging: int = 0) -> None:
    """Print a paragraph wrapped at the console's width, indented, its second and further lines by `hanging` more."""
    first, *rest = text.wrap(console, max(20, console.width - indent - hanging)) or [Text()]
    for number, line in enumerate([first, *rest]):
        line.rstrip()
        console.print(Text(" " * (indent + (hanging if number else 0))) + line)


def _head(console: Console, recording: RecordingInfo, title: str | None) -> None:
    line = Text()
    if title:
        line.append(title, "bold").append(", ")
    _print(console, line.append(words.length(recording.duration_s)))
    for name, info in recording.placements.items():
        text = Text().append(words.placement(name), "bold").append(": ")
        text.append(words.delivered(info), "yellow" if info.lost or info.gaps else "")
        _print(console, text, hanging=2)


def _nothing_found(console: Console, session: Session) -> None:
    console.print()
    console.print(Text("No set was found.", "bold"))
    advice = (
        f"All {words.length(session.recording.duration_s)} were searched for a movement that repeats. Worth a try: "
        "a recording of one whole set, with a moment of stillness before and after it; a sensor fixed to the part that moves "
        "(pelvis or thigh); the file's units (--acc-unit, --gyr-unit, --time-unit)."
    )
    _print(console, Text(advice))


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
        _print(console, head, hanging=7)
        console.print(Text(" " * 5) + shades)
    if console.width < TABLE_FROM:
        _print(console, Text(_facts(a_set)), indent=5)
    for line in rep_lines(a_set, console.width):
        console.print(line, no_wrap=True, overflow="crop")
    for sentence in _remarks(a_set):
        _print(console, Text(sentence), indent=5)


def _remarks(a_set: Set) -> Iterable[str]:
    """What is to be said of a set beside its reps, one sentence each."""
    if a_set.hold is not None:
        yield words.held(a_set.hold)
    tempo = usual(a_set)
    if tempo:
        yield tempo[0].upper() + tempo[1:] + "."
    if a_set.confidence is not None and a_set.confidence >= SURE:
        yield f"Recognised by its movement, {min(100 * a_set.confidence, 99):.0f} % sure; --exercise tells it, if it is another."
    elif a_set.confidence is not None and words.exercise(a_set.exercise) != "unknown exercise":
        others = [f"{words.exercise(n)} ({100 * p:.0f} %)" for n, p in a_set.alternatives[:2]]
        perhaps = f"; perhaps {' or '.join(others)}" if others else ""
        yield f"{100 * a_set.confidence:.0f} % sure that it is a {words.exercise(a_set.exercise)}{perhaps}."
    drop = a_set.pelvic_drop
    if drop.events:
        worst = max(drop.events, key=lambda e: e.peak_deg)
        times = "once" if len(drop.events) == 1 else f"{len(drop.events)} times"
        yield (
            f"The pelvis dropped past {drop.threshold_deg:g}° {times}, most at {words.clock(worst.start_s)} "
            f"({worst.peak_deg:.1f}°, standing on the {worst.stance_side}{'' if worst.certain else ', uncertain'})."
        )
    elif drop.peak_deg is not None and drop.threshold_deg is not None:
        yield f"The pelvis never dropped past {drop.threshold_deg:g}°."
    if drop.change_deg is not None and drop.change_uncertainty_deg is not None:
        if abs(drop.change_deg) > drop.change_uncertainty_deg:
            more = "more" if drop.change_deg > 0 else "less"
            yield f"It dropped {abs(drop.change_deg):.1f}° {more} at the end of the set than at its beginning."
        else:
            yield "The drop did not change over the set, as far as can be told."
    for cue in a_set.cues:
        missed = f" (not {words.listed(cue.reps)})" if cue.reps else ""
        yield f"{cue.cue.replace('_', ' ').capitalize()}: {cue.met} of {cue.of}{missed}."


def _reasons(session: Session) -> dict[str, tuple[list[str], list[int]]]:
    """Each reason why something isn't known: the names of what isn't, and the sets' numbers, from 1."""
    reasons: dict[str, tuple[list[str], list[int]]] = {}

    def note(field: str, reason: str | None, number: int | None) -> None:
        if reason:
            fields, numbers = reasons.setdefault(reason, ([], []))
            if words.field(field) not in fields:
                fields.append(words.field(field))
            if number is not None and number not in numbers:
                numbers.append(number)

    for number, a_set in enumerate(session.sets, 1):
        for field, reason in a_set.unresolved.items():
            note(field, reason, number)
        if not a_set.pelvic_drop.resolved:
            note("pelvic_drop", a_set.pelvic_drop.reason, number)
    if session.sets and not session.mounting.resolved:
        note("mounting", session.mounting.reason, None)
    return reasons


def _unresolved(console: Console, session: Session) -> None:
    reasons = _reasons(session)
    if not reasons:
        return
    console.print()
    console.print(Text("Not known", "bold"))
    for reason, (fields, numbers) in reasons.items():
        line = Text().append(words.listed(fields), "bold").append(f": {reason.rstrip('.')}")
        if 0 < len(numbers) < len(session.sets):
            line.append(f" (set{'s' if len(numbers) > 1 else ''} {words.listed(numbers)})")
        _print(console, line.append("."), indent=2, hanging=2)
