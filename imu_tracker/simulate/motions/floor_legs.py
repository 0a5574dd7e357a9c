"""One leg lifts off the floor, on the back or on the front, or in a plank. Written for the left leg working."""

from __future__ import annotations

from dataclasses import dataclass

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.floor import feet_to_floor, get_up_from_back, lie_on_back
from imu_tracker.simulate.motions.front import down_to_front, get_up_from_front, into_plank, out_of_plank
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat
from imu_tracker.simulate.motions.unsteady import land, strain

# deg/s
LEG_FALLS = {"hip_flexion_left": 4.0, "hip_rotation_left": 30.0, "knee_left": 5.0}
TOES_TOUCH = {"hip_flexion_left": 4.0, "knee_left": 3.0}
HELD_UP = {"hip_flexion_left": 0.35, "hip_rotation_left": 1.5, "flesh_yaw_left": 2.0}


@dataclass(frozen=True)
class Lift:
    """How somebody lifts the leg, the same all through a set, degrees: how far, and how the knee bends and the leg turns out."""

    up: float
    knee: float
    out: float
    aside: float


def _lift(actor: Actor, exercise: Exercise, where: float) -> Lift:
    up = actor.draw(exercise.range_deg["thigh"], where)
    knee, out, aside = (actor.draw(exercise.drawn_from(n), 0.4, 0.3) for n in ("knee_bend_deg", "turn_out_deg", "aside_deg"))
    return Lift(up, knee, out, aside)


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
    lift = _lift(actor, exercise, 0.45 + 0.7 * (actor.person.range - 0.5))
    repeat(actor, part, exercise, "left", lambda a, plan: _raise_straight(a, plan, lift), steady=("spin", "tilt"))
    t = actor.now
    feet_to_floor(actor, t, ("left",))
    actor.until(t + 1.6)
    actor.plant("left", actor.now, flat=True)
    actor.until(actor.now + 0.5)
    get_up_from_back(actor)


def _raise_straight(actor: Actor, plan: Plan, lift: Lift) -> None:
    tuck = 0.08 * lift.up * plan.size * actor.uneven()
    actor.drifting("hip_flexion_left", lift.up * plan.size - tuck, *plan.times, share=float(actor.rng.uniform(0.0, 0.2)))
    _turn_and_tremble(actor, plan, lift)
    land(actor, LEG_FALLS, plan.end)
    actor.bump("ankle_left", 10.0, *plan.late)
    actor.bump("tilt", -tuck, *plan.late)
    actor.bump("spin", float(actor.rng.normal(1.0, 0.8)), *plan.late)


def _turn_and_tremble(actor: Actor, plan: Plan, lift: Lift) -> None:
    """What a lifted leg does besides going up: the knee gives, the leg turns out and goes aside, and all of it trembles."""
    share = min(1.2, plan.size)
    for name, by in (("knee", lift.knee), ("hip_rotation", lift.out), ("hip_abduction", lift.aside)):
        actor.bump(f"{name}_left", share * by * actor.uneven(), *plan.late)
    strain(actor, HELD_UP, plan.start, plan.turn, plan.end)


def prone_hip_extension(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Face down; one straight leg lifts without the pelvis turning."""
    actor = actor.working(part.side, "left")
    down_to_front(actor)
    lift = _lift(actor, exercise, actor.person.range)
    repeat(actor, part, exercise, "left", lambda a, plan: _extend(a, plan, exercise, lift), steady=("spin", "tilt"))
    actor.until(actor.now + 0.3)
    get_up_from_front(actor)


def plank_hip_extension(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Plank on elbows and toes; one leg lifts past parallel without the back arching."""
    actor = actor.working(part.side, "left")
    down_to_front(actor)
    into_plank(actor, stands_on="right")
    lift = _lift(actor, exercise, 0.3 + 0.5 * (actor.person.range - 0.5))
    t = actor.now
    actor.bump("hip_flexion_left", -3.0, t, t + 0.5, t + 0.6, t + 1.1)  # the foot comes off the floor for a try
    actor.until(t + 1.4)
    repeat(actor, part, exercise, "left", lambda a, plan: _extend(a, plan, exercise, lift), steady=("spin", "trunk_spin"))
    actor.until(actor.now + 0.3)
    out_of_plank(actor, stands_on="right")
    get_up_from_front(actor)


def _extend(actor: Actor, plan: Plan, exercise: Exercise, lift: Lift) -> None:
    """The leg goes up, the pelvis tips forward and turns towards it a little, and much where the rep shall show it."""
    slips = plan.slip("pelvis_roll_deg")
    arch = 0.1 * lift.up * plan.size * actor.uneven()
    turn = 0.08 * lift.up * actor.uneven()
    if slips:
        arch += actor.draw(exercise.drawn_from("arch_deg"), 0.5, 0.3)
        turn += actor.draw(exercise.drawn_from("pelvis_turn_deg"), 0.5, 0.3)
    actor.drifting("hip_flexion_left", -(lift.up * plan.size - arch), *plan.times, share=float(actor.rng.uniform(0.0, 0.2)))
    _turn_and_tremble(actor, plan, lift)
    land(actor, LEG_FALLS if abs(actor.value("held_ankle_right")) < 0.5 else TOES_TOUCH, plan.end)
    actor.bump("tilt", arch, *plan.late)
    actor.bump("hip_flexion_right", arch, *plan.late)
    actor.bump("spin", turn, *plan.late)
    actor.bump("trunk_spin", 0.4 * turn, *plan.late)
