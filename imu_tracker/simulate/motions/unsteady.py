"""What bodies do besides what they mean to: limbs and pelvis that quiver, and more so while they move.

Sizes are RMS turn rates above 3 Hz a channel, degrees a second, of somebody average who moves. They come from the summary
figures of real repetitions (a thigh lying 1-6 deg/s in all, standing 4-18; acceleration 0.14-0.39 and 0.3-1.3 m/s2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.script import SIDES
from imu_tracker.simulate.truth import TrueRep

AT_REST = 0.4  # of what it is while moving
IDLE_LEG = 0.4  # of the working leg's
HANGING: Mapping[str, float] = {"hip_flexion": 0.5, "hip_abduction": 0.5, "hip_rotation": 1.0}
HANGING_KNEE = 1.0
LEAST_KNEE_DEG = 2.0  # straighter ones are left alone: knees don't bend the other way
PLACED_LYING: Mapping[str, float] = {"swivel": 1.5}
LYING: Mapping[str, float] = {"spin": 0.7, "tilt": 0.6, "trunk_spin": 0.6}
BRIDGED: Mapping[str, float] = {"trunk_lean": 0.8, "tilt": 1.2, "spin": 1.0}
PLACED: Mapping[str, float] = {"swivel": 1.5}
UPRIGHT: Mapping[str, float] = {
    "tilt": 0.4,
    "yaw": 0.4,
    "obliquity": 0.2,
    "trunk_lean": 1.2,
    "crouch": 0.4,
    "x": 0.001,
    "y": 0.001,
}
# What the flesh under a sensor adds: optical markers, low-passed, see little of what sensors do.
FLESH_LYING: Mapping[str, float] = {"flesh_roll": 0.8, "flesh_tilt": 0.8, "flesh_yaw": 2.0}
FLESH_UPRIGHT: Mapping[str, float] = {"flesh_roll": 2.0, "flesh_tilt": 2.0, "flesh_yaw": 5.0}
BELT: Mapping[str, float] = {"belt_roll": 0.8, "belt_tilt": 1.0, "belt_yaw": 1.0}
STOPPED = 3.0  # of the trembling: how a limb that is stopped in the air bobs
LANDING_SPREAD = 0.7  # SD of the logarithm: the same leg lands softly and hard


def unsteady(actor: Actor, side: str | None, reps: Sequence[TrueRep]) -> None:
    """Quivering of all that carries a sensor from the first of the reps to the last; `side` works, in this view."""
    person = actor.person
    for channel, rate in _channels(actor, side).items():
        size = rate * person.unsteady
        actor.quiver(channel, AT_REST * size, reps[0].start_s - 0.3, reps[-1].end_s + 0.3)
        for start, end in _moving(reps):
            actor.quiver(channel, size * float(actor.rng.uniform(0.7, 1.4)), start, end)


def land(actor: Actor, channels: Mapping[str, float], end: float) -> None:
    """A limb meets the floor, the other leg, or what it rests on, at the end of a rep: its channels ring at about such speeds."""
    hard = float(actor.rng.lognormal(0, LANDING_SPREAD))
    at = end - float(actor.rng.uniform(0.1, 0.3))
    for channel, rate in channels.items():
        actor.ring(channel, min(3.0, hard) * rate, at)


def strain(actor: Actor, channels: Mapping[str, float], start: float, turn: float, end: float) -> None:
    """A limb is lifted and held up against its weight: it bobs as it is stopped at the turn, and trembles until it is let go.

    channels: turn rates of the trembling, degrees a second RMS, of somebody average.
    """
    for channel, rate in channels.items():
        size = rate * actor.person.unsteady * float(actor.rng.uniform(0.6, 1.5))
        actor.quiver(channel, size, start, end)
        actor.ring(channel, STOPPED * size * float(actor.rng.uniform(0.5, 1.5)), turn - float(actor.rng.uniform(0.05, 0.2)))


def _moving(reps: Iterable[TrueRep]) -> Iterable[tuple[float, float]]:
    for rep in reps:
        yield rep.start_s - 0.1, rep.start_s + rep.out_s + 0.2
        yield rep.end_s - rep.back_s - 0.1, rep.end_s + 0.3


def _channels(actor: Actor, side: str | None) -> dict[str, float]:
    """The channels that may quiver as the body now is, and how much: what is held or stands stays."""
    out: dict[str, float] = {}
    lying = actor.value("lying") > 0.5 or abs(actor.value("tilt")) > 60
    for leg in SIDES:
        works = 1.0 if side in (None, "both", leg) else IDLE_LEG
        out |= {f"{name}_{leg}": works * rate for name, rate in (FLESH_LYING if lying else FLESH_UPRIGHT).items()}
        held = actor.value(f"held_knee_{leg}") + actor.value(f"held_ankle_{leg}") > 0
        if held:
            continue
        if actor.value(f"placed_{leg}") > 0.5:
            out |= {f"{name}_{leg}": works * rate for name, rate in (PLACED_LYING if lying else PLACED).items()}
        else:
            out |= {f"{name}_{leg}": works * rate for name, rate in HANGING.items()}
            if actor.value(f"knee_{leg}") > LEAST_KNEE_DEG:
                out[f"knee_{leg}"] = works * HANGING_KNEE
    return out | dict(BELT) | dict(BRIDGED if actor.value("held") > 0.5 else LYING if lying else UPRIGHT)
