"""Onto a chair and up from it.

The feet stand, and the knees carry the hips: knee and trunk angles, how far the hips go back and when the trunk is bent
furthest are those of six adults who sat down and stood up (ui-prmd, optical; medians of each person).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.exercises import Exercise, find
from imu_tracker.simulate.actor import STANDING_KNEE_DEG, Actor
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.reps import Plan, repeat
from imu_tracker.simulate.script import SIDES

USUAL = "sit_to_stand"  # whose entry says how people sit, whatever they sit down for
LEAST_KNEE_DEG = 4.5  # nobody locks the knees between two reps
UPRIGHT_ANYHOW = 0.06  # of the size: who is a little tired still comes all the way up
LEAST_WAY_S = 0.78  # who drops onto the chair takes so long from first to last, of which the slow ends are hardly seen
UNHURRIED_S = 1.45  # below, there is less time to bow, and the way goes evenly
MOST_SKEW = 0.3
NEAR_UPRIGHT = 0.05  # knees turn fastest in the upper half of the way, both ways: skew of a move
STOOPED = {"trunk_lean": 30.0, "tilt": 10.0}  # deg, of someone who would stop at once after leaving the chair


@dataclass(frozen=True)
class Seat:
    """How someone sits and gets up: middle of the hip joints, m high and so far behind upright; degrees.

    knee, tilt, lean: knees, pelvis and trunk, sitting. rock, bow: how far pelvis and trunk come forward on the way. top_knee: at
    the top of a rep. splay: how far the knees are apart, about the line from hip to ankle.
    """

    height: float
    back: float
    knee: float
    tilt: float
    lean: float
    rock: float
    bow: float
    top_knee: float
    splay: float


def sit_to_stand(actor: Actor, part: Part, exercise: Exercise) -> None:
    """Sits down on a chair, then stands up from it and sits down again `count` times, without the hands; up at the end."""
    begin = actor.now
    actor = actor.working(part.side, "left")
    seat = _onto(actor, _seat(actor, exercise))
    actor.until(actor.now + float(actor.rng.uniform(0.5, 1.5)))
    repeat(
        actor,
        part,
        exercise,
        "both",
        lambda a, plan: _stand_and_sit(a, plan, seat),
        between=exercise.drawn_from("seated_s"),
        steady=("tilt", "trunk_lean"),
    )
    actor.until(actor.now + 0.3)
    _off(actor, seat)
    chair(actor, begin, seat)


def chair(actor: Actor, begin: float, seat: Seat) -> None:
    """Notes the chair that stood behind where the person now stands."""
    stature = actor.person.build.stature
    top = seat.height - 0.055 * stature
    edge = 0.035 * stature - seat.back
    actor.prop("chair", begin, (edge - 0.25 * stature, edge), (-0.24, 0.24), (0.0, top))


def sit_down(actor: Actor) -> Seat:
    """From standing onto a chair behind, which then carries the hips whatever the feet do; gives how."""
    seat = _onto(actor, _seat(actor, find(USUAL)))
    actor.put("z", seat.height)
    actor.keep_level(seat.height, actor.now, 0.3)
    actor.until(actor.now + 0.3)
    return seat


def up_from_chair(actor: Actor, seat: Seat) -> None:
    """From the chair to standing."""
    actor.stand_on_legs(actor.now, 0.3)
    actor.until(actor.now + 0.3)
    _off(actor, seat)


def _onto(actor: Actor, seat: Seat) -> Seat:
    """Down from standing; gives the seat at the height that the hips then have."""
    _lower(actor, seat, actor.now, 1.6 * actor.uneven())
    return replace(seat, height=float(actor.body().origin["pelvis"][0, 2]))


def _off(actor: Actor, seat: Seat) -> None:
    _rise(actor, replace(seat, top_knee=STANDING_KNEE_DEG), actor.now, 1.5 * actor.uneven())
    actor.until(actor.now + 0.5)


def _seat(actor: Actor, exercise: Exercise) -> Seat:
    """How this person sits and gets up: who leans far forward does so with pelvis and trunk."""
    build, person = actor.person.build, actor.person

    def drawn(name: str, where: float, spread: float = 0.3) -> float:
        return actor.draw(exercise.drawn_from(name), where, spread)

    height, back = drawn("hips_of_stature", 0.5) * build.stature, drawn("back_of_stature", 0.5) * build.stature
    leg2 = (height - build.ankle_height) ** 2 + back**2
    knee = np.arccos((leg2 - build.thigh**2 - build.shank**2) / (2 * build.thigh * build.shank))
    leaning, slumped = (person.lean - 0.7) / 0.6, float(actor.rng.uniform())
    return Seat(
        height=height,
        back=back,
        knee=float(np.rad2deg(knee)),
        tilt=-drawn("slump_deg", slumped, 0.1),
        lean=drawn("seated_lean_deg", 1.0 - slumped, 0.2),
        rock=drawn("rock_deg", leaning),
        bow=drawn("bow_deg", leaning, 0.2),
        top_knee=drawn("top_knee_deg", 0.5),
        splay=drawn("splay_deg", 0.5),
    )


def _rise(actor: Actor, seat: Seat, start: float, duration: float, share: float = 1.0) -> None:
    """From the chair up, or a share of the way: the trunk leans forward first, and straightens once the weight is on the feet."""
    knee = seat.knee + share * (seat.top_knee - seat.knee)
    stoop = {channel: (1.0 - share) * by for channel, by in STOOPED.items()}
    _bow(actor, seat, start, duration, (0.44, 0.49), stoop)
    x, y = actor.ahead(share * seat.back, 0.0)
    off, lead = 0.2 * _calm(duration), 0.12 * _calm(duration)  # who has time leans forward first
    ways = [("crouch", max(knee, LEAST_KNEE_DEG), off, 1.0), ("x", x, lead, 0.95), ("y", y, lead, 0.95)]
    for side in SIDES:
        ways += [(f"swivel_{side}", (1 - share) * seat.splay, off, 1.0)]
        ways += [(f"arm_flexion_{side}", 0.0, 0.0, 1.0), (f"elbow_{side}", 0.0, 0.0, 1.0)]
    for channel, to, a, b in ways:
        _skewed(actor, channel, to, start + a * duration, start + b * duration, NEAR_UPRIGHT + actor.shape[0])
    actor.until(start + duration)


def _lower(actor: Actor, seat: Seat, start: float, duration: float, share: float = 1.0) -> None:
    """Down onto it again: the hips go back while the trunk leans forward, which straightens on the chair."""
    hurried = max(0.0, LEAST_WAY_S - duration)
    start, duration = start - 0.5 * hurried, duration + hurried
    _bow(actor, seat, start, duration, (0.5, 0.46), {"trunk_lean": seat.lean, "tilt": seat.tilt})
    x, y = actor.ahead(-share * seat.back, 0.0)
    ways = [("crouch", seat.knee, 0.0, 0.95), ("x", x, 0.0, 0.95), ("y", y, 0.0, 0.95)]
    for side in SIDES:
        ways += [(f"swivel_{side}", seat.splay, 0.0, 0.95)]
        ways += [(f"arm_flexion_{side}", 28.0, 0.0, 1.0), (f"elbow_{side}", 45.0, 0.0, 1.0)]
    for channel, to, a, b in ways:
        _skewed(actor, channel, to, start + a * duration, start + b * duration, actor.shape[1] - NEAR_UPRIGHT)
    actor.thud(start + 0.84 * duration, 0.3)
    actor.until(start + duration)


def _bow(actor: Actor, seat: Seat, start: float, duration: float, peaks: tuple[float, float], to: dict[str, float]) -> None:
    """Trunk and pelvis go from where they are to other angles, by way of the furthest forward at such shares of the time."""
    end, actor = start + duration, replace(actor, shape=(0.0, 0.0))
    shallow = _calm(duration)
    for channel, furthest, peak in (("trunk_lean", seat.bow, peaks[0]), ("tilt", seat.rock, peaks[1])):
        passing = 0.5 * (actor.value(channel) + to[channel])
        actor.move(channel, start, duration, to=to[channel])
        top = start + peak * duration
        actor.bump(channel, max(0.0, shallow * furthest - passing) * actor.uneven(), start, top, top + 0.05 * duration, end)


def _calm(duration: float) -> float:
    """1 where there is time; less for a way in a hurry."""
    return min(1.0, duration / UNHURRIED_S) ** 2


def _skewed(actor: Actor, channel: str, to: float, start: float, end: float, late: float) -> None:
    """A move with a late part (above 0) or an early one, as bumps are skewed by an actor's shape."""
    by, length = to - actor.value(channel), end - start
    late = float(np.clip(late, -MOST_SKEW, MOST_SKEW)) * _calm(length)
    actor.move(channel, start, length, by=0.5 * by)
    actor.move(channel, start + max(0.0, late) * length, (1 - abs(late)) * length, by=0.5 * by)


def _stand_and_sit(actor: Actor, plan: Plan, seat: Seat) -> None:
    """Up and down; a small size is someone who doesn't come all the way up."""
    share = min(1.0, plan.size + UPRIGHT_ANYHOW)
    _rise(actor, seat, plan.start, plan.out, share)
    _lower(actor, seat, plan.leave, plan.back, share)
    actor.bump("obliquity", float(actor.rng.normal(0, 1.0)), *plan.late)
    actor.bump("yaw", float(actor.rng.normal(0, 0.8)), *plan.late)
