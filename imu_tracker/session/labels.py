"""What a person named in a session, as rows of a dataset's `segments.csv`: what review corrects can be trained on."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from imu_tracker.files.datasets import Segment
from imu_tracker.recognition.model import UNKNOWN
from imu_tracker.results import Session


def segments_of(session: Session, file: str) -> tuple[Segment, ...]:
    """The sets of a corrected session (see `applying.apply`) whose exercise a person named; file: the manifest's word.

    What was only recognised is left aside: a model that learns from its own answers learns its mistakes.
    """
    return tuple(
        Segment(file, s.start_s, s.end_s, s.exercise, s.side, s.count if s.kind != "hold" else None)
        for s in session.sets
        if s.confidence is None and s.exercise != UNKNOWN
    )


def segments_csv(segments: Sequence[Segment]) -> str:
    """The segments as the text of a `segments.csv`."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("file", "start_s", "end_s", "exercise", "side", "reps"))
    for s in segments:
        table.writerow(
            (s.file, f"{s.start_s:.3f}", f"{s.end_s:.3f}", s.exercise or "", s.side or "", "" if s.reps is None else s.reps)
        )
    return out.getvalue()
