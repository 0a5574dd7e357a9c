"""Units are obeyed where declared, recognised where not, and what was recognised is said."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_motion import motion

from imu_tracker.files.units import SI, UNDECLARED, Units, gyr_unit, rest_level, time_unit, to_si, turning_ratio
from imu_tracker.numeric import GRAVITY_M_S2


def test_si_passes_unchanged_and_in_silence() -> None:
    t, acc, gyr = motion()
    t2, acc2, gyr2, notes = to_si(t, acc, gyr, UNDECLARED)
    assert notes == ()
    assert t2 is t
    assert acc2 is acc
    assert gyr2 is gyr


@settings(deadline=None, max_examples=40)
@given(
    rate_hz=st.sampled_from([12.5, 25.0, 50.0, 100.0, 400.0, 1000.0]),
    swing=st.floats(0.3, 1.5),
    seed=st.integers(0, 1000),
    time=st.sampled_from([(1.0, None), (1e3, "--time-unit"), (1e6, "--time-unit"), (1e9, "--time-unit")]),
    acc_scale=st.sampled_from([(1.0, None), (1 / GRAVITY_M_S2, "--acc-unit"), (1000 / GRAVITY_M_S2, "--acc-unit")]),
    gyr_scale=st.sampled_from([(1.0, None), (180 / math.pi, "--gyr-unit")]),
)
def test_any_units_come_back_to_si(
    rate_hz: float,
    swing: float,
    seed: int,
    time: tuple[float, str | None],
    acc_scale: tuple[float, str | None],
    gyr_scale: tuple[float, str | None],
) -> None:
    t, acc, gyr = motion(20.0, rate_hz, swing, seed)
    t2, acc2, gyr2, notes = to_si(t * time[0], acc * acc_scale[0], gyr * gyr_scale[0], UNDECLARED)
    assert gyr2 is not None
    np.testing.assert_allclose(t2, t, rtol=1e-9)
    np.testing.assert_allclose(acc2, acc, rtol=1e-9)
    np.testing.assert_allclose(gyr2, gyr, rtol=1e-9)
    wanted = [option for _, option in (time, acc_scale, gyr_scale) if option]
    assert len(notes) == len(wanted)
    for option, note in zip(wanted, notes, strict=True):
        assert option in note


def test_declared_units_are_obeyed_even_where_the_data_look_different() -> None:
    t, acc, gyr = motion()
    t2, acc2, gyr2, _ = to_si(t, acc, gyr, Units("g", "deg/s", "ms"))
    assert gyr2 is not None
    np.testing.assert_allclose(t2, t * 1e-3)
    np.testing.assert_allclose(acc2, acc * GRAVITY_M_S2)
    np.testing.assert_allclose(gyr2, np.radians(gyr))
    _, _, gyr3, notes = to_si(t, acc, np.degrees(gyr), SI)
    assert gyr3 is not None
    np.testing.assert_allclose(gyr3, np.degrees(gyr))
    assert notes == ()


def test_gyroscope_beyond_any_range_is_in_degrees_even_without_slow_motion() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(1000) / 100
    acc = rng.normal((0, 0, 9.81), 5, (1000, 3))
    unit, why = gyr_unit(t, acc, rng.normal(0, 200, (1000, 3)))
    assert unit == "deg/s"
    assert "beyond any common gyroscope" in why
    assert gyr_unit(t, acc, rng.normal(0, 3, (1000, 3)))[0] == "rad/s"


def test_without_motion_the_gyroscope_stays_as_it_is() -> None:
    t, acc, gyr = motion(swing_rad=0.0)
    assert gyr_unit(t, acc, np.degrees(gyr))[0] == "rad/s"


def test_turning_ratio_is_one_in_radians_and_tiny_in_degrees() -> None:
    t, acc, gyr = motion(60.0)
    ratio, likeness, turn = turning_ratio(t, acc, gyr)
    assert 0.9 < ratio < 1.15
    assert likeness > 0.9
    assert turn > 5
    assert 0.9 < turning_ratio(t, acc, np.degrees(gyr))[0] * 180 / math.pi < 1.15


@pytest.mark.parametrize(
    ("step", "unit"), [(0.001, "s"), (0.1, "s"), (1.0, "ms"), (10.0, "ms"), (100.0, "ms"), (1e4, "us"), (1e5, "us"), (1e7, "ns")]
)
def test_time_unit_by_the_step(step: float, unit: str) -> None:
    assert time_unit(1.7e9 * step + np.arange(500, dtype=float) * step) == unit


def test_time_unit_of_bursts_and_gaps() -> None:
    t = np.repeat(np.arange(100) * 80.0, 8)  # 100 Hz in packets of 8, in ms
    t[400:] += 300_000
    assert time_unit(t) == "ms"
    assert time_unit(t * 1e-3) == "s"


@pytest.mark.parametrize("rest_s", [0.0, 5.0])
def test_linear_acceleration_is_named_as_such(rest_s: float) -> None:
    t, _, gyr = motion()
    rng = np.random.default_rng(0)
    shaking = np.column_stack([2 * np.sin(t * 12), 2 * np.cos(t * 9), np.sin(t * 7)])
    shaking = np.where(t[:, None] < rest_s, 0.0, shaking) + rng.normal(0, 0.05, shaking.shape)
    _, same, _, notes = to_si(t, shaking, gyr, UNDECLARED)
    assert any("linear acceleration" in n for n in notes)
    np.testing.assert_array_equal(same, shaking)


def test_miscalibrated_rest_is_said_and_not_converted() -> None:
    t, acc, gyr = motion()
    _, same, _, notes = to_si(t, acc * 0.93, gyr, UNDECLARED)
    np.testing.assert_array_equal(same, acc * 0.93)
    assert len(notes) == 1
    assert "instead of 9.81" in notes[0]
    assert "9.12" in notes[0]


def test_rows_of_zeros_are_lost_samples_and_not_rest() -> None:
    t, acc, gyr = motion()
    acc, gyr = acc.copy(), gyr.copy()
    acc[1000:1600] = 0
    assert to_si(t, acc, gyr, UNDECLARED)[3] == ()
    assert rest_level(np.zeros((100, 3)), 0.01) is None
    assert any("nothing but zeros" in n for n in to_si(t, np.zeros_like(acc), gyr, UNDECLARED)[3])


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.floats(-1e25, 1e25) | st.just(math.nan)] * 7), min_size=1, max_size=60))
def test_any_numbers_are_borne(rows: list[tuple[float, ...]]) -> None:
    x = np.array(rows)
    t, acc, gyr, _ = to_si(x[:, 0], x[:, 1:4], x[:, 4:], UNDECLARED)
    assert gyr is not None
    assert len(t) == len(acc) == len(gyr) == len(rows)
