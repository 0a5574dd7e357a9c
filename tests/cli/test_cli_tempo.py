"""A rep's bar is in proportion, and its shades say which part is which."""

from __future__ import annotations

import dataclasses

from handmade_sessions import rep, squats, steps
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.cli.tempo import bar, legend, rep_lines
from imu_tracker.remarks import directions, usual

seconds = st.floats(0.05, 10)


@given(seconds, st.floats(0, 10), seconds, st.floats(1, 4), st.integers(6, 60))
def test_bar_is_in_proportion(out_s: float, pause_s: float, back_s: float, longer: float, width: int) -> None:
    one = rep(0.0, out_s, pause_s, back_s)
    longest_s = one.duration_s * longer
    drawn = bar(one, longest_s, width).plain
    for block, part_s in zip("█░▒", (out_s, pause_s, back_s), strict=True):
        assert abs(drawn.count(block) - part_s / longest_s * width) <= 2
    assert drawn == "█" * drawn.count("█") + "░" * drawn.count("░") + "▒" * drawn.count("▒")
    assert 2 <= len(drawn) <= width


@given(seconds, seconds)
def test_a_whole_width_bar_fills_it(out_s: float, back_s: float) -> None:
    one = rep(0.0, out_s, 0.0, back_s)
    assert len(bar(one, one.duration_s, 20)) == 20


def test_a_rep_without_parts_is_a_line() -> None:
    one = dataclasses.replace(rep(0.0, 1, 0, 1), out_s=None, pause_s=None, back_s=None)
    assert bar(one, 4.0, 20).plain == "━" * 10


def test_directions_are_those_of_the_exercise() -> None:
    down_first = rep(0.0)
    up_first = dataclasses.replace(down_first, rise_s=down_first.out_s, lower_s=down_first.back_s)
    unknown = dataclasses.replace(down_first, rise_s=None, lower_s=None)
    assert directions([down_first]) == ("down", "up")
    assert directions([up_first, unknown]) == ("up", "down")
    assert directions([unknown]) == ("out", "back")
    assert directions([rep(0.0, 1.0, 0.0, 1.0)]) == ("out", "back")  # as long up as down: which is which isn't told


def test_legend_names_the_shades() -> None:
    assert legend(squats().reps).plain == "█ down  ░ pause  ▒ up"
    assert not legend([dataclasses.replace(rep(0.0), out_s=None)])


def test_sides_are_told_where_they_differ() -> None:
    there_and_back = dataclasses.replace(
        steps(4), reps=tuple(dataclasses.replace(r, side="left" if i < 2 else "right") for i, r in enumerate(steps(4).reps))
    )
    lines = [line.plain.split()[1] for line in rep_lines(there_and_back, 80)[1:]]
    assert lines == ["left", "left", "right", "right"]
    many = dataclasses.replace(there_and_back, reps=there_and_back.reps * 4)
    first = [line.plain.split()[1] for line in rep_lines(many, 40)[:4]]
    assert first == ["l", "l", "r", "r"]


def test_a_drop_past_the_threshold_is_marked_in_columns() -> None:
    long = dataclasses.replace(squats(), reps=squats().reps * 2)
    plain = [line.plain for line in rep_lines(long, 80)]
    assert sum(line.count("° !") for line in plain) == 2 * sum((r.drop_deg or 0) > 5.0 for r in squats().reps)
    assert "! drop past the threshold" in plain[-1]


def test_usual_needs_three_whole_reps() -> None:
    few = dataclasses.replace(squats(), reps=squats().reps[:2], range_fade_percent=None)
    assert usual(few) == ""
    assert usual(squats()).startswith("usually 1.7 s down")


def test_an_even_range_is_not_remarked() -> None:
    assert "range" not in usual(steps())


def test_a_fade_is_told_where_it_is_large_and_steady() -> None:
    reps = [rep(3.0 * i, range_deg=60.0 - 2.0 * i) for i in range(8)]
    fading = dataclasses.replace(squats(), reps=tuple(reps), range_fade_percent=23.3, speed_fade_percent=4.0)
    assert usual(fading).endswith("; range 23 % less at the end")
    assert usual(dataclasses.replace(fading, reps=tuple(reps[::-1]), range_fade_percent=-30.4)).endswith(
        "range 30 % more at the end"
    )
    assert "range" not in usual(dataclasses.replace(fading, range_fade_percent=9.0))
    scattered = tuple(reps[i] for i in (3, 0, 7, 2, 6, 1, 5, 4))
    assert "range" not in usual(dataclasses.replace(fading, reps=scattered))
