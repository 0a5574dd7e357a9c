"""Up onto a platform and down again through one leg. Written for the right leg on the platform; `side` is that leg."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.gait import onto_legs
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat, trouble

HASTE_M_S2 = 6.0  # the highest acceleration of hips that rise or come down under control
HEEL_LATE = 0.15  # of the way down: who steps down lands on the ball of the foot, and the heel follows
DROPPED_S = 0.45  # about what a lowering takes that is dropped
UNHURRIED_S = 1.0  # a phase in which the trunk has time for its whole lean
LOW_KNEE_DEG, TOP_KNEE_DEG = 17.0, 14.0


@dataclass(frozen=True)
class Platform:
    """How high it is, and how far the hips go forward and to the left to stand over it; m.

    beside: the free foot hangs beside it.
    """

    height: float
    forward: float
    left: float
    beside: bool


def lateral_step_up(actor: Actor, part: Part, exercise: Exercise) -> None:
    """The platform at the right; up through the right leg, the left one hangs beside, down again."""
    actor = actor.working(part.side, "right")
    hips = actor.person.build.hips
    height = _height(actor, part, exercise)
    _do(actor, part, exercise, Platform(height, 0.0, -0.62 * hips - 0.04, True))


def step_up(actor: Actor, part: Part, exercise: Exercise) -> None:
    """The platform in front; up through the right leg until both feet are on it, down again."""
    actor = actor.working(part.side, "right")
    height = _height(actor, part, exercise)
    _do(actor, part, exercise, Platform(height, 0.155 * actor.person.build.stature, -0.01, False))


def _height(actor: Actor, part: Part, exercise: Exercise) -> float:
    """How high the platform is, m: nobody who is quick takes a high one."""
    span = exercise.drawn_from("height_of_stature")
    stature = actor.person.build.stature
    drawn = actor.draw(span, actor.person.range) * stature
    dropped = any(c.measure == "lower_s" and c.cue in part.slips for c in exercise.cues)
    quickest = DROPPED_S
    if not dropped and exercise.out_s and exercise.back_s:
        share = max(0.0, actor.person.pace - 0.2)
        quickest = min(s.least + share * (s.most - s.least) for s in (exercise.out_s, exercise.back_s))
    # A minimum-jerk rise through most of the phase.
    return max(span.least * stature, min(drawn, HASTE_M_S2 * (0.82 * quickest) ** 2 / 5.77))


def _do(actor: Actor, part: Part, exercise: Exercise, platform: Platform) -> None:
    begin, build = actor.now, actor.person.build
    low = _low(actor, platform)
    actor.keep_level(low, begin, 0.8)
    _right_foot(actor, platform.height, platform.forward, platform.left - 0.5 * build.hips + 0.4 * build.hips * platform.beside)
    repeat(
        actor,
        part,
        exercise,
        "right",
        lambda a, plan: _up_and_down(a, exercise, plan, platform),
        between=exercise.drawn_from("between_s"),
        steady=("tilt", "obliquity"),
    )
    front = platform.forward - 0.13 if platform.beside else platform.forward - 0.09
    side = (platform.left - 0.45, platform.left + 0.03) if platform.beside else (-0.4, 0.4)
    actor.until(actor.now + 0.3)
    actor.prop("platform", begin, (front, front + 0.45), side, (0.0, platform.height))
    _right_foot(actor, 0.0, 0.0, -0.5 * build.hips)
    onto_legs(actor, actor.now - 0.3, 0.5)
    actor.until(actor.now + 0.35)


def _low(actor: Actor, platform: Platform) -> float:
    return actor.hip_height(LOW_KNEE_DEG, 0.3 * abs(platform.forward) + 0.02)


def _right_foot(actor: Actor, height: float, forward: float, left: float) -> None:
    """The right foot goes onto the platform, or off it, while the left leg stands."""
    t = actor.now
    place, yaw = foot_under(actor, "right", forward, left)
    for axis, to in zip("xy", place, strict=True):
        actor.move(f"foot_{axis}_right", t + 0.45, 0.7, to=to)
    actor.move("foot_yaw_right", t + 0.45, 0.7, to=yaw)
    up = height > actor.value("foot_z_right")
    actor.move("foot_z_right", t + (0.3 if up else 0.6), 0.65, to=height)
    actor.bump("foot_z_right", 0.05, t + 0.3, t + 0.7, t + 0.8, t + 1.25)
    x, y = actor.ahead(0.0, 0.035)
    times = (t, t + 0.5, t + 0.9, t + 1.5)
    actor.bump("x", x - actor.value("x"), *times)
    actor.bump("y", y - actor.value("y"), *times)
    actor.bump("obliquity", -2.0, *times)
    actor.stands("left", t + 0.32, t + 1.22)
    actor.thud(t + 1.22, 1.0)
    actor.until(t + 1.6 + float(actor.rng.uniform(0.1, 0.5)))


def _up_and_down(actor: Actor, exercise: Exercise, plan: Plan, platform: Platform) -> None:
    """The hips lean over the upper leg, rise, and come down again; the lower foot follows them."""
    out, back = plan.out, plan.back
    top = platform.height + actor.hip_height(TOP_KNEE_DEG, 0.03)
    rise = (top - actor.value("z")) * min(1.0, plan.size)
    up = (plan.start + 0.18 * out, plan.turn, plan.leave, plan.end - 0.1 * back)
    over = (plan.start, plan.start + 0.9 * out, plan.leave + 0.06 * back, plan.end - 0.02 * back)
    x0, y0 = actor.value("x"), actor.value("y")
    x, y = actor.ahead(platform.forward * 0.97 * min(1.0, plan.size), platform.left * 0.9)
    actor.bump("x", x - x0, *over)
    actor.bump("y", y - y0, *over)
    actor.bump("z", rise, *up)
    # The lower heel comes up first and leaves last; then the foot goes up with the hips.
    push = actor.draw(exercise.drawn_from("push_off_deg"), 0.5, 0.3) if plan.slip("push_off") else 22.0
    fast = 0.72 if plan.slip("push_off") else 1.0
    off, on = plan.start + 0.15 * out, plan.end - 0.1 * back
    actor.bump(
        "heel_left",
        push * min(1.0, 1.2 * plan.size),
        plan.start,
        plan.start + 0.42 * out,
        plan.leave + 0.5 * back,
        plan.end + HEEL_LATE * back,
    )
    actor.bump("foot_z_left", rise, off, plan.turn, plan.leave, on)
    actor.bump("foot_z_left", 0.035, off, plan.start + 0.6 * out, plan.leave + 0.4 * back, on)
    if platform.beside:
        along, across = 0.06, platform.left * 0.45
    else:
        along, across = platform.forward, platform.left
    x1, y1 = actor.ahead(along * min(1.0, plan.size), across)
    lifted = (off + 0.02 * out, plan.turn - 0.02 * out, plan.leave + 0.02 * back, on - 0.02 * back)
    actor.bump("foot_x_left", x1 - x0, *lifted)
    actor.bump("foot_y_left", y1 - y0, *lifted)
    lean = actor.person.lean
    for channel, by in (("tilt", 16.0 * lean), ("trunk_lean", 24.0 * lean)):
        size = by * platform.height / 0.28 * actor.uneven()
        rising, lowering = (size * min(1.0, phase / UNHURRIED_S) ** 2 for phase in (out, back))
        actor.bump(channel, rising, plan.start, plan.start + 0.48 * out * fast, plan.start + 0.5 * out, plan.turn + 0.1 * out)
        actor.bump(channel, 0.9 * lowering, plan.leave, plan.leave + 0.5 * back, plan.leave + 0.52 * back, plan.end)
    drop = trouble(actor, plan, "right")
    dropping = (plan.start + 0.2 * out, plan.start + 0.7 * out, plan.leave + 0.3 * back, plan.end - 0.1 * back)
    actor.bump("obliquity", -drop, *dropping)
    actor.bump(
        "bob", -0.5 * actor.person.build.hips * float(np.sin(np.deg2rad(drop))), *dropping
    )  # it turns about the standing hip
    actor.bump("trunk_roll", 0.4 * drop + 2.0, *over)
    actor.bump("swivel_right", -float(min(8.0, max(-3.0, 0.6 * drop))), *over)
    actor.bump("yaw", float(actor.rng.normal(0.2 * drop, 1.2)), *plan.late)
    actor.thud(plan.end - 0.12 * back, 1.6 + 2.5 * plan.slip("lower_s"))
    actor.stands("right", off, on)
