"""Physics of all motions at all placements: what is worn reads what the body did, and no body is flung about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from simulated_sessions import ALL, NOT_EXERCISE

from imu_tracker.exercises import find
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.simulate.motions import MOTIONS, Part
from imu_tracker.simulate.session import GRID_HZ, Movement, perform
from imu_tracker.simulate.wearing import SITES, Mounting, draw_mounting, readings, rotation, sensor_pose

DT = 1 / GRID_HZ
WHATEVER = (*ALL, *NOT_EXERCISE)
PACKS_OF_SETS = 7  # sessions of three or four exercises each, so that they last a minute
UP = np.array([0.0, 0.0, GRAVITY_M_S2])

# The highest linear acceleration, m/s², that any placement may see in what people do slowly and under control. Real recordings of
# ten exercises and of walking (peaks below 10 Hz, 90th percentiles, `benchmarks/realism.py`) have 8 at the pelvis, 10 at the
# thigh, 24 at the shank; no low-pass and rarer people leave room for twice that. A foot's landing reaches the shank at 3-5 g even
# in walking (Lafortune, J Biomech 24:877, 1991), the thigh at half of that, trunk and pelvis at less than 1.5 g. Arms swing
# freely, but nobody throws anything.
HIGHEST = {"pelvis": 15.0, "chest": 15.0, "thigh": 25.0, "shank": 60.0, "upper_arm": 25.0, "wrist": 30.0}
# In a set without a footfall: a straight leg that drops the last hand's breadth stops at about 3 g at the shank, and the thigh's
# sensor, half as far from the hip, feels half of that.
HIGHEST_OFF_THE_FEET = {**HIGHEST, "thigh": 15.0, "shank": 40.0, "upper_arm": 15.0, "wrist": 20.0}
SEEDS = (21, 22, 23)


def part(name: str, person: int, count: int = 3) -> Part:
    """A set, or something else, done well or with every mistake that its cues name."""
    faulty = person % 2 == 1
    return Part(
        name,
        count=count,
        side="left" if person % 4 < 2 else "right",
        seconds=3.0 * count,
        turn_deg=60,
        drop_share=0.5,
        slips=tuple(c.cue for c in find(name).cues) if name in MOTIONS and faulty else (),
        partial_share=0.2,
        false_starts=0.2 if faulty else 0.0,
        brisk=0.4 * (person % 3),
    )


@dataclass(frozen=True)
class Worn:
    """A session of about a minute, and what perfect sensors strapped on by hand read at the grid's own rate.

    position (P, N, 3) m and turn (P, N, 3, 3), sensor to world, are the truth at each placement of SITES; acc m/s² and gyr rad/s
    (P, N, 3) what is read.
    """

    movement: Movement
    position: Floats
    turn: Floats
    acc: Floats
    gyr: Floats


PACKS = [ALL[k::PACKS_OF_SETS] for k in range(PACKS_OF_SETS)] + [NOT_EXERCISE]


@pytest.fixture(scope="module", params=PACKS, ids="-".join)
def worn(request: pytest.FixtureRequest) -> Worn:
    seed = PACKS.index(request.param)
    rest = Part("quiet", seconds=2, side="left")
    movement = perform((rest, *(part(name, seed, count=4) for name in request.param), rest), seed)
    mounting = draw_mounting(np.random.default_rng(seed))
    poses = [sensor_pose(movement.posture, p, mounting) for p in SITES]
    read = [readings(position, turn, DT) for position, turn in poses]
    position, turn = (np.stack([pose[k] for pose in poses]) for k in range(2))
    return Worn(movement, position, turn, *(np.stack([r[k] for r in read]) for k in range(2)))


def test_every_motion_is_in_a_session() -> None:
    assert sorted(name for pack in PACKS for name in pack) == sorted(WHATEVER)


def test_integrating_the_gyroscope_for_a_minute_gives_the_orientation(worn: Worn) -> None:
    """To 0.1 degree a minute, at every moment of it: steps by the trapezium of neighbouring samples."""
    assert worn.movement.t[-1] >= 60
    steps = rotation((worn.gyr[:, 1:] + worn.gyr[:, :-1]) / 2 * DT)
    found = worn.turn[:, 0]
    for k in range(round(60 * GRID_HZ) - 1):
        found = found @ steps[:, k]
        if k % 50 == 49:
            cosine = (np.einsum("pij,pij->p", found, worn.turn[:, k + 1]) - 1) / 2
            off = np.rad2deg(np.arccos(np.clip(cosine, -1, 1)))
            assert off.max() < 0.1, (list(SITES)[int(off.argmax())], worn.movement.t[k + 1])


def summed(x: Floats) -> Floats:
    """The integral of x (P, N, 3) over time from the first sample on, by the trapezium."""
    return np.pad(np.cumsum((x[:, 1:] + x[:, :-1]) / 2 * DT, axis=1), ((0, 0), (1, 0), (0, 0)))


def test_integrating_the_specific_force_twice_gives_the_path(worn: Worn) -> None:
    """To 2 cm over each part of the session, from its true place and speed: by the trapezium, twice."""
    linear = np.einsum("pnij,pnj->pni", worn.turn, worn.acc) - UP
    for activity in worn.movement.truth.activities:
        i, j = np.searchsorted(worn.movement.t, (activity.start_s + DT, activity.end_s - 2 * DT))
        speed = (worn.position[:, i + 1] - worn.position[:, i - 1]) / (2 * DT)
        speed = speed[:, None] + summed(linear[:, i:j])
        path = worn.position[:, i, None] + summed(speed)
        off = np.abs(path - worn.position[:, i:j]).max(axis=(1, 2))
        assert off.max() < 0.02, (activity.name, list(SITES)[int(off.argmax())])


def test_a_sensor_held_still_in_any_pose_reads_gravity(worn: Worn) -> None:
    for k in range(0, worn.turn.shape[1], 400):
        for position, turn in zip(worn.position[:, k], worn.turn[:, k], strict=True):
            acc, gyr = readings(np.tile(position, (4, 1)), np.tile(turn, (4, 1, 1)), DT)
            assert np.abs(acc - UP @ turn).max() < 1e-6
            assert np.abs(gyr).max() < 1e-6


def linear_acceleration(movement: Movement) -> dict[str, Floats]:
    """Of a firmly worn sensor at each placement, (N - 2,) m/s², from the second sample on."""
    positions = {p: sensor_pose(movement.posture, p, Mounting())[0] for p in SITES}
    return {p: np.linalg.norm(np.diff(x, 2, axis=0), axis=1) * GRID_HZ**2 for p, x in positions.items()}


def beyond(felt: Mapping[str, Floats], limits: Mapping[str, float], start_s: float, end_s: float) -> list[str]:
    """Which placements feel more than their limit between two times, and when."""
    i, j = max(0, round(start_s * GRID_HZ)), round(end_s * GRID_HZ)
    most = {p: (i + int(x[i:j].argmax()), float(x[i:j].max())) for p, x in felt.items()}
    limit = {p: limits[p.removesuffix("_left").removesuffix("_right")] for p in felt}
    return [f"{p}: {a:.0f} m/s² at {k / GRID_HZ:.2f} s" for p, (k, a) in most.items() if a > limit[p]]


@pytest.mark.parametrize("name", WHATEVER)
def test_nobody_is_flung_about(name: str) -> None:
    """Several random people, with and without mistakes, the last of them heading where angles wrap round."""
    for seed in SEEDS:
        before = Part("walk", count=2, side="left", turn_deg=190) if seed == SEEDS[-1] else Part("quiet", seconds=0.5)
        movement = perform((before, part(name, seed)), seed)
        felt = linear_acceleration(movement)
        assert beyond(felt, HIGHEST, 0.0, movement.t[-1]) == [], f"seed {seed}"
        if name in MOTIONS and find(name).stance_rule == "none":
            (a_set,) = movement.truth.sets
            assert beyond(felt, HIGHEST_OFF_THE_FEET, a_set.start_s, a_set.end_s) == [], f"seed {seed}"
