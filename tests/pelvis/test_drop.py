"""Drops of the free side, per rep and as events."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.numeric import Floats
from imu_tracker.pelvis.angles import Angles
from imu_tracker.pelvis.drop import DropParameters, Stance, change_over, drop_events, drop_of_rep, drop_series

P = DropParameters()


def angles_of(obliquity_deg: Floats, error_deg: float = 1.0) -> Angles:
    return Angles(obliquity_deg, np.zeros(len(obliquity_deg)), np.full(len(obliquity_deg), error_deg))


def bump(peak_deg: float, at_s: float, width_s: float = 0.5, length_s: float = 10.0) -> Floats:
    t = np.arange(0.0, length_s, 0.01)
    out: Floats = peak_deg * np.exp(-(((t - at_s) / width_s) ** 2))
    return out


def test_on_the_left_leg_the_left_side_up_is_a_drop_and_on_the_right_leg_a_hike() -> None:
    angles = angles_of(bump(8.0, 5.0))
    left, right = (drop_series(angles, [Stance(0.0, 10.0, side)]) for side in ("left", "right"))
    assert np.nanmax(left) == pytest.approx(8.0)
    np.testing.assert_allclose(left, -right)


def test_outside_single_leg_stance_there_is_no_drop() -> None:
    drop = drop_series(angles_of(bump(8.0, 5.0)), [Stance(4.0, 6.0, "left")])
    assert np.isnan(drop[:400]).all()
    assert np.isfinite(drop[400:600]).all()
    assert np.isnan(drop[600:]).all()


def test_a_rep_has_its_highest_drop_with_the_error_at_that_moment() -> None:
    angles = angles_of(bump(8.0, 5.0), 1.5)
    drop = drop_series(angles, [Stance(0.0, 10.0, "left")])
    rep = drop_of_rep(drop, angles, 3.0, 7.0, P)
    assert rep is not None
    assert rep.drop_deg == pytest.approx(8.0)
    assert rep.uncertainty_deg == pytest.approx(P.covering * 1.5)
    assert rep.at_s == pytest.approx(5.0)
    assert rep.hike_deg == 0.0
    assert drop_of_rep(np.full(1000, np.nan), angles, 3.0, 7.0, P) is None


def test_an_event_lasts_while_the_drop_is_past_the_threshold() -> None:
    stances = [Stance(0.0, 10.0, "left")]
    angles = angles_of(np.where((np.arange(1000) >= 300) & (np.arange(1000) < 400), 9.0, 0.0))
    (event,) = drop_events(drop_series(angles, stances), angles, stances, 5.0, P)
    assert (event.start_s, event.end_s, event.peak_deg, event.stance_side) == (3.0, 4.0, 9.0, "left")
    assert event.certain


@pytest.mark.parametrize(("length_s", "events"), [(0.08, 0), (0.3, 1)])
def test_a_shake_is_no_event(length_s: float, events: int) -> None:
    stances = [Stance(0.0, 10.0, "left")]
    t = np.arange(1000) / 100
    angles = angles_of(np.where((t >= 3.0) & (t < 3.0 + length_s), 9.0, 0.0))
    assert len(drop_events(drop_series(angles, stances), angles, stances, 5.0, P)) == events


def test_a_drop_that_dips_a_little_is_one_event() -> None:
    stances = [Stance(0.0, 10.0, "left")]
    t = np.arange(1000) / 100
    angles = angles_of(np.where((t >= 3.0) & (t < 5.0), 6.0, 0.0) - np.where((t >= 3.9) & (t < 4.1), 1.2, 0.0))
    assert len(drop_events(drop_series(angles, stances), angles, stances, 5.0, P)) == 1


def test_an_event_within_its_error_of_the_threshold_is_not_certain() -> None:
    stances = [Stance(0.0, 10.0, "left")]
    angles = angles_of(bump(6.0, 5.0), 2.0)
    (event,) = drop_events(drop_series(angles, stances), angles, stances, 5.0, P)
    assert not event.certain


@given(st.lists(st.tuples(st.floats(0.5, 9.5), st.floats(-15.0, 15.0)), min_size=1, max_size=6), st.floats(2.0, 12.0))
def test_mirrored_angles_give_mirrored_drops(bumps: list[tuple[float, float]], threshold_deg: float) -> None:
    obliquity = np.sum([bump(peak, at, 0.3) for at, peak in bumps], axis=0)
    results = []
    for sign, stances in ((1.0, [Stance(1.0, 9.0, "left")]), (-1.0, [Stance(1.0, 9.0, "right")])):
        angles = angles_of(sign * obliquity)
        events = drop_events(drop_series(angles, stances), angles, stances, threshold_deg, P)
        results.append([(e.start_s, e.end_s, e.peak_deg, e.certain) for e in events])
    assert results[0] == results[1]


def test_a_drop_that_grows_over_the_set_says_by_how_much() -> None:
    change = change_over([4.0, 4.6, 4.9, 5.6, 6.1, 6.4, 7.0], P)
    assert change is not None
    assert change[0] == pytest.approx(3.0, abs=0.3)
    assert change[1] < 1.0


def test_one_stumble_is_no_trend_and_four_reps_are_too_few() -> None:
    change = change_over([4.0, 4.3, 3.9, 4.2, 4.1, 12.0], P)
    assert change is not None
    assert abs(change[0]) <= change[1] + 0.5
    assert change_over([4.0, 5.0, 6.0, 7.0], P) is None


@given(st.lists(st.floats(-10.0, 20.0), min_size=5, max_size=20))
def test_a_set_the_other_way_round_changes_the_other_way(drops_deg: list[float]) -> None:
    one, other = change_over(drops_deg, P), change_over(drops_deg[::-1], P)
    assert one is not None
    assert other is not None
    assert one[0] == pytest.approx(-other[0], abs=1e-9)
