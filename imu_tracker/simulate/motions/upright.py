"""On both feet: squats, lunges, standing up from a chair. Lunges are written for the left leg stepping."""

from __future__ import annotations

from dataclasses import replace

from imu_tracker.exercises import Exercise, Span
from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.body import GIVE_M
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat
from imu_tracker.simulate.script import SIDES

SQUAT_KNEE_DEG = Span(92, 134)
DEEPEST_KNEE_DEG = 136.0  # calf on thigh
RISING_LATE = 0.15  # skew of the way up out of a squat
LUNGE = Span(0.34, 0.44)  # step length, of the stature
LUNGE_KNEE_DEG = Span(80, 105)
LUNGE_GIVE_M = 0.06
SIDE_LUNGE = Span(0.37, 0.45)
UPRIGHT_KNEE_DEG = 13.0  # on the way up the knees never quite lock
CHAIR = Span(0.26, 0.30)  # hip joints of someone who sits, of the stature
SHIFT_DEG = Span(6, 10)  # of a pelvis whose weight goes to one leg


def squat(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Feet shoulder width, hips back and down, arms forward; fastest near upright on the way up."""
    actor = actor.working(part.side, "left")
    width = float(actor.rng.uniform(0.30, 0.42)) * actor.person.build.stature / 1.72
    _feet_apart(actor, width)
    knee = actor.draw(SQUAT_KNEE_DEG, actor.person.range)
    arms = float(actor.rng.choice([0.0, 1.0]))  # forward, or across the chest
    tuck = float(actor.rng.uniform(0.3, 0.85))
    repeat(
        actor,
        part,
        exercise,
        "both",
        lambda a, plan: _squat(a, plan, knee, arms, tuck),
        steady=("x", "tilt", "obliquity", "trunk_lean"),
    )
    actor.until(actor.now + 0.3)
    _feet_apart(actor, actor.person.build.hips)


def _squat(actor: Actor, plan: Plan, knee: float, arms: float, tuck: float) -> None:
    out, back = actor.shape
    actor = replace(actor, shape=(out, back + RISING_LATE))
    deep = (min(knee * plan.size, DEEPEST_KNEE_DEG) - STANDING_KNEE_DEG) / 90
    lean = actor.person.lean
    size = actor.uneven()
    actor.bump("crouch", 90 * deep, *plan.sharp)
    # The pelvis tips forward with the trunk, and under again towards the bottom.
    tilt = 26 * lean * min(deep, 1.5) * size
    actor.bump("tilt", tilt, *plan.sharp)
    under = plan.start + 0.4 * plan.out, plan.turn, plan.leave, plan.leave + 0.6 * plan.back
    actor.bump("tilt", -tuck * tilt, *under)
    actor.bump("trunk_lean", 42 * lean * min(deep, 1.1) * size, *plan.late)
    x, y = actor.ahead(-(0.13 + 0.05 * lean) * min(deep, 1.1), 0.0)
    actor.bump("x", x - actor.value("x"), *plan.sharp)
    actor.bump("y", y - actor.value("y"), *plan.sharp)
    shift = float(actor.rng.normal(0, 0.9)) + plan.slip("obliquity_deg") * actor.draw(SHIFT_DEG, 0.5, 0.3)
    _, left = actor.ahead(0.0, 0.006 * shift)
    actor.bump("y", left - actor.value("y"), *plan.late)
    actor.bump("obliquity", shift, *plan.late)
    actor.bump("yaw", float(actor.rng.normal(0, 1.0)), *plan.late)
    for side in SIDES:
        actor.bump(f"swivel_{side}", 12 * deep * actor.uneven(), *plan.late)
        actor.bump(f"arm_flexion_{side}", (85 if arms else 35) * min(deep, 1.0), *plan.times)
        actor.bump(f"elbow_{side}", (8 if arms else 100) * min(deep, 1.0), *plan.times)


def _feet_apart(actor: Actor, width: float) -> None:
    for foot, out in (("left", 1.0), ("right", -1.0)):
        t = actor.now
        place, yaw = foot_under(actor, foot, 0.0, out * width / 2)
        actor.bump("obliquity", -1.5 * out, t, t + 0.3, t + 0.4, t + 0.7)
        actor.step(foot, place, yaw, t + 0.05, 0.55)
        actor.thud(t + 0.6, 1.0)
        actor.until(t + 0.75)
    actor.until(actor.now + float(actor.rng.uniform(0.2, 0.6)))


def lunge(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Steps forward with the one leg and with the other: down until both knees are near 90 degrees, and back."""
    actor = actor.working(part.side, "left")
    length = actor.draw(LUNGE, actor.person.range) * actor.person.build.stature
    knee = actor.draw(LUNGE_KNEE_DEG, actor.person.range)

    def one(a: Actor, plan: Plan) -> None:
        _lunge(a, plan, length, knee)

    def sides(k: int) -> str:
        return SIDES[k % 2]

    _loosen(actor, LUNGE_GIVE_M)
    steady = ("tilt", "trunk_lean", "trunk_roll")
    repeat(actor, part, exercise, None, one, sides=sides, between=Span(0.2, 1.0), steady=steady)
    _loosen(actor, GIVE_M)


def _loosen(actor: Actor, give_m: float) -> None:
    """How softly the support goes from leg to leg: in a lunge both carry for a while."""
    actor.move("give", actor.now, 0.6, to=give_m)
    actor.until(actor.now + 0.7)


def _lunge(actor: Actor, plan: Plan, length: float, knee: float) -> None:
    """The left foot steps out and back while the hips sink between the feet; the leg with the least reach carries them."""
    size = 0.5 + 0.5 * plan.size
    out, back = plan.out, plan.back
    x0, y0 = actor.value("foot_x_left"), actor.value("foot_y_left")
    hip_x, hip_y = actor.value("x"), actor.value("y")
    yaw = actor.value("foot_yaw_left")
    there = actor.ahead(length * size, 0.02)
    place = x0 + there[0] - hip_x, y0 + there[1] - hip_y
    # The foot lands before the hips sink, and they are nearly up again before it leaves.
    actor.step("left", place, yaw, plan.start - 0.05 * out, 0.55 * out, lift=0.07)
    actor.step("left", (x0, y0), yaw, plan.leave + 0.47 * back, 0.51 * back, lift=0.07)
    x, y = actor.ahead(0.5 * length * size, 0.0)
    way = (plan.start - 0.1 * out, plan.start + 0.55 * out, plan.leave + 0.38 * back, plan.end + 0.05 * back)
    actor.bump("x", x - hip_x, *way)
    actor.bump("y", y - hip_y, *way)
    down = (plan.start + 0.4 * out, plan.turn + 0.15 * out, plan.leave - 0.15 * back, plan.leave + 0.65 * back)
    for channel, by in (
        ("crouch", min(knee * plan.size, 104.0) - STANDING_KNEE_DEG),
        ("tilt", 12.0),
        ("trunk_lean", 8.0 * actor.person.lean),
    ):
        actor.bump(channel, by * actor.uneven(), *down)
    actor.bump("heel_right", 50.0 * size, plan.start + 0.3 * out, plan.turn, plan.leave, plan.leave + 0.75 * back)
    actor.bump("obliquity", float(actor.rng.normal(1.5, 2.5)), *plan.late)
    actor.bump("yaw", float(actor.rng.normal(-4, 4)), *plan.late)
    actor.bump("trunk_roll", float(actor.rng.normal(0, 1.5)), *plan.late)
    actor.thud(plan.start + 0.4 * out, 0.6)
    actor.thud(plan.leave + 0.95 * back, 0.7)
    actor.bump("arm_flexion_right", 25.0, *plan.times)
    actor.bump("arm_flexion_left", -12.0, *plan.times)


def side_lunge(actor: Actor, part: Part, exercise: Exercise) -> None:
    """A wide step to the left, the hips go back over the bent leg, the right leg stays straight."""
    actor = actor.working(part.side, "left")
    width = actor.draw(SIDE_LUNGE, actor.person.range) * actor.person.build.stature

    def one(a: Actor, plan: Plan) -> None:
        _side_lunge(a, plan, width)

    _loosen(actor, LUNGE_GIVE_M)
    repeat(actor, part, exercise, "left", one, between=Span(0.2, 0.9), steady=("tilt", "trunk_lean"))
    _loosen(actor, GIVE_M)


def _side_lunge(actor: Actor, plan: Plan, width: float) -> None:
    size = 0.45 + 0.55 * plan.size
    out, back = plan.out, plan.back
    x0, y0 = actor.value("foot_x_left"), actor.value("foot_y_left")
    hip_x, hip_y = actor.value("x"), actor.value("y")
    yaw = actor.value("foot_yaw_left")
    there = actor.ahead(0.0, width * size)
    place = x0 + there[0] - hip_x, y0 + there[1] - hip_y
    actor.step("left", place, yaw + 8, plan.start - 0.05 * out, 0.55 * out)
    actor.step("left", (x0, y0), yaw, plan.leave + 0.47 * back, 0.51 * back)
    # The straight leg carries the hips: they sink because they go away from it.
    x, y = actor.ahead(-0.17 * size, (width - 0.05) * size)
    down = (plan.start + 0.35 * out, plan.turn + 0.12 * out, plan.leave - 0.12 * back, plan.leave + 0.67 * back)
    actor.bump("x", x - hip_x, *down)
    actor.bump("y", y - hip_y, plan.start - 0.1 * out, plan.start + 0.85 * out, plan.leave + 0.1 * back, plan.end + 0.05 * back)
    lean = actor.person.lean
    bends = (("tilt", 32 * lean), ("trunk_lean", 42 * lean), ("obliquity", -3.0), ("trunk_roll", -2.0), ("crouch", 10.0))
    for channel, by in bends:
        actor.bump(channel, by * size * actor.uneven(), *down)
    actor.bump("yaw", float(actor.rng.normal(2, 1.5)), *plan.late)
    actor.thud(plan.start + 0.4 * out, 0.7)
    actor.thud(plan.leave + 0.96 * back, 1.5)
    for side in SIDES:
        actor.bump(f"arm_flexion_{side}", 65.0, *plan.times)


def sit_to_stand(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Sits down on a chair, then stands up from it and sits down again `count` times, without the hands; up at the end."""
    begin = actor.now
    actor = actor.working(part.side, "left")
    seat = sit_down(actor)
    actor.until(actor.now + float(actor.rng.uniform(0.5, 1.5)))
    repeat(
        actor,
        part,
        exercise,
        "both",
        lambda a, plan: _stand_and_sit(a, plan, seat),
        between=Span(0.0, 0.35),
        steady=("tilt", "trunk_lean"),
    )
    actor.until(actor.now + 0.3)
    up_from_chair(actor)
    chair(actor, begin, seat)


def chair(actor: Actor, begin: float, seat: float) -> None:
    """Notes the chair that stood behind where the person now stands."""
    build = actor.person.build
    top = seat - 0.055 * build.stature
    actor.prop("chair", begin, (-0.27 * build.stature, -0.02 * build.stature), (-0.24, 0.24), (0.0, top))


def sit_down(actor: Actor) -> float:
    """From standing onto a chair behind; gives the height of the hip joints there, m."""
    build = actor.person.build
    seat = actor.draw(CHAIR, 0.5) * build.stature
    t = actor.now
    actor.keep_level(actor.body().origin["pelvis"][0, 2], t - 0.1, 0.1)
    _between(actor, t, 1.6 * actor.uneven(), seat, up=False)
    return seat


def up_from_chair(actor: Actor) -> None:
    """From the chair to standing."""
    t = actor.now
    _between(actor, t, 1.5 * actor.uneven(), actor.hip_height(UPRIGHT_KNEE_DEG, 0.0), up=True)
    actor.stand_on_legs(actor.now, 0.4)
    actor.until(actor.now + 0.5)


def _between(actor: Actor, start: float, duration: float, height: float, up: bool) -> None:
    """From the chair up, or down onto it: the trunk leans forward while the weight is over the feet."""
    lean = actor.person.lean
    back = 0.235 * actor.person.build.stature
    body = (0.12, 0.88) if up else (0.0, 0.9)
    actor.move("z", start + body[0] * duration, body[1] * duration, to=height)
    x, y = actor.ahead(back if up else -back, 0.0)
    along = (0.1, 0.74)
    actor.move("x", start + along[0] * duration, along[1] * duration, to=x)
    actor.move("y", start + along[0] * duration, along[1] * duration, to=y)
    peak = 0.36 if up else 0.55
    for channel, bend, sitting in (("tilt", 15 * lean, -7.0), ("trunk_lean", 44 * lean, 0.0)):
        actor.move(channel, start + (0.0 if up else 0.4) * duration, 0.6 * duration, to=0.0 if up else sitting)
        actor.bump(
            channel, bend * actor.uneven(), start, start + peak * duration, start + (peak + 0.05) * duration, start + duration
        )
    for side in SIDES:
        actor.move(f"arm_flexion_{side}", start, duration, to=0.0 if up else 28.0)
        actor.move(f"elbow_{side}", start, duration, to=0.0 if up else 45.0)
    if not up:
        actor.thud(start + 0.86 * duration, 0.7)
    actor.until(start + duration)


def _stand_and_sit(actor: Actor, plan: Plan, seat: float) -> None:
    """Up and down; a small size is someone who doesn't come all the way up."""
    top = actor.hip_height(UPRIGHT_KNEE_DEG, 0.0)
    stand = seat + (top - seat) * min(1.0, 0.2 + 0.8 * plan.size)
    _between(actor, plan.start, plan.out, min(stand, top), up=True)
    _between(actor, plan.leave, plan.back, seat, up=False)
    actor.bump("obliquity", float(actor.rng.normal(0, 1.0)), *plan.late)
    actor.bump("yaw", float(actor.rng.normal(0, 0.8)), *plan.late)
