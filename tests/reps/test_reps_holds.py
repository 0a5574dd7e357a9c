"""Holds in motion made from plain formulas: a sensor that tips, stays there trembling, and tips back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.motion import GRID_HZ, GridPiece, Motion, motion_of
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.reps.holds import Hold, find_holds

QUIET_S, RAMP_S = 6.0, 1.2


@dataclass(frozen=True)
class Plan:
    """Quiet, tipping by tip_deg, hold, tipping back, quiet. gives: when in the hold the pelvis drops, s; for 1.5 s.

    ready_s: how long before and after its effort, which alone trembles, the posture is kept. eases: when in the hold nothing
    stirs, s; for 2 s.
    """

    hold_s: float = 14.0
    tip_deg: float = 40.0
    tremor_deg_s: float = 2.0
    wobble_deg_s: float = 2.0
    gives: tuple[float, ...] = ()
    ready_s: float = 0.0
    eases: tuple[float, ...] = ()
    stops: bool = False

    @property
    def start_s(self) -> float:
        return QUIET_S + RAMP_S

    @property
    def end_s(self) -> float:
        return self.start_s + self.hold_s


def _ease(x: Floats) -> Floats:
    x = np.clip(x, 0.0, 1.0)
    out: Floats = 10 * x**3 - 15 * x**4 + 6 * x**5
    return out


def _angles(plan: Plan, t: Floats) -> tuple[Floats, Floats]:
    """About two horizontal axes, rad."""
    tip = plan.tip_deg * (_ease((t - QUIET_S) / RAMP_S) - _ease((t - plan.end_s) / RAMP_S))
    held = np.clip((t - plan.start_s) / 0.3, 0, 1) * np.clip((plan.end_s - t) / 0.3, 0, 1)
    shake = plan.tremor_deg_s * np.sqrt(2) / (2 * np.pi * 8.0) * np.sin(2 * np.pi * 8.0 * t)
    begin, end = plan.start_s + plan.ready_s, plan.end_s - plan.ready_s
    effort = np.clip((t - begin) / 0.3, 0, 1) * np.clip((end - t) / 0.3, 0, 1)
    for at in plan.eases:
        held = held * (1.0 - (_ease((t - plan.start_s - at) / 0.2) - _ease((t - plan.start_s - at - 2.0) / 0.2)))
    wobble = plan.wobble_deg_s * np.sqrt(2) / (2 * np.pi * 0.7) * np.sin(2 * np.pi * 0.7 * t)
    drop = np.zeros_like(t)
    for at in plan.gives:
        begin = plan.start_s + at
        drop += 8.0 * (_ease((t - begin) / 0.5) - _ease((t - begin - 1.5) / 0.5))
    return np.radians(tip + np.minimum(held, effort) * shake), np.radians(drop + held * wobble)


def samples(plan: Plan, noise: float = 0.01) -> tuple[Floats, Floats]:
    """Accelerometer and gyroscope (N, 3) at 100 Hz."""
    length = plan.end_s - 0.5 if plan.stops else plan.end_s + RAMP_S + QUIET_S
    t = np.arange(round(length * GRID_HZ)) / GRID_HZ
    h = 1e-4
    (a, b), (a_later, b_later) = _angles(plan, t), _angles(plan, t + h)
    da, db = (a_later - a) / h, (b_later - b) / h
    acc = GRAVITY_M_S2 * np.column_stack([-np.cos(a) * np.sin(b), np.sin(a), np.cos(a) * np.cos(b)])  # first about x, then y
    gyr = np.column_stack([da * np.cos(b), db, da * np.sin(b)])
    rng = np.random.default_rng(1)
    return acc + noise * rng.normal(size=acc.shape), gyr + 0.1 * noise * rng.normal(size=gyr.shape)


def motions(plan: Plan, turned: Floats | None = None, gyroscope: bool = True, mirrored: bool = False) -> tuple[Motion, ...]:
    acc, gyr = samples(plan)
    if mirrored:
        acc, gyr = acc * [1, -1, 1], gyr * [-1, 1, -1]
    if turned is not None:
        acc, gyr = acc @ turned.T, gyr @ turned.T
    return (motion_of(GridPiece(0, acc, gyr if gyroscope else None)),)


def only(found: tuple[Hold, ...]) -> Hold:
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("tip_deg", [8.0, 40.0, 90.0])
def test_a_hold_is_found_with_its_time(tip_deg: float) -> None:
    plan = Plan(tip_deg=tip_deg)
    hold = only(find_holds(motions(plan)))
    assert hold.length_s == pytest.approx(plan.hold_s, abs=0.5)
    assert hold.sure
    assert hold.ended == "moved"
    assert hold.drift_deg < 2.0


def test_wobble_and_tremor_are_turn_rates() -> None:
    hold = only(find_holds(motions(Plan(tremor_deg_s=3.0, wobble_deg_s=1.5))))
    assert hold.tremor_deg_s == pytest.approx(3.0, rel=0.15)
    assert hold.wobble_deg_s == pytest.approx(1.5, rel=0.25)


def test_without_gyroscope_there_is_time_but_no_rate() -> None:
    plan = Plan()
    hold = only(find_holds(motions(plan, gyroscope=False)))
    assert hold.length_s == pytest.approx(plan.hold_s, abs=1.0)
    assert hold.wobble_deg_s is None
    assert hold.tremor_deg_s is None


def test_a_give_way_that_is_put_right_does_not_end_it() -> None:
    plan = Plan(gives=(4.0, 9.0))
    assert only(find_holds(motions(plan))).length_s == pytest.approx(plan.hold_s, abs=0.5)


def test_giving_way_at_the_end_is_told_from_letting_go() -> None:
    plan = Plan(gives=(12.6,))
    assert only(find_holds(motions(plan))).ended == "gave_way"


def test_a_recording_may_end_first() -> None:
    assert only(find_holds(motions(Plan(stops=True)))).ended == "recording_ended"


def test_a_posture_without_effort_is_no_hold_where_one_may_stand() -> None:
    assert find_holds(motions(Plan(tip_deg=15.0, tremor_deg_s=0.0, wobble_deg_s=0.0))) == ()


def test_a_far_posture_without_tremor_is_never_sure() -> None:
    assert not any(h.sure for h in find_holds(motions(Plan(tip_deg=80.0, tremor_deg_s=0.0))))


def test_a_thigh_that_is_there_early_holds_while_it_trembles() -> None:
    plan = Plan(tip_deg=80.0, ready_s=1.5, wobble_deg_s=1.0)
    hold = only(find_holds(motions(plan)))
    assert hold.start_s == pytest.approx(plan.start_s + plan.ready_s, abs=0.4)
    assert hold.end_s == pytest.approx(plan.end_s - plan.ready_s, abs=0.4)


def test_a_moment_of_ease_ends_a_hold_but_where_the_posture_takes_effort() -> None:
    far, near = (Plan(tip_deg=deg, hold_s=20.0, eases=(9.0,)) for deg in (80.0, 15.0))
    assert only(find_holds(motions(far))).length_s == pytest.approx(far.hold_s, abs=0.5)
    assert len(find_holds(motions(near))) == 2


def test_counted_sets_hold_no_holds() -> None:
    plan = Plan()
    assert find_holds(motions(plan), busy=((plan.start_s - 1, plan.end_s + 1),)) == ()


def test_a_pause_is_no_hold() -> None:
    assert find_holds(motions(Plan(hold_s=3.0))) == ()


def test_a_short_gap_is_bridged_and_a_long_one_is_not() -> None:
    plan = Plan(hold_s=26.0)
    acc, gyr = samples(plan)

    def with_hole(begin: float, end: float) -> tuple[Hold, ...]:
        i, j = round(begin * GRID_HZ), round(end * GRID_HZ)
        return find_holds((motion_of(GridPiece(0, acc[:i], gyr[:i])), motion_of(GridPiece(j, acc[j:], gyr[j:]))))

    assert only(with_hole(15.0, 16.0)).length_s == pytest.approx(plan.hold_s, abs=0.5)
    assert [h.ended for h in with_hole(15.0, 23.0)] == ["recording_ended", "moved"]


def test_nothing_to_look_at_gives_nothing() -> None:
    assert find_holds(()) == ()


@settings(deadline=None, max_examples=25)
@given(st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda v: np.linalg.norm(v) > 0.1), st.floats(0, np.pi))
def test_mounting_changes_no_hold(axis: tuple[float, float, float], angle: float) -> None:
    plan = Plan(gives=(5.0,))
    plain, turned = find_holds(motions(plan)), find_holds(motions(plan, made.rotation(np.array(axis), angle)))
    assert [(h.start_s, h.end_s, h.ended, h.sure) for h in plain] == [(h.start_s, h.end_s, h.ended, h.sure) for h in turned]
    assert only(plain).tremor_deg_s == pytest.approx(only(turned).tremor_deg_s, rel=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.floats(8.0, 90.0))
def test_mirroring_changes_no_hold(tip_deg: float) -> None:
    plan = replace(Plan(), tip_deg=tip_deg)
    plain, mirrored = find_holds(motions(plan)), find_holds(motions(plan, mirrored=True))
    assert [(h.start_s, h.end_s, h.ended) for h in plain] == [(h.start_s, h.end_s, h.ended) for h in mirrored]
