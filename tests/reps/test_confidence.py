"""Confidence: a probability that falls with every doubt, and does not depend on how the sensor is turned."""

from __future__ import annotations

from dataclasses import fields, replace

import made
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.analysis import analyze
from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.reps.confidence import ConfidenceParameters, evidence, lead_in, probabilities
from imu_tracker.results import Rep

PLAN = made.Plan(reps=8, out_s=1.2, pause_s=0.6, back_s=1.6, rest_s=0.6, range_deg=40.0)
COLUMNS = [f.name for f in fields(ConfidenceParameters)][1:]


def motions(plan: made.Plan = PLAN) -> tuple[Motion, ...]:
    recording = made.recording(plan, noise=0.02)
    return tuple(motion_of(p) for p in to_grid(recording.streams["pelvis"], recording.start_s))


def reps(plan: made.Plan = PLAN, shift_s: float = 0.0) -> list[Rep]:
    return [
        Rep(a + shift_s, turn + shift_s, b + shift_s, 0.0, range_deg=plan.range_deg, likeness=0.97)
        for a, turn, b in plan.reps_at()
    ]


@given(st.lists(st.floats(0, 1), min_size=len(COLUMNS), max_size=len(COLUMNS)), st.integers(0, len(COLUMNS) - 1), st.floats(0, 1))
def test_no_doubt_speaks_for_a_rep(doubts: list[float], which: int, more: float) -> None:
    worse = [x + more * (k == which) for k, x in enumerate(doubts)]
    before, after = probabilities(np.array([doubts, worse]))
    assert 0.0 <= after <= before <= 1.0


def test_reps_cut_half_a_cycle_off_have_a_far_lead_in() -> None:
    half = 0.5 * (PLAN.rep_s + PLAN.rest_s)
    on = lead_in(motions(), reps())
    off = lead_in(motions(), [replace(r, turn_s=r.turn_s) for r in reps(shift_s=half)[:-1]])
    assert on < 0.1
    assert off > 0.7


def test_nothing_recorded_around_a_set_is_no_doubt() -> None:
    tight = replace(PLAN, quiet_s=0.0, rest_s=0.0)
    assert lead_in(motions(tight), reps(tight)) == 0.0


def test_each_doubt_is_where_it_belongs() -> None:
    plain = evidence(motions(), reps(), 0.8)
    assert plain.shape == (8, len(COLUMNS))
    assert (plain >= 0).all()
    at = {name: k for k, name in enumerate(COLUMNS)}
    assert plain[:, at["unlike"]] == pytest.approx(0.03)
    assert plain[:, at["unfit"]] == pytest.approx(0.2)
    assert plain[:, at["edge"]].tolist() == [1, 0, 0, 0, 0, 0, 0, 1]
    assert plain[:, at["few"]].tolist() == [0.0] * 8
    assert evidence(motions(), reps()[:3], 0.8)[0, at["few"]] == pytest.approx(1 / 3 - 1 / 6)
    odd = reps()
    odd[3] = replace(odd[3], end_s=odd[3].start_s + 0.5 * PLAN.rep_s, range_deg=20.0)
    changed = evidence(motions(), odd, 0.8)
    assert changed[3, at["pace"]] == pytest.approx(np.log(2), abs=0.01)
    assert changed[3, at["size"]] == pytest.approx(np.log(2), abs=0.01)


def test_a_plain_set_is_sure_and_turning_the_sensor_changes_nothing() -> None:
    sure = [r.confidence for s in analyze(made.recording(PLAN, noise=0.02)).sets for r in s.reps]
    turned = made.recording(PLAN, noise=0.0, turned=made.rotation(np.array([1.0, 2.0, -1.0]), 1.3))
    same = [r.confidence for s in analyze(turned).sets for r in s.reps]
    assert min(sure) > 0.8
    assert same == pytest.approx([r.confidence for s in analyze(made.recording(PLAN)).sets for r in s.reps], abs=0.01)
