"""A model small enough to reckon with by hand, and sets that lie where one wants them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imu_tracker.recognition.examples import Features, Part
from imu_tracker.recognition.features import MotionKind, feature_names
from imu_tracker.recognition.model import OTHER, Head

LABELS = ("bridge", "clam", OTHER)


def head(segment: str = "thigh", kind: MotionKind = "acc", limit: float = 3.0) -> Head:
    """Three classes at 0, 4 and 8 along the first feature."""
    count = len(feature_names(kind))
    projection = np.zeros((count, 2))
    projection[0, 0] = projection[1, 1] = 1.0
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [8.0, 0.0]])
    return Head(segment, kind, np.zeros(count), np.full(count, 2.0), projection, centres, 1.0, limit, own=projection, reach=1.0)


def taught(at: float, segment: str = "thigh", kind: MotionKind = "acc") -> Head:
    """The same, with one template of the first taught class at a place along the first feature."""
    return replace(head(segment, kind), templates=np.array([[at, 0.0]]), of=(0,))


def seen(at: float, segment: str = "thigh", kind: MotionKind = "acc", aside: float = 0.0) -> Features:
    """A set whose windows lie at a place along the first feature, in units of its scale."""
    rows = np.zeros((3, len(feature_names(kind))))
    rows[:, 0], rows[:, 1] = 2.0 * at, 2.0 * aside
    return Features((Part(segment, {kind: rows}),))
