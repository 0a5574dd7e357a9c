"""What was found in a recording, described set by set: what is known, and why the rest is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion, grid_rows
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.drop import Stance, drop_series
from imu_tracker.pelvis.measure import NOT_NAMED as NO_STANCE
from imu_tracker.pelvis.measure import Pelvis
from imu_tracker.pelvis.stepping import SideStep
from imu_tracker.pelvis.walks import as_steps, cuts_of, side_of
from imu_tracker.recognition.model import OTHER, UNKNOWN, Prediction
from imu_tracker.recognition.naming import LIKELY, is_no_exercise
from imu_tracker.reps import FoundSet, Hold, describe_reps, figures_of
from imu_tracker.reps.holds import NO_GYROSCOPE
from imu_tracker.results import HoldFigures, Kind, PelvicDrop, Rep, Series, Set

if TYPE_CHECKING:
    from imu_tracker.exercises import Exercise

Told = Literal["left", "right"] | None  # the working side, where the caller has said it

NO_NAME = "it is like none of the exercises that the model knows; name it with --exercise"
NO_MODEL = (
    "the model that names exercises doesn't know this place, or nobody said where the sensor is worn; say it, as in pelvis=FILE, "
    "or name the exercise with --exercise"
)
NOT_ONE = "it could be any of several exercises; name it with --exercise"
NO_EXERCISE = "it looks like {name}, which is no exercise"
HELD = "holds are not recognised; name it with --exercise"
NO_SIDE = "nobody said which side worked, and this set doesn't show it; say it with --side"
NOT_NAMED = "the exercise is not known, so neither is which half of a rep goes up; name it with --exercise"
OWN = "the catalogue has no entry for a name of one's own, so which half of a rep goes up and which leg stands isn't known"
LEAST_SHARE = 0.01  # an alternative that is less probable isn't worth a word
NO_REPS = "a hold has no reps"
WAS_NAMED = "the exercise was named, not recognised"
NO_WAY = "which way is left is not known, as the sensor's mounting isn't"
NO_RISE = "neither half of this exercise's rep is a rise"


def sets_of(found: tuple[FoundSet | Hold, ...], motions: tuple[Motion, ...], side: Told, exercise: Exercise | None) -> list[Set]:
    """The sets of what was found in the stream of one placement."""
    sets: list[Set] = []
    for one in found:
        last_end_s = sets[-1].end_s if sets else None
        if isinstance(one, Hold):
            sets.append(_hold_of(one, side, exercise, last_end_s))
        else:
            sets.append(_set_of(describe_reps(motions, one.cuts, one.fit), side, exercise, last_end_s))
    return sets


def recognised(one: Set, said: Prediction) -> Set:
    """A set that nobody has named, with the name that was recognised; or unknown, with what comes nearest."""
    unresolved = {field: why for field, why in one.unresolved.items() if field not in ("exercise", "confidence")}
    likely = [(name, share) for name, share in said.alternatives if share >= LEAST_SHARE and name != OTHER]
    if said.unknown and said.nearest == UNKNOWN:
        likely = []
    why = None
    if said.unknown:
        why = NO_NAME if said.nearest != UNKNOWN else NO_MODEL
    elif said.confidence < LIKELY:
        why = NOT_ONE
        likely.insert(0, (said.name, said.confidence))
    elif is_no_exercise(said.name):
        why = NO_EXERCISE.format(name=said.name)
        likely.insert(0, (said.name, said.confidence))
    if why is not None:
        unresolved = dict(sorted({**unresolved, "exercise": why, "confidence": why}.items()))
        return replace(one, exercise=UNKNOWN, confidence=None, alternatives=tuple(likely), unresolved=unresolved)
    return replace(one, exercise=said.name, confidence=said.confidence, alternatives=tuple(likely), unresolved=unresolved)


def called(one: Set, name: str) -> Set:
    """A set that a person has a name of their own for; the catalogue says nothing of it."""
    unresolved = {field: OWN if why in (NOT_NAMED, NO_STANCE) else why for field, why in one.unresolved.items()}
    drop = replace(one.pelvic_drop, reason=OWN) if one.pelvic_drop.reason == NO_STANCE else one.pelvic_drop
    del unresolved["exercise"]
    return replace(
        one,
        exercise=name,
        confidence=None,
        alternatives=(),
        pelvic_drop=drop,
        unresolved=dict(sorted({**unresolved, "confidence": WAS_NAMED}.items())),
    )


def sets_of_steps(
    walks: tuple[tuple[SideStep, ...], ...], motions: tuple[Motion, ...], side: Told, exercise: Exercise | None, ways_known: bool
) -> list[Set]:
    """The sets of steps that the pelvis showed: their sides are the ways they went, where those are known."""
    sets: list[Set] = []
    for steps in walks:
        reps = as_steps(describe_reps(motions, cuts_of(steps), 1.0), steps)
        one = _set_of(reps, side, exercise, sets[-1].end_s if sets else None)
        if not ways_known:
            sets.append(replace(one, unresolved={**one.unresolved, "side": NO_WAY, "count_by_side": NO_WAY}))
            continue
        by_side = {way: sum(step.direction == way for step in steps) for way in ("left", "right")}
        unresolved = {field: why for field, why in one.unresolved.items() if field not in ("side", "count_by_side")}
        reps = tuple(replace(rep, side=step.direction) for rep, step in zip(one.reps, steps, strict=True))
        sets.append(replace(one, reps=reps, side=side_of(steps), count_by_side=by_side, unresolved=unresolved))
    return sets


def _hold_of(hold: Hold, side: Told, exercise: Exercise | None, last_end_s: float | None) -> Set:
    """A set from a hold and what the caller said; what can't be known of it is None with its reason."""
    unresolved = {
        "cadence_per_min": NO_REPS,
        "confidence": HELD if exercise is None else WAS_NAMED,
        "count_by_side": NO_REPS,
        "range_fade_percent": NO_REPS,
        "speed_fade_percent": NO_REPS,
    }
    if exercise is None:
        unresolved["exercise"] = HELD
    if side is None:
        unresolved["side"] = NO_SIDE
    if hold.tremor_deg_s is None:
        unresolved["hold"] = NO_GYROSCOPE
    return Set(
        start_s=hold.start_s,
        end_s=hold.end_s,
        exercise=exercise.name if exercise is not None else "unknown",
        confidence=None,
        alternatives=(),
        kind="hold",
        side=side,
        count=0,
        count_by_side=None,
        time_under_tension_s=hold.length_s,
        hold_s=hold.length_s,
        cadence_per_min=None,
        rest_before_s=None if last_end_s is None else max(hold.start_s - last_end_s, 0.0),
        reps=(),
        pelvic_drop=PelvicDrop(),
        unresolved=dict(sorted(unresolved.items())),
        hold=HoldFigures(hold.wobble_deg_s, hold.tremor_deg_s, hold.drift_deg, hold.ended),
    )


def _set_of(reps: tuple[Rep, ...], side: Told, exercise: Exercise | None, last_end_s: float | None) -> Set:
    """A set from its reps and what the caller said; what later stages will bring is None with its reason."""
    unresolved = {"confidence": NO_NAME, "count_by_side": NO_SIDE}
    rise = exercise.rise if exercise is not None else None
    if rise is None:
        unresolved["rise_s"] = unresolved["lower_s"] = NOT_NAMED if exercise is None else NO_RISE
    if exercise is None:
        unresolved["exercise"] = NO_NAME
    else:
        unresolved["confidence"] = WAS_NAMED
    if side is None:
        unresolved["side"] = NO_SIDE
    else:
        del unresolved["count_by_side"]
    reps = tuple(
        replace(
            r,
            side=side,
            rise_s=None if rise is None else (r.out_s if rise == "out" else r.back_s),
            lower_s=None if rise is None else (r.back_s if rise == "out" else r.out_s),
        )
        for r in reps
    )
    figures = figures_of(reps)
    unresolved |= figures.unresolved
    kind: Kind = "reps" if exercise is None or exercise.pattern is None else exercise.pattern
    by_side = None if side is None else {each: len(reps) if each == side else 0 for each in ("left", "right")}
    return Set(
        start_s=reps[0].start_s,
        end_s=reps[-1].end_s,
        exercise=exercise.name if exercise is not None else "unknown",
        confidence=None,
        alternatives=(),
        kind=kind,
        side=side,
        count=len(reps),
        count_by_side=by_side,
        time_under_tension_s=figures.time_under_tension_s,
        hold_s=None,
        cadence_per_min=figures.cadence_per_min,
        rest_before_s=None if last_end_s is None else max(reps[0].start_s - last_end_s, 0.0),
        reps=reps,
        pelvic_drop=PelvicDrop(),
        unresolved=dict(sorted(unresolved.items())),
        range_fade_percent=figures.range_fade_percent,
        speed_fade_percent=figures.speed_fade_percent,
    )


def series_of(
    n: int, sets: tuple[Set, ...], pelvis: Pelvis | None, stances: Sequence[Stance], motions: Sequence[Motion]
) -> Series:
    """Which set and rep each grid point belongs to, the pelvis' angles, and its drop in the stances of sets that have one.

    motions: the first sensor's, for its lean.
    """
    t = np.arange(n) / GRID_HZ
    set_number, rep_number = np.zeros(n, np.int32), np.zeros(n, np.int32)
    for i, s in enumerate(sets, start=1):
        set_number[grid_rows(s.start_s, s.end_s)] = i
        for j, r in enumerate(s.reps, start=1):
            rep_number[grid_rows(r.start_s, r.end_s)] = j
    obliquity_deg, tilt_deg, drop_deg = np.full((3, n), np.nan)
    lean_deg: Floats | None = None
    if pelvis is None or pelvis.angles is None:
        lean_deg = lean_of(motions, n)
    else:
        obliquity_deg, tilt_deg = pelvis.angles.obliquity_deg, pelvis.angles.tilt_deg
        drop_deg = drop_series(pelvis.angles, stances)
    return Series(t, obliquity_deg, tilt_deg, drop_deg, set_number, rep_number, lean_deg)


def lean_of(motions: Sequence[Motion], n: int) -> Floats:
    """How far a sensor leans from where it began (n,), degrees, NaN in gaps."""
    out = np.full(n, np.nan)
    if not motions:
        return out
    first = motions[0].up[: int(GRID_HZ)].mean(axis=0)
    first = first / max(float(np.linalg.norm(first)), 1e-9)
    for motion in motions:
        end = min(motion.first + len(motion), n)
        out[motion.first : end] = np.degrees(np.arccos(np.clip(motion.up[: end - motion.first] @ first, -1.0, 1.0)))
    return out
