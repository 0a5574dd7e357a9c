"""What a motion writes with: an actor on a script, seen from either side.

A motion is written once, for one working side. For the other side it is given the same actor in the mirror: channels,
sides, the person's habits and the world's y axis are swapped on the way, so mirrored plans give exactly mirrored movement.
Angles are degrees here, as people say them; the script holds radians.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, cast

import numpy as np

from imu_tracker.exercises import Span
from imu_tracker.numeric import Floats
from imu_tracker.results import Side
from imu_tracker.simulate.body import CHANNELS, GIVE_M, Build, Posture, pose, soles
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.script import Bump, Move, Ripple, Script, Sway, Thud, mirrored_channel, mirrored_values, other
from imu_tracker.simulate.truth import Activity, Stance, TrueRep, TrueSet

LENGTHS = {  # channels that aren't angles
    *("x", "y", "z", "bob", "give", "level", "lying", "held", "hold_x", "hold_y", "hold_z"),
    *("foot_x", "foot_y", "foot_z", "placed", "held_knee", "held_ankle", "propped", "elbow_x", "elbow_y", "elbow_z"),
}
STANDING_KNEE_DEG = 8.0  # quiet standing is not quite straight
QUIVER_HZ = (2.5, 12.0)
RIPPLE_HZ = (0.7, 2.4)
RING_HZ = (3.5, 9.0)
FOOT_HZ, FOOT_DECAY_S = 8.0, 0.03  # what the pelvis feels of a landing foot: a few waves at 5-12 Hz


@dataclass(frozen=True)
class Prop:
    """A thing that someone stands, sits or leans on, from start_s to end_s: a box, by its corners (8, 3) in the world, m.

    Corners count in binary: the last bit is back or front, then right or left, then bottom or top.
    """

    name: str
    start_s: float
    end_s: float
    corners: Floats


@dataclass
class Notes:
    """The truth, written down while the motions are."""

    sets: list[TrueSet] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    stances: list[Stance] = field(default_factory=list)
    quiet: list[tuple[float, float]] = field(default_factory=list)
    props: list[Prop] = field(default_factory=list)
    bows: list[tuple[float, float]] = field(default_factory=list)


def standing(build: Build) -> dict[str, float]:
    """All channels in upright standing at the world's origin, feet under the hips, looking along x."""
    rest: dict[str, float] = dict.fromkeys(CHANNELS, 0.0)
    knee = np.deg2rad(STANDING_KNEE_DEG)
    rest |= {"give": GIVE_M, "crouch": float(knee), "z": float(build.reach(np.asarray(knee))) + build.ankle_height}
    for side, out in (("left", 1.0), ("right", -1.0)):
        rest |= {f"placed_{side}": 1.0, f"foot_x_{side}": build.ball, f"foot_y_{side}": out * build.hips / 2}
        rest |= {f"foot_yaw_{side}": float(out * np.deg2rad(7.0))}
    return rest


def _in_channel(channel: str) -> float:
    """What a motion's unit is in the script's: 1 for lengths and shares, radians a degree for angles."""
    part = channel.rsplit("_", 1)[0] if channel.endswith(("_left", "_right")) else channel
    return 1.0 if part in LENGTHS else np.pi / 180


@dataclass(frozen=True)
class Actor:
    """A person on a script. `mirror` swaps left and right of all that is read or written.

    shape: how bumps go, out and back: above 0 with a late part, below 0 with an early one, 0 for plain minimum jerk. People start
    briskly and end with care, or the other way round.
    """

    script: Script
    person: Person
    rng: np.random.Generator
    notes: Notes
    clock: list[float]
    mirror: bool = False
    shape: tuple[float, float] = (0.0, 0.0)

    def working(self, side: str | None, written_for: Literal["left", "right"]) -> Actor:
        """The same actor as a motion that was written for one side sees it when `side` works."""
        return self if side in (None, written_for) else replace(self, mirror=not self.mirror)

    def seen_from(self, sides: Callable[[int], str] | None, k: int) -> Actor:
        """The view in which the k-th rep's side is the left one; this view where sides don't alternate."""
        return self if sides is None else self.working(sides(k), "left")

    @property
    def now(self) -> float:
        """Seconds; where the next move usually starts."""
        return self.clock[0]

    def until(self, t: float) -> None:
        """Moves the clock forward to t."""
        self.clock[0] = max(self.clock[0], t)

    def side(self, side: str) -> Side:
        """A side of this view as the world sees it."""
        return cast(Side, other(side) if self.mirror and side != "both" else side)

    def usual_drop_deg(self, stance: str) -> float:
        """The person's pelvic drop on that leg of this view."""
        return self.person.drop_deg(self.side(stance))

    def value(self, channel: str) -> float:
        """Where a channel stands after all that is written; degrees, metres or a share."""
        name, sign = mirrored_channel(channel) if self.mirror else (channel, 1.0)
        return sign * self.script.now[name] / _in_channel(channel)

    def move(self, channel: str, start: float, duration: float, *, by: float | None = None, to: float | None = None) -> None:
        """A smooth change by so much, or to a value."""
        amount = (0.0 if to is None else to - self.value(channel)) if by is None else by
        name, sign = mirrored_channel(channel) if self.mirror else (channel, 1.0)
        self.script.add(Move(name, start, start + duration, sign * amount * _in_channel(channel)))

    def bump(self, channel: str, by: float, start: float, peak: float, leave: float, end: float) -> None:
        """Up by so much until `peak`, there until `leave`, back at `end` (times)."""
        name, sign = mirrored_channel(channel) if self.mirror else (channel, 1.0)
        amount = sign * by * _in_channel(channel)
        if self.shape == (0.0, 0.0):
            self.script.add(Bump(name, start, peak, leave, end, amount))
            return
        # Two bumps, of which the one takes a part of either phase: their sum is skewed, and as smooth as each.
        out, back = (np.clip(s, -0.4, 0.4) for s in self.shape)
        begin, there = start + max(0.0, out) * (peak - start), peak - max(0.0, -out) * (peak - start)
        off, home = leave + max(0.0, back) * (end - leave), end - max(0.0, -back) * (end - leave)
        self.script.add(Bump(name, start, peak, leave, end, 0.5 * amount))
        self.script.add(Bump(name, float(begin), float(there), float(off), float(home), 0.5 * amount))

    def drifting(self, channel: str, by: float, start: float, peak: float, leave: float, end: float, share: float) -> None:
        """A bump that isn't held still: so much of it comes and goes through the whole pause."""
        middle = 0.5 * (peak + leave)
        self.bump(channel, (1 - share) * by, start, peak, leave, end)
        self.bump(channel, share * by, start + 0.4 * (peak - start), middle, middle, end - 0.4 * (end - leave))

    def thud(self, at: float, strength_m_s2: float) -> None:
        """A foot lands: the pelvis rings with about this acceleration."""
        by = strength_m_s2 / (2 * np.pi * FOOT_HZ) ** 2
        hz = FOOT_HZ * float(self.rng.uniform(0.8, 1.3))
        self.script.add(Thud("bob", at, -by * self.person.stamp * float(self.rng.uniform(0.7, 1.3)), hz, FOOT_DECAY_S))

    def sway(self, channel: str, rms: float, start: float, end: float, hz: tuple[float, float] = (0.2, 2.5)) -> None:
        """Unsteadiness with so much RMS, slower parts larger; draws its own frequencies and phases."""
        name, sign = mirrored_channel(channel) if self.mirror else (channel, 1.0)
        f = np.exp(self.rng.uniform(np.log(hz[0]), np.log(hz[1]), 6))
        size = 1 / f
        size *= sign * rms * _in_channel(channel) * np.sqrt(2 / np.sum(size**2))
        phase = self.rng.uniform(0, 2 * np.pi, 6)
        fade = min(1.0, (end - start) / 3)
        self.script.add(Sway(name, start, end, fade, tuple(map(float, f)), tuple(map(float, size)), tuple(map(float, phase))))

    def quiver(self, channel: str, rate: float, start: float, end: float) -> None:
        """Unsteadiness at 2.5-12 Hz whose speed has so much RMS (degrees or m a second), falling with the frequency as 1/f."""
        name, sign = mirrored_channel(channel) if self.mirror else (channel, 1.0)
        f = np.geomspace(*QUIVER_HZ, 9) * self.rng.uniform(0.88, 1.14, 9)
        speed = 1 / f
        speed *= sign * rate * _in_channel(channel) * np.sqrt(2 / np.sum(speed**2))
        size, phase = speed / (2 * np.pi * f), self.rng.uniform(0, 2 * np.pi, 9)
        fade = min(0.6, (end - start) / 3)
        self.script.add(Sway(name, start, end, fade, tuple(map(float, f)), tuple(map(float, size)), tuple(map(float, phase))))

    def ripple(self, start: float, end: float) -> None:
        """The movement from start to end runs unevenly, as much as the person's movements do."""
        f = np.geomspace(*RIPPLE_HZ, 5) * self.rng.uniform(0.87, 1.15, 5)
        speed = self.rng.uniform(0.5, 1.0, 5) / f
        speed *= self.person.ripple * np.sqrt(2 / np.sum(speed**2))
        size, phase = speed / (2 * np.pi * f), self.rng.uniform(0, 2 * np.pi, 5)
        self.script.ripples.append(Ripple(start, end, *(tuple(map(float, x)) for x in (f, size, phase))))

    def ring(self, channel: str, rate: float, at: float) -> None:
        """A limb lands: the channel rings for two to four waves, its speed reaching about so many degrees or m a second."""
        hz, waves = float(self.rng.uniform(*RING_HZ)), float(self.rng.uniform(1.5, 3.5))
        by = rate * _in_channel(channel) / (2 * np.pi * hz)
        name, sign = mirrored_channel(channel) if self.mirror else (channel, 1.0)
        self.script.add(Thud(name, at, sign * by * self.person.stamp, hz, waves / hz / 8))

    def draw(self, span: Span, where: float, spread: float = 0.12) -> float:
        """A value of the span, near the share `where` of it."""
        share = float(np.clip(where + self.rng.normal(0, spread), 0, 1))
        return span.least + share * (span.most - span.least)

    def uneven(self) -> float:
        """A factor around 1: no two reps are alike."""
        return float(np.exp(np.clip(self.rng.normal(0, self.person.uneven), -0.3, 0.3)))

    def ahead(self, forward: float, left: float) -> tuple[float, float]:
        """World x and y, m, of a place seen from the middle of the hips along the present heading."""
        yaw = np.deg2rad(self.value("yaw"))
        c, s = float(np.cos(yaw)), float(np.sin(yaw))
        return self.value("x") + c * forward - s * left, self.value("y") + s * forward + c * left

    def prop(
        self, name: str, start: float, forward: tuple[float, float], left: tuple[float, float], up: tuple[float, float]
    ) -> None:
        """Notes a box about the present place and heading, in use from start until now: m forward, left and up, from and to."""
        corners = []
        for z in up:
            for y in left:
                for x in forward:
                    there = self.ahead(x, y)
                    corners.append((there[0], -there[1] if self.mirror else there[1], z))
        self.notes.props.append(Prop(name, start, self.now, np.array(corners)))

    def travel(self, forward: float, left: float, start: float, duration: float) -> None:
        """The pelvis goes forward and left, m, along the present heading."""
        x, y = self.ahead(forward, left)
        self.move("x", start, duration, to=x)
        self.move("y", start, duration, to=y)

    def step(self, foot: str, to: tuple[float, float], yaw: float, start: float, duration: float, lift: float = 0.05) -> None:
        """A foot goes through the air to a place on the floor (ball of the foot, world m) and a heading; the other leg stands."""
        end = start + duration
        for axis, target in zip("xy", to, strict=True):
            self.move(f"foot_{axis}_{foot}", start + 0.12 * duration, 0.88 * duration, to=target)
        self.move(f"foot_yaw_{foot}", start + 0.12 * duration, 0.88 * duration, to=yaw)
        self.bump(f"foot_z_{foot}", lift, start, start + 0.45 * duration, start + 0.5 * duration, end)
        self.stands(other(foot), start, end)

    def hip_height(self, knee_deg: float, across: float) -> float:
        """Height of the hips, m, over a foot so far to the side or the front of them, at a knee flexion."""
        build = self.person.build
        return build.ankle_height + float(np.sqrt(build.reach(np.asarray(np.deg2rad(knee_deg))) ** 2 - across**2))

    def keep_level(self, height: float, start: float, duration: float) -> None:
        """From here on the hips keep to this height, and the knees give way."""
        self.move("z", start, duration, to=height)
        self.move("level", start, duration, to=1.0)

    def stand_on_legs(self, start: float, duration: float) -> None:
        """From here on the legs carry the hips as high as `crouch` lets them."""
        self.move("level", start, duration, to=0.0)

    def put(self, channel: str, to: float) -> None:
        """Sets a channel that nothing depends on at present, such as the place of a foot that hangs."""
        self.move(channel, self.now - 0.2, 0.2, to=to)

    def body(self) -> Posture:
        """The body after all that is written, as this view sees it; one sample."""
        now = {name: np.array([value]) for name, value in self.script.now.items()}
        return pose(mirrored_values(now) if self.mirror else now, self.person.build, np.zeros(1))

    def hang(self, leg: str, start: float) -> None:
        """From `start` on a leg hangs by its angles, as it now is; nothing moves."""
        body = self.body()
        out = 1.0 if leg == "left" else -1.0
        thigh, shank, foot = (body.turn[f"{part}_{leg}"][0] for part in ("thigh", "shank", "foot"))
        hip, knee, ankle = body.turn["pelvis"][0].T @ thigh, thigh.T @ shank, shank.T @ foot
        angles = {
            "hip_flexion": -np.arctan2(hip[0, 2], hip[2, 2]),
            "hip_abduction": -out * np.arcsin(hip[1, 2]),
            "hip_rotation": out * np.arctan2(hip[1, 0], hip[1, 1]),
            "knee": np.arctan2(knee[0, 2], knee[2, 2]),
            "ankle": -np.arctan2(ankle[0, 2], ankle[2, 2]),
        }
        for name, angle in angles.items():
            self.put(f"{name}_{leg}", float(np.rad2deg(angle)))
        self.move(f"placed_{leg}", start, 0.3, to=0.0)

    def plant(self, leg: str, start: float, flat: bool = False) -> None:
        """From `start` on a foot keeps to the place where it now is; nothing moves, but a `flat` sole settles."""
        body = self.body()
        ball, foot = soles(body, leg)[0][0], body.turn[f"foot_{leg}"][0]
        for axis, where in zip("xyz", ball, strict=True):
            self.put(f"foot_{axis}_{leg}", float(where))
        roll = float(np.arcsin(np.clip(foot[2, 1], -1, 1)))
        # As near the body's heading as can be: whoever has turned round must not turn the foot back by 360 degrees.
        heading, yaw = self.value("yaw"), float(np.rad2deg(np.arctan2(-foot[0, 1], foot[1, 1])))
        self.put(f"foot_yaw_{leg}", heading + (yaw - heading + 180) % 360 - 180)
        self.put(f"foot_roll_{leg}", float(np.rad2deg(-roll if leg == "left" else roll)))
        self.put(f"heel_{leg}", float(np.rad2deg(np.arctan2(-foot[2, 0], foot[2, 2]))))
        if flat:
            for name in ("foot_z", "foot_roll", "heel"):
                self.put(f"{name}_{leg}", 0.0)
        self.move(f"placed_{leg}", start, 0.3, to=1.0)

    def hold(self, by: str, start: float) -> None:
        """From `start` on the body is held where `held` (the shoulders), `held_knee_left` ... now is; nothing moves."""
        body = self.body()
        if by == "held":
            at = body.point("trunk", np.array([0.0, 0.0, body.build.shoulder]))[0]
        else:
            at = body.origin[by.replace("held_knee", "shank").replace("held_ankle", "foot")][0]
        for axis, where in zip("xyz", at, strict=True):
            self.put(f"hold_{axis}", float(where))
        self.move(by, start, 0.3, to=1.0)

    def let_go(self, by: str, start: float) -> None:
        """From `start` on the pelvis is where it now is by itself; nothing moves."""
        for axis, where in zip("xyz", self.body().origin["pelvis"][0], strict=True):
            self.put(axis, float(where))
        self.move(by, start, 0.3, to=0.0)

    def stands(self, side: str, start: float, end: float) -> None:
        """Notes that only this leg of the view is on the floor."""
        self.notes.stances.append(Stance(self.side(side), start, end))

    def rep(self, start: float, out: float, pause: float, back: float, end: float, side: str | None) -> TrueRep:
        """A rep's truth; the turn is the middle of its pause. range and drop are measured on the body afterwards."""
        named = None if side is None else self.side(side)
        return TrueRep(start, start + out + pause / 2, end, named, out, pause, back)
