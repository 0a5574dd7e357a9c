"""Physics and truth of every motion, each with all the mistakes that its cues name."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from simulated_sessions import ALL, NOT_EXERCISE, short

from imu_tracker.exercises import find, load_catalogue
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.simulate.body import Posture, joint_angles_deg, soles
from imu_tracker.simulate.motions import EVERYDAY, MOTIONS, Part
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.script import mirrored_channel
from imu_tracker.simulate.session import GRID_HZ, perform
from imu_tracker.simulate.truth import TrueSet
from imu_tracker.simulate.wearing import SITES, Mounting, readings, sensor_pose

DT = 1 / GRID_HZ
WHATEVER = (*ALL, *NOT_EXERCISE)
SKIN_M = 0.03  # bones and skin give; what lies on the floor may be so much in it
LOW_PLACEMENTS = [p for p in SITES if "arm" not in p and "wrist" not in p]  # arms are kept off the floor only roughly


@functools.cache
def pose_of(name: str, placement: str, side: str = "left") -> tuple[Floats, Floats]:
    return sensor_pose(short(name, side).posture, placement, Mounting())


def test_every_exercise_of_the_catalogue_has_its_motion_and_the_other_way_round() -> None:
    assert set(MOTIONS) == {name for name, e in load_catalogue().items() if e.exercise}
    assert {name for _, name in EVERYDAY.values()} == {name for name, e in load_catalogue().items() if not e.exercise}


@pytest.mark.parametrize("name", WHATEVER)
def test_nothing_jumps(name: str) -> None:
    for placement in SITES:
        position, _ = pose_of(name, placement)
        jerk = np.linalg.norm(np.diff(position, 3, axis=0), axis=1) * GRID_HZ**3
        assert jerk.max() < 4500, placement  # m/s³: a landing foot, or a leg flung out


@pytest.mark.parametrize("name", WHATEVER)
def test_standing_still_at_both_ends_reads_gravity(name: str) -> None:
    for placement in SITES:
        acc, gyr = readings(*pose_of(name, placement), DT)
        for still in (slice(100, 300), slice(-150, -50)):
            assert np.abs(np.linalg.norm(acc[still], axis=1) - GRAVITY_M_S2).max() < 0.25
            assert np.abs(gyr[still]).max() < 0.12


@pytest.mark.parametrize("name", WHATEVER)
def test_the_mirror_of_it_is_what_the_other_side_does(name: str) -> None:
    for placement in SITES:
        acc, gyr = readings(*pose_of(name, placement), DT)
        acc_there, gyr_there = readings(*pose_of(name, mirrored_channel(placement)[0], "right"), DT)
        assert acc_there == pytest.approx(acc * [1, -1, 1], abs=1e-5)
        assert gyr_there == pytest.approx(gyr * [-1, 1, -1], abs=1e-5)


def still(points: Floats, held: NDArray[np.bool_]) -> float:
    """The farthest that points (N, 3) move from one sample to the next while held."""
    moved = np.linalg.norm(np.diff(points, axis=0), axis=1)[held[1:] & held[:-1]]
    return float(moved.max()) if len(moved) else 0.0


@pytest.mark.parametrize("name", WHATEVER)
def test_contacts_do_not_slide(name: str) -> None:
    body = short(name).posture
    c = body.channels
    for side in ("left", "right"):
        placed = c[f"placed_{side}"] == 1
        wanted = np.stack([c[f"foot_{axis}_{side}"] for axis in "xyz"], -1)
        ball, _ = soles(body, side)
        assert np.linalg.norm(ball - wanted, axis=1)[placed].max(initial=0) < 1e-9
        assert still(ball, placed & (ball[:, 2] < 1e-6)) < 1e-5
        assert still(body.origin[f"shank_{side}"], c[f"held_knee_{side}"] == 1) < 1e-9
        assert still(body.origin[f"foot_{side}"], c[f"held_ankle_{side}"] == 1) < 1e-9
        assert joint_angles_deg(body, side)["knee_flexion"].min() > -0.5
    shoulders = body.point("trunk", np.array([0, 0, body.build.shoulder]))
    assert still(shoulders, c["held"] == 1) < 1e-9


def lowest(body: Posture) -> dict[str, float]:
    points = {name: at for name, at in body.origin.items() if "arm" not in name}
    for side in ("left", "right"):
        points[f"ball_{side}"], points[f"heel_{side}"] = soles(body, side)
    points["shoulders"] = body.point("trunk", np.array([0, 0, body.build.shoulder]))
    points["head"] = body.point("trunk", np.array([0, 0, body.build.shoulder + 0.1 * body.build.stature]))
    return {name: float(at[:, 2].min()) for name, at in points.items()}


@pytest.mark.parametrize("name", WHATEVER)
def test_nothing_goes_through_the_floor(name: str) -> None:
    for point, height in lowest(short(name).posture).items():
        assert height > -SKIN_M, point
    for placement in LOW_PLACEMENTS:
        assert pose_of(name, placement)[0][:, 2].min() > -SKIN_M, placement


@pytest.mark.parametrize("name", ALL)
def test_the_truth_of_a_set_holds_together(name: str) -> None:
    entry, (a_set,) = find(name), short(name).truth.sets
    assert (a_set.exercise, a_set.kind) == (name, entry.pattern)
    assert a_set.drop_threshold_deg == entry.drop_threshold_deg
    if entry.pattern == "hold":
        assert a_set.hold_s == pytest.approx(6.0)
        assert a_set.reps == ()
        return
    assert a_set.count == 3
    assert entry.duration_s is not None
    for rep, following in zip(a_set.reps, (*a_set.reps[1:], None), strict=True):
        assert a_set.start_s <= rep.start_s < rep.turn_s < rep.end_s <= a_set.end_s
        assert following is None or rep.end_s <= following.start_s
        assert rep.out_s + rep.pause_s + rep.back_s == pytest.approx(rep.end_s - rep.start_s)
        assert 0.5 * entry.duration_s.least < rep.end_s - rep.start_s < 1.6 * entry.duration_s.most
        assert rep.range_deg is not None
        on_one_leg = any(stance.start_s < rep.end_s and rep.start_s < stance.end_s for stance in short(name).truth.stances)
        assert (rep.drop_deg is not None) == on_one_leg


@pytest.mark.parametrize("name", ALL)
def test_sides_are_what_the_catalogue_s_rule_says(name: str) -> None:
    for side in ("left", "right"):
        (a_set,) = short(name, side).truth.sets
        rule = find(name).side_rule
        if rule == "both":
            assert {a_set.side, *(r.side for r in a_set.reps)} == {"both"}
        elif rule == "alternating":
            assert a_set.side is None
            assert [r.side for r in a_set.reps] == [side, "right" if side == "left" else "left", side]
        else:
            assert {a_set.side, *(r.side for r in a_set.reps)} == {side}


@pytest.mark.parametrize("name", [n for n in ALL if find(n).stance_rule == "working_leg"])
def test_who_works_on_one_leg_stands_on_it(name: str) -> None:
    done = short(name)
    (a_set,) = done.truth.sets
    on_it = [s for s in done.truth.stances if s.side == a_set.side and s.start_s < a_set.end_s and a_set.start_s < s.end_s]
    assert on_it
    for stance in on_it:
        i, j = np.searchsorted(done.t, (stance.start_s, stance.end_s))
        standing, free = (soles(done.posture, side)[0][i + (j - i) // 3 : j - (j - i) // 3, 2] for side in ("left", "right"))
        assert np.ptp(standing) < 1e-9
        assert free.mean() > 0.01


@pytest.mark.parametrize("name", [n for n in ALL if find(n).pattern == "reps"])
def test_ordinary_reps_keep_to_the_catalogue_s_range_nearly(name: str) -> None:
    entry = find(name)
    part = Part(name, count=4, side="left", seconds=6)
    ranges = [
        r.range_deg or 0.0
        for seed in (1, 2)
        for r in perform((part,), seed, Person(range=0.3 + 0.4 * (seed == 2))).truth.sets[0].reps
    ]
    span = entry.range_deg[entry.placements[0]]
    assert 0.75 * span.least < np.median(ranges) < 1.15 * span.most


def test_a_pause_left_out_and_a_dropped_lowering_are_in_the_truth() -> None:
    part = Part("hip_thrust", count=6, slips=("slow_return",), slip_share=1.0)
    for rep in perform((part,), 3).truth.sets[0].reps:
        assert rep.slips == ("slow_return",)
        assert rep.back_s < 1.0
    part = Part("clamshell", count=6, side="right", slips=("pause_at_top",), slip_share=1.0)
    assert all(rep.pause_s < 0.1 for rep in perform((part,), 3).truth.sets[0].reps)


def test_partial_reps_are_smaller_and_false_starts_are_no_reps() -> None:
    part = Part("side_lying_abduction", count=12, side="left", partial_share=0.4, false_starts=0.5)
    reps = perform((part,), 4, Person(fatigue=0.0, uneven=0.0)).truth.sets[0].reps
    assert len(reps) == 12
    whole = np.median([r.range_deg or 0 for r in reps if not r.partial])
    partial = [r.range_deg or 0 for r in reps if r.partial]
    assert partial
    assert all(0.5 * whole < r < 0.9 * whole for r in partial)
    assert max(b.start_s - a.end_s for a, b in itertools.pairwise(reps)) > 1.5  # where a try was given up


def test_a_pelvis_that_shall_drop_drops() -> None:
    for name in ("lateral_step_up", "hip_abduction_standing", "wall_lean"):
        level, dropping = (Part(name, count=5, side="left", seconds=15, drop_share=share) for share in (0.0, 1.0))
        calm = Person(drop_left_deg=1.0, drop_right_deg=1.0, sway_deg=0.2)
        assert len(perform((Part("quiet", seconds=1), level), 2, calm).truth.sets[0].drops) == 0
        assert len(perform((Part("quiet", seconds=1), dropping), 2, calm).truth.sets[0].drops) >= 1


def set_with(name: str, cue: str, share: float = 1.0) -> tuple[Posture, TrueSet]:
    """A set of somebody average in which so many reps miss one cue, and the body that did it."""
    calm = Person(uneven=0.01, fatigue=0.0, sway_deg=0.2, drop_left_deg=1.0, drop_right_deg=1.0)
    done = perform(
        (Part("quiet", seconds=1), Part(name, count=4, side="left", back=False, slips=(cue,), slip_share=share)), 3, calm
    )
    return done.posture, done.truth.sets[0]


def turned(body: Posture, segment: str, a_set: TrueSet) -> float:
    """The farthest that a segment turns from its pose at the set's start; degrees."""
    i, j = np.searchsorted(body.t, (a_set.start_s, a_set.end_s))
    trace = np.einsum("ab,nab->n", body.turn[segment][i], body.turn[segment][i:j])
    return float(np.rad2deg(np.arccos(np.clip((trace.min() - 1) / 2, -1, 1))))


@pytest.mark.parametrize(
    ("name", "cue", "segment"),
    [
        ("clamshell", "pelvis_still", "pelvis"),
        ("side_lying_abduction", "pelvis_still", "pelvis"),
        ("plank_hip_extension", "pelvis_still", "pelvis"),
        ("prone_hip_extension", "pelvis_still", "pelvis"),
        ("side_plank_abduction", "hips_up", "pelvis"),
        ("single_leg_squat", "trunk_upright", "trunk"),
        ("lateral_band_walk", "trunk_still", "trunk"),
        ("monster_walk", "trunk_still", "trunk"),
    ],
)
def test_a_segment_that_shall_not_keep_still_turns_more(name: str, cue: str, segment: str) -> None:
    (good, good_set), (bad, bad_set) = set_with(name, cue, 0.0), set_with(name, cue)
    if cue != "hips_up":  # which is a slip of the whole set
        assert turned(bad, segment, bad_set) > turned(good, segment, good_set) + 4
        assert all(cue in r.slips for r in bad_set.reps)
        assert not any(r.slips for r in good_set.reps)
    else:
        assert turned(bad, segment, bad_set) > 8


@pytest.mark.parametrize(("name", "cue"), [("lateral_band_walk", "squat_kept"), ("monster_walk", "squat_kept")])
def test_hips_that_shall_come_up_come_up(name: str, cue: str) -> None:
    rises = []
    for share in (0.0, 1.0):
        body, a_set = set_with(name, cue, share)
        i, j = np.searchsorted(body.t, (a_set.start_s, a_set.end_s))
        height = body.origin["pelvis"][i:j, 2]
        rises.append(float(height.max() - np.median(height[:20])))
    assert rises[1] > rises[0] + 0.025
    assert rises[1] > 0.04


def test_narrow_steps_are_narrow_and_shallow_reps_shallow() -> None:
    def way(share: float) -> float:
        body, a_set = set_with("lateral_band_walk", "step_width", share)
        i, j = np.searchsorted(body.t, (a_set.start_s, a_set.end_s))
        return float(np.linalg.norm(body.origin["pelvis"][j] - body.origin["pelvis"][i]))

    assert way(1.0) < 0.6 * way(0.0)
    for name, cue in (("single_leg_squat", "depth"), ("squat", "depth"), ("hip_thrust", "full_extension")):
        whole, shallow = (np.median([r.range_deg or 0 for r in set_with(name, cue, share)[1].reps]) for share in (0.0, 1.0))
        assert shallow < 0.85 * whole
