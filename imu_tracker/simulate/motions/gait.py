"""Walking: on level ground, on the spot, and turning round in small steps. Written for the left foot going first.

Shares of the stride as in Perry and Burnfield, Gait Analysis, 2nd ed. 2010: a foot is in the air for 0.38-0.4 of it, the hips are
lowest while both feet stand and highest over each leg, thighs swing from some 20-30 degrees forward to 10-15 backward, the
knee bends some 15 degrees under the weight and 60 in the air, the heel lands first with the toes 15-20 degrees up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.exercises import find
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.script import SIDES, other

LATE = 0.0  # of a step's time, by which the hips are lowest after a landing
LATE_SHARE = 0.6  # of a foot's way, made towards the end of it
IN_AIR = 0.78  # of a step's time: both feet stand for the rest
ROLLING = 0.55  # of a step's time before the toes leave the floor, in which the heel comes up
KNEE_IN_AIR_DEG = 58.0
ROCKER = 0.2  # of a step's time, in which the toes come down after the heel
TOES_UP_DEG = 15.0  # at landing
PRE_SWING = 0.2  # of a step's time before the toes leave the floor, in which the thigh already comes forward
HEEL_OFF_DEG = 20.0  # as it starts to
HEEL_UP_DEG = 58.0  # as the toes leave the floor
SOFTEST_KNEE_DEG = 9.0  # the straightest that a knee gets, at landing and over the middle of the stance
ON_TOES = 0.06  # of a step's time before the foot is in the air: on the tip of the toes, the ball has left the floor
CLEAR_M = 0.022  # how far over the floor a leg in the air keeps its foot
DORSIFLEXED_DEG = 12.0  # an ankle in the air
FLATTEST_M = 0.018  # the least that the hips have room to rise and fall
AHEAD = 0.44  # of a step: how far before the hips a foot lands
SPREAD = 0.2  # of a person about what the briskness says, as a share of the spans
SETTLED_S = 0.12  # for a channel on which nothing depends
TURN_STEP_DEG = 45.0
TURNING_KNEE_DEG = 24.0


@dataclass(frozen=True)
class Gait:
    """How somebody walks. step: m; period: s from landing to landing; low: height of the hips with both feet on the floor, m;
    rise: how much higher they get over each leg, m; sway: to either side, m; arms: degrees to either end; elbow: degrees."""

    step: float
    period: float
    low: float
    rise: float
    sway: float
    arms: float
    elbow: float


def draw_gait(actor: Actor, brisk: float) -> Gait:
    """A person's way of walking at a briskness of 0-1: long steps come fast, and with more arm swing."""
    entry, build = find("walking"), actor.person.build
    habit = float(actor.rng.normal(0, SPREAD))  # long steps at the same speed are slow ones
    step = actor.draw(entry.drawn_from("step_of_stature"), 0.1 + 0.8 * brisk + habit, 0.05) * build.stature
    period = actor.draw(entry.drawn_from("step_s"), 0.55 - 0.5 * brisk + 0.4 * actor.person.pace + 0.5 * habit, 0.05)
    # At landing the front ankle is half a step ahead, and higher than in standing since the toes are up.
    ankle = _ankle_up(actor)
    top = actor.hip_height(SOFTEST_KNEE_DEG, 0.02)
    low = actor.hip_height(SOFTEST_KNEE_DEG, (AHEAD + 0.04 + 0.3 * actor.person.uneven) * step) + 0.6 * ankle
    low = min(low, top - FLATTEST_M)
    return Gait(
        step,
        period,
        low,
        actor.draw(entry.drawn_from("bob_of_step_rise"), 0.5, 0.25) * (top - low),
        actor.draw(entry.drawn_from("sway_cm"), 0.7 - 0.4 * brisk, 0.15) / 100,
        actor.draw(entry.drawn_from("arm_swing_deg"), 0.15 + 0.6 * brisk, 0.2),
        actor.draw(entry.drawn_from("elbow_deg"), 0.3 + 0.3 * brisk, 0.2),
    )


def walk(actor: Actor, part: Part) -> None:
    """A few steps straight on, perhaps a turn on the spot after them; ends with the feet together."""
    actor = actor.working(part.side, "left")
    gait = draw_gait(actor, part.brisk)
    if part.count:
        _straight_on(actor, part.count, gait)
    if part.turn_deg:
        turn_round(actor, part.turn_deg, 1.05 * gait.period)


def _straight_on(actor: Actor, count: int, gait: Gait) -> None:
    build, start = actor.person.build, actor.now
    actor.keep_level(gait.low, start, 0.7 * gait.period + 0.25)
    for side in SIDES:
        actor.move(f"elbow_{side}", start, 2 * gait.period, by=gait.elbow)
    foot, begin, landed = "left", start + 0.65 * gait.period + 0.1, start
    for k in range(count + 1):
        first, last = k == 0, k == count
        uneven = 1 + 0.25 * (actor.uneven() - 1)  # step lengths vary by 2-3 %, less than other movements
        period = gait.period * (1 + 0.5 * (actor.uneven() - 1))
        ahead = (AHEAD - 0.04 * (k >= count - 1)) * gait.step
        stride = ahead if last else gait.step * uneven * (0.5 if first else 1.0)
        landing = begin + IN_AIR * period
        actor.travel(stride, 0.0, landing - 1.35 * period, 1.7 * period)
        wide = 0.85 * build.hips / 2 * actor.uneven() * (1 if foot == "left" else -1)
        place, yaw = foot_under(
            actor, foot, 0.0 if last else ahead, build.hips / 2 * (1 if foot == "left" else -1) if last else wide
        )
        _swing(actor, foot, place, yaw, (begin, landing, period), (not first, not last), gait)
        _body_over(actor, foot, (landed, landing, period), gait, (first, last))
        foot, begin, landed = other(foot), begin + period, landing
    end = landed + gait.period
    for side in SIDES:
        actor.move(f"elbow_{side}", landed - 0.5 * gait.period, 1.5 * gait.period, by=-gait.elbow)
    onto_legs(actor, landed - 0.25 * gait.period, 0.6 * gait.period + 0.3)
    actor.until(end + 0.3)


def _swing(
    actor: Actor,
    foot: str,
    place: tuple[float, float],
    yaw: float,
    times: tuple[float, float, float],
    rolls: tuple[bool, bool],
    gait: Gait,
) -> None:
    """A foot's way through the air: heel up before, toes up at the end. rolls: whether heel and toes do so."""
    begin, landing, period = times
    air = landing - begin
    heel, toes = (HEEL_UP_DEG if rolls[0] else 25.0), (TOES_UP_DEG * actor.uneven() if rolls[1] else 0.0)
    rolling = ROLLING if rolls[0] else 0.4
    actor.bump(f"heel_{foot}", heel, begin - rolling * period, begin + 0.2 * period, begin + 0.2 * period, begin + 0.9 * air)
    off = begin - ON_TOES * period
    for axis, to in zip("xy", place, strict=True):
        far = to - actor.value(f"foot_{axis}_{foot}")
        actor.move(f"foot_{axis}_{foot}", off, landing - off, by=(1 - LATE_SHARE) * far)
        actor.move(f"foot_{axis}_{foot}", off + 0.25 * air, landing - off - 0.25 * air, by=LATE_SHARE * far)
    actor.move(f"foot_yaw_{foot}", begin, air, to=yaw)
    actor.bump(f"foot_z_{foot}", 0.03 * actor.uneven(), off, begin + 0.35 * air, begin + 0.4 * air, landing)
    if toes:
        build = actor.person.build
        rocker = (begin + 0.35 * air, landing - 0.03 * air, landing, landing + ROCKER * period)
        actor.bump(f"heel_{foot}", -toes, *rocker)
        actor.bump(f"foot_z_{foot}", (build.ball + build.heel) * float(np.deg2rad(toes)), *rocker)
    _through_the_air(actor, foot, gait, times, rolls)
    actor.stands(other(foot), begin, landing)
    actor.thud(landing, 0.9)


def _through_the_air(actor: Actor, foot: str, gait: Gait, times: tuple[float, float, float], rolls: tuple[bool, bool]) -> None:
    """The leg leaves the floor as it stands, hangs by its angles, and is back on its place when it lands."""
    begin, landing, period = times
    air = landing - begin
    behind, bent = _leaving(actor, gait) if rolls[0] else _leg_deg(actor, 0.0, gait.low, 2 * CLEAR_M)
    there, straight = _leg_deg(
        actor, (AHEAD + 0.02) * gait.step if rolls[1] else 0.0, gait.low, (_ankle_up(actor) if rolls[1] else 0.0) + CLEAR_M
    )
    size = 1 + 0.5 * (actor.uneven() - 1)
    off = begin - PRE_SWING * period
    for name, at in (
        ("hip_flexion", behind + 3.0),
        ("knee", bent),
        ("ankle", DORSIFLEXED_DEG),
        ("hip_abduction", -1.5),
        ("hip_rotation", 0.0),
    ):
        actor.move(f"{name}_{foot}", off - 0.35 * period, 0.2 * period, to=at)
    actor.move(f"hip_flexion_{foot}", off - 0.1 * period, (PRE_SWING + 0.8) * period, to=there)
    actor.move(f"knee_{foot}", off - 0.1 * period, (PRE_SWING + 0.27) * period, to=max(bent + 5.0, KNEE_IN_AIR_DEG * size))
    actor.move(f"knee_{foot}", begin + 0.18 * period, 0.58 * period, to=straight)
    actor.bump(f"ankle_{foot}", -2.0 - DORSIFLEXED_DEG, off, begin, begin, begin + 0.5 * air)
    actor.bump(f"placed_{foot}", -1.0, off - 0.04 * period, begin + 0.3 * air, begin + 0.55 * air, landing)


def _ankle_up(actor: Actor) -> float:
    """How much higher than in standing the ankle is at landing, m: the toes are up."""
    build, up = actor.person.build, np.deg2rad(TOES_UP_DEG)
    return build.ankle_height * (float(np.cos(up)) - 1) + build.heel * float(np.sin(up))


def _leg_deg(actor: Actor, ahead: float, height: float, ankle: float = 0.0) -> tuple[float, float]:
    """Thigh forward of the vertical and knee flexion, degrees, of a leg whose ankle is so far before and below the hip, m."""
    build = actor.person.build
    down = height - build.ankle_height - ankle
    share = min(0.998, float(np.hypot(ahead, down)) / (build.thigh + build.shank))
    half = float(np.rad2deg(np.arccos(share)))
    return float(np.rad2deg(np.arctan2(ahead, down))) + half, 2 * half


def _leaving(actor: Actor, gait: Gait) -> tuple[float, float]:
    """The same as the thigh starts forward behind the hips, the heel off the floor."""
    build = actor.person.build
    up = np.deg2rad(HEEL_OFF_DEG)
    ankle = build.ball * float(np.sin(up)) + build.ankle_height * (float(np.cos(up)) - 1)
    forward = build.ball * (1 - float(np.cos(up))) + build.ankle_height * float(np.sin(up))
    return _leg_deg(
        actor, forward - (2 - AHEAD - IN_AIR - PRE_SWING) * gait.step, gait.low, ankle + max(CLEAR_M, 0.05 * gait.step)
    )


def _body_over(actor: Actor, foot: str, times: tuple[float, float, float], gait: Gait, ends: tuple[bool, bool]) -> None:
    """What pelvis, trunk and arms do while one foot goes from the last landing to its own; ends: whether first or last step."""
    landed, landing, period = times
    first, last = ends
    stance = 1.0 if foot == "right" else -1.0  # +1: the left leg stands
    middle = 0.5 * (landed + landing) if not first else landing - 0.5 * period
    size = 1 + 0.6 * (actor.uneven() - 1)
    over = middle + LATE * period
    actor.bump(
        "bob", gait.rise * min(1.05, size) * (0.4 if first or last else 1.0), over - 0.5 * period, over, over, over + 0.5 * period
    )
    # To the side of the leg that stands, and back: over the middle of its stance.
    x, y = actor.ahead(0.0, stance * gait.sway * size)
    swaying = (middle - 0.75 * period, middle, middle, middle + 0.75 * period)
    actor.bump("x", x - actor.value("x"), *swaying)
    actor.bump("y", y - actor.value("y"), *swaying)
    drop = 0.5 * max(-2.0, min(8.0, actor.usual_drop_deg("left" if stance > 0 else "right"))) + 2.0
    dropping = (middle - 0.6 * period, middle - 0.1 * period, middle - 0.1 * period, middle + 0.5 * period)
    actor.bump("obliquity", stance * drop * size, *dropping)
    # The pelvis drops about the hip that stands, so its middle comes down with it.
    actor.bump("bob", -actor.person.build.hips / 2 * float(np.sin(np.deg2rad(abs(drop * size)))), *dropping)
    actor.bump("trunk_roll", -stance * 1.2 * size, *swaying)
    actor.bump("tilt", 1.5 * size, landing - 0.5 * period, landing, landing, landing + 0.5 * period)
    # At landing the foot's side of the pelvis is ahead; the trunk and the arms are turned the other way.
    around = (landing - 0.75 * period, landing, landing, landing + 0.75 * period)
    share = 0.5 if first or last else 1.0
    out = 1.0 if foot == "left" else -1.0
    actor.bump("yaw", -out * 4.0 * share * size, *around)
    actor.bump("trunk_twist", out * 6.0 * share * size, *around)
    if last:
        return
    swing = gait.arms * share * size
    for arm, by in ((foot, -0.7 * swing), (other(foot), swing)):
        actor.bump(f"arm_flexion_{arm}", by, *around)
        actor.bump(f"elbow_{arm}", 0.4 * by, *around)


def onto_legs(actor: Actor, start: float, duration: float) -> None:
    """The legs carry the hips again, and the level that they were kept at is forgotten, so that the next starts here."""
    actor.stand_on_legs(start, duration)
    actor.move("z", start + duration, SETTLED_S, to=float(actor.body().origin["pelvis"][0, 2]))


def turn_round(actor: Actor, degrees: float, period: float, floor: float = 0.0) -> None:
    """A turn on the spot in small steps of up to 45 degrees, towards the foot that goes first, on a floor so high, m."""
    build = actor.person.build
    n = int(np.ceil(abs(degrees) / TURN_STEP_DEG))
    begin = actor.now
    actor.keep_level(floor + actor.hip_height(TURNING_KNEE_DEG, 0.0), begin, 0.4)
    for _ in range(n):
        actor.move("yaw", begin, 2 * 0.8 * period, by=degrees / n)
        for foot in SIDES:
            t = 0.8 * period * actor.uneven()
            place, yaw = foot_under(actor, foot, 0.0, build.hips / 2 * (1 if foot == "left" else -1))
            actor.step(foot, place, yaw, begin + 0.1 * t, 0.85 * t, lift=0.03)
            stance = 1.0 if foot == "right" else -1.0
            actor.bump("obliquity", stance * 2.0, begin, begin + 0.4 * t, begin + 0.6 * t, begin + t)
            actor.thud(begin + 0.95 * t, 0.8)
            begin += t
    onto_legs(actor, begin, 0.4)
    actor.until(begin + 0.4 + SETTLED_S)


def march(actor: Actor, part: Part) -> None:
    """Steps on the spot, `count` or for some seconds: knees lifted up to half height, feet coming down where they were."""
    actor = actor.working(part.side, "left")
    entry, person = find("walking"), actor.person
    period = actor.draw(entry.drawn_from("march_step_s"), 0.8 - 0.6 * part.brisk, 0.12)
    lift = actor.draw(entry.drawn_from("march_thigh_deg"), 0.25 + 0.5 * person.range, 0.12)
    sway = actor.draw(entry.drawn_from("sway_cm"), 0.5, 0.15) / 100
    arms = actor.draw(entry.drawn_from("arm_swing_deg"), 0.3, 0.2)
    shared = actor.draw(entry.drawn_from("march_in_air"), 0.5, 0.25)
    # Knees don't go straight up: how much each leg turns out and spreads on its way is the person's.
    wander = (float(actor.rng.normal(4.0, 7.0)), float(actor.rng.normal(3.0, 3.0)))
    count = part.count or max(2, round(part.seconds / period))
    start = actor.now
    low, top = (
        actor.hip_height(knee, 0.02) for knee in (actor.draw(entry.drawn_from("march_knee_deg"), 0.5, 0.25), SOFTEST_KNEE_DEG)
    )
    actor.keep_level(low, start, 0.5 * period + 0.2)
    for side in SIDES:
        actor.move(f"elbow_{side}", start, 0.8, by=30.0)
    begin, foot = start + 0.35 * period + 0.15, "left"
    for _ in range(count):
        t = period * actor.uneven()
        _knee_up(actor, foot, (begin, begin + shared * t, t), lift * actor.uneven(), wander)
        stance = 1.0 if foot == "right" else -1.0
        around = (begin - 0.3 * t, begin + 0.45 * t, begin + 0.45 * t, begin + 1.2 * t)
        x, y = actor.ahead(0.0, stance * sway * actor.uneven())
        actor.bump("x", x - actor.value("x"), *around)
        actor.bump("y", y - actor.value("y"), *around)
        actor.bump("obliquity", stance * 1.5 * actor.uneven(), *around)
        actor.bump("trunk_roll", -stance * 1.5, *around)
        actor.bump("yaw", float(actor.rng.normal(0, 1.0)), *around)
        actor.bump("tilt", -1.5 * actor.uneven(), *around)
        actor.bump("bob", 0.5 * (top - low), begin - 0.05 * t, begin + 0.45 * t, begin + 0.45 * t, begin + 0.95 * t)
        for arm, by in ((foot, -0.5 * arms), (other(foot), arms)):
            actor.bump(f"arm_flexion_{arm}", by * actor.uneven(), *around)
        begin, foot = begin + t, other(foot)
    for side in SIDES:
        actor.move(f"elbow_{side}", begin, 0.8, by=-30.0)
    onto_legs(actor, begin + 0.1 * period, 0.6)
    actor.until(begin + 0.8)


def _knee_up(actor: Actor, foot: str, times: tuple[float, float, float], thigh_deg: float, wander: tuple[float, float]) -> None:
    """One foot leaves the floor, heel first, the thigh comes forward by so much, and the ball lands first again."""
    begin, landing, period = times
    build = actor.person.build
    toes_down = float(np.clip(actor.rng.normal(22.0, 6.0), 8.0, 38.0))
    up = np.deg2rad(toes_down)
    raised = 2 * build.thigh * (1 - float(np.cos(np.deg2rad(thigh_deg))))
    ball = raised - build.ball * float(np.sin(up)) + build.ankle_height * (1 - float(np.cos(up)))
    middle = begin + float(np.clip(actor.rng.normal(0.52, 0.04), 0.42, 0.6)) * (landing - begin)
    actor.bump(f"heel_{foot}", toes_down, begin - 0.3 * period, middle - 0.1 * period, middle, landing + 0.15 * period)
    actor.bump(f"foot_z_{foot}", max(0.015, ball), begin, middle, middle, landing)
    back_x, back_y = actor.ahead(-0.04 * float(actor.rng.uniform(0.3, 1.2)), 0.0)
    for axis, by in (("x", back_x - actor.value("x")), ("y", back_y - actor.value("y"))):
        actor.bump(f"foot_{axis}_{foot}", by, begin, middle, middle, landing)
    actor.bump(f"swivel_{foot}", float(actor.rng.normal(2.0, 2.0)), begin, middle, middle, landing)
    # In the air the leg hangs by its angles: a leg that is nearly straight would jerk when the foot alone led it.
    rest, bent = _leg_deg(actor, 0.0, actor.value("z"), CLEAR_M)
    off, on = begin - 0.32 * period, landing + 0.1 * period
    for name, at in (
        ("hip_flexion", rest),
        ("knee", bent),
        ("ankle", bent - rest),
        ("hip_abduction", 0.0),
        ("hip_rotation", 0.0),
    ):
        actor.move(f"{name}_{foot}", off - 0.2 * period, 0.15 * period, to=at)
    swing = (off, middle, middle, on)
    actor.bump(f"hip_flexion_{foot}", thigh_deg - rest, *swing)
    actor.bump(f"knee_{foot}", (2.0 * thigh_deg - bent) * float(actor.rng.normal(1.0, 0.06)), *swing)
    actor.bump(f"ankle_{foot}", -0.55 * toes_down, *swing)
    actor.bump(f"hip_rotation_{foot}", float(actor.rng.normal(wander[0], 3.0)), *swing)
    actor.bump(f"hip_abduction_{foot}", float(actor.rng.normal(wander[1], 1.5)), *swing)
    actor.bump(f"placed_{foot}", -1.0, off + 0.1 * period, begin + 0.2 * period, landing - 0.2 * period, landing + 0.12 * period)
    actor.stands(other(foot), begin, landing)
    actor.thud(landing, 0.8)
