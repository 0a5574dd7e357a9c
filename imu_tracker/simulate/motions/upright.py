"""On both feet: squats and lunges. Lunges are written for the left leg stepping."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.exercises import Exercise, Span
from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.body import GIVE_M, Build
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat
from imu_tracker.simulate.script import SIDES, min_jerk

LOWEST_HIPS = 0.165  # above the ankles, of the stature: calf on thigh
NEAR_UPRIGHT = 0.15  # skew of the way down and up: most of either is done near upright
QUICK_SHARE, QUICK_FOR = 0.12, (0.5, 0.45)  # of the knees' way, and of the time down and up, near upright
FLOWING = 0.5  # of the person's ripple
UNSEEN = 0.1  # of the time down: a rep is seen to begin when it goes a twentieth as fast as it will
ASLANT_DEG, TURNED_DEG = 2.5, 3.0  # SD between people of obliquity and yaw at the bottom of a squat
MOST_ASLANT_DEG = 4.5  # of who keeps the weight on both legs
LUNGE_GIVE_M, STEP_GIVE_M = 0.06, 0.03
LANDS, LEAVES = 0.44, 0.48  # of the way out: when the foot of a lunge is down; so long before the end it leaves again
LEAST_SIDE_HIPS = 0.19  # above the ankles, of the stature, over the bent leg
LUNGE_ASLANT_DEG, LUNGE_TURNED_DEG = 4.0, 4.0  # SD between people
SIDE_ASLANT_DEG, SIDE_TURNED_DEG = -6.0, 8.0  # the free side drops, and the pelvis turns to the bent leg
WOBBLE_DEG = {"tilt": 0.6, "obliquity": 0.6, "yaw": 0.7, "swivel_left": 0.8, "swivel_right": 0.8}  # RMS
WOBBLE_HZ = (0.8, 2.2)
FLESH_RINGS = {"flesh_tilt": 1.0, "flesh_roll": 1.0, "flesh_yaw": 8.0}  # deg/s, of a thigh's sensor when a foot lands
SHIFT_DEG = Span(6, 10)  # of a pelvis whose weight goes to one leg


def squat(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Feet shoulder width or wider, hips back and down, arms forward or crossed, and up again."""
    actor = actor.working(part.side, "left")
    style = _squatter(actor, exercise)
    _feet_apart(actor, style.stance, style.toe_out)
    repeat(
        _flowing(actor),
        part,
        exercise,
        "both",
        lambda a, plan: _squat(a, plan, style),
        steady=("x", "tilt", "obliquity", "trunk_lean"),
    )
    actor.until(actor.now + 0.3)
    _feet_apart(actor, actor.person.build.hips)


def _flowing(actor: Actor) -> Actor:
    """Someone who goes more smoothly than in other movements: a whole body falls and is thrown up."""
    return replace(actor, person=replace(actor.person, ripple=FLOWING * actor.person.ripple))


@dataclass(frozen=True)
class Squatter:
    """How someone squats; m, degrees, shares.

    stance: between the ankles. knee: at the bottom. knees_out: about the line from hip to ankle. tilt: how far the pelvis tips
    forward, tuck: so much of which it has tucked under again at the bottom. aslant, turned: obliquity and yaw that this person
    goes into at the bottom. bounce: how early before the end of the way down the way up begins, as a share of it.
    slow_end: share of the way up that goes for straightening the last of the knees, settle: how far that is.
    arms: 1 forward, 0 crossed.
    """

    stance: float
    toe_out: float
    knee: float
    knees_out: float
    tilt: float
    tuck: float
    lean: float
    aslant: float
    turned: float
    bounce: float
    slow_end: float
    settle: float
    arms: float


def _squatter(actor: Actor, exercise: Exercise) -> Squatter:
    person, rng = actor.person, actor.rng

    def drawn(name: str, where: float = 0.5, spread: float = 0.3) -> float:
        return actor.draw(exercise.drawn_from(name), where, spread)

    depth = float(np.clip(rng.normal(person.range, 0.25), 0, 1))
    wide = float(np.clip(rng.normal(depth, 0.3), 0, 1))  # who goes deep makes room for the thighs
    leaning = (person.lean - 0.7) / 0.6
    return Squatter(
        stance=drawn("stance_of_stature", wide, 0.0) * person.build.stature,
        toe_out=drawn("toe_out_deg", wide, 0.2),
        knee=drawn("knee_deg", depth, 0.0),
        knees_out=drawn("knees_out_deg", wide, 0.2),
        tilt=drawn("tilt_deg", leaning),
        tuck=drawn("tuck_of_tilt"),
        lean=drawn("trunk_lean_deg", leaning, 0.15),
        aslant=float(rng.normal(0, ASLANT_DEG)),
        turned=float(rng.normal(0, TURNED_DEG)),
        bounce=drawn("bounce_of_way"),
        slow_end=drawn("slow_end_of_way"),
        settle=drawn("settle_knee_deg"),
        arms=float(rng.choice([0.0, 1.0])),
    )


def _squat(actor: Actor, plan: Plan, style: Squatter) -> None:
    out, back = actor.shape
    actor = replace(actor, shape=(out - NEAR_UPRIGHT, back + NEAR_UPRIGHT))
    whole, plan = plan, replace(plan, back=(1 - style.slow_end) * plan.back)
    hips_back = 0.13 + 0.05 * actor.person.lean
    knee = min(style.knee * plan.size, _deepest_knee(actor.person.build, style.stance, hips_back))
    deep, size = (knee - STANDING_KNEE_DEG) / 90, actor.uneven()
    bounce = min(style.bounce * actor.uneven() ** 3, 0.4)
    sharp = _overlapping(plan, bounce)
    # Who turns round before the way down is over doesn't get all the way: asked for so much more.
    more = 1 / _reached(actor.shape, sharp)
    # It is the body's height that goes smoothly: near upright knees turn far for little of it, so they start and end fast.
    quick = QUICK_SHARE * (knee - STANDING_KNEE_DEG)
    actor.bump("crouch", more * (knee - STANDING_KNEE_DEG - quick), *sharp)
    upright = plan.start + QUICK_FOR[0] * plan.out, plan.end - QUICK_FOR[1] * plan.back
    actor.bump("crouch", quick, sharp[0], *upright, sharp[3])
    x, y = actor.ahead(-hips_back * min(deep, 1.1), 0.0)
    actor.bump("x", more * (x - actor.value("x")), *sharp)
    actor.bump("y", more * (y - actor.value("y")), *sharp)
    # The pelvis tips forward with the trunk, and is tucked under again towards the bottom.
    tilt = style.tilt * min(deep, 1.5) * size
    actor.bump("tilt", more * tilt, *sharp)
    _, there, away, _ = _overlapping(plan, 0.2)
    under = plan.start + 0.3 * plan.out, there, away, plan.leave + 0.7 * plan.back
    actor.bump("tilt", -style.tuck * tilt * actor.uneven() ** 2, *under)
    actor.bump("trunk_lean", style.lean * min(deep, 1.1) * size, *plan.late)
    shift = float(np.clip(actor.rng.normal(style.aslant, 0.9), -MOST_ASLANT_DEG, MOST_ASLANT_DEG))
    shift += plan.slip("obliquity_deg") * float(np.sign(shift)) * actor.draw(SHIFT_DEG, 0.5, 0.3)
    _, left = actor.ahead(0.0, 0.006 * shift)
    actor.bump("y", left - actor.value("y"), *plan.late)
    actor.bump("obliquity", shift, *plan.late)
    actor.bump("yaw", float(actor.rng.normal(style.turned, 1.0)), *plan.late)
    for side in SIDES:
        actor.bump(f"swivel_{side}", style.knees_out * min(deep, 1.2) * actor.uneven(), *plan.late)
        actor.bump(f"arm_flexion_{side}", (85 if style.arms else 35) * min(deep, 1.0), *plan.times)
        actor.bump(f"elbow_{side}", (8 if style.arms else 100) * min(deep, 1.0), *plan.times)
    _settle(actor, whole, plan.end, style.settle)
    _wobble(actor, plan)


def _deepest_knee(build: Build, stance: float, hips_back: float) -> float:
    """Degrees, where the hips are as low as they get; thigh and shank are nearly of one length."""
    aside = 0.5 * (stance - build.hips)
    leg = float(np.sqrt(aside**2 + hips_back**2 + (LOWEST_HIPS * build.stature) ** 2))
    return float(np.rad2deg(2 * np.arccos(min(1.0, leg / (build.thigh + build.shank)))))


def _overlapping(plan: Plan, bounce: float) -> tuple[float, float, float, float]:
    """A rep's times where the way up begins by so much of it before the way down is over; from before the rep can be seen."""
    return plan.start - UNSEEN * plan.out, plan.turn + bounce * plan.out, plan.leave - bounce * plan.back, plan.end


def _reached(shape: tuple[float, float], times: tuple[float, float, float, float]) -> float:
    """How much of itself a bump of such a shape is at its highest, where the way back begins before the way out is over."""
    start, peak, leave, end = times
    out, back = (float(np.clip(s, -0.4, 0.4)) for s in shape)
    t = np.linspace(min(leave, peak), max(leave, peak), 40)
    height = np.zeros(40)
    for late, soon in (((0.0, 0.0), (0.0, 0.0)), ((max(0.0, out), max(0.0, -out)), (max(0.0, back), max(0.0, -back)))):
        up = (start + late[0] * (peak - start), peak - late[1] * (peak - start))
        down = (leave + soon[0] * (end - leave), end - soon[1] * (end - leave))
        for (a, b), sign in ((up, 0.5), (down, -0.5)):
            height += sign * min_jerk(np.clip((t - a) / (b - a), 0, 1))
    return float(height.max())


def _settle(actor: Actor, plan: Plan, up: float, knee: float) -> None:
    """Nobody stands like a post once up again: the knees straighten last of all, give a little, and the hips find their place."""
    last, late = knee * float(actor.rng.uniform(0.5, 1.0)), float(actor.rng.uniform(0.7, 1.1))
    actor.bump("crouch", last, 0.5 * (plan.leave + up), up, up, plan.end + 0.1)
    after = plan.end - 0.1, plan.end + 0.4 * late, plan.end + 0.4 * late, plan.end + late
    actor.bump("crouch", knee * float(actor.rng.uniform(0.3, 1.0)), *after)
    x, y = actor.ahead(float(actor.rng.normal(0, 0.015)), 0.0)
    actor.bump("x", x - actor.value("x"), *after)
    actor.bump("y", y - actor.value("y"), *after)


def _feet_apart(actor: Actor, width: float, toe_out: float = 7.0) -> None:
    _loosen(actor, STEP_GIVE_M)
    for foot, out in (("left", 1.0), ("right", -1.0)):
        t = actor.now
        place, yaw = foot_under(actor, foot, 0.0, out * width / 2, toe_out)
        actor.bump("obliquity", -1.5 * out, t, t + 0.3, t + 0.4, t + 0.7)
        actor.step(foot, place, yaw, t + 0.05, 0.55)
        actor.thud(t + 0.6, 1.0)
        actor.until(t + 0.75)
    _loosen(actor, GIVE_M)


def lunge(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Steps forward with the one leg and with the other: down until both knees are near 90 degrees, and back."""
    actor = actor.working(part.side, "left")
    style = _lunger(actor, exercise, "step_of_stature")

    def one(a: Actor, plan: Plan) -> None:
        _lunge(a, plan, style)

    def sides(k: int) -> str:
        return SIDES[k % 2]

    _loosen(actor, LUNGE_GIVE_M)
    steady = ("tilt", "trunk_lean", "trunk_roll")
    repeat(actor, part, exercise, None, one, sides=sides, between=Span(0.2, 1.0), steady=steady)
    _loosen(actor, GIVE_M)


@dataclass(frozen=True)
class Lunger:
    """How someone lunges; m, degrees. knee: of the leg that carries. tilt (forward), aslant, turned: the pelvis at the turn."""

    step: float
    knee: float
    tilt: float
    aslant: float
    turned: float


def _lunger(actor: Actor, exercise: Exercise, step: str) -> Lunger:
    person, rng = actor.person, actor.rng
    tucked = actor.draw(exercise.drawn_from("tuck_deg"), 0.5, 0.3)
    return Lunger(
        step=actor.draw(exercise.drawn_from(step), person.range) * person.build.stature,
        knee=actor.draw(exercise.drawn_from("knee_deg"), person.range, 0.2),
        tilt=actor.draw(exercise.drawn_from("tilt_deg"), (person.lean - 0.7) / 0.6, 0.2) - tucked,
        aslant=float(rng.normal(0, LUNGE_ASLANT_DEG)),
        turned=float(rng.normal(0, LUNGE_TURNED_DEG)),
    )


def _loosen(actor: Actor, give_m: float) -> None:
    """How softly the support goes from leg to leg: in a lunge both carry for a while."""
    actor.move("give", actor.now, 0.6, to=give_m)
    actor.until(actor.now + 0.7)


def _lunge(actor: Actor, plan: Plan, style: Lunger) -> None:
    """The left foot steps out and back while the hips sink between the feet; the leg with the least reach carries them."""
    size = 0.5 + 0.5 * plan.size
    length = style.step * size
    x0, y0 = actor.value("foot_x_left"), actor.value("foot_y_left")
    hip_x, hip_y = actor.value("x"), actor.value("y")
    yaw = actor.value("foot_yaw_left")
    aside = float(actor.rng.normal(0.02, 0.015))
    there = actor.ahead(length, aside)
    place = x0 + there[0] - hip_x, y0 + there[1] - hip_y
    # The foot lands before the hips sink, and they are nearly up again before it leaves.
    landing, leaving = _steps(actor, plan, place, yaw, (x0, y0), yaw, lift=0.07)
    out, back = plan.turn - landing, leaving - plan.leave
    way = plan.start - 0.1 * plan.out, landing + 0.3 * out, leaving - 0.3 * back, plan.end + 0.05 * plan.back
    x, y = actor.ahead((0.5 + float(actor.rng.normal(0, 0.03))) * length, 0.5 * aside)
    actor.bump("x", x - hip_x, *way)
    actor.bump("y", y - hip_y, *way)
    # Down and up again without a rest at the turn.
    down = landing - 0.15 * out, plan.turn + 0.15 * out, plan.leave - 0.15 * back, leaving + 0.1 * back
    for channel, by in (
        ("crouch", min(style.knee * plan.size, 106.0) - STANDING_KNEE_DEG),
        ("tilt", style.tilt),
        ("trunk_lean", 8.0 * actor.person.lean),
    ):
        actor.bump(channel, by * actor.uneven(), *_shifted(actor, down))
    actor.bump("heel_right", 50.0 * size, plan.start + 0.3 * plan.out, plan.turn, plan.leave, plan.leave + 0.75 * plan.back)
    for channel, usual, sd in (("obliquity", style.aslant, 1.5), ("yaw", style.turned, 2.0), ("trunk_roll", 0.0, 1.5)):
        actor.bump(channel, float(actor.rng.normal(usual, sd)), *_shifted(actor, down))
    actor.bump("arm_flexion_right", 25.0, *plan.times)
    actor.bump("arm_flexion_left", -12.0, *plan.times)
    _wobble(actor, plan)


def _wobble(actor: Actor, plan: Plan) -> None:
    """Who goes low with all the weight on bent legs balances: pelvis and knees are never quite still."""
    start, end = plan.start - 0.1, plan.end + 0.1
    for channel, rms in WOBBLE_DEG.items():
        actor.sway(channel, rms * float(actor.rng.lognormal(0, 0.3)), start, end, hz=WOBBLE_HZ)


def _steps(
    actor: Actor,
    plan: Plan,
    place: tuple[float, float],
    yaw: float,
    home: tuple[float, float],
    home_yaw: float,
    lift: float,
) -> tuple[float, float]:
    """The left foot steps to a place and back home; gives when it lands and when it leaves again."""
    landing = plan.start + float(actor.rng.normal(LANDS, 0.03)) * plan.out
    leaving = plan.end - float(actor.rng.normal(LEAVES, 0.02)) * plan.back
    begin, home_at = plan.start - 0.05 * plan.out, plan.end - 0.02 * plan.back
    actor.step("left", place, yaw, begin, landing - begin, lift)
    actor.step("left", home, home_yaw, leaving, home_at - leaving, lift)
    for at, thud in ((landing - 0.05, 0.5), (home_at - 0.05, 0.6)):
        actor.thud(at, thud)
        for side in SIDES:
            for channel, rate in FLESH_RINGS.items():
                actor.ring(f"{channel}_{side}", rate * float(actor.rng.lognormal(0, 0.4)), at)
    return landing, leaving


def _shifted(actor: Actor, times: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A part of the body goes now a little earlier and now a little later than the others."""
    start, turn, leave, end = times
    a, b = (float(np.clip(actor.rng.normal(0, 0.09), -0.18, 0.18)) for _ in range(2))
    out, back = turn - start, end - leave
    return start + max(a, 0.0) * out, turn + a * out, leave + b * back, end + min(b, 0.0) * back


def side_lunge(actor: Actor, part: Part, exercise: Exercise) -> None:
    """A wide step to the left, the hips go back over the bent leg, the right leg stays straight."""
    actor = actor.working(part.side, "left")
    style = _side_lunger(actor, exercise)

    def one(a: Actor, plan: Plan) -> None:
        _side_lunge(a, plan, style)

    _loosen(actor, LUNGE_GIVE_M)
    repeat(actor, part, exercise, "left", one, between=Span(0.2, 0.9), steady=("tilt", "trunk_lean"))
    _loosen(actor, GIVE_M)


@dataclass(frozen=True)
class SideLunger:
    """How someone lunges to the side; m, degrees. over: how far the hips go beyond the middle between the feet; hips_back."""

    step: float
    over: float
    hips_back: float
    tilt: float
    lean: float
    aslant: float
    turned: float


def _side_lunger(actor: Actor, exercise: Exercise) -> SideLunger:
    person, rng = actor.person, actor.rng
    leaning = (person.lean - 0.7) / 0.6

    def drawn(name: str, where: float = 0.5, spread: float = 0.3) -> float:
        return actor.draw(exercise.drawn_from(name), where, spread)

    build = person.build
    step = drawn("step_of_stature", person.range, 0.2) * build.stature
    over = drawn("over_of_stature", person.range, 0.2) * build.stature
    hips_back = drawn("hips_back_of_stature", leaning) * build.stature
    straight = 0.98 * (build.thigh + build.shank)
    farthest = float(np.sqrt(straight**2 - hips_back**2 - (LEAST_SIDE_HIPS * build.stature) ** 2))
    return SideLunger(
        step=step,
        over=min(over, farthest - 0.5 * step),
        hips_back=hips_back,
        tilt=drawn("tilt_deg", leaning),
        lean=drawn("trunk_lean_deg", leaning, 0.2),
        aslant=float(rng.normal(SIDE_ASLANT_DEG, 4.0)),
        turned=float(rng.normal(SIDE_TURNED_DEG, 5.0)),
    )


def _side_lunge(actor: Actor, plan: Plan, style: SideLunger) -> None:
    size = 0.3 + 0.7 * plan.size
    x0, y0 = actor.value("foot_x_left"), actor.value("foot_y_left")
    hip_x, hip_y = actor.value("x"), actor.value("y")
    yaw = actor.value("foot_yaw_left")
    there = actor.ahead(float(actor.rng.normal(0, 0.02)), style.step)
    place = x0 + there[0] - hip_x, y0 + there[1] - hip_y
    landing, leaving = _steps(actor, plan, place, yaw + 8, (x0, y0), yaw, lift=0.05)
    out, back = plan.turn - landing, leaving - plan.leave
    # The weight comes between the feet with the step, then goes over the bent leg; the straight one carries the hips meanwhile:
    # they sink because they go away from it.
    down = landing - 0.15 * out, plan.turn + 0.12 * out, plan.leave - 0.12 * back, leaving + 0.15 * back
    middle = plan.start - 0.1 * plan.out, landing + 0.1 * out, leaving - 0.1 * back, plan.end + 0.05 * plan.back
    _, y = actor.ahead(0.0, 0.5 * style.step)
    actor.bump("y", y - hip_y, *middle)
    x, y = actor.ahead(-style.hips_back * size, style.over * size)
    actor.bump("x", x - hip_x, *_shifted(actor, down))
    actor.bump("y", y - hip_y, *down)
    bends = (
        ("tilt", style.tilt),
        ("trunk_lean", style.lean),
        ("obliquity", float(actor.rng.normal(style.aslant, 1.5))),
        ("trunk_roll", -2.0),
        ("crouch", 8.0),
        ("yaw", float(actor.rng.normal(style.turned, 2.0))),
    )
    for channel, by in bends:
        actor.bump(channel, by * size * actor.uneven(), *_shifted(actor, down))
    for side in SIDES:
        actor.bump(f"arm_flexion_{side}", 65.0, *plan.times)
    _wobble(actor, plan)
