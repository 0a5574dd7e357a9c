"""Done against asked: a session's sets beside the plan that it was begun with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from imu_tracker.numeric import median
from imu_tracker.results import Set
from imu_tracker.session.plan import Asked, Plan

ENOUGH = 0.5  # a set with less than this share of what was asked is another try, as half a rep is none


@dataclass(frozen=True)
class Against:
    """What was asked of one side of a row, None where it has no sides, and the sets that were done of it, in order of time."""

    asked: Asked
    side: Literal["left", "right"] | None
    done: tuple[Set, ...]

    @property
    def reached(self) -> int:
        """How many of the sets had all that was asked."""
        return sum(share(one, self.asked) >= 1.0 for one in self.done)

    @property
    def tempo_s(self) -> tuple[float, float, float] | None:
        """How long the phases usually were: medians over the reps; None where they aren't known."""
        known = [(r.out_s, r.pause_s, r.back_s) for one in self.done for r in one.reps if not r.partial]
        whole = [(a, b, c) for a, b, c in known if a is not None and b is not None and c is not None]
        if not whole:
            return None
        out, pause, back = (round(median(np.array(phase)), 1) for phase in zip(*whole, strict=True))  # finer is noise
        return out, pause, back


def share(one: Set, asked: Asked) -> float:
    """How much of what was asked of a set was done."""
    if asked.hold_s is not None:
        return round(one.hold_s or 0.0) / asked.hold_s  # nobody lets go on the tenth of a second
    return one.count / (asked.reps or 1)


def against(plan: Plan, sets: Sequence[Set]) -> tuple[tuple[Against, ...], tuple[Set, ...]]:
    """Each row and side of a plan with the sets done of it; and the sets that it didn't ask for, or whose side isn't known.

    A row takes as many sets as it asks for before the next one of the same exercise and side does; the last takes the rest.
    """
    lines = [(asked, side) for asked in plan.rows for side in asked.sides]
    done: list[list[Set]] = [[] for _ in lines]
    others = []
    for one in sets:
        fitting = [k for k, (asked, side) in enumerate(lines) if asked.name == one.exercise and side in (None, one.side)]
        if fitting:
            done[next((k for k in fitting if len(done[k]) < lines[k][0].sets), fitting[-1])].append(one)
        else:
            others.append(one)
    return tuple(Against(*line, tuple(found)) for line, found in zip(lines, done, strict=True)), tuple(others)
