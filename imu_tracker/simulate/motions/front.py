"""Down to the front by way of the knees, onto elbows and toes, and up again. Written for the right knee going down first."""

from __future__ import annotations

import numpy as np

from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.script import SIDES

TOES_DEG = 62.0  # heel rise of a foot that stands on its toes
KNEE_HEIGHT_M = 0.05  # knee joint above the floor when kneeling
PRONE_ANKLE_M = 0.08  # ankle above the floor, lying on the front
HANDS_AND_KNEES_DEG = 76.0
ELBOW_HEIGHT_M = 0.03


def _toe_foot(actor: Actor) -> tuple[float, float]:
    """Ankle of a foot on its toes: forward of and above the ball, m."""
    build, heel = actor.person.build, np.deg2rad(TOES_DEG)
    forward = -build.ball * np.cos(heel) + build.ankle_height * np.sin(heel)
    return float(forward), float(build.ball * np.sin(heel) + build.ankle_height * np.cos(heel))


def kneel(actor: Actor) -> None:
    """From standing to kneeling upright on both knees, toes tucked; the hips end a tenth of a metre behind where they were."""
    build = actor.person.build
    forward, ankle = _toe_foot(actor)
    shank = float(np.sqrt(build.shank**2 - (ankle - KNEE_HEIGHT_M) ** 2))
    down = build.thigh + KNEE_HEIGHT_M
    t = actor.now
    ball = -0.1 - shank - forward  # of a kneeling foot, against where the hips are now
    places = {side: actor.ahead(ball, sign * build.hips / 2) for side, sign in (("left", 1.0), ("right", -1.0))}
    yaw = actor.value("yaw")
    actor.keep_level(actor.body().origin["pelvis"][0, 2], t - 0.1, 0.1)
    actor.move("z", t, 1.0, to=down + 0.15)
    actor.travel(-0.22, 0.0, t, 1.0)
    actor.bump("trunk_lean", 25.0, t, t + 0.9, t + 1.2, t + 2.4)
    actor.bump("tilt", 14.0, t, t + 0.9, t + 1.2, t + 2.4)
    _toe_step(actor, "right", places["right"], yaw, t, 1.0)
    actor.move("z", t + 1.0, 0.8, to=down)
    actor.travel(0.12, 0.0, t + 1.0, 0.8)
    actor.thud(t + 1.75, 0.8)
    _toe_step(actor, "left", places["left"], yaw, t + 1.8, 0.9)
    actor.until(t + 2.9)


def _toe_step(actor: Actor, foot: str, place: tuple[float, float], yaw: float, start: float, duration: float) -> None:
    actor.step(foot, place, yaw, start, duration, lift=0.05)
    actor.move(f"heel_{foot}", start + 0.05, 0.9 * duration, to=TOES_DEG)


def stand_up_from_knees(actor: Actor) -> None:
    """From kneeling to standing, the left foot first."""
    build = actor.person.build
    t = actor.now
    yaw = actor.value("yaw")
    x, y = actor.ahead(0.1, 0.0)
    places = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        places[side], _ = foot_under(actor, side, 0.1, sign * build.hips / 2)
    for side, start in (("left", t), ("right", t + 1.5)):
        out = 7.0 if side == "left" else -7.0
        actor.step(side, places[side], yaw + out, start, 0.9, lift=0.07)
        actor.move(f"heel_{side}", start + 0.1, 0.75, to=0.0)
    actor.travel(-0.12, 0.0, t + 0.7, 0.7)
    actor.move("z", t + 0.8, 0.8, by=0.15)
    actor.bump("trunk_lean", 30.0, t + 0.5, t + 1.3, t + 1.5, t + 2.6)
    actor.bump("tilt", 16.0, t + 0.5, t + 1.3, t + 1.5, t + 2.6)
    actor.move("x", t + 1.5, 1.1, to=x)
    actor.move("y", t + 1.5, 1.1, to=y)
    actor.move("z", t + 1.5, 1.1, to=actor.hip_height(STANDING_KNEE_DEG, 0.0))
    actor.stand_on_legs(t + 2.7, 0.4)
    actor.until(t + 3.1)


def down_to_front(actor: Actor) -> None:
    """From standing to lying face down, by way of hands and knees."""
    kneel(actor)
    t = actor.now
    for side in SIDES:
        actor.hang(side, t)
    actor.hold("held_knee_left", t)
    t += 0.4
    _to_hands(actor, t)
    t += 1.5
    # The hips go forward and down about the knees, the insteps come down behind.
    build = actor.person.build
    slope = float(np.rad2deg(np.arcsin((build.depth - KNEE_HEIGHT_M) / build.thigh)))
    flat = slope + float(np.rad2deg(np.arcsin((PRONE_ANKLE_M - KNEE_HEIGHT_M) / build.shank)))
    actor.move("tilt", t, 1.5, to=90.0)
    actor.move("trunk_lean", t, 1.5, to=90.0)
    for side in SIDES:
        for name, to in (("hip_flexion", slope), ("knee", flat), ("hip_rotation", 0.0)):
            actor.move(f"{name}_{side}", t, 1.5, to=to)
        actor.move(f"ankle_{side}", t + 0.2, 1.1, to=-52.0)
    _arms(actor, t - 0.2, 1.2, flexion=18.0, abduction=40.0, elbow=150.0)
    actor.until(t + 1.6)
    actor.let_go("held_knee_left", actor.now)
    actor.until(t + 2.0 + float(actor.rng.uniform(0.2, 0.7)))


def get_up_from_front(actor: Actor) -> None:
    """From lying face down to standing."""
    actor.hold("held_knee_left", actor.now)
    actor.until(actor.now + 0.4)
    t = actor.now
    build = actor.person.build
    _, ankle = _toe_foot(actor)
    sloped = float(np.rad2deg(np.arcsin((ankle - KNEE_HEIGHT_M) / build.shank)))
    for side in SIDES:
        actor.move(f"hip_flexion_{side}", t, 1.5, to=HANDS_AND_KNEES_DEG)
        actor.move(f"hip_abduction_{side}", t, 1.5, to=0.0)
        actor.move(f"knee_{side}", t, 1.5, to=90.0 + sloped)
        actor.move(f"ankle_{side}", t, 1.4, to=90.0 - TOES_DEG + sloped)
    actor.move("tilt", t, 1.5, to=HANDS_AND_KNEES_DEG)
    actor.move("trunk_lean", t, 1.5, to=HANDS_AND_KNEES_DEG)
    _arms(actor, t, 1.4, flexion=HANDS_AND_KNEES_DEG, abduction=0.0, elbow=6.0)
    t += 1.7
    for name in ("tilt", "trunk_lean", "hip_flexion_left", "hip_flexion_right"):
        actor.move(name, t, 1.2, to=0.0)
    _arms(actor, t, 1.2, flexion=0.0, abduction=0.0, elbow=0.0)
    actor.until(t + 1.3)
    actor.let_go("held_knee_left", actor.now)
    for side in SIDES:
        actor.plant(side, actor.now)
        actor.put(f"foot_z_{side}", 0.0)
    actor.until(actor.now + 0.5)
    stand_up_from_knees(actor)


def into_plank(actor: Actor, stands_on: str) -> None:
    """From lying face down onto elbows and toes; that leg's ankle then holds the body."""
    build = actor.person.build
    t = actor.now
    # Toes tucked: the ankles rise by bending the knees a little, then the elbows go under the shoulders.
    lifted = float(np.rad2deg(np.arcsin((build.ball + 0.01 - actor.body().origin["foot_left"][0, 2]) / build.shank)))
    for side in SIDES:
        actor.move(f"knee_{side}", t, 0.9, by=lifted)
        actor.move(f"ankle_{side}", t, 0.9, to=lifted)
        actor.move(f"elbow_{side}", t + 0.3, 1.2, to=90.0)
    actor.move("trunk_lean", t + 0.4, 1.2, to=66.0)
    actor.until(t + 1.7)
    for side in SIDES:
        actor.plant(side, actor.now - 0.3)  # where the foot of the standing leg keeps to
        actor.move(f"placed_{side}", actor.now - 0.3, 0.3, to=0.0)
    actor.hold(f"held_ankle_{stands_on}", actor.now)
    t = actor.now + 0.4
    ankle = float(actor.body().origin[f"foot_{stands_on}"][0, 2])
    whole = build.thigh + build.shank + build.waist + build.shoulder
    slope = float(np.rad2deg(np.arcsin((build.upper_arm + ELBOW_HEIGHT_M - ankle) / whole)))
    _elbows_under(actor, stands_on, slope)
    for name in ("tilt", "trunk_lean"):
        actor.move(name, t, 1.3, to=90.0 - slope)
    for side in SIDES:
        actor.move(f"hip_flexion_{side}", t, 1.3, to=0.0)
        actor.move(f"knee_{side}", t, 1.3, to=0.0 if side == stands_on else 3.0)
        actor.move(f"propped_{side}", t - 0.4, 1.4, to=1.0)
    actor.until(t + 1.6 + float(actor.rng.uniform(0.2, 0.6)))


def _elbows_under(actor: Actor, stands_on: str, slope: float) -> None:
    """Puts the elbows where the shoulders will be in the plank."""
    build = actor.person.build
    foot = actor.body().origin[f"foot_{stands_on}"][0]
    yaw = np.deg2rad(actor.value("yaw"))
    ahead = (build.thigh + build.shank + build.waist + build.shoulder) * float(np.cos(np.deg2rad(slope)))
    middle = 0.5 * build.hips * (-1.0 if stands_on == "left" else 1.0)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        across = middle + sign * 0.5 * build.shoulders
        actor.put(f"elbow_x_{side}", float(foot[0] + ahead * np.cos(yaw) - across * np.sin(yaw)))
        actor.put(f"elbow_y_{side}", float(foot[1] + ahead * np.sin(yaw) + across * np.cos(yaw)))
        actor.put(f"elbow_z_{side}", ELBOW_HEIGHT_M)


def out_of_plank(actor: Actor, stands_on: str) -> None:
    """From the plank down on the front."""
    build = actor.person.build
    t = actor.now
    ankle = float(actor.body().origin[f"foot_{stands_on}"][0, 2])
    to_knee = float(np.rad2deg(np.arcsin((ankle - KNEE_HEIGHT_M) / build.shank)))
    to_hip = float(np.rad2deg(np.arcsin((build.depth - KNEE_HEIGHT_M) / build.thigh)))
    for name, to in (("tilt", 90.0), ("trunk_lean", 74.0)):
        actor.move(name, t, 1.1, to=to)
    for side in SIDES:
        actor.move(f"hip_flexion_{side}", t, 1.1, to=to_hip)
        actor.move(f"knee_{side}", t, 1.1, to=to_hip + to_knee)
    actor.until(t + 1.2)
    actor.let_go(f"held_ankle_{stands_on}", actor.now)
    t = actor.now + 0.4
    for side in SIDES:
        actor.move(f"propped_{side}", t, 1.0, to=0.0)
    actor.move("trunk_lean", t, 0.9, to=88.0)
    _arms(actor, t, 1.0, flexion=18.0, abduction=40.0, elbow=150.0)
    actor.until(t + 1.1)


def _to_hands(actor: Actor, start: float) -> None:
    """From kneeling upright forward onto the hands; the thighs stay upright."""
    for name in ("tilt", "trunk_lean", "hip_flexion_left", "hip_flexion_right"):
        actor.move(name, start, 1.3, to=HANDS_AND_KNEES_DEG)
    _arms(actor, start, 1.2, flexion=HANDS_AND_KNEES_DEG, abduction=0.0, elbow=6.0)


def _arms(actor: Actor, start: float, duration: float, flexion: float, abduction: float, elbow: float) -> None:
    for side in SIDES:
        for name, to in (("arm_flexion", flexion), ("arm_abduction", abduction), ("elbow", elbow)):
            actor.move(f"{name}_{side}", start, duration, to=to)
