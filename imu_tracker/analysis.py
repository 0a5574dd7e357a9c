"""From a recording to its session: the one place that knows all the stages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion, motion_of, to_grid
from imu_tracker.recording import Recording
from imu_tracker.reps import FoundSet, clear_sets, describe_reps, find_sets, join_sets
from imu_tracker.results import (
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
class Wish:
    """What the caller says about the recording; all of it may be left out.

    exercise: a catalogue name, which sets the name, side rule, threshold and cues, and never rejects a rep. side: the
    working side. drop_threshold_deg: overrules the catalogue's.
    """

    exercise: str | None = None
    side: Literal["left", "right"] | None = None
    drop_threshold_deg: float | None = None


Progress = Callable[[str, float], None]  # what is being done, and the share done in 0-1


def analyze(recording: Recording, wish: Wish | None = None, progress: Progress | None = None) -> Session:
    """The session that a recording holds. Pure: the same recording and wish give an equal session."""
    wish = wish or Wish()
    say = progress or (lambda what, share: None)
    exercise = _named(wish.exercise) if wish.exercise is not None else None
    best: tuple[float, tuple[Motion, ...], tuple[FoundSet, ...]] = (-1.0, (), ())
    for k, name in enumerate(sorted(recording.streams)):
        say(f"{name}: orientation", k / len(recording.streams))
        motions = tuple(motion_of(piece) for piece in to_grid(recording.streams[name], recording.start_s))
        say(f"{name}: sets and reps", (k + 0.5) / len(recording.streams))
        found = clear_sets(join_sets(motions, find_sets(motions)))
        merit = sum(s.merit for s in found)
        if merit > best[0]:
            best = (merit, motions, found)
    _, motions, found = best
    sets: list[Set] = []
    for one in found:
        reps = describe_reps(motions, one.cuts, one.fit)
        sets.append(_set_of(reps, wish, exercise, sets[-1].end_s if sets else None))
    say("done", 1.0)
    return Session(_info(recording), tuple(sets), Mounting(reason=LATER_PELVIS), recording.notes)


def analyze_with_series(
    recording: Recording, wish: Wish | None = None, progress: Progress | None = None
) -> tuple[Session, Series]:
    """The session and its series on the 100 Hz grid."""
    session = analyze(recording, wish, progress)
    return session, _series(recording, session.sets)


LATER_PELVIS = "this version does not measure the pelvis yet"
LATER_NAMES = "this version does not recognise exercises yet; name it with --exercise"
LATER_SIDE = "this version does not tell sides yet; say it with --side"
NOT_NAMED = "the exercise is not known, so neither is which half of a rep goes up; name it with --exercise"
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


def _set_of(reps: tuple[Rep, ...], wish: Wish, exercise: Exercise | None, last_end_s: float | None) -> Set:
    """A set from its reps and what the caller said; what later stages will bring is None with its reason."""
    unresolved = {"confidence": LATER_NAMES, "count_by_side": LATER_SIDE, "drop_deg": LATER_PELVIS, "cues": LATER_PELVIS}
    rise = exercise.rise if exercise is not None else None
    if rise is None:
        unresolved["rise_s"] = unresolved["lower_s"] = NOT_NAMED if exercise is None else NO_RISE
    if exercise is None:
        unresolved["exercise"] = LATER_NAMES
    else:
        unresolved["confidence"] = "the exercise was named, not recognised"
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
    starts = np.array([r.start_s for r in reps])
    kind: Kind = "reps" if exercise is None or exercise.pattern is None else exercise.pattern
    if kind == "hold":
        kind = "reps"  # the counter sees repetitions; holds are a later issue's
        unresolved["hold_s"] = "this version does not measure holds yet"
    threshold = wish.drop_threshold_deg
    if threshold is None and exercise is not None:
        threshold = exercise.drop_threshold_deg
    by_side = None if wish.side is None else {side: len(reps) if side == wish.side else 0 for side in ("left", "right")}
    if len(reps) < 2:
        unresolved["cadence_per_min"] = "one rep has no cadence"
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
        time_under_tension_s=float(sum(r.duration_s for r in reps)),
        hold_s=None,
        cadence_per_min=float(60.0 / np.median(np.diff(starts))) if len(reps) > 1 else None,
        rest_before_s=None if last_end_s is None else max(reps[0].start_s - last_end_s, 0.0),
        reps=reps,
        pelvic_drop=PelvicDrop(reason=LATER_PELVIS, threshold_deg=threshold),
        unresolved=dict(sorted(unresolved.items())),
    )


def _series(recording: Recording, sets: tuple[Set, ...]) -> Series:
    """Which set and rep each grid point belongs to; angles come with the pelvis."""
    n = int(np.floor(recording.duration_s * GRID_HZ + 1e-6)) + 1
    t = np.arange(n) / GRID_HZ
    set_number, rep_number = np.zeros(n, np.int32), np.zeros(n, np.int32)
    for i, s in enumerate(sets, start=1):
        set_number[_rows(s.start_s, s.end_s)] = i
        for j, r in enumerate(s.reps, start=1):
            rep_number[_rows(r.start_s, r.end_s)] = j
    unknown = np.full(n, np.nan)
    return Series(t, unknown, unknown.copy(), unknown.copy(), set_number, rep_number)


def _rows(start_s: float, end_s: float) -> slice:
    """Grid points in [start_s, end_s)."""
    return slice(int(np.ceil(start_s * GRID_HZ - 1e-6)), int(np.ceil(end_s * GRID_HZ - 1e-6)))
