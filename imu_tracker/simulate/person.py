"""Random people: how tall, how fast, how deep, how steady, and what they do wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from imu_tracker.simulate.body import Build
from imu_tracker.simulate.script import SIDES

DROP_DEG = {"mean": 3.0, "sd": 2.0}  # usual drop in single-leg work; healthy single-leg squats show 7.4 +/- 3.8 at their lowest

# Of real repetitions of ten exercises: turn rate at 1-3 Hz is 12-20 % of the slow turn rate; above 3 Hz people differ sixfold.
RIPPLE = (0.12, 0.22)
UNSTEADY = (0.4, 2.4)


@dataclass(frozen=True)
class Person:
    """Who moves. pace, range: 0-1, where in the catalogue's spans this person usually is (0 fast, small).

    uneven: SD of a rep's time and range against the last, as a share. fatigue: how much slower the last rep is than the first, as
    a share. sway_deg: RMS unsteadiness of the pelvis on one leg. lean: factor on how far the trunk leans. stamp: factor on the
    impact of a foot that lands. drop_deg: usual pelvic drop when standing on each leg (negative: the free side is hiked).
    ripple: RMS of how much faster or slower than the smoothest way a movement runs, 1-3 Hz, as a share of its speed. unsteady:
    factor on the unsteadiness of limbs and pelvis above that.
    """

    stature: float = 1.72
    pace: float = 0.5
    range: float = 0.5
    uneven: float = 0.06
    fatigue: float = 0.1
    sway_deg: float = 0.4
    lean: float = 1.0
    stamp: float = 1.0
    drop_left_deg: float = 3.0
    drop_right_deg: float = 3.0
    ripple: float = 0.15
    unsteady: float = 1.0

    @property
    def build(self) -> Build:
        """The lengths of the segments."""
        return Build(self.stature)

    def drop_deg(self, stance: str) -> float:
        """The usual pelvic drop when standing on that leg."""
        return self.drop_left_deg if stance == SIDES[0] else self.drop_right_deg

    def mirrored(self) -> Person:
        """The same person with left and right swapped."""
        return replace(self, drop_left_deg=self.drop_right_deg, drop_right_deg=self.drop_left_deg)

    def as_data(self) -> Mapping[str, Any]:
        """For the truth."""
        return asdict(self)


def draw_person(rng: np.random.Generator) -> Person:
    """A random person; ranges are guesses that span the ordinary, to be held against real motion."""
    drop = rng.normal(DROP_DEG["mean"], DROP_DEG["sd"])
    asymmetry = rng.normal(0, 0.7)
    return Person(
        stature=float(np.clip(rng.normal(1.72, 0.09), 1.5, 1.98)),
        pace=float(rng.uniform(0.1, 0.8)),
        range=float(rng.uniform(0.15, 0.85)),
        uneven=float(rng.uniform(0.03, 0.1)),
        fatigue=float(rng.uniform(0, 0.25)),
        sway_deg=float(rng.uniform(0.2, 0.8)),
        lean=float(rng.uniform(0.7, 1.3)),
        stamp=float(rng.lognormal(0, 0.35)),
        drop_left_deg=float(drop + asymmetry),
        drop_right_deg=float(drop - asymmetry),
        ripple=float(rng.uniform(*RIPPLE)),
        unsteady=float(np.exp(rng.uniform(*np.log(UNSTEADY)))),
    )
