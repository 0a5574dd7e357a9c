"""Phases: out, pause and back, the range, and the turn, on motion whose phases are known."""

from __future__ import annotations

from dataclasses import replace

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.recording import Recording
from imu_tracker.reps import describe_reps


def motions(recording: Recording) -> tuple[Motion, ...]:
    return tuple(motion_of(p) for p in to_grid(recording.streams["pelvis"], recording.start_s))


def cuts(plan: made.Plan) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """True cuts, with the rest between repetitions shared by its neighbours."""
    at = np.array([(start, end) for start, _, end in plan.reps_at()])
    return at + np.array([-0.5, 0.5]) * plan.rest_s


PLAN = made.Plan(reps=5, out_s=1.0, pause_s=1.0, back_s=2.0, rest_s=1.0, range_deg=50.0)


def test_phases_are_those_of_the_movement() -> None:
    reps = describe_reps(motions(made.recording(PLAN, noise=0.02)), cuts(PLAN), 0.9)
    for rep, (start, turn, end) in zip(reps, PLAN.reps_at(), strict=True):
        assert rep.start_s == pytest.approx(start, abs=0.15)
        assert rep.end_s == pytest.approx(end, abs=0.3)
        assert rep.turn_s == pytest.approx(turn, abs=0.6)
        assert rep.out_s == pytest.approx(1.0, abs=0.25)
        assert rep.pause_s == pytest.approx(1.0, abs=0.5)
        assert rep.back_s == pytest.approx(2.0, abs=0.45)
        assert rep.range_deg == pytest.approx(50.0, abs=1.5)
        # peak of a minimum-jerk movement: 1.875 times the mean
        assert rep.peak_rate_deg_s == pytest.approx(1.875 * 50.0 / 1.0, rel=0.1)


@pytest.mark.parametrize("gyroscope", [True, False])
def test_a_press_has_phases_though_it_does_not_turn(gyroscope: bool) -> None:
    plan = made.Plan(reps=5, out_s=1.0, pause_s=0.8, back_s=1.5, rest_s=0.5, range_deg=1.0, lift_m=0.4)
    reps = describe_reps(motions(made.recording(plan, gyroscope=gyroscope)), cuts(plan), 0.9)
    for rep, (_, turn, _) in zip(reps, plan.reps_at(), strict=True):
        assert rep.turn_s == pytest.approx(turn, abs=0.6)
        assert rep.out_s == pytest.approx(1.0, abs=0.5)
        assert not rep.partial


def test_half_a_range_is_marked_partial() -> None:
    full, half = PLAN, replace(PLAN, range_deg=27.0, lift_m=0.54 * PLAN.lift_m)
    t = made.times(PLAN.duration_s)
    third = (t >= PLAN.reps_at()[2][0] - 0.4) & (t < PLAN.reps_at()[2][2] + 0.4)
    (acc, gyr), (acc_half, gyr_half) = made.samples(full, t), made.samples(half, t)
    acc[third], gyr[third] = acc_half[third], gyr_half[third]
    from imu_tracker.recording import stream_from_samples

    reps = describe_reps(motions(Recording({"pelvis": stream_from_samples(t, acc, gyr)})), cuts(PLAN), 0.9)
    assert [r.partial for r in reps] == [False, False, True, False, False]
    assert reps[2].likeness is not None
    assert reps[2].range_deg == pytest.approx(27.0, abs=1.5)


def test_no_reps_have_no_description() -> None:
    assert describe_reps(motions(made.recording(PLAN)), np.zeros((0, 2)), 0.9) == ()


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 25), st.floats(0.05, 12), st.integers(0, 2**31))
def test_any_cut_gives_a_rep_in_order_inside_it(start: float, length: float, seed: int) -> None:
    recording = made.recording(PLAN, noise=0.5, seed=seed)
    (rep,) = describe_reps(motions(recording), np.array([[start, start + length]]), 0.5)
    assert start - 0.011 <= rep.start_s <= rep.turn_s <= rep.end_s
    assert 0.0 <= rep.confidence <= 1.0
