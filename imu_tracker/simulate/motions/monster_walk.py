"""Steps diagonally forward in a quarter squat with a band about the legs, and backwards again."""

from __future__ import annotations

import numpy as np

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.band_walk import (
    HIPS_BACK_M,
    NARROW,
    STANCE_WIDTH_M,
    careless,
    get_set,
    get_up,
    spare_for,
)
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import draw_slips, with_slips
from imu_tracker.simulate.script import SIDES, other
from imu_tracker.simulate.truth import TrueRep, TrueSet


def monster_walk(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Down into a quarter squat; `count` steps diagonally forward, the left foot first, and back where asked; up again."""
    actor = actor.working(part.side, "left")
    person = actor.person
    ahead = actor.draw(exercise.drawn_from("ahead_of_stature"), person.range) * person.build.stature
    width = actor.draw(exercise.drawn_from("width_of_stature"), person.range) * person.build.stature
    # The farthest that a foot gets from its hip, put as the side step for which the squat is deep enough.
    farthest = float(np.hypot(HIPS_BACK_M + 0.85 * ahead, width / 2 * (1 + 2.5 * person.uneven) - person.build.hips / 2 + 0.08))
    crouch = actor.draw(exercise.drawn_from("crouch_deg"), person.range)
    get_set(actor, crouch, farthest - (STANCE_WIDTH_M - person.build.hips) / 2, spare_for(part, exercise))
    reps: list[TrueRep] = []
    for way in (1.0, -1.0) if part.back else (1.0,):
        for k in range(part.count):
            tired = 1 + person.fatigue * len(reps) / max(1, 2 * part.count)
            phases = [actor.draw(s, person.pace, 0.04) * tired for s in (exercise.out_s, exercise.pause_s, exercise.back_s) if s]
            slips = draw_slips(actor, part, exercise)
            drops = bool(actor.rng.random() < part.drop_share) or "drop_deg" in slips
            apart = width * (NARROW if "step_width" in slips else 1.0)
            rep = _diagonal_step(actor, exercise, SIDES[k % 2], way * ahead * (0.5 if k == 0 else 1.0), apart, phases, drops)
            careless(actor, exercise, rep, slips)
            reps.append(with_slips(rep, exercise, slips))
        _close_up(actor, SIDES[part.count % 2], width)
        actor.until(actor.now + float(actor.rng.uniform(0.3, 0.9)))
    start, end = reps[0].start_s, reps[-1].end_s
    for channel, rms in (("tilt", 0.8), ("trunk_lean", 1.0), ("yaw", 1.0), ("bob", 0.003)):
        actor.sway(channel, rms, start - 0.5, end + 0.5, hz=(0.15, 1.5))
    actor.notes.sets.append(
        TrueSet(exercise.name, "steps", None, start, end, tuple(reps), drop_threshold_deg=exercise.drop_threshold_deg)
    )
    get_up(actor)


def _diagonal_step(
    actor: Actor, exercise: Exercise, foot: str, ahead: float, width: float, phases: list[float], drops: bool
) -> TrueRep:
    """One foot swings forward (or backward) and out; then the weight goes over to it."""
    start = actor.now
    out, pause, back = phases
    end = start + out + pause + back
    landed = start + 0.92 * out
    stands = -1.0 if foot == "left" else 1.0  # +1: the left leg stands
    stance = other(foot)
    actor.travel(ahead, 0.0, start + 0.1 * out, 0.85 * (end - start))
    size = actor.uneven()
    forward, left = HIPS_BACK_M + 0.3 * ahead, -stands * width / 2 * size
    x, y = actor.ahead(forward, left)
    ball = actor.person.build.ball
    yaw = actor.value("yaw") - stands * 7.0
    place = x + ball * float(np.cos(np.deg2rad(yaw))), y + ball * float(np.sin(np.deg2rad(yaw)))
    # On its way the foot first comes in towards the other, then goes out.
    actor.step(foot, place, yaw, start + 0.06 * out, landed - start - 0.06 * out, lift=0.045)
    times = (start - 0.15 * out, start + 0.4 * out, start + 0.6 * out, end - 0.3 * back)
    shift_x, shift_y = actor.ahead(0.0, stands * 0.055 * actor.uneven())
    actor.bump("x", shift_x - actor.value("x"), *times)
    actor.bump("y", shift_y - actor.value("y"), *times)
    drop = 1.0 + 0.5 * actor.usual_drop_deg(stance) + float(actor.rng.normal(0, 0.8))
    if drops:
        drop += actor.draw(exercise.drawn_from("drop_extra_deg"), 0.4, 0.4)
    actor.bump("obliquity", stands * drop, *times)
    actor.bump("trunk_roll", -stands * (2.5 + 0.4 * abs(drop)) * actor.uneven(), *times)
    actor.bump("yaw", stands * (4.5 if ahead > 0 else -4.5) * actor.uneven(), *times)
    sinking = actor.person.build.hips / 2 * float(np.sin(np.deg2rad(drop)))
    actor.bump("bob", float(actor.rng.normal(0.006, 0.003)) - sinking, *times)
    actor.thud(landed, 1.2)
    actor.until(end)
    return actor.rep(start, out, pause, back, end, foot)


def _close_up(actor: Actor, foot: str, width: float) -> None:
    """At the end of a way the foot behind comes level with the other."""
    t = actor.now
    out = 1.0 if foot == "left" else -1.0
    x, y = actor.ahead(HIPS_BACK_M, out * width / 2)
    yaw = actor.value("yaw") + out * 7.0
    ball = actor.person.build.ball
    place = x + ball * float(np.cos(np.deg2rad(yaw))), y + ball * float(np.sin(np.deg2rad(yaw)))
    actor.step(foot, place, yaw, t + 0.05, 0.5, lift=0.04)
    actor.bump("obliquity", -out * 1.5, t, t + 0.25, t + 0.35, t + 0.6)
    actor.thud(t + 0.52, 1.2)
    actor.until(t + 0.7)
