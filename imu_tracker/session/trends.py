"""An exercise over sessions: how much was done, how far, how low the pelvis came, left against right, and what changed.

Every figure that is measured carries its uncertainty (nine of ten true values lie within), and a change is told only where it is
larger than its own. Three kinds of error go in:

- how much the reps differ among themselves, which more reps average out;
- what a sensor gets wrong in a whole session (how it sits, how quiet standing was found): many reps don't make it smaller.
  Between two sessions the two errors are taken as independent;
- an error in level lifts one side and lowers the other: it counts twice where left and right of one session are compared.

Counts are whole numbers that a person can check and correct, and are compared as they are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np

from imu_tracker.results import Rep, Session, Set

# Student's quantile within which nine of ten lie, for 1, 2, ... degrees of freedom; then it nears the normal one from above.
_NINE_OF_TEN = (6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812)
# What a session's figures may be off by together, nine of ten, from simulated people (`benchmarks/changes.py`, `holds.py`):
RANGE_TRUST_DEG = 3.0
TENSION_TRUST_SHARE = 0.12  # of the time in reps: where a rep begins and ends is judged alike in all of a person's
HOLD_TRUST_S = 0.3  # of each hold's length; holds' errors are independent
DROP_TRUST_DEG = 3.0  # at least, whatever smaller uncertainty a rep's is on simulated people: real wearers' belts shift
FEWEST_FOR_A_TREND = 4  # sessions: a line through three says nothing


@dataclass(frozen=True)
class Measured:
    """A value; nine of ten true ones lie within its uncertainty. shared: the part of it that more reps don't make smaller."""

    value: float
    uncertainty: float
    shared: float = 0.0


@dataclass(frozen=True)
class Work:
    """What was done, with one side or in all. range_deg, drop_deg: means over the reps; drop > 0: the free side hung lower."""

    count: int
    time_under_tension_s: Measured | None = None
    range_deg: Measured | None = None
    drop_deg: Measured | None = None


@dataclass(frozen=True)
class Point:
    """One exercise in one session. drop_change_deg: from the first rep of a set to its last, mean over the sets: tiring."""

    session: str
    started: datetime | None
    exercise: str
    subject: str | None
    sets: int
    whole: Work
    left: Work | None
    right: Work | None
    drop_change_deg: Measured | None


@dataclass(frozen=True)
class Change:
    """How a figure differs: `by` = now - before, with the difference's uncertainty. told: it is more than can be chance."""

    figure: str
    before: float
    now: float
    by: float
    uncertainty: float

    @property
    def told(self) -> bool:
        """Whether the measurement can tell that something changed."""
        return abs(self.by) > self.uncertainty


@dataclass(frozen=True)
class Trend:
    """The line through a figure over sessions: per week, with its uncertainty."""

    figure: str
    sessions: int
    per_week: float
    uncertainty: float

    @property
    def told(self) -> bool:
        """Whether it goes anywhere, as far as can be told."""
        return abs(self.per_week) > self.uncertainty


def nine_of_ten(freedom: int) -> float:
    """So many standard errors to either side hold nine of ten true values, where the error is estimated with this freedom."""
    return _NINE_OF_TEN[freedom - 1] if freedom <= len(_NINE_OF_TEN) else 1.645 + 1.65 / freedom


def mean_of(values: Sequence[float], shared: float) -> Measured | None:
    """The mean of reps' values and its uncertainty; one rep alone doesn't say how much they differ."""
    if len(values) < 2:
        return None
    spread = float(np.std(values, ddof=1)) / math.sqrt(len(values))
    return Measured(float(np.mean(values)), math.hypot(shared, nine_of_ten(len(values) - 1) * spread), shared)


def _range(reps: Iterable[Rep]) -> Measured | None:
    return mean_of([r.range_deg for r in reps if r.range_deg is not None and not r.partial], RANGE_TRUST_DEG)


def drop_trust_deg(own: Sequence[float]) -> float:
    """What a session's drops may be off by together; own: the uncertainties that were worked out for its reps."""
    return max(DROP_TRUST_DEG, float(np.mean(own))) if own else DROP_TRUST_DEG


def _drop(reps: Iterable[Rep]) -> Measured | None:
    known = [(r.drop_deg, r.drop_uncertainty_deg) for r in reps if r.drop_deg is not None and r.drop_uncertainty_deg is not None]
    return mean_of([d for d, _ in known], drop_trust_deg([u for _, u in known])) if known else None


def _tension(sets: Sequence[Set]) -> Measured | None:
    lengths = [s.time_under_tension_s for s in sets]
    if any(x is None for x in lengths):
        return None
    in_reps_s = sum(s.time_under_tension_s or 0.0 for s in sets if s.kind != "hold")
    holds = sum(s.kind == "hold" for s in sets)
    uncertainty = math.hypot(TENSION_TRUST_SHARE * in_reps_s, HOLD_TRUST_S * math.sqrt(holds))
    return Measured(sum(x for x in lengths if x is not None), uncertainty)


def _side(sets: Sequence[Set], side: Literal["left", "right"]) -> Work | None:
    """What was done with one side; None where that isn't known of every set, or it did nothing."""
    whole = [s for s in sets if s.side == side]
    split = [s for s in sets if s.side not in ("left", "right")]
    if any(s.count_by_side is None for s in split):
        return None
    reps = [r for s in sets for r in s.reps if r.side == side]
    count = sum(s.count for s in whole) + sum((s.count_by_side or {}).get(side, 0) for s in split)
    if not whole and not count:
        return None
    named = all(s.exercise not in (None, "unknown") for s in sets)
    return Work(count, _tension(whole) if not split else None, _range(reps) if named else None, _drop(reps) if named else None)


def _drop_change(sets: Sequence[Set]) -> Measured | None:
    known = [
        (d.change_deg, d.change_uncertainty_deg)
        for d in (s.pelvic_drop for s in sets)
        if d.change_deg is not None and d.change_uncertainty_deg is not None
    ]
    if not known:
        return None
    # Within a set the sensor's own error drops out, so the sets' errors are independent.
    return Measured(float(np.mean([c for c, _ in known])), math.sqrt(sum(u * u for _, u in known)) / len(known))


def points_of(session: Session, name: str, started: datetime | None, subject: str | None = None) -> tuple[Point, ...]:
    """One point for each exercise of a session, in order of first appearance.

    Sets that nobody and nothing named are the exercise "unknown": they may be any movements, so their ranges and drops are not
    put together.
    """
    by_exercise: dict[str, list[Set]] = {}
    for s in session.sets:
        by_exercise.setdefault(s.exercise or "unknown", []).append(s)
    points = []
    for exercise, sets in by_exercise.items():
        reps = [r for s in sets for r in s.reps]
        named = exercise != "unknown"
        whole = Work(sum(s.count for s in sets), _tension(sets), _range(reps) if named else None, _drop(reps) if named else None)
        sides = _side(sets, "left"), _side(sets, "right")
        points.append(Point(name, started, exercise, subject, len(sets), whole, *sides, _drop_change(sets) if named else None))
    return tuple(points)


def change_since(figure: str, before: Measured, now: Measured) -> Change:
    """The difference between two sessions, whose errors are independent."""
    return Change(figure, before.value, now.value, now.value - before.value, math.hypot(before.uncertainty, now.uncertainty))


def _change(figure: str, before: Measured | None, now: Measured | None) -> Iterable[Change]:
    if before is not None and now is not None:
        yield change_since(figure, before, now)


def changes(before: Point, now: Point) -> tuple[Change, ...]:
    """What differs between two sessions' points of one exercise, of the figures that both have; first the count.

    Raises ValueError for different exercises.
    """
    if before.exercise != now.exercise:
        raise ValueError(f"{before.exercise} can't be compared with {now.exercise}")
    counts = Change("count", before.whole.count, now.whole.count, now.whole.count - before.whole.count, 0.0)
    return (
        counts,
        *_change("time_under_tension_s", before.whole.time_under_tension_s, now.whole.time_under_tension_s),
        *_change("range_deg", before.whole.range_deg, now.whole.range_deg),
        *_change("drop_deg", before.whole.drop_deg, now.whole.drop_deg),
        *_change("drop_change_deg", before.drop_change_deg, now.drop_change_deg),
    )


def left_against_right(point: Point) -> tuple[Change, ...]:
    """How the right side differs from the left within one session: `by` = right - left."""
    if point.left is None or point.right is None:
        return ()
    left, right = point.left, point.right
    out = [Change("count", left.count, right.count, right.count - left.count, 0.0)]
    out += _change("time_under_tension_s", left.time_under_tension_s, right.time_under_tension_s)
    if left.range_deg is not None and right.range_deg is not None:
        out.append(sides_change("range_deg", left.range_deg, right.range_deg))
    if left.drop_deg is not None and right.drop_deg is not None:
        out.append(sides_change("drop_deg", left.drop_deg, right.drop_deg))
    return tuple(out)


def sides_change(figure: str, left: Measured, right: Measured) -> Change:
    """The difference between the sides of one session, whose shared errors may point in opposite directions."""
    own = [math.sqrt(max(m.uncertainty**2 - m.shared**2, 0.0)) for m in (left, right)]
    uncertainty = math.hypot(left.shared + right.shared, *own)
    return Change(figure, left.value, right.value, right.value - left.value, uncertainty)


def before(points: Sequence[Point], now: Point) -> Point | None:
    """The last point of the same exercise and person before this one; None where it is the first, or undated."""
    if now.started is None:
        return None
    earlier = [
        (p.started, p)
        for p in points
        if p.started is not None and p.started < now.started and (p.exercise, p.subject) == (now.exercise, now.subject)
    ]
    return max(earlier, key=lambda one: one[0])[1] if earlier else None


def trends(points: Sequence[Point]) -> tuple[Trend, ...]:
    """The lines through one exercise's dated points, of the figures that enough sessions have.

    The uncertainty is the larger of what the points' own say and of what they scatter about the line.
    """
    dated = sorted(((p.started, p) for p in points if p.started is not None), key=lambda one: one[0])
    figures: Mapping[str, list[Measured | None]] = {
        "count": [Measured(p.whole.count, 0.0) for _, p in dated],
        "time_under_tension_s": [p.whole.time_under_tension_s for _, p in dated],
        "range_deg": [p.whole.range_deg for _, p in dated],
        "drop_deg": [p.whole.drop_deg for _, p in dated],
        "drop_change_deg": [p.drop_change_deg for _, p in dated],
    }
    out = []
    for figure, measured in figures.items():
        known = [(t, m) for (t, _), m in zip(dated, measured, strict=True) if m is not None]
        line = _line([(t - dated[0][0]) / timedelta(weeks=1) for t, _ in known], [m for _, m in known])
        if line is not None:
            out.append(Trend(figure, len(known), *line))
    return tuple(out)


def _line(weeks: Sequence[float], measured: Sequence[Measured]) -> tuple[float, float] | None:
    """Slope per week and its uncertainty, by least squares; None for too few points or all at one time."""
    if len(weeks) < FEWEST_FOR_A_TREND:
        return None
    t = np.asarray(weeks) - np.mean(weeks)
    span = float(np.sum(t * t))
    if span <= 0.0:
        return None
    y = np.array([m.value for m in measured])
    slope = float(np.sum(t * y)) / span
    residual = y - np.mean(y) - slope * t
    freedom = len(t) - 2
    scattered = nine_of_ten(freedom) * float(np.sqrt(np.sum(residual**2) / freedom / span))
    told = math.sqrt(float(np.sum((t * [m.uncertainty for m in measured]) ** 2))) / span
    return round(slope, 9), round(max(scattered, told), 9)  # or what is exactly level would go somewhere in the last digit


# --- as plain data, for the index


def to_dict(point: Point) -> dict[str, Any]:
    """A point as plain data for JSON."""
    return {**asdict(point), "started": None if point.started is None else point.started.isoformat()}


def _measured(d: Any) -> Measured | None:
    return None if d is None else Measured(**d)


def _work(d: Mapping[str, Any]) -> Work:
    return Work(d["count"], _measured(d["time_under_tension_s"]), _measured(d["range_deg"]), _measured(d["drop_deg"]))


def from_dict(d: Mapping[str, Any]) -> Point:
    """A point from what `to_dict` made."""
    return Point(
        d["session"],
        None if d["started"] is None else datetime.fromisoformat(d["started"]),
        d["exercise"],
        d["subject"],
        d["sets"],
        _work(d["whole"]),
        None if d["left"] is None else _work(d["left"]),
        None if d["right"] is None else _work(d["right"]),
        _measured(d["drop_change_deg"]),
    )
