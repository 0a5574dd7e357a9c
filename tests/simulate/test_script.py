from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.numeric import Floats
from imu_tracker.simulate.body import CHANNELS
from imu_tracker.simulate.script import Bump, Move, Ripple, Script, Sway, Thud, min_jerk, mirrored_channel, mirrored_values, other

T: Floats = np.arange(0, 10, 0.001, dtype=np.float64)


def test_minimum_jerk_starts_and_ends_at_rest() -> None:
    s = np.linspace(0, 1, 1001)
    x = min_jerk(s)
    v = np.gradient(x, s)
    assert x[0] == 0
    assert x[-1] == pytest.approx(1)
    assert abs(v[0]) < 1e-4
    assert abs(v[-1]) < 1e-4
    assert v.max() == pytest.approx(1.875, abs=1e-3)  # Flash and Hogan 1985


def test_moves_add_up_and_stay() -> None:
    script = Script({"x": 1.0})
    script.add(Move("x", 1.0, 2.0, 0.5))
    script.add(Move("x", 1.5, 4.0, -2.0))
    x = script.sample(T)["x"]
    assert x[0] == 1.0
    assert x[-1] == pytest.approx(-0.5)
    assert script.now["x"] == pytest.approx(-0.5)


@given(
    start=st.floats(0.5, 4),
    up=st.floats(0.2, 2),
    hold=st.floats(0, 1),
    down=st.floats(0.2, 2),
    by=st.floats(-2, 2),
)
def test_a_bump_comes_back_and_its_acceleration_never_jumps(start: float, up: float, hold: float, down: float, by: float) -> None:
    script = Script({"x": 0.0})
    script.add(Bump("x", start, start + up, start + up + hold, start + up + hold + down, by))
    x = script.sample(T)["x"]
    assert abs(x[-1]) < 1e-9
    assert script.now["x"] == 0.0
    jerk = np.diff(x, 3) / 0.001**3
    assert np.abs(jerk).max() <= 60 * abs(by) * (1 / up**3 + 1 / down**3) * 1.01 + 1e-3  # 60 by / T³ at the ends of a move


def test_a_thud_starts_without_a_jump_and_dies_out() -> None:
    script = Script({"bob": 0.0})
    script.add(Thud("bob", 2.0, 0.001, 8.0, 0.03))
    x = script.sample(T)["bob"]
    assert np.all(x[T < 2.0] == 0)
    assert abs(x[T > 3.0]).max() < 1e-9
    a = np.diff(x, 2) / 0.001**2
    assert abs(a[np.searchsorted(T, 2.0) - 1]) < 0.02 * np.abs(a).max()


def test_sway_fades_in_and_out() -> None:
    script = Script({"tilt": 0.0})
    script.add(Sway("tilt", 1.0, 9.0, 1.0, (0.5, 1.1), (0.1, 0.05), (0.3, 1.0)))
    x = script.sample(T)["tilt"]
    assert np.all(x[T < 1.0] == 0)
    assert np.all(x[T >= 9.0] == 0)
    assert np.abs(x).max() > 0.08


def test_a_ripple_runs_ahead_and_behind_and_changes_nothing_outside() -> None:
    plain, rippled = Script({"x": 0.0}), Script({"x": 0.0})
    for script in (plain, rippled):
        script.add(Bump("x", 2.0, 4.0, 5.0, 7.0, 1.0))
    rippled.ripples.append(Ripple(2.0, 7.0, (1.0, 2.1), (0.02, 0.01), (0.3, 1.0)))
    x, there = plain.sample(T)["x"], rippled.sample(T)["x"]
    outside = (T < 2.0) | (T > 7.0)
    assert np.array_equal(x[outside], there[outside])
    assert there.max() == pytest.approx(1.0)
    assert 0.005 < np.abs(there - x).max() < 0.04
    assert np.all(np.diff(there[(T > 2.0) & (T < 4.0)]) > -1e-12)  # time never turns back
    jerk = np.diff(there, 3) / 0.001**3
    assert np.abs(jerk).max() < 40


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_mirror_of_a_mirror_is_the_channel_itself(channel: str) -> None:
    there, sign = mirrored_channel(channel)
    assert there in CHANNELS
    assert mirrored_channel(there) == (channel, sign)


def test_mirrored_values_swap_legs_and_change_signs() -> None:
    values = {"y": np.ones(2), "knee_left": np.full(2, 3.0), "knee_right": np.full(2, 4.0)}
    there = mirrored_values(values)
    assert there["y"][0] == -1
    assert there["knee_left"][0] == 4
    assert other("left") == "right"
    assert other("right") == "left"
