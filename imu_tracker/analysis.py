"""From a recording to its session: the one place that knows all the stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from imu_tracker.errors import UsageError
from imu_tracker.motion import GRID_HZ, Motion, motion_of, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.axes import mounting_of
from imu_tracker.pelvis.drop import Stance
from imu_tracker.pelvis.measure import NO_SENSOR, Pelvis, Prelude, pelvis_of, prelude, turned_round, with_drop
from imu_tracker.pelvis.stepping import SideStep
from imu_tracker.pelvis.thigh import with_thigh
from imu_tracker.pelvis.walks import as_steps, cuts_of, mostly, side_of, stances_in, step_sets
from imu_tracker.recording import Recording
from imu_tracker.reps import (
    FoundSet,
    Hold,
    describe_reps,
    exercise_sets,
    figures_of,
    find_holds,
    guided_sets,
    template_of,
    with_others,
)
from imu_tracker.reps.holds import NO_GYROSCOPE
from imu_tracker.results import (
    HoldFigures,
    Kind,
    Mounting,
    PelvicDrop,
    PlacementInfo,
    RecordingInfo,
    Rep,
    Series,
    Session,
    Set,
)

if TYPE_CHECKING:
    from imu_tracker.exercises import Exercise


@dataclass(frozen=True)
class Guide:
    """Reps that a person showed or corrected, (start, end) s; recording: the one they lie in, None for the one analysed."""

    reps: tuple[tuple[float, float], ...]
    recording: Recording | None = None


@dataclass(frozen=True)
class Wish:
    """What the caller says about the recording; all of it may be left out.

    exercise: a catalogue name, which sets the name, side rule, threshold and cues, and never rejects a rep. side: the
    working side. drop_threshold_deg: overrules the catalogue's. guide: what one rep is; other movements are counted as ever.
    """

    exercise: str | None = None
    side: Literal["left", "right"] | None = None
    drop_threshold_deg: float | None = None
    guide: Guide | None = None


Progress = Callable[[str, float], None]  # what is being done, and the share done in 0-1


def analyze(recording: Recording, wish: Wish | None = None, progress: Progress | None = None) -> Session:
    """The session that a recording holds. Pure: the same recording and wish give an equal session."""
    return _analyzed(recording, wish, progress)[0]


def _analyzed(recording: Recording, wish: Wish | None, progress: Progress | None) -> tuple[Session, Series]:
    """The session and its series."""
    wish = wish or Wish()
    say = progress or (lambda what, share: None)
    exercise = _named(wish.exercise) if wish.exercise is not None else None
    holding = exercise is not None and exercise.pattern == "hold"
    best: tuple[float, tuple[Motion, ...], tuple[FoundSet | Hold, ...]] = (-1.0, (), ())
    start: Prelude | None = None
    everything: dict[str, tuple[Motion, ...]] = {}
    for k, name in enumerate(sorted(recording.streams)):
        say(f"{name}: orientation", k / len(recording.streams))
        motions = tuple(motion_of(piece) for piece in to_grid(recording.streams[name], recording.start_s))
        everything[name] = motions
        if name == "pelvis":
            start = prelude(motions)
            motions = motions if holding else start.counted
        say(f"{name}: sets and reps", (k + 0.5) / len(recording.streams))
        # Where nobody said that there is a hold, people who rest in an odd posture look as if they held it.
        found: tuple[FoundSet | Hold, ...]
        found = find_holds(motions) if holding else _counted(recording, name, motions, wish)
        merit = sum(one.length_s if isinstance(one, Hold) else one.merit for one in found)
        if merit > best[0]:
            best = (merit, motions, found)
    _, motions, found = best
    say("pelvis", 0.9)
    spans = [
        (one.start_s, one.end_s) if isinstance(one, Hold) else (float(one.cuts[0, 0]), float(one.cuts[-1, 1])) for one in found
    ]
    pelvis = None if start is None else pelvis_of(start, _samples(recording), exercise, spans)
    stepped = _stepped(start, pelvis, exercise, wish, spans)
    if stepped is not None:
        pelvis, walks = stepped
        sets = _sets_of_steps(walks, start.counted, wish, exercise) if start is not None else []
        stances: list[tuple[Stance, ...] | None] = [stances_in(steps) for steps in walks]
    else:
        sets = _sets_of(found, motions, wish, exercise)
        stances = [None] * len(sets)
    threshold_deg = _threshold_deg(wish, exercise)
    measured = [
        with_drop(with_thigh(s, everything), pelvis, exercise, threshold_deg, standing)
        for s, standing in zip(sets, stances, strict=True)
    ]
    say("done", 1.0)
    mounting = Mounting(reason=NO_SENSOR) if pelvis is None else mounting_of(pelvis.axes)
    slipped = () if pelvis is None or pelvis.slip is None else (pelvis.slip.note,)
    session = Session(_info(recording), tuple(s for s, _ in measured), mounting, (*recording.notes, *slipped))
    return session, _series(recording, session.sets, pelvis, [drop for _, drop in measured if drop is not None])


def _sets_of(found: tuple[FoundSet | Hold, ...], motions: tuple[Motion, ...], wish: Wish, exercise: Exercise | None) -> list[Set]:
    """The sets of what was found in the stream of one placement."""
    sets: list[Set] = []
    for one in found:
        last_end_s = sets[-1].end_s if sets else None
        if isinstance(one, Hold):
            sets.append(_hold_of(one, wish, exercise, last_end_s))
        else:
            sets.append(_set_of(describe_reps(motions, one.cuts, one.fit), wish, exercise, last_end_s))
    return sets


def _stepped(
    start: Prelude | None, pelvis: Pelvis | None, exercise: Exercise | None, wish: Wish, spans: list[tuple[float, float]]
) -> tuple[Pelvis, tuple[tuple[SideStep, ...], ...]] | None:
    """The sets of steps that a sensor on the pelvis sees, and the pelvis as they show it; None where none are to be told."""
    if exercise is None or exercise.pattern != "steps" or start is None or pelvis is None or isinstance(pelvis.axes, str):
        return None
    each_foot = exercise.side_rule == "alternating"
    walks = step_sets(start.counted, pelvis.axes, spans, each_foot)
    if not walks:
        return None
    way = mostly([step for steps in walks for step in steps])
    if pelvis.axes.how != "bows" and not each_foot and wish.side is not None and way not in (wish.side, None):
        pelvis = turned_round(
            start, pelvis, spans
        )  # the steps went the way that the wearer says: the sensor is worn back to front
        if isinstance(pelvis.axes, str):
            return None
        walks = step_sets(start.counted, pelvis.axes, spans, each_foot)
    return pelvis, walks


def _sets_of_steps(
    walks: tuple[tuple[SideStep, ...], ...], motions: tuple[Motion, ...], wish: Wish, exercise: Exercise | None
) -> list[Set]:
    sets: list[Set] = []
    for steps in walks:
        reps = as_steps(describe_reps(motions, cuts_of(steps), 1.0), steps)
        one = _set_of(reps, wish, exercise, sets[-1].end_s if sets else None)
        by_side = {side: sum(step.direction == side for step in steps) for side in ("left", "right")}
        unresolved = {field: why for field, why in one.unresolved.items() if field not in ("side", "count_by_side")}
        reps = tuple(replace(rep, side=step.direction) for rep, step in zip(one.reps, steps, strict=True))
        sets.append(replace(one, reps=reps, side=side_of(steps), count_by_side=by_side, unresolved=unresolved))
    return sets


def _counted(recording: Recording, name: str, motions: tuple[Motion, ...], wish: Wish) -> tuple[FoundSet, ...]:
    """The sets of reps in the stream of one placement."""
    found = exercise_sets(motions, named=wish.exercise is not None)
    if wish.guide is not None:
        found = with_others(_guided(recording, name, motions, wish.guide), found)
    return found


def _guided(recording: Recording, name: str, motions: tuple[Motion, ...], guide: Guide) -> tuple[FoundSet, ...]:
    """The sets of what the guide shows, in the stream of one placement; raises UsageError where the guide has no such stream."""
    shown = motions
    if guide.recording is not None:
        there = guide.recording.streams
        only = len(there) == 1 and len(recording.streams) == 1  # whatever the placements are called, it is the same sensor
        if name not in there and not only:
            raise UsageError(f"The guide's recording has {', '.join(sorted(there))}, but no sensor at {name} to compare with.")
        stream = there[name] if name in there else next(iter(there.values()))
        shown = tuple(motion_of(piece) for piece in to_grid(stream, guide.recording.start_s))
    return guided_sets(motions, template_of(shown, guide.reps))


def analyze_with_series(
    recording: Recording, wish: Wish | None = None, progress: Progress | None = None
) -> tuple[Session, Series]:
    """The session and its series on the 100 Hz grid."""
    return _analyzed(recording, wish, progress)


LATER_CUES = "this version does not measure cues yet"
LATER_NAMES = "this version does not recognise exercises yet; name it with --exercise"
LATER_SIDE = "this version does not tell sides yet; say it with --side"
NOT_NAMED = "the exercise is not known, so neither is which half of a rep goes up; name it with --exercise"
NO_REPS = "a hold has no reps"
WAS_NAMED = "the exercise was named, not recognised"
NO_RISE = "neither half of this exercise's rep is a rise"


def _named(name: str) -> Exercise:
    """The catalogue's entry, which is only read where an exercise is named."""
    from imu_tracker.exercises import find

    return find(name)


def _info(recording: Recording) -> RecordingInfo:
    start = recording.start_s
    placements = {
        name: PlacementInfo(
            rate_hz=s.timing.rate_hz,
            samples=len(s),
            lost=s.timing.lost,
            gaps=tuple((a - start, b - start) for a, b in s.timing.gaps),
            timestamps=s.timing.timestamps,
        )
        for name, s in sorted(recording.streams.items())
    }
    return RecordingInfo(recording.duration_s, placements)


def _hold_of(hold: Hold, wish: Wish, exercise: Exercise | None, last_end_s: float | None) -> Set:
    """A set from a hold and what the caller said; what can't be known of it is None with its reason."""
    unresolved = {
        "cadence_per_min": NO_REPS,
        "confidence": LATER_NAMES if exercise is None else WAS_NAMED,
        "count_by_side": NO_REPS,
        "cues": LATER_CUES,
        "range_fade_percent": NO_REPS,
        "speed_fade_percent": NO_REPS,
    }
    if exercise is None:
        unresolved["exercise"] = LATER_NAMES
    if wish.side is None:
        unresolved["side"] = LATER_SIDE
    if hold.tremor_deg_s is None:
        unresolved["hold"] = NO_GYROSCOPE
    return Set(
        start_s=hold.start_s,
        end_s=hold.end_s,
        exercise=exercise.name if exercise is not None else "unknown",
        confidence=None,
        alternatives=(),
        kind="hold",
        side=wish.side,
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


def _threshold_deg(wish: Wish, exercise: Exercise | None) -> float | None:
    if wish.drop_threshold_deg is not None or exercise is None:
        return wish.drop_threshold_deg
    return exercise.drop_threshold_deg


def _set_of(reps: tuple[Rep, ...], wish: Wish, exercise: Exercise | None, last_end_s: float | None) -> Set:
    """A set from its reps and what the caller said; what later stages will bring is None with its reason."""
    unresolved = {"confidence": LATER_NAMES, "count_by_side": LATER_SIDE, "cues": LATER_CUES}
    rise = exercise.rise if exercise is not None else None
    if rise is None:
        unresolved["rise_s"] = unresolved["lower_s"] = NOT_NAMED if exercise is None else NO_RISE
    if exercise is None:
        unresolved["exercise"] = LATER_NAMES
    else:
        unresolved["confidence"] = WAS_NAMED
    if wish.side is None:
        unresolved["side"] = LATER_SIDE
    else:
        del unresolved["count_by_side"]
    reps = tuple(
        replace(
            r,
            side=wish.side,
            rise_s=None if rise is None else (r.out_s if rise == "out" else r.back_s),
            lower_s=None if rise is None else (r.back_s if rise == "out" else r.out_s),
        )
        for r in reps
    )
    figures = figures_of(reps)
    unresolved |= figures.unresolved
    kind: Kind = "reps" if exercise is None or exercise.pattern is None else exercise.pattern
    by_side = None if wish.side is None else {side: len(reps) if side == wish.side else 0 for side in ("left", "right")}
    return Set(
        start_s=reps[0].start_s,
        end_s=reps[-1].end_s,
        exercise=exercise.name if exercise is not None else "unknown",
        confidence=None,
        alternatives=(),
        kind=kind,
        side=wish.side,
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


def _samples(recording: Recording) -> int:
    """Points of the recording's common grid."""
    return int(np.floor(recording.duration_s * GRID_HZ + 1e-6)) + 1


def _series(recording: Recording, sets: tuple[Set, ...], pelvis: Pelvis | None, drops: list[Floats]) -> Series:
    """Which set and rep each grid point belongs to, and the pelvis' angles."""
    n = _samples(recording)
    t = np.arange(n) / GRID_HZ
    set_number, rep_number = np.zeros(n, np.int32), np.zeros(n, np.int32)
    for i, s in enumerate(sets, start=1):
        set_number[_rows(s.start_s, s.end_s)] = i
        for j, r in enumerate(s.reps, start=1):
            rep_number[_rows(r.start_s, r.end_s)] = j
    obliquity_deg, tilt_deg, drop_deg = np.full((3, n), np.nan)
    if pelvis is not None and pelvis.angles is not None:
        obliquity_deg, tilt_deg = pelvis.angles.obliquity_deg, pelvis.angles.tilt_deg
    for drop in drops:
        drop_deg = np.where(np.isfinite(drop), drop, drop_deg)
    return Series(t, obliquity_deg, tilt_deg, drop_deg, set_number, rep_number)


def _rows(start_s: float, end_s: float) -> slice:
    """Grid points in [start_s, end_s)."""
    return slice(int(np.ceil(start_s * GRID_HZ - 1e-6)), int(np.ceil(end_s * GRID_HZ - 1e-6)))
