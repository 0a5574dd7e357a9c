"""What is one set: a short pause doesn't end it, another movement does."""

from __future__ import annotations

import made
import numpy as np
import pytest

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.recording import Recording, stream_from_samples
from imu_tracker.reps import FoundSet, join_sets


def two_sets(pause_s: float, second_axis: tuple[float, float]) -> tuple[tuple[Motion, ...], tuple[FoundSet, FoundSet]]:
    """Two sets of five with a pause between them, the second about another axis perhaps."""
    plan = made.Plan(reps=5, quiet_s=5.0, rest_s=0.0)
    first_end = plan.reps_at()[-1][2]
    t = made.times(plan.duration_s)
    acc, gyr = made.samples(plan, t)
    acc2, gyr2 = made.samples(plan, t, second_axis)
    keep = t < first_end + pause_s / 2
    start = t >= plan.quiet_s - pause_s / 2
    joined_acc, joined_gyr = np.vstack([acc[keep], acc2[start]]), np.vstack([gyr[keep], gyr2[start]])
    times = np.arange(len(joined_acc)) / 100.0
    stream = stream_from_samples(times, joined_acc, joined_gyr)
    motions = tuple(motion_of(p) for p in to_grid(Recording({"pelvis": stream}).streams["pelvis"], 0.0))
    cuts: Floats = np.array([(a, b) for a, _, b in plan.reps_at()])
    shift = keep.sum() / 100.0 - (plan.quiet_s - pause_s / 2)
    return motions, (FoundSet(cuts, 0.9, 5.0), FoundSet(cuts + shift, 0.7, 3.0))


@pytest.mark.parametrize(("pause_s", "sets"), [(3.0, 1), (7.0, 1), (9.9, 2)])
def test_a_pause_ends_a_set_only_when_it_is_long(pause_s: float, sets: int) -> None:
    motions, found = two_sets(pause_s, (0.3, 1.0))
    joined = join_sets(motions, found)
    assert len(joined) == sets
    assert sum(len(s.cuts) for s in joined) == 10
    if sets == 1:
        assert joined[0].fit == pytest.approx(0.8)
        assert joined[0].merit == pytest.approx(8.0)


def test_another_movement_is_another_set_however_short_the_pause() -> None:
    motions, found = two_sets(3.0, (1.0, -0.3))
    assert len(join_sets(motions, found)) == 2


def test_a_rep_seen_twice_is_one() -> None:
    motions, (first, second) = two_sets(3.0, (0.3, 1.0))
    again = FoundSet(np.vstack([first.cuts[-1:], second.cuts]), 0.7, 3.0)
    (joined,) = join_sets(motions, (first, again))
    assert len(joined.cuts) == 10
