"""What people do that isn't exercise and yet has a rhythm: turning round, stairs, busy hands, stretching, restless feet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.exercises import find
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.chair import chair, sit_down, up_from_chair
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.gait import SETTLED_S, onto_legs, turn_round
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.script import SIDES, other

ON_STAIRS_KNEE_DEG = 28.0  # of the leg that stands higher, as the other foot leaves the floor or reaches it
STAIRS_IN_AIR = 0.76  # of a step's time
OVER_THE_EDGE_M = 0.05  # how far a foot clears the tread


def turning(actor: Actor, part: Part) -> None:
    """A turn on the spot in small steps, `turn_deg` or a quarter to a whole one, towards the foot that goes first."""
    actor = actor.working(part.side, "left")
    entry = find("walking")
    degrees = part.turn_deg or actor.draw(entry.drawn_from("turn_deg"), 0.3, 0.3)
    turn_round(actor, degrees, actor.draw(entry.drawn_from("step_s"), 0.85 - 0.4 * part.brisk, 0.1))


@dataclass(frozen=True)
class _Stairs:
    """going, height: of a tread, m, height below 0 downstairs; period: s a step."""

    going: float
    height: float
    period: float


def stairs(actor: Actor, part: Part) -> None:
    """Up `count` stairs step over step, a turn at the top, and down again: the floor is where it was."""
    actor = actor.working(part.side, "left")
    entry = find("walking")
    height = actor.draw(entry.drawn_from("stair_cm"), 0.5, 0.25) / 100
    going = actor.draw(entry.drawn_from("tread_cm"), 0.5, 0.25) / 100
    period = actor.draw(entry.drawn_from("stair_step_s"), 0.7 - 0.5 * part.brisk, 0.15)
    count = part.count or 8
    _flight(actor, count, _Stairs(going, height, period))
    turn_round(actor, 180.0, period, floor=count * height)
    _flight(actor, count, _Stairs(going, -height, 0.95 * period))


def _flight(actor: Actor, count: int, flight: _Stairs) -> None:
    """So many steps up or down; starts and ends with the feet together."""
    build = actor.person.build
    down = flight.height < 0
    start, floor = actor.now, actor.value("foot_z_left")
    legs = actor.hip_height(ON_STAIRS_KNEE_DEG, 0.5 * flight.going + 0.03)
    actor.keep_level(floor + legs, start, 0.5)
    begin, foot = start + 0.55, "left"
    for k in range(count + 1):
        last = k == count
        t = flight.period * (1 + 0.5 * (actor.uneven() - 1))
        air = STAIRS_IN_AIR * t
        landing = begin + air
        actor.travel(0.0 if last else flight.going, 0.0, landing - (0.65 if down else 0.5) * t, 1.25 * t)
        if not last:
            # Up, the hips rise after the foot has landed above; down, they sink before it lands below.
            rising = (landing - 0.95 * t, 0.92 * t) if down else (landing - 0.02 * t, 0.98 * t)
            actor.move("z", *rising, by=flight.height)
        side = 1.0 if foot == "left" else -1.0
        place, yaw = foot_under(actor, foot, 0.0, side * build.hips / 2)
        climb = floor + flight.height * min(k + 1, count) - actor.value(f"foot_z_{foot}")
        for axis, to in zip("xy", place, strict=True):
            actor.move(f"foot_{axis}_{foot}", begin + 0.12 * air, 0.88 * air, to=to)
        actor.move(f"foot_yaw_{foot}", begin, air, to=yaw)
        slow = (begin + 0.2 * air, 0.8 * air) if down else (begin, 0.75 * air)
        actor.move(f"foot_z_{foot}", *slow, by=climb)
        actor.bump(f"foot_z_{foot}", OVER_THE_EDGE_M * actor.uneven(), begin, begin + 0.4 * air, begin + 0.45 * air, landing)
        if k:
            actor.bump(
                f"heel_{foot}", 28.0 * actor.uneven(), begin - 0.4 * t, begin + 0.15 * t, begin + 0.2 * t, begin + 0.9 * air
            )
        stance, around = -side, (begin - 0.25 * t, begin + 0.35 * air, begin + 0.5 * air, landing + 0.2 * t)
        x, y = actor.ahead(0.0, stance * 0.02 * actor.uneven())
        for channel, by in (("x", x - actor.value("x")), ("y", y - actor.value("y")), ("trunk_roll", -1.5 * stance)):
            actor.bump(channel, by, *around)
        actor.bump("obliquity", (1.5 if down else -2.0) * stance * actor.uneven(), *around)
        actor.bump("yaw", -2.5 * side * actor.uneven(), *around)
        actor.bump("tilt", (1.0 if down else 4.0) * actor.uneven(), *around)
        actor.bump("trunk_lean", (2.0 if down else 9.0) * actor.uneven(), *around)
        for arm, by in ((foot, -6.0), (other(foot), 10.0)):
            actor.bump(f"arm_flexion_{arm}", by * actor.uneven(), *around)
        actor.stands(other(foot), begin, landing)
        actor.thud(landing, 1.8 if down else 1.0)
        begin, foot = begin + t, other(foot)
    onto_legs(actor, begin - 0.1, 0.6)
    actor.until(begin + 0.5 + SETTLED_S)


def busy_hands(actor: Actor, part: Part) -> None:
    """Stands and does something with the hands for some seconds: a band, weights, a bag; the trunk goes along a little."""
    actor = actor.working(part.side, "left")
    start, end = actor.now, actor.now + max(3.0, part.seconds)
    for side in SIDES:
        actor.bump(f"elbow_{side}", float(actor.rng.uniform(45, 85)), start, start + 0.8, end - 0.8, end)
        actor.bump(f"arm_flexion_{side}", float(actor.rng.uniform(8, 35)), start, start + 0.8, end - 0.8, end)
    lean = float(actor.rng.uniform(3, 16))
    for channel, by in (("trunk_lean", lean), ("tilt", 0.4 * lean)):
        actor.bump(channel, by, start, start + 1.0, end - 1.0, end)
    t = start + 0.5
    while t + 1.0 < end - 0.4:
        reach, stay = float(actor.rng.uniform(0.25, 0.6)), float(actor.rng.uniform(0.0, 0.8))
        stay = min(stay, max(0.0, end - 0.4 - t - 2 * reach))
        times = (t, t + reach, t + reach + stay, t + 2 * reach + stay)
        for side in SIDES[: int(actor.rng.integers(1, 3))]:
            actor.bump(f"arm_flexion_{side}", float(actor.rng.normal(0, 16)), *times)
            actor.bump(f"arm_abduction_{side}", abs(float(actor.rng.normal(0, 12))), *times)
            actor.bump(f"elbow_{side}", float(actor.rng.normal(0, 18)), *times)
        actor.bump("trunk_twist", float(actor.rng.normal(0, 7)), *times)
        actor.bump("trunk_lean", float(actor.rng.normal(0, 4)), *times)
        actor.bump("tilt", float(actor.rng.normal(0, 2)), *times)
        actor.bump("yaw", float(actor.rng.normal(0, 2)), *times)
        t = times[-1] + float(actor.rng.exponential(0.4))
    for channel, rms in (("obliquity", 0.5), ("tilt", 0.5), ("x", 0.004), ("y", 0.005)):
        actor.sway(channel, rms, start, end, hz=(0.15, 1.5))
    actor.until(end + 0.2)


def stretching(actor: Actor, part: Part) -> None:
    """Slow side bends of the trunk, or circles of the hips, `count` or one to three; the working side first."""
    actor = actor.working(part.side, "left")
    entry = find("standing")
    count = part.count or int(actor.rng.integers(1, 4))
    circles = bool(actor.rng.random() < 0.5)
    for k in range(count):
        t = actor.now
        length = actor.draw(entry.drawn_from("circle_s" if circles else "bend_s"), actor.person.pace, 0.15)
        if circles:
            _hip_circle(actor, t, length, last=k == count - 1)
        else:
            _side_bend(actor, t, length, 1.0 if k % 2 == 0 else -1.0)
        actor.until(t + length + (0.0 if circles else float(actor.rng.uniform(0.2, 0.8))))
    actor.until(actor.now + 0.5)


def _side_bend(actor: Actor, t: float, length: float, way: float) -> None:
    """The trunk bends to the right (`way` 1) or to the left, the hips give way to the other side."""
    times = (t, t + 0.35 * length, t + 0.6 * length, t + length)
    bend = way * actor.draw(find("standing").drawn_from("bend_deg"), 0.5, 0.25)
    _, left = (0.0, way * 0.04)
    x, y = actor.ahead(0.0, left)
    for channel, by in (("x", x - actor.value("x")), ("y", y - actor.value("y"))):
        actor.bump(channel, by, *times)
    actor.bump("trunk_roll", bend, *times)
    actor.bump("obliquity", 0.18 * bend, *times)
    raised = "left" if way > 0 else "right"
    actor.bump(f"arm_abduction_{raised}", float(actor.rng.uniform(60, 150)), *times)


def _hip_circle(actor: Actor, t: float, length: float, last: bool) -> None:
    """The hips go round once: to the left, forward, right, back; four quarters that run into each other."""
    reach = actor.draw(find("standing").drawn_from("circle_cm"), 0.5, 0.25) / 100
    for quarter, (forward, left) in enumerate(((0.0, 1.0), (0.8, 0.0), (0.0, -1.0), (-1.0, 0.0))):
        peak = t + (0.22 + 0.24 * quarter) * length
        times = (peak - 0.22 * length, peak, peak, peak + (0.05 if last and quarter == 3 else 0.22) * length)
        if last and quarter == 3:
            times = (peak - 0.22 * length, peak, peak, peak + 0.4)
        x, y = actor.ahead(forward * reach, left * reach)
        actor.bump("x", x - actor.value("x"), *times)
        actor.bump("y", y - actor.value("y"), *times)
        actor.bump("obliquity", 60 * left * reach, *times)
        actor.bump("tilt", -70 * forward * reach, *times)
        actor.bump("trunk_lean", -50 * forward * reach, *times)
        actor.bump("trunk_roll", -40 * left * reach, *times)


def fidgeting(actor: Actor, part: Part) -> None:
    """Stands on the one leg more than on the other, whose heel bounces or whose toes tap, for some seconds."""
    actor = actor.working(part.side, "left")
    start, end = actor.now, actor.now + max(3.0, part.seconds)
    x, y = actor.ahead(0.0, -0.035)
    shift = (start, start + 0.8, end - 0.8, end)
    for channel, by in (("x", x - actor.value("x")), ("y", y - actor.value("y")), ("obliquity", -2.0)):
        actor.bump(channel, by, *shift)
    for channel in ("tilt", "trunk_lean"):
        actor.sway(channel, 0.5, start, end, hz=(0.2, 1.0))
    if actor.rng.random() < 0.5:
        _jiggle(actor, "left", start + 0.9, end - 0.9, 0.6)  # a leg that is nearly straight gives less
    else:
        _tap(actor, "left", start + 0.9, end - 0.9)
    actor.until(end + 0.3)


def jiggling(actor: Actor, part: Part) -> None:
    """Down onto a chair, where one knee or both go up and down fast for some seconds; up again."""
    begin = actor.now
    actor = actor.working(part.side, "left")
    seat = sit_down(actor)
    start, end = actor.now + 0.3, actor.now + 0.3 + max(3.0, part.seconds)
    t = start
    while t + 2.0 <= end:
        until = min(end, t + float(actor.rng.uniform(2.0, 8.0)))
        for side in ("left",) if actor.rng.random() < 0.7 else SIDES:
            _jiggle(actor, side, t, until)
        t = until + float(actor.rng.uniform(0.3, 2.0))
    actor.sway("tilt", 0.3, start, end, hz=(0.2, 0.6))
    actor.until(end + 0.4)
    up_from_chair(actor, seat)
    chair(actor, begin, seat)


def _jiggle(actor: Actor, foot: str, start: float, end: float, size: float = 1.0) -> None:
    """The heel bounces at one frequency with the ball on the floor, so the knee goes up and down."""
    entry = find("standing")
    hz = actor.draw(entry.drawn_from("jiggle_hz"), 0.5, 0.3)
    rms = size * actor.draw(entry.drawn_from("jiggle_deg"), 0.5, 0.3) / 2
    rise = min(0.4, (end - start) / 4)
    actor.bump(f"heel_{foot}", 3.2 * rms, start, start + rise, end - rise, end)
    actor.sway(f"heel_{foot}", rms, start, end, hz=(0.98 * hz, 1.02 * hz))


def _tap(actor: Actor, foot: str, start: float, end: float) -> None:
    """The toes tap the floor, the heel stays on it."""
    entry, build = find("standing"), actor.person.build
    period = 1 / actor.draw(entry.drawn_from("tap_hz"), 0.5, 0.3)
    toes = actor.draw(entry.drawn_from("tap_deg"), 0.5, 0.3)
    t = start
    while t + period <= end:
        up = toes * actor.uneven()
        times = (t, t + 0.45 * period, t + 0.5 * period, t + 0.92 * period)
        actor.bump(f"heel_{foot}", -up, *times)
        actor.bump(f"foot_z_{foot}", (build.ball + build.heel) * float(np.deg2rad(up)), *times)
        t += period * actor.uneven()
