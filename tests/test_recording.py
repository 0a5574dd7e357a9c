"""Streams: times judged, losses and gaps found, bad samples left out and said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.errors import SamplesError
from imu_tracker.recording import Recording, assess_times, placement_name, stream_from_samples


def still(n: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.tile([0.0, 0.0, 9.81], (n, 1)) + np.random.default_rng(n).normal(0, 0.01, (n, 3))


def test_even_times_are_uniform() -> None:
    timing = assess_times(np.arange(1000) / 50.0)
    assert (timing.timestamps, timing.lost, timing.gaps) == ("uniform", 0, ())
    assert timing.rate_hz == pytest.approx(50.0)


def test_times_rounded_to_the_millisecond_are_uniform() -> None:
    timing = assess_times(np.round(np.arange(1000) / 103.0, 3))
    assert timing.timestamps == "uniform"
    assert timing.rate_hz == pytest.approx(103.0, rel=0.01)


def test_jittered_times_are_the_sensors() -> None:
    rng = np.random.default_rng(1)
    t = np.arange(2000) / 100.0 + rng.uniform(-0.002, 0.002, 2000)
    timing = assess_times(t)
    assert timing.timestamps == "sensor"
    assert np.array_equal(timing.t, t)


def test_single_losses_are_counted_and_not_gaps() -> None:
    keep = np.ones(1000, bool)
    keep[[100, 300, 301, 700]] = False
    timing = assess_times((np.arange(1000) / 100.0)[keep])
    assert (timing.lost, timing.gaps) == (4, ())


def test_a_gap_of_minutes_is_a_gap() -> None:
    t = np.r_[np.arange(500) / 100.0, 200.0 + np.arange(500) / 100.0]
    timing = assess_times(t)
    assert timing.gaps == ((4.99, 200.0),)
    assert timing.pieces == ((0, 500), (500, 1000))
    assert timing.lost == pytest.approx(19500, abs=1)


def test_slow_sensors_have_no_gaps_between_their_samples() -> None:
    assert assess_times(np.arange(300) / 10.0).gaps == ()


def bursts(rng: np.random.Generator, n: int, rate_hz: float = 100.0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Arrival times of samples that are delivered a few at a time, never early."""
    sent = np.arange(n) / rate_hz
    due = np.cumsum(rng.uniform(0.02, 0.05, n))
    arrival = due[np.searchsorted(due, sent)]
    return np.sort(arrival + rng.uniform(0, 0.001, n))


def test_bursts_are_spread_to_when_the_samples_were_taken() -> None:
    t = bursts(np.random.default_rng(2), 3000)
    timing = assess_times(t)
    assert timing.timestamps == "arrival"
    error = timing.t - np.arange(3000) / 100.0
    assert np.ptp(error) < 0.02
    assert np.ptp(t - np.arange(3000) / 100.0) > 0.03


def test_a_stall_that_is_delivered_late_is_no_gap() -> None:
    t = bursts(np.random.default_rng(3), 3000)
    t[1000:1200] = np.maximum(t[1000:1200], t[1200])
    timing = assess_times(t)
    assert (timing.gaps, timing.lost) == ((), 0)


def test_samples_that_never_arrive_in_a_bursty_stream_are_a_gap() -> None:
    t = bursts(np.random.default_rng(4), 3000)
    timing = assess_times(np.r_[t[:1000], t[1150:]])
    assert len(timing.gaps) == 1
    assert timing.gaps[0][0] == pytest.approx(10.0, abs=0.1)
    assert timing.lost == pytest.approx(150, abs=10)


def test_very_slow_bursts_are_spread_too() -> None:
    assert len(assess_times(np.repeat(np.arange(10) * 60.0, 3) + np.tile([0, 1e-3, 2e-3], 10)).t) == 30


def test_values_that_are_no_numbers_leave_a_hole() -> None:
    acc = still(500)
    acc[100:130, 1] = np.nan
    stream = stream_from_samples(np.arange(500) / 100.0, acc)
    assert len(stream) == 470
    assert len(stream.timing.gaps) == 1
    assert "30 of 500 samples" in stream.notes[0]
    assert "sample 101" in stream.notes[0]


def test_repeated_samples_are_used_once() -> None:
    t, acc = np.arange(300) / 100.0, still(300)
    stream = stream_from_samples(np.repeat(t, 2), np.repeat(acc, 2, axis=0))
    assert len(stream) == 300
    assert "repeated" in stream.notes[0]


def test_samples_out_of_order_are_sorted() -> None:
    t = np.arange(300) / 100.0
    t[[100, 101]] = t[[101, 100]]
    stream = stream_from_samples(t, still(300))
    assert (np.diff(stream.timing.t) > 0).all()
    assert "2 samples were out of order" in stream.notes[0]


def test_a_clock_set_anew_becomes_a_gap_of_unknown_length() -> None:
    t = np.r_[np.arange(300), np.arange(200)] / 100.0
    stream = stream_from_samples(t, still(500))
    assert stream.timing.gaps[0] == pytest.approx((2.99, 3.99))
    assert "jumps back by 2.990 s at sample 301" in stream.notes[0]


def test_a_clock_that_jumps_back_again_and_again_is_refused() -> None:
    t = np.tile(np.arange(0, 3, 0.5), 20)
    with pytest.raises(SamplesError, match="jump back 19 times"):
        stream_from_samples(t, still(120))


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_samples(n: int) -> None:
    with pytest.raises(SamplesError, match=f"{n} usable sample"):
        stream_from_samples(np.arange(n) / 100.0, still(n))


def test_equal_times_throughout_are_refused() -> None:
    with pytest.raises(SamplesError, match="same time"):
        stream_from_samples(np.zeros(100), still(100))


def test_a_constant_sensor_is_named() -> None:
    stream = stream_from_samples(np.arange(200) / 100.0, np.tile([0.0, 0.0, 9.81], (200, 1)), np.zeros((200, 3)))
    assert "never change" in stream.notes[0]


def test_a_recording_starts_with_its_first_sample() -> None:
    a = stream_from_samples(5.0 + np.arange(100) / 100.0, still(100))
    b = stream_from_samples(7.0 + np.arange(300) / 100.0, still(300))
    recording = Recording({"pelvis": a, "thigh_left": b})
    assert recording.start_s == 5.0
    assert recording.duration_s == pytest.approx(4.99)


def test_streams_cannot_be_changed() -> None:
    stream = stream_from_samples(np.arange(100) / 100.0, still(100))
    with pytest.raises(ValueError, match="read-only"):
        stream.acc[0] = 0.0


@given(st.integers(2, 400), st.floats(10.0, 1000.0), st.floats(0.0, 0.3), st.integers(0, 2**32 - 1))
def test_any_jitter_and_loss_gives_strictly_rising_times_in_whole_pieces(n: int, rate_hz: float, loss: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    t = np.sort((np.arange(n) + rng.uniform(-0.45, 0.45, n)) / rate_hz)
    keep = rng.random(n) >= loss
    if keep.sum() < 2:
        return
    timing = assess_times(t[keep])
    assert (np.diff(timing.t) > 0).all()
    assert timing.pieces[0][0] == 0
    assert timing.pieces[-1][1] == keep.sum()
    assert all(a[1] == b[0] for a, b in zip(timing.pieces[:-1], timing.pieces[1:], strict=True))
    assert len(timing.gaps) == len(timing.pieces) - 1


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("pelvis", "pelvis"),
        ("Lower back", "pelvis"),
        ("right_thigh(distal)", "thigh_right"),
        ("left_wrist", "wrist_left"),
        ("thigh_left", "thigh_left"),
        ("upper_arm_right(elbow)", "upper_arm_right"),
        ("thigh", "thigh"),
        ("dumbbell", "dumbbell"),
    ],
)
def test_placements_as_people_spell_them(word: str, name: str) -> None:
    assert placement_name(word) == name
