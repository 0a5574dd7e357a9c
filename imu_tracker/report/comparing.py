"""Left against right, and now against an earlier session: what differs by more than the measurement can tell.

The smallest difference that is told is worked out from the reps' own spread (nine of ten chance differences are smaller) and is
never below what the sensor can tell at all; a smaller one is no difference.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

from imu_tracker.report.stance import drops_by_leg
from imu_tracker.results import Rep, Series, Session, Set

NINE_OF_TEN = 1.645  # standard deviations that hold nine of ten
OF_A_MEDIAN = 1.253  # a median's standard error, as a multiple of a mean's (normal spread)
FEWEST = 3  # reps on each side; fewer say nothing of what is usual


@dataclass(frozen=True)
class Telling:
    """What the measurement can tell at all."""

    count: float = 1.0
    """Reps of a set: within one in most sets (README)."""
    tempo_s: float = 0.2
    """A phase: each of its ends to 0.1 s, in both."""
    hold_s: float = 1.0
    """Length of a hold: within 0.3 s on simulated people from the pelvis, less well from the thigh."""
    range_deg: float = 3.0
    """"A few degrees", in slow work."""
    drop_deg: float = 3.0
    """Pelvic drop on real wearers, whatever smaller uncertainty was worked out for a rep."""


@dataclass(frozen=True)
class Group:
    """What was done of one exercise on one side (None: not told): its reps, and the holds' lengths."""

    exercise: str
    side: str | None
    sets: int
    count: int
    reps: tuple[Rep, ...]
    tension_s: float
    holds_s: tuple[float, ...]


@dataclass(frozen=True)
class Difference:
    """A figure of two groups. least: the smallest difference that can be told; None where it can't be worked out."""

    what: str
    before: float
    after: float
    least: float | None

    @property
    def change(self) -> float:
        """How much more it is after."""
        return self.after - self.before

    @property
    def told(self) -> bool:
        """Whether the difference is larger than the measurement's own."""
        return self.least is not None and abs(self.change) > self.least


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
    return Group(exercise, side, len(here), count, tuple(reps), tension_s, tuple(s.hold_s for s in here if s.hold_s is not None))


def _compared(what: str, a: Sequence[float], b: Sequence[float], floor: float) -> list[Difference]:
    """The medians of two samples; the spread within them says how far they differ by chance."""
    if min(len(a), len(b)) < FEWEST:
        return []
    chance = NINE_OF_TEN * OF_A_MEDIAN * math.hypot(*(statistics.stdev(v) / math.sqrt(len(v)) for v in (a, b)))
    return [Difference(what, statistics.median(a), statistics.median(b), max(floor, chance))]


def _known(reps: Sequence[Rep], value: Callable[[Rep], float | None]) -> list[float]:
    return [v for r in reps if not r.partial and (v := value(r)) is not None]


def _phases(a: Sequence[Rep], b: Sequence[Rep]) -> tuple[tuple[str, Callable[[Rep], float | None]], ...]:
    """A rep's phases: lift and lowering where both know them, else out and back."""
    if all(r.rise_s is not None for r in (*a, *b) if r.out_s is not None):
        return ("rise", lambda r: r.rise_s), ("pause", lambda r: r.pause_s), ("lower", lambda r: r.lower_s)
    return ("out", lambda r: r.out_s), ("pause", lambda r: r.pause_s), ("back", lambda r: r.back_s)


def _uncertainty_deg(reps: Sequence[Rep], telling: Telling) -> float:
    """How far the drop of one wearing can be off."""
    own = _known(reps, lambda r: r.drop_uncertainty_deg)
    return max(telling.drop_deg, statistics.median(own)) if own else telling.drop_deg


def differences(a: Group, b: Group, drop_floor_deg: float, telling: Telling) -> list[Difference]:
    """What can be compared of two groups, the first against the second."""
    out = []
    if a.holds_s and b.holds_s:
        out.append(Difference("hold", statistics.median(a.holds_s), statistics.median(b.holds_s), telling.hold_s))
    if a.count and b.count:
        off = telling.count * math.sqrt(a.sets + b.sets)
        out.append(Difference("count", a.count, b.count, off))
        length_s = [r.duration_s for r in (*a.reps, *b.reps)]
        out.append(Difference("tension", a.tension_s, b.tension_s, off * statistics.median(length_s) if length_s else None))
    for what, value in _phases(a.reps, b.reps):
        out += _compared(what, _known(a.reps, value), _known(b.reps, value), telling.tempo_s)
    out += _compared("range", _known(a.reps, lambda r: r.range_deg), _known(b.reps, lambda r: r.range_deg), telling.range_deg)
    out += _compared("drop", _known(a.reps, lambda r: r.drop_deg), _known(b.reps, lambda r: r.drop_deg), drop_floor_deg)
    return out


def left_right(
    session: Session, series: Series | None = None, telling: Telling | None = None
) -> list[tuple[str, list[Difference]]]:
    """Each exercise done on both sides, left (before) against right (after).

    How far the sensor sits off level adds to the drop on one leg and takes as much from it on the other, so the two differ by
    twice that. Of steps, whose side is the way they went, the drop is that of the leg that stood, which only the series shows.
    """
    telling = telling or Telling()
    groups = {(g.exercise, g.side): g for g in groups_of(session.sets)}
    out = []
    for exercise in dict.fromkeys(exercise for exercise, _ in groups):
        a, b = groups.get((exercise, "left")), groups.get((exercise, "right"))
        if a is None or b is None:
            continue
        floor_deg = 2.0 * _uncertainty_deg((*a.reps, *b.reps), telling)
        found = differences(a, b, floor_deg, telling)
        if exercise in open_sides(session.sets):
            found = [d for d in found if d.what not in ("count", "tension")]
        steps = [s for s in session.sets if s.exercise == exercise and s.kind == "steps"]
        if steps:
            found = [d for d in found if d.what != "drop"]
            if series is not None:
                legs = [drops_by_leg(s, series) for s in steps]
                left, right = ([v for leg in legs for v in leg[side]] for side in ("left", "right"))
                found += _compared("drop", left, right, floor_deg)
        out.append((exercise, found))
    return [(exercise, found) for exercise, found in out if found]


def since(earlier: Session, now: Session, telling: Telling | None = None) -> list[tuple[Group, list[Difference]]]:
    """What was done both times, by exercise and side, earlier (before) against now (after); the sensor was put on anew."""
    telling = telling or Telling()
    together = open_sides((*earlier.sets, *now.sets))
    then = {(g.exercise, g.side): g for g in groups_of(earlier.sets, together)}
    out = []
    for b in groups_of(now.sets, together):
        a = then.get((b.exercise, b.side))
        if a is not None:
            floor = math.hypot(_uncertainty_deg(a.reps, telling), _uncertainty_deg(b.reps, telling))
            out.append((b, differences(a, b, floor, telling)))
    return [(group, found) for group, found in out if found]
