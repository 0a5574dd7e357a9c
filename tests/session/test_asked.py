"""Done against asked."""

from __future__ import annotations

from typing import Any

import pytest
from kept_sessions import a_rep, a_set

from imu_tracker.session.asked import against, share
from imu_tracker.session.plan import Asked, Plan

PLAN = Plan((Asked("single_leg_squat", 3, 10, side="each"), Asked("wall_lean", 2, hold_s=30.0, side="left")))


def some(count: int, side: str | None, start_s: float, exercise: str = "single_leg_squat") -> Any:
    return a_set([a_rep(start_s + 3.0 * k, side) for k in range(count)], exercise, side)


def test_done_against_asked() -> None:
    sets = [
        some(10, "left", 0.0),
        some(9, "right", 100.0),
        some(10, "left", 200.0),
        some(5, None, 300.0),
        some(5, "left", 400.0, "squat"),
    ]
    lines, others = against(PLAN, sets)
    assert [(line.side, [s.count for s in line.done], line.reached) for line in lines] == [
        ("left", [10, 10], 2),
        ("right", [9], 0),
        ("left", [], 0),
    ]
    assert [s.count for s in others] == [5, 5]
    assert lines[0].tempo_s == (0.9, 0.2, 0.9)
    assert lines[2].tempo_s is None


def test_rows_of_one_exercise_fill_one_after_the_other() -> None:
    light, heavy = Asked("squat", 1, 15), Asked("squat", 2, 5, load="20 kg")
    lines, others = against(Plan((light, heavy)), [some(n, None, 100.0 * k, "squat") for k, n in enumerate((15, 5, 5, 6))])
    assert [[s.count for s in line.done] for line in lines] == [[15], [5, 5, 6]]
    assert others == ()
    assert share(lines[1].done[2], heavy) == pytest.approx(1.2)
