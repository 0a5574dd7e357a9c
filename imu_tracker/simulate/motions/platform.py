"""Up onto a platform and down again through one leg. Written for the right leg on the platform; `side` is that leg."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.exercises import Exercise, Span
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat, trouble

STEP_HEIGHT = Span(0.09, 0.22)  # of the stature; 15-40 cm
LOW_KNEE_DEG, TOP_KNEE_DEG = 17.0, 14.0
PUSH_OFF_DEG = Span(32, 45)


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
    height = actor.draw(STEP_HEIGHT, actor.person.range) * actor.person.build.stature
    _do(actor, part, exercise, Platform(height, 0.0, -0.62 * hips - 0.04, True))


def step_up(actor: Actor, part: Part, exercise: Exercise) -> None:
    """The platform in front; up through the right leg until both feet are on it, down again."""
    actor = actor.working(part.side, "right")
    height = actor.draw(STEP_HEIGHT, actor.person.range) * actor.person.build.stature
    _do(actor, part, exercise, Platform(height, 0.2 * actor.person.build.stature, -0.01, False))


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
        lambda a, plan: _up_and_down(a, plan, platform),
        between=Span(0.1, 0.8),
        steady=("tilt", "obliquity"),
    )
    front = platform.forward - 0.13 if platform.beside else platform.forward - 0.09
    side = (platform.left - 0.45, platform.left + 0.03) if platform.beside else (-0.4, 0.4)
    actor.until(actor.now + 0.3)
    actor.prop("platform", begin, (front, front + 0.45), side, (0.0, platform.height))
    _right_foot(actor, 0.0, 0.0, -0.5 * build.hips)
    actor.stand_on_legs(actor.now - 0.3, 0.5)
    actor.until(actor.now + 0.3)


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
    actor.move("foot_z_right", t + (0.3 if up else 0.75), 0.5, to=height)
    actor.bump("foot_z_right", 0.05, t + 0.3, t + 0.7, t + 0.8, t + 1.25)
    x, y = actor.ahead(0.0, 0.035)
    times = (t, t + 0.5, t + 0.9, t + 1.5)
    actor.bump("x", x - actor.value("x"), *times)
    actor.bump("y", y - actor.value("y"), *times)
    actor.bump("obliquity", -2.0, *times)
    actor.stands("left", t + 0.32, t + 1.22)
    actor.thud(t + 1.22, 1.0)
    actor.until(t + 1.6 + float(actor.rng.uniform(0.1, 0.5)))


def _up_and_down(actor: Actor, plan: Plan, platform: Platform) -> None:
    """The hips lean over the upper leg, rise, and come down again; the lower foot follows them."""
    out, back = plan.out, plan.back
    top = platform.height + actor.hip_height(TOP_KNEE_DEG, 0.03)
    rise = (top - actor.value("z")) * min(1.0, plan.size)
    up = (plan.start + 0.18 * out, plan.turn, plan.leave, plan.end - 0.1 * back)
    over = (plan.start, plan.start + 0.75 * out, plan.leave + 0.2 * back, plan.end - 0.02 * back)
    x0, y0 = actor.value("x"), actor.value("y")
    x, y = actor.ahead(platform.forward * 0.97 * min(1.0, plan.size), platform.left * 0.9)
    actor.bump("x", x - x0, *over)
    actor.bump("y", y - y0, *over)
    actor.bump("z", rise, *up)
    # The lower heel comes up first and leaves last; then the foot goes up with the hips.
    push = actor.draw(PUSH_OFF_DEG, 0.5, 0.3) if plan.slip("push_off") else 22.0
    fast = 0.72 if plan.slip("push_off") else 1.0
    off, on = plan.start + 0.15 * out, plan.end - 0.1 * back
    actor.bump(
        "heel_left", push, plan.start + 0.08 * out, plan.start + 0.36 * out, plan.leave + 0.62 * back, plan.end - 0.04 * back
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
        actor.bump(channel, size, plan.start, plan.start + 0.4 * out * fast, plan.start + 0.45 * out, plan.turn)
        actor.bump(channel, 0.9 * size, plan.leave, plan.leave + 0.55 * back, plan.leave + 0.6 * back, plan.end)
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
