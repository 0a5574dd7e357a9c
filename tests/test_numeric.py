"""The hand-written filters and rotations, held against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from imu_tracker import numeric

seeds = st.integers(0, 2**31)


def quaternions(seed: int, n: int = 5) -> numeric.Floats:
    q: numeric.Floats = np.random.default_rng(seed).normal(size=(n, 4))
    q /= np.linalg.norm(q, axis=1, keepdims=True)
    return q


@given(seeds)
def test_matrices_and_products_equal_scipys(seed: int) -> None:
    p, q = quaternions(seed), quaternions(seed + 1)
    as_scipy = [Rotation.from_quat(x[:, [1, 2, 3, 0]]) for x in (p, q)]
    assert np.allclose(numeric.rotation_matrix(p), as_scipy[0].as_matrix(), atol=1e-12)
    product = numeric.multiply(p, q)
    assert np.allclose(numeric.rotation_matrix(product), (as_scipy[0] * as_scipy[1]).as_matrix(), atol=1e-12)


@given(seeds)
def test_up_is_the_earths_z_axis_seen_by_the_sensor(seed: int) -> None:
    q = quaternions(seed)
    assert np.allclose(numeric.up_from_quaternion(q), Rotation.from_quat(q[:, [1, 2, 3, 0]]).inv().apply([0, 0, 1]), atol=1e-12)


@pytest.mark.parametrize("cutoff_hz", [0.5, 2.0, 7.0])
def test_smooth_halves_the_power_at_its_cutoff(cutoff_hz: float) -> None:
    rate_hz = 200.0
    t = np.arange(0, 40 / cutoff_hz, 1 / rate_hz)
    middle = slice(len(t) // 4, -len(t) // 4)
    for factor, least, most in ((0.1, 0.98, 1.0), (1.0, 0.66, 0.76), (4.0, 0.0, 0.02)):
        y = numeric.smooth(np.sin(2 * np.pi * factor * cutoff_hz * t), cutoff_hz, rate_hz)
        size = np.sqrt(2 * np.mean(y[middle] ** 2))
        assert least <= size <= most, f"{size:.3f} at {factor} times the cutoff"


def test_smooth_shifts_nothing_in_time() -> None:
    t = np.arange(0, 10, 0.01)
    x = np.exp(-((t - 5.0) ** 2) / 0.5)
    assert abs(t[np.argmax(numeric.smooth(x, 1.0, 100.0))] - 5.0) < 0.011


@given(st.integers(0, 40), st.integers(1, 3), st.integers(0, 60))
def test_moving_average_is_the_plain_mean_with_held_ends(n: int, columns: int, width: int) -> None:
    x = np.random.default_rng(n + 100 * width).normal(size=(n, columns))
    half = width // 2
    padded = np.pad(x, ((half, half), (0, 0)), mode="edge") if n else x
    expected = np.array([padded[i : i + 2 * half + 1].mean(axis=0) for i in range(n)]).reshape(n, columns)
    assert np.allclose(numeric.moving_average(x, width), expected, atol=1e-9)


@given(st.lists(st.booleans(), max_size=50))
def test_runs_are_the_stretches_of_true(mask: list[bool]) -> None:
    found = numeric.runs(np.array(mask, bool))
    covered = np.zeros(len(mask), bool)
    for a, b in found:
        assert a < b
        assert a == 0 or not mask[a - 1]
        assert b == len(mask) or not mask[b]
        covered[a:b] = True
    assert covered.tolist() == mask


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(0.0, 1.0))
def test_quantile_is_numpys(values: list[float], share: float) -> None:
    x = np.array(values)
    assert numeric.quantile(x, share) == pytest.approx(float(np.quantile(x, share)), abs=1e-9)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30))
def test_slope_is_numpys_gradient(values: list[float]) -> None:
    x = np.array(values)
    assert np.allclose(numeric.slope(x), np.gradient(x), atol=1e-9)


def test_the_angle_between_directions() -> None:
    x, y = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    assert numeric.angle_deg(x, y) == pytest.approx(90.0)
    assert numeric.angle_deg(x, -x) == pytest.approx(180.0)
    assert numeric.angle_deg(x, x * (1.0 + 1e-12)) == 0.0  # rounding takes nobody out of the cosine's range
