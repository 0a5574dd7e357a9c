"""Lays a person's corrections over a session: a pure function, one correction after the other, as they were made.

What nobody corrected stays as it was, to the last bit. The session remembers in `corrections` what has been laid over it, so
that the same file applied twice is applied once, and a file that has grown since is applied from where it grew.

A rep that a person made has confidence 1 and no figures but its times. One whose boundary was moved keeps the figures measured
within the old boundaries; its phases out and back go with the boundaries. The reason for whatever becomes None stands in
`unresolved`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from imu_tracker.exercises import load_catalogue
from imu_tracker.exercises.cues import with_cues
from imu_tracker.reps import figures_of
from imu_tracker.results import PelvicDrop, Rep, Session, Set, set_at
from imu_tracker.session.edits import (
    AddRep,
    AddSet,
    Edit,
    Edits,
    EditsError,
    MoveBoundary,
    NameExercise,
    RemoveRep,
    RemoveSet,
    SetCount,
    SetSide,
    as_dict,
)

NEAR_S = 8.0  # a rep this close to a set can be added to it: a longer pause ends a set (the interface's rule)

BY_HAND = "reps added by hand have times alone"
TURN_BY_HAND = "of reps added by hand it is the middle, unless it was said"
COUNTED = "a person counted {count}; the reps listed are the {found} that were found"
SPLIT_UNKNOWN = "the count was corrected, but not how it is split between the sides"
NAMED = "a person named the exercise"
NO_CATALOGUE_RISE = "the catalogue does not say which half of this exercise's rep goes up"
NOT_ONE_BY_ONE = "the set's reps are not known one by one"
NO_DROP = "pelvic drop is not measured in a set added by hand"
OTHER_SIDE = "it was measured of the other side; 'imu-tracker review --side {side}' without --set measures it anew"

# Figures that are of the working side, and those that go with each
_OF_A_SIDE: Mapping[str, tuple[str, ...]] = {
    "drop_deg": ("drop_uncertainty_deg", "drop_at_s", "hike_deg"),
    "thigh_tilt_deg": (),
    "hip_adduction_deg": ("hip_adduction_uncertainty_deg",),
    "trunk_lean_deg": ("trunk_lean_uncertainty_deg",),
}

Sets = tuple[Set, ...]


def apply(session: Session, edits: Edits) -> Session:
    """The session with the corrections laid over it; raises EditsError for one that does not fit."""
    done, wanted = session.corrections, tuple(as_dict(e) for e in edits.edits)
    shared = min(len(done), len(wanted))
    if tuple(map(dict, done[:shared])) != wanted[:shared]:
        raise EditsError(
            "This session has been corrected otherwise already; lay the corrections over the analysis as it came, or add them "
            "to the ones that it has."
        )
    sets = session.sets
    for number, edit in enumerate(edits.edits[shared:], shared + 1):
        try:
            sets = _cued(sets, _rested(sets, _corrected(sets, edit)))
        except EditsError as e:
            raise EditsError(f"Correction {number} ({edit.op}): {e}") from e
    return replace(session, sets=sets, corrections=done + wanted[shared:]) if len(wanted) > shared else session


def _cued(old: Sets, new: Sets) -> Sets:
    """The cues looked at anew in sets whose reps or exercise have changed."""
    was = [(s.exercise, s.reps) for s in old]
    catalogue = load_catalogue()
    return tuple(s if (s.exercise, s.reps) in was else with_cues(s, catalogue.get(s.exercise or "")) for s in new)


def _corrected(sets: Sets, edit: Edit) -> Sets:
    match edit:
        case SetCount(at_s, count):
            return _with(sets, at_s, lambda s: _counted(s, count))
        case MoveBoundary(at_s):
            return _with(sets, at_s, lambda s: _moved(s, edit))
        case AddRep():
            return _with(sets, _near(sets, edit).start_s, lambda s: _added(s, edit))
        case RemoveRep(at_s):
            return _with(sets, at_s, lambda s: _removed(s, at_s))
        case RemoveSet(at_s):
            gone = _set_at(sets, at_s)
            return tuple(s for s in sets if s is not gone)
        case AddSet():
            return _with_set(sets, edit)
        case NameExercise(at_s, exercise):
            return _with(sets, at_s, lambda s: _named(s, exercise))
        case SetSide(at_s):
            return _with(sets, at_s, lambda s: _sided(s, edit))


def _set_at(sets: Sets, at_s: float) -> Set:
    one = set_at(sets, at_s)
    if one is not None:
        return one
    there = ", ".join(f"{s.start_s:.1f}–{s.end_s:.1f} s" for s in sets)
    raise EditsError(f"there is no set at {at_s:g} s; " + (f"the sets are {there}." if sets else "the session has none."))


def _with(sets: Sets, at_s: float, change: Callable[[Set], Set]) -> Sets:
    """The sets with the one at a time changed."""
    old = _set_at(sets, at_s)
    new = change(old)
    at = sets.index(old)
    before, after = sets[at - 1] if at else None, sets[at + 1] if at + 1 < len(sets) else None
    if (before is not None and new.start_s < before.end_s) or (after is not None and new.end_s > after.start_s):
        raise EditsError(f"the set would reach from {new.start_s:g} to {new.end_s:g} s and overlap its neighbour.")
    return tuple(new if s is old else s for s in sets)


def _rested(old: Sets, new: Sets) -> Sets:
    """The rests worked out anew for those sets whose rest has changed, and for no other."""
    was = {s.start_s: before.end_s for before, s in itertools.pairwise(old)}
    out: list[Set] = []
    for k, s in enumerate(new):
        last_end_s = out[-1].end_s if k else None
        known = any(o.start_s == s.start_s for o in old)
        if not known or was.get(s.start_s) != last_end_s:
            s = replace(s, rest_before_s=None if last_end_s is None else max(s.start_s - last_end_s, 0.0))
        out.append(s)
    return tuple(out)


def _by_side(s: Set, count: int) -> Mapping[str, int] | None:
    """How a count is split between the sides; None where that isn't known."""
    if s.side in ("left", "right"):
        return {side: count if side == s.side else 0 for side in ("left", "right")}
    if count == len(s.reps) and s.reps and all(r.side in ("left", "right") for r in s.reps):
        return {side: sum(r.side == side for r in s.reps) for side in ("left", "right")}
    return None


def _explained(s: Set, why: Mapping[str, str], known: tuple[str, ...] = ()) -> Set:
    """The set with reasons added, and those of what is known now taken away."""
    kept = {k: v for k, v in s.unresolved.items() if k not in known}
    return replace(s, unresolved=dict(sorted({**kept, **why}.items())))


def _counted(s: Set, count: int) -> Set:
    if s.kind == "hold":
        raise EditsError(f"the set at {s.start_s:g} s is a hold, which has no count.")
    by_side = _by_side(s, count)
    why = {}
    if count != len(s.reps):
        why["reps"] = COUNTED.format(count=count, found=len(s.reps))
    if by_side is None:
        why["count_by_side"] = s.unresolved.get("count_by_side", SPLIT_UNKNOWN)
    return _explained(replace(s, count=count, count_by_side=by_side), why, ("reps", "count_by_side"))


def _with_reps(s: Set, reps: tuple[Rep, ...], changed: dict[str, str]) -> Set:
    """The set with other reps, and all figures that follow from them; the reps' number is its count again."""
    figures = figures_of(reps)
    s = replace(
        s,
        start_s=min(r.start_s for r in reps),
        end_s=max(r.end_s for r in reps),
        reps=reps,
        count=len(reps),
        time_under_tension_s=figures.time_under_tension_s,
        cadence_per_min=figures.cadence_per_min,
        range_fade_percent=figures.range_fade_percent,
        speed_fade_percent=figures.speed_fade_percent,
    )
    known = ("reps", "cadence_per_min", "range_fade_percent", "speed_fade_percent", "time_under_tension_s")
    s = _explained(s, {**figures.unresolved, **changed}, known)
    by_side = _by_side(s, len(reps))
    if by_side is None:
        return replace(s, count_by_side=None, unresolved={"count_by_side": SPLIT_UNKNOWN, **s.unresolved})
    return _explained(replace(s, count_by_side=by_side), {}, ("count_by_side",))


def _rep_at(s: Set, at_s: float) -> int:
    for k, r in enumerate(s.reps):
        if r.start_s <= at_s < r.end_s:
            return k
    raise EditsError(f"there is no rep at {at_s:g} s in the set from {s.start_s:g} to {s.end_s:g} s.")


def _between(r: Rep, start_s: float, end_s: float) -> Rep:
    """The rep with other boundaries around its turn, its phases out and back as long as they then are."""
    if not start_s < r.turn_s < end_s:
        raise EditsError(
            f"from {start_s:g} to {end_s:g} s the rep would lose its turn at {r.turn_s:g} s; remove it and add it anew instead."
        )
    if r.out_s is None or r.pause_s is None or r.back_s is None:
        return replace(r, start_s=start_s, end_s=end_s)
    out_s, back_s = r.out_s + r.start_s - start_s, r.back_s + end_s - r.end_s
    pause_s = r.pause_s + min(out_s, 0.0) + min(back_s, 0.0)  # a boundary inside the pause leaves what is left of it
    out_s, pause_s, back_s = max(out_s, 0.0), max(pause_s, 0.0), max(back_s, 0.0)
    rises_first = r.rise_s == r.out_s and r.lower_s == r.back_s
    known = r.rise_s is not None
    return replace(
        r,
        start_s=start_s,
        end_s=end_s,
        out_s=out_s,
        pause_s=pause_s,
        back_s=back_s,
        rise_s=(out_s if rises_first else back_s) if known else None,
        lower_s=(back_s if rises_first else out_s) if known else None,
    )


def _moved(s: Set, edit: MoveBoundary) -> Set:
    if edit.start_s is None and edit.end_s is None:
        raise EditsError("it says neither where the rep starts nor where it ends.")
    k, reps = _rep_at(s, edit.at_s), list(s.reps)
    r = reps[k]
    r = _between(r, r.start_s if edit.start_s is None else edit.start_s, r.end_s if edit.end_s is None else edit.end_s)
    reps[k] = replace(r, confidence=1.0)
    if k and reps[k - 1].end_s > r.start_s:
        reps[k - 1] = _between(reps[k - 1], reps[k - 1].start_s, r.start_s)
    if k + 1 < len(reps) and reps[k + 1].start_s < r.end_s:
        reps[k + 1] = _between(reps[k + 1], r.end_s, reps[k + 1].end_s)
    return _with_reps(s, tuple(reps), {})


def _made(s: Set, start_s: float, end_s: float, turn_s: float | None = None) -> Rep:
    """A rep that a person made, of a set."""
    turn_s = 0.5 * (start_s + end_s) if turn_s is None else turn_s
    if not start_s < turn_s < end_s:
        raise EditsError(f"a rep from {start_s:g} to {end_s:g} s with its turn at {turn_s:g} s is not in order.")
    return Rep(start_s, turn_s, end_s, 1.0, side=s.side if s.side in ("left", "right") else None)


_UNKNOWN_BY_HAND = ("range_deg", "peak_rate_deg_s", "out_s", "pause_s", "back_s", "likeness", "smoothness")


def _reasons_by_hand(s: Set) -> dict[str, str]:
    return {name: s.unresolved.get(name, BY_HAND) for name in _UNKNOWN_BY_HAND} | {"turn_s": TURN_BY_HAND}


def _near(sets: Sets, edit: AddRep) -> Set:
    """The set that a new rep belongs to."""
    near = min(sets, key=lambda s: max(s.start_s - edit.end_s, edit.start_s - s.end_s), default=None)
    if near is None or max(near.start_s - edit.end_s, edit.start_s - near.end_s) > NEAR_S:
        raise EditsError(f"there is no set within {NEAR_S:g} s of {edit.start_s:g} to {edit.end_s:g} s; add a set instead.")
    return near


def _added(s: Set, edit: AddRep) -> Set:
    new = _made(s, edit.start_s, edit.end_s, edit.turn_s)
    for r in s.reps:
        if r.start_s < new.end_s and new.start_s < r.end_s:
            raise EditsError(f"it overlaps the rep from {r.start_s:g} to {r.end_s:g} s; move that one's boundary first.")
    return _with_reps(s, tuple(sorted((*s.reps, new), key=lambda r: r.start_s)), _reasons_by_hand(s))


def _removed(s: Set, at_s: float) -> Set:
    k = _rep_at(s, at_s)
    if len(s.reps) == 1:
        raise EditsError(f"the set at {s.start_s:g} s has no other rep; remove the set instead.")
    return _with_reps(s, s.reps[:k] + s.reps[k + 1 :], {})


def _with_set(sets: Sets, edit: AddSet) -> Sets:
    if not edit.start_s < edit.end_s:
        raise EditsError(f"a set from {edit.start_s:g} to {edit.end_s:g} s is not in order.")
    for s in sets:
        if s.start_s < edit.end_s and edit.start_s < s.end_s:
            raise EditsError(f"it overlaps the set from {s.start_s:g} to {s.end_s:g} s; remove that one first.")
    if edit.kind == "hold" and (edit.reps or edit.count):
        raise EditsError("a hold has no reps and no count.")
    if edit.kind != "hold" and edit.count is None and not edit.reps:
        raise EditsError("say its count, or its reps.")
    inside = sorted(edit.reps)
    starts, ends = [a for a, _ in inside] + [edit.end_s], [edit.start_s] + [b for _, b in inside]
    if any(a < b for a, b in zip(starts, ends, strict=True)):
        raise EditsError("its reps overlap, or reach beyond the set.")
    length_s = edit.end_s - edit.start_s
    hold = edit.kind == "hold"
    new = Set(
        start_s=edit.start_s,
        end_s=edit.end_s,
        exercise="unknown",
        confidence=None,
        alternatives=(),
        kind=edit.kind,
        side=edit.side,
        count=0,
        count_by_side=None,
        time_under_tension_s=length_s if hold else None,
        hold_s=length_s if hold else None,
        cadence_per_min=None,
        rest_before_s=None,
        reps=(),
        pelvic_drop=PelvicDrop(reason=NO_DROP),
        unresolved={
            **({} if hold else dict.fromkeys((*_OF_A_SIDE, "rise_s", "lower_s"), BY_HAND)),
            "drop_deg": NO_DROP,
        },
    )
    if edit.exercise is None:
        new = _explained(new, {"exercise": "nobody has named it", "confidence": "nobody has named the exercise"})
    if edit.side is None:
        new = _explained(new, {"side": "nobody has said it"})
    if inside:
        reps = tuple(_made(new, a, b) for a, b in inside)
        new = replace(_with_reps(new, reps, _reasons_by_hand(new)), start_s=edit.start_s, end_s=edit.end_s)
    elif not hold:
        names = ("time_under_tension_s", "cadence_per_min", "range_fade_percent", "speed_fade_percent")
        new = _explained(new, dict.fromkeys(names, NOT_ONE_BY_ONE))
    if edit.count is not None and not hold:
        new = _counted(new, edit.count)
    if edit.exercise is not None:
        new = _named(new, edit.exercise)
    return tuple(sorted((*sets, new), key=lambda s: s.start_s))


def _named(s: Set, name: str) -> Set:
    """The set under another name, with what the catalogue says of it; an exercise of the person's own has nothing there."""
    entry = load_catalogue().get(name)
    rise = None if entry is None else entry.rise
    reps = tuple(
        replace(
            r,
            rise_s=None if rise is None else (r.out_s if rise == "out" else r.back_s),
            lower_s=None if rise is None else (r.back_s if rise == "out" else r.out_s),
        )
        for r in s.reps
    )
    why = {"confidence": NAMED}
    if rise is None:
        why |= dict.fromkeys(("rise_s", "lower_s"), NO_CATALOGUE_RISE)
    drop = s.pelvic_drop
    if entry is not None and not drop.resolved:
        drop = replace(drop, threshold_deg=entry.drop_threshold_deg)
    kind = s.kind
    if entry is not None and s.kind != "hold" and entry.pattern in ("reps", "steps"):
        kind = entry.pattern
    s = replace(s, exercise=name, confidence=None, alternatives=(), kind=kind, reps=reps, pelvic_drop=drop)
    known = ("rise_s", "lower_s") if any(r.rise_s is not None for r in reps) else ()
    return _explained(s, why, ("exercise", *known))


def _without_side(s: Set, edit: SetSide) -> Set:
    """The set without what was measured of a side that it turned out not to be."""
    lost = [name for name in _OF_A_SIDE if any(getattr(r, name) is not None for r in s.reps)]
    if s.pelvic_drop.peak_deg is not None and "drop_deg" not in lost:
        lost.append("drop_deg")
    gone: dict[str, Any] = dict.fromkeys(field for name in lost for field in (name, *_OF_A_SIDE[name]))
    why = OTHER_SIDE.format(side=edit.side)
    drop = PelvicDrop(False, why, s.pelvic_drop.threshold_deg) if "drop_deg" in lost else s.pelvic_drop
    s = replace(s, reps=tuple(replace(r, **gone) for r in s.reps), pelvic_drop=drop)
    return _explained(s, dict.fromkeys(lost, why))


def _sided(s: Set, edit: SetSide) -> Set:
    if s.side in ("left", "right") and s.side != edit.side:
        s = _without_side(s, edit)
    reps = tuple(replace(r, side=edit.side) for r in s.reps) if edit.side != "both" else s.reps
    s = replace(s, side=edit.side, reps=reps)
    if s.kind == "hold":
        return _explained(s, {}, ("side",))
    by_side = _by_side(s, s.count)
    why = {"count_by_side": SPLIT_UNKNOWN} if by_side is None else {}
    return _explained(replace(s, count_by_side=by_side), why, ("side", "count_by_side"))
