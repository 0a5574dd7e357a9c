"""Steps made from plain formulas: hips pushed off and braked, landing shocks, any mounting; and some of the simulator's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.motion import GRID_HZ, GridPiece, Motion, motion_of, to_grid
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.pelvis.stepping import SideStep, find_steps
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.wearing import Sensor, rotation

QUIET_S, TURN_S, GOES_M_S = 5.0, 0.8, 0.6
AXES = np.eye(3)
OTHER = {"left": "right", "right": "left"}
THERE_AND_BACK = ["right"] * 5 + ["left"] * 6


def schedule(ways: Sequence[str], step_s: Sequence[float] | float = 1.2) -> list[tuple[float, float, str]]:
    """Start, end and direction of each step: one after the other, with a pause where the direction changes."""
    lengths = [step_s] * len(ways) if isinstance(step_s, float) else step_s
    out: list[tuple[float, float, str]] = []
    t = QUIET_S
    for way, length in zip(ways, lengths, strict=True):
        if out and out[-1][2] != way:
            t += TURN_S
        out.append((t, t + length, way))
        t += length
    return out


def samples(steps: Sequence[tuple[float, float, str]]) -> tuple[Floats, Floats]:
    """acc and gyr (N, 3) at 100 Hz of a level sensor, x forward: the hips go from rest to rest once a step, each foot lands."""
    t = np.arange(round((steps[-1][1] + QUIET_S) * GRID_HZ)) / GRID_HZ
    rng = np.random.default_rng(2)
    acc, gyr = 0.02 * rng.normal(size=(len(t), 3)), 2e-3 * rng.normal(size=(len(t), 3))
    for start, end, way in steps:
        x = (t - start) / (end - start)
        push = np.where((x >= 0) & (x < 1), np.sin(2 * np.pi * x), 0.0) * np.pi * GOES_M_S / (end - start)
        acc[:, 1] += push if way == "left" else -push
        for lands in (0.47, 0.97):
            since = np.maximum(t - (start + lands * (end - start)), 0.0)
            acc[:, 2] += 3.0 * np.exp(-since / 0.03) * np.sin(2 * np.pi * 14.0 * since)
    acc[:, 2] += GRAVITY_M_S2
    return acc, gyr


def found(
    acc: Floats, gyr: Floats | None, axes: Floats = AXES, each_foot: bool = False, lost: Sequence[tuple[float, float]] = ()
) -> tuple[SideStep, ...]:
    """The steps found in samples, without those in the stretches that are lost, s."""
    ends = [0.0, *(x for stretch in lost for x in stretch), len(acc) / GRID_HZ]
    pieces: list[Motion] = []
    for a, b in zip(ends[::2], ends[1::2], strict=True):
        i, j = round(a * GRID_HZ), round(b * GRID_HZ)
        pieces.append(motion_of(GridPiece(i, acc[i:j], None if gyr is None else gyr[i:j])))
    return find_steps(tuple(pieces), axes, 1.0, len(acc) / GRID_HZ, each_foot)


def ways_of(steps: Sequence[SideStep]) -> list[str]:
    return [s.direction for s in steps]


def test_each_lead_with_its_follow_is_one_step_in_its_place() -> None:
    steps = schedule(["left"] * 7)
    got = found(*samples(steps))
    assert len(got) == 7
    for step, (start, end, _) in zip(got, steps, strict=True):
        assert step.start_s == pytest.approx(start, abs=0.12)
        assert step.end_s == pytest.approx(end, abs=0.12)


def test_the_turn_of_a_walk_there_and_back_is_found() -> None:
    assert ways_of(found(*samples(schedule(THERE_AND_BACK)))) == THERE_AND_BACK


def test_the_foot_on_the_side_of_travel_leads_so_the_other_leg_stands_first() -> None:
    for step in found(*samples(schedule(THERE_AND_BACK))):
        lead, follow = step.swings
        assert (lead.stance, follow.stance) == (OTHER[step.direction], step.direction)
        assert step.start_s < lead.start_s < lead.end_s < follow.start_s < follow.end_s < step.end_s


@pytest.mark.parametrize("step_s", [0.65, 0.9, 1.6])
def test_the_pace_does_not_matter(step_s: float) -> None:
    assert ways_of(found(*samples(schedule(THERE_AND_BACK, step_s)))) == THERE_AND_BACK


def test_steps_that_get_slower_all_count() -> None:
    assert ways_of(found(*samples(schedule(["right"] * 10, list(np.linspace(0.9, 1.4, 10)))))) == ["right"] * 10


def test_hips_that_settle_over_the_standing_leg_first_and_sway_back_at_the_end_take_no_step() -> None:
    steps = schedule(["right"] * 6)
    acc, gyr = samples(steps)
    t = np.arange(len(acc)) / GRID_HZ
    for at, sign in ((steps[0][0] - 0.3, 1.0), (steps[-1][1], -1.0)):
        inside = (t >= at) & (t < at + 0.3)
        acc[inside, 1] += sign * 1.1 * np.sin(np.pi * (t[inside] - at) / 0.3)
    assert ways_of(found(acc, gyr)) == ["right"] * 6


def test_a_squat_and_a_foot_put_aside_before_the_set_are_no_steps() -> None:
    steps = schedule(["left"] * 6)
    acc, gyr = samples(steps)
    t = np.arange(len(acc)) / GRID_HZ
    aside, down = (t - 1.5) / 1.0, (t - 3.0) / 1.2
    acc[:, 1] += np.where((aside >= 0) & (aside < 1), 0.8 * np.sin(2 * np.pi * aside), 0.0)
    acc[:, 2] += np.where((down >= 0) & (down < 1), -1.5 * np.sin(2 * np.pi * down), 0.0)
    assert len(found(acc, gyr)) == 6


def test_two_steps_alone_are_a_shuffle() -> None:
    assert found(*samples(schedule(["left"] * 2))) == ()


def test_nobody_steps_in_quiet_standing() -> None:
    acc, gyr = samples(schedule(["left"]))
    assert found(acc[: round(QUIET_S * GRID_HZ)], gyr[: round(QUIET_S * GRID_HZ)]) == ()


def test_without_a_gyroscope_nothing_is_found() -> None:
    assert found(samples(schedule(["left"] * 6))[0], None) == ()


def test_lost_samples_lose_no_steps() -> None:
    acc, gyr = samples(schedule(THERE_AND_BACK))
    assert ways_of(found(acc, gyr, lost=[(6.03, 6.11), (8.9, 8.97), (9.6, 9.75), (14.0, 14.2)])) == THERE_AND_BACK


def test_a_step_of_which_both_ends_were_seen_is_a_step() -> None:
    acc, gyr = samples(schedule(["left"] * 8))
    assert ways_of(found(acc, gyr, lost=[(QUIET_S + 4 * 1.2 + 0.2, QUIET_S + 4 * 1.2 + 0.45)])) == ["left"] * 8


def test_no_step_is_made_up_for_a_long_gap() -> None:
    acc, gyr = samples(schedule(["left"] * 12))
    gap = (QUIET_S + 4 * 1.2, QUIET_S + 6 * 1.2)
    got = found(acc, gyr, lost=[gap])
    assert 9 <= len(got) <= 10
    assert all(s.end_s <= gap[0] + 0.1 or s.start_s >= gap[1] - 0.1 for s in got)


@pytest.mark.parametrize("yaw_deg", [-15.0, 15.0])
def test_axes_may_be_off_in_yaw(yaw_deg: float) -> None:
    off = AXES @ rotation(np.array([0.0, 0.0, np.radians(yaw_deg)]))
    assert ways_of(found(*samples(schedule(THERE_AND_BACK)), off)) == THERE_AND_BACK


def test_where_each_foot_counts_a_push_is_a_step_of_the_foot_that_is_free() -> None:
    got = found(*samples(schedule(["right"] * 5)), each_foot=True)
    assert ways_of(got) == ["right", "left"] * 5
    assert [(s.direction, w.stance) for s in got for w in s.swings] == [("right", "left"), ("left", "right")] * 5


def as_mirrored(steps: Sequence[SideStep]) -> list[tuple[float, float, str, list[str]]]:
    return [(s.start_s, s.end_s, OTHER[s.direction], [OTHER[w.stance] for w in s.swings]) for s in steps]


def as_is(steps: Sequence[SideStep]) -> list[tuple[float, float, str, list[str]]]:
    return [(s.start_s, s.end_s, s.direction, [w.stance for w in s.swings]) for s in steps]


unit = st.floats(-1, 1)
walks = st.tuples(st.integers(3, 8), st.integers(0, 8).filter(lambda n: n == 0 or n >= 3), st.floats(0.7, 1.5))


@settings(max_examples=15, deadline=None)
@given(walks, st.integers(0, 1000))
def test_a_mirrored_walk_gives_mirrored_steps(walk: tuple[int, int, float], noise: int) -> None:
    there, back, step_s = walk
    acc, gyr = samples(schedule(["right"] * there + ["left"] * back, step_s))
    acc += 0.05 * np.random.default_rng(noise).normal(size=acc.shape)
    there_and_back = found(acc, gyr)
    mirrored = found(acc * [1, -1, 1], gyr * [-1, 1, -1])
    assert len(there_and_back) == there + back
    for one, other in zip(as_is(there_and_back), as_mirrored(mirrored), strict=True):
        assert one[:2] == pytest.approx(other[:2], abs=0.011)
        assert one[2:] == other[2:]


@settings(max_examples=15, deadline=None)
@given(walks, st.tuples(unit, unit, unit))
def test_a_turned_sensor_with_axes_turned_along_changes_nothing(
    walk: tuple[int, int, float], turn: tuple[float, float, float]
) -> None:
    there, back, step_s = walk
    acc, gyr = samples(schedule(["right"] * there + ["left"] * back, step_s))
    by = rotation(np.pi * np.array(turn))
    straight, turned = found(acc, gyr), found(acc @ by.T, gyr @ by.T, AXES @ by.T)
    for one, other in zip(as_is(straight), as_is(turned), strict=True):
        assert one[:2] == pytest.approx(other[:2], abs=0.011)
        assert one[2:] == other[2:]


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_simulated_band_walks_are_counted_each_way(seed: int) -> None:
    movement, truth = simulate("lateral_band_walk", seed)
    stream = (worn := record(movement, seed, ("pelvis",), Sensor())).streams["pelvis"]
    motions = tuple(motion_of(piece) for piece in to_grid(stream, worn.start_s))
    (a_set,) = truth.sets
    steps = find_steps(motions, AXES, a_set.start_s - 4.0, a_set.end_s + 4.0)
    assert ways_of(steps) == [rep.side for rep in a_set.reps]
