"""Quiet standing and bows, found in made-up pelvis motion."""

import numpy as np
import pytest
from leaning import leaning

from imu_tracker.motion import GridPiece, Motion, motion_of
from imu_tracker.motion.mounting import find_bows, quiet_standing
from imu_tracker.numeric import Floats

BOW = [(0.0, 0.0), (1.2, 45.0), (2.4, 0.0)]


def worn(m: Motion, rotation: Floats) -> Motion:
    """The same movement seen by a sensor that sits otherwise."""
    assert m.gyr is not None
    return motion_of(GridPiece(m.first, m.acc @ rotation.T, m.gyr @ rotation.T))


def bows(n: int, between_s: float = 1.0) -> list[tuple[float, float]]:
    """Times and tilts of n bows, one after the other, from 6 s on."""
    return [(6.0 + k * (2.4 + between_s) + t, tilt) for k in range(n) for t, tilt in BOW]


def test_quiet_standing_is_found_and_its_up_is_the_sensors() -> None:
    quiet = quiet_standing((leaning(tilt=[(0, 0.0), *bows(2), (20, 0.0)], duration_s=20.0),))
    assert quiet[0].start_s == pytest.approx(0.0, abs=0.3)
    assert quiet[0].end_s == pytest.approx(6.0, abs=0.4)
    np.testing.assert_allclose(quiet[0].up, [0, 0, 1], atol=0.01)


def test_who_never_stands_still_has_no_quiet_standing() -> None:
    swaying = [(t / 2, 10.0 * (-1) ** t) for t in range(40)]
    assert quiet_standing((leaning(tilt=swaying, duration_s=19.0),)) == ()


@pytest.mark.parametrize("n", [2, 3])
def test_two_or_three_bows_tell_which_way_left_is(n: int) -> None:
    m = leaning(tilt=[(0, 0.0), *bows(n), (24, 0.0)], duration_s=24.0)
    found = find_bows((m,), quiet_standing((m,))[0])
    assert found is not None
    assert len(found.spans) == n
    np.testing.assert_allclose(found.left, [0, 1, 0], atol=0.03)
    assert found.uncertainty_deg < 3.0


@pytest.mark.parametrize("n", [1, 4, 8])
def test_one_bow_is_none_and_many_are_exercise(n: int) -> None:
    m = leaning(tilt=[(0, 0.0), *bows(n), (45, 0.0)], duration_s=45.0)
    assert find_bows((m,), quiet_standing((m,))[0]) is None


def test_hinges_that_open_the_pelvis_are_told_from_the_bows_before_them() -> None:
    hinges = [(14.0 + 4.0 * k + t, tilt) for k in range(6) for t, tilt in BOW]
    opening = [(14.0 + 4.0 * k + t, lean) for k in range(6) for t, lean in ((0.4, 0.0), (0.9, 8.0), (1.6, -3.0), (2.6, 0.0))]
    m = leaning([(0, 0.0), *bows(2), *hinges, (40, 0.0)], [(0, 0.0), *opening, (40, 0.0)], duration_s=40.0)
    found = find_bows((m,), quiet_standing((m,))[0])
    assert found is not None
    assert found.spans[-1, 1] < 13.0


def test_leaning_sideways_first_is_no_bow_forwards_but_an_axis_is_an_axis() -> None:
    """Nothing but gravity is known yet: whoever leans to the right twice has told the tool that right is forward."""
    m = leaning(lean=[(0, 0.0), *bows(2), (24, 0.0)], duration_s=24.0)
    found = find_bows((m,), quiet_standing((m,))[0])
    assert found is not None
    assert abs(found.left[0]) == pytest.approx(1.0, abs=0.03)


def test_any_mounting_gives_the_same_axis() -> None:
    rng = np.random.default_rng(5)
    m = leaning(tilt=[(0, 0.0), *bows(2), (24, 0.0)], duration_s=24.0)
    for _ in range(5):
        q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        q = q * np.sign(np.linalg.det(q))
        turned = worn(m, q)
        found = find_bows((turned,), quiet_standing((turned,))[0])
        assert found is not None
        np.testing.assert_allclose(found.left, q @ [0, 1, 0], atol=0.04)
