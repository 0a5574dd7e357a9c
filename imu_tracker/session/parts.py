"""A session in which one exercise or side was told after the other: each part analysed by its own wish, and all put together.

Every part sees the calibration at the start and what belongs to its own wish, with a gap between: what was done otherwise can't
disturb it. It is what live does with each set.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.analysis import Progress, Wish, analyze_with_series, info_of
from imu_tracker.describing import series_of
from imu_tracker.errors import SamplesError
from imu_tracker.motion import GRID_HZ, Motion, grid_rows, motions_of
from imu_tracker.recording import Recording, stream_from_samples
from imu_tracker.results import Series, Session, Set

Spans = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Told:
    """What was told during a session: from `since_s` on, seconds from its first sample, this is done."""

    since_s: float
    wish: Wish


def analyzed_in_parts(
    recording: Recording, wish: Wish, told: Sequence[Told], progress: Progress | None = None
) -> tuple[Session, Series]:
    """The session and its series, by a wish at first and by what was told from then on; what was told is in order of time.

    The wish's model names what is done in every part that has no exercise. Raises SamplesError.
    """
    if not told:
        return analyze_with_series(recording, wish, progress)
    parts = _parts(recording.duration_s, replace(wish, model=None), told)
    found: list[tuple[Spans, Session, Series]] = []
    for one in dict.fromkeys(each for each, _, _ in parts):
        spans = [(a, b) for each, a, b in parts if each == one]
        start = _between_sets(*found[0][:2]) if found else []
        with suppress(SamplesError):  # a sensor that was away throughout a part shows nothing of it
            there = _only(recording, [*start, *spans])
            found.append((spans, *analyze_with_series(there, replace(one, model=wish.model), progress)))
    return _together(recording, found) if found else analyze_with_series(recording, wish, progress)


def _between_sets(spans: Spans, session: Session) -> Spans:
    """The first part without its sets, from the recording's start: quiet standing and bows are in it."""
    a, b = 0.0, spans[0][1]
    inside = [s for s in session.sets if s.start_s < b]
    edges = [a, *(t for s in inside for t in (s.start_s, s.end_s)), b]
    return [(x, y) for x, y in zip(edges[::2], edges[1::2], strict=True) if y > x]


def _parts(duration_s: float, wish: Wish, told: Sequence[Told]) -> list[tuple[Wish, float, float]]:
    """Wish, start and end of each part, s: half-open, one after the other; the last has the last sample."""
    starts = [0.0, *(t.since_s for t in told)]
    wishes = [wish, *(t.wish for t in told)]
    ends = [*starts[1:], duration_s + 1.0]
    return [(w, a, b) for w, a, b in zip(wishes, starts, ends, strict=True) if b > a]


def _only(recording: Recording, spans: Spans) -> Recording:
    """The recording's samples in these spans, and its first one: times count from it. Raises SamplesError."""
    streams = {}
    for name, stream in recording.streams.items():
        t = stream.timing.t - recording.start_s
        inside = np.any([(a <= t) & (t < b) for a, b in spans], axis=0)
        if inside.sum() > 1:
            inside |= t <= 0.0
            gyr = None if stream.gyr is None else stream.gyr[inside]
            streams[name] = stream_from_samples(stream.timing.t[inside], stream.acc[inside], gyr)
    return Recording(streams, recording.about)


def _together(recording: Recording, found: Sequence[tuple[Spans, Session, Series]]) -> tuple[Session, Series]:
    every = [s for spans, session, _ in found for s in session.sets if any(a <= s.start_s < b for a, b in spans)]
    sets: list[Set] = []
    for one in sorted(every, key=lambda s: s.start_s):
        rest_s = max(one.start_s - sets[-1].end_s, 0.0) if sets else None
        sets.append(replace(one, rest_before_s=rest_s))
    notes = dict.fromkeys([*recording.notes, *(note for _, session, _ in found for note in session.notes)])
    session = Session(info_of(recording), tuple(sets), found[0][1].mounting, tuple(notes))
    n = int(np.floor(recording.duration_s * GRID_HZ + 1e-6)) + 1
    leaning = all(series.lean_deg is not None for _, _, series in found)  # the pelvis' angles aren't known in any part
    numbers = series_of(n, session.sets, None, (), _first_motions(recording) if leaning else ())
    angles = np.full((3, n), np.nan)
    for spans, _, series in found:
        for a, b in spans:
            here = grid_rows(a, b)
            of = np.array([series.obliquity_deg[here], series.tilt_deg[here], series.drop_deg[here]])
            angles[:, here.start : here.start + of.shape[1]] = of
    lean_deg = numbers.lean_deg if leaning else None
    return session, replace(numbers, obliquity_deg=angles[0], tilt_deg=angles[1], drop_deg=angles[2], lean_deg=lean_deg)


def _first_motions(recording: Recording) -> tuple[Motion, ...]:
    """The motion at the first placement, all of it: the lean of a part would begin anew in each."""
    stream = recording.streams[min(recording.streams)]
    return motions_of(stream, recording.start_s)
