"""Windows: where they lie, how many there are, and what becomes of too little motion."""

from __future__ import annotations

import numpy as np
from made import Plan, recording, with_gap

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.recognition.windows import LENGTH, WindowParameters, windows_in_all, windows_in_sets
from imu_tracker.recording import Recording

LONG = Plan(reps=12, quiet_s=10.0)


def motions_of(one: Recording) -> tuple[Motion, ...]:
    (stream,) = one.streams.values()
    return tuple(motion_of(piece) for piece in to_grid(stream, one.start_s))


def test_a_set_has_overlapping_windows_but_no_more_than_asked_for() -> None:
    motions = motions_of(recording(LONG))
    assert windows_in_sets(motions, [(10.0, 40.0)]).shape == (11, LENGTH, 13)
    assert len(windows_in_sets(motions, [(10.0, 40.0)], WindowParameters(most=4))) == 4


def test_a_short_set_reaches_out_and_a_short_recording_is_repeated() -> None:
    motions = motions_of(recording(LONG))
    assert windows_in_sets(motions, [(20.0, 22.0)]).shape == (1, LENGTH, 13)
    short = motions_of(recording(Plan(reps=1, quiet_s=0.0), gyroscope=False))
    windows = windows_in_all(short, 0.0, 1e9)
    assert windows.shape == (1, LENGTH, 6)
    n = int(np.ceil(len(short[0]) / 4))
    assert np.array_equal(windows[0, n : n + 5], windows[0, :5])


def test_nothing_crosses_a_gap() -> None:
    motions = motions_of(with_gap(recording(LONG), 24.0, 27.0))
    before = windows_in_sets(motions_of(recording(LONG)), [(18.0, 33.0)])
    windows = windows_in_sets(motions, [(18.0, 33.0)])
    assert len(motions) == 2
    assert len(windows) > 0
    steps = np.abs(np.diff(windows[..., 3:6], axis=1)).max()
    assert steps <= 1.5 * np.abs(np.diff(before[..., 3:6], axis=1)).max()


def test_rest_is_left_aside_where_no_set_was_found() -> None:
    motions = motions_of(recording(Plan(reps=3, quiet_s=20.0)))
    assert len(windows_in_all(motions, 0.0, 1e9)) < 0.6 * len(windows_in_all(motions, 0.0, 1e9, WindowParameters(idle=0.0)))


def test_a_span_without_motion_has_no_windows() -> None:
    motions = motions_of(recording(LONG))
    assert len(windows_in_sets(motions, [(500.0, 510.0)])) == 0
    assert len(windows_in_all(motions, 500.0, 510.0)) == 0
