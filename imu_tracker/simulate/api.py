"""The simulator's face: a movement and its truth from an exercise's name or a session plan, and what sensors read of it.

movement, truth = simulate("clamshell", seed=3)
recording = record(movement, seed=3)
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from imu_tracker.exercises import Exercise, find
from imu_tracker.recording import Recording
from imu_tracker.simulate.drawing import draw_sensor, draw_session, draw_worn
from imu_tracker.simulate.plan import SessionPlan, check_placements
from imu_tracker.simulate.script import other
from imu_tracker.simulate.session import Movement, perform
from imu_tracker.simulate.truth import TrueSet, Truth
from imu_tracker.simulate.wearing import Samples, Sensor, recording, wear

# Independent streams of random numbers drawn from one seed.
_SESSION, _SENSORS = 1, 2


def simulate(what: str | SessionPlan, seed: int) -> tuple[Movement, Truth]:
    """The movement of one exercise, in a session with quiet standing, bows and rests drawn from the seed, or of a plan.

    The same seed gives the same bytes on one machine and numpy version, elsewhere the same to 1e-6. Raises NoSuchExercise or
    UsageError.
    """
    if isinstance(what, str):
        parts = draw_session(np.random.default_rng([seed, _SESSION]), [find(what).name])
        movement = perform(parts, seed)
    else:
        movement = perform(what.parts, seed, what.person)
    return movement, movement.truth


def simulate_several(exercises: tuple[str, ...], seed: int) -> tuple[Movement, Truth]:
    """A whole drawn session of several exercises, one after the other."""
    parts = draw_session(np.random.default_rng([seed, _SESSION]), [find(name).name for name in exercises])
    movement = perform(parts, seed)
    return movement, movement.truth


def sense(movement: Movement, seed: int, placements: tuple[str, ...] = (), sensor: Sensor | None = None) -> Mapping[str, Samples]:
    """What sensors deliver, by placement; at the catalogue's first for the movement's first set where no placements are named.

    Mounting is drawn from the seed for each, and one sensor's kind for all unless it is given. Raises UsageError for a placement
    that can't be worn.
    """
    check_placements(placements)
    rng = np.random.default_rng([seed, _SENSORS])
    sensor = sensor or draw_sensor(rng)
    names = [a_set.exercise for a_set in movement.truth.sets]
    placements = placements or (usual_placement(movement.truth),)
    return {p: wear(movement.posture, p, draw_worn(rng, p, names), sensor, rng) for p in placements}


def record(movement: Movement, seed: int, placements: tuple[str, ...] = (), sensor: Sensor | None = None) -> Recording:
    """The same as a recording; its `about` says that it is simulated, the exercise and the side where there is only one."""
    sets = movement.truth.sets
    about = {"source": "simulated", "seed": str(seed)}
    if len({a_set.exercise for a_set in sets}) == 1:
        about["exercise"] = sets[0].exercise
        sides = {a_set.side for a_set in sets}
        if len(sides) == 1 and None not in sides:
            about["side"] = str(sets[0].side)
    return recording(sense(movement, seed, placements, sensor), about)


def usual_placement(truth: Truth) -> str:
    """Where the catalogue puts the sensor for the first set; the pelvis where there is none."""
    return worn_for(find(truth.sets[0].exercise), truth.sets[0])[0] if truth.sets else "pelvis"


def worn_for(exercise: Exercise, a_set: TrueSet) -> tuple[str, ...]:
    """The catalogue's placements for a set, best first, on the side that moves."""
    side: str = a_set.side if a_set.side in ("left", "right") else "left"
    if exercise.side_rule == "stance_leg" and exercise.placements[0] == "thigh":
        side = other(side)
    return tuple(p if p in ("pelvis", "chest") else f"{p}_{side}" for p in exercise.placements)
