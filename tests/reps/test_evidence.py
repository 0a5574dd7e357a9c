"""The figures that tell exercise from other motion: what they read off plain motion, however the sensor is worn."""

from __future__ import annotations

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.numeric import GRAVITY_M_S2
from imu_tracker.recording import Recording
from imu_tracker.reps import FoundSet
from imu_tracker.reps.evidence import FIGURES, evidence_of

PLAN = made.Plan(reps=6, quiet_s=3.0)
AS_A_SET = FoundSet(np.array([(a, b) for a, _, b in PLAN.reps_at()]), 0.9, 5.0)


def motions(recording: Recording) -> tuple[Motion, ...]:
    return tuple(motion_of(piece) for piece in to_grid(recording.streams["pelvis"], 0.0))


def nodding(rep_s: float, bumps_per_rep: int) -> tuple[tuple[Motion, ...], FoundSet]:
    """Ten reps that turn like a sine, with so many smooth bumps upward in each."""
    t = made.times(10 * rep_s)
    up = np.tile([0.0, 0.0, 1.0], (len(t), 1))
    bump = 5.0 * np.sin(2 * np.pi * bumps_per_rep * t / rep_s)
    gyr = np.sin(2 * np.pi * t / rep_s)[:, None] * [0.0, 1.0, 0.0]
    cuts = rep_s * np.column_stack([np.arange(10), np.arange(1, 11)])
    return (Motion(0, (GRAVITY_M_S2 + bump)[:, None] * up, gyr, up, None),), FoundSet(cuts.astype(float), 0.9, 5.0)


def test_reps_and_duration_are_logarithms() -> None:
    figures = evidence_of(motions(made.recording(PLAN)), AS_A_SET)
    assert set(figures) == set(FIGURES)
    assert figures["reps"] == pytest.approx(np.log(6))
    assert figures["duration"] == pytest.approx(np.log(PLAN.rep_s))


def test_two_steps_to_a_stride_repeat_at_half_of_it_and_one_push_does_not() -> None:
    strides, lifts = evidence_of(*nodding(1.1, 2)), evidence_of(*nodding(1.1, 1))
    assert strides["half_repeats"] > 0.9
    assert lifts["half_repeats"] < -0.9
    assert strides["upward_share"] == pytest.approx(1.0, abs=0.02)


def test_starts_and_stops_have_more_detail_than_a_swing() -> None:
    swing = evidence_of(*nodding(2.0, 1))
    with_stops = evidence_of(motions(made.recording(made.Plan(reps=6, quiet_s=3.0, rest_s=1.0, pause_s=1.0))), AS_A_SET)
    assert with_stops["detail"] > swing["detail"] + 0.5


@settings(max_examples=15, deadline=None)
@given(st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.1, 1)), st.floats(0.1, 3.1), st.booleans(), st.booleans())
def test_it_does_not_matter_how_the_sensor_is_turned_or_mirrored(
    axis: tuple[float, float, float], angle: float, mirrored: bool, gyroscope: bool
) -> None:
    plain = made.recording(PLAN, gyroscope=gyroscope)
    other = made.recording(PLAN, turned=made.rotation(np.array(axis), angle), mirrored=mirrored, gyroscope=gyroscope)
    one, two = (evidence_of(motions(r), AS_A_SET) for r in (plain, other))
    assert [two[name] for name in FIGURES] == pytest.approx([one[name] for name in FIGURES], abs=0.02)


def test_a_gap_leaves_the_larger_part_to_be_read() -> None:
    whole = made.recording(PLAN)
    start, _, end = PLAN.reps_at()[1]
    cut = motions(made.with_gap(whole, start, end))
    assert len(cut) == 2
    figures = evidence_of(cut, AS_A_SET)
    usual = evidence_of(motions(whole), AS_A_SET)
    assert [figures[name] for name in FIGURES] == pytest.approx([usual[name] for name in FIGURES], abs=0.3)
