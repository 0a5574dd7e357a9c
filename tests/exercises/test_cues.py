"""Cues: which reps met them, by the catalogue's limits; what can't be measured is said and not guessed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imu_tracker.analysis import Wish, analyze
from imu_tracker.exercises import Cue, find, load_catalogue
from imu_tracker.exercises.cues import OF_HOLD, OF_REP, USUAL_ERROR, cue_result, met, with_cues
from imu_tracker.results import HoldFigures, PelvicDrop, Rep, Set
from imu_tracker.session import RemoveRep, edits
from imu_tracker.session.applying import apply
from imu_tracker.simulate.api import record, worn_for
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.session import perform


def rep(k: int, **figures: float | None) -> Rep:
    """The k-th of reps that take three seconds each."""
    return replace(Rep(3.0 * k, 3.0 * k + 1.5, 3.0 * k + 3.0, 1.0), **figures)  # type: ignore[arg-type]


def a_set(*reps: Rep, **more: object) -> Set:
    """A set of these reps, with nothing else known."""
    plain = Set(
        start_s=0.0, end_s=30.0, exercise=None, confidence=None, alternatives=(), kind="reps", side=None, count=len(reps),
        count_by_side=None, time_under_tension_s=None, hold_s=None, cadence_per_min=None, rest_before_s=None, reps=reps,
        unresolved={"cues": "old", "side": "unsaid"},
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]


def test_reps_that_missed_a_cue_are_numbered_from_one() -> None:
    cue = Cue("deep", "range_deg", "Go deep.", "absolute", at_least=50.0)
    found = cue_result(cue, [rep(0, range_deg=60.0), rep(1, range_deg=49.0), rep(2, range_deg=50.0)])
    assert found is not None
    assert (found.met, found.of, found.reps) == (2, 3, (2,))


def test_against_the_best_a_rep_is_measured_as_its_share() -> None:
    cue = Cue("depth", "range_deg", "Equally deep.", "best", at_least=0.8)
    found = cue_result(cue, [rep(0, range_deg=100.0), rep(1, range_deg=81.0), rep(2, range_deg=79.0)])
    assert found is not None
    assert found.reps == (3,)
    assert cue_result(cue, [rep(0, range_deg=0.0)]) is None


def test_a_rep_whose_measure_is_not_known_neither_met_nor_missed() -> None:
    cue = Cue("level", "drop_deg", "Keep level.", at_most=5.0)
    found = cue_result(cue, [rep(0, drop_deg=None), rep(1, drop_deg=7.0), rep(2, drop_deg=-2.0)])
    assert found is not None
    assert (found.met, found.of, found.reps) == (1, 2, (2,))
    assert cue_result(cue, [rep(0)]) is None
    assert cue_result(Cue("still", "pelvis_roll_deg", "Still.", at_most=8.0), [rep(0)]) is None


def test_nobody_missed_a_pause_by_less_than_it_is_usually_wrong_by() -> None:
    cue = Cue("pause", "pause_s", "Wait.", at_least=0.5)
    slack = USUAL_ERROR["pause_s"]
    found = cue_result(cue, [rep(0, pause_s=0.5 - 0.9 * slack), rep(1, pause_s=0.5 - 1.1 * slack)])
    assert found is not None
    assert found.reps == (2,)
    assert met(cue, 0.5)
    assert not met(cue, 0.49)


def test_what_is_not_measured_is_named_and_other_reasons_stay() -> None:
    one = with_cues(a_set(rep(0, drop_deg=3.0, range_deg=40.0)), find("single_leg_squat"))
    assert [c.cue for c in one.cues] == ["pelvis_level", "depth"]
    assert one.unresolved == {"cues": "not measured: trunk upright", "side": "unsaid"}
    assert "cues" in with_cues(a_set(rep(0)), None).unresolved
    assert with_cues(a_set(rep(0)), None).cues == ()


def test_a_hold_meets_a_cue_as_a_whole() -> None:
    held = a_set(kind="hold", hold=HoldFigures(2.0, 7.0, 3.0, "moved"), pelvic_drop=PelvicDrop(True, None, 5.0, 4.0))
    one = with_cues(held, find("wall_lean"))
    assert [(c.cue, c.met, c.of) for c in one.cues] == [("pelvis_level", 1, 1), ("no_drift", 1, 1), ("no_tremor", 0, 1)]
    assert "cues" not in one.unresolved


def test_most_of_what_the_catalogue_asks_for_can_be_measured() -> None:
    asked = [(e, c) for e in load_catalogue().values() for c in e.cues]
    measured = [c for e, c in asked if c.measure in (OF_HOLD if e.pattern == "hold" else OF_REP)]
    assert len(measured) / len(asked) > 0.6


@pytest.mark.parametrize(("name", "cue"), [("single_leg_deadlift", "depth"), ("side_plank_abduction", "range_kept")])
def test_reps_that_a_simulated_person_made_too_small_are_told(name: str, cue: str) -> None:
    movement = perform((Part("quiet", seconds=2.5), Part(name, count=8, side="left", slips=(cue,), slip_share=0.4)), 72)
    true = movement.truth.sets[0]
    recording = record(movement, 72, worn_for(find(name), true)[:1])
    session = analyze(recording, Wish(exercise=name))
    (one,) = session.sets
    (found,) = (c for c in one.cues if c.cue == cue)
    turns = [one.reps[k - 1].turn_s for k in found.reps]
    slipped = [r.turn_s for r in true.reps if cue in r.slips]
    assert slipped
    assert all(any(abs(s - t) < 0.5 for t in turns) for s in slipped)
    corrected = apply(session, edits.Edits((RemoveRep(turns[0]),))).sets[0]
    (after,) = (c for c in corrected.cues if c.cue == cue)
    assert after.of == found.of - 1
