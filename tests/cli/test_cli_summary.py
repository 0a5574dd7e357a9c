"""The summary says what a session holds, at any width, with and without colours."""

from __future__ import annotations

import dataclasses
import io

import pytest
from handmade_sessions import WHY_NO_DROP, WHY_NO_NAME, hold, session, squats, steps
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from imu_tracker.cli.summary import NOT_MEDICAL, print_summary
from imu_tracker.results import Session


def printed(shown: Session, width: int = 80, colours: bool = False, title: str | None = "evening.csv") -> str:
    out = io.StringIO()
    console = Console(
        file=out, width=width, highlight=False, force_terminal=colours, color_system="standard" if colours else None
    )
    print_summary(console, shown, title)
    return out.getvalue()


def as_prose(text: str) -> str:
    return " ".join(text.split())


def test_head_says_what_was_recorded_and_what_was_lost() -> None:
    text = as_prose(printed(session(squats())))
    assert text.startswith("evening.csv, 3 min 33 s pelvis: 99.8 Hz, 21297 samples, 71 lost, a gap of 0.7 s at 0:31")
    assert "timed by their arrival" in text


@pytest.mark.parametrize("width", [80, 120])
def test_table_has_a_row_a_set(width: int) -> None:
    lines = printed(session(squats(), steps(), hold()), width).splitlines()
    head = next(i for i, line in enumerate(lines) if line.split()[:2] == ["Set", "When"])
    assert lines[head].split() == ["Set", "When", "Exercise", "Count", "Side", "Tension", "/min", "Rest", "Drop"]
    rows = [line for line in lines[head + 1 : head + 7] if "–" in line]
    assert [row.split()[:2] for row in rows] == [["1", "0:12–0:58"], ["2", "1:40–2:08"], ["3", "2:40–3:25"]]
    for row, wanted in zip(rows, ("10 reps", "24 steps", "hold 45.0 s"), strict=True):
        assert wanted in row
    assert "8.1°" in rows[0]
    assert "12 L 12 R" in rows[1]
    assert "0:42" in rows[1]


def test_a_column_that_says_nothing_is_left_out() -> None:
    silent = dataclasses.replace(hold(), side=None, rest_before_s=None)
    head = next(line for line in printed(session(silent)).splitlines() if "When" in line)
    assert head.split() == ["Set", "When", "Exercise", "Count", "Tension"]


def test_a_few_reps_stand_one_a_line_with_what_is_special() -> None:
    lines = printed(session(squats()), 100).splitlines()
    first = next(line for line in lines if line.startswith("  1  █"))
    assert first.split()[-8:] == ["3.1", "s", "1.5", "0.2", "1.4", "61°", "3.1°", "±1.2"]
    assert next(line for line in lines if line.startswith("  9  ")).endswith("unsure")
    assert next(line for line in lines if line.startswith(" 10  ")).endswith("partial")
    assert any("█ down  ░ pause  ▒ up" in line for line in lines)


def test_many_reps_stand_in_columns() -> None:
    text = printed(session(steps(24)))
    rows = [line for line in text.splitlines() if line.lstrip()[:1].isdigit() and " s " in line and "█" in line]
    assert len(rows) == 12
    assert rows[-1].split()[0] == "12"
    assert "? unsure" in text


def test_the_set_says_tempo_range_name_drop_and_cues() -> None:
    text = as_prose(printed(session(squats())))
    assert "Usually 1.7 s down, 0.2 s pause, 1.4 s up; range 26 % less at the end." in text
    assert "62 % sure that it is a single leg squat; perhaps lateral step up (30 %)." in text
    assert "The pelvis dropped past 5° once, most at 0:40 (8.1°, standing on the right)." in text
    assert "Pause at bottom: 7 of 10 (not 3, 8 and 9)." in text


def test_each_reason_is_given_once() -> None:
    text = as_prose(printed(session(squats(), steps(), hold())))
    assert text.count(WHY_NO_DROP) == 1
    assert f"pelvic drop: {WHY_NO_DROP} (sets 2 and 3)." in text
    assert f"exercise and side: {WHY_NO_NAME} (set 2)." in text
    assert "mounting: the mounting is not worked out" in text


def test_the_medical_line_stands_only_beside_a_drop() -> None:
    assert as_prose(NOT_MEDICAL) in as_prose(printed(session(squats())))
    assert NOT_MEDICAL not in as_prose(printed(session(steps())))


def test_no_sets_says_what_was_searched_and_what_to_try() -> None:
    text = as_prose(printed(session()))
    assert "No set was found. All 3 min 33 s were searched" in text
    assert "--acc-unit" in text
    assert "Not known" not in text


def test_a_narrow_terminal_has_the_facts_without_the_table() -> None:
    text = printed(session(squats(), steps(), hold()), 50)
    assert "When" not in text
    assert "2:40–3:25, 45.0 s under tension, after 0:31 of rest" in as_prose(text)


def test_colours_change_no_character() -> None:
    from rich.text import Text

    shown = session(squats(), steps(), hold())
    coloured = printed(shown, colours=True)
    assert "\x1b[" in coloured
    assert Text.from_ansi(coloured).plain.rstrip() == printed(shown).rstrip()


def test_brackets_in_a_file_name_are_no_markup() -> None:
    assert printed(session(), title="[bold]odd[/].csv").startswith("[bold]odd[/].csv, ")


@settings(deadline=None, max_examples=40)
@given(width=st.integers(30, 200), sets=st.lists(st.sampled_from([squats(), steps(3), steps(13), steps(90), hold()]), max_size=4))
def test_no_line_is_wider_than_the_terminal_and_no_rep_is_missing(width: int, sets: list[object]) -> None:
    shown = session(*sets)  # type: ignore[arg-type]
    text = printed(shown, width)
    assert max(len(line) for line in text.splitlines()) <= width
    bars = sum(text.count(f" {r.duration_s:.1f} s") > 0 for s in shown.sets for r in s.reps)
    assert bars == sum(len(s.reps) for s in shown.sets)
