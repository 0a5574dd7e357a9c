"""From a recording to what a model is asked about: features of each sensor, in sets or over the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import Motion, motion_of, motions_of
from imu_tracker.motion.grid import GridPiece
from imu_tracker.numeric import Floats
from imu_tracker.recognition.features import MotionKind, motion_features
from imu_tracker.recognition.windows import WindowParameters, windows_in_all, windows_in_sets
from imu_tracker.recording import UNKNOWN_PLACEMENT, Recording
from imu_tracker.reps import exercise_sets

Span = tuple[float, float]  # [start_s, end_s), seconds from the recording's first sample
WHOLE: Span = (0.0, 1e9)  # no recording is as long

SHORTEST_S = 0.5  # of what of a set lies in a span
QUICK = WindowParameters(most=6)  # six windows of a set name it as well as twenty, within the noise of six data sets


@dataclass(frozen=True)
class Part:
    """Features of one sensor. segment: where it is worn, without the side, which features don't tell; rows: by kind, (W, F)."""

    segment: str
    rows: Mapping[MotionKind, Floats]


@dataclass(frozen=True)
class Features:
    """What is known of one set, or of a whole recording, by all its sensors; empty where no sensor has a sample in it."""

    parts: tuple[Part, ...]


def segment_of(placement: str) -> str:
    """A placement without its side: left and right move alike, and the features are the same when mirrored."""
    for side in ("_left", "_right", "left_", "right_"):
        placement = placement.removesuffix(side).removeprefix(side)
    return placement or UNKNOWN_PLACEMENT


def without_gyroscope(motions: Sequence[Motion]) -> tuple[Motion, ...]:
    """The motions as an accelerometer alone would have shown them."""
    return tuple(m if m.gyr is None else motion_of(GridPiece(m.first, m.acc, None)) for m in motions)


def kind_of(motions: Sequence[Motion]) -> MotionKind:
    """What the sensor delivers: with a gyroscope, or the accelerometer alone."""
    return "acc" if any(m.gyr is None for m in motions) else "gyr"


def inside_of(sets: Sequence[Span], within: Span) -> list[Span]:
    """What of the sets lies in a span, half a second of each at least."""
    found = [(max(a, within[0]), min(b, within[1])) for a, b in sets]
    return [(a, b) for a, b in found if b - a > SHORTEST_S]


def part_of(
    placement: str,
    motions: Sequence[Motion],
    sets: Sequence[Span],
    within: Span = WHOLE,
    kinds: Sequence[MotionKind] | None = None,
    p: WindowParameters | None = None,
) -> Part | None:
    """Features of one sensor in the sets that lie within a span; without such, in the whole span.

    kinds: those wanted, by default what the sensor delivers. None where the stream has no sample there.
    """
    own = kind_of(motions)
    rows: dict[MotionKind, Floats] = {}
    for kind in kinds or (own,):
        if kind == "gyr" and own == "acc":
            continue
        seen = motions if kind == own else without_gyroscope(motions)
        windows = windows_in_sets(seen, inside_of(sets, within), p)
        if not len(windows):
            windows = windows_in_all(seen, *within, p)
        if len(windows):
            rows[kind] = motion_features(windows)
    return Part(segment_of(placement), rows) if rows else None


def parts_of_sets(placement: str, motions: Sequence[Motion], sets: Sequence[Span], kind: MotionKind) -> tuple[Part | None, ...]:
    """Features of one sensor in each of the sets, all at once and from few windows, as `analyze` needs them: 1.5 ms a set."""
    seen = motions if kind == kind_of(motions) else without_gyroscope(motions)
    windows = [windows_in_sets(seen, [span], QUICK) for span in sets]
    rows = motion_features(np.concatenate(windows)) if windows else np.zeros((0, 0))
    ends = np.cumsum([len(w) for w in windows])
    return tuple(
        Part(segment_of(placement), {kind: rows[end - len(w) : end]}) if len(w) else None
        for w, end in zip(windows, ends, strict=True)
    )


def features_of(
    recording: Recording,
    spans: Sequence[Span] = (),
    kinds: Callable[[str, MotionKind], Sequence[MotionKind]] | None = None,
    p: WindowParameters | None = None,
) -> tuple[Features, ...]:
    """Features of each of the spans of a recording, or of the whole where none are given.

    Inside a span they are read from the sets found there, by the sensor whose sets are clearest; where none is, from all of it.
    kinds: which are wanted of a segment, given what its sensor delivers; by default just that.
    """
    motions = {name: motions_of(stream, recording.start_s) for name, stream in sorted(recording.streams.items())}
    found = {name: exercise_sets(m) for name, m in motions.items()}
    best = max(found, key=lambda name: sum(s.merit for s in found[name]))
    sets = [(float(s.cuts[0, 0]), float(s.cuts[-1, 1])) for s in found[best]]
    out = []
    for within in spans or (WHOLE,):
        parts = []
        for name, m in motions.items():
            wanted = (kind_of(m),) if kinds is None else kinds(segment_of(name), kind_of(m))
            part = part_of(name, m, sets, within, wanted, p)
            if part is not None:
                parts.append(part)
        out.append(Features(tuple(parts)))
    return tuple(out)
