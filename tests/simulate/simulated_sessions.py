"""Sessions that several tests look at, performed once."""

from __future__ import annotations

import functools

from imu_tracker.exercises import find
from imu_tracker.simulate.motions import EVERYDAY, MOTIONS, Part
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.session import Movement, perform

EXERCISES = ("lateral_band_walk", "single_leg_squat")
UNEVEN_PERSON = Person(drop_left_deg=6.0, drop_right_deg=1.0)


def parts(exercise: str, side: str = "left", count: int = 6) -> tuple[Part, ...]:
    """A session of about a minute with one set; `side` also says which foot goes first and where the turn goes."""
    by_side = (
        Part("quiet", seconds=3, side="left"),
        Part("bows", count=2, side="left"),
        Part("walk", count=4, side="left", turn_deg=60),
        Part(exercise, count=count, side="left", drop_share=0.4, pauses=3),
        Part("rest", seconds=6, side="left"),
        Part("quiet", seconds=2, side="left"),
    )
    return by_side if side == "left" else tuple(p.mirrored() for p in by_side)


@functools.cache
def movement(exercise: str, side: str = "left", seed: int = 3) -> Movement:
    """A performed session; the mirrored one has the mirrored person."""
    return perform(parts(exercise, side), seed, UNEVEN_PERSON if side == "left" else UNEVEN_PERSON.mirrored())


ALL = tuple(MOTIONS)
NOT_EXERCISE = tuple(name for name in EVERYDAY if name not in ("quiet",))


@functools.cache
def short(name: str, side: str = "left", faulty: bool = True) -> Movement:
    """Quiet standing, one short set (or something that isn't exercise) with every mistake its cues name, quiet standing."""
    slips = tuple(c.cue for c in find(name).cues) if name in MOTIONS and faulty else ()
    one = Part(
        name,
        count=3,
        side="left",
        seconds=6.0,
        turn_deg=60,
        back=False,
        drop_share=0.5 if faulty else 0.0,
        slips=slips,
        partial_share=0.3 if faulty else 0.0,
        brisk=0.7,
    )
    whole: tuple[Part, ...] = (Part("quiet", seconds=2, side="left"), one, Part("quiet", seconds=1.5, side="left"))
    person = UNEVEN_PERSON
    if side == "right":
        whole, person = tuple(p.mirrored() for p in whole), person.mirrored()
    return perform(whole, 8, person)
