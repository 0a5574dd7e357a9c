"""Hips thrust up with the upper back on the floor or on a bench: the pelvis hangs from the shoulders, the feet stay."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.exercises import Exercise, Span
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.floor import SEAT_BACK, get_up_from_back, lie_on_back, sit_on_floor, stand_up_from_floor
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat
from imu_tracker.simulate.motions.unsteady import land
from imu_tracker.simulate.script import SIDES

BACK_ON_FLOOR = {"trunk_lean": 1.2, "tilt": 2.5}  # deg/s
STEADY = ("tilt", "trunk_lean", "obliquity", "yaw")
# Of somebody average who bridges slowly: what wavers while the hips are up (RMS, degrees) and quivers (deg/s).
WAVERING = {"trunk_lean": 0.3, "tilt": 0.35, "swivel_left": 0.6, "swivel_right": 0.6}
WAVER_HZ = (0.5, 2.8)
STRAIN = {"trunk_lean": 0.7, "tilt": 1.0, "swivel_left": 1.1, "swivel_right": 1.1}
STRAIN_SPREAD = 0.6  # SD of the logarithm, from rep to rep


@dataclass(frozen=True)
class Thrust:
    """How far it goes at size 1: pelvis and trunk, degrees; a tuck of the pelvis at the top, degrees.

    later_percent: so much of the way comes later than the rest; None: none of it. waver: factor on how unsteady the hips are
    while they are up. landing: factor on how hard the back meets the floor. hips: how far one side is left behind where it is,
    degrees.
    """

    pelvis: float
    trunk: float
    hips: Span
    tuck: float = 0.0
    later_percent: Span | None = None
    waver: float = 0.0
    landing: float = 1.0


def frog_pump(actor: Actor, part: Part, exercise: Exercise) -> None:
    """On the back, soles together, knees out, a weight held above the groin; short explosive thrusts."""
    actor = actor.working(part.side, "left")
    build = actor.person.build
    lie_on_back(actor)
    _soles_together(actor)
    actor.hold("held", actor.now)
    actor.until(actor.now + 0.5)
    rise_m = actor.draw(exercise.drawn_from("rise_of_stature"), actor.person.range) * build.stature
    rise = float(np.rad2deg(np.arcsin(rise_m / (build.shoulder + build.waist))))
    thrust = Thrust(_pelvis_range(actor, exercise), rise, _hips(exercise))
    repeat(actor, part, exercise, "both", lambda a, plan: _thrust(a, plan, thrust), steady=STEADY)
    actor.let_go("held", actor.now)
    actor.until(actor.now + 0.5)
    _soles_down(actor)
    get_up_from_back(actor)


def glute_bridge(actor: Actor, part: Part, exercise: Exercise) -> None:
    """On the back, feet flat; hips up into line with shoulders and knees."""
    actor = actor.working(part.side, "left")
    build = actor.person.build
    lie_on_back(actor)
    actor.hold("held", actor.now)
    actor.until(actor.now + 0.5)
    where = float(np.clip(actor.person.range + actor.rng.normal(0, 0.15), 0, 1))
    rise = actor.draw(exercise.drawn_from("rise_of_stature"), where) * build.stature
    trunk = float(np.rad2deg(np.arcsin(rise / (build.shoulder + build.waist))))
    pelvis = actor.draw(exercise.range_deg["pelvis"], where)
    later = exercise.drawn_from("later_percent")
    waver = actor.person.unsteady * float(actor.rng.lognormal(0, 0.4))
    thrust = Thrust(max(pelvis, trunk - 4.0), trunk, _hips(exercise), later_percent=later, waver=waver, landing=0.6)
    between = exercise.drawn_from("between_s")
    one = _own_tempo(actor, exercise)
    repeat(actor, part, one, "both", lambda a, plan: _thrust(a, plan, thrust), between=between, steady=STEADY)
    actor.let_go("held", actor.now)
    actor.until(actor.now + 0.5)
    get_up_from_back(actor)


def hip_thrust(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Upper back on a bench, feet flat, a bar over the hips; up until hips, shoulders and knees are in line."""
    begin = actor.now
    actor = actor.working(part.side, "left")
    build, person = actor.person.build, actor.person
    at_bench = actor.draw(exercise.drawn_from("bench_of_stature"), 0.6) * build.stature
    sitting = build.depth + 0.005
    leaning = float(np.rad2deg(np.arcsin((at_bench - sitting) / (build.shoulder + build.waist))))
    sit_on_floor(actor, 90.0 - leaning)
    _walk_feet_out(actor, at_bench)
    actor.hold("held", actor.now)
    actor.until(actor.now + 0.4)
    # Hips off the floor and the bar settled: the lowest that a rep goes.
    low = 5.0 + 6.0 * (1 - person.range)
    for channel in ("tilt", "trunk_lean"):
        actor.move(channel, actor.now, 0.9, by=-low)
    for side in SIDES:
        actor.move(f"arm_flexion_{side}", actor.now, 0.9, to=18.0)
        actor.move(f"elbow_{side}", actor.now, 0.9, to=20.0)
    actor.until(actor.now + 1.4)
    trunk = leaning - low - 1.0
    tuck = actor.draw(exercise.drawn_from("tuck_deg"), 0.5, 0.3)
    thrust = Thrust(max(_pelvis_range(actor, exercise), trunk + 3.0), trunk, _hips(exercise), tuck)
    repeat(actor, part, exercise, "both", lambda a, plan: _thrust(a, plan, thrust), steady=STEADY)
    for channel in ("tilt", "trunk_lean"):
        actor.move(channel, actor.now, 0.9, by=low)
    actor.until(actor.now + 1.0)
    actor.let_go("held", actor.now)
    shoulders = build.shoulder + build.waist
    back = -shoulders * float(np.cos(np.deg2rad(leaning)))
    actor.prop("bench", begin, (back - 0.42, back + 0.02), (-0.6, 0.6), (0.0, at_bench - 0.06))
    actor.until(actor.now + 0.4)
    _walk_feet_in(actor)
    for side in SIDES:
        actor.move(f"elbow_{side}", actor.now, 0.6, to=0.0)
    stand_up_from_floor(actor)


def _hips(exercise: Exercise) -> Span:
    return exercise.drawn_from("uneven_hips_deg")


def _own_tempo(actor: Actor, exercise: Exercise) -> Exercise:
    """The exercise at this person's own tempo, phase by phase: who lifts slowly may hold briefly, and the other way round."""

    def own(span: Span | None) -> Span | None:
        if span is None:
            return None
        usual = actor.draw(span, 0.5 * actor.person.pace + 0.5 * float(actor.rng.uniform()), 0.1)
        return Span(max(span.least, 0.5 * usual), max(span.least, 1.5 * usual))

    return replace(exercise, out_s=own(exercise.out_s), pause_s=own(exercise.pause_s), back_s=own(exercise.back_s))


def _pelvis_range(actor: Actor, exercise: Exercise) -> float:
    return actor.draw(exercise.range_deg["pelvis"], actor.person.range)


def _thrust(actor: Actor, plan: Plan, thrust: Thrust) -> None:
    """Up, squeezed, down. The pelvis leads, the trunk follows."""
    tuck = -0.3 * thrust.tuck if plan.slip("posterior_tilt_deg") else thrust.tuck
    share = float(actor.rng.uniform(0.0, 0.35))
    trunk, pelvis = -thrust.trunk * plan.size, -(thrust.pelvis - thrust.tuck) * plan.size
    if thrust.later_percent:
        later = actor.draw(thrust.later_percent, 0.5, 0.3) / 100 * (1 - share)
        delays = float(actor.rng.uniform(0.1, 0.6)), float(actor.rng.uniform(0.1, 0.6))
        for channel, by in (("trunk_lean", trunk), ("tilt", pelvis)):
            _later(actor, channel, later * by, plan, delays)
        trunk, pelvis = (1 - later) * trunk, (1 - later) * pelvis
    actor.drifting("trunk_lean", trunk, *plan.late, share=share)
    actor.drifting("tilt", pelvis, *plan.times, share=share)
    if thrust.waver:
        _waver(actor, plan, thrust.waver)
    if not thrust.tuck:
        land(actor, {channel: thrust.landing * rate for channel, rate in BACK_ON_FLOOR.items()}, plan.end)
    else:
        actor.bump("tilt", -tuck * plan.size, plan.start + 0.5 * plan.out, plan.turn, plan.leave, plan.leave + 0.5 * plan.back)
    uneven = float(actor.rng.normal(0, 0.8))
    if plan.slip("obliquity_deg"):
        uneven += float(actor.rng.choice([-1, 1])) * actor.draw(thrust.hips, 0.5, 0.3)
    actor.bump("spin", uneven, *plan.late)
    actor.bump("trunk_spin", 0.3 * uneven, *plan.late)
    actor.bump("yaw", float(actor.rng.normal(0, 0.5)), *plan.late)
    if plan.slip("smoothness"):
        for phase, length in ((plan.start, plan.out), (plan.leave, plan.back)):
            for share in (0.3, 0.6):
                at = phase + share * length
                jolt = float(actor.rng.uniform(2.0, 3.5)) * (1 if phase == plan.start else -1)
                actor.bump("tilt", jolt, at, at + 0.12, at + 0.13, at + 0.3)
                actor.bump("trunk_lean", 0.6 * jolt, at, at + 0.12, at + 0.13, at + 0.3)


def _later(actor: Actor, channel: str, by: float, plan: Plan, delays: tuple[float, float]) -> None:
    """The second stage of a slow lift: later on the way up by such a share of it, and on the way down sooner or later."""
    up = plan.start + delays[0] * plan.out
    actor.bump(channel, by, up, plan.turn + 0.3 * plan.pause, plan.turn + 0.7 * plan.pause, plan.end - delays[1] * plan.back)


def _waver(actor: Actor, plan: Plan, factor: float) -> None:
    """Slow movements don't run evenly, and hips that are up shake: more in one rep than in the next."""
    strain = factor * float(np.clip(actor.rng.lognormal(0, STRAIN_SPREAD), 0.3, 3.0))
    for channel, rms in WAVERING.items():
        actor.sway(channel, rms * min(1.8, factor**0.5), plan.start, plan.end, hz=WAVER_HZ)
    for channel, rate in STRAIN.items():
        actor.quiver(channel, min(3.0, strain) * rate, plan.start + 0.3 * plan.out, plan.end - 0.3 * plan.back)


def _soles_together(actor: Actor) -> None:
    """From crook lying: feet together and nearer, knees fall out, the weight comes into the lap."""
    t, build = actor.now, actor.person.build
    heading = actor.value("yaw")
    for side, out in (("left", 1.0), ("right", -1.0)):
        (x, y) = actor.ahead(0.245 * build.stature, out * 0.01)
        actor.move(f"foot_x_{side}", t, 1.3, to=x)
        actor.move(f"foot_y_{side}", t, 1.3, to=y)
        actor.move(f"foot_yaw_{side}", t, 1.3, to=heading + out * 25.0)
        actor.move(f"foot_roll_{side}", t, 1.3, to=78.0)
        actor.move(f"foot_z_{side}", t, 1.3, to=0.045)
        actor.bump(f"foot_z_{side}", 0.02, t, t + 0.5, t + 0.6, t + 1.2)
        actor.move(f"swivel_{side}", t, 1.5, to=58.0)
        for name, to in (("arm_flexion", 20.0), ("arm_abduction", 10.0), ("elbow", 35.0)):
            actor.move(f"{name}_{side}", t, 1.4, to=to)
    actor.until(t + 1.7 + float(actor.rng.uniform(0.2, 0.6)))


def _soles_down(actor: Actor) -> None:
    """Knees together, feet flat again."""
    t, build = actor.now, actor.person.build
    heading = actor.value("yaw")
    for side, out in (("left", 1.0), ("right", -1.0)):
        x, y = actor.ahead(SEAT_BACK * build.stature + build.ball, out * build.hips / 2)
        for name, to in (("foot_x", x), ("foot_y", y), ("foot_yaw", heading + out * 7.0), ("foot_roll", 0.0), ("foot_z", 0.0)):
            actor.move(f"{name}_{side}", t, 1.3, to=to)
        actor.bump(f"foot_z_{side}", 0.03, t, t + 0.5, t + 0.6, t + 1.3)
        for name, to in (("swivel", 0.0), ("arm_flexion", 5.0), ("arm_abduction", 15.0), ("elbow", 0.0)):
            actor.move(f"{name}_{side}", t, 1.3, to=to)
    actor.until(t + 1.6)


def _walk_feet_out(actor: Actor, top: float) -> None:
    """Sitting at the bench: one foot after the other goes where its shank stands upright when the hips are up."""
    build = actor.person.build
    body = actor.body()
    shoulders = body.point("trunk", np.array([0.0, 0.0, build.shoulder]))[0]
    hip, yaw = body.origin["pelvis"][0], np.deg2rad(actor.value("yaw"))
    back = float((hip - shoulders)[:2] @ [np.cos(yaw), np.sin(yaw)])
    thigh_drop = top - build.ankle_height - build.shank
    ahead = build.shoulder + build.waist + float(np.sqrt(build.thigh**2 - thigh_drop**2)) - back
    _feet_to(actor, ahead + build.ball, 0.5 * build.hips + 0.04)


def _walk_feet_in(actor: Actor) -> None:
    build = actor.person.build
    _feet_to(actor, SEAT_BACK * build.stature + build.ball, build.hips / 2)


def _feet_to(actor: Actor, ahead: float, out: float) -> None:
    for side, sign in (("left", 1.0), ("right", -1.0)):
        t = actor.now
        place = actor.ahead(ahead, sign * out)
        for axis, to in zip("xy", place, strict=True):
            actor.move(f"foot_{axis}_{side}", t + 0.06, 0.48, to=to)
        actor.bump(f"foot_z_{side}", 0.04, t, t + 0.25, t + 0.3, t + 0.6)
        actor.until(t + 0.6)
