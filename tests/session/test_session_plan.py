"""What was prescribed: read, written, refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.errors import FileError
from imu_tracker.session import plan as plans
from imu_tracker.session.plan import Asked, Plan, PlanError, plan_of, read_plan, write_plan

SQUAT = Asked("single_leg_squat", 3, 10, side="each", tempo_s=(2.0, 1.0, 2.0), threshold_deg=8.0, load='5 kg "red" ü')
LEAN = Asked("wall_lean", 2, hold_s=30.0, side="left")
PLAN = Plan((SQUAT, LEAN))


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_plan(tmp_path) == Plan()
    write_plan(tmp_path / "new", PLAN)
    assert read_plan(tmp_path / "new") == PLAN
    assert plans.from_words(plans.to_words(PLAN)) == PLAN
    write_plan(tmp_path / "new", Plan())
    assert read_plan(tmp_path / "new") == Plan()


def test_a_plan_written_by_hand(tmp_path: Path) -> None:
    (tmp_path / plans.NAME).write_text('# mine\n[[exercise]]\nname = "Single-leg squat"\nreps = 8\n')
    assert read_plan(tmp_path).rows == (Asked("single_leg_squat", 3, 8),)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_whatever_the_load_is_called_it_comes_back_or_is_refused(words: str) -> None:
    import tomllib

    try:
        plan = plan_of({"exercise": [{"name": "squat", "reps": 5, "load": words}]})
    except PlanError:
        return
    assert plan_of(tomllib.loads(plans.to_toml(plan))) == plan
    assert plan.rows[0].load == words.strip()


def test_the_sets_to_do_go_from_side_to_side() -> None:
    steps = PLAN.steps
    assert [(s.row, s.number, s.side) for s in steps[:3]] == [(0, 1, "left"), (0, 1, "right"), (0, 2, "left")]
    assert [s.side for s in steps[6:]] == ["left", "left"]


@pytest.mark.parametrize(
    "row",
    [
        "squat",
        {"reps": 3},
        {"name": "sqat", "reps": 3},
        {"name": "walking", "reps": 3},
        {"name": "squat"},
        {"name": "squat", "reps": 0},
        {"name": "squat", "reps": True},
        {"name": "squat", "reps": 2.5},
        {"name": "squat", "reps": 3, "sets": 10**9},
        {"name": "squat", "reps": 3, "hold_s": 3},
        {"name": "squat", "reps": 3, "side": "up"},
        {"name": "squat", "reps": 3, "tempo_s": [1, 2]},
        {"name": "squat", "reps": 3, "tempo_s": [0, 0, 0]},
        {"name": "squat", "reps": 3, "tempo_s": [1, float("nan"), 1]},
        {"name": "squat", "reps": 3, "threshold_deg": float("inf")},
        {"name": "squat", "reps": 3, "load": "a\nb"},
        {"name": "squat", "reps": 3, "load": "x" * 81},
        {"name": "squat", "reps": 3, "lod": "5 kg"},
        {"name": "wall_lean", "reps": 3},
        {"name": "wall_lean", "hold_s": 30, "tempo_s": [1, 1, 1]},
    ],
)
def test_what_is_off_is_told_in_a_sentence(row: Any) -> None:
    with pytest.raises(PlanError, match=r"Exercise 1 of the plan.*[.?]$"):
        plan_of({"exercise": [row]})


@pytest.mark.parametrize(
    "raw", [None, [], {"exercise": {}}, {"exercises": []}, {"exercise": [{"name": "squat", "reps": 1}] * 41}]
)
def test_what_is_no_plan_is_refused(raw: Any) -> None:
    with pytest.raises(PlanError):
        plan_of(raw)


@pytest.mark.parametrize(
    "raw", [b"[[exercise]", b"\xff\xfe", b"x = " + b"[" * 5000, b"a = 1", b"#" * (1 << 17), b'[[exercise]]\nname = "squat"\n']
)
def test_a_broken_file_is_refused_and_never_written_over(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / plans.NAME
    path.write_bytes(raw)
    for act in (lambda: read_plan(tmp_path), lambda: write_plan(tmp_path, PLAN)):
        with pytest.raises(FileError, match=plans.NAME):
            act()
    assert path.read_bytes() == raw


def test_words_that_are_no_plan_are_none() -> None:
    for words in (None, "", "{", "[]", '{"exercise": 3}', "[" * 10**5):
        assert plans.from_words(words) == Plan()
