"""Isometric work at a wall. Written for the right leg standing; `side` is the standing leg.

A hold is level at first; as it tires the pelvis drifts down on the free side, the pose sinks and the leg trembles. A cue that
shall be missed is missed in a stretch of the hold, and put right again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.one_leg import onto_both_legs, onto_right_leg
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.truth import Slip, TrueSet

TREMOR_HZ = (5.0, 9.0)
TREMBLING = (("obliquity", 1.0), ("tilt", 0.7), ("hip_flexion_left", 0.5))  # channels and their shares
FIRST, LAST = 0.12, 0.95  # of a hold: slips lie between, so that there is a level start to measure against
RAMP_S = 0.6  # how fast a slip sets in and is put right, where the stretch leaves room for it


@dataclass(frozen=True)
class Hold:
    """When a hold is, s; how much it tires, 1 for most people; how far its pose sinks, degrees or m."""

    start: float
    end: float
    tired: float
    sinks: float

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start


Miss = Callable[[Actor, Exercise, Hold, float, float], None]  # between two times


def wall_lean(actor: Actor, part: Part, exercise: Exercise) -> None:
    """The wall at the left; the left thigh lifted to parallel and pressed into it, the right leg holds."""
    begin = actor.now
    actor = actor.working(part.side, "right")
    lifted = onto_right_leg(actor, knee=12.0, flexion=30.0, free_knee=50.0)
    t = actor.now
    for name, to in (("hip_flexion", 84.0), ("knee", 88.0), ("hip_abduction", 7.0), ("hip_rotation", 0.0), ("ankle", 6.0)):
        actor.move(f"{name}_left", t, 1.0, to=to)
    # The whole body leans a little, pelvis level, the knee against the wall.
    actor.travel(0.0, 0.025, t + 0.2, 0.9)
    actor.move("trunk_roll", t + 0.2, 0.9, to=-2.0)
    actor.until(t + 1.3)
    actor.thud(actor.now - 0.2, 0.5)
    ways = {"drop_deg": _drop, "drift_deg": _drift, "tremor_deg_s": _shake}
    _hold(actor, part, exercise, ways, sinking="hip_flexion_left", sinks=-12.0 * _tired(actor))
    t = actor.now
    actor.travel(0.0, -0.025, t, 0.9)
    actor.move("trunk_roll", t, 0.9, to=1.5)
    for name, to in (("hip_flexion", 30.0), ("knee", 55.0), ("hip_abduction", 2.0)):
        actor.move(f"{name}_left", t, 0.9, to=to)
    actor.until(t + 0.9)
    onto_both_legs(actor, lifted)
    reach = 0.5 * actor.person.build.hips + 0.13
    actor.prop("wall", begin, (-0.5, 0.8), (reach, reach + 0.06), (0.0, 1.9))


def single_leg_wall_sit(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Back against a wall, thighs parallel to the floor, the left leg out straight."""
    begin = actor.now
    actor = actor.working(part.side, "right")
    build = actor.person.build
    deep = build.ankle_height + build.shank + 0.02 + 0.05 * (1 - actor.person.range)
    _down_the_wall(actor, deep)
    t = actor.now
    actor.hang("left", t)
    for name, to in (("hip_flexion", 82.0), ("knee", 10.0), ("hip_abduction", 0.0), ("hip_rotation", 0.0), ("ankle", 10.0)):
        actor.move(f"{name}_left", t + 0.2, 1.0, to=to)
    lifted = t + 0.3
    actor.until(t + 1.3)
    ways = {"drop_deg": _drop, "drift_deg": _slide_down, "thigh_from_level_deg": _too_high}
    _hold(actor, part, exercise, ways, sinking="z", sinks=-0.10 * actor.person.fatigue / 0.25)
    t = actor.now
    x, y = actor.value("foot_x_right"), actor.value("foot_y_right")
    across = actor.ahead(0.0, build.hips)
    for axis, at, to in (("x", x, across[0] - actor.value("x")), ("y", y, across[1] - actor.value("y"))):
        actor.put(f"foot_{axis}_left", at + to)
    actor.put("foot_z_left", 0.0)
    actor.put("foot_yaw_left", actor.value("yaw") + 7.0)
    actor.move("hip_flexion_left", t, 0.8, to=97.0)
    actor.move("knee_left", t, 1.0, to=45.0)
    actor.move("placed_left", t + 0.5, 0.9, to=1.0)
    actor.stands("right", lifted, t + 1.2)
    actor.until(t + 1.6)
    _up_the_wall(actor)
    back = -0.075 * build.stature
    actor.prop("wall", begin, (back - 0.06, back), (-0.7, 0.7), (0.0, 1.9))


def _down_the_wall(actor: Actor, height: float) -> None:
    """The feet walk forward one after the other while the back slides down."""
    build = actor.person.build
    actor.keep_level(actor.body().origin["pelvis"][0, 2], actor.now - 0.1, 0.1)
    standing = actor.value("z")
    drop = standing - height
    for k, (foot, sign) in enumerate((("right", -1.0), ("left", 1.0), ("right", -1.0), ("left", 1.0))):
        t = actor.now
        share = 0.5 if k < 2 else 1.0
        place, yaw = foot_under(actor, foot, share * build.thigh, sign * build.hips / 2, toe_out=4.0)
        actor.step(foot, place, yaw, t, 0.6, lift=0.03)
        actor.move("z", t + 0.05, 0.7, to=standing - drop * (0.12, 0.3, 0.6, 1.0)[k])
        actor.bump("tilt", 2.0, t, t + 0.3, t + 0.4, t + 0.7)
        actor.thud(t + 0.6, 0.7)
        actor.until(t + 0.75)
    for side in ("left", "right"):
        actor.move(f"arm_flexion_{side}", actor.now - 1.0, 1.0, to=12.0)
    actor.until(actor.now + 0.3)


def _up_the_wall(actor: Actor) -> None:
    build = actor.person.build
    standing = actor.hip_height(STANDING_KNEE_DEG, 0.0)
    low = actor.value("z")
    for k, (foot, sign) in enumerate((("right", -1.0), ("left", 1.0), ("right", -1.0), ("left", 1.0))):
        t = actor.now
        place, yaw = foot_under(actor, foot, 0.5 * build.thigh if k < 2 else 0.0, sign * build.hips / 2)
        actor.step(foot, place, yaw, t + 0.1, 0.6, lift=0.03)
        actor.move("z", t, 0.7, to=low + (standing - low) * (0.3, 0.6, 0.85, 1.0)[k])
        actor.thud(t + 0.7, 0.7)
        actor.until(t + 0.75)
    for side in ("left", "right"):
        actor.move(f"arm_flexion_{side}", actor.now - 1.0, 1.0, to=0.0)
    actor.stand_on_legs(actor.now, 0.4)
    actor.until(actor.now + 0.5)


def _tired(actor: Actor) -> float:
    return 0.3 + 2.0 * actor.person.fatigue


def _hold(actor: Actor, part: Part, exercise: Exercise, ways: Mapping[str, Miss], sinking: str, sinks: float) -> None:
    """Holds for the part's seconds, or as long as people do; writes the set down and relaxes at its end.

    ways: how a cue is missed, by what it measures. sinking: the channel that goes by `sinks` till the end.
    """
    person = actor.person
    length = part.seconds or actor.draw(exercise.drawn_from("hold_s"), 0.3, 0.25)
    hold = Hold(actor.now, actor.now + length, _tired(actor), sinks)
    if actor.rng.random() < part.drop_share:
        _drops(actor, exercise, hold)
    drop, drift = 0.4 * actor.usual_drop_deg("right") * hold.tired, 3.0 * hold.tired
    for channel, by in (
        ("obliquity", -drop),
        ("tilt", drift * float(actor.rng.choice([-0.6, 1.0]))),
        ("trunk_lean", 0.5 * drift),
    ):
        actor.bump(channel, by, hold.start + 0.1 * length, hold.end - 0.05, hold.end, hold.end + 0.9)
    slips = _slips(actor, part, exercise, hold, ways)
    actor.move(sinking, hold.start + 0.2 * length, 0.8 * length, by=sinks)
    for channel, rms in (("obliquity", 0.8), ("tilt", 0.7), ("yaw", 0.9), ("trunk_roll", 0.9)):
        actor.sway(channel, rms * person.sway_deg, hold.start - 0.3, hold.end + 0.3, hz=(0.2, 2.5))
    _tremble(actor, hold, actor.draw(exercise.drawn_from("tremor_deg"), 3 * person.fatigue))
    actor.until(hold.end)
    a_set = TrueSet(
        exercise.name,
        "hold",
        actor.side("right"),
        hold.start,
        hold.end,
        (),
        hold_s=length,
        drop_threshold_deg=exercise.drop_threshold_deg,
        slips=slips,
    )
    actor.notes.sets.append(a_set)
    actor.until(hold.end + 0.2)


def _drops(actor: Actor, exercise: Exercise, hold: Hold) -> None:
    """A drop is not one long slope: it comes, is put right, comes again."""
    for _ in range(max(1, int(hold.length / 9))):
        at = hold.start + float(actor.rng.uniform(0.15, 0.75)) * hold.length
        stay = float(actor.rng.uniform(0.6, min(2.5, 0.15 * hold.length)))
        extra = actor.draw(exercise.drawn_from("drop_extra_deg"), 0.5, 0.4)
        actor.bump("obliquity", -extra, at, at + 0.6, at + 0.6 + stay, at + 1.3 + stay)


def _tremble(actor: Actor, hold: Hold, size: float) -> None:
    """A fresh leg trembles a tenth of `size`, degrees RMS; then in bursts, more of them towards the end."""
    for channel, share in TREMBLING:
        actor.sway(channel, 0.1 * share * size, hold.start, hold.end, hz=TREMOR_HZ)
        for begin in np.arange(0.35, 0.95, 0.2):
            t0 = hold.start + float(begin) * hold.length
            actor.sway(channel, float(begin) * share * size, t0, min(hold.end, t0 + 0.35 * hold.length), hz=TREMOR_HZ)


def _slips(actor: Actor, part: Part, exercise: Exercise, hold: Hold, ways: Mapping[str, Miss]) -> tuple[Slip, ...]:
    """Every cue that the part names is missed in a stretch of its own, in any order; gives when."""
    cues = [c for c in exercise.cues if c.cue in part.slips]
    window = (LAST - FIRST) * hold.length / max(1, len(cues))
    slips = []
    for k, which in enumerate(actor.rng.permutation(len(cues))):
        cue = cues[int(which)]
        lasts = min(0.95 * window, max(part.slip_share * hold.length, 2.5 * RAMP_S))
        at = hold.start + FIRST * hold.length + k * window + float(actor.rng.uniform(0, window - lasts))
        ways[cue.measure](actor, exercise, hold, at, at + lasts)
        slips.append(Slip(cue.cue, at, at + lasts))
    return tuple(slips)


def _at_once(start: float, end: float) -> tuple[float, float, float, float]:
    """A bump's times for what sets in at once and is put right at the end."""
    ramp = min(RAMP_S, 0.4 * (end - start))
    return start, start + ramp, end - ramp, end


def _drop(actor: Actor, exercise: Exercise, hold: Hold, start: float, end: float) -> None:
    """The pelvis drops on the free side, whoever usually hikes it."""
    hiked = max(0.0, -actor.usual_drop_deg("right") * hold.tired)
    actor.bump("obliquity", -actor.draw(exercise.drawn_from("drop_extra_deg"), 0.5, 0.4) - hiked, *_at_once(start, end))


def _drift(actor: Actor, exercise: Exercise, hold: Hold, start: float, end: float) -> None:
    """The pelvis tips forward slowly, the trunk with it."""
    by = actor.draw(exercise.drawn_from("drift_deg"), 0.5, 0.3)
    slowly = start, start + 0.6 * (end - start), *_at_once(start, end)[2:]
    actor.bump("tilt", by, *slowly)
    actor.bump("trunk_lean", 0.7 * by, *slowly)


def _shake(actor: Actor, exercise: Exercise, hold: Hold, start: float, end: float) -> None:
    size = actor.draw(exercise.drawn_from("shaking_deg"), 3 * actor.person.fatigue)
    for channel, share in TREMBLING:
        actor.sway(channel, share * size, start, end, hz=TREMOR_HZ)


def _slide_down(actor: Actor, exercise: Exercise, hold: Hold, start: float, end: float) -> None:
    """The back slides down the wall."""
    by = actor.draw(exercise.drawn_from("sinking_of_stature"), 0.5, 0.3) * actor.person.stature
    actor.bump("z", -by, *_at_once(start, end))


def _too_high(actor: Actor, exercise: Exercise, hold: Hold, start: float, end: float) -> None:
    """Up the wall, where it is easier: the thigh slopes."""
    build = actor.person.build
    slope = np.deg2rad(actor.draw(exercise.drawn_from("thigh_up_deg"), 0.5, 0.3))
    high = build.ankle_height + build.shank + build.thigh * float(np.sin(slope))
    sunk = hold.sinks * (0.5 * (start + end) - hold.start) / hold.length  # by then
    actor.bump("z", high - actor.value("z") - sunk, *_at_once(start, end))
