"""Which of the halves at a set's ends are its own."""

import itertools

import numpy as np
import pytest

from imu_tracker.numeric import Floats
from imu_tracker.reps.cycles import Chain
from imu_tracker.reps.ends import with_whole_ends, without_transitions
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


# ---- whole repetitions that a chain missed at its ends ----------------------------------------------------------------

LIFT, HELD, REST = 15, 40, 10  # rows: lifted, held and lowered again, with a short rest before the next


def lifted(count: int) -> Floats:
    """How far a leg is lifted, `count` times, with a rest as long as a repetition around them."""
    up = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, LIFT))
    once = np.concatenate([np.zeros(REST), up, np.ones(HELD), up[::-1]])
    around = np.zeros(len(once))
    return np.concatenate([around, np.tile(once, count), np.zeros(REST), around])


def chain_in(course: Floats, at_rest: bool, first: int, last: int) -> Chain:
    """The repetitions from number `first` to before `last`, cut where the leg rests, or else where it is held."""
    once = REST + 2 * LIFT + HELD
    rests = once + REST // 2 + once * np.arange(len(course) // once)
    helds = rests + REST - REST // 2 + LIFT + HELD // 2
    cuts, turns = (rests, helds) if at_rest else (helds, rests)
    motion = np.column_stack([course, np.gradient(course) * LIFT])
    n = last - first
    same = np.ones(n)
    z = course if at_rest else -course
    return Chain(0, motion, z, turns, cuts[first:last], cuts[first + 1 : last + 1], same, same, same)


def counted(chain: Chain, posture: Floats) -> int:
    free = np.ones(len(chain.y), bool)
    starts, _ = with_whole_ends(chain, posture, free, CountParameters())
    return len(starts)


def postures(course: Floats) -> Floats:
    leaning = np.column_stack([np.cos(course), np.sin(course), np.zeros(len(course))])
    out: Floats = leaning
    return out


def test_whole_repetitions_beyond_both_ends_are_two_more() -> None:
    course = lifted(8)
    assert counted(chain_in(course, True, 1, 7), postures(course)) == 8


def test_halves_with_nothing_beyond_them_are_one_more() -> None:
    course = lifted(8)
    assert counted(chain_in(course, False, 0, 7), postures(course)) == 8


def test_whole_repetitions_from_elsewhere_are_none() -> None:
    """Then the halves alone are looked at: sitting down and getting up go where no repetition does."""
    course = lifted(8)
    chain = chain_in(course, True, 1, 7)
    posture = postures(course)
    posture[: chain.starts[0] - LIFT - HELD // 2] = ELSEWHERE
    posture[chain.ends[-1] + LIFT + HELD // 2 :] = ELSEWHERE
    assert counted(chain, posture) == 7


def test_where_nothing_is_known_of_gravity_the_motion_alone_tells() -> None:
    course = lifted(8)
    assert counted(chain_in(course, True, 1, 7), np.zeros((len(course), 3))) == 8
