"""The hold that is going on, where the exercise is one: how long it has lasted, from the same finder as an analysis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from imu_tracker.live.parameters import LiveParameters
from imu_tracker.live.views import LiveRep
from imu_tracker.motion.growing import GrowingMotion
from imu_tracker.reps import Hold, find_holds
from imu_tracker.results import Set


class Holding:
    """The latest hold since the last set was over."""

    reps: tuple[LiveRep, ...] = ()

    def __init__(self, p: LiveParameters) -> None:
        self._p = p
        self._hold: Hold | None = None
        self._next_s = 0.0
        self._looked_s = 0.0

    @property
    def found(self) -> bool:
        """Whether there is a hold."""
        return self._hold is not None

    @property
    def first_s(self) -> float:
        """When it began."""
        return self._hold.start_s if self._hold is not None else np.inf

    @property
    def last_s(self) -> float:
        """When it ended, or how far it has come."""
        return self._hold.end_s if self._hold is not None else -np.inf

    def held_s(self, now_s: float) -> float | None:
        """How long it has lasted."""
        if self._hold is None:
            return None
        going_on = self._looked_s - self._hold.end_s < self._p.settled_s
        return (now_s if going_on else self._hold.end_s) - self._hold.start_s

    def working(self, now_s: float) -> bool:
        """Whether it goes on."""
        return self._hold is not None and now_s - self._hold.end_s <= self._p.hold_s + 1.0

    def late(self, now_s: float) -> bool:
        """Whether it has ended, for now."""
        return self._hold is not None and not self.working(now_s)

    def over(self, now_s: float) -> bool:
        """Whether it has ended for good."""
        return self._hold is not None and now_s - self._hold.end_s > self._p.pause_s

    def clear(self) -> None:
        """The set is over."""
        self._hold = None

    def agree(self, found: Set) -> None:
        """The analysis has the same finder: nothing to learn from it."""

    def look(self, motions: Mapping[str, GrowingMotion], begin_s: float, now_s: float) -> None:
        """Looks for a hold in what has come in since begin_s, once a second."""
        if now_s < self._next_s:
            return
        self._next_s, self._looked_s = now_s + self._p.hold_s, now_s
        begin_s = max(begin_s, now_s - self._p.longest_hold_s)
        holds = [hold for motion in motions.values() for hold in find_holds(motion.between(begin_s, now_s))]
        latest = max(holds, key=lambda h: (h.end_s, h.length_s), default=None)
        if latest is not None and now_s - latest.end_s <= self._p.pause_s + self._p.hold_s + 1.0:
            self._hold = latest
