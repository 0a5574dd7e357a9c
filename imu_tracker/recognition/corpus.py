"""A dataset read for training or testing: one example a recording, or a segment where `segments.csv` marks some."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.errors import UsageError
from imu_tracker.files.datasets import Dataset, Row, Segment
from imu_tracker.numeric import Floats, sizes
from imu_tracker.recognition.examples import Features, features_of
from imu_tracker.recognition.features import MotionKind
from imu_tracker.recording import Recording

POINTS = 256  # of a recording's outline, by which copies are told that were written anew
ALIKE = 0.98  # correlation of the outlines of copies, whatever their rate; of two real takes it lies below 0.75 ...
LONG_S = 10.0  # ... unless they are as short as one movement: those are copies only where every sample is the same

Kinds = Callable[[str, MotionKind], Sequence[MotionKind]]


@dataclass(frozen=True)
class Example:
    """What a model is asked about. file: the manifest's word. span: the segment, s, None for the whole. label, group: None where
    the dataset doesn't say. rate_hz: the slowest sensor's. outline: of the whole recording."""

    file: str
    span: tuple[float, float] | None
    label: str | None
    group: str | None
    features: Features
    rate_hz: float
    outline: Outline


@dataclass(frozen=True)
class Outline:
    """By which two recordings are found to be the same.

    digest: of the samples. shape: (POINTS,) size of acceleration over the whole, less its mean, unit length; 0 of a short one.
    """

    digest: bytes
    shape: Floats


def outline_of(recording: Recording) -> Outline:
    """The recording's outline; times and placements don't count, so that a copy under another name, day or rate is told."""
    digest = hashlib.sha256()
    for stream in recording.streams.values():
        digest.update(np.round(stream.acc, 4).tobytes())
    stream = max(recording.streams.values(), key=len)
    size = sizes(stream.acc)
    edges = np.linspace(0, len(size), POINTS + 1).astype(int)
    total = np.concatenate([[0.0], np.cumsum(size)])
    shape = (total[edges[1:]] - total[edges[:-1]]) / np.maximum(np.diff(edges), 1)
    shape = shape - shape.mean()
    if recording.duration_s < LONG_S:
        shape = np.zeros(POINTS)
    return Outline(digest.digest(), shape / max(float(np.linalg.norm(shape)), 1e-9))


def duplicates(examples: Sequence[Example]) -> tuple[tuple[str, ...], ...]:
    """The files that hold the same data, group by group, in the dataset's order."""
    first: dict[str, Outline] = {}
    for e in examples:
        first.setdefault(e.file, e.outline)
    names = list(first)
    shapes = np.array([first[n].shape for n in names]).reshape(len(names), POINTS)
    digests = [first[n].digest for n in names]
    same = shapes @ shapes.T >= ALIKE
    left, out = list(range(len(names))), []
    while left:
        k = left.pop(0)
        alike = [i for i in left if same[k, i] or digests[k] == digests[i]]
        if alike:
            out.append(tuple(names[i] for i in (k, *alike)))
            left = [i for i in left if i not in alike]
    return tuple(out)


def _column(row: Row, segment: Segment | None, name: str) -> str | None:
    """A column's word for a recording; a segment's own goes first."""
    if name in ("exercise", "side"):
        own = getattr(segment, name) if segment is not None else None
        word: str | None = own or getattr(row, name)
    elif name in ("subject", "session"):
        word = getattr(row, name)
    else:
        word = row.more.get(name)
    return word or None


def check_column(dataset: Dataset, name: str, what: str) -> None:
    """Raise UsageError where no row of the dataset has a word in that column."""
    if not any(_column(row, s, name) for row in dataset.rows for s in (row.segments or (None,))):
        raise UsageError(f"{dataset.folder / 'manifest.csv'} has no column {name} with a {what}; name another one with --{what}.")


def read_examples(
    dataset: Dataset,
    label: str = "exercise",
    group: str = "subject",
    kinds: Kinds | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> tuple[Example, ...]:
    """Every recording's example or examples, in the manifest's order; raises FileError, ColumnsError or UsageError."""
    out = []
    for k, row in enumerate(dataset.rows):
        if progress is not None:
            progress(f"reading {row.name}", k / len(dataset.rows))
        recording = row.read()
        outline = outline_of(recording)
        rate_hz = min(s.timing.rate_hz for s in recording.streams.values())
        segments = row.segments or (None,)
        spans = [(s.start_s, s.end_s) for s in row.segments]
        for segment, features in zip(segments, features_of(recording, spans, kinds), strict=True):
            span = None if segment is None else (segment.start_s, segment.end_s)
            words = (_column(row, segment, label), _column(row, segment, group))
            out.append(Example(row.name, span, *words, features, rate_hz, outline))
    return tuple(out)
