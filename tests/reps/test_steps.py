"""Steps made from plain formulas: hips that go to the side and back, landing shocks, any mounting."""

from __future__ import annotations

from collections.abc import Sequence

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.motion import GRID_HZ, GridPiece, Motion, motion_of
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.reps.steps import IN_GAP, NO_GYROSCOPE, NO_LANDING, NOT_LEVEL, TO_AND_FRO, describe_steps

STEP_S, QUIET_S, LANDS = 1.2, 4.0, 0.45  # LANDS: share of a step at which the leading foot lands


def cuts(n: int) -> Floats:
    starts = QUIET_S + STEP_S * np.arange(n)
    return np.column_stack([starts, starts + STEP_S])


def samples(ways: Sequence[int], shocks: bool = True, along_deg: float = 30.0) -> tuple[Floats, Floats]:
    """Minimum-jerk steps of 0.3 m along one horizontal line; acc and gyr (N, 3) at 100 Hz, level sensor."""
    t = np.arange(round((2 * QUIET_S + STEP_S * len(ways)) * GRID_HZ)) / GRID_HZ
    push, up = np.zeros_like(t), np.zeros_like(t)
    for way, (start, end) in zip(ways, cuts(len(ways)), strict=True):
        x = np.clip((t - start) / STEP_S, 0, 1)
        push += way * 0.3 / STEP_S**2 * (60 * x - 180 * x**2 + 120 * x**3)
        for at in (start + LANDS * STEP_S, end - 0.02):
            since = np.maximum(t - at, 0.0)
            up += shocks * 3.0 * (t >= at) * np.exp(-since / 0.03) * np.sin(2 * np.pi * 14.0 * since)
    line = np.array([np.cos(np.radians(along_deg)), np.sin(np.radians(along_deg)), 0.0])
    rng = np.random.default_rng(2)
    acc = push[:, None] * line + (GRAVITY_M_S2 + up)[:, None] * np.array([0.0, 0.0, 1.0])
    sway = np.radians(4.0) * np.sin(2 * np.pi * (t - QUIET_S) / STEP_S)
    gyr = sway[:, None] * np.array([0.0, 0.0, 1.0])
    return acc + 0.01 * rng.normal(size=acc.shape), gyr + 1e-3 * rng.normal(size=gyr.shape)


def motions(
    ways: Sequence[int], turned: Floats | None = None, mirrored: bool = False, gyroscope: bool = True, shocks: bool = True
) -> tuple[Motion, ...]:
    acc, gyr = samples(ways, shocks)
    if mirrored:
        acc, gyr = acc * [1, -1, 1], gyr * [-1, 1, -1]
    if turned is not None:
        acc, gyr = acc @ turned.T, gyr @ turned.T
    return (motion_of(GridPiece(0, acc, gyr if gyroscope else None)),)


THERE_AND_BACK = [1] * 5 + [-1] * 5


def test_the_turn_at_the_end_of_the_path_is_found() -> None:
    steps = describe_steps(motions(THERE_AND_BACK), cuts(10))
    assert [s.way for s in steps] == THERE_AND_BACK
    assert [s.way_reason for s in steps] == [None] * 10


def test_ways_are_said_against_the_first_step() -> None:
    assert [s.way for s in describe_steps(motions([-1, -1, -1, 1, 1]), cuts(5))] == [1, 1, 1, -1, -1]


def test_how_far_is_about_right() -> None:
    for step in describe_steps(motions(THERE_AND_BACK), cuts(10)):
        assert step.moved_m == pytest.approx(0.3, abs=0.05)


def test_the_leading_foot_lands_where_the_shock_begins() -> None:
    for step in describe_steps(motions([1] * 6), cuts(6)):
        assert step.lead_s == pytest.approx(step.start_s + LANDS * STEP_S, abs=0.06)
        assert step.follow_s is not None
        assert step.lead_s is not None
        assert step.lead_s <= step.follow_s < step.end_s


def test_without_a_shock_there_are_no_phases() -> None:
    for step in describe_steps(motions([1] * 6, shocks=False), cuts(6)):
        assert (step.lead_s, step.follow_s, step.phases_reason) == (None, None, NO_LANDING)


def test_without_gyroscope_there_is_no_way() -> None:
    for step in describe_steps(motions([1] * 6, gyroscope=False), cuts(6)):
        assert (step.way, step.moved_m, step.way_reason) == (None, None, NO_GYROSCOPE)


def test_cuts_in_the_middle_of_the_way_give_no_way() -> None:
    steps = describe_steps(motions([1] * 8), cuts(8)[:-1] + 0.28 * STEP_S)
    assert [s.way for s in steps] == [None] * 7
    assert {s.way_reason for s in steps} == {NOT_LEVEL}


def test_halves_of_steps_are_not_taken_for_turns() -> None:
    halves = np.column_stack([QUIET_S + 0.6 * np.arange(10), QUIET_S + 0.6 * np.arange(1, 11)])
    steps = describe_steps(motions([1] * 5), halves)
    assert {s.way for s in steps} == {None}
    assert {s.way_reason for s in steps} <= {TO_AND_FRO, NOT_LEVEL}


def test_a_step_in_a_gap_is_not_known_and_the_others_are() -> None:
    acc, gyr = samples(THERE_AND_BACK)
    i, j = (round((QUIET_S + x * STEP_S) * GRID_HZ) for x in (2.3, 2.8))
    pieces = motion_of(GridPiece(0, acc[:i], gyr[:i])), motion_of(GridPiece(j, acc[j:], gyr[j:]))
    steps = describe_steps(pieces, cuts(10))
    assert [s.way for s in steps] == [1, 1, None, 1, 1, -1, -1, -1, -1, -1]
    assert (steps[2].way_reason, steps[2].phases_reason) == (IN_GAP, IN_GAP)


def test_no_steps_give_none() -> None:
    assert describe_steps(motions([1] * 3), np.zeros((0, 2))) == ()


@settings(deadline=None, max_examples=25)
@given(st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1), st.floats(0, np.pi))
def test_mounting_changes_no_step(axis: tuple[float, float, float], angle: float) -> None:
    plain = describe_steps(motions(THERE_AND_BACK), cuts(10))
    turned = describe_steps(motions(THERE_AND_BACK, made.rotation(np.array(axis), angle)), cuts(10))
    assert [s.way for s in plain] == [s.way for s in turned]
    for a, b in zip(plain, turned, strict=True):
        assert a.lead_s == pytest.approx(b.lead_s, abs=0.021)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([2, 3, 4]), min_size=1, max_size=3))
def test_mirroring_gives_the_same_ways(blocks: list[int]) -> None:
    ways = [(-1) ** k for k, n in enumerate(blocks) for _ in range(n)]
    plain, mirrored = (describe_steps(motions(ways, mirrored=m), cuts(len(ways))) for m in (False, True))
    assert [s.way for s in plain] == [s.way for s in mirrored] == ways
