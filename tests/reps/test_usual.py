"""Motion held at its usual size: a change of posture must not outweigh the repetitions beside it."""

from __future__ import annotations

import made
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.numeric import GRAVITY_M_S2
from imu_tracker.recording import stream_from_samples
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.periodicity import Run
from imu_tracker.reps.sets import find_sets
from imu_tracker.reps.signals import Stretch, stretches
from imu_tracker.reps.usual import centre, usual_size, within_usual

REPS, PERIOD_S = 9, 1.8


def on_a_bar(seed: int) -> tuple[Motion, ...]:
    """Hands go up by 120 degrees at 2 s, tilt by 9 degrees a repetition from 4 s on, come down; with tremor throughout."""
    end_s = 4.0 + REPS * PERIOD_S
    t = made.times(end_s + 4.0)

    def angle(at: made.Array) -> made.Array:
        up = np.clip((at - 2.0) / 0.8, 0.0, 1.0) - np.clip((at - end_s - 1.0) / 0.8, 0.0, 1.0)
        reps = 0.5 - 0.5 * np.cos(2 * np.pi * np.clip(at - 4.0, 0.0, end_s - 4.0) / PERIOD_S)
        return np.asarray(np.radians(120.0) * (0.5 - 0.5 * np.cos(np.pi * up)) + np.radians(9.0) * reps)

    rng = np.random.default_rng(seed)
    rate = (angle(t + 1e-3) - angle(t - 1e-3)) / 2e-3
    acc = GRAVITY_M_S2 * np.column_stack([np.sin(angle(t)), np.zeros(len(t)), np.cos(angle(t))])
    gyr = np.column_stack([np.zeros(len(t)), -rate, np.zeros(len(t))])
    stream = stream_from_samples(t, acc + rng.normal(0.0, 0.4, acc.shape), gyr + rng.normal(0.0, 0.3, gyr.shape))
    return tuple(motion_of(piece) for piece in to_grid(stream, 0.0))


def test_weak_repetitions_between_large_changes_of_posture_are_found() -> None:
    for seed in range(5):
        found = [s for s in find_sets(on_a_bar(seed)) if s.cuts[0, 0] > 2.0]
        assert max((len(s.cuts) for s in found), default=0) in (REPS - 1, REPS, REPS + 1)


@given(st.integers(0, 1000), st.floats(0.1, 3.0))
def test_a_few_rows_far_off_do_not_move_the_centre_and_turning_turns_it(seed: int, angle: float) -> None:
    rng = np.random.default_rng(seed)
    x = np.vstack([rng.normal(0.0, 0.05, (80, 3)), rng.normal(0.0, 0.05, (15, 3)) + 1.5])
    assert np.linalg.norm(centre(x)) < 0.06  # the mean lies 0.4 away
    turn = made.rotation(rng.normal(size=3), angle)
    np.testing.assert_allclose(centre(x @ turn.T), turn @ centre(x), atol=1e-9)


def test_the_usual_size_is_the_greatest_of_a_usual_period() -> None:
    size = np.tile([0.0, 1.0, 0.0, 0.5], 8)
    assert usual_size(size, 4) == 1.0
    size[:4] = 30.0
    assert usual_size(size, 4) == 1.0
    assert usual_size(np.array([2.0]), 4) == 2.0


def test_what_is_usual_stays_as_it_is_and_what_is_not_keeps_its_direction() -> None:
    t = np.arange(200) / 20.0
    raw = np.zeros((200, 9))
    raw[:, 4] = np.sin(2 * np.pi * t / 2.0)
    raw[:30, 4] *= 10.0
    present = np.ones(200, bool)
    present[100:110] = False
    stretch = Stretch(0.0, raw, raw, present, ((0, 100), (110, 200)))
    held = within_usual(stretch, 0, 200, Run(1.0, 2.0, 0, 200))
    np.testing.assert_array_equal(held[100:110], 0.0)
    np.testing.assert_allclose(held[30:100], raw[30:100], atol=1e-12)
    np.testing.assert_allclose(held[:30, 4], np.clip(raw[:30, 4], -1.0, 1.0), atol=1e-12)


def test_posture_is_held_near_the_repetitions() -> None:
    (stretch,) = stretches(on_a_bar(0), CountParameters())
    run = Run(1.0, PERIOD_S, 80, 80 + int(REPS * PERIOD_S * 20))
    held = within_usual(stretch, 0, len(stretch.raw), run)
    tilt = np.degrees(2 * np.arcsin(0.5 * np.linalg.norm(held[:, :3], axis=1)))
    assert tilt.max() < 12.0  # the hands went 120 degrees
    assert tilt[run.start : run.end].max() > 3.0
