"""Live: the same counting over a growing recording, told as it happens."""

from __future__ import annotations

import itertools

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import bundled, played, told

from imu_tracker.analysis import Wish, analyze
from imu_tracker.live import DropSeen, LiveEvent, LiveParameters, LiveSession, RepSeen, SetOver
from imu_tracker.recording import Recording

SQUAT = Wish("single_leg_squat", "right")
WALK = Wish("lateral_band_walk")
DEMOS = [("single_leg_squat.csv", SQUAT), ("lateral_band_walk.csv", WALK)]
FILES = [
    *DEMOS,
    ("hip_thrust.parquet", Wish("hip_thrust")),
    ("lateral_step_up.parquet", Wish("lateral_step_up", "left")),
    ("single_leg_deadlift.parquet", Wish("single_leg_deadlift", "right")),
    ("wall_lean.parquet", Wish("wall_lean", "left")),
]


@pytest.mark.parametrize(("file", "wish"), FILES)
def test_the_sets_that_are_over_are_those_of_the_analysis(file: str, wish: Wish) -> None:
    recording = bundled(file)
    live, events = played(recording, wish)
    expected = analyze(recording, wish).sets
    assert [s.count for s in live.view.finished] == [s.count for s in expected]
    assert [s.hold_s for s in live.view.finished] == pytest.approx([s.hold_s for s in expected], abs=0.1)
    assert [e.found for e in events if isinstance(e, SetOver)] == list(live.view.finished)


def test_a_name_of_ones_own_is_counted_and_told_as_in_the_analysis() -> None:
    recording, wish = bundled("single_leg_squat.csv"), Wish(side="right", own="heavy clam")
    live, _ = played(recording, wish)
    expected = analyze(recording, wish).sets
    assert [(s.exercise, s.count) for s in live.view.finished] == [(s.exercise, s.count) for s in expected]
    assert {s.exercise for s in expected} == {"heavy clam"}


def test_two_sensors_are_one_session() -> None:
    recording = bundled("frog_pump.pelvis.parquet", "frog_pump.thigh_right.parquet")
    live, _ = played(recording, Wish("frog_pump"))
    assert [s.count for s in live.view.finished] == [s.count for s in analyze(recording, Wish("frog_pump")).sets]


@given(st.integers(0, 1000))
@settings(max_examples=4, deadline=None)
def test_how_late_each_sensor_arrives_changes_nothing(seed: int) -> None:
    recording, wish = bundled("frog_pump.pelvis.parquet", "frog_pump.thigh_right.parquet"), Wish("frog_pump")
    rng = np.random.default_rng(seed)
    parcels: list[tuple[float, str, slice]] = []
    for name, stream in recording.streams.items():
        arrival_s, at = 0.0, 0
        while at < len(stream):  # packets come in order, now at once and now in bursts
            here = slice(at, min(at + int(rng.integers(1, 40)), len(stream)))
            arrival_s = max(arrival_s, float(stream.timing.t[here.stop - 1]) + float(rng.exponential(0.3)))
            parcels.append((arrival_s, name, here))
            at = here.stop
    live, events = LiveSession(wish, zero_s=0.0), list[LiveEvent]()
    for _, name, here in sorted(parcels, key=lambda parcel: parcel[0]):
        s = recording.streams[name]
        events += live.push(name, s.timing.t[here] - recording.start_s, s.acc[here], None if s.gyr is None else s.gyr[here])
    events += live.finish()
    expected = played(recording, live=LiveSession(wish, zero_s=0.0))[1]
    assert told(events) == told(expected)


@pytest.mark.parametrize("blocks", [(1,), (7,), (100,), (500,), (1, 500, 3, 40)])
def test_blocks_change_nothing(blocks: tuple[int, ...]) -> None:
    _, expected = played(bundled("single_leg_squat.csv"), SQUAT)
    live, events = played(bundled("single_leg_squat.csv"), SQUAT, blocks)
    assert told(events) == told(expected)
    assert len(live.view.finished) == 1


@given(st.lists(st.integers(1, 500), min_size=1, max_size=8))
@settings(max_examples=5, deadline=None)
def test_blocks_of_any_sizes_change_nothing(blocks: list[int]) -> None:
    recording = made.recording(made.Plan(reps=5), noise=0.02)
    assert told(played(recording, blocks=blocks)[1]) == told(played(recording)[1])


def test_a_rep_is_told_within_six_tenths_of_a_second() -> None:
    late = []
    for file, wish in DEMOS:
        seen = [e for e in played(bundled(file), wish)[1] if isinstance(e, RepSeen)]
        (one,) = analyze(bundled(file), wish).sets
        late += [min(e.t_s for e in seen if e.number >= k) - r.end_s for k, r in enumerate(one.reps, 1)]
    assert np.median(late) <= 0.6


def test_a_drop_is_told_within_three_tenths_of_a_second() -> None:
    late = []
    for file, wish in DEMOS:
        told = [e for e in played(bundled(file), wish)[1] if isinstance(e, DropSeen)]
        drops = [e for s in analyze(bundled(file), wish).sets for e in s.pelvic_drop.events]
        late += [min((d.t_s - e.start_s for d in told if abs(d.since_s - e.start_s) < 0.3), default=np.inf) for e in drops]
        assert len(told) <= len(drops)
    assert len(late) >= 8
    assert np.mean(np.array(late) <= 0.3) >= 0.75


def test_reps_are_provisional_first_and_then_firm() -> None:
    recording, live = bundled("single_leg_squat.csv"), LiveSession(SQUAT)
    (stream,) = recording.streams.values()
    firm = set()
    provisional = 0
    for k in range(0, len(stream), 10):
        assert stream.gyr is not None
        live.push("pelvis", stream.timing.t[k : k + 10], stream.acc[k : k + 10], stream.gyr[k : k + 10])
        if live.view.going_on is not None:
            reps = live.view.going_on.reps
            provisional += any(not rep.firm for rep in reps)
            firm |= {len([rep for rep in reps if rep.firm])}
            assert all(a.firm or not b.firm for a, b in itertools.pairwise(reps))
    assert provisional
    assert firm >= {3, 4, 5, 6, 7, 8}


def test_angles_come_within_half_a_degree_of_the_analysis() -> None:
    from imu_tracker.analysis import analyze_with_series

    recording, live = bundled("single_leg_squat.csv"), LiveSession(SQUAT)
    (stream,) = recording.streams.values()
    assert stream.gyr is not None
    series = analyze_with_series(recording, SQUAT)[1]
    off = []
    for k in range(0, len(stream), 10):
        live.push("pelvis", stream.timing.t[k : k + 10], stream.acc[k : k + 10], stream.gyr[k : k + 10])
        view = live.view
        if view.mounting.how == "bows" and view.level.obliquity_deg is not None and view.t_s > 20.0:
            off.append(view.level.obliquity_deg - series.obliquity_deg[round(view.t_s * 100)])
    assert len(off) > 300
    assert np.nanmedian(np.abs(off)) < 0.5


def test_a_hold_is_timed_while_it_lasts() -> None:
    recording, live = bundled("wall_lean.parquet"), LiveSession(Wish("wall_lean", "left"))
    (stream,) = recording.streams.values()
    assert stream.gyr is not None
    held = []
    for k in range(0, len(stream), 10):
        live.push("pelvis", stream.timing.t[k : k + 10], stream.acc[k : k + 10], stream.gyr[k : k + 10])
        going_on = live.view.going_on
        held += [going_on.hold_s] if going_on is not None and going_on.hold_s is not None else []
    assert held[0] < 7.0
    assert max(held) < 26.1  # it is looked at once a second
    assert held[-1] == pytest.approx(25.0, abs=0.2)
    (one,) = live.view.finished
    assert one.hold_s == pytest.approx(25.0, abs=0.2)


def test_standing_still_shows_no_set_and_its_mounting() -> None:
    quiet = made.recording(made.Plan(reps=0, quiet_s=20.0), noise=0.03)
    live, events = played(quiet)
    assert events == []
    assert live.view.going_on is None
    assert live.view.mounting.how == "nominal"
    assert live.view.level.obliquity_deg == pytest.approx(0.0, abs=0.5)
    assert live.view.t_s == pytest.approx(39.9, abs=0.2)


def test_an_accelerometer_alone_is_counted_and_has_no_level() -> None:
    recording = made.recording(made.Plan(reps=7, quiet_s=12.0), gyroscope=False, noise=0.02)
    live, _ = played(recording)
    assert [s.count for s in live.view.finished] == [s.count for s in analyze(recording).sets] == [7]
    assert live.view.level.obliquity_deg is None
    assert live.view.mounting.reason is not None


def test_a_gap_parts_nothing_else() -> None:
    whole = made.recording(made.Plan(reps=8, quiet_s=12.0), noise=0.02)
    recording: Recording = made.with_gap(whole, 14.0, 15.0)
    live, _ = played(recording)
    assert sum(s.count for s in live.view.finished) == sum(s.count for s in analyze(recording).sets)


def test_what_is_forgotten_is_not_missed() -> None:
    recording = bundled("single_leg_squat.csv")
    _, expected = played(recording, SQUAT)
    live = LiveSession(SQUAT, LiveParameters(kept_s=0.0))
    assert told(played(recording, live=live)[1]) == told(expected)


def test_nothing_pushed_is_nothing_told() -> None:
    live = LiveSession()
    assert live.push("pelvis", np.zeros(0), np.zeros((0, 3)), np.zeros((0, 3))) == ()
    assert live.finish() == ()
    assert live.view.finished == ()
