"""Standing on one leg. Written for the right leg standing; `side` is the standing leg."""

from __future__ import annotations

import numpy as np

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import BREATH_S, SHORT_OF_RANGE, draw_slips, with_slips
from imu_tracker.simulate.truth import TrueRep, TrueSet

STANCE_KNEE_DEG = 14.0  # the standing knee stays soft between reps


def single_leg_squat(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Free leg out in front, `count` squats on the other, foot down again."""
    actor = actor.working(part.side, "right")
    person = actor.person
    begin = actor.now
    knee, extra, between = (exercise.drawn_from(name) for name in ("knee_deg", "drop_extra_deg", "between_s"))
    _onto_one_leg(actor)
    reps: list[TrueRep] = []
    for k in range(part.count):
        tired = 1 + person.fatigue * k / max(1, part.count - 1)
        phases = [actor.draw(s, person.pace, 0.05) * tired for s in (exercise.out_s, exercise.pause_s, exercise.back_s) if s]
        depth = actor.draw(knee, person.range, 0.06) * actor.uneven() - STANCE_KNEE_DEG
        drop = actor.usual_drop_deg("right") * actor.uneven() + float(actor.rng.normal(0, 0.8))
        drop += actor.draw(extra, 0.5, 0.4) if actor.rng.random() < part.drop_share else 0.0
        slips = draw_slips(actor, part, exercise)
        if "range_deg" in slips:
            depth *= actor.draw(SHORT_OF_RANGE, 0.5, 0.3)
        if "drop_deg" in slips:
            drop += actor.draw(extra, 0.6, 0.4)
        leaning = actor.draw(exercise.drawn_from("times_the_lean"), 0.5, 0.3) if "tilt_deg" in slips else 1.0
        reps.append(with_slips(_one_squat(actor, depth, drop, phases, leaning), exercise, slips))
        breath = part.pauses and (k + 1) % part.pauses == 0 and k + 1 < part.count
        actor.until(actor.now + (actor.draw(BREATH_S, 0.5, 0.3) if breath else actor.draw(between, person.pace, 0.2)))
    end = actor.now
    for channel, rms in (("obliquity", 1.0), ("tilt", 0.8), ("trunk_roll", 1.2), ("trunk_lean", 1.0), ("yaw", 1.2)):
        actor.sway(channel, rms * person.sway_deg, begin + 0.6, end + 0.4, hz=(0.3, 3.0))
    for channel in ("x", "y"):
        actor.sway(channel, 0.008 * person.sway_deg, begin + 0.6, end + 0.4, hz=(0.3, 2.0))
    actor.notes.sets.append(
        TrueSet(
            exercise.name,
            "reps",
            actor.side("right"),
            reps[0].start_s,
            reps[-1].end_s,
            tuple(reps),
            drop_threshold_deg=exercise.drop_threshold_deg,
        )
    )
    lifted = begin + 0.9
    _foot_down(actor)
    actor.stands("right", lifted, actor.now - 0.5)


def _onto_one_leg(actor: Actor) -> None:
    """The hips go over the standing leg, then the free leg comes up straight in front."""
    begin = actor.now
    hips = actor.person.build.hips
    actor.travel(0.0, -0.42 * hips, begin, 1.0)
    actor.move("crouch", begin, 1.2, to=STANCE_KNEE_DEG)
    actor.move("trunk_roll", begin, 1.0, to=2.0)
    for channel, to in (("hip_flexion_left", 12.0), ("knee_left", 22.0), ("hip_abduction_left", 2.0)):
        actor.move(channel, begin, 0.5, to=to)  # not seen yet: where the leg will hang from
    actor.move("foot_z_left", begin + 0.7, 0.7, to=0.05)
    actor.move("placed_left", begin + 0.9, 0.7, to=0.0)
    for channel, to in (("hip_flexion_left", 40.0), ("knee_left", 14.0), ("ankle_left", 8.0)):
        actor.move(channel, begin + 0.9, 1.1, to=to)
    actor.until(begin + 2.0 + float(actor.rng.uniform(0.4, 0.9)))


def _one_squat(actor: Actor, depth: float, drop: float, phases: list[float], leaning: float) -> TrueRep:
    """Down by so much knee flexion, a moment at the bottom, up; the pelvis drops most at the bottom and in the rise."""
    start = actor.now
    out, pause, back = phases
    bottom, leave, end = start + out, start + out + pause, start + out + pause + back
    times = (start, bottom, leave, end)
    lean, share = actor.person.lean * leaning, depth / 60
    tilt = 20 * lean * share * actor.uneven()
    actor.bump("crouch", depth, *times)
    actor.bump("tilt", tilt, *times)
    actor.bump("trunk_lean", 26 * lean * share * actor.uneven(), *times)
    x, y = actor.ahead(-0.07 * share, -0.008 * share)
    actor.bump("x", x - actor.value("x"), *times)
    actor.bump("y", y - actor.value("y"), *times)
    # The free leg stays off the floor while the hips come down: it rises in the world, and more against the tilting pelvis.
    actor.bump("hip_flexion_left", tilt + 28 * share, *times)
    actor.bump("knee_left", -8.0 * min(share, 1.2), *times)
    # An unsupported left side goes down: obliquity below 0.
    actor.bump("obliquity", -drop, start + 0.3 * out, bottom, leave + 0.25 * back, end)
    actor.bump("trunk_roll", 0.35 * drop, start + 0.3 * out, bottom, leave + 0.25 * back, end)
    actor.bump("yaw", float(actor.rng.normal(0.25 * drop, 1.5)), *times)
    actor.bump("swivel_right", -float(np.clip(0.8 * drop, -4, 12)), *times)  # a dropping pelvis goes with a knee that falls in
    actor.until(end)
    return actor.rep(start, out, pause, back, end, "right")


def _foot_down(actor: Actor) -> None:
    """The free foot comes back beside the other, the weight on both."""
    begin = actor.now + 0.4
    actor.move("hip_flexion_left", begin, 1.0, to=12.0)
    actor.move("knee_left", begin, 1.0, to=22.0)
    actor.move("placed_left", begin + 0.3, 0.8, to=1.0)
    actor.move("foot_z_left", begin + 0.8, 0.6, to=0.0)
    actor.thud(begin + 1.4, 0.8)
    actor.travel(0.0, 0.42 * actor.person.build.hips, begin + 1.0, 1.0)
    actor.move("crouch", begin + 1.0, 1.0, to=STANDING_KNEE_DEG)
    for channel in ("trunk_roll", "ankle_left"):
        actor.move(channel, begin + 1.0, 0.8, to=0.0)
    actor.until(begin + 2.2)
