"""A set's reps as small bars: away from rest, the pause at the turn, and back, drawn in proportion.

The three parts differ in shade as well as in colour, so that they can be told apart without colours.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from imu_tracker.remarks import UNSURE_BELOW, directions, past
from imu_tracker.results import Rep, Set

OUT, PAUSE, BACK, WHOLE = ("█", "cyan"), ("░", ""), ("▒", "magenta"), ("━", "blue")

ROWS_UP_TO = 12  # reps; longer sets stand in columns
NARROW_FROM = 40  # reps; longer sets yet stand in narrower columns
SHORTEST_BAR, LONGEST_BAR = 6, 44  # characters; longer bars say no more
NUMBERS_FROM = 60  # columns; a narrower terminal shows the parts as bars alone


def bar(rep: Rep, longest_s: float, width: int) -> Text:
    """The rep's parts in proportion, `width` characters standing for `longest_s`; one line where its parts aren't known."""
    per_s = width / longest_s
    out_s, pause_s, back_s = rep.out_s, rep.pause_s, rep.back_s
    if out_s is None or pause_s is None or back_s is None:
        return Text(WHOLE[0] * min(width, max(1, round(rep.duration_s * per_s))), WHOLE[1])
    # The ends are rounded, not the parts, so that bars of one length are one length; out and back are there, however fast.
    turned = min(width - 1, max(1, round(out_s * per_s)))
    waited = min(width - 1, max(turned, round((out_s + pause_s) * per_s)))
    ended = min(width, max(waited + 1, round((out_s + pause_s + back_s) * per_s)))
    text = Text()
    for (block, colour), n in ((OUT, turned), (PAUSE, waited - turned), (BACK, ended - waited)):
        text.append(block * n, colour)
    return text


def legend(reps: Sequence[Rep]) -> Text:
    """What the shades mean; empty where no rep has its parts."""
    text = Text()
    if any(r.out_s is not None for r in reps):
        out, back = directions(reps)
        for (block, colour), word in ((OUT, out), (PAUSE, "pause"), (BACK, back)):
            text.append("  " if text else "").append(block, colour).append(f" {word}", "dim")
    return text


def _seconds(x: float | None) -> str:
    return "–" if x is None else f"{x:.1f}"


def _remarks(rep: Rep) -> str:
    return ", ".join(word for word, holds in (("partial", rep.partial), ("unsure", rep.confidence < UNSURE_BELOW)) if holds)


def _drop(rep: Rep) -> str:
    if rep.drop_deg is None:
        return "–"
    return f"{rep.drop_deg:.1f}°" + ("" if rep.drop_uncertainty_deg is None else f" ±{rep.drop_uncertainty_deg:.1f}")


def _rows(a_set: Set, width: int) -> list[Text]:
    """One line a rep, under a line that heads the numbers."""
    reps, threshold = a_set.reps, a_set.pelvic_drop.threshold_deg
    has_side = len({r.side for r in reps}) > 1
    has_parts = any(r.out_s is not None for r in reps) and width >= NUMBERS_FROM
    has_range = any(r.range_deg is not None for r in reps)
    has_drop = any(r.drop_deg is not None for r in reps)
    before = 5 + 7 * has_side
    after = 8 + 18 * has_parts + 7 * has_range + 12 * has_drop + max(len(_remarks(r)) for r in reps) + 2
    bar_width = max(SHORTEST_BAR, min(LONGEST_BAR, width - before - after))
    longest_s = max(r.duration_s for r in reps)
    out, back = directions(reps)
    head = Text(" " * (before + bar_width) + "   whole", "dim")
    head.append(f"{out:>6}{'pause':>6}{back:>6}" if has_parts else "")
    head.append("  range" if has_range else "").append("   drop" if has_drop else "")
    lines = [head]
    for i, rep in enumerate(reps, 1):
        line = Text(f"{i:>3}  ") + Text(f"{rep.side or '–':<7}" if has_side else "")
        line += bar(rep, longest_s, bar_width)
        line.pad_right(before + bar_width - len(line))
        line.append(f"{rep.duration_s:>6.1f} s")
        if has_parts:
            line.append("".join(f"{_seconds(x):>6}" for x in (rep.out_s, rep.pause_s, rep.back_s)), "dim")
        if has_range:
            line.append("–".rjust(7) if rep.range_deg is None else f"{rep.range_deg:>6.0f}°")
        if has_drop:
            line.append(f"  {_drop(rep):<10}", "bold red" if past(rep, threshold) else "")
        line.append("  ").append(_remarks(rep), "yellow")
        line.rstrip()
        lines.append(line)
    return lines


def _sign(rep: Rep, threshold_deg: float | None) -> tuple[str, str]:
    """What is special about a rep as one character, and its style."""
    if past(rep, threshold_deg):
        return "!", "bold red"
    if rep.partial:
        return "*", "yellow"
    return ("?", "yellow") if rep.confidence < UNSURE_BELOW else (" ", "")


def _columns(a_set: Set, width: int) -> list[Text]:
    """Many reps in columns, read downwards, above a line that says what the signs mean where there are any."""
    reps, threshold = a_set.reps, a_set.pelvic_drop.threshold_deg
    has_side = len({r.side for r in reps}) > 1
    has_range = any(r.range_deg is not None for r in reps)
    across = max(1, width // (38 if len(reps) <= NARROW_FROM else 26))
    fixed = 5 + 2 * has_side + 6 + 5 * has_range + 3  # number, side, seconds, range, sign and space between
    bar_width = max(SHORTEST_BAR, min(LONGEST_BAR, width // across - fixed))
    longest_s = max(r.duration_s for r in reps)
    deep = -(-len(reps) // across)
    lines = []
    for row in range(deep):
        line = Text()
        for i in range(row, len(reps), deep):
            rep = reps[i]
            line.append(f"{i + 1:>3}  " + (f"{(rep.side or '–')[0]} " if has_side else ""))
            drawn = bar(rep, longest_s, bar_width)
            drawn.pad_right(bar_width - len(drawn))
            line += drawn
            line.append(f"{rep.duration_s:>4.1f} s")
            if has_range:
                line.append("    –" if rep.range_deg is None else f"{rep.range_deg:>4.0f}°")
            line.append(" ").append(*_sign(rep, threshold)).append(" ")
        line.rstrip()
        lines.append(line)
    used = {_sign(r, threshold)[0] for r in reps}
    meanings = (("*", "partial"), ("?", "unsure"), ("!", "drop past the threshold"))
    told = ", ".join(f"{sign} {meaning}" for sign, meaning in meanings if sign in used)
    return [*lines, Text(f"     {told}", "dim")] if told else lines


def rep_lines(a_set: Set, width: int) -> list[Text]:
    """A set's reps for a terminal `width` characters wide; no line where it has none."""
    if not a_set.reps:
        return []
    return _rows(a_set, width) if len(a_set.reps) <= ROWS_UP_TO else _columns(a_set, width)
