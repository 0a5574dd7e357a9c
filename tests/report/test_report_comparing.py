"""Left against right, and now against last time: only what the measurement can tell is told."""

from __future__ import annotations

import dataclasses

import numpy as np
from handmade_sessions import hold, session, squats
from reading_pages import Page

from imu_tracker.report.comparing import groups_of, left_right, since
from imu_tracker.report.page import report_html
from imu_tracker.results import Rep, Series, Session, Set, Side
from imu_tracker.session.trends import DROP_TRUST_DEG, Change


def a_set(side: Side | None, range_deg: float = 60.0, drop_deg: float = 5.0, lift_s: float = 1.4, count: int = 10) -> Set:
    """Reps that are all alike but for a little wobble."""
    reps = tuple(
        dataclasses.replace(
            r, side=side, range_deg=range_deg + 0.2 * (k % 2), drop_deg=drop_deg + 0.2 * (k % 2), rise_s=lift_s, partial=False
        )
        for k, r in enumerate(squats().reps[:count])
    )
    by_side = None if side is None else {each: count if each == side else 0 for each in ("left", "right")}
    return dataclasses.replace(
        squats(), side=side, count=count, count_by_side=by_side, reps=reps, time_under_tension_s=3.3 * count
    )


def found(differences: list[Change]) -> dict[str, Change]:
    return {d.figure: d for d in differences}


def test_a_change_beyond_what_can_be_told_is_told_and_a_smaller_one_is_not() -> None:
    earlier = session(a_set("left", range_deg=60.0, drop_deg=5.0, lift_s=1.4))
    ((_, small),) = since(earlier, session(a_set("left", range_deg=63.0, drop_deg=8.0, lift_s=1.5)))
    assert not [d.figure for d in small if d.told]
    ((_, large),) = since(earlier, session(a_set("left", range_deg=66.0, drop_deg=10.0, lift_s=1.7)))
    assert [d.figure for d in large if d.told] == ["rise", "range", "drop"]


def test_counts_are_compared_as_they_are_and_time_by_what_it_may_be_off() -> None:
    told = found(since(session(a_set("left", count=9)), session(a_set("left", count=10)))[0][1])
    assert (told["count"].by, told["count"].told) == (1, True)
    assert not told["tension"].told  # 12 % of each
    assert found(since(session(a_set("left", count=7)), session(a_set("left", count=10)))[0][1])["tension"].told


def test_between_sessions_a_drop_must_change_by_more_than_both_wearings_can_be_off() -> None:
    at_least = DROP_TRUST_DEG * 2**0.5
    ((_, differences),) = since(session(a_set("left")), session(a_set("left", drop_deg=5.0 + at_least + 0.2)))
    assert found(differences)["drop"].told
    ((_, differences),) = since(session(a_set("left")), session(a_set("left", drop_deg=5.0 + at_least - 0.2)))
    assert not found(differences)["drop"].told


def test_between_the_legs_of_one_session_what_the_sensor_is_off_counts_twice() -> None:
    at_least = 2.0 * DROP_TRUST_DEG
    ((_, differences),) = left_right(session(a_set("left"), a_set("right", drop_deg=5.0 + at_least + 0.2)))
    assert found(differences)["drop"].told
    ((_, differences),) = left_right(session(a_set("left"), a_set("right", drop_deg=5.0 + at_least - 0.2)))
    assert not found(differences)["drop"].told


def test_what_each_rep_does_differently_hides_a_difference() -> None:
    wild = a_set("right", range_deg=68.0)
    reps = tuple(dataclasses.replace(r, range_deg=68.0 + 30.0 * (-1) ** k) for k, r in enumerate(wild.reps))
    ((_, differences),) = left_right(session(a_set("left"), dataclasses.replace(wild, reps=reps)))
    assert not found(differences)["range"].told


def test_sets_whose_side_is_open_are_compared_together_and_their_counts_are_no_difference() -> None:
    one = session(a_set("left"), a_set("right"), a_set(None))
    assert [(g.side, g.count) for g, _ in since(one, one)] == [(None, 30)]
    ((_, differences),) = left_right(one)
    assert not {"count", "tension"} & set(found(differences))


def test_sets_without_a_name_and_exercises_done_once_are_not_compared() -> None:
    nameless = dataclasses.replace(a_set("left"), exercise="unknown")
    assert groups_of([nameless]) == []
    assert since(session(hold()), session(a_set("left"))) == []


def test_holds_are_compared_by_their_length() -> None:
    ((group, differences),) = since(session(hold()), session(dataclasses.replace(hold(), hold_s=50.0)))
    assert group.exercise == "wall_lean"
    assert [(d.figure, d.told, round(d.by)) for d in differences] == [("hold", True, 5)]


def a_walk() -> tuple[Session, Series]:
    """Steps to the left; standing on the right leg the pelvis drops 10 degrees, on the left one 1."""
    reps = tuple(
        Rep(2.0 * k, 2.0 * k + 1.0, 2.0 * k + 2.0, 0.9, side="left" if k < 5 else "right", drop_deg=10.0) for k in range(10)
    )
    one = dataclasses.replace(
        squats(), exercise="lateral_band_walk", kind="steps", side="both", reps=reps, start_s=0.0, end_s=20.0
    )
    one = dataclasses.replace(one, count_by_side={"left": 5, "right": 5})
    t = np.arange(0.0, 20.0, 0.01)
    on_right = t % 2.0 < 1.0
    drop = np.where(on_right, 10.0, 1.0) * np.sin(np.pi * (t % 1.0)) + 0.01
    zeros = np.zeros(len(t), np.int32)
    return session(one), Series(t, np.where(on_right, -drop, drop), np.zeros(len(t)), drop, zeros, zeros)


def test_of_steps_the_drop_is_that_of_the_leg_that_stood_not_of_the_way_they_went() -> None:
    one, series = a_walk()
    ((_, differences),) = left_right(one, series)
    drop = found(differences)["drop"]
    assert abs(drop.before - 1.0) < 0.1
    assert abs(drop.now - 10.0) < 0.1
    assert drop.told
    ((_, differences),) = left_right(one)
    assert "drop" not in found(differences)  # without a series nobody knows which leg it was


def test_the_page_says_no_change_with_the_smallest_that_could_be_told() -> None:
    page = Page(report_html(session(a_set("left", range_deg=62.0)), earlier=session(a_set("left", range_deg=60.0))))
    assert "60° → 62° no change (±4°)" in page.words()
    assert "Single leg squat, left, since last time: no change that can be told." in page.words()
    page = Page(report_html(session(a_set("left", range_deg=70.0)), earlier=session(a_set("left", range_deg=60.0))))
    assert "60° → 70° 10° more" in page.words()
    assert "since last time: range: 10° more." in page.words()


def test_sessions_with_nothing_in_common_say_so() -> None:
    page = Page(report_html(session(a_set("left")), earlier=session(hold())))
    assert "The two sessions have no exercise and side in common." in page.words()
