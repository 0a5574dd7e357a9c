"""A picture of one set's pelvic drop: over time, with stance, reps, threshold and events."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from imu_tracker.numeric import Floats, runs
from imu_tracker.report import texts
from imu_tracker.report.drawing import Axes, Frame, frame_of, line, number, picture, ticks, whiskers, word
from imu_tracker.report.look import alone
from imu_tracker.report.markup import Html
from imu_tracker.report.panels import Panel, threshold, threshold_legend
from imu_tracker.report.stance import standing_on
from imu_tracker.results import DropEvent, Rep, Series, Set

AROUND_S = 1.5  # shown before and after the set
FINEST = 4  # samples of the 100 Hz grid to a point: a pelvis' movement stays below 6 Hz
WIDE = Frame(width=500.0, top=14.0)
ALONE = Frame(width=900.0, height=240.0, left=34.0, top=16.0)


def drop_figure(series: Series, one: Set) -> str:
    """The set's drop as an SVG picture that stands alone. Raises ValueError where the set has no drop to show."""
    panel = drop_over_time(series, one, ALONE)
    if panel is None:
        raise ValueError(f"the set at {one.start_s:.0f} s has no pelvic drop: {one.pelvic_drop.reason}")
    return alone(panel.svg, ALONE, panel.legend)


def drop_over_time(series: Series, one: Set, frame: Frame | None = None) -> Panel | None:
    """The set's drop over time; None where it has none to show."""
    frame = frame or Frame()
    large = frame.width > Frame().width  # a small one has no room for words, and a picture of the reps' drops beside it
    from_, to = np.searchsorted(series.t, (one.start_s - AROUND_S, one.end_s + AROUND_S))
    t, drop, obliquity = (values[from_:to] for values in (series.t, series.drop_deg, series.obliquity_deg))
    if one.pelvic_drop.peak_deg is None or not np.isfinite(drop).any():
        return None
    limit_deg = one.pelvic_drop.threshold_deg
    values = [float(np.nanmin(drop)), float(np.nanmax(drop)), limit_deg or 0.0, 0.0]
    values += [r.drop_deg + (r.drop_uncertainty_deg or 0.0) for r in one.reps if r.drop_deg is not None]
    axes = Axes((float(t[0]), float(t[-1])), (min(values) - 2.0, max(values) + 2.0), frame)
    each = max(FINEST, len(t) // int(1.5 * frame.width))
    drawn = [_reps(axes, one.reps), frame_of(axes, _clock(axes)), threshold(axes, limit_deg)]
    legend = []
    for side in ("left", "right"):
        standing = standing_on(side, drop, obliquity)
        if standing.any():
            legend.append((f"line {side}", texts.STANDING[side]))
            drawn += [_curve(axes, t[a:b], drop[a:b], each, f"curve {side}") for a, b in runs(standing)]
    drawn += [_event(axes, t, drop, limit_deg, event, each, large) for event in one.pelvic_drop.events if limit_deg is not None]
    if large:
        drawn += _measured(axes, one.reps)
    if large:
        legend += threshold_legend(limit_deg)
    elif len(legend) == 1:
        legend = []  # the set's heading says it
    if one.pelvic_drop.events and large:
        legend.append(("patch event", texts.PAST))
    alt = texts.DROP_TIME_ALT.format(
        n=len(one.pelvic_drop.events),
        peak=one.pelvic_drop.peak_deg,
        limit=texts.NO_LIMIT if limit_deg is None else f"{limit_deg:g}°",
    )
    return Panel(texts.DROP_TIME_TITLE, picture(frame, alt, drawn), tuple(legend))


def _clock(axes: Axes) -> list[tuple[float, str]]:
    """Times below the picture, as the recording counts them."""
    return [(t, texts.at(t)) for t in ticks(*axes.x, 5 if axes.frame.width < 500 else 10)]


def _reps(axes: Axes, reps: Sequence[Rep]) -> Html:
    """Every second rep's stretch, shaded."""
    low, high = axes.py(axes.y[0]), axes.py(axes.y[1])
    d = "".join(
        f"M{number(axes.px(r.start_s))} {number(low)}V{number(high)}H{number(axes.px(r.end_s))}V{number(low)}z" for r in reps[::2]
    )
    return Html(f'<path class="rep" d="{d}"/>') if d else Html("")


def _curve(axes: Axes, t: Floats, drop: Floats, each: int, kind: str) -> Html:
    """A line of the highest in every `each` samples, so that no peak is lost."""
    first = range(0, len(t), each)
    at = sorted({0, len(t) - 1} | {k + int(np.argmax(drop[k : k + each])) for k in first})
    return line([(axes.px(float(t[k])), axes.py(float(drop[k]))) for k in at], kind)


def _event(axes: Axes, t: Floats, drop: Floats, limit_deg: float | None, event: DropEvent, each: int, words: bool) -> Html:
    """What is past the threshold, filled, with how far it went; a question mark where it isn't certain."""
    from_, to = np.searchsorted(t, (event.start_s, event.end_s))
    inside = np.nan_to_num(drop[from_:to], nan=limit_deg or 0.0)
    if not len(inside) or limit_deg is None:
        return Html("")
    kind = "area event" if event.certain else "area event doubtful"
    at = range(0, len(inside), max(1, each // 2))
    points = [(axes.px(float(t[from_ + k])), axes.py(max(limit_deg, float(inside[k])))) for k in at]
    ground = axes.py(limit_deg)
    area = line([(points[0][0], ground), *points, (points[-1][0], ground)], kind)
    said = f"{event.peak_deg:.0f}°{'' if event.certain else '?'}"
    if not words:
        return area
    x = 0.5 * (axes.px(event.start_s) + axes.px(event.end_s))
    return Html(area + word(x, axes.py(event.peak_deg) - 5, said, "middle event-word"))


def _measured(axes: Axes, reps: Sequence[Rep]) -> list[Html]:
    """Each rep's highest drop with its uncertainty, where it was."""
    known = [(r.drop_at_s, r.drop_deg, r.drop_uncertainty_deg) for r in reps]
    whole = [(at, drop, u) for at, drop, u in known if at is not None and drop is not None and u is not None]
    return [whiskers(axes, [(at, drop - u, drop + u) for at, drop, u in whole], "whisker faint")]
