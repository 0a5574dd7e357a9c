"""More on one leg: hinges, the leg lifted aside. Written for the right leg standing; `side` is the standing leg."""

from __future__ import annotations

import numpy as np

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat, trouble


def onto_right_leg(actor: Actor, knee: float, flexion: float, free_knee: float) -> float:
    """The weight goes over the right leg, the left foot comes off the floor to hang so; gives when it left the floor."""
    t = actor.now
    actor.travel(0.0, -0.42 * actor.person.build.hips, t, 0.9)
    actor.move("crouch", t, 1.0, to=knee)
    actor.move("trunk_roll", t, 0.9, to=1.5)
    actor.move("foot_z_left", t + 0.75, 0.5, to=0.045)
    actor.until(t + 1.25)
    lifted = t + 0.85
    actor.hang("left", actor.now)
    for name, to in (
        ("hip_flexion", flexion),
        ("knee", free_knee),
        ("hip_abduction", 2.0),
        ("hip_rotation", 4.0),
        ("ankle", -8.0),
    ):
        actor.move(f"{name}_left", actor.now + 0.1, 0.7, to=to)
    actor.until(actor.now + 0.9 + float(actor.rng.uniform(0.2, 0.6)))
    return lifted


def onto_both_legs(actor: Actor, lifted: float, right: str = "right") -> None:
    """The left foot comes down beside the other; notes the stance since `lifted`."""
    t, hips = actor.now, actor.person.build.hips
    for name, to in (("hip_flexion", 24.0), ("knee", 44.0), ("hip_abduction", 3.0), ("hip_rotation", 4.0), ("ankle", 10.0)):
        actor.move(f"{name}_left", t, 0.7, to=to)
    foot = actor.value("foot_x_right"), actor.value("foot_y_right")
    left = np.array([-np.sin(np.deg2rad(actor.value("yaw"))), np.cos(np.deg2rad(actor.value("yaw")))])
    for axis, at, across in zip("xy", foot, hips * left, strict=True):
        actor.put(f"foot_{axis}_left", at + float(across))
    actor.put("foot_yaw_left", actor.value("yaw") + 7.0)
    for name in ("heel_left", "foot_roll_left"):
        actor.put(name, 0.0)
    actor.put("foot_z_left", 0.05)
    actor.move("placed_left", t + 0.3, 0.7, to=1.0)
    actor.move("foot_z_left", t + 0.9, 0.5, to=0.0)
    actor.thud(t + 1.4, 0.8)
    actor.stands(right, lifted, t + 1.38)
    actor.travel(0.0, 0.42 * hips, t + 1.1, 0.9)
    actor.move("crouch", t + 1.1, 0.9, to=STANDING_KNEE_DEG)
    actor.move("trunk_roll", t + 1.1, 0.8, to=0.0)
    actor.until(t + 2.1)


def _sway(actor: Actor, begin: float) -> None:
    """Unsteadiness on one leg since `begin`."""
    rms = actor.person.sway_deg
    for channel, times in (("obliquity", 1.0), ("tilt", 0.8), ("trunk_roll", 1.2), ("yaw", 1.2)):
        actor.sway(channel, times * rms, begin, actor.now + 0.3, hz=(0.3, 3.0))
    for channel in ("x", "y"):
        actor.sway(channel, 0.008 * rms, begin, actor.now + 0.3, hz=(0.3, 2.0))


def single_leg_deadlift(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Hinges over the right leg, the left one going back in line with the trunk."""
    actor = actor.working(part.side, "right")
    lifted = onto_right_leg(actor, knee=17.0, flexion=16.0, free_knee=46.0)
    begin = actor.now
    depth = actor.draw(exercise.range_deg["pelvis"], 0.8 * actor.person.range)
    between = exercise.drawn_from("between_s")
    repeat(actor, part, exercise, "right", lambda a, plan: _hinge(a, plan, exercise, depth), between=between)
    _sway(actor, begin)
    onto_both_legs(actor, lifted)


def _hinge(actor: Actor, plan: Plan, exercise: Exercise, depth: float) -> None:
    tilt = depth * plan.size
    actor.bump("tilt", tilt, *plan.times)
    actor.bump("trunk_lean", tilt + 6.0 * actor.uneven(), *plan.late)
    # The free leg goes with the pelvis, straightening; the standing knee gives a little.
    far = min(1.0, tilt / 50)
    actor.bump("hip_flexion_left", -17.0 * far + 0.08 * tilt, *plan.late)
    actor.bump("knee_left", -30.0 * far, *plan.late)
    actor.bump("crouch", 7.0 * tilt / 70 * actor.uneven(), *plan.times)
    back = -0.11 * tilt / 70
    x, y = actor.ahead(back, -0.005)
    actor.bump("x", x - actor.value("x"), *plan.times)
    actor.bump("y", y - actor.value("y"), *plan.times)
    # Opening is a turn about the body's long axis, the free side up; a drop lets it hang.
    opening = float(actor.rng.normal(2.0, 2.0)) * tilt / 70
    if plan.slip("drop_deg"):
        opening = float(actor.rng.choice([-1.0, 1.0])) * actor.draw(exercise.drawn_from("opening_deg"), 0.5, 0.3)
    else:
        opening -= 0.4 * trouble(actor, plan, "right")
    actor.bump("spin", opening, *plan.late)
    actor.bump("trunk_spin", 0.8 * opening, *plan.late)
    for side in ("left", "right"):
        actor.bump(f"arm_flexion_{side}", 0.9 * tilt, *plan.late)
    if plan.slip("sway_deg_s"):
        for channel, rms in (("obliquity", 3.0), ("yaw", 4.0), ("trunk_roll", 3.0)):
            actor.sway(channel, rms, plan.start, plan.end, hz=(0.8, 2.5))
    if plan.slip("touch_downs"):
        _touch_down(actor, plan)


def _touch_down(actor: Actor, plan: Plan) -> None:
    """Towards the end of the way back the free foot taps the floor."""
    at = plan.leave + 0.8 * plan.back
    actor.bump("knee_left", -5.0, at, at + 0.18, at + 0.26, at + 0.5)
    actor.bump("hip_flexion_left", -4.0, at, at + 0.18, at + 0.26, at + 0.5)
    actor.thud(at + 0.2, 1.0)


def hip_abduction_standing(actor: Actor, part: Part, exercise: Exercise) -> None:
    """On the right leg; the left one lifts straight to the side."""
    actor = actor.working(part.side, "right")
    lifted = onto_right_leg(actor, knee=8.0, flexion=22.0, free_knee=42.0)
    begin = actor.now
    lift = actor.draw(exercise.range_deg["thigh"], actor.person.range)
    between = exercise.drawn_from("between_s")
    repeat(actor, part, exercise, "right", lambda a, plan: _abduct(a, plan, lift), between=between)
    _sway(actor, begin)
    onto_both_legs(actor, lifted)


def _abduct(actor: Actor, plan: Plan, lift: float) -> None:
    """Whoever lifts the leg far hikes that side of the pelvis; a weak standing side lets it drop."""
    hike = 0.16 * lift * plan.size * actor.uneven() * (1 - plan.slip("drop_deg")) - trouble(actor, plan, "right")
    bent = 2.5 * max(0.0, -hike)  # so that the free foot still clears the floor
    actor.bump("hip_abduction_left", lift * plan.size - max(hike, -6.0), *plan.times)
    actor.bump("hip_flexion_left", float(actor.rng.normal(0, 2.5)) + 0.5 * bent, *plan.late)
    actor.bump("knee_left", bent, *plan.late)
    actor.bump("obliquity", hike, *plan.late)
    lean = 0.22 * lift * plan.size * actor.person.lean
    actor.bump("trunk_roll", lean, *plan.late)
    _, y = actor.ahead(0.0, -0.0006 * lift)
    actor.bump("y", y - actor.value("y"), *plan.late)
    actor.bump("yaw", float(actor.rng.normal(0, 1.2)), *plan.late)
    actor.bump("arm_abduction_right", 0.6 * lift, *plan.times)
