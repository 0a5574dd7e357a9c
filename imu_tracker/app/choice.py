"""What the wearer chose before a session, checked: it comes from a browser."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from imu_tracker.analysis import Wish
from imu_tracker.errors import UsageError
from imu_tracker.exercises import Exercise, find
from imu_tracker.recognition.model import Model
from imu_tracker.recording import placement_name

MOST_REPS = 999
MOST_SENSORS = 8
LONGEST_NAME = 200


@dataclass(frozen=True)
class Choice:
    """sensors: by placement, each by name or address; empty for the recording that is replayed. target: reps, None for none.

    model: names what exercise doesn't; the built-in one where it is None.
    """

    sensors: Mapping[str, str] = field(default_factory=dict)
    exercise: Exercise | None = None
    side: Literal["left", "right"] | None = None
    target: int | None = None
    model: Model | None = None

    @property
    def wish(self) -> Wish:
        """What it says about the recording."""
        return Wish(self.exercise.name if self.exercise is not None else None, self.side, model=self.model)

    @property
    def about(self) -> dict[str, str]:
        """What it says, as words for the files."""
        words = {"exercise": self.wish.exercise, "side": self.side}
        return {k: v for k, v in words.items() if v is not None}

    @property
    def threshold_deg(self) -> float | None:
        """From which drop on it is flagged."""
        return None if self.exercise is None else self.exercise.drop_threshold_deg


def choice_of(raw: Any) -> Choice:
    """A choice as a page sends it, `{"sensors": {"pelvis": "imu-1"}, "exercise": ..., "side": ..., "target": ...}`.

    Raises UsageError.
    """
    if not isinstance(raw, Mapping):
        raise UsageError("A choice should be an object.")
    exercise, side, target = raw.get("exercise"), raw.get("side"), raw.get("target")
    if exercise is not None and not isinstance(exercise, str):
        raise UsageError("The exercise should be a name.")
    if side not in ("left", "right", None):
        raise UsageError("The side should be left or right.")
    if target is not None and (isinstance(target, bool) or not isinstance(target, int) or not 1 <= target <= MOST_REPS):
        raise UsageError(f"The target should be a whole number from 1 to {MOST_REPS}.")
    return Choice(_sensors(raw.get("sensors") or {}), None if exercise is None else find(exercise), side, target)


def _sensors(raw: Any) -> dict[str, str]:
    if not isinstance(raw, Mapping) or len(raw) > MOST_SENSORS:
        raise UsageError("Sensors should be named by where they are worn.")
    out: dict[str, str] = {}
    for placement, name in raw.items():
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not 0 < len(str(placement)) <= LONGEST_NAME:
            raise UsageError("Each sensor should have a name.")
        where = placement_name(str(placement))
        if not where or name in out.values() or where in out:
            raise UsageError("Each sensor needs a place of its own.")
        out[where] = name
    return out
