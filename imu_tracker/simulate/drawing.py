"""Random sessions and random sensors: what training and evaluation sets are drawn from.

Shares and ranges are guesses that span the ordinary; where the catalogue has a range, that is what is drawn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from imu_tracker.exercises import Exercise, Span, find
from imu_tracker.results import Side
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.script import SIDES, other
from imu_tracker.simulate.wearing import SITES, TYPICAL, Mounting, Sensor, draw_mounting, rotation

COUNT = {"reps": (4, 16), "steps": (5, 14)}
HOLD_S = Span(10, 40)
RATES_HZ = (50.0, 60.0, 100.0, 100.0, 100.0, 104.0, 200.0)
# Round the belt: degrees to the left from the sacrum. On the back or against a wall it is worn where nobody lies on it.
BELT_DEG = {"back": 0.0, "left": -90.0, "right": 90.0, "front": 180.0}
ON_THE_BACK = ("frog_pump", "glute_bridge", "hip_thrust", "straight_leg_raise", "single_leg_wall_sit")


def draw_side(rng: np.random.Generator) -> Side:
    """Left or right."""
    return cast(Side, SIDES[int(rng.integers(2))])


def draw_set(rng: np.random.Generator, exercise: Exercise, side: Side | None = None) -> Part:
    """One set: how many reps or how long, and how well it is done. Most sets are clean, some show the mistakes that cues name."""
    side = side or draw_side(rng)
    fewest, most = COUNT["steps" if exercise.pattern == "steps" else "reps"]
    slips = tuple(c.cue for c in exercise.cues if rng.random() < 0.3) if rng.random() < 0.5 else ()
    return Part(
        exercise.name,
        count=int(rng.integers(fewest, most + 1)),
        side=side,
        seconds=float(rng.uniform(*HOLD_S)) if exercise.pattern == "hold" else 0.0,
        back=bool(rng.random() < 0.6),
        drop_share=float(rng.uniform(0.1, 0.6)) if exercise.drop_threshold_deg and rng.random() < 0.5 else 0.0,
        pauses=int(rng.integers(3, 7)) if rng.random() < 0.15 else 0,
        slips=slips,
        slip_share=float(rng.uniform(0.2, 0.7)),
        partial_share=float(rng.uniform(0.05, 0.25)) if rng.random() < 0.2 else 0.0,
        false_starts=0.1 if rng.random() < 0.12 else 0.0,
    )


def draw_between(rng: np.random.Generator) -> tuple[Part, ...]:
    """What people do between two sets: rest, walk about, sit, fetch something, fidget, climb stairs."""
    steps = int(rng.integers(3, 9))
    ways = (
        (Part("rest", seconds=float(rng.uniform(4, 15))),),
        (Part("walk", count=steps, side=draw_side(rng), turn_deg=90, brisk=float(rng.random())), Part("rest", seconds=4)),
        (Part("sit", seconds=float(rng.uniform(3, 12)), side=draw_side(rng)),),
        (Part("pick_up", count=1, side=draw_side(rng)), Part("rest", seconds=float(rng.uniform(2, 6)))),
        (Part("shift", count=int(rng.integers(3, 8)), side=draw_side(rng)),),
        (Part("rest", seconds=3), Part("fumble", seconds=float(rng.uniform(2, 5)), side=draw_side(rng))),
        (Part("lie", seconds=float(rng.uniform(2, 8)), side=draw_side(rng)),),
        (Part("turn", side=draw_side(rng)), Part("rest", seconds=float(rng.uniform(2, 6)))),
        (Part("stairs", count=int(rng.integers(6, 15)), side=draw_side(rng), brisk=float(rng.random())),),
        (Part("hands", seconds=float(rng.uniform(4, 12)), side=draw_side(rng)),),
        (Part("stretch", count=int(rng.integers(1, 4)), side=draw_side(rng)),),
        (Part("fidget", seconds=float(rng.uniform(4, 10)), side=draw_side(rng)),),
        (Part("jiggle", seconds=float(rng.uniform(4, 12)), side=draw_side(rng)),),
        (Part("march", count=int(rng.integers(4, 12)), side=draw_side(rng), brisk=float(rng.random())),),
    )
    shares = np.array([27, 27, 8, 10, 8, 12, 6, 5, 4, 10, 6, 6, 4, 4], float)
    return ways[int(rng.choice(len(ways), p=shares / shares.sum()))]


def draw_session(rng: np.random.Generator, exercises: Sequence[str]) -> tuple[Part, ...]:
    """Quiet standing, mostly bows, the way to the place; then each exercise, some on both sides, with rests between."""
    parts = [Part("quiet", seconds=float(rng.uniform(2.5, 6)), side=draw_side(rng))]
    if rng.random() < 0.8:
        parts.append(Part("bows", count=int(rng.integers(2, 4)), side=draw_side(rng)))
    if rng.random() < 0.3:
        parts.append(Part("fumble", seconds=float(rng.uniform(1.5, 4)), side=draw_side(rng)))
    if rng.random() < 0.8:
        turn = float(rng.choice([0, 45, 90, 180]))
        parts.append(Part("walk", count=int(rng.integers(2, 8)), side=draw_side(rng), turn_deg=turn, brisk=float(rng.random())))
    parts.append(Part("quiet", seconds=float(rng.uniform(0.8, 2)), side=draw_side(rng)))
    for k, name in enumerate(exercises):
        exercise = find(name)
        if k:
            parts += draw_between(rng)
        a_set = draw_set(rng, exercise)
        parts.append(a_set)
        if exercise.side_rule in ("stance_leg", "moving_leg") and rng.random() < 0.4:
            parts += draw_between(rng)
            parts.append(replace(draw_set(rng, exercise, cast(Side, other(a_set.side or "left"))), count=a_set.count))
    if rng.random() < 0.7:
        parts += draw_between(rng)
    parts.append(Part("quiet", seconds=float(rng.uniform(1, 3)), side=draw_side(rng)))
    return tuple(parts)


def draw_sensor(rng: np.random.Generator) -> Sensor:
    """A consumer IMU: TYPICAL, better or worse by some factor, at some rate, with some loss."""
    worse = float(rng.lognormal(0, 0.5))
    return replace(
        TYPICAL,
        rate_hz=float(rng.choice(RATES_HZ)),
        acc_noise=TYPICAL.acc_noise * worse,
        gyr_noise=TYPICAL.gyr_noise * worse,
        acc_bias=TYPICAL.acc_bias * float(rng.uniform(0.2, 2.0)),
        gyr_bias=TYPICAL.gyr_bias * float(rng.uniform(0.1, 2.5)),
        drift_ppm=float(rng.normal(0, 30)),
        jitter_s=float(rng.choice([0.0, 0.0005, 0.002])),
        lost=float(rng.choice([0.0, 0.0, 0.005, 0.02])),
        packet=int(rng.integers(1, 6)),
    )


def draw_worn(rng: np.random.Generator, placement: str, exercises: Sequence[str]) -> Mounting:
    """A sensor put on by hand; on a leg or an arm it may sit a quarter turn round, at the belt where the exercises let it."""
    mounting = draw_mounting(rng)
    if placement == "pelvis":
        lain_on = any(name in ON_THE_BACK for name in exercises)
        return round_the_belt(mounting, str(rng.choice(["left", "right", "front"])) if lain_on else "back")
    if placement == "chest":
        return mounting
    quarter = float(rng.choice([0.0, 0.0, 90.0, 180.0, 270.0]))
    return replace(mounting, turn=rotation(np.array([0.0, 0.0, np.deg2rad(quarter)])) @ mounting.turn)


def round_the_belt(mounting: Mounting, where: str) -> Mounting:
    """The same mounting at another place of the belt, by BELT_DEG: the sensor turns with the place, about the long axis."""
    turn = rotation(np.array([0.0, 0.0, np.deg2rad(BELT_DEG[where])]))
    site = np.array(SITES["pelvis"][1:])
    wide = np.array([1.0, 1.45, 1.0])  # hips are broader than they are deep
    shift = np.array(mounting.shift_m) + (turn @ site) * wide - site
    return replace(mounting, turn=turn @ mounting.turn, shift_m=(float(shift[0]), float(shift[1]), float(shift[2])))
