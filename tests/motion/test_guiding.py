"""What a wearer is told while calibrating, movement by movement."""

from __future__ import annotations

import numpy as np
import pytest
from leaning import leaning

from imu_tracker.motion import GridPiece, motion_of
from imu_tracker.motion.guiding import (
    AGAIN,
    GIVEN_UP,
    MOVED,
    NO_GYROSCOPE,
    ONCE_MORE,
    PAUSE,
    SIDEWAYS,
    STAND,
    UNSEEN,
    Guide,
    guide_state,
)
from imu_tracker.motion.mounting import calibration, quiet_standing

Points = list[tuple[float, float]]


def bow(at_s: float, deg: float = 45.0) -> Points:
    return [(at_s, 0.0), (at_s + 1.2, deg), (at_s + 2.4, 0.0)]


def state(duration_s: float, tilt: Points | None = None, lean: Points | None = None, bows: int = 2):  # type: ignore[no-untyped-def]
    end = (duration_s + 20.0, 0.0)
    return guide_state((leaning([(0, 0.0), *(tilt or []), end], [(0, 0.0), *(lean or []), end], duration_s=duration_s),), bows)


def test_before_any_sample_one_is_asked_to_stand_still() -> None:
    assert guide_state(()).said == STAND
    assert Guide().state().stage == "stand"


def test_the_seconds_of_standing_still_are_counted() -> None:
    now = state(1.5)
    assert (now.stage, now.said) == ("stand", "Stand still ... 1 of 2 s")
    assert now.still_s == pytest.approx(1.5, abs=0.3)


def test_who_moves_too_early_is_told_so_and_may_begin_again() -> None:
    step = [(1.5, 0.0), (2.2, 15.0), (3.0, 0.0)]
    assert state(2.8, step).said == MOVED
    assert state(4.5, step).said.startswith("Stand still ... ")
    assert state(6.0, step).stage == "bow"


def test_after_two_seconds_bows_are_asked_for_and_counted() -> None:
    assert state(2.6).stage == "bow"
    assert state(2.6).said.startswith("Good. Now bow")
    one = state(6.5, bow(3.0))
    assert (one.stage, one.bows, one.said) == ("bow", 1, ONCE_MORE)
    two = state(10.0, [*bow(3.0), *bow(6.5)])
    assert (two.stage, two.bows, two.over) == ("done", 2, True)


def test_where_bows_are_not_wished_standing_is_enough() -> None:
    assert state(2.6, bows=0).stage == "done"


def test_a_shallow_bow_is_not_counted_and_needs_no_second_standing() -> None:
    shallow = state(6.5, bow(3.0, 15.0))
    assert (shallow.bows, shallow.trouble) == (0, shallow.said)
    assert "not far enough, it went 15°" in shallow.said
    assert state(13.0, [*bow(3.0, 15.0), *bow(6.5), *bow(9.5)]).stage == "done"


def test_a_bow_that_goes_sideways_is_said_and_the_second_try_counts() -> None:
    aslant = [(3.0, 0.0), (3.5, 18.0), (4.3, -12.0), (5.4, 0.0)]
    failed = state(6.0, bow(3.0), aslant)
    assert (failed.stage, failed.bows, failed.said) == ("stand", 0, f"{SIDEWAYS} {AGAIN}")
    ready = state(8.6, bow(3.0), aslant)
    assert (ready.stage, ready.trouble) == ("bow", SIDEWAYS)
    again = leaning([(0, 0.0), *bow(3.0), *bow(9.0), *bow(12.0), (40, 0.0)], [(0, 0.0), *aslant, (40, 0.0)], duration_s=16.0)
    assert guide_state((again,)).stage == "done"
    standing, bows = calibration((again,), quiet_standing((again,)))
    assert standing.start_s == pytest.approx(5.4, abs=0.6)
    assert bows is not None
    np.testing.assert_allclose(bows.left, [0, 1, 0], atol=0.03)


def test_a_second_bow_that_comes_too_late_begins_anew() -> None:
    late = state(13.0, bow(3.0))
    assert (late.stage, late.bows, late.trouble) == ("bow", 0, PAUSE)
    assert state(22.0, [*bow(3.0), *bow(13.5), *bow(17.0)]).stage == "done"


def test_after_too_many_tries_one_goes_on_without() -> None:
    crooked: Points = []
    for k in range(5):
        at = 3.0 + 6.0 * k
        crooked += [(at, 0.0), (at + 0.5, 18.0), (at + 1.3, -12.0), (at + 2.4, 0.0)]
    tilt = [point for k in range(5) for point in bow(3.0 + 6.0 * k)]
    given_up = state(33.0, tilt, crooked)
    assert (given_up.stage, given_up.said) == ("given up", GIVEN_UP)


def test_a_sensor_without_gyroscope_has_nothing_to_calibrate() -> None:
    m = leaning([(0, 0.0), (9, 0.0)], duration_s=4.0)
    assert guide_state((motion_of(GridPiece(0, m.acc, None)),)).said == NO_GYROSCOPE


def test_who_never_stands_still_is_left_alone_in_the_end() -> None:
    m = leaning([(k / 2, 10.0 * (-1) ** k) for k in range(400)], duration_s=190.0)
    assert m.gyr is not None
    guide, t = Guide(), np.arange(len(m)) / 100.0
    guide.push(t[:17_000], m.acc[:17_000], m.gyr[:17_000])
    assert guide.state().stage == "stand"
    guide.push(t[17_000:], m.acc[17_000:], m.gyr[17_000:])
    assert (guide.state().stage, guide.state().said) == ("given up", UNSEEN)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_the_guide_says_the_same_whatever_the_blocks(size: int) -> None:
    m = leaning([(0, 0.0), *bow(3.0), *bow(6.5), (40, 0.0)], duration_s=10.0)
    assert m.gyr is not None
    guide, t = Guide(), 5.0 + np.arange(len(m)) / 100.0
    said: list[str] = []
    for a in range(0, len(m), size):
        guide.push(t[a : a + size], m.acc[a : a + size], m.gyr[a : a + size])
        if a // 100 != (a - size) // 100:
            said.append(guide.state().stage)
    assert list(dict.fromkeys(said)) == ["stand", "bow", "done"]
