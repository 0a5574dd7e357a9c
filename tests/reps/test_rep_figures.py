"""Smoothness of a rep, and the fade of a set."""

from __future__ import annotations

import made
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.analysis import analyze
from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.recording import Recording, stream_from_samples
from imu_tracker.reps import describe_reps
from imu_tracker.reps.figures import bell, fade_percent, figures_of, smoothness
from imu_tracker.results import Rep


def pushes(n: int, samples: int = 120, skew: float = 1.0) -> Floats:
    """Speed of n equal bells with a stop between each two."""
    x: Floats = np.sin(np.pi * n * np.linspace(0.0, 1.0, samples) ** skew) ** 2
    return x


@given(st.integers(20, 600), st.floats(0.5, 2.0), st.floats(1e-3, 1e3))
def test_one_bell_is_smooth_whatever_its_length_skew_and_height(samples: int, skew: float, height: float) -> None:
    assert bell(height * pushes(1, samples, skew)) == pytest.approx(1.0)


@given(st.integers(1, 6), st.integers(2, 5))
def test_n_pushes_are_an_nth(n: int, longer: int) -> None:
    assert bell(pushes(n, 120 * longer * n)) == pytest.approx(1.0 / n, rel=0.05)


def test_a_small_wobble_is_noise_and_a_deep_one_is_not() -> None:
    t = np.linspace(0.0, 1.0, 200)
    plain, wobble = pushes(1, 200), np.sin(2 * np.pi * 6 * t)
    values = [bell(plain + size * wobble * plain) for size in (0.0, 0.02, 0.2, 0.4)]
    assert values[:2] == [1.0, 1.0]
    assert values[3] is not None
    assert values[2] is not None
    assert values[3] < values[2] < 0.95


def test_what_cannot_be_judged_is_none() -> None:
    assert bell(np.ones(5)) is None
    assert bell(np.zeros(50)) is None
    assert smoothness(np.zeros(50), np.ones(3)) is None
    assert smoothness(pushes(1), np.ones(3)) == pytest.approx(1.0)


@pytest.mark.parametrize("rate_hz", [25.0, 50.0, 100.0, 200.0])
@pytest.mark.parametrize("turned", [None, made.rotation(np.array([1.0, -2.0, 0.5]), 1.1)])
def test_a_plain_movement_is_smooth_at_any_rate_and_mounting(rate_hz: float, turned: made.Array | None) -> None:
    for s in analyze(made.recording(made.Plan(), rate_hz=rate_hz, turned=turned, noise=0.02)).sets:
        assert all(r.smoothness is not None and r.smoothness > 0.97 for r in s.reps)


def motions(recording: Recording) -> tuple[Motion, ...]:
    return tuple(motion_of(p) for p in to_grid(recording.streams["pelvis"], recording.start_s))


def in_pushes(plan: made.Plan, depth: float) -> Recording:
    """The plan with its speed going up and down by `depth` (0-1) 1.5 times a second; it turns and rises."""
    t = made.times(plan.duration_s)
    gone = made.reach(plan, t + depth * np.sin(2 * np.pi * 1.5 * t) / (2 * np.pi * 1.5))
    angle = np.radians(plan.range_deg) * gone
    lift = plan.lift_m * np.gradient(np.gradient(gone, t), t)
    up = np.column_stack([-np.sin(angle), np.zeros_like(t), np.cos(angle)])
    gyr = np.column_stack([np.zeros_like(t), np.gradient(angle, t), np.zeros_like(t)])
    return Recording({"pelvis": stream_from_samples(t, (9.80665 + lift)[:, None] * up, gyr)})


@pytest.mark.parametrize(("range_deg", "lift_m"), [(45.0, 0.0), (1.0, 0.6)])  # read off the angle, and off the way
def test_a_movement_in_pushes_is_less_smooth(range_deg: float, lift_m: float) -> None:
    plan = made.Plan(reps=6, out_s=2.0, back_s=2.0, range_deg=range_deg, lift_m=lift_m)
    cuts = np.array([(start - 0.15, end + 0.15) for start, _, end in plan.reps_at()])
    plain, less, rough = (
        np.median([r.smoothness or 0.0 for r in describe_reps(motions(in_pushes(plan, depth)), cuts, 0.9)])
        for depth in (0.0, 0.5, 0.9)
    )
    assert plain > 0.97
    assert plain > less > rough
    assert rough < 0.6


def test_without_a_gyroscope_speed_and_smoothness_are_none_with_a_reason() -> None:
    (one,) = analyze(made.recording(made.Plan(), gyroscope=False, noise=0.02)).sets
    assert all(r.smoothness is None and r.peak_rate_deg_s is None for r in one.reps)
    assert one.speed_fade_percent is None
    for name in ("smoothness", "peak_rate_deg_s", "speed_fade_percent"):
        assert "gyroscope" in one.unresolved[name]
    (other,) = analyze(made.recording(made.Plan(), noise=0.02)).sets
    assert not {"smoothness", "peak_rate_deg_s", "speed_fade_percent"} & set(other.unresolved)


def test_of_reps_that_were_added_by_hand_no_gyroscope_is_missed() -> None:
    by_hand = [Rep(3.0 * k, 3.0 * k + 1, 3.0 * k + 2, 1.0) for k in range(5)]
    assert not any("gyroscope" in why for why in figures_of(by_hand).unresolved.values())


@given(st.floats(10, 100), st.floats(-5, 60), st.integers(4, 30), st.integers(0, 2**31))
def test_a_fade_is_that_of_the_line_whatever_one_rep_did(first: float, fade: float, n: int, seed: int) -> None:
    values: list[float | None] = list(first * (1 - fade / 100 * np.arange(n) / (n - 1)))
    assert fade_percent(values) == pytest.approx(fade, abs=1e-6)
    if n >= 8:
        values[np.random.default_rng(seed).integers(n)] = None
        odd = [v if k != n // 2 else 5 * first for k, v in enumerate(values)]
        assert fade_percent(odd) == pytest.approx(fade, abs=0.35 * abs(fade) + 1.0)


def test_a_fade_takes_four_reps_that_turn() -> None:
    def reps(n: int, range_deg: float | None) -> list[Rep]:
        return [Rep(3.0 * k, 3.0 * k + 1, 3.0 * k + 2, 0.9, range_deg=range_deg, peak_rate_deg_s=50.0) for k in range(n)]

    three, still, unmeasured, four = (figures_of(reps(*x)) for x in ((3, 40.0), (5, 3.0), (5, None), (4, 40.0)))
    for figures, why in ((three, "4 reps"), (still, "turns"), (unmeasured, "measured")):
        assert figures.range_fade_percent is None
        assert why in figures.unresolved["range_fade_percent"]
    assert (four.range_fade_percent, four.speed_fade_percent) == (0.0, 0.0)
    assert not any("fade" in name for name in four.unresolved)


def test_tension_and_cadence_are_the_interfaces() -> None:
    reps = [Rep(t, t + 1, t + 2.5, 0.9) for t in (10.0, 13.0, 16.0, 24.0)]
    figures = figures_of(reps)
    assert figures.time_under_tension_s == pytest.approx(10.0)
    assert figures.cadence_per_min == pytest.approx(20.0)
    assert figures_of(reps[:1]).cadence_per_min is None
    assert figures_of(reps[:1]).unresolved["cadence_per_min"]
    assert figures_of([]).time_under_tension_s == 0.0


def test_a_set_that_fades_says_so() -> None:
    plan = made.Plan(reps=8, range_deg=40.0)
    t = made.times(plan.duration_s)
    angle = np.zeros_like(t)
    for k, (start, _, end) in enumerate(plan.reps_at()):
        inside = (t >= start - 0.1) & (t < end + 0.1)
        angle[inside] = np.radians(40.0 * (1 - 0.05 * k)) * made.reach(plan, t)[inside]
    up = np.column_stack([-np.sin(angle), np.zeros_like(t), np.cos(angle)])
    gyr = np.column_stack([np.zeros_like(t), np.gradient(angle, t), np.zeros_like(t)])
    (one,) = analyze(Recording({"pelvis": stream_from_samples(t, 9.80665 * up, gyr)})).sets
    assert one.range_fade_percent == pytest.approx(35.0, abs=2.0)
    assert one.speed_fade_percent == pytest.approx(35.0, abs=3.0)
