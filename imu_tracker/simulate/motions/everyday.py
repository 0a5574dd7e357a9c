"""What isn't exercise: quiet standing, bows, walking to the place, standing about. Written for the left foot going first."""

from __future__ import annotations

import numpy as np

from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.script import SIDES, other


def quiet(actor: Actor, part: Part) -> None:
    """Quiet standing on both feet: a few millimetres and tenths of a degree of postural sway."""
    start, end = actor.now, actor.now + part.seconds
    actor = actor.working(part.side, "left")
    for channel, rms in (
        ("x", 0.002),
        ("y", 0.0015),
        ("tilt", 0.12),
        ("obliquity", 0.08),
        ("trunk_lean", 0.2),
        ("trunk_roll", 0.12),
    ):
        actor.sway(channel, rms, start, end, hz=(0.15, 1.2))
    actor.notes.quiet.append((start, end))
    actor.until(end)


def bows(actor: Actor, part: Part) -> None:
    """Forward bows from the hips, hands down the thighs; the hips go back to keep the balance."""
    actor = actor.working(part.side, "left")
    for _ in range(part.count):
        start = actor.now
        down, hold, up = (t * actor.uneven() for t in (1.2, 0.3, 1.3))
        times = (start, start + down, start + down + hold, start + down + hold + up)
        size = actor.uneven()
        for channel, by in (("tilt", 42.0), ("trunk_lean", 62.0), ("crouch", 6.0)):
            actor.bump(channel, by * size, *times)
        actor.bump("obliquity", float(actor.rng.normal(0, 0.6)), *times)
        actor.bump("yaw", float(actor.rng.normal(0, 1.0)), *times)
        x, y = actor.ahead(-0.11 * size, 0.0)
        actor.bump("x", x - actor.value("x"), *times)
        actor.bump("y", y - actor.value("y"), *times)
        actor.notes.bows.append((start, times[-1]))
        actor.until(times[-1] + float(actor.rng.uniform(0.4, 0.8)))


def standing_about(actor: Actor, part: Part) -> None:
    """A rest: the weight goes from leg to leg, the trunk turns a little."""
    actor = actor.working(part.side, "left")
    start, end = actor.now, actor.now + part.seconds
    t = start
    while t + 2.5 < end:
        hang = float(actor.rng.uniform(1.2, 2.5))
        shift = float(actor.rng.choice([-1.0, 1.0])) * float(actor.rng.uniform(0.02, 0.05))
        times = (t, t + 0.7, min(t + 0.7 + hang, end - 0.8), min(t + 1.5 + hang, end))
        _, y = actor.ahead(0.0, shift)
        actor.bump("y", y - actor.value("y"), *times)
        actor.bump("obliquity", 60 * shift, *times)
        actor.bump("trunk_twist", float(actor.rng.normal(0, 8)), *times)
        t = times[-1]
    actor.sway("tilt", 0.4, start, end)
    actor.sway("yaw", 1.0, start, end, hz=(0.2, 0.8))
    actor.until(end)


def foot_under(actor: Actor, foot: str, forward: float, left: float, toe_out: float = 7.0) -> tuple[tuple[float, float], float]:
    """Where the ball of a foot comes down, and its heading, for its ankle to be `forward` and `left` of the hips' middle."""
    yaw = actor.value("yaw") + (toe_out if foot == "left" else -toe_out)
    x, y = actor.ahead(forward, left)
    ball = actor.person.build.ball
    return (x + ball * float(np.cos(np.deg2rad(yaw))), y + ball * float(np.sin(np.deg2rad(yaw)))), yaw


def walk(actor: Actor, part: Part) -> None:
    """A few steps straight on, perhaps a turn on the spot after them; ends with the feet together."""
    actor = actor.working(part.side, "left")
    build = actor.person.build
    length = (0.26 + 0.09 * part.brisk) * build.stature  # a stroll's step; comfortable walking has about 0.41 of the stature
    period = (0.58 + 0.08 * (actor.person.pace - 0.5)) * (1 - 0.16 * part.brisk)
    start = actor.now
    if part.count:
        # Every landing is half a step ahead of the hips; the hips move on all the time.
        actor.keep_level(actor.hip_height(10.0 + 4.0 * part.brisk, (0.62 + 0.12 * part.brisk) * length), start, 0.5)
        foot, begin = "left", start + 0.3
        for k in range(part.count + 1):
            last = k == part.count
            stride = 0.5 * length if k in (0, part.count) else length
            t = period * actor.uneven()
            actor.travel(stride, 0.0, begin - 0.47 * t, 1.7 * t)
            place, yaw = foot_under(actor, foot, 0.0 if last else 0.5 * length, build.hips / 2 * (1 if foot == "left" else -1))
            _one_step(actor, foot, place, yaw, begin, t, heel=k > 0)
            foot, begin = other(foot), begin + t
        actor.stand_on_legs(begin - 0.2, 0.6)
        actor.until(begin + 0.5)
    if part.turn_deg:
        _turn(actor, part.turn_deg, period)


def _one_step(actor: Actor, foot: str, place: tuple[float, float], yaw: float, begin: float, period: float, heel: bool) -> None:
    """One walking step: heel off, swing, landing; the pelvis sways over the standing leg, and its free side dips."""
    stance = 1.0 if foot == "right" else -1.0  # +1: the left leg stands
    swing, land = 0.94 * period, begin + 0.94 * period
    if heel:
        actor.bump(
            f"heel_{foot}", 45.0, begin - 0.45 * period, begin + 0.1 * period, begin + 0.15 * period, begin + 0.75 * period
        )
    actor.step(foot, place, yaw, begin, swing, lift=0.05)
    times = (begin - 0.1 * period, begin + 0.4 * period, begin + 0.5 * period, begin + period)
    x, y = actor.ahead(0.0, stance * 0.025)
    actor.bump("x", x - actor.value("x"), *times)
    actor.bump("y", y - actor.value("y"), *times)
    actor.bump("obliquity", stance * 3.5, *times)
    actor.bump("trunk_roll", -stance * 1.5, *times)
    actor.bump("yaw", stance * -3.0, *times)
    actor.bump(
        "bob", 0.022 * actor.uneven(), begin - 0.05 * period, begin + 0.42 * period, begin + 0.46 * period, begin + 0.95 * period
    )
    actor.bump("tilt", 2.0 * actor.uneven(), *times)
    actor.thud(land, 1.5)


def _turn(actor: Actor, degrees: float, period: float) -> None:
    """A turn on the spot in small steps of up to 45 degrees, towards the foot that goes first."""
    build = actor.person.build
    n = int(np.ceil(abs(degrees) / 45))
    begin = actor.now
    actor.keep_level(actor.hip_height(14.0, 0.0), begin, 0.4)
    for _ in range(n):
        actor.move("yaw", begin, 2 * 0.8 * period, by=degrees / n)
        for foot in SIDES:
            t = 0.8 * period * actor.uneven()
            place, yaw = foot_under(actor, foot, 0.0, build.hips / 2 * (1 if foot == "left" else -1))
            actor.step(foot, place, yaw, begin + 0.1 * t, 0.8 * t, lift=0.04)
            stance = 1.0 if foot == "right" else -1.0
            actor.bump("obliquity", stance * 2.0, begin, begin + 0.4 * t, begin + 0.6 * t, begin + t)
            actor.thud(begin + 0.9 * t, 1.2)
            begin += t
    actor.stand_on_legs(begin, 0.4)
    actor.until(begin + 0.4)
