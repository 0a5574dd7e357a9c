"""Two streams of one sensor become one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sensor_streams import swing

from imu_tracker.numeric import Floats
from imu_tracker.sensors.joining import LONGEST_STEP, LONGEST_WAIT_S, Joined, Joiner

RATE_HZ = 100.0


def join(t_acc: Floats, acc: Floats, t_gyr: Floats, gyr: Floats) -> Joined:
    """Both streams whole."""
    joiner = Joiner(RATE_HZ)
    first = joiner.add_gyr(t_gyr, gyr)
    assert not len(first.t)
    return joiner.add_acc(t_acc, acc)


def interpolated(t_acc: Floats, t_gyr: Floats, gyr: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """The same another way: which of the accelerometer's times have a gyroscope sample on either side, and gyr there."""
    after = np.searchsorted(t_gyr, t_acc)
    inside, before = np.minimum(after, len(t_gyr) - 1), np.maximum(after - 1, 0)
    near = (after > 0) & (after < len(t_gyr)) & (t_gyr[inside] - t_gyr[before] <= LONGEST_STEP / RATE_HZ)
    good: NDArray[np.bool_] = near | (t_gyr[inside] == t_acc)
    return good, np.column_stack([np.interp(t_acc[good], t_gyr, axis) for axis in gyr.T])


def test_the_gyroscope_is_read_at_the_accelerometers_times() -> None:
    t = np.arange(100) / RATE_HZ
    acc, _ = swing(100)
    gyr = np.column_stack([t, 2 * t, -t])  # a line: interpolation is exact
    later = t + 0.004
    out = join(t, acc, later, gyr + 0.004 * np.array([1, 2, -1]))
    assert out.alone == 1  # the first has no gyroscope sample before it
    assert np.array_equal(out.acc, acc[1:])
    assert np.allclose(out.gyr, gyr[1:], atol=1e-12)


def test_nothing_is_joined_over_a_hole_of_the_gyroscope() -> None:
    t = np.arange(100) / RATE_HZ
    acc, gyr = swing(100)
    there = (t < 0.4) | (t > 0.6)
    out = join(t, acc, t[there] + 0.003, gyr[there])
    assert not ((out.t > 0.41) & (out.t < 0.6)).any()
    assert out.alone == 100 - len(out.t)


def test_one_stream_alone_joins_to_nothing() -> None:
    acc, gyr = swing(10)
    t = np.arange(10) / RATE_HZ
    joiner = Joiner(RATE_HZ)
    assert len(joiner.add_acc(t, acc).t) == 0
    assert len(Joiner(RATE_HZ).add_gyr(t, gyr).t) == 0
    assert len(joiner.add_gyr(t[:0], gyr[:0]).t) == 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), blocks=st.lists(st.tuples(st.booleans(), st.integers(1, 25)), max_size=60))
def test_blocks_of_any_size_give_what_the_whole_gives(seed: int, blocks: list[tuple[bool, int]]) -> None:
    rng = np.random.default_rng(seed)
    n = 120
    acc, gyr = swing(n, seed)
    t_acc = np.cumsum(rng.uniform(0.008, 0.012, n))
    t_gyr = np.cumsum(rng.uniform(0.008, 0.012, n)) + rng.choice([0.0, 0.05], n, p=[0.95, 0.05]).cumsum()
    acc = np.column_stack([acc, np.arange(n)])  # what comes beside the axes stays with them
    good, turning = interpolated(t_acc, t_gyr, gyr)
    joiner, at, parts = Joiner(RATE_HZ), [0, 0], []
    for is_acc, size in [*blocks, (True, n), (False, n)]:
        a = at[is_acc]
        at[is_acc] = min(n, a + size)
        piece = slice(a, at[is_acc])
        parts.append(joiner.add_acc(t_acc[piece], acc[piece]) if is_acc else joiner.add_gyr(t_gyr[piece], gyr[piece]))
    t = np.concatenate([p.t for p in parts])
    settled = good & (t_acc <= t_gyr[-1])
    assert np.array_equal(t, t_acc[settled])
    assert np.array_equal(np.concatenate([p.acc for p in parts if len(p.t)]), acc[settled])
    assert np.allclose(np.concatenate([p.gyr for p in parts]), turning[settled[good]], atol=1e-12)
    assert sum(p.alone for p in parts) == np.count_nonzero(~good & (t_acc <= t_gyr[-1]))


@pytest.mark.parametrize("dead", ["acc", "gyr"])
def test_a_stream_that_stops_is_not_waited_for_without_end(dead: str) -> None:
    joiner = Joiner(RATE_HZ)
    acc, gyr = swing(1000)
    t = np.arange(1000) / RATE_HZ
    alone = 0
    for i in range(0, 1000, 10):
        piece = slice(i, i + 10)
        if dead == "gyr":
            alone += joiner.add_acc(t[piece], acc[piece]).alone
        else:
            joiner.add_gyr(t[piece], gyr[piece])
    if dead == "gyr":
        assert alone == pytest.approx(1000 - LONGEST_WAIT_S * RATE_HZ, abs=2)
    # And when the other comes back, they join again.
    later = 10.0 + t[:50]
    joined = joiner.add_acc(later, acc[:50])
    joined = joiner.add_gyr(later, gyr[:50])
    assert len(joined.t) == 50
    assert np.array_equal(joined.gyr, gyr[:50])
