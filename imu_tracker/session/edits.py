"""Corrections by a person, as data: what they are, and their JSON.

    {"schema": 1, "edits": [{"op": "count", "at_s": 30.0, "count": 10},
                            {"op": "move_boundary", "at_s": 14.0, "end_s": 15.9}, ...]}

A set or rep is named by a time inside it (`at_s`, seconds from the recording's first sample), not by its number: numbers change
when the counter gets better. Fields that are null may be left out. `applying.apply` lays them over a session.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, get_args

from imu_tracker.errors import FileError, ImuTrackerError
from imu_tracker.results import DECIMALS, Kind, Side

SCHEMA = 1


class EditsError(ImuTrackerError):
    """A correction that can't be read, or that doesn't fit the session it is laid over."""


@dataclass(frozen=True)
class SetCount:
    """The set at `at_s` had `count` reps or steps, whatever reps were found in it."""

    op: ClassVar = "count"
    at_s: float
    count: int


@dataclass(frozen=True)
class MoveBoundary:
    """The rep at `at_s` began at `start_s`, ended at `end_s`, or both; a neighbour in the way gives way as far as its turn."""

    op: ClassVar = "move_boundary"
    at_s: float
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class AddRep:
    """There was a rep from `start_s` to `end_s`, of the set it lies in or near; the turn is the middle where it isn't said."""

    op: ClassVar = "add_rep"
    start_s: float
    end_s: float
    turn_s: float | None = None


@dataclass(frozen=True)
class RemoveRep:
    """What was found at `at_s` is no rep."""

    op: ClassVar = "remove_rep"
    at_s: float


@dataclass(frozen=True)
class RemoveSet:
    """What was found at `at_s` is no set."""

    op: ClassVar = "remove_set"
    at_s: float


@dataclass(frozen=True)
class AddSet:
    """There was a set from `start_s` to `end_s`, with `reps` (start, end) where known, or their `count`; a hold has neither."""

    op: ClassVar = "add_set"
    start_s: float
    end_s: float
    kind: Kind = "reps"
    count: int | None = None
    exercise: str | None = None
    side: Side | None = None
    reps: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class NameExercise:
    """The set at `at_s` was this exercise, of the catalogue or the person's own."""

    op: ClassVar = "exercise"
    at_s: float
    exercise: str


@dataclass(frozen=True)
class SetSide:
    """The working side of the set at `at_s`."""

    op: ClassVar = "side"
    at_s: float
    side: Side


Edit = SetCount | MoveBoundary | AddRep | RemoveRep | RemoveSet | AddSet | NameExercise | SetSide
OPERATIONS: Mapping[str, type[Edit]] = {kind.op: kind for kind in get_args(Edit)}


@dataclass(frozen=True)
class Edits:
    """Corrections in the order in which they were made."""

    edits: tuple[Edit, ...] = ()

    def then(self, *more: Edit) -> Edits:
        """These, and more after them."""
        return Edits(self.edits + more)


def _plain(x: Any) -> Any:
    if isinstance(x, tuple):
        return [_plain(v) for v in x]
    return round(x, DECIMALS) + 0.0 if isinstance(x, float) else x


def as_dict(edit: Edit) -> dict[str, Any]:
    """One correction as it stands in the JSON: `op` and the fields that aren't null or empty."""
    said = {f.name: _plain(getattr(edit, f.name)) for f in fields(edit)}
    return {"op": edit.op, **{k: v for k, v in said.items() if v is not None and v != []}}


def to_json(edits: Edits) -> str:
    """The corrections as JSON, one a line; equal corrections give equal text."""
    lines = ",\n  ".join(json.dumps(as_dict(e), ensure_ascii=False, allow_nan=False) for e in edits.edits)
    return f'{{"schema": {SCHEMA}, "edits": [' + (f"\n  {lines}\n" if lines else "") + "]}\n"


def _time(x: Any) -> float:
    if isinstance(x, bool) or not isinstance(x, (int, float)) or not math.isfinite(x) or x < 0:
        raise ValueError("a time in seconds, 0 or more")
    return float(x)


def _count(x: Any) -> int:
    if isinstance(x, bool) or not isinstance(x, int) or x < 0:
        raise ValueError("a whole number, 0 or more")
    return x


def _word(x: Any) -> str:
    if not isinstance(x, str) or not x.strip():
        raise ValueError("a name")
    return x


def _one_of(*choices: str) -> Any:
    def check(x: Any) -> str:
        if x not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(x)

    return check


def _ranges(x: Any) -> tuple[tuple[float, float], ...]:
    if not isinstance(x, (list, tuple)) or not all(isinstance(r, (list, tuple)) and len(r) == 2 for r in x):
        raise ValueError("a list of [start, end] pairs")
    return tuple((_time(a), _time(b)) for a, b in x)


_READ: Mapping[str, Any] = {
    **dict.fromkeys(("at_s", "start_s", "end_s", "turn_s"), _time),
    "count": _count,
    "kind": _one_of(*get_args(Kind)),
    "side": _one_of(*get_args(Side)),
    "exercise": _word,
    "reps": _ranges,
}


def _edit(number: int, raw: Any) -> Edit:
    """One correction, checked; its number, from 1, is for the sentence."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("op"), str) or raw["op"] not in OPERATIONS:
        named = raw.get("op") if isinstance(raw, Mapping) else raw
        raise EditsError(f"Correction {number}: there is no operation {named!r}; there are {', '.join(OPERATIONS)}.")
    kind = OPERATIONS[raw["op"]]
    known = {f.name: f for f in fields(kind)}
    given = {k: v for k, v in raw.items() if k != "op" and v is not None}
    strange = [k for k in given if k not in known]
    missing = [k for k, f in known.items() if f.default is MISSING and k not in given]
    if strange or missing:
        what = f"has no field {strange[0]!r}" if strange else f"needs {missing[0]!r}"
        raise EditsError(f"Correction {number}: {kind.op!r} {what}; its fields are {', '.join(known)}.")
    values = {}
    for name, value in given.items():
        try:
            values[name] = _READ[name](value)
        except ValueError as e:
            raise EditsError(f"Correction {number}: {name!r} of {kind.op!r} is {value!r}; it should be {e}.") from e
    return kind(**values)


def from_json(text: str) -> Edits:
    """Corrections from their JSON; raises EditsError, a sentence saying which is off and how."""
    try:
        raw = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as e:
        raise EditsError(f"Corrections should be JSON: {e}.") from e
    if not isinstance(raw, Mapping) or raw.get("schema") != SCHEMA or not isinstance(raw.get("edits"), list):
        raise EditsError(f'Corrections should be an object with "schema": {SCHEMA} and a list "edits".')
    return Edits(tuple(_edit(k, e) for k, e in enumerate(raw["edits"], 1)))


def read_edits(path: str | Path) -> Edits:
    """Corrections from a file; raises FileError."""
    try:
        return from_json(Path(path).read_text(encoding="utf-8"))
    except OSError as e:
        raise FileError(path, f"the file can't be read ({e.strerror or e}).") from e
    except (UnicodeDecodeError, EditsError) as e:
        raise FileError(path, str(e)) from e


def write_edits(edits: Edits, path: str | Path) -> None:
    """Corrections to a file, as a whole or not at all; raises FileError."""
    from imu_tracker.files.writing import write_text

    write_text(path, to_json(edits))
