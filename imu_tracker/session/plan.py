"""What was prescribed, as data: exercises, sets and reps, tempo, hold, threshold, load; and its file, `plan.toml` in the store.

    [[exercise]]
    name = "single_leg_squat"
    sets = 3
    reps = 10
    side = "each"             # or "left", "right"; left out, both work together
    tempo_s = [2.0, 1.0, 2.0] # away from rest, pause at the turn, back
    threshold_deg = 8.0
    load = "5 kg"

A hold has `hold_s` in place of `reps`. What is off is refused in a sentence, and a file that is off is never written over.
"""

from __future__ import annotations

import difflib
import json
import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from imu_tracker.errors import FileError, ImuTrackerError, NoSuchExercise
from imu_tracker.exercises import Exercise, find
from imu_tracker.files.writing import write_text
from imu_tracker.session.sharing import alone

NAME = "plan.toml"
PLAN = "plan"  # the word of a recording that holds what was asked
MOST_BYTES = 64 << 10  # what a plan's file may have: a hundred times a usual one
MOST_ROWS, MOST_SETS, MOST_REPS = 40, 20, 999
LONGEST_HOLD_S, LONGEST_PHASE_S, LONGEST_LOAD = 600.0, 60.0, 80
HEAD = "# What was prescribed. The app writes this file; edit it as you like, but its comments aren't kept.\n"

Which = Literal["left", "right", "each"]


class PlanError(ImuTrackerError):
    """A plan that can't be used."""


@dataclass(frozen=True)
class Asked:
    """One row of a plan: an exercise of the catalogue, and what was asked of it.

    sets: of each side where side is `each`. reps: in a set, None for a hold, which has hold_s. side: None where it has none.
    tempo_s: away from rest, pause, back. threshold_deg: of the drop, None for the catalogue's. load: in the person's words.
    """

    name: str
    sets: int = 3
    reps: int | None = None
    hold_s: float | None = None
    side: Which | None = None
    tempo_s: tuple[float, float, float] | None = None
    threshold_deg: float | None = None
    load: str | None = None

    @property
    def exercise(self) -> Exercise:
        """The catalogue's entry."""
        return find(self.name)

    @property
    def sides(self) -> tuple[Literal["left", "right"] | None, ...]:
        """The sides of its sets, in turn."""
        return ("left", "right") if self.side == "each" else (self.side,)


@dataclass(frozen=True)
class Step:
    """One set to do: the plan's row, from 0, which of the row's sets, from 1, and the side."""

    row: int
    number: int
    side: Literal["left", "right"] | None
    asked: Asked


@dataclass(frozen=True)
class Plan:
    """What was prescribed, in order; empty where nothing was."""

    rows: tuple[Asked, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The sets to do, one after the other: of a row's sides in turn."""
        return tuple(
            Step(row, number, side, asked)
            for row, asked in enumerate(self.rows)
            for number in range(1, asked.sets + 1)
            for side in asked.sides
        )


# --- reading


def _whole(most: int) -> Callable[[Any], int | None]:
    def check(x: Any) -> int | None:
        return x if isinstance(x, int) and not isinstance(x, bool) and 1 <= x <= most else None

    return check


def _number(least: float, most: float) -> Callable[[Any], float | None]:
    def check(x: Any) -> float | None:
        plain = isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x)
        return round(float(x), 2) if plain and least <= x <= most else None

    return check


def _tempo(x: Any) -> tuple[float, float, float] | None:
    phases = [_number(0.0, LONGEST_PHASE_S)(phase) for phase in x] if isinstance(x, (list, tuple)) else []
    known = [p for p in phases if p is not None]
    return (known[0], known[1], known[2]) if len(known) == len(phases) == 3 and sum(known) > 0.0 else None


def _load(x: Any) -> str | None:
    words = x.strip() if isinstance(x, str) else ""
    return words if 0 < len(words) <= LONGEST_LOAD and words.isprintable() else None


# What each field has to be: how it is read, None where it can't be, and the words for that.
_FIELDS: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "sets": (_whole(MOST_SETS), f"a whole number from 1 to {MOST_SETS}"),
    "reps": (_whole(MOST_REPS), f"a whole number from 1 to {MOST_REPS}"),
    "hold_s": (_number(1.0, LONGEST_HOLD_S), f"seconds from 1 to {LONGEST_HOLD_S:g}"),
    "side": (lambda x: x if x in ("left", "right", "each") else None, 'one of "left", "right", "each"'),
    "tempo_s": (_tempo, f"three numbers of seconds to {LONGEST_PHASE_S:g}: away, pause, back"),
    "threshold_deg": (_number(1.0, 45.0), "degrees from 1 to 45"),
    "load": (_load, f"a line of at most {LONGEST_LOAD} characters"),
}


def tempo_of(raw: Any) -> tuple[float, float, float]:
    """A tempo from plain data; raises PlanError."""
    known = _tempo(raw)
    if known is None:
        raise PlanError(f"A tempo should be {_FIELDS['tempo_s'][1]}.")
    return known


def plan_of(raw: Any) -> Plan:
    """A plan from plain data, `{"exercise": [{"name": ..., "sets": ...}, ...]}`; raises PlanError, a sentence on what is off."""
    if not isinstance(raw, Mapping) or set(raw) - {"exercise"} or not isinstance(raw.get("exercise", []), list):
        raise PlanError("A plan should be a list of [[exercise]] tables, and nothing else.")
    rows = raw.get("exercise", [])
    if len(rows) > MOST_ROWS:
        raise PlanError(f"A plan has at most {MOST_ROWS} exercises; this one has {len(rows)}.")
    return Plan(tuple(_row(k, row) for k, row in enumerate(rows, 1)))


def _row(number: int, raw: Any) -> Asked:
    where = f"Exercise {number} of the plan"
    if not isinstance(raw, Mapping) or not isinstance(raw.get("name"), str):
        raise PlanError(f"{where} needs a name, such as single_leg_squat.")
    known = [f.name for f in fields(Asked)]
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}."
            raise PlanError(f"{where} has a field {str(key)[:40]!r}, which isn't known; {hint}")
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key == "name" or value is None:
            continue
        read, should = _FIELDS[key]
        values[key] = read(value)
        if values[key] is None:
            raise PlanError(f"{where} has {key} = {repr(value)[:40]}; it should be {should}.")
    try:
        entry = find(raw["name"])
    except NoSuchExercise as e:
        raise PlanError(f"{where}: {e}") from e
    if not entry.exercise:
        raise PlanError(f"{where}: {entry.title} is no exercise.")
    hold = entry.pattern == "hold"
    wanted, other = ("hold_s", "reps") if hold else ("reps", "hold_s")
    if wanted not in values or other in values or (hold and "tempo_s" in values):
        raise PlanError(f"{where}, {entry.title}, needs {wanted}, and no {'reps or tempo_s' if hold else 'hold_s'}.")
    return Asked(entry.name, **values)


def as_dict(plan: Plan) -> dict[str, Any]:
    """A plan as the plain data that `plan_of` reads; what isn't asked is left out."""
    return {"exercise": [{k: v for k, v in asdict(row).items() if v is not None} for row in plan.rows]}


def to_words(plan: Plan) -> str:
    """A plan in one line, which goes with a session's samples: what was asked then, whatever the plan becomes."""
    return json.dumps(as_dict(plan), ensure_ascii=False, separators=(",", ":"))


def from_words(words: str | None) -> Plan:
    """The plan of a session, empty where it had none, or where it can't be read."""
    try:
        return plan_of(json.loads(words or "{}"))
    except (ValueError, RecursionError, PlanError):
        return Plan()


def to_toml(plan: Plan) -> str:
    """A plan as the text of its file; equal plans give equal text."""
    tables = []
    for row in as_dict(plan)["exercise"]:
        # A line of printable characters is written alike in JSON and in TOML, and so are numbers and lists of them.
        lines = [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in row.items()]
        tables.append("\n".join(["[[exercise]]", *lines]) + "\n")
    return "\n".join([HEAD, *tables])


def read_plan(root: Path) -> Plan:
    """The plan in a store's folder, empty where there is none; raises FileError."""
    path = root / NAME
    return plan_in(path) if path.exists() else Plan()


def plan_in(path: Path) -> Plan:
    """The plan in a file; raises FileError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileError(path, f"a plan has at most {MOST_BYTES >> 10} KB; this is something else.")
        return plan_of(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as e:
        raise FileError(path, f"the plan can't be read ({e.strerror or e}).") from e
    except (UnicodeDecodeError, RecursionError) as e:
        raise FileError(path, "the plan is damaged: it is no TOML.") from e
    except tomllib.TOMLDecodeError as e:
        raise FileError(path, f"the plan is no valid TOML: {e}.") from e
    except PlanError as e:
        raise FileError(path, str(e)) from e


def write_plan(root: Path, plan: Plan) -> None:
    """A plan into a store's folder, as a whole or not at all; raises FileError, also where what is there can't be read."""
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise FileError(root, f"the store can't be written ({e.strerror or e}).") from e
    with alone(root):
        read_plan(root)
        write_text(root / NAME, to_toml(plan))
