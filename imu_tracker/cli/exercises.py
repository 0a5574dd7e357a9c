"""`imu-tracker exercises`: the catalogue, and one exercise of it in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from imu_tracker.exercises.catalogue import Cue, Exercise, Span

_SIDE_RULES = {
    "stance_leg": "the leg stood on",
    "moving_leg": "the leg that moves",
    "travel": "the direction of travel",
    "alternating": "each leg in turn",
    "both": "both legs together",
}
_UNITS = {"_deg_s": " °/s", "_deg": "°", "_s": " s", "_cm": " cm"}  # by a measure's ending
_AGAINST = {"absolute": "", "best": " of the set's best", "first": " from the set's beginning"}


@click.command("exercises")
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the exercise catalogue, or show one exercise.

    The NAME of an exercise is what 'imu-tracker analyze --exercise' takes.
    """
    from imu_tracker.exercises.catalogue import find, load_catalogue

    shown = load_catalogue() if name is None else find(name)
    from imu_tracker.cli.terminal import Terminal

    console = Terminal()
    if isinstance(shown, dict):
        _print_all(console, shown)
    else:
        _print_one(console, shown)
    console.file.flush()


def _span(span: Span | None, unit: str) -> str:
    if span is None:
        return ""
    numbers = f"{span.least:g}–{span.most:g}" if span.least < span.most else f"{span.most:g}"
    return numbers + unit


def _print_all(console: Console, catalogue: Mapping[str, Exercise]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("Name", "Counts", "Each takes", "Worn on", "Drop from"):
        table.add_column(name, no_wrap=name != "Worn on")
    others = []
    for e in catalogue.values():
        if not e.exercise:
            others.append(e.name)
            continue
        drop = "" if e.drop_threshold_deg is None else f"{e.drop_threshold_deg:g}°"
        table.add_row(Text(e.name, "bold"), e.pattern, _span(e.duration_s, " s"), ", ".join(e.placements), drop)
    console.print(table)
    console.print()
    if others:
        console.print(f"Known too, and not exercise: {', '.join(others)}.", markup=False)
    console.print("'imu-tracker exercises NAME' tells how one goes, where to wear the sensor, and its cues.", markup=False)


def _facts(e: Exercise) -> list[tuple[str, str]]:
    """What the catalogue says of an exercise, less what it leaves open."""
    parts = {"out": _span(e.out_s, " s"), "pause": _span(e.pause_s, " s"), "back": _span(e.back_s, " s")}
    names = {"out": {"out": "up", "back": "down"}, "back": {"out": "down", "back": "up"}}.get(e.rise or "", {})
    tempo = ", ".join(f"{names.get(part, part)} {span}" for part, span in parts.items() if span)
    ranges = ", ".join(f"{segment.replace('_', ' ')} {_span(span, '°')}" for segment, span in e.range_deg.items())
    facts = [
        ("Counts", e.pattern or "nothing: it is not exercise"),
        ("Each takes", _span(e.duration_s, " s")),
        ("Tempo", tempo),
        ("Turns by", ranges),
        ("Rises by", _span(e.rise_cm, " cm")),
        ("Side", _SIDE_RULES.get(e.side_rule or "", "")),
        ("Drop from", "" if e.drop_threshold_deg is None else f"{e.drop_threshold_deg:g}° (--drop-threshold sets another)"),
        ("Set ends", "" if e.longest_pause_s is None else f"after a pause of {e.longest_pause_s:g} s"),
    ]
    return [(label, fact) for label, fact in facts if fact]


def _limits(cue: Cue) -> str:
    """When a cue is met, in words: "range at least 80 % of the set's best"."""
    from imu_tracker import words

    factor, unit = 1.0, ""
    if cue.against == "best":
        factor, unit = 100.0, " %"
    else:
        unit = next((said for end, said in _UNITS.items() if cue.measure.endswith(end)), "")
    limits = [("at least", cue.at_least), ("at most", cue.at_most)]
    said = " and ".join(f"{word} {factor * limit:g}{unit}" for word, limit in limits if limit is not None)
    return f"{words.field(cue.measure)} {said}{_AGAINST[cue.against]}"


def _print_one(console: Console, e: Exercise) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print(Text().append(e.title, "bold").append(f"  {e.name}", "dim"))
    console.print(Text(e.how))
    console.print()
    grid = Table.grid(padding=(0, 2))
    grid.add_row(Text("Wear it", "dim"), Text(e.wear))
    for label, fact in _facts(e):
        grid.add_row(Text(label, "dim"), Text(fact))
    console.print(grid)
    if e.cues:
        console.print()
        console.print(Text("Cues", "bold"))
        cues = Table.grid(padding=(0, 2))
        for cue in e.cues:
            cues.add_row(Text(f"  {cue.cue.replace('_', ' ')}"), Text().append(cue.says).append(f" ({_limits(cue)})", "dim"))
        console.print(cues)
