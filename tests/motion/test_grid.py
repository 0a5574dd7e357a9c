"""The common grid: any rate onto 100 Hz, nothing invented in gaps, nothing across them."""

from __future__ import annotations

import made
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.motion import GRID_HZ, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.recording import Stream, stream_from_samples


def wave(t: Floats) -> Floats:
    return np.column_stack([np.sin(t), np.cos(0.5 * t), 9.81 + 0.0 * t])


def sampled(t: Floats) -> Stream:
    return stream_from_samples(t, wave(t), 0.1 * wave(t))


@pytest.mark.parametrize("rate_hz", [10.0, 25.0, 50.0, 100.0, 104.0, 200.0, 1000.0])
def test_any_rate_gives_the_same_motion(rate_hz: float) -> None:
    stream = sampled(made.times(20, rate_hz))
    (piece,) = to_grid(stream, 0.0)
    at = np.arange(piece.first, piece.last) / GRID_HZ
    assert len(at) == pytest.approx((20 - 1 / rate_hz) * GRID_HZ + 1, abs=1)
    assert np.abs(piece.acc - wave(at)).max() < 0.01
    assert piece.gyr is not None
    assert np.abs(piece.gyr - 0.1 * wave(at)).max() < 0.001


def test_what_is_faster_than_the_grid_does_not_fold_down() -> None:
    t = made.times(10, 1000)
    shaking = np.column_stack([np.sin(2 * np.pi * 99.0 * t), 0 * t, 9.81 + 0 * t])  # would look like 1 Hz
    (piece,) = to_grid(stream_from_samples(t, shaking), 0.0)
    assert np.abs(piece.acc[20:-20, 0]).max() < 0.1


@given(st.integers(0, 2**31), st.floats(20, 300), st.lists(st.tuples(st.floats(1, 18), st.floats(0.2, 2.0)), max_size=3))
def test_no_grid_point_lies_in_a_gap(seed: int, rate_hz: float, holes: list[tuple[float, float]]) -> None:
    rng = np.random.default_rng(seed)
    t = np.sort((np.arange(int(20 * rate_hz)) + rng.uniform(-0.2, 0.2, int(20 * rate_hz))) / rate_hz)
    for begin, length in holes:
        t = t[(t < begin) | (t >= begin + length)]
    stream = sampled(t)
    pieces = to_grid(stream, float(stream.timing.t[0]))
    start = stream.timing.t[0]
    for piece in pieces:
        assert np.isfinite(piece.acc).all()
        assert np.abs(piece.acc - wave(np.arange(piece.first, piece.last) / GRID_HZ + start)).max() < 0.05
        for begin, end in stream.timing.gaps:
            at = np.arange(piece.first, piece.last) / GRID_HZ + start
            assert not ((at > begin + 1e-6) & (at < end - 1e-6)).any()


def test_a_piece_of_one_sample_is_itself() -> None:
    t = np.r_[np.arange(100) / 100.0, 5.0, 10.0 + np.arange(100) / 100.0]
    pieces = to_grid(sampled(t), 0.0)
    assert [len(p.acc) for p in pieces] == [100, 1, 100]
    assert np.array_equal(pieces[1].acc[0], wave(np.array([5.0]))[0])


def test_without_a_gyroscope_there_is_none() -> None:
    t = np.arange(300) / 100.0
    (piece,) = to_grid(stream_from_samples(t, wave(t)), 0.0)
    assert piece.gyr is None
