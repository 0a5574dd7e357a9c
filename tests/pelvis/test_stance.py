"""Which leg stands: what says so, what doesn't, and that mirrored recordings have mirrored answers."""

from __future__ import annotations

from dataclasses import replace

import made
import numpy as np
import pytest

from imu_tracker.motion import GRID_HZ, GridPiece, Motion, motion_of, to_grid
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.pelvis.stance import AT_ODDS, LONG_PAUSE, NO_GYROSCOPE, NO_SIGN, StanceGuess, stance_figures, stance_leg
from imu_tracker.simulate import record, simulate

REPS = np.array([(8.0 + 3 * k, 10.6 + 3 * k) for k in range(6)])
END_S = 34.0


def went(start_s: float, lasts_s: float, by_m: float) -> Floats:
    """Acceleration (N,) of one smooth way on the grid up to END_S, m/s²."""
    u = np.clip((np.arange(round(END_S * GRID_HZ)) / GRID_HZ - start_s) / lasts_s, 0.0, 1.0)
    out: Floats = by_m * (60 * u - 180 * u**2 + 120 * u**3) / lasts_s**2
    return out


def there_and_back(starts_s: Floats, by_m: float) -> Floats:
    """The same, there in 0.9 s from each start on, and back 1.6 s after it."""
    out: Floats = np.sum([went(s, 0.9, by_m) + went(s + 1.6, 0.9, -by_m) for s in starts_s], axis=0)
    return out


def leaned(reps: Floats, by_deg: float) -> Floats:
    """An angle (N,), rad, that comes and goes with each repetition."""
    t = np.arange(round(END_S * GRID_HZ)) / GRID_HZ
    inside = np.clip(((t[:, None] - reps[:, 0]) / (reps[:, 1] - reps[:, 0])), 0.0, 1.0)
    out: Floats = np.deg2rad(by_deg) * np.sum(0.5 - 0.5 * np.cos(2 * np.pi * inside), axis=1)
    return out


def moved(
    left: Floats, forward: Floats | float = 0.0, *, about: int = 0, lean: Floats | float = 0.0, turned: Floats | None = None
) -> tuple[Motion, ...]:
    """The motion of a sensor that is carried so, m/s², and leans so, rad, about its x or y axis; turned on the body (3, 3)."""
    n = len(left)
    rng = np.random.default_rng(4)
    lean = np.broadcast_to(lean, n)
    world = np.stack([np.broadcast_to(forward, n), left, np.full(n, GRAVITY_M_S2)], axis=1)
    turns = np.array([made.rotation(np.eye(3)[about], float(angle)) for angle in lean])
    acc = np.einsum("nij,ni->nj", turns, world)
    gyr = np.gradient(lean)[:, None] * GRID_HZ * np.eye(3)[about]
    acc, gyr = acc + 0.02 * rng.normal(size=(n, 3)), gyr + 0.002 * rng.normal(size=(n, 3))
    if turned is not None:
        acc, gyr = acc @ turned.T, gyr @ turned.T
    return (motion_of(GridPiece(0, acc, gyr)),)


def told(motions: tuple[Motion, ...], axes: Floats | None = None, reps: Floats = REPS) -> StanceGuess:
    return stance_leg(motions, np.eye(3) if axes is None else axes, reps)


KEPT_UP = went(5.5, 1.0, 0.07) + went(27.0, 1.0, -0.07)
IN_EACH = there_and_back(REPS[:, 0], 0.06)


@pytest.mark.parametrize("left", [KEPT_UP, IN_EACH])
def test_the_leg_that_the_pelvis_is_carried_over_stands(left: Floats) -> None:
    for way, side in ((left, "left"), (-left, "right")):
        guess = told(moved(way, about=1, lean=leaned(REPS, 15.0)))
        assert guess.side == side
        assert guess.confidence >= 0.97


def test_it_does_not_matter_how_the_sensor_was_put_on() -> None:
    turned = made.rotation(np.array([0.3, -1.0, 2.0]), 2.2)
    assert told(moved(KEPT_UP, turned=turned), axes=turned.T).side == "left"


def test_fifteen_degrees_about_the_vertical_do_not_matter_where_the_way_is_to_the_side() -> None:
    for yaw in (-15.0, 15.0):
        assert told(moved(KEPT_UP), axes=made.rotation(np.array([0.0, 0.0, 1.0]), np.deg2rad(yaw))).side == "left"


def test_nobody_is_told_who_does_not_go_sideways() -> None:
    guess = told(moved(0.0 * KEPT_UP))
    assert (guess.side, guess.reason) == (None, NO_SIGN)
    assert guess.confidence < 0.75


@pytest.mark.parametrize("drop_deg", [-12.0, 12.0])
def test_a_pelvis_that_drops_or_hikes_says_nothing(drop_deg: float) -> None:
    assert told(moved(0.0 * KEPT_UP, lean=leaned(REPS, drop_deg))).side is None


@pytest.mark.parametrize("drop_deg", [-12.0, 12.0])
def test_nor_does_it_change_what_is_said(drop_deg: float) -> None:
    assert told(moved(IN_EACH, lean=leaned(REPS, drop_deg))).side == "left"


@pytest.mark.parametrize("yaw_deg", [-15.0, 15.0])
def test_a_step_forward_is_not_taken_for_one_aside(yaw_deg: float) -> None:
    axes = made.rotation(np.array([0.0, 0.0, 1.0]), np.deg2rad(yaw_deg))
    forward = there_and_back(REPS[:, 0], 0.25) + went(5.5, 1.0, 0.25)
    assert told(moved(0.0 * KEPT_UP, forward, about=1, lean=leaned(REPS, 15.0)), axes=axes).side is None


def test_a_foot_set_onto_a_platform_before_the_set_is_not_the_one_that_is_lifted_in_it() -> None:
    assert told(moved(there_and_back(np.array([5.0]), 0.06))).side is None


def test_repetitions_cut_half_a_cycle_late_do_not_name_the_other_leg() -> None:
    starts = 8.0 + 3.2 * np.arange(6)
    in_step = np.stack([starts, starts + 3.2], axis=1)
    left = np.sum([went(s, 1.4, 0.1) + went(s + 1.6, 1.4, -0.1) for s in starts], axis=0)
    motions = moved(left, about=1, lean=leaned(in_step, 15.0))
    assert told(motions, reps=in_step).side == "left"
    late = in_step[1:-1] + 1.6
    assert told(motions, reps=late).side is None
    figures = stance_figures(motions, np.eye(3), late)
    assert figures is not None
    assert figures.over == 0.0


def test_ways_to_both_sides_are_at_odds() -> None:
    guess = told(moved(went(5.5, 1.0, 0.07) + went(27.0, 1.0, 0.07)))
    assert (guess.side, guess.reason) == (None, AT_ODDS)


def test_a_long_pause_may_be_a_change_of_legs() -> None:
    reps = np.concatenate([REPS[:2], REPS[:2] + 15.0])
    assert told(moved(KEPT_UP), reps=reps) == StanceGuess(None, 0.5, LONG_PAUSE)


def test_a_stream_without_a_gyroscope_is_not_guessed_from() -> None:
    (motion,) = moved(KEPT_UP)
    assert told((replace(motion, gyr=None, quaternion=None),)) == StanceGuess(None, 0.5, NO_GYROSCOPE)


def test_a_gap_where_the_weight_goes_over_leaves_it_open() -> None:
    (motion,) = moved(KEPT_UP)
    assert motion.gyr is not None
    after = motion_of(GridPiece(750, motion.acc[750:], motion.gyr[750:]))
    assert told((after,)).side is None


@pytest.mark.parametrize("exercise", ["single_leg_squat", "lateral_step_up", "single_leg_deadlift", "step_up"])
def test_a_mirrored_recording_has_the_mirrored_answer(exercise: str) -> None:
    movement, truth = simulate(exercise, 41)
    a_set = truth.sets[0]
    recording = record(movement, 41, ("pelvis",))
    (piece,) = to_grid(recording.streams["pelvis"], recording.start_s)
    assert piece.gyr is not None
    reps = np.array([(r.start_s, r.end_s) for r in a_set.reps])
    # Swapping left and right of the body and of the sensor; rates are axial vectors.
    mirrored = replace(piece, acc=piece.acc * [1, -1, 1], gyr=piece.gyr * [-1, 1, -1])
    one, other = (told((motion_of(x),), reps=reps) for x in (piece, mirrored))
    assert {one.side, other.side} in ({"left", "right"}, {None})
    assert abs(one.confidence - other.confidence) < 0.02
    assert one.side in (a_set.side, None)
