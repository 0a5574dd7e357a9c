"""From a recording to its session: the one place that knows all the stages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from imu_tracker.describing import called, series_of
from imu_tracker.errors import UsageError
from imu_tracker.exercises.cues import with_cues
from imu_tracker.grouping import Described, described, grouped, rested
from imu_tracker.motion import GRID_HZ, Motion, motions_of
from imu_tracker.pelvis.axes import mounting_of
from imu_tracker.pelvis.drop import Stance
from imu_tracker.pelvis.measure import NO_SENSOR, Pelvis, pelvis_of, prelude, with_drop
from imu_tracker.pelvis.swapped import swap_note
from imu_tracker.pelvis.thigh import thighs_of, with_adduction, with_thigh
from imu_tracker.pelvis.trunk import trunk_angles, with_trunk_lean
from imu_tracker.recognition.model import Model
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
    model: names the sets where exercise doesn't; the built-in one where it is None. own: the person's own name for what is done,
    in place of exercise; the catalogue says nothing of it.
    """

    exercise: str | None = None
    side: Literal["left", "right"] | None = None
    drop_threshold_deg: float | None = None
    guide: Guide | None = None
    model: Model | None = None
    own: str | None = None

    @property
    def told(self) -> str | None:
        """What is done, where the caller has said it: a name of the catalogue, or the person's own."""
        return self.exercise or self.own


Progress = Callable[[str, float], None]  # what is being done, and the share done in 0-1


def analyze(recording: Recording, wish: Wish | None = None, progress: Progress | None = None) -> Session:
    """The session that a recording holds. Pure: the same recording and wish give an equal session."""
    return _analyzed(recording, wish, progress)[0]


def _analyzed(recording: Recording, wish: Wish | None, progress: Progress | None) -> tuple[Session, Callable[[], Series]]:
    """The session, and what makes its series."""
    say = progress or (lambda what, share: None)
    names = sorted(recording.streams)
    everything: dict[str, tuple[Motion, ...]] = {}
    for k, name in enumerate(names):
        say(f"{name}: orientation", 0.5 * k / len(names))
        everything[name] = motions_of(recording.streams[name], recording.start_s)
    samples = int(np.floor(recording.duration_s * GRID_HZ + 1e-6)) + 1  # points of the recording's common grid
    found = find_in(everything, samples, wish or Wish(), lambda what, share: say(what, 0.5 + 0.5 * share))
    session = Session(info_of(recording), found.sets, found.mounting, (*recording.notes, *found.notes))
    return session, lambda: series_of(samples, found.sets, found.pelvis, found.stances, everything[names[0]])


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
    exercise = named(wish)
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
    said = () if wish.told is not None else names_of(everything, spans, wish.model or builtin_model())
    groups = grouped(found, spans, exercise, said)
    pelvis = None if start is None else pelvis_of(start, samples, groups[0].exercise if len(groups) == 1 else None, spans)
    every: list[Described] = []
    for group in groups:
        pelvis, sets = described(start, pelvis, group, motions, wish.side, len(groups) == 1)
        every += sets
    thighs = thighs_of(everything, samples, None if start is None else start.bows)
    angles = None if pelvis is None else pelvis.angles
    trunk = trunk_angles(everything, samples)
    measured = []
    for one in rested(every):
        a_set = with_trunk_lean(with_adduction(with_thigh(one.set, thighs), angles, thighs), trunk, one.exercise)
        a_set, within = with_drop(a_set, pelvis, one.exercise, threshold_deg(wish, one.exercise), one.stances)
        a_set = with_cues(a_set, one.exercise)
        measured.append((a_set if wish.own is None else called(a_set, wish.own), within))
    say("done", 1.0)
    mounting = Mounting(reason=NO_SENSOR) if pelvis is None else mounting_of(pelvis.axes)
    slipped = () if pelvis is None or pelvis.slip is None else (pelvis.slip.note,)
    swapped = swap_note(everything, [s for s, _ in measured], exercise, wish.side)
    notes = slipped if swapped is None else (*slipped, swapped)
    return Findings(
        tuple(s for s, _ in measured), mounting, notes, pelvis, tuple(stance for _, within in measured for stance in within)
    )


def _counted(alone: bool, name: str, motions: tuple[Motion, ...], wish: Wish) -> tuple[FoundSet, ...]:
    """The sets of reps in the motion at one placement; alone: there is no other."""
    found = exercise_sets(motions, named=wish.told is not None)
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
        shown = motions_of(stream, guide.recording.start_s)
    return guided_sets(motions, template_of(shown, guide.reps))


def analyze_with_series(
    recording: Recording, wish: Wish | None = None, progress: Progress | None = None
) -> tuple[Session, Series]:
    """The session and its series on the 100 Hz grid."""
    session, series = _analyzed(recording, wish, progress)
    return session, series()


def named(wish: Wish) -> Exercise | None:
    """The catalogue's entry of the exercise that was told; None where none was. Raises NoSuchExercise."""
    if wish.exercise is None:
        return None
    from imu_tracker.exercises import find  # read only where an exercise is told

    return find(wish.exercise)


def info_of(recording: Recording) -> RecordingInfo:
    """What a session states of its recording."""
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


def threshold_deg(wish: Wish, exercise: Exercise | None) -> float | None:
    """From which drop on it is flagged: as was wished, else as the catalogue says; None where nothing does."""
    if wish.drop_threshold_deg is not None or exercise is None:
        return wish.drop_threshold_deg
    return exercise.drop_threshold_deg
