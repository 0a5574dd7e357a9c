"""What changed over sessions: told only where the measurement can tell."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_sessions import a_rep, a_session, a_set

from imu_tracker.results import Session
from imu_tracker.session.trends import (
    Change,
    Measured,
    Point,
    Trend,
    Work,
    before,
    changes,
    from_dict,
    left_against_right,
    nine_of_ten,
    points_of,
    to_dict,
    trends,
)

FIRST = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def squats(drops: list[float], ranges: list[float] | None = None, side: str = "left") -> Session:
    """A set of single-leg squats with these drops."""
    ranges = ranges or [60.0] * len(drops)
    reps = [a_rep(10.0 + 2.5 * k, side, r, d) for k, (d, r) in enumerate(zip(drops, ranges, strict=True))]
    return a_session(a_set(reps, side=side))


def point(session: Session, day: float = 0.0, subject: str | None = None) -> Point:
    (one,) = points_of(session, f"day {day:g}", FIRST + timedelta(days=day), subject)
    return one


def told(found: tuple[Change, ...]) -> dict[str, float]:
    return {c.figure: round(c.by, 6) for c in found if c.told}


def test_a_point_is_what_was_done_of_one_exercise() -> None:
    lunges = [a_rep(50.0 + 2.5 * k, "right", 70.0) for k in range(4)]
    more = [a_rep(80.0 + 2.5 * k, "left", 50.0) for k in range(6)]
    squat, lunge = points_of(
        a_session(a_set(more[:3], "squat"), a_set(lunges, "lunge", "right"), a_set(more[3:], "squat")), "s", None
    )
    assert (squat.exercise, squat.sets, squat.whole.count) == ("squat", 2, 6)
    assert (lunge.left, lunge.sets) == (None, 1)
    assert lunge.right is not None
    assert lunge.right.count == 4
    assert lunge.right.range_deg == Measured(70.0, 3.0, 3.0)
    assert squat.whole.time_under_tension_s == Measured(12.0, 0.12 * 12.0)


def test_holds_are_timed_more_surely_than_reps() -> None:
    held = replace(a_set([a_rep(10.0)], "wall_lean"), kind="hold", count=0, reps=(), time_under_tension_s=40.0, hold_s=40.0)
    again = replace(held, start_s=60.0, end_s=100.0)
    assert point(a_session(held, again)).whole.time_under_tension_s == Measured(80.0, 0.3 * math.sqrt(2.0))


def test_movements_that_nobody_named_are_counted_but_not_measured_together() -> None:
    unknown = point(a_session(a_set([a_rep(10.0), a_rep(13.0)], "unknown")))
    assert unknown.whole.count == 2
    assert unknown.whole.range_deg is unknown.whole.drop_deg is None


def test_the_count_is_split_between_sides_only_where_that_is_known() -> None:
    both = a_set([a_rep(10.0, "left"), a_rep(13.0, "right"), a_rep(16.0, "right")], side="both")
    split = point(a_session(both))
    assert split.left is not None
    assert split.right is not None
    assert (split.left.count, split.right.count) == (1, 2)
    unsplit = point(a_session(replace(both, count=5, count_by_side=None)))
    assert unsplit.left is unsplit.right is None
    assert unsplit.whole.count == 5


def test_a_change_smaller_than_the_measurement_can_tell_is_none() -> None:
    first, little, much = (point(squats([d] * 8), day) for day, d in ((0.0, 4.0), (2.0, 8.0), (4.0, 8.5)))
    assert told(changes(first, little)) == {}
    # Three degrees each way, though the reps say two, of errors that have nothing to do with each other: 4.24 together.
    assert told(changes(first, much)) == {"drop_deg": 4.5}
    (drop,) = (c for c in changes(first, much) if c.figure == "drop_deg")
    assert (drop.before, drop.now) == (4.0, 8.5)
    assert drop.uncertainty == pytest.approx(math.sqrt(18.0))


def test_reps_that_differ_a_lot_hide_a_change_that_alike_ones_show() -> None:
    alike = point(squats([1.0] * 4, [60.0] * 4)), point(squats([1.0] * 4, [68.0] * 4))
    assert told(changes(*alike)) == {"range_deg": 8.0}
    spread = [20.0, -20.0, 20.0, -20.0]
    unlike = point(squats([1.0] * 4, [60.0 + x for x in spread])), point(squats([1.0] * 4, [68.0 + x for x in spread]))
    assert told(changes(*unlike)) == {}


def test_more_reps_do_not_make_the_sensors_own_error_smaller() -> None:
    few, many = point(squats([4.0] * 5)), point(squats([4.0] * 500))
    assert few.whole.drop_deg is not None
    assert many.whole.drop_deg is not None
    assert many.whole.drop_deg.uncertainty == pytest.approx(few.whole.drop_deg.uncertainty) == 3.0


def test_counts_are_compared_as_they_are() -> None:
    assert told(changes(point(squats([1.0] * 8)), point(squats([1.0] * 9)))) == {"count": 1.0}
    assert told(changes(point(squats([1.0] * 8)), point(squats([1.0] * 12)))) == {"count": 4.0, "time_under_tension_s": 8.0}
    with pytest.raises(ValueError, match="can't be compared"):
        changes(point(squats([1.0] * 8)), replace(point(squats([1.0] * 8)), exercise="lunge"))


def test_left_against_right_counts_an_error_in_level_twice() -> None:
    reps = [a_rep(10.0 + 2.5 * k, "left" if k % 2 else "right", drop_deg=6.5 if k % 2 else 3.0) for k in range(8)]
    one = point(a_session(a_set(reps, side="both")))
    drop = {c.figure: c for c in left_against_right(one)}["drop_deg"]
    assert (drop.by, drop.told) == (3.0 - 6.5, False)
    assert drop.uncertainty == pytest.approx(6.0)
    assert left_against_right(point(squats([1.0] * 4))) == ()


def test_the_growth_of_the_drop_within_sets_is_averaged_over_them() -> None:
    four = [[a_rep(start_s + 2.5 * k, "left", 60.0, 3.0) for k in range(4)] for start_s in (10.0, 40.0)]
    growth = point(
        a_session(*(a_set(r, side="left", change_deg=c) for r, c in zip(four, (2.0, 4.0), strict=True)))
    ).drop_change_deg
    assert growth is not None
    assert (growth.value, growth.uncertainty) == (3.0, math.sqrt(2.0) / 2.0)


def test_the_last_time_is_the_same_persons_and_before() -> None:
    points = [point(squats([1.0] * 4), day, who) for day, who in ((0.0, "kim"), (2.0, "kim"), (3.0, "jo"), (4.0, "kim"))]
    assert before(points, points[3]) == points[1]
    assert before(points, points[1]) == points[0]
    assert before(points, points[0]) is None
    assert before(points, replace(points[3], exercise="lunge")) is None
    assert before(points, replace(points[3], started=None)) is None


def test_a_trend_is_told_per_week_where_it_goes_anywhere() -> None:
    falling = [point(squats([8.0 - 0.1 * day] * 6), day) for day in np.arange(0.0, 42.0, 3.5)]
    found = {t.figure: t for t in trends(falling)}
    assert found["drop_deg"].per_week == pytest.approx(-0.7)
    assert found["drop_deg"].told
    assert not found["range_deg"].told
    assert found["count"] == Trend("count", 12, 0.0, 0.0)
    assert trends(falling[:3]) == ()
    assert trends([replace(p, started=FIRST) for p in falling]) == ()


def test_one_in_ten_sessions_of_nothing_but_chance_shows_a_trend() -> None:
    rng = np.random.default_rng(5)
    shown = 0
    for _ in range(1000):
        values = rng.normal(5.0, 1.0, 8)
        work = [Work(10, None, None, Measured(float(v), 0.1, 0.1)) for v in values]
        points = [Point("s", FIRST + timedelta(days=float(k)), "squat", None, 1, w, None, None, None) for k, w in enumerate(work)]
        shown += {t.figure: t for t in trends(points)}["drop_deg"].told
    assert shown == pytest.approx(100, abs=35)


def test_students_quantile_is_scipys() -> None:
    from scipy.stats import t

    for freedom in [*range(1, 40), 100, 1000]:
        assert nine_of_ten(freedom) == pytest.approx(t.ppf(0.95, freedom), rel=0.004)


figures = st.none() | st.builds(Measured, *[st.floats(-100, 100)] * 3)
works = st.builds(Work, st.integers(0, 100), figures, figures, figures)
times = st.none() | st.datetimes(timezones=st.just(UTC))


names = st.text(max_size=9)


@given(st.builds(Point, names, times, names, st.none() | names, st.integers(0, 9), works, *[st.none() | works] * 2, figures))
def test_a_point_survives_its_json(written: Point) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(written)))) == written
