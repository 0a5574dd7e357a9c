"""The files of a kept session, in a folder of its own, named by its start:

    PLACEMENT.parquet               the samples as they were recorded: never changed
    annotations.jsonl               marks made while recording
    session.json                    the analysis, the wish it was made with, and the version of the program that made it
    session.series.parquet          the analysis' series
    edits.json                      corrections, laid over the analysis whenever it is opened
    said.json                       load, effort, pain and notes

The analysis can be made again from the samples at any time, and is where its file is missing, damaged or of an older form. What
a person corrected or said exists once: a form that isn't known is refused, never written over.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from imu_tracker import __version__, results
from imu_tracker.analysis import Wish
from imu_tracker.errors import FileError, NoSuchExercise
from imu_tracker.exercises import find
from imu_tracker.files.sheets import open_sheet
from imu_tracker.files.writing import write_text
from imu_tracker.ingest.recorder import read_annotations
from imu_tracker.recognition.modelfile import LONGEST_WORD
from imu_tracker.results import Series, Session
from imu_tracker.session import edits as edits_module
from imu_tracker.session import said as said_module
from imu_tracker.session.edits import Edits, EditsError
from imu_tracker.session.parts import Told
from imu_tracker.session.said import Said, SaidError

SCHEMA = 1  # of session.json; folders from before it have none, which is told like an older one

SESSION, EDITS, SAID = "session.json", "edits.json", "said.json"
SERIES = "session.series.parquet"  # a placement's file has no dot in its name
WORDS = (SESSION, EDITS, SAID)
TOLD = "told"  # the kind of a mark that says what is done from then on
WISHED = ("own", "side", "drop_threshold_deg")  # words by which an analysis is made, with the exercise
NEWER = "it was written by a newer version of imu-tracker; update to open it."


@dataclass(frozen=True)
class Kept:
    """An analysis and where it comes from. about: the words said when it was recorded. program: the version that analysed.

    told: what was told while it was recorded, where it was analysed by that.
    """

    session: Session
    wish: Wish
    about: Mapping[str, str]
    program: str = __version__
    told: tuple[Told, ...] = ()


def samples_of(folder: Path) -> list[Path]:
    """The tables of a session's samples, one a placement."""
    return sorted(p for p in folder.glob("*.parquet") if p.name != SERIES and not p.name.startswith("."))


def is_session(folder: Path) -> bool:
    """Whether a folder holds a session, or one that is being recorded."""
    if folder.name.startswith(".") or folder.is_symlink() or not folder.is_dir():
        return False
    return (folder / SESSION).exists() or bool(samples_of(folder)) or any(folder.glob("*.arrow"))


def started_of(name: str, about: Mapping[str, str]) -> datetime | None:
    """When a session began: as its words say, else its folder's name; None where neither does."""
    try:
        return datetime.fromisoformat(about["started"]).astimezone()
    except (KeyError, ValueError, OverflowError):
        pass
    try:
        return datetime.strptime(name[:19], "%Y-%m-%d_%H-%M-%S").astimezone()
    except (ValueError, OverflowError):
        return None


def wish_of(words: Mapping[str, Any]) -> Wish:
    """The wish in the words of a recording or a session.json, as far as it can be understood."""
    exercise, side, threshold = words.get("exercise"), words.get("side"), words.get("drop_threshold_deg")
    try:
        name = find(str(exercise)).name if exercise else None
    except NoSuchExercise:
        name = None  # a word of the person's own
    try:
        threshold_deg = float(threshold) if threshold is not None else None
    except (TypeError, ValueError):
        threshold_deg = None
    if threshold_deg is not None and not 0 < threshold_deg < 90:
        threshold_deg = None
    own = words.get("own")
    return Wish(
        name,
        cast(Literal["left", "right"], side) if side in ("left", "right") else None,
        threshold_deg,
        own=own if name is None and isinstance(own, str) and 0 < len(own) <= LONGEST_WORD and own.isprintable() else None,
    )


def without_wish(about: Mapping[str, str]) -> dict[str, str]:
    """A recording's own words, what it says of the exercise as a label: it isn't what the caller wants."""
    return {("label" if k == "exercise" else k): v for k, v in about.items() if k not in WISHED}


def wish_words(wish: Wish) -> dict[str, Any]:
    """A wish as plain data, as `wish_of` reads it."""
    own = {"own": wish.own} if wish.own is not None else {}
    return {"exercise": wish.exercise, **own, "side": wish.side, "drop_threshold_deg": wish.drop_threshold_deg}


def told_words(told: Sequence[Told]) -> list[dict[str, Any]]:
    """What was told as plain data, as `_told_of` reads it."""
    return [{"since_s": t.since_s, **wish_words(t.wish)} for t in told]


def _told_of(words: Any) -> tuple[Told, ...]:
    """What was told in the words of a session.json or of marks, as far as it can be understood."""
    told: list[Told] = []
    for one in words if isinstance(words, list) else []:
        since_s = one.get("since_s") if isinstance(one, Mapping) else None
        if isinstance(since_s, (int, float)) and math.isfinite(since_s):
            told = [t for t in told if t.since_s < since_s]  # what is told later of the same time is meant
            told.append(Told(float(since_s), wish_of(one)))
    return tuple(told)


def told_in(folder: Path) -> tuple[Told, ...]:
    """What was told while a session was recorded, from its marks; raises FileError."""
    return _told_of([dict(mark.values) for mark in read_annotations(folder) if mark.kind == TOLD])


def _text(path: Path) -> str | None:
    """A file's text; None where there is none. Raises FileError."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as e:
        raise FileError(path, "the file is damaged: it is no text.") from e
    except OSError as e:
        raise FileError(path, f"the file can't be read ({e.strerror or e}).") from e


def _schema(raw: Any) -> int:
    schema = raw.get("schema") if isinstance(raw, Mapping) else None
    return schema if isinstance(schema, int) else 0


# --- the analysis


def _check(session: Any) -> int:
    """A number that tells whether a session's plain data are still those that were written."""
    return zlib.crc32(json.dumps(session, ensure_ascii=False).encode(errors="replace"))


def kept_text(kept: Kept) -> str:
    """`session.json`."""
    session = results.to_dict(kept.session)
    raw = {
        "schema": SCHEMA,
        "program": kept.program,
        "wish": wish_words(kept.wish),
        **({"told": told_words(kept.told)} if kept.told else {}),
        "about": dict(kept.about),
        "check": _check(session),
        "session": session,
    }
    return json.dumps(raw, ensure_ascii=False, allow_nan=False) + "\n"


def kept_of(text: str, path: Path) -> Kept | None:
    """The analysis in a `session.json`; None where it has to be made anew. Raises FileError where a newer version wrote it."""
    raw = _json(text)
    if _schema(raw) > SCHEMA or (isinstance(raw, Mapping) and _schema(raw.get("session")) > results.SCHEMA):
        raise FileError(path, NEWER)
    if _schema(raw) < SCHEMA or raw.get("check") != _check(raw.get("session")):
        return None
    try:
        about = {str(k): str(v) for k, v in raw["about"].items()}
        told = _told_of(raw.get("told"))
        return Kept(results.from_dict(raw["session"]), wish_of(raw["wish"]), about, str(raw["program"]), told)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def read_kept(folder: Path) -> Kept | None:
    """A session's analysis; None where it has to be made. Raises FileError."""
    text = _text(folder / SESSION)
    return None if text is None else kept_of(text, folder / SESSION)


def lacks_samples(kept: Kept, folder: Path) -> bool:
    """Whether there are samples that the analysis hasn't seen: a sensor's that could be finished later only, on a full disk."""
    return len(samples_of(folder)) > len(kept.session.recording.placements)


def read_wish(folder: Path) -> tuple[Wish, tuple[Told, ...]] | None:
    """The wish of a session whose analysis can't be read, and what was told; None where it isn't known."""
    raw = _json(_text(folder / SESSION) or "")
    wish = raw.get("wish") if isinstance(raw, Mapping) else None
    return (wish_of(wish), _told_of(raw.get("told"))) if isinstance(wish, Mapping) else None


def read_series(path: Path) -> Series | None:
    """A session's series; None where there is none that can be read."""
    names = ("t", "obliquity_deg", "tilt_deg", "drop_deg", "set", "rep")
    try:
        sheet = open_sheet(path.read_bytes(), str(path))
        more = [n for n in ("lean_deg",) if n in sheet.names]
        t, obliquity, tilt, drop, sets, reps, *lean = sheet.read([sheet.names.index(n) for n in (*names, *more)]).values
    except (OSError, ValueError, FileError):
        return None
    set_number, rep_number = (np.nan_to_num(n).astype(np.int32) for n in (sets, reps))
    return Series(t, obliquity, tilt, drop, set_number, rep_number, lean[0] if lean else None)


# --- what a person made


def _own(folder: Path, name: str, schema: int) -> str | None:
    """The text of a file that a person's words are in; raises FileError where a newer version wrote it."""
    text = _text(folder / name)
    if text is not None and _schema(_json(text)) > schema:
        raise FileError(folder / name, NEWER)
    return text


def read_corrections(folder: Path) -> Edits:
    """A session's corrections; raises FileError."""
    text = _own(folder, EDITS, edits_module.SCHEMA)
    try:
        return Edits() if text is None else edits_module.from_json(text)
    except EditsError as e:
        raise FileError(folder / EDITS, str(e)) from e


def read_said(folder: Path) -> Said:
    """What was said of a session; raises FileError."""
    text = _own(folder, SAID, said_module.SCHEMA)
    try:
        return Said() if text is None else said_module.from_json(text)
    except SaidError as e:
        raise FileError(folder / SAID, str(e)) from e


def write_said(said: Said, folder: Path) -> None:
    """What was said, as a whole or not at all; raises FileError."""
    write_text(folder / SAID, said_module.to_json(said))


def stamp_of(folder: Path) -> str:
    """Something that differs whenever the session's words or the names of its samples do."""
    said = []
    for name in WORDS:
        try:
            at = (folder / name).stat()
        except OSError:
            continue
        said.append(f"{name} {at.st_ino} {at.st_size} {at.st_mtime_ns}")
    return "\n".join(said)
