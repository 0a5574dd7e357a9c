"""Teaching and training from kept sessions, and from datasets beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from imu_tracker.errors import ModelError, NoSuchExercise, SamplesError, UsageError
from imu_tracker.exercises import find
from imu_tracker.files.datasets import Dataset, read_manifest
from imu_tracker.files.reading import read_recording
from imu_tracker.motion import motions_of
from imu_tracker.recognition.corpus import check_column, read_examples
from imu_tracker.recognition.examples import Span
from imu_tracker.recognition.model import OTHER, UNKNOWN, Model
from imu_tracker.recognition.modelfile import LONGEST_WORD
from imu_tracker.recognition.teaching import Shown
from imu_tracker.recognition.training import Report, train
from imu_tracker.recording import Recording
from imu_tracker.results import Set, set_at
from imu_tracker.session.edits import NameExercise
from imu_tracker.session.index import named_by_person
from imu_tracker.session.keeping import samples_of
from imu_tracker.session.labels import kept_dataset
from imu_tracker.session.models import Models
from imu_tracker.session.store import Store

KEPT_GROUPS = ("subject", "session")  # what is known of kept sessions: who, and on which day


@dataclass(frozen=True)
class Picked:
    """A set of a kept session, by a time in it, s."""

    session: str
    at_s: float


@dataclass(frozen=True)
class Trained:
    """A model, what to expect of it, and a sentence for each kept session that couldn't be learnt from."""

    model: Model
    report: Report
    troubles: tuple[str, ...]


def checked_name(name: str) -> str:
    """A name for a class, as it will be shown; raises UsageError where it can't be one."""
    plain = name.strip()
    if not plain or len(plain) > LONGEST_WORD or not plain.isprintable():
        raise UsageError(f"A name has 1 to {LONGEST_WORD} characters.")
    if plain in (OTHER, UNKNOWN):
        raise UsageError(f"{plain} stands for what is no exercise; choose another name.")
    return plain


def own_names(store: Store, models: Models) -> tuple[str, ...]:
    """Names that the catalogue hasn't: what a person named in kept sessions, what the model in use was taught or trained on.

    A model that can't be read has none. Raises FileError.
    """
    names = [one.exercise for one in store.named()]
    with suppress(ModelError):
        model = models.load(models.used())
        names += [*model.taught, *model.labels]
    return tuple(sorted({n for n in names if n not in (OTHER, UNKNOWN) and not _in_catalogue(n)}, key=str.lower))


def _in_catalogue(name: str) -> bool:
    try:
        find(name)
    except NoSuchExercise:
        return False
    return True


def shown_of(recording: Recording, spans: Sequence[Span]) -> list[Shown]:
    """Stretches of a recording, s from its first sample, as examples."""
    motions = {name: motions_of(stream, recording.start_s) for name, stream in sorted(recording.streams.items())}
    return [Shown(motions, span) for span in spans]


def shown_sets(store: Store, picked: Sequence[Picked]) -> list[Shown]:
    """Sets of kept sessions as examples; raises UsageError where there is no such set, FileError, SamplesError."""
    out = []
    for session in dict.fromkeys(one.session for one in picked):
        sets = store.open(session).session.sets
        spans = [(s.start_s, s.end_s) for s in (_set_at(sets, one) for one in picked if one.session == session)]
        out += shown_of(read_recording([str(f) for f in samples_of(store.folder(session))]), spans)
    return out


def name_sets(store: Store, picked: Sequence[Picked], name: str) -> None:
    """Lay over sets of kept sessions that a person says they are `name`; raises UsageError, EditsError, FileError."""
    for session in dict.fromkeys(one.session for one in picked):
        sets = store.open(session).session.sets
        mine = [(one.at_s, _set_at(sets, one)) for one in picked if one.session == session]
        edits = [NameExercise(at_s, name) for at_s, s in mine if s.exercise != name or not named_by_person(s)]
        if edits:
            store.correct(session, *edits)


def _set_at(sets: Sequence[Set], picked: Picked) -> Set:
    one = set_at(sets, picked.at_s)
    if one is not None:
        return one
    raise UsageError(f"There is no set at {picked.at_s:.1f} s of {picked.session}; it may have been corrected meanwhile.")


def trained(
    store: Store | None,
    folder: str | Path | None,
    label: str = "exercise",
    group: str = "subject",
    progress: Callable[[str, float], None] | None = None,
) -> Trained:
    """A model of what a person named in the store's sessions, of a dataset's folder, or of both.

    Raises UsageError, FileError, SamplesError.
    """
    say = progress or (lambda what, share: None)
    sources: list[Dataset] = []
    troubles: tuple[str, ...] = ()
    if folder is not None:
        data = read_manifest(folder)
        check_column(data, label, "label")
        check_column(data, group, "group")
        sources.append(data)
    if store is not None:
        if label != "exercise" or group not in KEPT_GROUPS:
            raise UsageError("Of kept sessions the exercise is known, and subject or session (the day) to leave out; name those.")
        kept, troubles = kept_dataset(store)
        sources.append(kept)
    if not sources:
        raise SamplesError("There is nothing to train on; name a dataset's folder, or take the kept sessions.")
    examples = [
        e
        for k, data in enumerate(sources)
        for e in read_examples(
            data,
            label,
            group,
            lambda segment, kind: ("gyr", "acc"),
            lambda what, share, k=k: say(what, 0.5 * (k + share) / len(sources)),  # type: ignore[misc]
        )
    ]
    model, report = train(examples, label, group, progress=lambda what, share: say(what, 0.5 + 0.5 * share))
    return Trained(model, report, troubles)
