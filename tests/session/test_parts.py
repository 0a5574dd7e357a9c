"""A session in which one exercise and side was told after the other."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import numpy as np
import pytest

from imu_tracker.analysis import Wish, analyze_with_series
from imu_tracker.files.writing import write_table
from imu_tracker.ingest.recorder import ANNOTATIONS, Annotation, line_of
from imu_tracker.live import LiveSession, SetOver
from imu_tracker.recording import Recording
from imu_tracker.session import keeping
from imu_tracker.session.parts import Told, analyzed_in_parts
from imu_tracker.session.store import Store
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.plan import SessionPlan

LEFT, RIGHT, LEAN = Wish("single_leg_squat", "left", 6.0), Wish("single_leg_squat", "right"), Wish("wall_lean", "right")
REST = Part("rest", seconds=12)
NAME = "2026-03-01_09-30-05"


@functools.cache
def worn() -> tuple[Recording, tuple[Told, ...]]:
    """Squats on the left, on the right, and a hold; told as each set had been over for 8 s."""
    squats = [Part("single_leg_squat", count=5, side=side) for side in ("left", "right")]
    parts = (Part("quiet", seconds=3), Part("bows", count=2), squats[0], REST, squats[1], REST)
    plan = SessionPlan((*parts, Part("wall_lean", seconds=14, side="right"), Part("rest", seconds=4)), placements=("pelvis",))
    movement, truth = simulate(plan, 1)
    told = (Told(truth.sets[0].end_s + 8.0, RIGHT), Told(truth.sets[1].end_s + 8.0, LEAN))
    return record(movement, 1), told


def test_each_part_is_analysed_by_what_was_told_of_it() -> None:
    recording, told = worn()
    session, series = analyzed_in_parts(recording, LEFT, told)
    assert [(s.exercise, s.side, s.count, s.kind) for s in session.sets] == [
        ("single_leg_squat", "left", 5, "reps"),
        ("single_leg_squat", "right", 5, "reps"),
        ("wall_lean", "right", 0, "hold"),
    ]
    assert session.sets[2].hold_s == pytest.approx(14.0, abs=0.5)
    assert [s.pelvic_drop.threshold_deg for s in session.sets] == [6.0, 10.0, 5.0]
    assert all(s.pelvic_drop.resolved for s in session.sets)
    assert session.mounting.how == "bows"
    assert session.recording.duration_s == recording.duration_s
    rests = [s.rest_before_s for s in session.sets]
    assert rests[0] is None
    assert all(rest is not None and rest > 12.0 for rest in rests[1:])
    inside = {n: np.flatnonzero(series.set_number == n) for n in (1, 2, 3)}
    assert all(np.isfinite(series.drop_deg[rows]).mean() > 0.8 for rows in inside.values())
    left, right = (series.drop_deg[inside[n]] / series.obliquity_deg[inside[n]] for n in (1, 2))
    assert np.nanmedian(left) == pytest.approx(1.0)
    assert np.nanmedian(right) == pytest.approx(-1.0)


def test_with_nothing_told_it_is_the_plain_analysis() -> None:
    recording, _ = worn()
    assert analyzed_in_parts(recording, LEFT, ())[0] == analyze_with_series(recording, LEFT)[0]


def test_what_was_told_beyond_the_end_and_twice_changes_nothing() -> None:
    recording, told = worn()
    more = (*told, Told(recording.duration_s + 5.0, LEFT))
    assert analyzed_in_parts(recording, LEFT, more)[0].sets == analyzed_in_parts(recording, LEFT, told)[0].sets
    again = (Told(0.0, LEFT), *told)
    assert analyzed_in_parts(recording, RIGHT, again)[0].sets == analyzed_in_parts(recording, LEFT, told)[0].sets


def test_live_that_is_told_counts_the_same() -> None:
    recording, told = worn()
    expected, _ = analyzed_in_parts(recording, LEFT, told)
    live, wishes = LiveSession(LEFT), [t.wish for t in told]
    (stream,) = recording.streams.values()
    assert stream.gyr is not None
    t = stream.timing.t - recording.start_s
    for k in range(0, len(t), 10):
        here = slice(k, k + 10)
        for event in live.push("pelvis", t[here], stream.acc[here], stream.gyr[here]):
            if isinstance(event, SetOver) and wishes:
                live.tell(wishes.pop(0))
    live.finish()
    seen = [(s.exercise, s.side, s.count, s.kind, s.pelvic_drop.threshold_deg) for s in live.view.finished]
    assert seen == [(s.exercise, s.side, s.count, s.kind, s.pelvic_drop.threshold_deg) for s in expected.sets]
    assert live.view.finished[2].hold_s == pytest.approx(expected.sets[2].hold_s, abs=0.1)


def stored(root: Path) -> Store:
    """The same as a recorder leaves it."""
    recording, told = worn()
    folder = root / NAME
    folder.mkdir()
    (stream,) = recording.streams.values()
    about = {"placement": "pelvis", **{k: str(v) for k, v in keeping.wish_words(LEFT).items()}}
    write_table(stream, folder / "pelvis.parquet", about)
    marks = [Annotation(0.0, keeping.TOLD, {"since_s": t.since_s, **keeping.wish_words(t.wish)}) for t in told]
    marks.insert(1, Annotation(1.0, "calibration", {"stage": "done"}))
    (folder / ANNOTATIONS).write_text("".join(map(line_of, marks)) + '{"t_s": 3')  # cut short by a crash
    return Store(root)


def test_the_store_finds_what_was_told_in_the_marks(tmp_path: Path) -> None:
    store = stored(tmp_path)
    opened = store.open(NAME)
    assert [s.side for s in opened.session.sets] == ["left", "right", "right"]
    assert [t.wish for t in opened.kept.told] == [RIGHT, LEAN]
    (tmp_path / NAME / ANNOTATIONS).unlink()
    store.analyse(NAME)  # by what session.json has of it
    assert store.open(NAME).session == opened.session
    store.analyse(NAME, RIGHT)  # a person wants it otherwise, for all of it
    assert [s.side for s in store.open(NAME).session.sets] == ["right", "right"]
    assert store.open(NAME).kept.told == ()


def test_what_is_told_in_mid_set_is_true_of_all_of_it(tmp_path: Path) -> None:
    recording, told = worn()
    expected, _ = analyzed_in_parts(recording, LEFT, told)
    middle_s = expected.sets[1].reps[3].start_s
    live, since = LiveSession(LEFT), list[Told]()
    (stream,) = recording.streams.values()
    assert stream.gyr is not None
    t = stream.timing.t - recording.start_s
    for k in range(0, len(t), 10):
        here = slice(k, k + 10)
        live.push("pelvis", t[here], stream.acc[here], stream.gyr[here])
        if not since and live.now_s >= middle_s:
            since.append(Told(live.tell(RIGHT), RIGHT))
    live.finish()
    assert expected.sets[0].end_s < since[0].since_s < expected.sets[1].start_s
    session, _ = analyzed_in_parts(recording, LEFT, since)
    assert [(s.side, s.count) for s in session.sets] == [("left", 5), ("right", 5)]
    assert [(s.side, s.count) for s in live.view.finished] == [("left", 5), ("right", 5)]


def test_what_is_told_later_of_the_same_time_is_meant(tmp_path: Path) -> None:
    store = stored(tmp_path)
    with open(tmp_path / NAME / ANNOTATIONS, "a") as marks:
        marks.write("\n" + line_of(Annotation(0.0, keeping.TOLD, {"since_s": 1.0, **keeping.wish_words(RIGHT)})))
    assert [t.wish for t in store.open(NAME).kept.told] == [RIGHT]


@pytest.mark.parametrize("told", ["x", [1], [{"since_s": "x"}], [{"since_s": 1e999}], [{}]])
def test_what_was_told_in_a_broken_file_is_left_out(tmp_path: Path, told: object) -> None:
    store = stored(tmp_path)
    store.open(NAME)
    path = tmp_path / NAME / keeping.SESSION
    path.write_text(json.dumps(json.loads(path.read_text()) | {"told": told}))
    assert store.open(NAME).kept.told == ()
