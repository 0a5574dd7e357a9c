"""Corrections: their JSON, and the laws of laying them over a session."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from handmade_sessions import session as of_sets
from handmade_sessions import squats
from hypothesis import given
from hypothesis import strategies as st
from reasons import without_reason

from imu_tracker.errors import FileError, ImuTrackerError
from imu_tracker.exercises.cues import NO_EXERCISE
from imu_tracker.reps import figures_of
from imu_tracker.results import Mounting, PelvicDrop, RecordingInfo, Rep, Session, Set, from_dict, to_dict
from imu_tracker.results import to_json as session_json
from imu_tracker.session import (
    AddRep,
    AddSet,
    Edit,
    Edits,
    EditsError,
    MoveBoundary,
    NameExercise,
    RemoveRep,
    RemoveSet,
    SetCount,
    SetSide,
    apply,
    from_json,
    read_edits,
    to_json,
    write_edits,
)

REP_S, GAP_S = 2.0, 0.5


def a_set(start_s: float, n: int, last_end_s: float | None) -> Set:
    """n reps of 2 s with half a second between them, nothing said of side and name."""
    starts = [start_s + k * (REP_S + GAP_S) for k in range(n)]
    reps = tuple(
        Rep(
            t, t + 0.9, t + REP_S, 0.9, range_deg=50.0 - k, peak_rate_deg_s=90.0, out_s=0.8, pause_s=0.2, back_s=1.0, likeness=0.9
        )
        for k, t in enumerate(starts)
    )
    f = figures_of(reps)
    why = {"side": "not told", "count_by_side": "not told", "exercise": "not told", "rise_s": "not told", "lower_s": "not told"}
    return Set(
        start_s=reps[0].start_s,
        end_s=reps[-1].end_s,
        exercise="unknown",
        confidence=None,
        alternatives=(("squat", 0.3),),
        kind="reps",
        side=None,
        count=n,
        count_by_side=None,
        time_under_tension_s=f.time_under_tension_s,
        hold_s=None,
        cadence_per_min=f.cadence_per_min,
        rest_before_s=None if last_end_s is None else reps[0].start_s - last_end_s,
        reps=reps,
        pelvic_drop=PelvicDrop(reason="not measured"),
        unresolved=dict(sorted({**why, **f.unresolved}.items())),
        range_fade_percent=f.range_fade_percent,
        speed_fade_percent=f.speed_fade_percent,
    )


def session(*counts: int) -> Session:
    """Sets a minute apart, the first at 10 s."""
    sets: list[Set] = []
    for k, n in enumerate(counts):
        sets.append(a_set(10.0 + 60.0 * k, n, sets[-1].end_s if sets else None))
    return Session(RecordingInfo(60.0 * len(counts) + 20.0, {}), tuple(sets), Mounting(reason="not known"))


THREE = session(8, 6, 5)
FIRST, SECOND, THIRD = THREE.sets

times = st.floats(0.0, 200.0).map(lambda t: round(t, 2))
sides = st.sampled_from(["left", "right", "both"])
any_edit: st.SearchStrategy[Edit] = st.one_of(
    st.builds(SetCount, times, st.integers(0, 30)),
    st.builds(MoveBoundary, times, st.none() | times, st.none() | times),
    st.builds(lambda a, d: AddRep(a, round(a + d, 2)), times, st.floats(0.5, 4.0)),
    st.builds(RemoveRep, times),
    st.builds(RemoveSet, times),
    st.builds(lambda a, d, n: AddSet(a, round(a + d, 2), count=n), times, st.floats(1.0, 20.0), st.integers(0, 12)),
    st.builds(NameExercise, times, st.sampled_from(["squat", "lateral_band_walk", "my own"])),
    st.builds(SetSide, times, sides),
)


def fitting(start: Session, tried: list[Edit]) -> Edits:
    """Those of the corrections that fit, one after the other."""
    edits = Edits()
    for edit in tried:
        try:
            apply(start, edits.then(edit))
        except EditsError:
            continue
        edits = edits.then(edit)
    return edits


@given(st.lists(any_edit, max_size=12))
def test_corrections_survive_their_json(edits: list[Edit]) -> None:
    written = Edits(tuple(edits))
    assert from_json(to_json(written)) == written
    assert to_json(from_json(to_json(written))) == to_json(written)


def test_no_corrections_change_nothing() -> None:
    assert apply(THREE, Edits()) is THREE
    assert apply(THREE, from_json('{"schema": 1, "edits": []}')) == THREE


@given(st.lists(any_edit, max_size=15))
def test_applying_twice_is_applying_once_also_through_json_and_a_file_that_grows(tried: list[Edit]) -> None:
    edits = fitting(THREE, tried)
    once = apply(THREE, edits)
    assert apply(once, edits) == once
    for k in range(len(edits.edits)):
        grown = apply(apply(THREE, Edits(edits.edits[:k])), edits)
        assert grown == once
    stored = from_dict(json.loads(session_json(once)))
    assert apply(stored, from_json(to_json(edits))) == stored


@given(st.lists(any_edit, max_size=15))
def test_corrections_are_applied_in_the_order_written(tried: list[Edit]) -> None:
    edits = fitting(THREE, tried)
    step = THREE
    for k in range(len(edits.edits)):
        step = dataclasses.replace(
            apply(dataclasses.replace(step, corrections=()), Edits(edits.edits[k : k + 1])), corrections=()
        )
    assert step.sets == apply(THREE, edits).sets


@given(st.lists(any_edit, max_size=15))
def test_whatever_is_corrected_the_session_stays_in_order(tried: list[Edit]) -> None:
    corrected = apply(THREE, fitting(THREE, tried))
    last = -1.0
    for s in corrected.sets:
        assert last <= s.start_s < s.end_s
        assert s.rest_before_s is None if last < 0 else s.rest_before_s == pytest.approx(s.start_s - last, abs=1e-9)
        last = s.end_s
        inside = s.start_s
        for r in s.reps:
            assert inside <= r.start_s < r.turn_s < r.end_s <= s.end_s
            inside = r.end_s
            if r.out_s is not None and r.pause_s is not None and r.back_s is not None:
                assert min(r.out_s, r.pause_s, r.back_s) >= 0.0
        if s.count != len(s.reps):
            assert str(s.count) in s.unresolved["reps"]
        for name in ("side", "count_by_side", "cadence_per_min", "time_under_tension_s", "range_fade_percent"):
            if getattr(s, name) is None and s.kind != "hold":
                assert s.unresolved[name]


def within(s: Set) -> st.SearchStrategy[Edit]:
    """Corrections of one set that don't move its ends."""
    at = st.floats(s.start_s + 3.0, s.end_s - 3.0).map(lambda t: round(t, 2))
    return st.one_of(
        st.builds(SetCount, at, st.integers(0, 30)),
        st.builds(RemoveRep, at),
        st.builds(NameExercise, at, st.just("squat")),
        st.builds(SetSide, at, sides),
    )


@given(st.integers(0, 2), st.data())
def test_sets_that_nobody_corrected_stay_as_they_were(which: int, data: st.DataObject) -> None:
    tried = data.draw(st.lists(within(THREE.sets[which]), min_size=1, max_size=6))
    corrected = apply(THREE, fitting(THREE, tried))
    before, after = to_dict(THREE)["sets"], to_dict(corrected)["sets"]
    for k in range(3):
        if k != which:
            assert corrected.sets[k] is THREE.sets[k]
            assert json.dumps(after[k]) == json.dumps(before[k])


def test_a_count_is_the_persons_and_the_reps_stay() -> None:
    (one, *_) = apply(THREE, Edits((SetCount(11.0, 10),))).sets
    assert (one.count, one.reps) == (10, FIRST.reps)
    assert one.unresolved["reps"] == "a person counted 10; the reps listed are the 8 that were found"
    (back, *_) = apply(THREE, Edits((SetCount(11.0, 10), SetCount(11.0, 8)))).sets
    assert "reps" not in back.unresolved
    (sided, *_) = apply(THREE, Edits((SetSide(11.0, "left"), SetCount(11.0, 10)))).sets
    assert sided.count_by_side == {"left": 10, "right": 0}


def test_a_moved_boundary_moves_the_phase_beside_it_and_the_neighbour_in_its_way() -> None:
    (one, *_) = apply(THREE, Edits((MoveBoundary(13.0, start_s=11.7, end_s=14.8),))).sets
    before, moved = one.reps[0], one.reps[1]
    assert (moved.start_s, moved.end_s, moved.confidence) == (11.7, 14.8, 1.0)
    assert moved.out_s is not None
    assert moved.out_s == pytest.approx(0.8 + 0.8)
    assert moved.back_s == pytest.approx(1.0 + 0.3)
    assert moved.out_s + (moved.pause_s or 0.0) + (moved.back_s or 0.0) == pytest.approx(moved.duration_s)
    assert before.end_s == 11.7
    assert before.back_s == pytest.approx(0.7)
    assert one.time_under_tension_s == pytest.approx(8 * REP_S + 0.8 + 0.3 - 0.3)
    assert one.count == 8


def test_a_moved_end_of_a_set_changes_the_rest_after_it() -> None:
    moved = apply(THREE, Edits((MoveBoundary(28.0, end_s=30.5),)))
    assert moved.sets[0].end_s == 30.5
    assert moved.sets[1].rest_before_s == pytest.approx(70.0 - 30.5)
    assert dataclasses.replace(moved.sets[1], rest_before_s=SECOND.rest_before_s) == SECOND
    assert moved.sets[2] is THIRD


def test_an_added_rep_has_its_times_alone_and_says_so() -> None:
    (one, *_) = apply(THREE, Edits((AddRep(30.0, 32.0),))).sets
    assert (one.count, one.end_s) == (9, 32.0)
    new = one.reps[-1]
    assert (new.start_s, new.turn_s, new.confidence, new.range_deg, new.out_s) == (30.0, 31.0, 1.0, None, None)
    for name in ("range_deg", "out_s", "turn_s", "likeness"):
        assert one.unresolved[name]
    (said, *_) = apply(THREE, Edits((AddRep(30.0, 32.0, 30.4),))).sets
    assert said.reps[-1].turn_s == 30.4


def test_a_rep_or_set_that_was_none_goes() -> None:
    (one, *_) = apply(THREE, Edits((RemoveRep(10.5),))).sets
    assert (one.count, one.start_s, one.reps) == (7, 12.5, FIRST.reps[1:])
    left = apply(THREE, Edits((RemoveSet(75.0),))).sets
    assert [s.start_s for s in left] == [FIRST.start_s, THIRD.start_s]
    assert left[0] is FIRST
    assert left[1].rest_before_s == pytest.approx(THIRD.start_s - FIRST.end_s)


def test_a_set_is_added_from_a_time_range() -> None:
    counted = apply(THREE, Edits((AddSet(40.0, 55.0, count=6, exercise="single_leg_squat", side="left"),))).sets[1]
    assert (counted.count, counted.count_by_side, counted.exercise) == (6, {"left": 6, "right": 0}, "single_leg_squat")
    assert counted.time_under_tension_s is None
    assert counted.unresolved["time_under_tension_s"]
    assert counted.rest_before_s == pytest.approx(40.0 - FIRST.end_s)
    known = apply(THREE, Edits((AddSet(40.0, 50.0, reps=((40.5, 43.0), (43.0, 46.0))),))).sets[1]
    assert (known.count, known.start_s, known.time_under_tension_s) == (2, 40.0, 5.5)
    hold = apply(THREE, Edits((AddSet(40.0, 55.0, kind="hold"),))).sets[1]
    assert (hold.hold_s, hold.time_under_tension_s, hold.count) == (15.0, 15.0, 0)


def test_a_named_exercise_brings_its_rise_and_steps_are_steps() -> None:
    (one, *_) = apply(THREE, Edits((NameExercise(11.0, "single_leg_squat"),))).sets
    assert all((r.rise_s, r.lower_s) == (r.back_s, r.out_s) for r in one.reps)
    assert "exercise" not in one.unresolved
    assert (one.alternatives, one.confidence) == ((), None)
    assert one.pelvic_drop.threshold_deg is not None
    assert apply(THREE, Edits((NameExercise(11.0, "lateral_band_walk"),))).sets[0].kind == "steps"
    own = apply(THREE, Edits((NameExercise(11.0, "my own"),))).sets[0]
    assert own.exercise == "my own"
    assert own.unresolved["rise_s"]


def test_a_side_is_that_of_the_set_and_its_reps() -> None:
    (one, *_) = apply(THREE, Edits((SetSide(11.0, "right"),))).sets
    assert (one.side, one.count_by_side, {r.side for r in one.reps}) == ("right", {"left": 0, "right": 8}, {"right"})
    assert not {"side", "count_by_side"} & set(one.unresolved)
    before = {k: v for k, v in THREE.sets[0].unresolved.items() if k not in ("side", "count_by_side")}
    assert one.unresolved == before | {"cues": NO_EXERCISE}
    (both, *_) = apply(THREE, Edits((SetSide(11.0, "both"),))).sets
    assert both.count_by_side is None
    assert both.unresolved["count_by_side"]


def test_what_was_measured_of_the_other_side_is_not_told_of_this_one() -> None:
    was = of_sets(squats())
    (one, *_) = apply(was, Edits((SetSide(20.0, "left"),))).sets
    assert was.sets[0].reps[0].drop_deg is not None
    assert all(r.drop_deg is None and r.drop_uncertainty_deg is None for r in one.reps)
    assert (one.pelvic_drop.resolved, one.pelvic_drop.threshold_deg, one.pelvic_drop.events) == (False, 5.0, ())
    assert "--side left" in one.unresolved["drop_deg"]
    (same, *_) = apply(was, Edits((SetSide(20.0, "right"),))).sets
    assert same.pelvic_drop == was.sets[0].pelvic_drop


def test_a_set_added_by_hand_says_of_each_figure_why_it_is_not_there() -> None:
    new = apply(THREE, Edits((AddSet(40.0, 55.0, reps=((41.0, 44.0), (45.0, 48.0))),))).sets[1]
    assert without_reason(new) == []


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (SetCount(5.0, 3), "no set at 5 s; the sets are 10.0–29.5 s, 70.0–84.5 s, 130.0–142.0 s."),
        (RemoveRep(12.2), "no rep at 12.2 s in the set from 10 to 29.5 s"),
        (MoveBoundary(13.0), "neither where the rep starts nor where it ends"),
        (MoveBoundary(13.0, start_s=13.6), "lose its turn at 13.4 s"),
        (MoveBoundary(13.0, start_s=10.5), "lose its turn at 10.9 s"),
        (MoveBoundary(28.0, end_s=75.0), "overlap its neighbour"),
        (AddRep(13.0, 14.0), "overlaps the rep from 12.5 to 14.5 s"),
        (AddRep(40.0, 42.0), "no set within 8 s"),
        (AddRep(31.0, 30.0), "not in order"),
        (AddSet(20.0, 40.0, count=3), "overlaps the set from 10 to 29.5 s"),
        (AddSet(40.0, 39.0, count=3), "not in order"),
        (AddSet(40.0, 50.0), "say its count, or its reps"),
        (AddSet(40.0, 50.0, kind="hold", count=3), "no reps and no count"),
        (AddSet(40.0, 50.0, reps=((41.0, 44.0), (43.0, 46.0))), "overlap, or reach beyond"),
        (AddSet(40.0, 50.0, reps=((41.0, 54.0),)), "overlap, or reach beyond"),
    ],
)
def test_a_correction_that_does_not_fit_is_one_sentence(edit: Edit, said: str) -> None:
    with pytest.raises(EditsError) as caught:
        apply(THREE, Edits((edit,)))
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"Correction 1 ({edit.op}): ")
    assert isinstance(caught.value, ImuTrackerError)


def test_the_last_rep_and_a_holds_count_are_not_corrected_away() -> None:
    with pytest.raises(EditsError, match="remove the set instead"):
        apply(session(1), Edits((RemoveRep(10.5),)))
    with pytest.raises(EditsError, match="hold, which has no count"):
        apply(THREE, Edits((AddSet(40.0, 55.0, kind="hold"), SetCount(41.0, 3))))
    with pytest.raises(EditsError, match="the session has none"):
        apply(session(), Edits((RemoveSet(3.0),)))


def test_other_corrections_over_a_corrected_session_are_refused() -> None:
    once = apply(THREE, Edits((SetCount(11.0, 10),)))
    with pytest.raises(EditsError, match="corrected otherwise already"):
        apply(once, Edits((SetCount(11.0, 9),)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "should be JSON"),
        ("[]", '"schema": 1'),
        ('{"schema": 2, "edits": []}', '"schema": 1'),
        ('{"schema": 1, "edits": [3]}', "no operation 3"),
        ('{"schema": 1, "edits": [{"op": "undo"}]}', "no operation 'undo'; there are count, move_boundary"),
        ('{"schema": 1, "edits": [{"op": "count", "at_s": 1}]}', "'count' needs 'count'; its fields are at_s, count"),
        ('{"schema": 1, "edits": [{"op": "remove_set", "at_s": 1, "why": 2}]}', "has no field 'why'"),
        ('{"schema": 1, "edits": [{"op": "remove_set", "at_s": "1"}]}', "it should be a time in seconds"),
        ('{"schema": 1, "edits": [{"op": "remove_set", "at_s": NaN}]}', "it should be a time in seconds"),
        ('{"schema": 1, "edits": [{"op": "count", "at_s": 1, "count": 2.5}]}', "it should be a whole number"),
        ('{"schema": 1, "edits": [{"op": "side", "at_s": 1, "side": "up"}]}', "it should be one of left, right, both"),
        ('{"schema": 1, "edits": [{"op": "exercise", "at_s": 1, "exercise": " "}]}', "it should be a name"),
        ('{"schema": 1, "edits": [{"op": "add_set", "start_s": 1, "end_s": 2, "reps": [[1]]}]}', "[start, end] pairs"),
    ],
)
def test_corrections_of_another_form_are_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(EditsError) as caught:
        from_json(text)
    assert said in str(caught.value)


def test_corrections_are_kept_in_a_file(tmp_path: Path) -> None:
    edits = Edits((SetCount(11.0, 10), AddSet(40.0, 50.0, reps=((41.0, 44.0),))))
    path = tmp_path / "edits.json"
    write_edits(edits, path)
    assert read_edits(path) == edits
    path.write_text("{")
    with pytest.raises(FileError, match="should be JSON"):
        read_edits(path)
    with pytest.raises(FileError, match="can't be read"):
        read_edits(tmp_path / "absent.json")
