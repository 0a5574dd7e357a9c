"""Motion as it grows: the same as for the whole recording, whatever blocks it comes in."""

from __future__ import annotations

import itertools

import made
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.motion.growing import GrowingMotion
from imu_tracker.numeric import Floats
from imu_tracker.recording import stream_from_samples


def shaken(t: Floats) -> tuple[Floats, Floats]:
    acc = np.column_stack([np.sin(3 * t), np.cos(2 * t), 9.81 + 0.5 * np.sin(5 * t)])
    return acc, np.column_stack([0.4 * np.sin(t), 0.3 * np.cos(2 * t), 0.1 * np.sin(4 * t)])


def pushed(t: Floats, blocks: list[int], gyroscope: bool = True) -> GrowingMotion:
    acc, gyr = shaken(t)
    motion, at = GrowingMotion(gyroscope), 0
    for size in itertools.cycle(blocks):
        if at >= len(t):
            return motion
        here = slice(at, at + size)
        motion.push(t[here], acc[here], gyr[here] if gyroscope else None)
        at += size
    raise AssertionError


def whole(t: Floats, gyroscope: bool = True) -> tuple[Motion, ...]:
    acc, gyr = shaken(t)
    stream = stream_from_samples(t, acc, gyr if gyroscope else None)
    return tuple(motion_of(piece) for piece in to_grid(stream, 0.0))


@given(st.lists(st.integers(1, 500), min_size=1, max_size=5), st.sampled_from([25.0, 52.0, 100.0, 208.0, 416.0]))
@settings(max_examples=25, deadline=None)
def test_it_grows_into_the_motion_of_the_whole_recording(blocks: list[int], rate_hz: float) -> None:
    t = made.times(20, rate_hz)
    t = t[(t < 6.0) | (t > 6.9)]  # and a gap
    grown, expected = pushed(t, blocks).between(0.0, 100.0), whole(t)
    assert [m.first for m in grown] == [m.first for m in expected]
    for m, other in zip(grown, expected, strict=True):
        assert len(other) - len(m) in range(4)  # the last points still wait for what a later sample may change
        assert m.acc == pytest.approx(other.acc[: len(m)], abs=1e-9)
        assert m.up == pytest.approx(other.up[: len(m)], abs=1e-9)


def test_an_accelerometer_alone_grows_too() -> None:
    t = made.times(10, 50.0)
    (m,) = pushed(t, [7], gyroscope=False).between(0.0, 100.0)
    assert m.gyr is None
    assert m.up[:900] == pytest.approx(whole(t, gyroscope=False)[0].up[:900], abs=0.02)


def test_what_comes_late_or_again_is_left_to_the_recording() -> None:
    t = made.times(10, 100.0)
    acc, gyr = shaken(t)
    motion = GrowingMotion(True)
    for here in (slice(0, 500), slice(200, 300), slice(400, 1000)):
        motion.push(t[here], acc[here], gyr[here])
    (m,) = motion.between(0.0, 100.0)
    assert m.acc == pytest.approx(whole(t)[0].acc[: len(m)], abs=1e-9)


def test_what_is_forgotten_takes_no_room_and_the_rest_stays() -> None:
    t = made.times(300, 100.0)
    motion = pushed(t, [1000])
    motion.forget(20.0, 250.0)
    beginning, kept = motion.between(0.0, 1000.0)
    assert (beginning.start_s, len(beginning)) == (0.0, 2000)
    assert kept.start_s == 250.0
    assert beginning.up == pytest.approx(whole(t)[0].up[:2000], abs=1e-9)
    motion.forget(20.0, 260.0)
    assert [m.first for m in motion.between(0.0, 1000.0)] == [0, 25000]  # so little isn't worth the copying
    (there,) = motion.between(260.0, 270.0)
    assert (there.first, len(there)) == (26000, 1000)
    assert there.up == pytest.approx(whole(t)[0].up[26000:27000], abs=1e-9)


def test_until_its_rate_can_be_told_nothing_comes_out() -> None:
    assert pushed(made.times(0.3, 100.0), [10]).between(0.0, 10.0) == ()
