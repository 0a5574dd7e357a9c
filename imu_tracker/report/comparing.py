"""Left against right, and now against an earlier session, exercise by exercise and side by side.

What can be told is the business of `session.trends`; here is what a report compares: tempo too, and of steps the leg that stood.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from imu_tracker.report.stance import drops_by_leg
from imu_tracker.results import Rep, Series, Session, Set
from imu_tracker.session.trends import (
    HOLD_TRUST_S,
    RANGE_TRUST_DEG,
    TENSION_TRUST_SHARE,
    Change,
    Measured,
    change_since,
    drop_trust_deg,
    mean_of,
    sides_change,
)

TEMPO_TRUST_S = 0.1  # how far a phase may be off in all reps of a session together: its ends are found on slow parts of the way


@dataclass(frozen=True)
class Group:
    """What was done of one exercise on one side (None: not told): its reps, and the holds' lengths."""

    exercise: str
    side: str | None
    count: int
    reps: tuple[Rep, ...]
    tension_s: float
    holds_s: tuple[float, ...]


def groups_of(sets: Sequence[Set], together: Container[str] = ()) -> list[Group]:
    """What was done, by exercise and side, in the order in which it was first done; what has no name can't be compared.

    together: exercises whose sides are taken together.
    """
    named = [(s.exercise, side) for s in sets for side in _sides(s) if s.exercise not in (None, "unknown")]
    keys = dict.fromkeys((str(exercise), None if exercise in together else side) for exercise, side in named)
    return [_group([s for s in sets if s.exercise == exercise], exercise, side, exercise in together) for exercise, side in keys]


def open_sides(sets: Sequence[Set]) -> set[str]:
    """The exercises of which some set's side isn't known: by side, their counts would say what was told, not what was done."""
    return {s.exercise or "unknown" for s in sets if _sides(s) == [None]}


def _sides(s: Set) -> list[str | None]:
    split = [side for side, n in (s.count_by_side or {}).items() if n]
    return list(split) if len(split) > 1 else [s.side]


def _group(sets: Sequence[Set], exercise: str, side: str | None, together: bool) -> Group:
    here = [s for s in sets if together or side in _sides(s)]
    reps, count, tension_s = [], 0, 0.0
    for s in here:
        split = not together and len(_sides(s)) > 1
        mine = [r for r in s.reps if not split or r.side == side]
        reps += mine
        count += (s.count_by_side or {}).get(str(side), 0) if split else s.count
        tension_s += sum(r.duration_s for r in mine) if split else s.time_under_tension_s or 0.0
    return Group(exercise, side, count, tuple(reps), tension_s, tuple(s.hold_s for s in here if s.hold_s is not None))


def _known(reps: Sequence[Rep], value: Callable[[Rep], float | None]) -> list[float]:
    return [v for r in reps if not r.partial and (v := value(r)) is not None]


def _trust_deg(reps: Sequence[Rep]) -> float:
    return drop_trust_deg(_known(reps, lambda r: r.drop_uncertainty_deg))


def _phases(group: Group) -> Iterable[tuple[str, list[float]]]:
    """A rep's phases: lift and lowering where they are known, else out and back."""
    if all(r.rise_s is not None for r in group.reps if r.out_s is not None):
        yield "rise", _known(group.reps, lambda r: r.rise_s)
        yield "lower", _known(group.reps, lambda r: r.lower_s)
    else:
        yield "out", _known(group.reps, lambda r: r.out_s)
        yield "back", _known(group.reps, lambda r: r.back_s)
    yield "pause", _known(group.reps, lambda r: r.pause_s)


def figures_of(group: Group, drops_deg: Sequence[float] | None = None) -> dict[str, Measured]:
    """What is known of a group, by name; drops_deg: in place of its reps' own. Counts are compared as they are."""
    found: dict[str, Measured | None] = {}
    if group.holds_s:
        n = len(group.holds_s)
        found["hold"] = Measured(sum(group.holds_s) / n, HOLD_TRUST_S / math.sqrt(n))
    if group.count:
        found["count"] = Measured(group.count, 0.0)
    if group.count and group.tension_s:
        found["tension"] = Measured(group.tension_s, TENSION_TRUST_SHARE * group.tension_s)
    found |= {name: mean_of(values, TEMPO_TRUST_S) for name, values in _phases(group)}
    found["range"] = mean_of(_known(group.reps, lambda r: r.range_deg), RANGE_TRUST_DEG)
    drops = _known(group.reps, lambda r: r.drop_deg) if drops_deg is None else drops_deg
    found["drop"] = mean_of(drops, _trust_deg(group.reps))
    return {name: measured for name, measured in found.items() if measured is not None}


def left_right(session: Session, series: Series | None = None) -> list[tuple[str, list[Change]]]:
    """Each exercise done on both sides: how the right differs from the left.

    Of steps, whose side is the way they went, the drop is that of the leg that stood, which only the series shows.
    """
    groups = {(g.exercise, g.side): g for g in groups_of(session.sets)}
    open_ = open_sides(session.sets)
    out = []
    for exercise in dict.fromkeys(exercise for exercise, _ in groups):
        pair = [groups[exercise, side] for side in ("left", "right") if (exercise, side) in groups]
        if len(pair) < 2:
            continue
        steps = [s for s in session.sets if s.exercise == exercise and s.kind == "steps"]
        legs = [drops_by_leg(s, series) for s in steps] if series is not None else []
        by_leg = [[v for leg in legs for v in leg[side]] if steps else None for side in ("left", "right")]
        left, right = (figures_of(group, drops) for group, drops in zip(pair, by_leg, strict=True))
        shown = [name for name in left if name in right and not (exercise in open_ and name in ("count", "tension"))]
        out.append((exercise, [sides_change(name, left[name], right[name]) for name in shown]))
    return [(exercise, found) for exercise, found in out if found]


def since(earlier: Session, now: Session) -> list[tuple[Group, list[Change]]]:
    """What was done both times, by exercise and side: how it differs now; the sensor was put on anew."""
    together = open_sides((*earlier.sets, *now.sets))
    then = {(g.exercise, g.side): g for g in groups_of(earlier.sets, together)}
    out = []
    for group in groups_of(now.sets, together):
        before = then.get((group.exercise, group.side))
        if before is not None:
            a, b = figures_of(before), figures_of(group)
            out.append((group, [change_since(name, a[name], b[name]) for name in a if name in b]))
    return [(group, found) for group, found in out if found]
