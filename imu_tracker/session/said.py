"""What a person says of a session beside corrections, as data: load, effort, pain and notes; and its JSON.

    {"schema": 1, "note": "slept badly", "sets": [{"at_s": 30.0, "load": "10 kg", "effort": 7, "pain": 2}]}

A set is named by a time inside it (`at_s`), as in `edits`: numbers change when the counter gets better.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from imu_tracker.errors import ImuTrackerError
from imu_tracker.results import DECIMALS, Set

SCHEMA = 1
MOST = 10  # effort and pain are told from 0 to 10, as on the Borg CR10 and the numeric pain scale
LONGEST = 4000  # characters of a note


class SaidError(ImuTrackerError):
    """Words about a session that can't be read."""


@dataclass(frozen=True)
class SetSaid:
    """What is said of the set at `at_s`. load: weight or band, in the person's words. effort, pain: 0-10. None: not said."""

    at_s: float
    load: str | None = None
    effort: int | None = None
    pain: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class Said:
    """What is said of a session and of its sets, these in order of time."""

    note: str | None = None
    sets: tuple[SetSaid, ...] = ()

    def of(self, a_set: Set) -> SetSaid | None:
        """What is said of a set, or None."""
        return next((s for s in self.sets if a_set.start_s <= s.at_s < a_set.end_s), None)

    def with_set(self, a_set: Set, **said: str | int | None) -> Said:
        """These, with fields of `SetSaid` said of a set; what was said of its other fields stays, None takes a word back."""
        old = self.of(a_set)
        middle_s = round(0.5 * (a_set.start_s + a_set.end_s), DECIMALS)
        new = replace(old or SetSaid(middle_s), **said)  # type: ignore[arg-type]
        others = [s for s in self.sets if s is not old]
        kept = [new] if new != SetSaid(new.at_s) else []
        return replace(self, sets=tuple(sorted([*others, *kept], key=lambda s: s.at_s)))


def to_json(said: Said) -> str:
    """The words as JSON, what isn't said left out; equal words give equal text."""
    sets = [{k: v for k, v in asdict(s).items() if v is not None} for s in said.sets]
    words = {"schema": SCHEMA, **({"note": said.note} if said.note is not None else {}), "sets": sets}
    return json.dumps(words, ensure_ascii=False, allow_nan=False) + "\n"


def _word(name: str, x: Any) -> str | None:
    if x is not None and (not isinstance(x, str) or len(x) > LONGEST):
        raise SaidError(f"{name} should be text of at most {LONGEST} characters.")
    return x


def _degree(name: str, x: Any) -> int | None:
    if x is not None and (isinstance(x, bool) or not isinstance(x, int) or not 0 <= x <= MOST):
        raise SaidError(f"{name} should be a whole number from 0 to {MOST}, not {x!r}.")
    return x


def set_said_of(raw: Any) -> SetSaid:
    """What is said of a set from plain data, `{"at_s": 30.0, "load": ...}`; raises SaidError, one sentence."""
    if not isinstance(raw, Mapping) or not set(raw) <= {"at_s", "load", "effort", "pain", "note"}:
        raise SaidError("Each set's words should be an object with at_s, and load, effort, pain or note.")
    at_s = raw.get("at_s")
    if isinstance(at_s, bool) or not isinstance(at_s, (int, float)) or not math.isfinite(at_s) or at_s < 0:
        raise SaidError(f"at_s should be a time in seconds, not {at_s!r}.")
    return SetSaid(
        float(at_s),
        _word("load", raw.get("load")),
        _degree("effort", raw.get("effort")),
        _degree("pain", raw.get("pain")),
        _word("note", raw.get("note")),
    )


def from_json(text: str) -> Said:
    """The words from their JSON; raises SaidError, one sentence."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise SaidError(f"Words about a session should be JSON: {e}.") from e
    if not isinstance(raw, Mapping) or raw.get("schema") != SCHEMA or not isinstance(raw.get("sets"), list):
        raise SaidError(f'Words about a session should be an object with "schema": {SCHEMA} and a list "sets".')
    return Said(_word("note", raw.get("note")), tuple(sorted(map(set_said_of, raw["sets"]), key=lambda s: s.at_s)))
