"""The same set otherwise: what is changed is changed, what isn't stays, and the physics holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from imu_tracker.motion import motion_of, to_grid
from imu_tracker.numeric import GRAVITY_M_S2, Floats, sizes
from imu_tracker.recognition.varying import Body, shaken, varied
from imu_tracker.recognition.windows import ACC, EARTH_ACC, GYR, UP, rows_of
from imu_tracker.simulate import record, simulate

SAME = Body(pace=0.0, size=(0.0, 0.0), aslant=0.0, heave=0.0, fast=(0.0, 0.0), offset_m_s2=0.0, noise_m_s2=0.0)


@pytest.fixture(scope="module")
def walk() -> Floats:
    """Rows of a simulated band walk, which moves to the side and turns little."""
    movement, truth = simulate("lateral_band_walk", 35)
    (stream,) = record(movement, 35, ("pelvis",)).streams.values()
    (motion, *_) = (motion_of(p) for p in to_grid(stream, 0.0))
    begin = int(100 * truth.sets[0].start_s)
    return rows_of(motion, begin, begin + 2000)


def test_a_variation_at_the_same_speed_and_size_is_the_movement_itself(walk: Floats) -> None:
    assert np.allclose(varied(walk, 1.0, 1.0), walk, atol=1e-9)
    fast, small = varied(walk, 2.0, 1.0), varied(walk, 1.0, 0.5)
    assert len(fast) == len(walk) // 2
    assert np.allclose(fast[:, GYR], 2.0 * walk[: 2 * len(fast) : 2, GYR])
    assert np.allclose(small[:, GYR], 0.5 * walk[:, GYR])
    assert np.allclose(sizes(small[:, UP]), sizes(walk[:, UP]))
    still = np.tile(walk[:1], (50, 1))
    still[:, ACC] = GRAVITY_M_S2 * still[:, UP]
    assert np.allclose(varied(still, 1.4, 0.7)[:, ACC], still[0, ACC])


def test_another_body_that_is_the_same_moves_the_same_but_for_the_heading_of_its_earth(walk: Floats) -> None:
    again = shaken(walk, np.random.default_rng(1), SAME)
    assert np.allclose(again[:, : GYR.stop], walk[:, : GYR.stop], atol=0.02)
    was, now = (x[:, EARTH_ACC] @ np.array([1.0, 1.0j]) for x in (walk, again))
    assert np.allclose(np.abs(was), np.abs(now), atol=0.02)
    turned = np.angle((now * was.conj())[np.abs(was) > 1.0])
    apart = np.degrees(np.angle(np.exp(1j * (turned - turned[0]))))
    assert np.abs(apart).max() < 5.0


def test_who_turns_out_of_the_plane_has_a_vertical_and_a_turn_rate_that_go_together(walk: Floats) -> None:
    out = shaken(walk, np.random.default_rng(2), replace(SAME, aslant=0.3))
    up = out[:, UP]
    assert np.abs(up - walk[:, UP] / sizes(walk[:, UP])[:, None]).max() > 0.02
    gravity_turns = np.gradient(up, axis=0) * 25.0  # d(up)/dt = up x turn rate, in the sensor's frame
    by_gyroscope = np.cross(up, out[:, GYR])
    assert np.corrcoef(gravity_turns[5:-5].ravel(), by_gyroscope[5:-5].ravel())[0, 1] > 0.95
    assert np.allclose(sizes(out[:, ACC] - GRAVITY_M_S2 * up), sizes(walk[:, ACC] - GRAVITY_M_S2 * walk[:, UP]), atol=0.3)


def test_without_a_gyroscope_there_is_none_afterwards_and_the_same_draw_gives_the_same_body(walk: Floats) -> None:
    plain = walk[:, : UP.stop]
    first, again = (shaken(plain, np.random.default_rng(3)) for _ in range(2))
    assert first.shape[1] == plain.shape[1]
    assert np.array_equal(first, again)
    assert np.allclose(sizes(first[:, UP]), 1.0)
