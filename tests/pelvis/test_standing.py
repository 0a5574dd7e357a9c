"""A set's vertical goes along with the standing about it, as far as that can't be the wearer's own."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from imu_tracker.motion.mounting import Standing
from imu_tracker.pelvis.axes import PelvisAxes
from imu_tracker.pelvis.standing import StandingParameters, changed_axes, standing_axes

AXES = PelvisAxes(np.eye(3), "bows", 2.0, 0.6)
P = StandingParameters()


def up(lean_deg: float, tilt_deg: float = 0.0) -> np.ndarray:
    return np.asarray(Rotation.from_euler("yx", [-tilt_deg, -lean_deg], degrees=True).apply([0.0, 0.0, 1.0]))


def standing(start_s: float, lean_deg: float = 0.0) -> Standing:
    return Standing(start_s, start_s + 2.0, up(lean_deg), np.zeros(3))


def lean_deg_of(axes: PelvisAxes) -> float:
    """How far to the side the axes take the belt to have tipped."""
    return float(np.degrees(np.arcsin(axes.rotation[2, 1])))


def test_standing_as_at_the_start_leaves_the_axes_and_their_error_as_they_are() -> None:
    axes = standing_axes([up(0.1), up(-0.1)], AXES, P)
    assert lean_deg_of(axes) == pytest.approx(0.0, abs=0.02)
    assert axes.vertical_deg == pytest.approx(AXES.vertical_deg, abs=0.02)


def test_far_off_it_is_the_belt_and_half_a_degree_off_it_is_the_wearer() -> None:
    assert lean_deg_of(standing_axes([up(5.0)], AXES, P)) == pytest.approx(5.0, abs=0.3)
    assert lean_deg_of(standing_axes([up(0.4)], AXES, P)) < 0.1


def test_whichever_of_the_two_it_was_the_truth_lies_inside_the_stated_uncertainty() -> None:
    for lean in (0.5, 1.0, 1.5, 2.5, 4.0):
        axes = standing_axes([up(lean)], AXES, P)
        assert abs(lean - lean_deg_of(axes)) < 1.6 * axes.vertical_deg  # it was the belt
    for lean in (0.5, 1.0):
        axes = standing_axes([up(lean)], AXES, P)
        assert lean_deg_of(axes) < 1.6 * axes.vertical_deg  # it was the wearer, as far as people vary


def test_hanging_on_one_hip_between_other_standings_counts_for_nothing() -> None:
    assert lean_deg_of(standing_axes([up(0.2), up(6.0), up(0.1)], AXES, P)) < 0.1


def test_a_belt_that_tipped_may_have_turned_as_well() -> None:
    assert standing_axes([up(0.0, tilt_deg=4.0)], AXES, P).yaw_deg > 4.0


def test_where_nobody_stood_or_somebody_only_sat_the_vertical_is_known_less_well() -> None:
    for ups in ([], [up(0.0, tilt_deg=40.0)]):
        axes = standing_axes(ups, AXES, P)
        assert axes.vertical_deg == pytest.approx(np.hypot(AXES.vertical_deg, P.unseen_deg))
        np.testing.assert_array_equal(axes.rotation, AXES.rotation)


def test_any_mounting_and_the_mirror_give_the_same() -> None:
    ups = [up(1.0, 3.0), up(2.0, -1.0), up(3.0, 1.5)]
    turn = Rotation.from_euler("xyz", [20.0, 130.0, 70.0], degrees=True).as_matrix()
    turned = PelvisAxes(turn, "bows", 2.0, 0.6)
    here, there = standing_axes(ups, AXES, P), standing_axes([u @ turn for u in ups], turned, P)
    np.testing.assert_allclose(there.rotation, here.rotation @ turn, atol=1e-9)
    mirrored = standing_axes([u * np.array([1.0, -1.0, 1.0]) for u in ups], AXES, P)
    assert lean_deg_of(mirrored) == pytest.approx(-lean_deg_of(here))


def test_each_set_has_the_standing_next_to_it() -> None:
    quiet = [standing(0.0), standing(25.0), standing(95.0, 5.0)]
    (first_s, first), (second_s, second) = changed_axes(quiet, AXES, [], [(3.0, 8.0)], [(30.0, 50.0), (60.0, 90.0)])
    assert (first_s, second_s) == (8.0, 50.0)
    assert lean_deg_of(first) == pytest.approx(0.0, abs=0.01)
    assert lean_deg_of(second) == pytest.approx(5.0, abs=0.3)


def test_sets_with_a_short_pause_between_them_share_their_standing() -> None:
    ((_, both),) = changed_axes([standing(0.0), standing(25.0)], AXES, [], [], [(30.0, 50.0), (52.0, 90.0)])
    assert both.vertical_deg == pytest.approx(AXES.vertical_deg, abs=0.01)


def test_after_a_slip_standing_is_compared_with_its_axes() -> None:
    slipped = PelvisAxes(np.asarray(Rotation.from_euler("x", 5.0, degrees=True).as_matrix()), "bows", 5.0, 0.6)
    quiet = [standing(0.0), standing(25.0), standing(95.0)]
    quiet[2] = Standing(95.0, 97.0, slipped.rotation[2], np.zeros(3))
    changes = changed_axes(quiet, AXES, [(52.0, slipped)], [], [(30.0, 50.0), (60.0, 90.0)])
    np.testing.assert_allclose(changes[-1][1].rotation, slipped.rotation, atol=1e-9)
