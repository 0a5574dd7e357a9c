"""What isn't exercise: quiet standing, bows, walking to the place, standing about. Written for the left foot going first."""

from __future__ import annotations

import numpy as np

from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.part import Part


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
