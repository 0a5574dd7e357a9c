"""Teaching a class from a few sets: each becomes a handful of templates in the space where a model compares single sets.

A set is remembered as it was, and as it would have been slower, faster, smaller and larger: nobody does it twice alike, and a
heavy day is a slow one.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.errors import SamplesError
from imu_tracker.motion import Motion
from imu_tracker.numeric import Floats
from imu_tracker.recognition.examples import QUICK, Span, kind_of, segment_of, without_gyroscope
from imu_tracker.recognition.features import MotionKind, motion_features
from imu_tracker.recognition.model import ANYWHERE, Head, Model
from imu_tracker.recognition.varying import varied
from imu_tracker.recognition.windows import rows_in, spread
from imu_tracker.recording import UNKNOWN_PLACEMENT

MOST_SETS = 5  # of one class; from more a model is better trained


@dataclass(frozen=True)
class TeachParameters:
    """How a set that was taught is varied."""

    speeds: tuple[float, ...] = (0.7, 1.0, 1.4)
    """Times as fast."""
    sizes: tuple[float, ...] = (0.7, 1.0, 1.4)
    """Times as far."""


@dataclass(frozen=True)
class Shown:
    """One set of what is taught: the motion of each sensor by placement, and where in it the set lies, s."""

    motions: dict[str, tuple[Motion, ...]]
    span: Span


def templates_of(head: Head, motions: Sequence[Motion], span: Span, p: TeachParameters | None = None) -> Floats:
    """(T, K): where a set lies among single sets, as it was and varied; T is 0 where the sensor has no sample in it."""
    p = p or TeachParameters()
    seen = without_gyroscope(motions) if head.kind == "acc" and kind_of(motions) == "gyr" else motions
    pieces = rows_in(seen, *span)
    out = []
    for speed, size in itertools.product(p.speeds, p.sizes) if pieces else ():
        windows = [w for x in pieces for w in spread(varied(x, speed, size), QUICK, QUICK.most)]
        out.append(head.own_place(motion_features(np.stack(windows))))
    return np.array(out) if out else np.zeros((0, 0))


def teach(model: Model, name: str, sets: Sequence[Shown], p: TeachParameters | None = None) -> Model:
    """The model with the sets as examples of a taught class, beside those it may already have of it.

    A sensor worn where the model has no head gets one that knows nothing but what is taught. Raises SamplesError where nothing
    moves in the sets, where they would be more than MOST_SETS, and where the model is of a kind that can't be taught.
    """
    taught = model.taught if name in model.taught else (*model.taught, name)
    number = taught.index(name)
    known = max((sum(k == number for k in h.of) for h in model.heads), default=0) // _per_set(p)
    if known + len(sets) > MOST_SETS:
        had = f" ({known} are known already)" if known else ""
        raise SamplesError(
            f"{len(sets)} sets of {name} were shown{had}; from more than {MOST_SETS} sets train a model ('imu-tracker train')."
        )
    heads, placed = {(h.segment, h.kind): h for h in model.heads}, 0
    for shown in sets:
        for placement, motions in sorted(shown.motions.items()):
            head = _head_for(model, heads, segment_of(placement), kind_of(motions))
            if head is None:
                raise SamplesError(
                    "This model has no space to compare single sets in, so nothing can be taught to it; train it anew."
                )
            found = templates_of(head, motions, shown.span, p)
            if len(found):
                before = head.templates if head.templates is not None else np.zeros((0, found.shape[1]))
                own = replace(head, templates=np.vstack([before, found]), of=(*head.of, *[number] * len(found)))
                heads[own.segment, own.kind] = own
                placed += 1
    if not placed:
        raise SamplesError(f"None of the sensors has a sample in what was to be learnt as {name}.")
    return replace(model, heads=tuple(heads.values()), taught=taught)


def _per_set(p: TeachParameters | None) -> int:
    p = p or TeachParameters()
    return len(p.speeds) * len(p.sizes)


def _head_for(model: Model, heads: dict[tuple[str, MotionKind], Head], segment: str, kind: MotionKind) -> Head | None:
    """The head of a segment and kind; a new one where the model has none: it knows no class but the taught."""
    segments = {h.segment for h in model.heads}
    if segment == UNKNOWN_PLACEMENT and ANYWHERE in segments:
        segment = ANYWHERE
    like = heads.get((segment, kind)) or model.head_for(segment if segment in segments else ANYWHERE, kind)
    if like is not None and like.segment != segment:
        like = heads.get((segment, like.kind)) or replace(
            like, segment=segment, centres=np.full_like(like.centres, np.nan), templates=None, of=()
        )
    return like if like is not None and like.own is not None else None


def forget(model: Model, name: str) -> Model:
    """The model without a taught class, and without heads that then know nothing; raises SamplesError where it has no such."""
    if name not in model.taught:
        known = f"; taught are {', '.join(model.taught)}" if model.taught else "; nothing was taught"
        raise SamplesError(f"{name} is no taught class{known}.")
    number = model.taught.index(name)
    heads = []
    for head in model.heads:
        kept = [k for k, of in enumerate(head.of) if of != number]
        of = tuple(head.of[k] - (head.of[k] > number) for k in kept)
        if not of and np.isnan(head.centres).all():
            continue
        templates = head.templates[kept] if head.templates is not None and kept else None
        heads.append(replace(head, templates=templates, of=of))
    return replace(model, heads=tuple(heads), taught=tuple(n for n in model.taught if n != name))


def sets_taught(model: Model) -> dict[str, int]:
    """Of how many sets each taught class was taught."""
    most = [max((sum(k == number for k in h.of) for h in model.heads), default=0) for number in range(len(model.taught))]
    return {name: count // _per_set(None) for name, count in zip(model.taught, most, strict=True)}
