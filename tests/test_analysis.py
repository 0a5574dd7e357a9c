"""analyze: what a session says of a recording, and what it says it doesn't know."""

from __future__ import annotations

from dataclasses import replace

import made
import numpy as np
import pytest

from imu_tracker.analysis import Wish, analyze, analyze_with_series
from imu_tracker.errors import NoSuchExercise
from imu_tracker.recording import Recording, stream_from_samples
from imu_tracker.simulate.api import record, simulate

PLAN = made.Plan(reps=8, out_s=1.2, pause_s=0.6, back_s=1.6, rest_s=0.4, range_deg=40.0)


def test_a_set_has_its_reps_their_tempo_and_range() -> None:
    (one,) = analyze(made.recording(PLAN, noise=0.02)).sets
    assert one.count == 8
    for rep, (start, turn, end) in zip(one.reps, PLAN.reps_at(), strict=True):
        assert rep.start_s == pytest.approx(start, abs=0.3)
        assert rep.turn_s == pytest.approx(turn, abs=0.5)
        assert rep.end_s == pytest.approx(end, abs=0.3)
        assert rep.range_deg == pytest.approx(40.0, abs=3.0)
        assert rep.out_s == pytest.approx(1.2, abs=0.4)
        assert rep.back_s == pytest.approx(1.6, abs=0.5)
        assert not rep.partial
    assert one.time_under_tension_s == pytest.approx(8 * PLAN.rep_s, rel=0.12)
    assert one.cadence_per_min == pytest.approx(60.0 / (PLAN.rep_s + 0.4), rel=0.03)


def test_what_cannot_be_known_is_none_with_a_reason() -> None:
    session = analyze(made.recording(PLAN))
    (one,) = session.sets
    assert (one.exercise, one.confidence, one.side, one.count_by_side) == ("unknown", None, None, None)
    for name in ("exercise", "confidence", "side", "count_by_side", "rise_s", "lower_s", "drop_deg"):
        assert one.unresolved[name]
    assert not one.pelvic_drop.resolved
    assert one.pelvic_drop.reason


def test_without_a_sensor_on_the_pelvis_its_mounting_is_not_known_and_the_reason_says_so() -> None:
    session, series = analyze_with_series(
        Recording({"thigh_left": made.recording(PLAN).streams["pelvis"]}), Wish("single_leg_squat", "left")
    )
    assert not session.mounting.resolved
    assert "pelvis=FILE" in (session.mounting.reason or "")
    assert session.sets[0].pelvic_drop.reason == session.mounting.reason
    assert np.isnan(series.obliquity_deg).all()


def test_a_named_exercise_brings_its_rise_its_threshold_and_its_side() -> None:
    (one,) = analyze(made.recording(PLAN), Wish("single_leg_squat", "left", None)).sets
    assert one.exercise == "single_leg_squat"
    assert one.count_by_side == {"left": 8, "right": 0}
    assert one.pelvic_drop.threshold_deg is not None
    assert all(r.rise_s == r.back_s and r.lower_s == r.out_s for r in one.reps)
    (mine,) = analyze(made.recording(PLAN), Wish("single_leg_squat", "left", 7.5)).sets
    assert mine.pelvic_drop.threshold_deg == 7.5


def test_steps_are_called_steps() -> None:
    (one,) = analyze(made.recording(PLAN), Wish("lateral_band_walk")).sets
    assert one.kind == "steps"


def test_an_unknown_exercise_is_an_error_with_near_names() -> None:
    with pytest.raises(NoSuchExercise, match="single_leg_squat"):
        analyze(made.recording(PLAN), Wish("single_leg_squad"))


def test_quiet_is_no_set() -> None:
    session = analyze(made.recording(made.Plan(reps=0, quiet_s=20.0), noise=0.05))
    assert session.sets == ()


@pytest.mark.parametrize("n", [2, 3, 10, 60, 200])
def test_very_short_recordings_have_no_sets_and_no_crash(n: int) -> None:
    t = np.arange(n) / 100.0
    acc = np.random.default_rng(n).normal(0, 1, (n, 3)) + np.array([0.0, 0.0, 9.81])
    session, series = analyze_with_series(Recording({"unknown": stream_from_samples(t, acc, 0.1 * acc)}))
    assert session.sets == ()
    assert len(series.t) == n


def test_constant_values_and_no_gyroscope() -> None:
    t = np.arange(1000) / 100.0
    same = np.tile([0.0, 0.0, 9.81], (1000, 1))
    assert analyze(Recording({"unknown": stream_from_samples(t, same, np.zeros((1000, 3)))})).sets == ()
    assert analyze(Recording({"unknown": stream_from_samples(t, same)})).sets == ()
    (one,) = analyze(made.recording(PLAN, gyroscope=False, noise=0.02)).sets
    assert one.count == 8


def test_two_sets_and_the_rest_between_them() -> None:
    plan = replace(PLAN, quiet_s=9.0)
    first, second = (made.recording(plan, noise=0.02, seed=k).streams["pelvis"] for k in (1, 2))
    assert first.gyr is not None
    assert second.gyr is not None
    t = np.r_[first.t, second.t + first.t[-1] + 0.01]
    both = Recording({"pelvis": stream_from_samples(t, np.vstack([first.acc, second.acc]), np.vstack([first.gyr, second.gyr]))})
    a, b = analyze(both).sets
    assert (a.count, b.count) == (8, 8)
    assert a.rest_before_s is None
    assert b.rest_before_s == pytest.approx(2 * plan.quiet_s + plan.rest_s, abs=0.6)


def test_the_moving_sensor_is_the_one_that_counts() -> None:
    moving = made.recording(PLAN, noise=0.02).streams["pelvis"]
    still = made.recording(made.Plan(reps=0, quiet_s=PLAN.duration_s / 2), noise=0.02, seed=5).streams["pelvis"]
    session = analyze(Recording({"pelvis": still, "thigh_left": moving}))
    assert [s.count for s in session.sets] == [8]
    assert sorted(session.recording.placements) == ["pelvis", "thigh_left"]


def test_the_series_covers_the_whole_recording() -> None:
    session, series = analyze_with_series(made.recording(PLAN))
    assert series.t[0] == 0.0
    assert series.t[-1] == pytest.approx(session.recording.duration_s, abs=0.011)
    assert np.isfinite(series.obliquity_deg).all()
    assert np.isnan(series.drop_deg).all()
    assert set(series.set_number) == {0, 1}
    assert series.rep_number.max() == 8


def test_progress_is_told_from_nothing_to_all() -> None:
    said: list[tuple[str, float]] = []
    analyze(made.recording(PLAN), progress=lambda what, share: said.append((what, share)))
    shares = [share for _, share in said]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert any("pelvis" in what for what, _ in said)


def test_long_sessions_lose_no_sets() -> None:
    """What counts near one set must not depend on how long the recording is."""
    rng = np.random.default_rng(3)
    parts, t0, total = [], 0.0, 0
    for k in range(25):
        plan = made.Plan(reps=int(rng.integers(5, 12)), out_s=rng.uniform(0.6, 1.5), back_s=rng.uniform(0.6, 2.0), quiet_s=10.0)
        s = made.recording(plan, noise=0.03, seed=k).streams["pelvis"]
        assert s.gyr is not None
        parts.append((s.t + t0, s.acc, s.gyr))
        t0 += plan.duration_s
        total += plan.reps
    t, acc, gyr = (np.concatenate([p[i] for p in parts]) for i in range(3))
    session = analyze(Recording({"pelvis": stream_from_samples(t, acc, gyr)}))
    assert len(session.sets) == 25
    assert sum(s.count for s in session.sets) == total


def test_a_named_hold_is_timed_and_not_counted() -> None:
    movement, truth = simulate("wall_lean", 12)
    true = [s for s in truth.sets if s.kind == "hold"]
    sets = analyze(record(movement, 12, ("pelvis",)), Wish(exercise="wall_lean", side="left")).sets
    assert [s.kind for s in sets] == ["hold"] * len(true)
    for s, t in zip(sets, true, strict=True):
        assert (s.count, s.reps, s.side) == (0, (), "left")
        assert s.hold_s == pytest.approx(t.hold_s, abs=0.5)
        assert s.hold is not None
        assert s.hold.ended == "moved"
        assert s.unresolved["cadence_per_min"]
