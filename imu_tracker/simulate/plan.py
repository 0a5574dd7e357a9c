"""Session files: what is to be simulated, as a person writes it down.

    placements = ["pelvis", "thigh_right"]    # optional; the catalogue's first where absent

    [person]                                  # optional, any field of Person; drawn from the seed where absent
    stature = 1.70

    [sensor]                                  # optional, any field of Sensor; a typical one where absent
    rate_hz = 100

    [[part]]
    name = "quiet"                            # an exercise, or quiet, bows, walk, march, turn, stairs, rest, shift, hands,
                                              # stretch, fidget, sit, jiggle, lie, pick_up, fumble
    seconds = 4

    [[part]]
    name = "clamshell"
    count = 10
    side = "left"
    slips = ["pause_at_top"]

Both sides of an exercise are two parts; so are the sets of several exercises.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

from imu_tracker.errors import FileError, NoSuchExercise, UsageError
from imu_tracker.exercises import find
from imu_tracker.results import Side
from imu_tracker.simulate.motions import EVERYDAY, Part
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.wearing import SITES, Sensor


@dataclass(frozen=True)
class SessionPlan:
    """A session to be simulated. person, sensor: None to have them drawn. placements: empty for the catalogue's own."""

    parts: tuple[Part, ...]
    person: Person | None = None
    sensor: Sensor | None = None
    placements: tuple[str, ...] = ()

    @property
    def exercises(self) -> tuple[str, ...]:
        """Catalogue names of the sets in it, each once."""
        return tuple(dict.fromkeys(find(p.name).name for p in self.parts if p.name not in EVERYDAY))


def read_plan(path: Path) -> SessionPlan:
    """The plan in a TOML file. Raises FileError with a sentence on what is wrong with it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise FileError(path, f"the session file can't be read ({e}).") from e
    return parse_plan(text, path)


def parse_plan(text: str, path: object = "the session") -> SessionPlan:
    """The plan in a TOML text; `path` is what a fault is said of. Raises FileError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise FileError(path, f"the session isn't valid TOML: {e}.") from e
    for key in raw:
        _known(path, key, ("part", "person", "sensor", "placements"), "the session")
    parts = raw.get("part")
    if not isinstance(parts, list) or not parts:
        raise FileError(path, "the session has no parts; each starts with a line [[part]] and has a name.")
    placements = raw.get("placements", [])
    if not isinstance(placements, list) or any(p not in SITES for p in placements):
        raise FileError(path, f"placements should be a list of some of {', '.join(SITES)}; it is {placements!r}.")
    return SessionPlan(
        tuple(_part(path, p, k) for k, p in enumerate(parts, 1)),
        Person(**_numbers(path, raw["person"], Person, "person")) if "person" in raw else None,
        Sensor(**_numbers(path, raw["sensor"], Sensor, "sensor")) if "sensor" in raw else None,
        tuple(placements),
    )


def _known(path: object, key: str, known: tuple[str, ...], where: str) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, 1)
        raise FileError(path, f"{where} has {key!r}, which isn't known" + (f"; did you mean {near[0]!r}?" if near else "."))


def _numbers(path: object, raw: Any, kind: type[Person] | type[Sensor], where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise FileError(path, f"{where} should be a table, [{where}].")
    for key, value in raw.items():
        _known(path, key, tuple(f.name for f in fields(kind)), f"[{where}]")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise FileError(path, f"{key} in [{where}] should be a number; it is {value!r}.")
    return raw


def _part(path: object, raw: Any, k: int) -> Part:
    where = f"part {k}"
    if not isinstance(raw, dict) or not isinstance(raw.get("name"), str):
        raise FileError(path, f"{where} needs a name.")
    defaults = Part("")
    for key, value in raw.items():
        _known(path, key, tuple(f.name for f in fields(Part)), where)
        if key == "side" and value not in get_args(Side)[:2]:
            raise FileError(path, f"{where} has side = {value!r}; it should be left or right.")
        if key == "slips" and not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            raise FileError(path, f"{where} has slips = {value!r}; it should be a list of cues.")
        wanted = _what_it_should_be(getattr(defaults, key), value)
        if wanted:
            raise FileError(path, f"{where} has {key} = {value!r}; it should be {wanted}.")
    name = raw["name"]
    if name not in EVERYDAY:
        try:
            name = find(name).name
        except NoSuchExercise as e:
            raise FileError(path, f"{where}: {e} What isn't exercise is {', '.join(EVERYDAY)}.") from e
    return Part(**{**raw, "name": name, "slips": tuple(raw.get("slips", ()))})


def _what_it_should_be(usual: object, value: object) -> str | None:
    """What a part's field should have been, where it is of another kind than its default; else None."""
    if isinstance(usual, bool):
        return None if isinstance(value, bool) else "true or false"
    if isinstance(usual, (int, float)):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            return "a number of 0 or more"
        if isinstance(usual, int) and not isinstance(value, int):
            return "a whole number"
    return None


def check_placements(placements: tuple[str, ...]) -> None:
    """Raises UsageError for a placement that no simulated sensor is worn on."""
    for placement in placements:
        if placement not in SITES:
            raise UsageError(f"No simulated sensor can be worn on {placement!r}; placements are {', '.join(SITES)}.")
