"""What each set of a recording is: the model that names them, and its answers."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from imu_tracker.motion import Motion
from imu_tracker.recognition.examples import Features, Part, Span, kind_of, parts_of_sets, segment_of
from imu_tracker.recognition.model import UNKNOWN, Model, Prediction
from imu_tracker.recognition.modelfile import load_model
from imu_tracker.recording import UNKNOWN_PLACEMENT

BUILTIN = "builtin.model"
LIKELY = 0.5  # confidence from which a name is told at all: below, it is more likely wrong than right


@functools.cache
def builtin_model() -> Model:
    """The package's own model, read once. Raises ModelError where it is damaged."""
    return load_model(Path(__file__).with_name(BUILTIN))


def names_of(everything: Mapping[str, tuple[Motion, ...]], spans: Sequence[Span], model: Model) -> tuple[Prediction, ...]:
    """What the sets in spans (start, end) s are, by all sensors that the model knows the place of.

    A sensor at another place than the model's isn't asked about: it would only look strange. Where nobody said where a sensor is
    worn, it may be anywhere, so only what was taught counts: at the wrist, crunches and pull-ups have passed for squats. Of two
    sensors on a pair of limbs the livelier is asked.
    """
    if not spans:
        return ()
    places = {head.segment for head in model.heads}
    known = places | {UNKNOWN_PLACEMENT}
    placed = UNKNOWN_PLACEMENT in places or not places.isdisjoint(segment_of(name) for name in everything)
    if not placed and not model.taught:
        return (model.predict(Features(())),) * len(spans)
    parts: list[list[Part]] = [[] for _ in spans]
    for name, motions in sorted(everything.items()):
        segment = segment_of(name)
        for kind in model.kinds(segment, kind_of(motions)) if segment in known and motions else ():
            for mine, part in zip(parts, parts_of_sets(name, motions, spans, kind), strict=True):
                if part is not None:
                    mine.append(part)
    said = tuple(model.predict(Features(tuple(mine))) for mine in parts)
    if placed:
        return said
    return tuple(one if one.name in model.taught else replace(one, name=UNKNOWN, unknown=True, nearest=UNKNOWN) for one in said)


def is_no_exercise(name: str) -> bool:
    """Whether the catalogue has this name among what isn't exercise (walking, standing ...)."""
    from imu_tracker.exercises import load_catalogue

    entry = load_catalogue().get(name)
    return entry is not None and not entry.exercise
