"""What a set's reps look like one by one: tempo, range and pelvic drop; and how it goes from set to set."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple

from imu_tracker import words
from imu_tracker.remarks import directions, telling_fade
from imu_tracker.report import texts
from imu_tracker.report.drawing import Axes, Frame, bars, frame_of, level, line, marks, picture, ticks, whiskers
from imu_tracker.report.markup import NOTHING, Html
from imu_tracker.report.stance import drop_side
from imu_tracker.results import Rep, Series, Set

SIDES = ("left", "right", "neither")
BAR = 0.8  # of the space from one rep to the next


class Panel(NamedTuple):
    """A picture, what stands above it, and what its colours mean: (class, words)."""

    title: str
    svg: Html
    legend: tuple[tuple[str, str], ...] = ()


class Value(NamedTuple):
    """A value of the rep or set with this number, with the ends of its uncertainty where it has one, and the side."""

    number: int
    value: float
    low: float | None = None
    high: float | None = None
    side: str = "neither"
    hollow: bool = False


def side_of(side: str | None) -> str:
    """The side as marks have it."""
    return side if side in ("left", "right") else "neither"


def numbered(n: int) -> list[tuple[float, str]]:
    """The numbers that stand below n reps or sets: all of few, round ones of many."""
    if n <= 10:
        return [(k, str(k)) for k in range(1, n + 1)]
    return [(k, f"{k:.0f}") for k in ticks(1, n, 8)]


def tempo(one: Set) -> Panel | None:
    """Each rep's way out, pause and way back, on top of each other; None where no rep has them."""
    whole = [(k, r) for k, r in enumerate(one.reps, 1) if None not in (r.out_s, r.pause_s, r.back_s)]
    if not whole:
        return None
    out, back = (texts.PHASES[word] for word in directions(one.reps))
    parts = [(k, r.out_s or 0.0, (r.out_s or 0.0) + (r.pause_s or 0.0), r.duration_s) for k, r in whole]
    plain = [(float(k), 0.0, r.duration_s) for k, r in enumerate(one.reps, 1) if r.out_s is None]
    n = len(one.reps)
    axes = Axes((0.4, n + 0.6), (0.0, max(r.duration_s for r in one.reps) * 1.05))
    drawn = [
        frame_of(axes, numbered(n), digits=0 if axes.y[1] >= 3 else 1),
        bars(axes, plain, BAR, "whole"),
        bars(axes, [(k, 0.0, a) for k, a, _, _ in parts], BAR, out.kind),
        bars(axes, [(k, a, b) for k, a, b, _ in parts], BAR, "pause"),
        bars(axes, [(k, b, c) for k, _, b, c in parts], BAR, back.kind),
    ]
    usual = [
        statistics.median(v)
        for v in ([a for _, a, _, _ in parts], [b - a for _, a, b, _ in parts], [c - b for *_, b, c in parts])
    ]
    alt = texts.TEMPO_ALT.format(n=len(parts), out=out.word, back=back.word, out_s=usual[0], pause_s=usual[1], back_s=usual[2])
    legend = ((out.kind, out.word), ("pause", texts.PAUSE), (back.kind, back.word))
    return Panel(texts.TEMPO_TITLE, picture(axes.frame, alt, drawn), legend)


def _dots(axes: Axes, values: Sequence[Value], past: float | None = None) -> list[Html]:
    """Values as marks by side; those past a threshold are filled with the colour of an event."""
    drawn = [whiskers(axes, [(v.number, v.low, v.high) for v in values if v.low is not None and v.high is not None])]
    for side in SIDES:
        here = [v for v in values if v.side == side]
        over = [v for v in here if past is not None and v.value > past]
        drawn += [
            marks(axes, [(v.number, v.value) for v in here if v not in over and not v.hollow], side, f"mark {side}"),
            marks(axes, [(v.number, v.value) for v in here if v not in over and v.hollow], side, f"mark {side} hollow"),
            marks(axes, [(v.number, v.value) for v in over], side, "mark event"),
        ]
    return drawn


def legend_of(values: Sequence[Value]) -> tuple[tuple[str, str], ...]:
    """Which mark is which side, where there are both; else the heading says it."""
    there = [side for side in ("left", "right") if any(v.side == side for v in values)]
    if len(there) < 2:
        return ()
    return tuple((f"dot {side}", texts.ON_SIDE[side]) for side in there)


def ranges(one: Set) -> Panel | None:
    """How far each rep went; with its line where it changed along the set enough to be told. None where none is known."""
    values = [
        Value(k, r.range_deg, side=side_of(r.side), hollow=r.partial)
        for k, r in enumerate(one.reps, 1)
        if r.range_deg is not None
    ]
    if not values:
        return None
    n = len(one.reps)
    axes = Axes((0.4, n + 0.6), (0.0, max(v.value for v in values) * 1.1 + 1e-6))
    fade = telling_fade(one.range_fade_percent, [r.range_deg for r in one.reps])
    drawn = [frame_of(axes, numbered(n)), *_dots(axes, values)]
    alt = texts.RANGE_ALT.format(
        n=len(values),
        usual=statistics.median(v.value for v in values),
        low=min(v.value for v in values),
        high=max(v.value for v in values),
    )
    if fade is not None:
        first = statistics.median(v.value for v in values) / (1 - fade / 200)  # the line passes through the middle
        drawn.append(line([(axes.px(1), axes.py(first)), (axes.px(n), axes.py(first * (1 - fade / 100)))], "trend"))
        alt += texts.FADE_ALT.format(percent=abs(fade), less="less" if fade > 0 else "more")
    legend = legend_of(values) + ((("dot hollow", texts.PARTIAL),) if any(v.hollow for v in values) else ())
    return Panel(texts.RANGE_TITLE, picture(axes.frame, alt, drawn), legend)


def drop_of(r: Rep, k: int, side: str | None) -> Value | None:
    """A rep's drop with the ends of its uncertainty and the leg that stood; None where it isn't known."""
    if r.drop_deg is None:
        return None
    u = r.drop_uncertainty_deg
    return Value(k, r.drop_deg, None if u is None else r.drop_deg - u, None if u is None else r.drop_deg + u, side_of(side))


def drop_axes(values: Sequence[Value], n: int, threshold_deg: float | None, frame: Frame | None = None) -> Axes:
    """Axes that hold the values, their uncertainty, the threshold and zero."""
    lows = [v.value if v.low is None else v.low for v in values]
    highs = [v.value if v.high is None else v.high for v in values]
    low, high = min(0.0, *lows), max(threshold_deg or 0.0, *highs, 1.0)
    room = 0.08 * (high - low)
    return Axes((0.4, n + 0.6), (low - room if low < 0 else 0.0, high + room), frame or Frame())


def threshold(axes: Axes, at_deg: float | None) -> Html:
    """The threshold as a line across."""
    return NOTHING if at_deg is None else level(axes, at_deg, "threshold")


def threshold_legend(at_deg: float | None) -> tuple[tuple[str, str], ...]:
    """What that line is."""
    return () if at_deg is None else (("dash", texts.THRESHOLD.format(at_deg=at_deg)),)


def drops(one: Set, series: Series | None) -> Panel | None:
    """Each rep's highest drop with its uncertainty; with a line where it changed more than can be mistaken. None: none known."""
    values = [v for k, r in enumerate(one.reps, 1) if (v := drop_of(r, k, drop_side(r, one, series))) is not None]
    if not values:
        return None
    drop, n = one.pelvic_drop, len(one.reps)
    axes = drop_axes(values, n, drop.threshold_deg)
    drawn = [frame_of(axes, numbered(n)), threshold(axes, drop.threshold_deg), *_dots(axes, values, drop.threshold_deg)]
    over = sum(drop.threshold_deg is not None and v.value > drop.threshold_deg for v in values)
    alt = texts.DROP_ALT.format(n=len(values), low=min(v.value for v in values), high=max(v.value for v in values), over=over)
    if changed(one) and drop.change_deg is not None:
        middle = statistics.median(v.value for v in values)
        ends = [(axes.px(values[0].number), axes.py(middle - drop.change_deg / 2))]
        drawn.append(line([*ends, (axes.px(values[-1].number), axes.py(middle + drop.change_deg / 2))], "trend"))
    return Panel(texts.DROP_TITLE, picture(axes.frame, alt, drawn), legend_of(values) + threshold_legend(drop.threshold_deg))


def changed(one: Set) -> bool:
    """Whether the drop changed along the set by more than its uncertainty."""
    drop = one.pelvic_drop
    return (
        drop.change_deg is not None
        and drop.change_uncertainty_deg is not None
        and abs(drop.change_deg) > drop.change_uncertainty_deg
    )


def from_set_to_set(sets: Sequence[Set], series: Series | None) -> list[Panel]:
    """Range and highest drop of each set of an exercise; a panel only where two of its sets have it."""
    panels = []
    exercises = list(dict.fromkeys(one.exercise for one in sets))
    for exercise in exercises:
        numbered_sets = [(k, one) for k, one in enumerate(sets, 1) if one.exercise == exercise]
        of = "" if len(exercises) == 1 else f"{words.exercise(exercise).capitalize()}: "
        found = [_set_ranges(numbered_sets, len(sets)), _set_drops(numbered_sets, len(sets), series)]
        panels += [panel._replace(title=of + panel.title) for panel in found if panel is not None]
    return panels


def _set_ranges(sets: Sequence[tuple[int, Set]], n: int) -> Panel | None:
    """The usual range in each set, with the middle half of its reps."""
    values = []
    for k, one in sets:
        known = [r.range_deg for r in one.reps if r.range_deg is not None and not r.partial]
        if len(known) >= 2:
            low, _, high = statistics.quantiles(known, n=4, method="inclusive")
            values.append(Value(k, statistics.median(known), low, high, side_of(one.side)))
    if len(values) < 2:
        return None
    axes = Axes((0.4, n + 0.6), (0.0, max(v.high or v.value for v in values) * 1.1 + 1e-6))
    said = ", ".join(f"{v.number}: {v.value:.0f}°" for v in values)
    drawn = [frame_of(axes, numbered(n)), *_dots(axes, values)]
    return Panel(texts.SET_RANGE_TITLE, picture(axes.frame, texts.SET_RANGE_ALT + said, drawn), legend_of(values))


def _set_drops(sets: Sequence[tuple[int, Set]], n: int, series: Series | None) -> Panel | None:
    """The highest drop in each set, with its uncertainty."""
    values = []
    for k, one in sets:
        known = [v for r in one.reps if (v := drop_of(r, k, drop_side(r, one, series))) is not None]
        values += [max(known, key=lambda v: v.value)] if known else []
    if len(values) < 2:
        return None
    limit = next((one.pelvic_drop.threshold_deg for _, one in sets if one.pelvic_drop.threshold_deg is not None), None)
    axes = drop_axes(values, n, limit)
    said = ", ".join(f"{v.number}: {v.value:.1f}°" for v in values)
    drawn = [frame_of(axes, numbered(n)), threshold(axes, limit), *_dots(axes, values, limit)]
    legend = legend_of(values) + threshold_legend(limit)
    return Panel(texts.SET_DROP_TITLE, picture(axes.frame, texts.SET_DROP_ALT + said, drawn), legend)
