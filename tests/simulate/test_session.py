from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated_sessions import EXERCISES, UNEVEN_PERSON, movement, parts

from imu_tracker.errors import NoSuchExercise, UsageError
from imu_tracker.exercises import find
from imu_tracker.results import Side
from imu_tracker.simulate.body import joint_angles_deg, soles
from imu_tracker.simulate.motions import MOTIONS, Part
from imu_tracker.simulate.person import draw_person
from imu_tracker.simulate.session import GRID_HZ, pelvis_angles_deg, perform, stance_sign
from imu_tracker.simulate.truth import to_dict
from imu_tracker.simulate.wearing import SITES, Mounting, sensor_pose

both_sides = st.sampled_from(["left", "right"])


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_foot_on_the_floor_does_not_slide_or_sink(exercise: str) -> None:
    body = movement(exercise).posture
    for side in ("left", "right"):
        ball, heel = soles(body, side)
        assert min(ball[:, 2].min(), heel[:, 2].min()) > -1e-9
        down = (ball[:, 2] < 1e-6) & (body.channels[f"placed_{side}"] == 1)
        moved = np.linalg.norm(np.diff(ball, axis=0), axis=1)[down[1:] & down[:-1]]
        assert moved.max() < 1e-5  # m in 4 ms; the blink of a lift-off is all there is


@given(seed=st.integers(0, 10_000), exercise=st.sampled_from(EXERCISES), side=both_sides)
@settings(max_examples=12, deadline=None)
def test_whoever_does_it_every_placed_foot_is_reached_and_no_knee_locks(seed: int, exercise: str, side: Side) -> None:
    """A leg at its full length would snap: thighs of some draws would read hundreds of m/s²."""
    body = perform(
        (Part("walk", count=3, turn_deg=70, side=side), Part(exercise, count=4, side=side, drop_share=0.5)), seed
    ).posture
    for leg in ("left", "right"):
        placed = body.channels[f"placed_{leg}"] == 1
        wanted = np.stack([body.channels[f"foot_{axis}_{leg}"] for axis in "xyz"], -1)
        ball, heel = soles(body, leg)
        assert np.linalg.norm(ball - wanted, axis=1)[placed].max() < 1e-9
        assert joint_angles_deg(body, leg)["knee_flexion"].min() > 2.5
        assert min(ball[:, 2].min(), heel[:, 2].min()) > -1e-9


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nothing_jumps_at_the_joins(exercise: str) -> None:
    """Jerk at the start and end of every part stays below that of the steps themselves."""
    done = movement(exercise)
    for placement in SITES:
        position, _ = sensor_pose(done.posture, placement, Mounting())
        jerk = np.linalg.norm(np.diff(position, 3, axis=0), axis=1) * GRID_HZ**3
        assert jerk.max() < 4000  # m/s³: a foot that lands at 60 m/s² within 30 ms
        for activity in done.truth.activities[1:]:
            i = np.searchsorted(done.t, activity.start_s)
            assert jerk[i - 5 : i + 5].max() < 150


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_truth_holds_together(exercise: str) -> None:
    done = movement(exercise)
    truth = done.truth
    entry = find(exercise)
    (a_set,) = truth.sets
    assert a_set.exercise == exercise
    assert a_set.count == (12 if exercise == "lateral_band_walk" else 6)
    assert entry.duration_s is not None
    for rep, following in zip(a_set.reps, a_set.reps[1:], strict=False):
        assert rep.start_s < rep.turn_s < rep.end_s <= following.start_s
        assert rep.out_s + rep.pause_s + rep.back_s == pytest.approx(rep.end_s - rep.start_s)
        assert 0.7 * entry.duration_s.least < rep.end_s - rep.start_s < 1.4 * entry.duration_s.most
    assert (a_set.start_s, a_set.end_s) == (a_set.reps[0].start_s, a_set.reps[-1].end_s)
    assert len(truth.quiet) == 2
    assert len(truth.bows) == 2
    ends = [a.end_s for a in truth.activities]
    assert [a.start_s for a in truth.activities] == [0.0, *ends[:-1]]
    assert truth.duration_s == pytest.approx(ends[-1], abs=1 / GRID_HZ)


def test_sides_are_those_that_people_say() -> None:
    walk = movement("lateral_band_walk").truth.sets[0]
    assert [r.side for r in walk.reps] == ["left"] * 6 + ["right"] * 6
    assert walk.count_by_side == {"left": 6, "right": 6}
    assert walk.side is None
    assert movement("single_leg_squat").truth.sets[0].side == "left"
    one_way = perform((Part("lateral_band_walk", count=3, side="right", back=False),), 1).truth.sets[0]
    assert (one_way.side, one_way.count) == ("right", 3)


def test_side_steps_go_where_they_say() -> None:
    done = movement("lateral_band_walk")
    for rep in done.truth.sets[0].reps:
        i, j = np.searchsorted(done.t, (rep.start_s, rep.end_s))
        pelvis, heading = done.posture.origin["pelvis"], done.posture.turn["pelvis"][i, :, 1]
        gone = float((pelvis[j] - pelvis[i]) @ heading)
        assert 0.1 < gone * (1 if rep.side == "left" else -1) < 0.6


@pytest.mark.parametrize("exercise", EXERCISES)
def test_drops_are_what_the_obliquity_says_of_the_standing_leg(exercise: str) -> None:
    done = movement(exercise)
    obliquity, _ = pelvis_angles_deg(done.posture)
    sign = stance_sign(done.t, done.truth.stances)
    (a_set,) = done.truth.sets
    assert a_set.drop_threshold_deg == find(exercise).drop_threshold_deg
    assert a_set.drops
    assert a_set.drop_threshold_deg is not None
    for drop in a_set.drops:
        i, j = np.searchsorted(done.t, (drop.start_s, drop.end_s))
        assert drop.end_s - drop.start_s > 0.1
        standing = 1 if drop.stance_side == "left" else -1
        assert np.all(sign[i:j] == standing)
        assert (standing * obliquity[i:j]).max() == pytest.approx(drop.peak_deg, abs=0.2)
        assert drop.peak_deg > a_set.drop_threshold_deg
    assert max(r.drop_deg or 0 for r in a_set.reps) == pytest.approx(max(d.peak_deg for d in a_set.drops))


def test_a_leg_that_stands_is_on_the_floor_and_the_other_is_not() -> None:
    done = movement("lateral_band_walk")
    for stance in done.truth.stances:
        i, j = np.searchsorted(done.t, (stance.start_s, stance.end_s))
        middle = slice(i + (j - i) // 4, j - (j - i) // 4)
        free = "right" if stance.side == "left" else "left"
        assert soles(done.posture, stance.side)[0][middle, 2].max() < 1e-9
        assert soles(done.posture, free)[0][middle, 2].min() > 0.005


def test_quiet_standing_is_the_zero_of_the_angles() -> None:
    truth = movement("single_leg_squat").truth
    t, obliquity, tilt = (np.array(truth.series[k]) for k in ("t", "obliquity_deg", "tilt_deg"))
    quiet = t < truth.quiet[0][1]
    assert abs(obliquity[quiet].mean()) < 0.05
    assert abs(tilt[quiet].mean()) < 0.05
    start, end = truth.bows[0]
    assert 25 < tilt[(t > start) & (t < end)].max() < 65


def test_mirrored_plans_give_mirrored_truth() -> None:
    swap = {"left": "right", "right": "left", None: None}
    for exercise in EXERCISES:
        here, there = (movement(exercise, side).truth.sets[0] for side in ("left", "right"))
        assert [swap[r.side] for r in here.reps] == [r.side for r in there.reps]
        assert [r.drop_deg for r in here.reps] == pytest.approx([r.drop_deg for r in there.reps], abs=1e-6)
        assert [swap[d.stance_side] for d in here.drops] == [d.stance_side for d in there.drops]


def test_a_seed_gives_the_same_session_and_another_one_another() -> None:
    first = movement("single_leg_squat")
    again = perform(parts("single_leg_squat"), 3, UNEVEN_PERSON)
    assert again.truth == first.truth
    assert again.posture.origin["pelvis"].tobytes() == first.posture.origin["pelvis"].tobytes()
    assert perform(parts("single_leg_squat"), 4, UNEVEN_PERSON).truth != first.truth


def test_people_differ_and_stay_people() -> None:
    rng = np.random.default_rng(1)
    people = [draw_person(rng) for _ in range(50)]
    assert len({p.stature for p in people}) == 50
    assert all(1.5 <= p.stature <= 1.98 and 0 < p.pace < 1 and p.stamp > 0 for p in people)
    assert people[0].mirrored().mirrored() == people[0]
    assert people[0].mirrored().drop_deg("left") == people[0].drop_deg("right")


def test_the_truth_goes_to_json() -> None:
    truth = movement("lateral_band_walk").truth
    data = json.loads(json.dumps(to_dict(truth), allow_nan=False))
    assert data["sets"][0]["count"] == 12
    assert data["sets"][0]["reps"][0]["side"] == "left"
    assert data["person"]["stature"] == UNEVEN_PERSON.stature
    assert len(data["series"]["t"]) == len(data["series"]["obliquity_deg"])


def test_what_cannot_be_simulated_is_said() -> None:
    with pytest.raises(NoSuchExercise):
        perform((Part("somersault", count=3),), 1)
    with pytest.raises(UsageError, match=r"'walking' can't be simulated; what can is: frog_pump, .*fumble"):
        perform((Part("walking", count=3),), 1)
    with pytest.raises(UsageError, match="count of at least 1"):
        perform((Part("lateral_band_walk"),), 1)
    with pytest.raises(UsageError, match="'squat' has no cue 'wings' to miss; its cues are depth, hips_level"):
        perform((Part("squat", count=2, slips=("wings",)),), 1)


def test_every_motion_has_its_entry_in_the_catalogue() -> None:
    for name in MOTIONS:
        assert find(name).exercise
