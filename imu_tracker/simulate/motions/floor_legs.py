"""One leg lifts off the floor, on the back or on the front, or in a plank. Written for the left leg working."""

from __future__ import annotations

from imu_tracker.exercises import Exercise, Span
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.floor import feet_to_floor, get_up_from_back, lie_on_back
from imu_tracker.simulate.motions.front import down_to_front, get_up_from_front, into_plank, out_of_plank
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat
from imu_tracker.simulate.motions.unsteady import land

TURN_DEG = Span(10, 17)  # of a pelvis that turns with the leg
LEG_FALLS = {"hip_flexion_left": 7.0, "hip_rotation_left": 18.0, "knee_left": 8.0}  # deg/s
TOES_TOUCH = {"hip_flexion_left": 4.0, "knee_left": 3.0}
ARCH_DEG = Span(4, 8)


def straight_leg_raise(actor: Actor, part: Part, exercise: Exercise) -> None:
    """On the back, the right knee bent; the left leg lies straight and lifts to the height of the other knee."""
    actor = actor.working(part.side, "left")
    lie_on_back(actor)
    t = actor.now
    actor.hang("left", t)
    for name, to in (("knee", 3.0), ("ankle", -8.0), ("hip_rotation", 8.0), ("hip_abduction", 2.0)):
        actor.move(f"{name}_left", t + 0.3, 1.0, to=to)
    actor.move("hip_flexion_left", t + 0.7, 1.1, to=0.5)  # straight first, then down
    actor.until(t + 2.0 + float(actor.rng.uniform(0.2, 0.6)))
    lift = actor.draw(exercise.range_deg["thigh"], 0.45 + 0.7 * (actor.person.range - 0.5))
    repeat(actor, part, exercise, "left", lambda a, plan: _raise_straight(a, plan, lift), steady=("spin", "tilt"))
    t = actor.now
    feet_to_floor(actor, t, ("left",))
    actor.until(t + 1.6)
    actor.plant("left", actor.now, flat=True)
    actor.until(actor.now + 0.5)
    get_up_from_back(actor)


def _raise_straight(actor: Actor, plan: Plan, lift: float) -> None:
    tuck = 0.08 * lift * plan.size * actor.uneven()
    actor.drifting("hip_flexion_left", lift * plan.size - tuck, *plan.times, share=float(actor.rng.uniform(0.0, 0.2)))
    land(actor, LEG_FALLS, plan.end)
    actor.bump("ankle_left", 10.0, *plan.late)
    actor.bump("knee_left", 0.03 * lift * actor.uneven(), *plan.late)
    actor.bump("tilt", -tuck, *plan.late)
    actor.bump("spin", float(actor.rng.normal(1.0, 0.8)), *plan.late)


def prone_hip_extension(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Face down; one straight leg lifts without the pelvis turning."""
    actor = actor.working(part.side, "left")
    down_to_front(actor)
    lift = actor.draw(exercise.range_deg["thigh"], actor.person.range)
    repeat(actor, part, exercise, "left", lambda a, plan: _extend(a, plan, lift), steady=("spin", "tilt"))
    actor.until(actor.now + 0.3)
    get_up_from_front(actor)


def plank_hip_extension(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Plank on elbows and toes; one leg lifts past parallel without the back arching."""
    actor = actor.working(part.side, "left")
    down_to_front(actor)
    into_plank(actor, stands_on="right")
    lift = actor.draw(exercise.range_deg["thigh"], 0.3 + 0.5 * (actor.person.range - 0.5))
    t = actor.now
    actor.bump("hip_flexion_left", -3.0, t, t + 0.5, t + 0.6, t + 1.1)  # the foot comes off the floor for a try
    actor.until(t + 1.4)
    repeat(actor, part, exercise, "left", lambda a, plan: _extend(a, plan, lift), steady=("spin", "trunk_spin"))
    actor.until(actor.now + 0.3)
    out_of_plank(actor, stands_on="right")
    get_up_from_front(actor)


def _extend(actor: Actor, plan: Plan, lift: float) -> None:
    """The leg goes up, the pelvis tips forward and turns towards it a little, and much where the rep shall show it."""
    slips = plan.slip("pelvis_roll_deg")
    arch = 0.1 * lift * plan.size * actor.uneven() + (actor.draw(ARCH_DEG, 0.5, 0.3) if slips else 0.0)
    turn = 0.08 * lift * actor.uneven() + (actor.draw(TURN_DEG, 0.5, 0.3) if slips else 0.0)
    actor.drifting("hip_flexion_left", -(lift * plan.size - arch), *plan.times, share=float(actor.rng.uniform(0.0, 0.2)))
    land(actor, LEG_FALLS if abs(actor.value("held_ankle_right")) < 0.5 else TOES_TOUCH, plan.end)
    actor.bump("knee_left", float(abs(actor.rng.normal(2, 2.0))), *plan.late)
    actor.bump("tilt", arch, *plan.late)
    actor.bump("hip_flexion_right", arch, *plan.late)
    actor.bump("spin", turn, *plan.late)
    actor.bump("trunk_spin", 0.4 * turn, *plan.late)
