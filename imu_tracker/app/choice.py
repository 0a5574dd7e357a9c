"""What the wearer chose before a session, checked: it comes from a browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from imu_tracker.analysis import Wish, threshold_deg
from imu_tracker.errors import UsageError
from imu_tracker.exercises import Exercise, find
from imu_tracker.recognition.model import Model
from imu_tracker.recording import placement_name
from imu_tracker.session.keeping import wish_words
from imu_tracker.session.learning import checked_name
from imu_tracker.session.plan import MOST_REPS, PLAN, Plan, Step, tempo_of, to_words

MOST_SENSORS = 8
LONGEST_NAME = 200


@dataclass(frozen=True)
class Choice:
    """sensors: by placement, each by name or address; empty for the recording that is replayed. target: reps, of a hold seconds,
    None for none. tempo_s: away from rest, pause, back. plan: what is followed, from its set `first` on; then the rest is its.

    own: a name of the wearer's own, in place of exercise. model: names what neither does; the built-in one where it is None.
    """

    sensors: Mapping[str, str] = field(default_factory=dict)
    exercise: Exercise | None = None
    side: Literal["left", "right"] | None = None
    target: int | None = None
    tempo_s: tuple[float, float, float] | None = None
    drop_threshold_deg: float | None = None
    load: str | None = None
    plan: Plan = field(default_factory=Plan)
    first: int = 0
    model: Model | None = None
    own: str | None = None

    def of(self, step: Step) -> Choice:
        """The same for a set of the plan."""
        asked = step.asked
        target = asked.reps if asked.hold_s is None else round(asked.hold_s)
        now = replace(self, exercise=asked.exercise, side=step.side, target=target, own=None)
        return replace(now, tempo_s=asked.tempo_s, drop_threshold_deg=asked.threshold_deg, load=asked.load)

    @property
    def wish(self) -> Wish:
        """What it says about the recording."""
        name = self.exercise.name if self.exercise is not None else None
        return Wish(name, self.side, self.drop_threshold_deg, model=self.model, own=self.own)

    @property
    def about(self) -> dict[str, str]:
        """What it says, as words for the files."""
        plan = {PLAN: to_words(self.plan)} if self.plan.rows else {}
        return {k: str(v) for k, v in wish_words(self.wish).items() if v is not None} | plan

    @property
    def threshold_deg(self) -> float | None:
        """From which drop on it is flagged."""
        return threshold_deg(self.wish, self.exercise)


def choice_of(raw: Any, plan: Callable[[], Plan] = Plan) -> Choice:
    """A choice as a page sends it, `{"sensors": {"pelvis": "imu-1"}, "exercise": ..., "side": ..., "target": ...,
    "tempo_s": ...}`, with `"own"` in place of the exercise for a name of one's own, or with `"first"` in place of the last four:
    a set of the plan, from 0. plan: reads the one there is.

    Raises UsageError, PlanError, and what `plan` does.
    """
    if not isinstance(raw, Mapping):
        raise UsageError("A choice should be an object.")
    sensors, first = _sensors(raw.get("sensors") or {}), raw.get("first")
    if first is not None:
        now = plan()
        steps = now.steps
        if isinstance(first, bool) or not isinstance(first, int) or not 0 <= first < len(steps):
            raise UsageError("The plan has no such set any more; look at it again.")
        return Choice(sensors, plan=now, first=first).of(steps[first])
    exercise, side, target, tempo = (raw.get(key) for key in ("exercise", "side", "target", "tempo_s"))
    if exercise is not None and not isinstance(exercise, str):
        raise UsageError("The exercise should be a name.")
    own = raw.get("own")
    if own is not None and (not isinstance(own, str) or exercise is not None):
        raise UsageError("A name of your own should be a text, in place of the exercise.")
    if side not in ("left", "right", None):
        raise UsageError("The side should be left or right.")
    if target is not None and (isinstance(target, bool) or not isinstance(target, int) or not 1 <= target <= MOST_REPS):
        raise UsageError(f"The target should be a whole number from 1 to {MOST_REPS}.")
    return Choice(
        sensors,
        None if exercise is None else find(exercise),
        side,
        target,
        None if tempo is None else tempo_of(tempo),
        own=None if own is None else checked_name(own),
    )


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
