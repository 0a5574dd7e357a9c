"""Recordings of several exercises: every set is described by its own."""

from __future__ import annotations

from imu_tracker.analysis import Wish, analyze
from imu_tracker.simulate.api import record, simulate_several


def test_each_set_of_a_mixed_session_has_its_own_name_and_what_the_catalogue_knows_of_it() -> None:
    movement, truth = simulate_several(("lateral_band_walk", "hip_thrust", "single_leg_squat"), 61)
    session = analyze(record(movement, 61, ("pelvis",)))
    named = [s for s in session.sets if s.exercise != "unknown"]
    assert list(dict.fromkeys(s.exercise for s in named)) == ["lateral_band_walk", "hip_thrust", "single_leg_squat"]
    walk, thrust, squat = (next(s for s in named if s.exercise == name) for name in dict.fromkeys(t.exercise for t in truth.sets))
    assert (walk.kind, thrust.kind, squat.kind) == ("steps", "reps", "reps")
    assert thrust.reps[0].rise_s == thrust.reps[0].out_s
    assert squat.reps[0].rise_s == squat.reps[0].back_s
    assert (thrust.pelvic_drop.threshold_deg, squat.pelvic_drop.threshold_deg is None) == (None, False)
    for before, after in zip(session.sets, session.sets[1:], strict=False):
        assert before.end_s <= after.start_s
        assert after.rest_before_s == after.start_s - before.end_s


def test_a_told_name_is_for_every_set() -> None:
    movement, _ = simulate_several(("hip_thrust", "single_leg_squat"), 62)
    session = analyze(record(movement, 62, ("pelvis",)), Wish(exercise="squat"))
    assert {s.exercise for s in session.sets} == {"squat"}
    assert all(s.confidence is None for s in session.sets)
