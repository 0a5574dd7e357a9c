"""Down to the floor and up again: sitting, on the back, on a side, on the front, on elbows and toes.

Written for a body that lies down on its right side (the left one up), its head where its back was when it stood.
"""

from __future__ import annotations

import numpy as np

from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.script import SIDES

SEAT_BACK = 0.235  # of the stature: how far behind the feet someone sits down on the floor


def sit_on_floor(actor: Actor, lean_back_deg: float = 20.0) -> None:
    """From standing to sitting on the floor, knees bent, feet where they stood."""
    t, build = actor.now, actor.person.build
    down = 1.9 * actor.uneven()
    actor.keep_level(actor.body().origin["pelvis"][0, 2], t - 0.1, 0.1)
    actor.move("lying", t, down, to=1.0)
    actor.move("z", t, down, to=build.depth + 0.005)
    actor.travel(-SEAT_BACK * build.stature, 0.0, t, down)
    for channel, by in (("tilt", 30.0), ("trunk_lean", 48.0)):
        actor.bump(channel, by, t, t + 0.45 * down, t + 0.5 * down, t + down)
    actor.move("tilt", t + 0.5 * down, 0.6 * down, to=-20.0)
    actor.move("trunk_lean", t + 0.5 * down, 0.6 * down, to=-lean_back_deg)
    for side in SIDES:
        actor.move(f"arm_flexion_{side}", t, down, to=18.0)
        actor.bump(f"arm_flexion_{side}", 30.0, t, t + 0.4 * down, t + 0.5 * down, t + 0.9 * down)
    actor.thud(t + 0.95 * down, 1.0)
    actor.until(t + 1.1 * down + 0.2)


def stand_up_from_floor(actor: Actor) -> None:
    """From sitting on the floor, feet flat in front, to standing on them."""
    t = actor.now
    up = 2.1 * actor.uneven()
    x, y = _between_feet(actor)
    standing = actor.hip_height(STANDING_KNEE_DEG, 0.0)
    for channel, to in (("z", standing), ("x", x), ("y", y), ("lying", 0.0)):
        actor.move(channel, t + 0.15 * up, 0.85 * up, to=to)
    for channel, by in (("tilt", 34.0), ("trunk_lean", 58.0)):
        actor.move(channel, t, 0.5 * up, to=0.0)
        actor.bump(channel, by, t, t + 0.42 * up, t + 0.5 * up, t + up)
    for side in SIDES:
        actor.move(f"arm_flexion_{side}", t, up, to=0.0)
        actor.bump(f"arm_flexion_{side}", 70.0, t, t + 0.4 * up, t + 0.5 * up, t + up)
    actor.stand_on_legs(t + up, 0.4)
    actor.move("crouch", t, 0.5, to=STANDING_KNEE_DEG)
    actor.until(t + up + 0.5)


def lie_back(actor: Actor) -> None:
    """From sitting on the floor to lying on the back, knees bent, feet flat."""
    t = actor.now
    for channel in ("trunk_lean", "tilt"):
        actor.move(channel, t, 1.7, to=-90.0)
    actor.move("z", t, 1.7, to=actor.person.build.depth)
    for side in SIDES:
        actor.move(f"arm_flexion_{side}", t, 1.9, to=4.0)
        actor.move(f"arm_abduction_{side}", t, 1.7, to=18.0)
    actor.until(t + 1.9 + float(actor.rng.uniform(0.1, 0.6)))


def sit_up(actor: Actor) -> None:
    """From lying on the back, feet flat, to sitting."""
    t = actor.now
    actor.move("trunk_lean", t, 1.5, to=10.0)
    actor.move("tilt", t + 0.2, 1.4, to=-12.0)
    actor.move("z", t + 0.2, 1.4, to=actor.person.build.depth + 0.005)
    for side in SIDES:
        actor.move(f"arm_abduction_{side}", t, 1.4, to=0.0)
        actor.move(f"arm_flexion_{side}", t, 1.4, to=20.0)
    actor.until(t + 1.7)


def lie_on_back(actor: Actor) -> None:
    """From standing to lying on the back, knees bent, feet flat."""
    sit_on_floor(actor)
    lie_back(actor)


def get_up_from_back(actor: Actor) -> None:
    """From lying on the back, feet flat, to standing."""
    sit_up(actor)
    stand_up_from_floor(actor)


def lie_on_side(actor: Actor, hip_deg: float, knee_deg: float, lower_knee_deg: float | None = None) -> None:
    """From standing to lying on the right side, hips and knees flexed so far."""
    lie_on_back(actor)
    t, build = actor.now, actor.person.build
    roll = 1.8 * actor.uneven()
    for side in SIDES:
        actor.hang(side, t)
    for channel in ("spin", "trunk_spin"):
        actor.move(channel, t, roll, to=-90.0)
    actor.move("z", t, 0.7 * roll, to=build.on_side)
    actor.move("trunk_lean", t, roll, to=-83.0)  # the shoulders are broader than the hips
    # The upper leg rests on the lower one, the lower one on the floor: both slope down a little.
    rest = float(np.rad2deg(np.arcsin((build.hips - 0.09) / (build.thigh + build.shank))))
    lower_knee = knee_deg if lower_knee_deg is None else lower_knee_deg
    for side, knee, abduction in (("left", knee_deg, -1.1 * rest - 3.0), ("right", lower_knee, 1.0)):
        legs = (("hip_flexion", hip_deg), ("hip_abduction", abduction), ("hip_rotation", 0.0), ("knee", knee), ("ankle", -12.0))
        for name, to in legs:
            actor.move(f"{name}_{side}", t + 0.3, roll, to=to)
    actor.move("arm_flexion_right", t, roll, to=140.0)  # under the head
    actor.move("elbow_right", t, roll, to=60.0)
    actor.move("arm_flexion_left", t, roll, to=45.0)
    actor.move("elbow_left", t, roll, to=70.0)
    for side in SIDES:
        actor.move(f"arm_abduction_{side}", t, roll, to=0.0)
    actor.until(t + roll + 0.4 + float(actor.rng.uniform(0.2, 0.8)))


def get_up_from_side(actor: Actor) -> None:
    """From lying on a side to standing, by way of the back."""
    t, build = actor.now, actor.person.build
    feet_to_floor(actor, t)  # the knees come up first
    for channel in ("spin", "trunk_spin"):
        actor.move(channel, t + 0.8, 1.5, to=0.0)
    for channel in ("tilt", "trunk_lean"):
        actor.move(channel, t + 0.8, 1.2, to=-90.0)
    actor.move("z", t + 1.2, 1.1, to=build.depth)
    for side in SIDES:
        for name, to in (("arm_flexion", 5.0), ("elbow", 0.0), ("arm_abduction", 18.0)):
            actor.move(f"{name}_{side}", t + 0.6, 1.6, to=to)
    actor.until(t + 2.5)
    for side in SIDES:
        actor.plant(side, actor.now, flat=True)
    actor.until(actor.now + 0.5)
    get_up_from_back(actor)


def feet_to_floor(actor: Actor, start: float, legs: tuple[str, ...] = SIDES) -> None:
    """On the back, hanging legs bend until the feet are flat on the floor, where someone who gets up wants them."""
    build = actor.person.build
    # Hips and ankles are about one height above the floor: the knee stands above the middle between them.
    reach = SEAT_BACK * build.stature
    up = float(np.rad2deg(np.arccos(np.clip(reach / 2 / build.thigh, -1, 1))))
    below = float(np.rad2deg(np.arctan2(build.depth - build.ankle_height, reach)))
    for side in legs:
        actor.move(f"hip_flexion_{side}", start, 1.1, to=up - below)  # first, so that the heel doesn't scrape
        wanted = (("knee", 2 * up), ("hip_abduction", 0.0), ("hip_rotation", 0.0), ("ankle", up + below - 90.0))
        for name, to in wanted:
            actor.move(f"{name}_{side}", start + 0.1, 1.3, to=to)


def _between_feet(actor: Actor) -> tuple[float, float]:
    """World x and y of the middle between the ankles."""
    body = actor.body()
    x, y, _ = (body.origin["foot_left"][0] + body.origin["foot_right"][0]) / 2
    return float(x), float(y)
