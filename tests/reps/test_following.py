"""A set that goes on: its next rep is found as soon as it ends, from the last few seconds."""

from __future__ import annotations

import made
import numpy as np
import pytest

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.reps.following import Manner, followed

PLAN = made.Plan(reps=8)


def motion(until_s: float, plan: made.Plan = PLAN, since_s: float = 0.0, gyroscope: bool = True) -> tuple[Motion, ...]:
    """The plan's motion between two times."""
    (stream,) = made.recording(plan, noise=0.02, gyroscope=gyroscope).streams.values()
    (m,) = (motion_of(piece) for piece in to_grid(stream, 0.0))
    here = slice(round(since_s * 100), round(until_s * 100))
    gyr, quaternion = (None if x is None else x[here] for x in (m.gyr, m.quaternion))
    return (Motion(here.start, m.acc[here], gyr, m.up[here], quaternion),)


def known(n: int, plan: made.Plan = PLAN) -> Floats:
    return np.array([[start, end] for start, _, end in plan.reps_at()[:n]])


def found(motions: tuple[Motion, ...], cuts: Floats, way: Manner | None = None) -> tuple[Floats, Manner]:
    """What follows, where the motion shows the known reps."""
    out = followed(motions, cuts, way)
    assert out is not None
    return out


@pytest.mark.parametrize("n", [2, 3, 5])
@pytest.mark.parametrize("gyroscope", [True, False])
def test_the_next_rep_is_found_soon_after_it_ends(n: int, gyroscope: bool) -> None:
    start, _, end = PLAN.reps_at()[n]
    late_s = 0.5 if gyroscope else 1.2  # a slow low-pass finds gravity without one
    new, _ = found(motion(end + late_s, gyroscope=gyroscope), known(n))
    assert new.shape == (1, 2)
    assert new[0] == pytest.approx([start, end], abs=0.4)


def test_a_rep_is_none_before_it_has_ended() -> None:
    start, turn, end = PLAN.reps_at()[4]
    for now_s in (start + 0.3, turn, 0.5 * (turn + end)):
        new, _ = found(motion(now_s), known(4))
        assert not len(new)


def test_the_last_few_seconds_are_enough() -> None:
    _, _, end = PLAN.reps_at()[6]
    new, _ = found(motion(end + 0.5, since_s=PLAN.reps_at()[3][0] - 2.0), known(6)[3:])
    assert len(new) == 1


def test_several_reps_are_found_at_once() -> None:
    new, _ = found(motion(PLAN.duration_s), known(3))
    assert len(new) == 5


def test_reps_that_the_motion_does_not_show_are_not_followed() -> None:
    assert followed(motion(PLAN.duration_s), known(3) + 100.0) is None
    half = 0.5 * (PLAN.rep_s + PLAN.rest_s)
    new, _ = found(motion(PLAN.reps_at()[5][2] + 0.5), known(4) + half)
    assert new is not None  # cut at the turns the next one ends at a turn
    assert abs(new[0, 0] - PLAN.reps_at()[4][1]) < 0.6


def test_the_way_it_was_seen_gives_the_same_again() -> None:
    start, _, end = PLAN.reps_at()[5]
    new, way = found(motion(end + 0.5), known(5))
    again, same = found(motion(end + 0.5), known(5), way)
    assert again == pytest.approx(new)
    assert same == way
    assert new[0] == pytest.approx([start, end], abs=0.4)
