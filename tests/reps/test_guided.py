"""Counting by demonstration: copies of what was shown are found, however the sensor is turned and at another pace."""

from __future__ import annotations

from dataclasses import replace

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.errors import UsageError
from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.recording import Recording
from imu_tracker.reps import FoundSet, guided_sets, template_of, with_others

PLAN = made.Plan(reps=8, out_s=1.2, pause_s=0.4, back_s=1.4, rest_s=0.3, range_deg=45.0)
SHOWN = made.recording(replace(PLAN, reps=4), noise=0.02, seed=7)


def motions(recording: Recording) -> tuple[Motion, ...]:
    return tuple(motion_of(p) for p in to_grid(recording.streams["pelvis"], recording.start_s))


def shown(n: int, plan: made.Plan = PLAN) -> list[tuple[float, float]]:
    return [(a, b) for a, _, b in plan.reps_at()[:n]]


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("pace", [0.7, 1.0, 1.4])
@pytest.mark.parametrize("gyroscope", [True, False])
def test_copies_are_found_at_other_paces_with_their_ends_where_they_were_shown(n: int, pace: float, gyroscope: bool) -> None:
    plan = replace(PLAN, out_s=pace * 1.2, pause_s=pace * 0.4, back_s=pace * 1.4)
    template = template_of(motions(SHOWN), shown(n))
    (found,) = guided_sets(motions(made.recording(plan, noise=0.02, gyroscope=gyroscope)), template)
    assert len(found.cuts) == 8
    for (a, b), (start, _, end) in zip(found.cuts, plan.reps_at(), strict=True):
        assert a == pytest.approx(start, abs=0.45)
        assert b == pytest.approx(end, abs=0.45)


axes = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)).filter(lambda a: np.linalg.norm(a) > 0.1)


@settings(max_examples=15, deadline=None)
@given(axes, st.floats(0.1, 3.1), axes, st.floats(0.1, 3.1))
def test_turning_either_sensor_changes_no_cut(
    axis: tuple[float, float, float], angle: float, other: tuple[float, float, float], other_angle: float
) -> None:
    there = made.recording(replace(PLAN, reps=4), turned=made.rotation(np.array(other), other_angle))
    here = made.recording(PLAN, turned=made.rotation(np.array(axis), angle))
    plain = guided_sets(motions(made.recording(PLAN)), template_of(motions(made.recording(replace(PLAN, reps=4))), shown(3)))
    turned = guided_sets(motions(here), template_of(motions(there), shown(3)))
    assert [len(s.cuts) for s in plain] == [len(s.cuts) for s in turned] == [8]
    assert np.abs(plain[0].cuts - turned[0].cuts).max() <= 0.101


def test_what_is_no_copy_is_not_found() -> None:
    template = template_of(motions(SHOWN), shown(3))
    still = made.recording(made.Plan(reps=0, quiet_s=15.0), noise=0.05)
    assert guided_sets(motions(still), template) == ()
    quick = made.Plan(reps=20, out_s=0.3, pause_s=0.0, back_s=0.3, rest_s=0.0)
    assert sum(len(s.cuts) for s in guided_sets(motions(made.recording(quick, noise=0.02)), template)) < 10


def test_a_longer_pause_ends_a_set_and_a_gap_holds_no_copy() -> None:
    template = template_of(motions(SHOWN), shown(3))
    whole = made.recording(replace(PLAN, reps=16), noise=0.02)
    begin = PLAN.reps_at()[5][0] - 0.1
    for length, sets in ((7.0, 1), (15.5, 2)):
        found = guided_sets(motions(made.with_gap(whole, begin, begin + length)), template)
        assert len(found) == sets
        for a, b in (c for s in found for c in s.cuts):
            assert b <= begin + 0.01 or a >= begin + length - 0.01


@pytest.mark.parametrize(
    ("reps", "said"),
    [
        ([], "at least one rep"),
        ([(6.0, 6.1)], "a rep takes"),
        ([(300.0, 303.0)], "from 300 to 303 s lies in a gap, in rest, or outside"),
    ],
)
def test_a_guide_that_shows_nothing_is_one_sentence(reps: list[tuple[float, float]], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        template_of(motions(SHOWN), reps)


def test_other_sets_stay_where_they_are_apart() -> None:
    def at(start: float) -> FoundSet:
        return FoundSet(start + np.array([[0.0, 2.0], [2.0, 4.0]]), 0.8, 3.0)

    assert [s.cuts[0, 0] for s in with_others((at(50.0),), (at(10.0), at(40.0), at(52.0), at(60.0), at(70.0)))] == [
        10.0,
        50.0,
        70.0,
    ]
    others = (at(10.0),)
    assert with_others((), others) == others
