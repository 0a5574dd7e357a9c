"""A kept session as Garmin's FIT: one strength activity, a `set` message for each set and each rest between two.

By `fit-tool` (the extra `fit`). An exercise is told by category and name of Garmin's profile, as the catalogue has them; one that
it hasn't is `unknown` there. FIT has no field for the side, nor for tempo, range and drop: the tables and the JSON have these.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imu_tracker.errors import UsageError
from imu_tracker.exercises import load_catalogue
from imu_tracker.files.extras import imported
from imu_tracker.files.writing import write_atomically
from imu_tracker.results import Set
from imu_tracker.session.opened import Opened

_POUND_KG = 0.45359237
_MOST_KG = 4000.0  # the field holds 1/16 kg in 16 bits
_FIRST_YEAR = 1990  # FIT counts seconds from the last day of 1989
_UNKNOWN = 65534  # as Garmin's profile has the category `unknown`


def weight_kg(load: str | None) -> float | None:
    """The weight that a person's words on a load hold, such as `10 kg` or `22.5lb`; None where they hold none, or two."""
    found = re.findall(r"(\d+(?:[.,]\d+)?)\s*(kg|lbs?)\b", load or "", re.IGNORECASE)
    if len(found) != 1:
        return None
    number, unit = found[0]
    kg = float(number.replace(",", ".")) * (1.0 if unit.lower() == "kg" else _POUND_KG)
    return kg if kg <= _MOST_KG else None


def write_fit(opened: Opened, path: Path) -> None:
    """The session, corrected, as a FIT activity.

    Raises UsageError where it isn't known when it was or where it has no sets, MissingExtra, and FileError where the file can't
    be written.
    """
    if opened.started is None or opened.started.year < _FIRST_YEAR:
        raise UsageError(f"{opened.name}: a FIT file needs the time at which the session began, which isn't known.")
    if not opened.session.sets:
        raise UsageError(f"{opened.name}: there are no sets in it, and so nothing to write as FIT.")
    profile = imported("fit_tool.profile.profile_type", "fit", path)
    builder = imported("fit_tool.fit_file_builder", "fit", path).FitFileBuilder()
    messages = _Messages(path, profile, opened.started)
    builder.add_all(messages.all_of(opened))
    content = builder.build().to_bytes()
    with write_atomically(path) as part:
        part.write_bytes(content)


class _Messages:
    """Makes FIT messages; times are seconds from the session's beginning."""

    def __init__(self, path: Path, profile: Any, started: datetime) -> None:
        self._path, self._profile = path, profile
        self._start_ms = round(started.astimezone(UTC).timestamp() * 1000)

    def _at(self, seconds: float) -> int:
        return self._start_ms + round(seconds * 1000)

    def _new(self, kind: str, **fields: Any) -> Any:
        """A message of a kind (`file_id`), with its fields."""
        module = imported(f"fit_tool.profile.messages.{kind}_message", "fit", self._path)
        message = getattr(module, "".join(word.capitalize() for word in kind.split("_")) + "Message")()
        for name, value in fields.items():
            if value is not None:
                setattr(message, name, value)
        return message

    def all_of(self, opened: Opened) -> list[Any]:
        """The activity's messages, in order."""
        p, session = self._profile, opened.session
        length_s = max(session.recording.duration_s, session.sets[-1].end_s)
        begin, end = self._at(0.0), self._at(length_s)
        whole = {
            "start_time": begin,
            "timestamp": end,
            "total_elapsed_time": length_s,
            "total_timer_time": length_s,
            "message_index": 0,
        }
        kind = {"sport": p.Sport.TRAINING.value, "sub_sport": p.SubSport.STRENGTH_TRAINING.value}
        timer = {"event": p.Event.TIMER.value}
        return [
            self._new(
                "file_id",
                type=p.FileType.ACTIVITY.value,
                manufacturer=p.Manufacturer.DEVELOPMENT.value,
                product=0,
                time_created=begin,
            ),
            self._new("event", timestamp=begin, event_type=p.EventType.START.value, **timer),
            *self._sets(opened),
            self._new("event", timestamp=end, event_type=p.EventType.STOP_ALL.value, **timer),
            self._new("lap", **whole, **kind),
            self._new("session", **whole, **kind, first_lap_index=0, num_laps=1),
            self._new("activity", timestamp=end, total_timer_time=length_s, num_sessions=1),
        ]

    def _sets(self, opened: Opened) -> list[Any]:
        """A message for each set, and for each rest before another one."""
        out: list[Any] = []
        rest, active = self._profile.SetType.REST.value, self._profile.SetType.ACTIVE.value
        before_s: float | None = None
        for one in opened.session.sets:
            if before_s is not None and one.start_s > before_s:
                out.append(self._set(len(out), before_s, one.start_s, set_type=rest))
            said = opened.said.of(one)
            category, name = self._exercise(one)
            more = {"category": [category], "category_subtype": None if name is None else [name]}
            reps = one.count if one.kind != "hold" else None
            kg = weight_kg(said.load if said else None)
            out.append(self._set(len(out), one.start_s, one.end_s, set_type=active, repetitions=reps, weight=kg, **more))
            before_s = one.end_s
        return out

    def _set(self, number: int, start_s: float, end_s: float, **fields: Any) -> Any:
        times = {"timestamp": self._at(end_s), "start_time": self._at(start_s), "duration": end_s - start_s}
        return self._new("set", message_index=number, **times, **fields)

    def _exercise(self, one: Set) -> tuple[int, int | None]:
        """Garmin's numbers for a set's exercise: category, and the name within it."""
        entry = load_catalogue().get(one.exercise or "")
        if entry is None or entry.garmin is None:
            return _UNKNOWN, None
        category, _, name = entry.garmin.partition("/")
        names = getattr(self._profile, "".join(w.capitalize() for w in category.split("_")) + "ExerciseName")
        return self._profile.ExerciseCategory[category.upper()].value, names[name.upper()].value if name else None
