"""On the side, or in a side plank. Written for the left leg working: lying on the right side."""

from __future__ import annotations

import numpy as np

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.floor import get_up_from_side, lie_on_side
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat
from imu_tracker.simulate.motions.unsteady import land

KNEES_MEET = {"swivel_left": 7.0}
LEGS_MEET = {"hip_abduction_left": 6.0, "hip_rotation_left": 11.0, "knee_left": 7.0}  # deg/s
STEADY = ("spin", "tilt", "trunk_spin")


def clamshell(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Knees bent, feet together; the upper knee lifts about the line from hip to heel."""
    actor = actor.working(part.side, "left")
    lie_on_side(actor, hip_deg=45.0, knee_deg=90.0)
    actor.plant("left", actor.now)
    actor.until(actor.now + 0.5)
    opening = actor.draw(exercise.range_deg["thigh"], actor.person.range)
    repeat(actor, part, exercise, "left", lambda a, plan: _open(a, plan, opening, exercise), steady=STEADY)
    actor.hang("left", actor.now)
    actor.until(actor.now + 0.6)
    get_up_from_side(actor)


def _open(actor: Actor, plan: Plan, opening: float, exercise: Exercise) -> None:
    actor.drifting("swivel_left", opening * plan.size, *plan.times, share=_drifting(actor, exercise))
    land(actor, KNEES_MEET, plan.end)
    _pelvis_goes_along(actor, plan, 0.05 * opening, exercise)


def _drifting(actor: Actor, exercise: Exercise) -> float:
    """The share of the turn that comes and goes: nobody holds it quite still."""
    return float(actor.rng.uniform(*exercise.drawn_from("drifting_percent"))) / 100


def side_lying_abduction(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Body straight, the lower knee bent for balance; the top leg lifts and lowers."""
    actor = actor.working(part.side, "left")
    lie_on_side(actor, hip_deg=3.0, knee_deg=5.0, lower_knee_deg=float(actor.rng.choice([5.0, 40.0, 70.0])))
    lift = actor.draw(exercise.range_deg["thigh"], actor.person.range)
    repeat(actor, part, exercise, "left", lambda a, plan: _lift(a, plan, lift, exercise), steady=STEADY)
    actor.until(actor.now + 0.4)
    get_up_from_side(actor)


def _lift(actor: Actor, plan: Plan, lift: float, exercise: Exercise) -> None:
    """The thigh's turn is what counts, so what the pelvis hikes is taken off the hip."""
    hike = 0.14 * lift * plan.size * actor.uneven()
    actor.drifting("hip_abduction_left", lift * plan.size - hike, *plan.times, share=_drifting(actor, exercise))
    land(actor, LEGS_MEET, plan.end)
    actor.bump("hip_flexion_left", float(actor.rng.normal(0, 2.0)), *plan.late)
    actor.bump("knee_left", float(abs(actor.rng.normal(0, 2.0))), *plan.late)
    actor.bump("tilt", -hike, *plan.late)
    _pelvis_goes_along(actor, plan, 0.06 * lift, exercise)


def _pelvis_goes_along(actor: Actor, plan: Plan, usual: float, exercise: Exercise) -> None:
    """Rolls back a little, and much where the rep shall show it."""
    roll = usual * actor.uneven()
    if plan.slip("pelvis_roll_deg"):
        roll += actor.draw(exercise.drawn_from("roll_back_deg"), 0.5, 0.3)
    actor.bump("spin", roll, *plan.late)
    actor.bump("trunk_spin", 0.5 * roll, *plan.late)


def side_plank_abduction(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Side plank on elbow and lower leg, the lower knee bent; the top leg lifts while the hips stay up."""
    actor = actor.working(part.side, "left")
    build, person = actor.person.build, actor.person
    lie_on_side(actor, hip_deg=3.0, knee_deg=5.0, lower_knee_deg=88.0)
    _onto_elbow(actor)
    actor.hold("held_knee_right", actor.now)
    actor.until(actor.now + 0.4)
    up = _plank_angle(actor)
    start = actor.now
    actor.move("tilt", start, 1.1, to=-90.0 + up)
    actor.move("hip_abduction_right", start, 1.1, to=0.0)
    actor.move("trunk_lean", start, 1.1, to=-90.0 + up + 1.0)
    actor.move("hip_abduction_left", start, 1.1, to=6.0)
    actor.until(start + 1.3 + float(actor.rng.uniform(0.2, 0.6)))
    lift = actor.draw(exercise.range_deg["thigh"], person.range)
    sag = actor.draw(exercise.drawn_from("sag_deg"), 0.5, 0.3) if "hips_up" in part.slips else 2.0 + 8.0 * person.fatigue
    a_set_starts = actor.now
    a_set = repeat(actor, part, exercise, "left", lambda a, plan: _lift_in_plank(a, plan, lift), steady=STEADY)
    # The hips sink all through the set: pelvis and thigh turn about the knee, the trunk the other way, the shoulders stay.
    length = a_set.end_s - a_set_starts
    back = (build.thigh + build.waist) / build.shoulder
    for channel, by in (("tilt", -sag), ("trunk_lean", 0.9 * sag * back)):
        actor.bump(channel, by, a_set_starts + 0.1 * length, a_set.end_s, a_set.end_s + 0.1, a_set.end_s + 1.0)
    actor.until(a_set.end_s + 1.2)
    down = actor.now
    actor.move("tilt", down, 1.0, to=-90.0)
    actor.move("hip_abduction_right", down, 1.0, to=1.0)
    actor.move("trunk_lean", down, 1.0, to=-72.0)
    actor.until(down + 1.1)
    actor.let_go("held_knee_right", actor.now)
    actor.until(actor.now + 0.4)
    actor.move("propped_right", actor.now, 0.8, to=0.0)
    actor.move("trunk_lean", actor.now, 0.8, to=-90.0)
    actor.until(actor.now + 0.8)
    get_up_from_side(actor)


def _plank_angle(actor: Actor) -> float:
    """How steep a straight line is from the knee on the floor to shoulders propped on an upright upper arm; degrees."""
    build = actor.person.build
    rise = build.upper_arm + build.shoulders / 2 + 0.03 - (actor.body().origin["shank_right"][0, 2] + build.hips / 2)
    return float(np.rad2deg(np.arcsin(rise / (build.thigh + build.waist + build.shoulder))))


def _onto_elbow(actor: Actor) -> None:
    """The trunk comes up sideways, the lower elbow under the shoulder."""
    t = actor.now
    actor.move("trunk_lean", t, 1.2, to=-66.0)
    actor.move("arm_flexion_left", t, 1.2, to=0.0)
    actor.move("elbow_left", t, 1.2, to=15.0)
    shoulder = actor.body().origin["upper_arm_right"][0]
    yaw = np.deg2rad(actor.value("yaw"))
    ahead = 0.06 * np.array([np.cos(yaw), np.sin(yaw)])
    for axis, to in zip("xyz", (*(shoulder[:2] - ahead), 0.03), strict=True):
        actor.put(f"elbow_{axis}_right", float(to))
    actor.move("propped_right", t, 1.2, to=1.0)
    actor.move("elbow_right", t, 1.2, to=90.0)
    actor.until(t + 1.5)


def _lift_in_plank(actor: Actor, plan: Plan, lift: float) -> None:
    dip = 0.06 * lift * plan.size
    actor.bump("hip_abduction_left", lift * plan.size, *plan.times)
    actor.bump("hip_flexion_left", float(actor.rng.normal(0, 2.0)), *plan.late)
    actor.bump("tilt", -dip, *plan.late)
    actor.bump("trunk_lean", 0.9 * dip, *plan.late)
    roll = 2.0 * actor.uneven()
    for channel in ("spin", "trunk_spin"):
        actor.bump(channel, roll, *plan.late)
