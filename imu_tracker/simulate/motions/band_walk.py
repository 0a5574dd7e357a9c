"""Steps to the side with a band about the legs."""

from __future__ import annotations

import numpy as np

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.everyday import foot_under
from imu_tracker.simulate.motions.gait import onto_legs
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import draw_slips, with_slips
from imu_tracker.simulate.truth import TrueRep, TrueSet

STANCE_WIDTH_M = 0.32  # the feet start about 30 cm apart, so that the band is tight
SOFTEST_KNEE_DEG = 15.0  # the straightest that a knee gets while the other leg steps
HIPS_BACK_M = 0.09
NARROW = 0.5  # of the usual width, where a step shall be too narrow
UNEVEN_SIDES = 0.7  # of the first way's width on the way back, where the sides shall be uneven
HASTE_M_S2 = 12.0  # the highest acceleration of a foot that steps softly: wide steps take their time


def lateral_band_walk(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Down into a quarter squat with the feet apart; `count` steps to the side, and back where asked; up again."""
    toward = actor.working(part.side, "left")
    person = actor.person
    ways = [toward, toward.working("right", "left")][: 2 if part.back else 1]
    widths = [way.draw(exercise.drawn_from("step_m"), person.range) for way in ways]
    get_set(toward, toward.draw(exercise.drawn_from("crouch_deg"), person.range), max(widths), spare_for(part, exercise))
    reps: list[TrueRep] = []
    uneven = "even_sides" in part.slips
    for k, (way, width) in enumerate(zip(ways, widths, strict=True)):
        for _ in range(part.count):
            tired = 1 + person.fatigue * len(reps) / max(1, 2 * part.count)
            phases = [way.draw(s, person.pace, 0.04) * tired for s in (exercise.out_s, exercise.pause_s, exercise.back_s) if s]
            drops: tuple[bool, ...] = way.rng.random() < part.drop_share, way.rng.random() < part.drop_share
            slips = draw_slips(way, part, exercise)
            far = width * way.uneven() * (UNEVEN_SIDES if uneven and k else 1.0)
            far *= NARROW if "step_width" in slips else 1.0
            drops = tuple(d or "drop_deg" in slips for d in drops)
            reps.append(with_slips(_side_step(way, exercise, far, unhurried(phases, far), drops), exercise, slips))
            careless(way, exercise, reps[-1], slips)
        if part.back:
            way.until(way.now + float(way.rng.uniform(0.5, 1.2)))
    start, end = reps[0].start_s, reps[-1].end_s
    for channel, rms in (("tilt", 0.8), ("trunk_lean", 1.0), ("yaw", 1.0), ("bob", 0.003)):
        toward.sway(channel, rms, start - 0.5, end + 0.5, hz=(0.15, 1.5))
    side = None if part.back else toward.side("left")
    actor.notes.sets.append(
        TrueSet(exercise.name, "steps", side, start, end, tuple(reps), drop_threshold_deg=exercise.drop_threshold_deg)
    )
    get_up(toward)


def careless(actor: Actor, exercise: Exercise, rep: TrueRep, slips: frozenset[str]) -> None:
    """What a step shall show that isn't its own business: a trunk that sways, a squat that isn't kept."""
    times = (rep.start_s, rep.turn_s, rep.turn_s + 0.05, rep.end_s)
    if "sway_deg_s" in slips:
        way = float(actor.rng.choice([-1.0, 1.0]))
        for channel, by in (("trunk_roll", 9.0), ("obliquity", 3.0), ("yaw", -7.0), ("trunk_lean", 6.0)):
            actor.bump(channel, way * by * actor.uneven(), *times)
    if "height_cm" in slips:
        actor.bump("bob", actor.draw(exercise.drawn_from("rising_cm"), 0.5, 0.3) / 100, *times)


def unhurried(phases: list[float], far: float) -> list[float]:
    """The phases of a step `far` m long, out and back each long enough for a foot to go there softly."""
    least = float(np.sqrt(5.77 * far / HASTE_M_S2)) / 0.84  # of a minimum-jerk move; a foot is in the air for 0.84 of a phase
    out, *pause, back = phases
    return [max(out, least), *pause, max(back, least)]


def spare_for(part: Part, exercise: Exercise) -> float:
    """How much lower to squat so that hips that come up don't lock a knee; m."""
    return exercise.drawn_from("rising_cm").most / 100 if "squat_kept" in part.slips else 0.0


def get_set(actor: Actor, crouch: float, width: float, spare: float = 0.0) -> None:
    """Feet apart one after the other, then down, far enough for the widest steps not to straighten a knee,
    and `spare` m lower."""
    apart = STANCE_WIDTH_M / 2 - actor.person.build.hips / 2
    widest = float(np.hypot(apart + 0.9 * width * (1 + 2.5 * actor.person.uneven) + 0.05, HIPS_BACK_M))
    height = min(actor.hip_height(crouch, apart), actor.hip_height(SOFTEST_KNEE_DEG, widest) - spare)
    begin = actor.now
    lean = actor.person.lean
    actor.keep_level(actor.hip_height(18.0, STANCE_WIDTH_M / 2), begin, 0.6)
    for foot, out in (("left", 1.0), ("right", -1.0)):
        place, yaw = foot_under(actor, foot, 0.0, out * STANCE_WIDTH_M / 2)
        actor.bump("obliquity", -1.5 * out, begin, begin + 0.3, begin + 0.4, begin + 0.7)
        actor.step(foot, place, yaw, begin + 0.1, 0.5)
        actor.thud(begin + 0.6, 1.0)
        begin += 0.75
    for channel, to in (("z", height), ("tilt", 11 * lean), ("trunk_lean", 24 * lean)):
        actor.move(channel, begin, 1.1, to=to)
    actor.travel(-HIPS_BACK_M, 0.0, begin, 1.1)
    for foot in ("left", "right"):
        actor.move(f"swivel_{foot}", begin, 1.1, to=6.0)
    actor.until(begin + 1.1 + float(actor.rng.uniform(0.4, 1.0)))


def _side_step(actor: Actor, exercise: Exercise, width: float, phases: list[float], drops: tuple[bool, ...]) -> TrueRep:
    """One step to the left: the left foot leads, the right one follows, the squat is kept."""
    start = actor.now
    lead, pause, trail = phases
    turn, end = start + lead + pause, start + lead + pause + trail
    # The hips first settle over the leg that stands, then travel.
    actor.travel(0.0, width, start + 0.1 * lead, 0.96 * (end - start))
    for foot, begin, swing, stands, dropping in (
        ("left", start, lead, -1.0, drops[0]),
        ("right", turn, trail, 1.0, drops[1]),
    ):
        lifted, landed = begin + 0.1 * swing, begin + 0.94 * swing
        x, y = actor.value(f"foot_x_{foot}"), actor.value(f"foot_y_{foot}")
        hip_x, hip_y = actor.value("x"), actor.value("y")
        to_x, to_y = actor.ahead(0.0, width)
        actor.step(
            foot, (x + to_x - hip_x, y + to_y - hip_y), actor.value(f"foot_yaw_{foot}"), lifted, landed - lifted, lift=0.045
        )
        times = (begin - 0.12 * swing, begin + 0.42 * swing, begin + 0.6 * swing, begin + 1.12 * swing)
        shift_x, shift_y = actor.ahead(0.0, stands * 0.03 * actor.uneven())
        actor.bump("x", shift_x - hip_x, *times)
        actor.bump("y", shift_y - hip_y, *times)
        stance = "left" if stands > 0 else "right"
        drop = 0.5 * actor.usual_drop_deg(stance) + float(actor.rng.normal(0, 0.8))
        drop += actor.draw(exercise.drawn_from("drop_extra_deg"), 0.5, 0.4) if dropping else 0.0
        actor.bump("obliquity", stands * drop, *times)
        actor.bump("trunk_roll", -stands * (2.0 + 0.4 * abs(drop)) * actor.uneven(), *times)
        actor.bump("yaw", -stands * 2.0 * actor.uneven(), *times)
        # The pelvis drops about the hip that stands, so its middle comes down with it.
        sinking = actor.person.build.hips / 2 * float(np.sin(np.deg2rad(drop)))
        actor.bump("bob", float(actor.rng.normal(0.006, 0.003)) - sinking, *times)
        actor.thud(landed, 1.2)
    actor.until(end + 0.04 * actor.uneven())
    return actor.rep(start, lead, pause, trail, end, "left")


def get_up(actor: Actor) -> None:
    """Up out of the squat, feet together."""
    begin = actor.now + 0.5
    for channel, to in (
        ("z", actor.hip_height(14.0, STANCE_WIDTH_M / 2)),
        ("tilt", 0.0),
        ("trunk_lean", 0.0),
        ("swivel_left", 0.0),
        ("swivel_right", 0.0),
    ):
        actor.move(channel, begin, 1.2, to=to)
    actor.travel(HIPS_BACK_M, 0.0, begin, 1.2)
    begin += 1.1
    for foot, out in (("left", 1.0), ("right", -1.0)):
        place, yaw = foot_under(actor, foot, 0.0, out * actor.person.build.hips / 2)
        actor.step(foot, place, yaw, begin + 0.1, 0.5, lift=0.04)
        actor.bump("obliquity", -1.5 * out, begin, begin + 0.3, begin + 0.4, begin + 0.7)
        actor.thud(begin + 0.6, 1.0)
        begin += 0.75
    onto_legs(actor, begin - 0.2, 0.5)
    actor.until(begin + 0.45)
