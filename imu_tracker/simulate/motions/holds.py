"""Isometric work at a wall. Written for the right leg standing; `side` is the standing leg.

A hold is level at first; as it tires the pelvis drifts down on the free side, the pose sinks and the leg trembles.
"""

from __future__ import annotations

import numpy as np

from imu_tracker.exercises import Exercise, Span
from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.one_leg import onto_both_legs, onto_right_leg
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import DROP_EXTRA_DEG
from imu_tracker.simulate.truth import TrueSet

TREMOR_DEG = Span(0.05, 0.16)  # RMS at 5-9 Hz when tired; a fresh leg has a tenth of it
USUAL_HOLD_S = Span(10, 45)


def wall_lean(actor: Actor, part: Part, exercise: Exercise) -> None:
    """The wall at the left; the left thigh lifted to parallel and pressed into it, the right leg holds."""
    begin = actor.now
    actor = actor.working(part.side, "right")
    lifted = onto_right_leg(actor, knee=12.0, flexion=30.0, free_knee=50.0)
    t = actor.now
    for name, to in (("hip_flexion", 84.0), ("knee", 88.0), ("hip_abduction", 7.0), ("hip_rotation", 0.0), ("ankle", 6.0)):
        actor.move(f"{name}_left", t, 1.0, to=to)
    # The whole body leans a little, pelvis level, the knee against the wall.
    actor.travel(0.0, 0.025, t + 0.2, 0.9)
    actor.move("trunk_roll", t + 0.2, 0.9, to=-2.0)
    actor.until(t + 1.3)
    actor.thud(actor.now - 0.2, 0.5)
    _hold(actor, part, exercise, sinking="hip_flexion_left", sinks=-12.0)
    t = actor.now
    actor.travel(0.0, -0.025, t, 0.9)
    actor.move("trunk_roll", t, 0.9, to=1.5)
    for name, to in (("hip_flexion", 30.0), ("knee", 55.0), ("hip_abduction", 2.0)):
        actor.move(f"{name}_left", t, 0.9, to=to)
    actor.until(t + 0.9)
    onto_both_legs(actor, lifted)
    reach = 0.5 * actor.person.build.hips + 0.13
    actor.prop("wall", begin, (-0.5, 0.8), (reach, reach + 0.06), (0.0, 1.9))


def single_leg_wall_sit(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Back against a wall, thighs parallel to the floor, the left leg out straight."""
    begin = actor.now
    actor = actor.working(part.side, "right")
    build = actor.person.build
    deep = build.ankle_height + build.shank + 0.02 + 0.05 * (1 - actor.person.range)
    _down_the_wall(actor, deep)
    t = actor.now
    actor.hang("left", t)
    for name, to in (("hip_flexion", 82.0), ("knee", 10.0), ("hip_abduction", 0.0), ("hip_rotation", 0.0), ("ankle", 10.0)):
        actor.move(f"{name}_left", t + 0.2, 1.0, to=to)
    lifted = t + 0.3
    actor.until(t + 1.3)
    sinks = -0.10 * actor.person.fatigue / 0.25 - 0.09 * ("no_sinking" in part.slips or "thigh_parallel" in part.slips)
    _hold(actor, part, exercise, sinking="z", sinks=sinks)
    t = actor.now
    x, y = actor.value("foot_x_right"), actor.value("foot_y_right")
    across = actor.ahead(0.0, build.hips)
    for axis, at, to in (("x", x, across[0] - actor.value("x")), ("y", y, across[1] - actor.value("y"))):
        actor.put(f"foot_{axis}_left", at + to)
    actor.put("foot_z_left", 0.0)
    actor.put("foot_yaw_left", actor.value("yaw") + 7.0)
    actor.move("hip_flexion_left", t, 0.8, to=97.0)
    actor.move("knee_left", t, 1.0, to=45.0)
    actor.move("placed_left", t + 0.5, 0.9, to=1.0)
    actor.stands("right", lifted, t + 1.2)
    actor.until(t + 1.6)
    _up_the_wall(actor)
    back = -0.075 * build.stature
    actor.prop("wall", begin, (back - 0.06, back), (-0.7, 0.7), (0.0, 1.9))


def _down_the_wall(actor: Actor, height: float) -> None:
    """The feet walk forward one after the other while the back slides down."""
    build = actor.person.build
    actor.keep_level(actor.body().origin["pelvis"][0, 2], actor.now - 0.1, 0.1)
    standing = actor.value("z")
    drop = standing - height
    for k, (foot, sign) in enumerate((("right", -1.0), ("left", 1.0), ("right", -1.0), ("left", 1.0))):
        t = actor.now
        share = 0.5 if k < 2 else 1.0
        place, yaw = foot_under(actor, foot, share * build.thigh, sign * build.hips / 2, toe_out=4.0)
        actor.step(foot, place, yaw, t, 0.6, lift=0.03)
        actor.move("z", t + 0.05, 0.7, to=standing - drop * (0.12, 0.3, 0.6, 1.0)[k])
        actor.bump("tilt", 2.0, t, t + 0.3, t + 0.4, t + 0.7)
        actor.thud(t + 0.6, 0.7)
        actor.until(t + 0.75)
    for side in ("left", "right"):
        actor.move(f"arm_flexion_{side}", actor.now - 1.0, 1.0, to=12.0)
    actor.until(actor.now + 0.3)


def _up_the_wall(actor: Actor) -> None:
    build = actor.person.build
    standing = actor.hip_height(STANDING_KNEE_DEG, 0.0)
    low = actor.value("z")
    for k, (foot, sign) in enumerate((("right", -1.0), ("left", 1.0), ("right", -1.0), ("left", 1.0))):
        t = actor.now
        place, yaw = foot_under(actor, foot, 0.5 * build.thigh if k < 2 else 0.0, sign * build.hips / 2)
        actor.step(foot, place, yaw, t + 0.1, 0.6, lift=0.03)
        actor.move("z", t, 0.7, to=low + (standing - low) * (0.3, 0.6, 0.85, 1.0)[k])
        actor.thud(t + 0.7, 0.7)
        actor.until(t + 0.75)
    for side in ("left", "right"):
        actor.move(f"arm_flexion_{side}", actor.now - 1.0, 1.0, to=0.0)
    actor.stand_on_legs(actor.now, 0.4)
    actor.until(actor.now + 0.5)


def _hold(actor: Actor, part: Part, exercise: Exercise, sinking: str, sinks: float) -> None:
    """Holds for the part's seconds, or as long as people do; writes the set down and relaxes at its end."""
    person = actor.person
    length = part.seconds or actor.draw(USUAL_HOLD_S, 0.3, 0.25)
    start, end = actor.now, actor.now + length
    tired = 0.3 + 2.0 * person.fatigue
    drop = 0.4 * actor.usual_drop_deg("right") * tired
    # A drop is not one long slope: it comes, is put right, comes again.
    if "pelvis_level" in part.slips or actor.rng.random() < part.drop_share:
        for _ in range(max(1, int(length / 9))):
            at = start + float(actor.rng.uniform(0.15, 0.75)) * length
            stay = float(actor.rng.uniform(0.6, min(2.5, 0.15 * length)))
            actor.bump("obliquity", -actor.draw(DROP_EXTRA_DEG, 0.5, 0.4), at, at + 0.6, at + 0.6 + stay, at + 1.3 + stay)
    drift = 3.0 * tired + (8.0 if "no_drift" in part.slips else 0.0)
    for channel, by in (
        ("obliquity", -drop),
        ("tilt", drift * float(actor.rng.choice([-0.6, 1.0]))),
        ("trunk_lean", 0.5 * drift),
    ):
        actor.bump(channel, by, start + 0.1 * length, end - 0.05, end, end + 0.9)
    actor.move(sinking, start + 0.2 * length, 0.8 * length, by=sinks * (tired if sinking != "z" else 1.0))
    for channel, rms in (("obliquity", 0.8), ("tilt", 0.7), ("yaw", 0.9), ("trunk_roll", 0.9)):
        actor.sway(channel, rms * person.sway_deg, start - 0.3, end + 0.3, hz=(0.2, 2.5))
    shaky = 3.0 if "no_tremor" in part.slips else 1.0
    size = shaky * actor.draw(TREMOR_DEG, 3 * person.fatigue)
    for channel, share in (("obliquity", 1.0), ("tilt", 0.7), ("hip_flexion_left", 0.5)):
        actor.sway(channel, 0.1 * share * size, start, end, hz=(5.0, 9.0))
        for begin in np.arange(0.35, 0.95, 0.2):  # in bursts, more of them towards the end
            t0 = start + float(begin) * length
            actor.sway(channel, float(begin) * share * size, t0, min(end, t0 + 0.35 * length), hz=(5.0, 9.0))
    actor.until(end)
    a_set = TrueSet(
        exercise.name,
        "hold",
        actor.side("right"),
        start,
        end,
        (),
        hold_s=length,
        drop_threshold_deg=exercise.drop_threshold_deg,
    )
    actor.notes.sets.append(a_set)
    actor.until(end + 0.2)
