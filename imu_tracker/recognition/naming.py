"""What each set of a recording is: the model that names them, and its answers."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from imu_tracker.motion import Motion
from imu_tracker.recognition.examples import Features, Part, Span, kind_of, parts_of_sets, segment_of
from imu_tracker.recognition.model import Model, Prediction
from imu_tracker.recognition.modelfile import load_model
from imu_tracker.recording import UNKNOWN_PLACEMENT

BUILTIN = "builtin.model"
LIKELY = 0.5  # confidence from which a name is told at all: below, it is more likely wrong than right


@functools.cache
def builtin_model() -> Model:
    """The package's own model, read once. Raises ModelError where it is damaged."""
    return load_model(Path(str(resources.files(__package__).joinpath(BUILTIN))))


def names_of(everything: Mapping[str, tuple[Motion, ...]], spans: Sequence[Span], model: Model) -> tuple[Prediction, ...]:
    """What the sets in spans (start, end) s are, by all sensors that the model knows the place of.

    A sensor of which nobody said where it is worn is asked about; one at another place than the model's isn't: it would only
    look strange. Of two sensors on a pair of limbs the livelier is asked.
    """
    if not spans:
        return ()
    known = {head.segment for head in model.heads} | {UNKNOWN_PLACEMENT}
    parts: list[list[Part]] = [[] for _ in spans]
    for name, motions in sorted(everything.items()):
        segment = segment_of(name)
        for kind in model.kinds(segment, kind_of(motions)) if segment in known and motions else ():
            for mine, part in zip(parts, parts_of_sets(name, motions, spans, kind), strict=True):
                if part is not None:
                    mine.append(part)
    return tuple(model.predict(Features(tuple(mine))) for mine in parts)


def is_no_exercise(name: str) -> bool:
    """Whether the catalogue has this name among what isn't exercise (walking, standing ...)."""
    from imu_tracker.exercises import load_catalogue

    entry = load_catalogue().get(name)
    return entry is not None and not entry.exercise
