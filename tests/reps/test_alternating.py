"""Alternating work counts each side; ordinary work, however symmetric, is left as it is."""

from __future__ import annotations

from collections.abc import Sequence

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.numeric import GRAVITY_M_S2
from imu_tracker.recording import stream_from_samples
from imu_tracker.reps import FoundSet, activity, exercise_sets, find_sets
from imu_tracker.reps.alternating import alternates, halved, unmirrored
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.signals import HZ, stretches

Moved = tuple[Motion, ...]


def motions(acc: made.Array, gyr: made.Array | None) -> Moved:
    t = np.arange(len(acc)) / 100.0
    return tuple(motion_of(piece) for piece in to_grid(stream_from_samples(t, acc, gyr), 0.0))


def sideways(plan: made.Plan, to_the_right: Sequence[int]) -> tuple[made.Array, made.Array]:
    """Acceleration and turn rate of the plan's repetitions, tilting to the left but for those named."""
    t = made.times(plan.duration_s)
    acc, gyr = made.samples(plan, t, axis=(1.0, 0.0))
    flip = np.zeros(len(t), bool)
    for start, _, end in (plan.reps_at()[k] for k in to_the_right):
        flip |= (t >= start) & (t < end)
    acc[flip] *= [1, -1, 1]
    gyr[flip] *= [-1, 1, -1]
    return acc, gyr


def work(plan: made.Plan, alternating: bool, gyroscope: bool = True, mirrored: bool = False, noise: float = 0.0) -> Moved:
    """The plan's repetitions, tilting sideways to the left, and every second one to the right where alternating."""
    acc, gyr = sideways(plan, range(1, plan.reps, 2) if alternating else ())
    if mirrored:
        acc, gyr = acc * [1, -1, 1], gyr * [-1, 1, -1]
    rng = np.random.default_rng(0)
    return motions(
        acc + noise * rng.normal(size=acc.shape), gyr + 0.1 * noise * rng.normal(size=gyr.shape) if gyroscope else None
    )


def count(moved: Moved) -> int:
    return sum(len(s.cuts) for s in find_sets(moved))


plans = st.builds(
    made.Plan,
    reps=st.sampled_from([8, 10, 12]),
    out_s=st.floats(0.6, 1.2),
    pause_s=st.floats(0.0, 0.3),
    back_s=st.floats(0.6, 1.2),
    rest_s=st.floats(0.0, 0.3),
    range_deg=st.floats(20.0, 50.0),
    lift_m=st.floats(0.1, 0.4),
)


def pairs_alternate(moved: Moved, plan: made.Plan, each: int) -> bool:
    """Whether `each` repetitions at a time, taken for one, are found to alternate."""
    (stretch,) = stretches(moved, CountParameters())
    at = plan.reps_at()
    cuts = np.array([(at[k][0], at[k][0] + each * (plan.rep_s + plan.rest_s)) for k in range(0, plan.reps, each)])
    return alternates(stretch, unmirrored(stretch, CountParameters()), (cuts - stretch.start_s) * HZ, CountParameters())


@settings(max_examples=15, deadline=None)
@given(plans, st.booleans())
def test_pairs_of_mirror_images_alternate_and_single_repetitions_do_not(plan: made.Plan, gyroscope: bool) -> None:
    assert pairs_alternate(work(plan, alternating=True, gyroscope=gyroscope), plan, each=2)
    assert not pairs_alternate(work(plan, alternating=False, gyroscope=gyroscope), plan, each=1)


def test_the_lead_and_follow_of_a_side_step_are_one_repetition() -> None:
    """Up and down with each foot, but to the same side: the second half brakes what the first has set going."""
    t = made.times(24.0)
    phase = 2 * np.pi * t / 1.2
    acc = np.column_stack([np.zeros(len(t)), 2.0 * np.sin(phase), GRAVITY_M_S2 + 1.5 * np.sin(2 * phase)])
    gyr = np.column_stack([0.2 * np.sin(phase), np.zeros((len(t), 2))])
    (stretch,) = stretches(motions(acc, gyr), CountParameters())
    cuts = np.column_stack([np.arange(1, 17) * 1.2, np.arange(2, 18) * 1.2])
    assert not alternates(stretch, unmirrored(stretch, CountParameters()), (cuts - stretch.start_s) * HZ, CountParameters())
    forward = acc + np.column_stack([2.0 * np.sin(2 * phase + 0.5), np.zeros((len(t), 2))])
    (stretch,) = stretches(motions(forward, gyr), CountParameters())
    assert alternates(stretch, unmirrored(stretch, CountParameters()), (cuts - stretch.start_s) * HZ, CountParameters())


@settings(max_examples=10, deadline=None)
@given(plans, st.floats(0.0, 0.1))
def test_each_side_counts_one_whichever_comes_first(plan: made.Plan, noise: float) -> None:
    left, right = (count(work(plan, alternating=True, mirrored=m, noise=noise)) for m in (False, True))
    assert left == right
    assert abs(left - plan.reps) <= 1


@pytest.mark.parametrize("reps", [6, 10])
def test_halves_lie_side_by_side(reps: int) -> None:
    cuts = np.column_stack([np.arange(reps) * 2.0, np.arange(reps) * 2.0 + 1.5])
    two = halved(cuts)
    assert two.shape == (2 * reps, 2)
    assert np.array_equal(two[::2, 0], cuts[:, 0])
    assert np.array_equal(two[1::2, 1], cuts[:, 1])
    assert np.array_equal(two[::2, 1], two[1::2, 0])


def test_too_short_or_too_few_repetitions_are_left_alone() -> None:
    plan = made.Plan(reps=8, out_s=0.6, pause_s=0.0, back_s=0.6, rest_s=0.0)
    (stretch,) = stretches(work(plan, alternating=True), CountParameters())
    plain = unmirrored(stretch, CountParameters())
    first = (plan.quiet_s - stretch.start_s) * HZ
    two = first + np.array([[0.0, 48.0], [48.0, 96.0]])
    short = first + np.column_stack([np.arange(0, 120, 12), np.arange(12, 132, 12)]).astype(float)
    assert not alternates(stretch, plain, two, CountParameters())
    assert not alternates(stretch, plain, short, CountParameters())


def test_repetitions_now_to_one_side_and_now_to_the_other_are_found_in_what_a_mirror_leaves_as_it_is() -> None:
    """As on one leg, where some hike the pelvis and let it drop the next time."""
    plan = made.Plan(reps=8, out_s=1.5, pause_s=0.4, back_s=1.5, rest_s=0.8, range_deg=10.0, lift_m=-0.15)
    moved = motions(*sideways(plan, to_the_right=(1, 2, 5, 7)))
    (found,) = find_sets(moved, mirrored=True)
    assert len(found.cuts) == plan.reps
    assert max(len(s.cuts) for s in find_sets(moved)) < plan.reps


def test_a_named_exercise_that_is_not_found_is_looked_for_in_what_a_mirror_leaves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another one than the named may be anything."""
    plan = made.Plan(reps=8, out_s=1.5, pause_s=0.4, back_s=1.5, rest_s=0.8, range_deg=10.0, lift_m=-0.15)
    moved = motions(*sideways(plan, to_the_right=(1, 2, 5, 7)))

    def only_mirrored(motions: Moved, p: object, mirrored: bool = False) -> tuple[FoundSet, ...]:
        return find_sets(motions, mirrored=True) if mirrored else ()

    monkeypatch.setattr(activity, "find_sets", only_mirrored)
    assert [len(s.cuts) for s in exercise_sets(moved, named=True)] == [plan.reps]
    assert exercise_sets(moved) == ()
