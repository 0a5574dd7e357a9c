"""Where a session is in its plan: which set is next, and what was done of each."""

from __future__ import annotations

from imu_tracker import words
from imu_tracker.results import Set
from imu_tracker.session.asked import ENOUGH, share
from imu_tracker.session.plan import Plan, Step


class Following:
    """A plan that is followed, from one of its sets on."""

    def __init__(self, plan: Plan, first: int) -> None:
        self.steps = plan.steps
        self.at = first
        self.done: dict[int, str] = {}  # what was counted in each set that was done, by its number from 0

    @property
    def step(self) -> Step:
        """The set to do, at the end the last one that was done."""
        return self.steps[self.at]

    @property
    def over(self) -> bool:
        """Whether all sets are done."""
        return len(self.done) == len(self.steps)

    def closed(self, one: Set) -> None:
        """A set is over: on to the next one that is open, unless it was too little to have been the one asked for."""
        if share(one, self.step.asked) < ENOUGH:
            return
        self.done[self.at] = words.counted(one)
        ahead = [*range(self.at + 1, len(self.steps)), *range(self.at)]
        self.at = next((k for k in ahead if k not in self.done), self.at)

    def go_to(self, number: int) -> None:
        """To another set, as the wearer wants; one that was done is done again."""
        if 0 <= number < len(self.steps):
            self.at = number
            self.done.pop(number, None)
