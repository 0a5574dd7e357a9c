"""The body: linked segments that stand on the floor, posed by channels.

Segments: pelvis, trunk, thighs, shanks, feet, upper arms, forearms; rigid, with lengths as shares of the stature (Winter,
Biomechanics and Motor Control of Human Movement, 4th ed. 2009, fig. 4.1, after Drillis and Contini 1966). The hip joint centres
lie 0.100 of the stature apart: 0.72 of the distance between the anterior spines (14 % in from either side: Bell, Brand and
Pedersen, Hum Mov Sci 8:3, 1989), which is about 0.24 m at 1.72 m. World frame: z up, floor at z = 0; at yaw 0 the body looks
along x. Segment frames: x forward, y left, z up, equal to the world's in upright standing.

A leg either reaches for its foot's place on the floor (two-bone inverse kinematics: the foot can't slide) or hangs from the
hip by joint angles; `placed` says how much of the one and of the other. The pelvis' height follows from the placed feet: it is as
high as the leg with the least reach allows at the knee flexion that `crouch` asks for; or it is kept level (`level`, as people do
who step) and the knees give way.

Off the feet the pelvis hangs from whatever holds the body: the shoulders (upper back on the floor or on a bench), a knee or an
ankle, at a place `hold` in the world; or it lies at the height z. Lying is tilt: -90 degrees on the back, +90 on the front, and
`spin` from there onto a side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from imu_tracker.numeric import Floats
from imu_tracker.simulate.limbs import about, blend, frame, reaching_leg, unit
from imu_tracker.simulate.script import SIDES

SEGMENTS = (
    "pelvis",
    "trunk",
    *(f"{part}_{side}" for part in ("thigh", "shank", "foot", "upper_arm", "forearm") for side in SIDES),
)

# Channels and what they mean; angles in rad, lengths in m. Forward, down-bending and outward are positive.
CHANNELS: Mapping[str, str] = {
    "x": "middle of the hip joints, world",
    "y": "middle of the hip joints, world",
    "z": "height of it where no foot is placed, or as far as it is kept level",
    "level": "1: kept at the height z, and the knees give way; 0: carried by the leg with the least reach",
    "bob": "added to its height",
    "give": "how softly the support goes over from one leg to the other: over about so much height",
    "crouch": "knee flexion of the supporting leg",
    "yaw": "heading of the pelvis",
    "obliquity": "pelvis, left side up",
    "tilt": "pelvis, anterior",
    "spin": "pelvis about its own long axis, to the left; what turns a lying body onto its side",
    "trunk_lean": "trunk against the vertical, forward",
    "trunk_roll": "trunk against the vertical, its left side up",
    "trunk_twist": "trunk against the pelvis' heading, to the left",
    "trunk_spin": "trunk about its own long axis, to the left",
    "lying": "1: bent knees of placed feet point up, or on a side where the pelvis faces; 0: where pelvis and foot head",
    "held": "1: the middle of the shoulders stays at `hold`, and the pelvis hangs from the trunk",
    "hold_x": "what holds the body, world",
    "hold_y": "what holds the body, world",
    "hold_z": "what holds the body, height",
    "belt_roll": "a belt's sensor against the pelvis, its left side up",
    "belt_tilt": "a belt's sensor against the pelvis, forward",
    "belt_yaw": "a belt's sensor against the pelvis, to the left",
    **{
        f"{name}_{side}": meaning
        for side in SIDES
        for name, meaning in {
            "flesh_roll": "a sensor on thigh or shank against the bone, about the joint above it, outwards",
            "flesh_tilt": "so forward-down",
            "flesh_yaw": "so about the bone's length, outwards",
            "foot_x": "ball of the foot, world",
            "foot_y": "ball of the foot, world",
            "foot_z": "height of the ball of the foot",
            "foot_yaw": "heading of the foot",
            "foot_roll": "sole turned inwards",
            "heel": "heel rise, about the ball",
            "swivel": "knee turned outwards about the line from hip to ankle",
            "placed": "1: the leg reaches for the foot's place; 0: it hangs by the angles below",
            "hip_flexion": "thigh forward of the pelvis' own down",
            "hip_abduction": "thigh outwards",
            "hip_rotation": "thigh about its length, outwards",
            "knee": "knee flexion",
            "ankle": "toes up",
            "held_knee": "1: this leg's knee stays at `hold`, while the leg hangs by its angles",
            "held_ankle": "1: so does its ankle, and the foot where it is placed",
            "arm_flexion": "upper arm forward of the trunk's own down",
            "arm_abduction": "upper arm outwards",
            "elbow": "elbow flexion",
            "propped": "1: the upper arm points to the elbow's place",
            "elbow_x": "elbow, world",
            "elbow_y": "elbow, world",
            "elbow_z": "elbow, height",
        }.items()
    },
}

GIVE_M = 0.002  # the usual `give`; lunges have more of it
LEAST_REACH_M2 = 0.04  # a foot too far to the side to support the pelvis (0.2 m of leg height, squared): keeps the root real


@dataclass(frozen=True)
class Build:
    """A person's lengths in m, from the stature."""

    stature: float

    @property
    def thigh(self) -> float:
        """Hip to knee."""
        return 0.245 * self.stature

    @property
    def shank(self) -> float:
        """Knee to ankle."""
        return 0.246 * self.stature

    @property
    def ankle_height(self) -> float:
        """Ankle above the sole."""
        return 0.039 * self.stature

    @property
    def foot(self) -> float:
        """Heel to toe."""
        return 0.152 * self.stature

    @property
    def ball(self) -> float:
        """Ankle to the ball of the foot, forward: the ankle sits a quarter of the foot from the heel, the ball at 0.72 of it."""
        return 0.47 * self.foot

    @property
    def heel(self) -> float:
        """Ankle to heel, backward."""
        return 0.25 * self.foot

    @property
    def hips(self) -> float:
        """One hip joint to the other."""
        return 0.100 * self.stature

    @property
    def waist(self) -> float:
        """Hip joints to the joint between pelvis and trunk (L5/S1)."""
        return 0.055 * self.stature

    @property
    def shoulder(self) -> float:
        """L5/S1 to the middle of the shoulders (shoulder 0.818, hip 0.530 of the stature high)."""
        return 0.233 * self.stature

    @property
    def shoulders(self) -> float:
        """One shoulder joint to the other, a little within the breadth of 0.259 of the stature."""
        return 0.22 * self.stature

    @property
    def upper_arm(self) -> float:
        """Shoulder to elbow."""
        return 0.186 * self.stature

    @property
    def forearm(self) -> float:
        """Elbow to wrist."""
        return 0.146 * self.stature

    @property
    def depth(self) -> float:
        """Hip or shoulder joint above the floor, lying on the back or the front."""
        return 0.062 * self.stature

    @property
    def on_side(self) -> float:
        """The same, the middle of the hip joints, lying on a side."""
        return 0.098 * self.stature

    def reach(self, knee: Floats) -> Floats:
        """Hip to ankle at a knee flexion in rad; shape as given."""
        a, b = self.thigh, self.shank
        out: Floats = np.sqrt(a * a + b * b + 2 * a * b * np.cos(knee))
        return out


@dataclass(frozen=True)
class Posture:
    """The body over time: origins (N, 3) in m and orientations (N, 3, 3), segment to world, by segment.

    Origins: pelvis the middle of the hip joints, trunk L5/S1, thigh the hip, shank the knee, foot the ankle, upper_arm
    the shoulder, forearm the elbow.
    """

    t: Floats
    build: Build
    origin: Mapping[str, Floats]
    turn: Mapping[str, Floats]
    channels: Mapping[str, Floats]

    def point(self, segment: str, offset: Floats) -> Floats:
        """World positions (N, 3) of a point given in the segment's frame (3,) m."""
        return self.origin[segment] + self.turn[segment] @ offset


def _on_feet(c: Mapping[str, Floats], build: Build, pelvis: Floats, ankles: Mapping[str, Floats]) -> Floats:
    """Middle of the hip joints (N, 3): as high as the placed feet let it, or at z."""
    reach2 = build.reach(c["crouch"]) ** 2
    heights, weights = [], []
    for side in SIDES:
        hip = pelvis[..., 1] * (build.hips / 2 if side == "left" else -build.hips / 2)
        across2 = (c["x"] + hip[:, 0] - ankles[side][:, 0]) ** 2 + (c["y"] + hip[:, 1] - ankles[side][:, 1]) ** 2
        spare = reach2 - across2 - LEAST_REACH_M2  # softened at 0, so that the root stays smooth
        heights.append(ankles[side][:, 2] + np.sqrt(LEAST_REACH_M2 + 0.5 * (spare + np.sqrt(spare**2 + 1e-4))) - hip[:, 2])
        weights.append(c[f"placed_{side}"])
    h, w = np.stack(heights), np.stack(weights)
    lowest = h.min(axis=0)
    total = np.sum(w * np.exp((lowest - h) / c["give"]), axis=0)
    standing = (1 - np.prod(1 - w, axis=0)) * (1 - c["level"])
    with np.errstate(divide="ignore", invalid="ignore"):
        on_feet = lowest - c["give"] * np.log(total / np.maximum(w.max(axis=0), 1e-9))
        z = np.where(standing > 0, standing * on_feet, 0.0) + (1 - standing) * c["z"]
    return np.stack([c["x"], c["y"], z + c["bob"]], axis=-1)


def _held(c: Mapping[str, Floats], build: Build, turn: Mapping[str, Floats], standing: Floats) -> Floats:
    """Middle of the hip joints (N, 3): `standing`, as far as nothing else holds the body."""
    hold = np.stack([c["hold_x"], c["hold_y"], c["hold_z"]], -1)
    out = standing
    if np.any(c["held"]):
        shoulders = turn["pelvis"] @ _waist(build) + turn["trunk"] @ np.array([0.0, 0.0, build.shoulder])
        out = out + c["held"][:, None] * (hold - shoulders - standing)
    for side, outward in zip(SIDES, (1.0, -1.0), strict=True):
        knee, ankle = c[f"held_knee_{side}"], c[f"held_ankle_{side}"]
        if np.any(knee) or np.any(ankle):
            thigh, shank, _ = _hanging_leg(c, turn["pelvis"], side)
            to_knee = turn["pelvis"] @ np.array([0.0, outward * build.hips / 2, 0.0]) - build.thigh * thigh[..., 2]
            to_ankle = to_knee - build.shank * shank[..., 2]
            out = out + knee[:, None] * (hold - to_knee - standing) + ankle[:, None] * (hold - to_ankle - standing)
    return out


def _waist(build: Build) -> Floats:
    return np.array([-0.01, 0.0, build.waist])


def _hanging_leg(c: Mapping[str, Floats], pelvis: Floats, side: str) -> tuple[Floats, Floats, Floats]:
    """Orientations of thigh, shank and foot by the leg's angles."""
    out = 1.0 if side == "left" else -1.0
    thigh = pelvis @ about(1, -c[f"hip_flexion_{side}"]) @ about(0, out * c[f"hip_abduction_{side}"])
    thigh = thigh @ about(2, out * c[f"hip_rotation_{side}"])
    shank = thigh @ about(1, c[f"knee_{side}"])
    return thigh, shank, shank @ about(1, -c[f"ankle_{side}"])


def _placed_foot(c: Mapping[str, Floats], side: str) -> Floats:
    """Orientation of a foot on its place."""
    sole, roll = about(2, c[f"foot_yaw_{side}"]), c[f"foot_roll_{side}"]
    if np.any(roll):
        sole = sole @ about(0, -roll if side == "left" else roll)
    return sole @ about(1, c[f"heel_{side}"])


def _knee_direction(c: Mapping[str, Floats], heading: Floats, pelvis: Floats, side: str) -> Floats:
    """Where a placed leg's knee points, (N, 3): as pelvis and foot do on the average, or as of one who lies; swivelled."""
    forward = unit(about(2, c[f"foot_yaw_{side}"])[..., 0] + heading[..., 0])
    left = np.stack([-forward[:, 1], forward[:, 0], np.zeros(len(forward))], -1)
    lying = c["lying"][:, None]
    if np.any(lying):
        # Sitting or on the back a bent knee stands upwards, on a side it points where the pelvis faces.
        facing = pelvis[..., 0] + 0.8 * (1 - pelvis[:, 2, 1:2] ** 2) * np.array([0.0, 0.0, 1.0])
        forward, left = forward + lying * (facing - forward), left + lying * (pelvis[..., 1] - left)
    swivel = (1.0 if side == "left" else -1.0) * c[f"swivel_{side}"]
    out: Floats = np.cos(swivel)[:, None] * forward + np.sin(swivel)[:, None] * left
    return out


def _arm(c: Mapping[str, Floats], trunk: Floats, shoulder: Floats, side: str) -> tuple[Floats, Floats]:
    """Orientations of upper arm and forearm: hanging from the shoulder (N, 3) by their angles, or propped on the elbow."""
    out = 1.0 if side == "left" else -1.0
    upper = trunk @ about(1, -c[f"arm_flexion_{side}"]) @ about(0, out * c[f"arm_abduction_{side}"])
    propped = c[f"propped_{side}"]
    if np.any(propped):
        place = np.stack([c[f"elbow_{k}_{side}"] for k in "xyz"], -1)
        left = trunk[..., 1] - out * 0.7 * trunk[..., 0]  # on the elbow either of them may point straight down
        upper = blend(frame(unit(place - shoulder), left), upper, propped)
    return upper, upper @ about(1, -c[f"elbow_{side}"])


def pose(channels: Mapping[str, Floats], build: Build, t: Floats) -> Posture:
    """The body at times t (N,) from its channels (N,) each: forward kinematics from the pelvis, once contacts have placed it."""
    c = channels
    heading = about(2, c["yaw"])
    turn = {"pelvis": heading @ about(0, c["obliquity"]) @ about(1, c["tilt"])}
    turn["trunk"] = about(2, c["yaw"] + c["trunk_twist"]) @ about(0, c["trunk_roll"]) @ about(1, c["trunk_lean"])
    for segment, spin in (("pelvis", c["spin"]), ("trunk", c["trunk_spin"])):
        if np.any(spin):
            turn[segment] = turn[segment] @ about(2, spin)
    placed_feet = {side: _placed_foot(c, side) for side in SIDES}
    ball_to_ankle = np.array([-build.ball, 0.0, build.ankle_height])
    ankles = {side: np.stack([c[f"foot_{k}_{side}"] for k in "xyz"], -1) + placed_feet[side] @ ball_to_ankle for side in SIDES}
    origin = {"pelvis": _held(c, build, turn, _on_feet(c, build, turn["pelvis"], ankles))}
    origin["trunk"] = origin["pelvis"] + turn["pelvis"] @ _waist(build)
    for side, out in zip(SIDES, (1.0, -1.0), strict=True):
        hip = origin["pelvis"] + turn["pelvis"] @ np.array([0.0, out * build.hips / 2, 0.0])
        forward = _knee_direction(c, heading, turn["pelvis"], side)
        thigh, shank = reaching_leg(build.thigh, build.shank, hip, ankles[side], forward)
        foot = placed_feet[side]
        placed = c[f"placed_{side}"]
        if np.any(placed < 1):
            hanging = _hanging_leg(c, turn["pelvis"], side)
            thigh, shank = blend(thigh, hanging[0], placed), blend(shank, hanging[1], placed)
            foot = blend(foot, hanging[2], np.maximum(placed, c[f"held_ankle_{side}"]))
        turn[f"thigh_{side}"], turn[f"shank_{side}"], turn[f"foot_{side}"] = thigh, shank, foot
        origin[f"thigh_{side}"] = hip
        origin[f"shank_{side}"] = hip - build.thigh * thigh[..., 2]
        origin[f"foot_{side}"] = origin[f"shank_{side}"] - build.shank * shank[..., 2]
        shoulder = origin["trunk"] + turn["trunk"] @ np.array([0.0, out * build.shoulders / 2, build.shoulder])
        upper, forearm = _arm(c, turn["trunk"], shoulder, side)
        turn[f"upper_arm_{side}"], turn[f"forearm_{side}"] = upper, forearm
        origin[f"upper_arm_{side}"] = shoulder
        origin[f"forearm_{side}"] = shoulder - build.upper_arm * upper[..., 2]
    return Posture(t, build, origin, turn, dict(channels))


def soles(posture: Posture, side: str) -> tuple[Floats, Floats]:
    """Ball and heel of a foot in the world, (N, 3) each."""
    b = posture.build
    foot = f"foot_{side}"
    return posture.point(foot, np.array([b.ball, 0.0, -b.ankle_height])), posture.point(
        foot, np.array([-b.heel, 0.0, -b.ankle_height])
    )


def joint_angles_deg(posture: Posture, side: str) -> dict[str, Floats]:
    """Hip flexion and abduction (thigh in the pelvis' frame) and knee flexion of a leg, degrees, (N,) each."""
    thigh, shank = posture.turn[f"thigh_{side}"], posture.turn[f"shank_{side}"]
    down = -np.einsum("nji,nj->ni", posture.turn["pelvis"], thigh[..., 2])
    out = 1.0 if side == "left" else -1.0
    bend = np.einsum("nji,njk->nik", thigh, shank)
    return {
        "hip_flexion": np.rad2deg(np.arctan2(down[:, 0], -down[:, 2])),
        "hip_abduction": np.rad2deg(np.arcsin(np.clip(out * down[:, 1], -1, 1))),
        "knee_flexion": np.rad2deg(np.arctan2(bend[:, 0, 2], bend[:, 2, 2])),
    }
