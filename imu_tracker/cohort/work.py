"""What a worker does: one recording read, and analysed where it isn't known yet."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

from imu_tracker import __version__
from imu_tracker.analysis import Wish, analyze
from imu_tracker.errors import ImuTrackerError, fault
from imu_tracker.files.columns import AS_USUAL, ColumnMap
from imu_tracker.files.reading import read_placed
from imu_tracker.files.units import UNDECLARED, Units
from imu_tracker.recognition.model import Model
from imu_tracker.recognition.modelfile import load_model
from imu_tracker.recording import Recording
from imu_tracker.results import SCHEMA, to_json


@dataclass(frozen=True)
class Asked:
    """What is wished for every recording alike, as `Wish` has it. model: its file, None for the built-in one; digest: of it."""

    exercise: str | None = None
    drop_threshold_deg: float | None = None
    units: Units = UNDECLARED
    columns: ColumnMap = AS_USUAL
    model: Path | None = None
    digest: str = ""


@dataclass(frozen=True)
class Job:
    """One recording. name: the dataset's word for it. files: by placement, absolute. known: the key of the result at hand."""

    name: str
    files: tuple[tuple[str | None, Path], ...]
    asked: Asked
    known: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a recording: its key and the text of its result, no text where that is known already; or a reason."""

    name: str
    key: str | None = None
    text: str | None = None
    reason: str | None = None


def key_of(recording: Recording, asked: Asked) -> str:
    """A word that differs wherever the result may: the samples as they were read, what is wished, and this version."""
    digest = hashlib.sha256(repr((__version__, SCHEMA, asked.exercise, asked.drop_threshold_deg, asked.digest)).encode())
    for placement, stream in sorted(recording.streams.items()):
        digest.update(repr((placement, stream.timing.timestamps, len(stream), stream.gyr is not None)).encode())
        for values in (stream.t, stream.acc, stream.gyr):
            digest.update(b"" if values is None else values.tobytes())
    digest.update(repr(recording.notes).encode())
    return digest.hexdigest()


@functools.lru_cache(1)
def _model(path: Path, digest: str) -> Model:
    """A model, read once by a worker while its file stays the same."""
    return load_model(path)


def analysed(job: Job) -> Outcome:
    """The recording's result, the same text as `analyze --json`. Never raises but for an interruption."""
    asked = job.asked
    try:
        recording = read_placed(job.files, units=asked.units, columns=asked.columns)
        key = key_of(recording, asked)
        if key == job.known:
            return Outcome(job.name, key)
        model = None if asked.model is None else _model(asked.model, asked.digest)
        session = analyze(recording, Wish(asked.exercise, drop_threshold_deg=asked.drop_threshold_deg, model=model))
        return Outcome(job.name, key, to_json(session) + "\n")
    except ImuTrackerError as e:
        return Outcome(job.name, reason=str(e))
    except MemoryError:
        return Outcome(job.name, reason="there isn't enough memory to analyse it.")
    except Exception as e:  # whatever it is, it is about this recording: the others go on
        return Outcome(job.name, reason=fault(e))
