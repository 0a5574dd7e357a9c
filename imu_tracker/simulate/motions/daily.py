"""What happens between sets: sitting, lying down, picking up a weight, setting the belt right, shifting about."""

from __future__ import annotations

from imu_tracker.exercises import find
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.chair import chair, sit_down, up_from_chair
from imu_tracker.simulate.motions.floor import get_up_from_back, lie_on_back
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.script import SIDES


def sitting(actor: Actor, part: Part) -> None:
    """Down onto a chair, some seconds there, up again."""
    begin = actor.now
    actor = actor.working(part.side, "left")
    seat = sit_down(actor)
    _restless(actor, part.seconds, ("tilt", "trunk_lean", "trunk_twist", "obliquity"), 2.5)
    up_from_chair(actor, seat)
    chair(actor, begin, seat)


def lying(actor: Actor, part: Part) -> None:
    """Down on the back, some seconds there, up again."""
    actor = actor.working(part.side, "left")
    lie_on_back(actor)
    _restless(actor, part.seconds, ("tilt", "spin"), 1.0)
    get_up_from_back(actor)


def _restless(actor: Actor, seconds: float, channels: tuple[str, ...], size_deg: float) -> None:
    """Stays for a while; now and then something shifts."""
    start, end = actor.now, actor.now + seconds
    t = start + float(actor.rng.uniform(0.3, 1.5))
    while t + 2.0 < end:
        stay = float(actor.rng.uniform(0.3, 2.0))
        channel = channels[int(actor.rng.integers(len(channels)))]
        leave = min(t + 0.6 + stay, end - 0.6)
        actor.bump(channel, float(actor.rng.normal(0, size_deg)), t, t + 0.6, leave, leave + 0.6)
        t += 1.2 + stay + float(actor.rng.exponential(2.5))
    actor.sway(channels[0], 0.25, start, end, hz=(0.2, 0.5))  # breathing
    actor.until(end)


def pick_up(actor: Actor, part: Part) -> None:
    """Bends down to a weight on the floor, `count` times (picks it up, puts it down); hips back, knees bent."""
    actor = actor.working(part.side, "left")
    for _ in range(max(1, part.count)):
        t = actor.now
        down, stay, up = (s * actor.uneven() for s in (1.0, 0.35, 1.1))
        times = (t, t + down, t + down + stay, t + down + stay + up)
        size = float(actor.rng.uniform(0.8, 1.15))
        for channel, by in (("crouch", 62.0), ("tilt", 38.0), ("trunk_lean", 68.0), ("yaw", float(actor.rng.normal(0, 6)))):
            actor.bump(channel, by * size, *times)
        actor.bump("obliquity", float(actor.rng.normal(0, 2.5)), *times)
        actor.bump("trunk_twist", float(actor.rng.normal(0, 8)), *times)
        x, y = actor.ahead(-0.17 * size, 0.0)
        actor.bump("x", x - actor.value("x"), *times)
        actor.bump("y", y - actor.value("y"), *times)
        for side in SIDES:
            actor.bump(f"arm_flexion_{side}", 60.0 * size, *times)
        actor.thud(times[2] + 0.1, 1.0)
        actor.until(times[-1] + float(actor.rng.uniform(0.5, 1.5)))


def fumble(actor: Actor, part: Part) -> None:
    """Sets the belt right for some seconds: the sensor turns to and fro against the pelvis, and stays a little off."""
    actor = actor.working(part.side, "left")
    start, end = actor.now, actor.now + max(1.5, part.seconds)
    t = start + 0.2
    while t + 0.9 < end:
        for channel in ("belt_roll", "belt_tilt", "belt_yaw"):
            reach, stay = float(actor.rng.uniform(0.12, 0.4)), float(actor.rng.uniform(0.0, 0.4))
            actor.bump(channel, float(actor.rng.normal(0, 9)), t, t + reach, t + reach + stay, t + 2 * reach + stay)
        t += float(actor.rng.uniform(0.25, 0.7))
    for channel in ("belt_roll", "belt_tilt", "belt_yaw"):
        slip = actor.draw(find("transition").drawn_from("belt_slip_deg"), 0.25, 0.3) * float(actor.rng.choice([-1.0, 1.0]))
        actor.move(channel, end - 0.6, 0.6, by=slip)
    for channel, rms in (("trunk_lean", 2.0), ("trunk_twist", 3.0), ("tilt", 0.6), ("yaw", 0.8)):
        actor.sway(channel, rms, start, end, hz=(0.4, 2.5))
    for side in SIDES:
        actor.bump(f"arm_flexion_{side}", -15.0, start, start + 0.5, end - 0.5, end)
        actor.bump(f"elbow_{side}", 75.0, start, start + 0.5, end - 0.5, end)
    actor.until(end + 0.3)


def shifting(actor: Actor, part: Part) -> None:
    """Weight from leg to leg, `count` times or for some seconds, larger than in a rest: rhythmic, but no exercise."""
    actor = actor.working(part.side, "left")
    period = float(actor.rng.uniform(1.0, 2.2))
    n = part.count or max(2, round(part.seconds / period))
    reach = float(actor.rng.uniform(0.03, 0.07))
    for k in range(n):
        t = actor.now
        length = period * actor.uneven()
        shift = reach * actor.uneven() * (1.0 if k % 2 == 0 else -1.0)
        times = (t, t + 0.4 * length, t + 0.55 * length, t + length)
        _, y = actor.ahead(0.0, shift)
        actor.bump("y", y - actor.value("y"), *times)
        actor.bump("obliquity", 55 * shift, *times)
        actor.bump("trunk_roll", -25 * shift, *times)
        actor.bump("yaw", float(actor.rng.normal(0, 2.0)), *times)
        actor.until(t + length)
    actor.until(actor.now + 0.3)
