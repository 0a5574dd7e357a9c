"""Which of the halves at a set's ends are its own."""

import itertools

import numpy as np
import pytest

from imu_tracker.numeric import Floats
from imu_tracker.reps.ends import without_transitions
from imu_tracker.reps.parameters import CountParameters

PERIOD = 60  # rows of a repetition: 3 s
OUT, BACK = np.array([1.0, 0.0, 0.0]), np.array([0.5, np.sqrt(0.75), 0.0])
ELSEWHERE = np.array([0.0, 0.6, 0.8])  # a posture that no repetition passes
BETWEEN = np.array([0.6, -0.8, 0.0])


def travelled(*postures: Floats) -> Floats:
    """Gravity's direction on the way from posture to posture, half a repetition each."""
    share = (0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, PERIOD // 2, endpoint=False)))[:, None]
    way = [a * (1.0 - share) + b * share for a, b in itertools.pairwise(postures)]
    x = np.vstack([*way, postures[-1][None]])
    out: Floats = x / np.linalg.norm(x, axis=1, keepdims=True)
    return out


def rows(first: float, count: int, period: int = PERIOD) -> Floats:
    return np.array([first + k * period for k in range(count)], float)


def trimmed(gravity: Floats, count: int, period: int = PERIOD) -> int:
    starts, turns, ends = (rows(first, count, period) for first in (0, period / 2, period))
    new, _ = without_transitions(gravity, starts, ends, turns, CountParameters())
    return len(new)


def test_halves_from_elsewhere_and_back_there_are_no_repetition() -> None:
    gravity = travelled(ELSEWHERE, *([BACK, OUT] * 6), BACK, ELSEWHERE)
    assert trimmed(gravity, 7) == 6


def test_the_cuts_then_lie_where_the_repetitions_turned() -> None:
    gravity = travelled(ELSEWHERE, *([BACK, OUT] * 6), BACK, ELSEWHERE)
    starts, ends = without_transitions(gravity, rows(0, 7), rows(PERIOD, 7), rows(PERIOD / 2, 7), CountParameters())
    assert starts == pytest.approx(rows(PERIOD / 2, 6))
    assert ends == pytest.approx(rows(PERIOD * 1.5, 6))


def test_a_set_that_begins_and_ends_in_its_own_posture_keeps_all() -> None:
    assert trimmed(travelled(*([OUT, BACK] * 7), OUT), 7) == 7


def test_one_strange_end_alone_leaves_the_count() -> None:
    assert trimmed(travelled(ELSEWHERE, *([BACK, OUT] * 7)), 7) == 7


def test_a_last_repetition_that_runs_on_past_its_posture_is_a_repetition() -> None:
    """Hands that go down right after the set do so by way of where they rested."""
    gravity = travelled(*([OUT, BACK] * 7), OUT)
    gravity[:6], gravity[-6:] = ELSEWHERE, ELSEWHERE
    assert trimmed(gravity, 7) == 7


def test_sitting_up_before_lying_down_is_left_out_too() -> None:
    gravity = travelled(BETWEEN, ELSEWHERE, *([OUT, BACK] * 5), OUT, ELSEWHERE, BETWEEN)
    assert trimmed(gravity, 7) == 5


def test_where_the_sensor_hardly_turns_gravity_says_nothing() -> None:
    near = OUT + 0.1 * (BACK - OUT)
    assert trimmed(travelled(ELSEWHERE, *([near, OUT] * 6), near, ELSEWHERE), 7) == 7


def test_nobody_changes_posture_within_a_quick_half() -> None:
    gravity = travelled(ELSEWHERE, *([BACK, OUT] * 6), BACK, ELSEWHERE)[::3]
    assert trimmed(gravity, 7, PERIOD // 3) == 7


def test_three_repetitions_are_too_few_to_judge() -> None:
    assert trimmed(travelled(ELSEWHERE, *([BACK, OUT] * 2), BACK, ELSEWHERE), 3) == 3
