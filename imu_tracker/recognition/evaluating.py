"""Asking a model about a dataset: exactly one answer a recording, or a segment where some are marked."""

from __future__ import annotations

from collections.abc import Sequence

from imu_tracker.recognition.corpus import Example
from imu_tracker.recognition.model import Model
from imu_tracker.recognition.scores import Told


def evaluate(model: Model, examples: Sequence[Example]) -> tuple[Told, ...]:
    """The model's answer to each example, in their order."""
    out = []
    for e in examples:
        said = model.predict(e.features)
        out.append(Told(e.file, e.span, e.label, said.name, said.confidence))
    return tuple(out)
