"""From a recording to its session: the one place that knows all the stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from imu_tracker.describing import recognised, series_of, sets_of, sets_of_steps
from imu_tracker.errors import UsageError
from imu_tracker.motion import GRID_HZ, Motion, motion_of, to_grid
from imu_tracker.pelvis.axes import PelvisAxes, mounting_of
from imu_tracker.pelvis.drop import Stance
from imu_tracker.pelvis.measure import NO_SENSOR, Pelvis, Prelude, pelvis_of, prelude, turned_round, with_drop
from imu_tracker.pelvis.sides import checked, guesses_of, with_side
from imu_tracker.pelvis.stepping import SideStep
from imu_tracker.pelvis.thigh import thighs_of, with_adduction, with_thigh
from imu_tracker.pelvis.trunk import trunk_angles, with_trunk_lean
from imu_tracker.pelvis.walks import mostly, sideways, stances_in, step_sets
from imu_tracker.recognition.model import Model, Prediction
from imu_tracker.recognition.naming import builtin_model, names_of
from imu_tracker.recording import Recording
from imu_tracker.reps import (
    FoundSet,
    Hold,
    exercise_sets,
    find_holds,
    guided_sets,
    template_of,
    with_others,
)
from imu_tracker.results import (
    SURE,
    Mounting,
    PlacementInfo,
    RecordingInfo,
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
    model: names the sets where exercise doesn't; the built-in one where it is None.
    """

    exercise: str | None = None
    side: Literal["left", "right"] | None = None
    drop_threshold_deg: float | None = None
    guide: Guide | None = None
    model: Model | None = None


Progress = Callable[[str, float], None]  # what is being done, and the share done in 0-1


def analyze(recording: Recording, wish: Wish | None = None, progress: Progress | None = None) -> Session:
    """The session that a recording holds. Pure: the same recording and wish give an equal session."""
    return _analyzed(recording, wish, progress)[0]


def _analyzed(recording: Recording, wish: Wish | None, progress: Progress | None) -> tuple[Session, Series]:
    """The session and its series."""
    say = progress or (lambda what, share: None)
    names = sorted(recording.streams)
    everything: dict[str, tuple[Motion, ...]] = {}
    for k, name in enumerate(names):
        say(f"{name}: orientation", 0.5 * k / len(names))
        everything[name] = tuple(motion_of(piece) for piece in to_grid(recording.streams[name], recording.start_s))
    samples = int(np.floor(recording.duration_s * GRID_HZ + 1e-6)) + 1  # points of the recording's common grid
    found = find_in(everything, samples, wish or Wish(), lambda what, share: say(what, 0.5 + 0.5 * share))
    session = Session(_info(recording), found.sets, found.mounting, (*recording.notes, *found.notes))
    return session, series_of(samples, session.sets, found.pelvis, found.stances)


@dataclass(frozen=True)
class Findings:
    """What motion shows: the sets, the mounting and notes of a session; what its series is made from."""

    sets: tuple[Set, ...]
    mounting: Mounting
    notes: tuple[str, ...]
    pelvis: Pelvis | None
    stances: tuple[Stance, ...]


def find_in(everything: Mapping[str, tuple[Motion, ...]], samples: int, wish: Wish, say: Progress) -> Findings:
    """What the motion at each placement shows, on a grid of `samples` points: the same for a recording and while it grows."""
    exercise = _named(wish.exercise) if wish.exercise is not None else None
    holding = exercise is not None and exercise.pattern == "hold"
    best: tuple[float, tuple[Motion, ...], tuple[FoundSet | Hold, ...]] = (-1.0, (), ())
    start = prelude(everything["pelvis"]) if "pelvis" in everything else None
    for k, (name, motions) in enumerate(everything.items()):
        say(f"{name}: sets and reps", 0.8 * k / len(everything))
        if start is not None and not holding:
            motions = start.after_bows(motions)  # every sensor sees them, and they are no reps
        # Where nobody said that there is a hold, people who rest in an odd posture look as if they held it.
        found: tuple[FoundSet | Hold, ...]
        found = find_holds(motions) if holding else _counted(len(everything) == 1, name, motions, wish)
        merit = sum(one.length_s if isinstance(one, Hold) else one.merit for one in found)
        if merit > best[0]:
            best = (merit, motions, found)
    _, motions, found = best
    say("pelvis", 0.8)
    spans = [
        (one.start_s, one.end_s) if isinstance(one, Hold) else (float(one.cuts[0, 0]), float(one.cuts[-1, 1])) for one in found
    ]
    said = () if exercise is not None else names_of(everything, spans, wish.model or builtin_model())
    groups = _grouped(found, spans, exercise, said)
    pelvis = None if start is None else pelvis_of(start, samples, groups[0].exercise if len(groups) == 1 else None, spans)
    described: list[_Described] = []
    for group in groups:
        pelvis, sets = _described(start, pelvis, group, motions, wish, len(groups) == 1)
        described += sets
    described = _rested(described)
    thighs, angles = thighs_of(everything, samples), None if pelvis is None else pelvis.angles
    trunk = trunk_angles(everything, samples)
    measured = []
    for one in described:
        a_set = with_trunk_lean(with_adduction(with_thigh(one.set, thighs), angles, thighs), trunk, one.exercise)
        measured.append(with_drop(a_set, pelvis, one.exercise, _threshold_deg(wish, one.exercise), one.stances))
    say("done", 1.0)
    mounting = Mounting(reason=NO_SENSOR) if pelvis is None else mounting_of(pelvis.axes)
    slipped = () if pelvis is None or pelvis.slip is None else (pelvis.slip.note,)
    return Findings(
        tuple(s for s, _ in measured), mounting, slipped, pelvis, tuple(stance for _, within in measured for stance in within)
    )


@dataclass(frozen=True)
class _Group:
    """The found sets of one exercise, which was told or surely recognised, or of none; said: of each, where nobody told."""

    exercise: Exercise | None
    found: tuple[FoundSet | Hold, ...]
    spans: tuple[tuple[float, float], ...]
    said: tuple[Prediction, ...]
    others: tuple[tuple[float, float], ...]  # where the sets of other groups lie


@dataclass(frozen=True)
class _Described:
    """A set, the exercise that is known of it, and where one foot carries, None where that follows from its reps."""

    set: Set
    exercise: Exercise | None
    stances: tuple[Stance, ...] | None


def _grouped(
    found: Sequence[FoundSet | Hold], spans: Sequence[tuple[float, float]], told: Exercise | None, said: Sequence[Prediction]
) -> list[_Group]:
    """The found sets by exercise: all of one group where it was told."""
    if told is not None:
        return [_Group(told, tuple(found), tuple(spans), (), ())]
    known = [_known(one) for one in said]
    names = [None if one is None else one.name for one in known]
    out = []
    for name in dict.fromkeys(names):
        mine = [k for k, other in enumerate(names) if other == name]
        others = tuple(span for k, span in enumerate(spans) if k not in mine)
        own = (tuple(found[k] for k in mine), tuple(spans[k] for k in mine), tuple(said[k] for k in mine))
        out.append(_Group(known[mine[0]], *own, others))
    return out


def _known(said: Prediction) -> Exercise | None:
    """The catalogue's entry for a set that was surely recognised: a name that is only likely should bring no drop along.

    What is counted is no hold, whatever it looks like.
    """
    if said.unknown or said.confidence < SURE:
        return None
    from imu_tracker.exercises import load_catalogue

    entry = load_catalogue().get(said.name)
    return entry if entry is not None and entry.exercise and entry.pattern != "hold" else None


def _described(
    start: Prelude | None, pelvis: Pelvis | None, group: _Group, motions: tuple[Motion, ...], wish: Wish, alone: bool
) -> tuple[Pelvis | None, list[_Described]]:
    """The sets of a group; and the pelvis, as they show it where the group is alone."""
    exercise = group.exercise
    walked = _walked(start, pelvis, group, wish, alone)
    if walked is not None and start is not None:
        pelvis, walks, ways_known = walked
        stepped = sets_of_steps(walks, start.counted, wish.side if ways_known else None, exercise, ways_known)
        if group.said:
            stepped = [recognised(one, _nearest(one, group)) for one in stepped]
        return pelvis, [_Described(one, exercise, stances_in(steps)) for one, steps in zip(stepped, walks, strict=True)]
    sets = sets_of(group.found, motions, wish.side, exercise)
    if group.said:
        sets = [recognised(one, said) for one, said in zip(sets, group.said, strict=True)]
    if exercise is not None and exercise.stance_rule == "working_leg" and start is not None and pelvis is not None:
        pelvis, sets = _sided(start, pelvis, exercise, sets, wish)
    return pelvis, [_Described(one, exercise, None) for one in sets]


def _nearest(one: Set, group: _Group) -> Prediction:
    """What was said of the found set that a set of steps overlaps most."""
    overlaps = [min(b, one.end_s) - max(a, one.start_s) for a, b in group.spans]
    return group.said[int(np.argmax(overlaps))]


def _rested(described: Sequence[_Described]) -> list[_Described]:
    """The sets in order of time, each with the rest since the one before."""
    out: list[_Described] = []
    for one in sorted(described, key=lambda d: d.set.start_s):
        before_s = out[-1].set.end_s if out else None
        rest_s = None if before_s is None else max(one.set.start_s - before_s, 0.0)
        out.append(replace(one, set=replace(one.set, rest_before_s=rest_s)))
    return out


Walks = tuple[tuple[SideStep, ...], ...]


def _walked(
    start: Prelude | None, pelvis: Pelvis | None, group: _Group, wish: Wish, alone: bool
) -> tuple[Pelvis, Walks, bool] | None:
    """The sets of steps that a sensor on the pelvis sees, the pelvis as they show it, and whether their ways are known.

    None where the exercise has no steps, or none were seen. Other groups' sets are theirs.
    """
    exercise = group.exercise
    if exercise is None or exercise.pattern != "steps" or start is None or pelvis is None or not group.found:
        return None
    each_foot = exercise.side_rule == "alternating"
    axes = sideways(start.counted, group.spans) if isinstance(pelvis.axes, str) else pelvis.axes
    walks = _steps(start, axes, group, each_foot) if axes is not None else ()
    if not walks or axes is None:
        return None
    if isinstance(pelvis.axes, str):
        return pelvis, walks, False
    way = mostly([step for steps in walks for step in steps])
    if alone and axes.how != "bows" and not each_foot and wish.side is not None and way not in (wish.side, None):
        pelvis = turned_round(start, pelvis, group.spans)  # the wearer knows which way they went: it is worn back to front
        walks = _steps(start, axes.turned(180.0, "motion", axes.yaw_deg), group, each_foot)
    return pelvis, walks, True


def _steps(start: Prelude, axes: PelvisAxes, group: _Group, each_foot: bool) -> Walks:
    """The sets of steps about a group's sets, none in another group's."""
    walks = step_sets(start.counted, axes, group.spans, each_foot)
    free = [[step for step in steps if not any(a < step.end_s and step.start_s < b for a, b in group.others)] for steps in walks]
    return tuple(tuple(steps) for steps in free if steps)


def _sided(start: Prelude, pelvis: Pelvis, exercise: Exercise, sets: list[Set], wish: Wish) -> tuple[Pelvis, list[Set]]:
    """Sets of work on one leg with their side where nobody has said it; and the pelvis, doubted where it contradicts what was."""
    if isinstance(pelvis.axes, str):
        return pelvis, sets
    guesses = guesses_of(start.fine, pelvis.axes, sets, exercise)
    if wish.side is not None:
        return checked(pelvis, guesses, wish.side), sets
    return pelvis, [with_side(s, guess) for s, guess in zip(sets, guesses, strict=True)]


def _counted(alone: bool, name: str, motions: tuple[Motion, ...], wish: Wish) -> tuple[FoundSet, ...]:
    """The sets of reps in the motion at one placement; alone: there is no other."""
    found = exercise_sets(motions, named=wish.exercise is not None)
    if wish.guide is not None:
        found = with_others(_guided(alone, name, motions, wish.guide), found)
    return found


def _guided(alone: bool, name: str, motions: tuple[Motion, ...], guide: Guide) -> tuple[FoundSet, ...]:
    """The sets of what the guide shows at one placement; raises UsageError where the guide has no such stream."""
    shown = motions
    if guide.recording is not None:
        there = guide.recording.streams
        only = len(there) == 1 and alone  # whatever the placements are called, it is the same sensor
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


def _threshold_deg(wish: Wish, exercise: Exercise | None) -> float | None:
    if wish.drop_threshold_deg is not None or exercise is None:
        return wish.drop_threshold_deg
    return exercise.drop_threshold_deg
