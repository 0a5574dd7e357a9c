"""The benchmark's measures are right on made signals, and its judge can tell what differs and can't tell what doesn't."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from imu_tracker.numeric import GRAVITY_M_S2, Floats, rotation_matrix

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from realism_features import Cut, angle_deg, dominant_hz, likenesses, rep_features, rms_above, share_above
from realism_judge import Table, auc_of, fold_of, judge
from realism_real import marker_sensor, without_accelerometer

from imu_tracker.recording import stream_from_samples


def swing(
    range_deg: float = 40.0,
    seconds: float = 2.0,
    turn: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0),
    tremor: float = 0.0,
    gyroscope: bool = True,
    accelerometer: bool = True,
) -> Cut:
    """A limb that swings up by `range_deg` and back as a raised cosine, the sensor turned on it; tremor: m/s² at 10 Hz."""
    t = np.arange(round(100 * seconds) + 1) / 100
    half, w = np.radians(range_deg) / 2, 2 * np.pi / seconds
    angle, rate = half * (1 - np.cos(w * t)), half * w * np.sin(w * t)
    q = np.column_stack([np.cos(angle / 2), np.sin(angle / 2), 0 * t, 0 * t])
    up = np.column_stack([0 * t, np.sin(angle), np.cos(angle)])
    shake = np.column_stack([tremor * np.sin(2 * np.pi * 10 * t), 0 * t, 0 * t])
    mounting = rotation_matrix(np.array(turn) / np.linalg.norm(turn))
    acc, linear = (GRAVITY_M_S2 * up + shake) @ mounting, shake @ mounting
    gyr = np.column_stack([rate, 0 * t, 0 * t]) @ mounting
    with_acc = (acc, linear) if accelerometer else (None, None)
    with_gyr = (gyr, q) if gyroscope else (None, None)
    return Cut(with_acc[0], with_gyr[0], with_gyr[1], with_acc[1], out_s=1.2, pause_s=0.1, back_s=0.8)


def test_features_of_a_known_swing() -> None:
    f = rep_features(swing(40.0, 2.0))
    assert f["duration_s"] == pytest.approx(2.0, abs=0.02)
    assert f["range_deg"] == pytest.approx(40.0, abs=0.1)
    assert f["peak_rate_deg_s"] == pytest.approx(20 * np.pi, rel=0.02)
    assert f["peak_acc_m_s2"] == pytest.approx(0.0, abs=1e-9)
    assert f["out_back"] == pytest.approx(1.5)
    assert 0.3 < f["dominant_hz"] < 0.8
    assert f["above_3hz"] < 1e-3
    assert f["above_8hz"] < f["above_3hz"]


def test_without_a_gyroscope_the_tilt_is_measured() -> None:
    f = rep_features(swing(40.0, 4.0, gyroscope=False))
    assert f["range_deg"] == pytest.approx(40.0, abs=1.5)
    assert f["peak_rate_deg_s"] == pytest.approx(10 * np.pi, rel=0.05)
    assert np.isnan(f["rate_above_3hz"])


def test_without_an_accelerometer_the_spectrum_is_the_turn_rates() -> None:
    f = rep_features(swing(accelerometer=False))
    assert np.isnan(f["peak_acc_m_s2"])
    assert f["above_3hz"] == f["rate_above_3hz"]


def test_nothing_depends_on_the_mounting() -> None:
    plain = rep_features(swing(tremor=0.5))
    turned = rep_features(swing(tremor=0.5, turn=(0.3, -0.7, 0.5, 0.4)))
    assert turned == pytest.approx(plain, rel=1e-6, abs=1e-9, nan_ok=True)


def test_tremor_shows_above_both_frequencies_and_in_the_acceleration() -> None:
    still, shaking = rep_features(swing()), rep_features(swing(tremor=1.0))
    assert shaking["above_8hz"] > 0.01 > still["above_8hz"]
    assert shaking["above_8hz"] == pytest.approx(shaking["above_3hz"], rel=0.05)
    assert 0.3 < shaking["peak_acc_m_s2"] < 1.0  # of 1 m/s² at 10 Hz the 10 Hz low-pass leaves 0.7
    assert shaking["fast_acc_turn"] == pytest.approx(np.sqrt(0.5), rel=0.1)


def test_shares_and_frequencies_of_sines() -> None:
    t = np.arange(1000) / 100
    x = np.column_stack([3 * np.sin(2 * np.pi * 1.5 * t), np.sin(2 * np.pi * 5 * t), 1 + 0 * t])
    assert dominant_hz(x) == pytest.approx(1.5, abs=0.05)
    assert share_above(x, 3.0) == pytest.approx(0.1, abs=0.002)
    assert share_above(x, 8.0) < 1e-3
    assert rms_above(x[:, 2:] + np.zeros((1, 3)), 3.0, 0.0, 1.0) == pytest.approx(0.0, abs=1e-9)


def test_likeness_to_the_median_repetition() -> None:
    alike = [swing(40.0, seconds) for seconds in (1.8, 2.0, 2.2, 2.1)]
    odd = swing(40.0, 2.0, turn=(1.0, 0.0, 0.0, 1.0))  # about another axis
    like = likenesses([*alike, odd])
    assert like[:4].min() > 0.98
    assert like[4] < 0.7
    assert np.isnan(likenesses(alike[:2])).all()


def test_auc_by_ranks() -> None:
    real = np.array([True, True, False, False])
    assert auc_of(np.array([4.0, 3.0, 2.0, 1.0]), real) == 1.0
    assert auc_of(np.array([1.0, 2.0, 3.0, 4.0]), real) == 0.0
    assert auc_of(np.array([2.0, 1.0, 1.0, 0.0]), real) == pytest.approx(0.875)
    assert auc_of(np.zeros(4), real) == 0.5


def crowd(shift: float) -> Table:
    """Eight real and sixteen simulated people of twelve repetitions; the first feature of the real ones is shifted."""
    rng = np.random.default_rng(3)
    real = np.repeat([True, False], [96, 192])
    values = rng.normal(0, 1, (288, 3)) + np.column_stack([shift * real, 0 * real, 0 * real])
    person = np.array([f"{'real' if r else 'made'} {k // 12}" for k, r in enumerate(real)])
    return Table(("shifted", "same", "too"), values, real, person)


def test_the_judge_sees_a_difference_and_where_it_is() -> None:
    verdict = judge(crowd(3.0))
    assert verdict.auc > 0.95
    assert verdict.low > 0.9
    assert max(verdict.by_feature, key=lambda n: verdict.by_feature[n]) == "shifted"
    assert "shifted" in verdict.pair


def test_the_judge_sees_no_difference_where_there_is_none() -> None:
    assert 0.35 < judge(crowd(0.0)).auc < 0.65


def test_nobody_is_in_two_folds() -> None:
    table = crowd(0.0)
    fold = fold_of(table, 4, np.random.default_rng(0))
    assert all(len(np.unique(fold[table.person == who])) == 1 for who in np.unique(table.person))
    assert all(table.real[fold == k].any() and not table.real[fold == k].all() for k in range(4))


def still_markers(n: int, roll: Floats) -> dict[str, Floats]:
    """A pelvis and thighs at 1 m height, turned sideways about the x axis by `roll` (N,) rad."""
    sites = {"ASI": (0.05, 0.12, 0.06), "PSI": (-0.1, 0.045, 0.06), "THI": (0.0, 0.15, -0.2), "KNE": (0.0, 0.14, -0.4)}
    turn = rotation_matrix(np.column_stack([np.cos(roll / 2), np.sin(roll / 2), np.zeros(n), np.zeros(n)]))
    out = {}
    for name, (x, y, z) in sites.items():
        for side, sign in (("L", 1), ("R", -1)):
            out[f"{side}{name}"] = turn @ np.array([x, sign * y, z]) + np.array([0.0, 0.0, 1.0])
    return out


def test_a_virtual_sensor_feels_gravity_and_turning() -> None:
    t = np.arange(300) / 100
    still = marker_sensor(still_markers(300, 0 * t), "pelvis")
    np.testing.assert_allclose(still.acc, np.tile([0, 0, GRAVITY_M_S2], (len(still), 1)), atol=1e-6)
    for where in ("pelvis", "L", "R"):
        turning = marker_sensor(still_markers(300, 0.5 * t), where)
        assert turning.gyr is not None
        np.testing.assert_allclose(np.linalg.norm(turning.gyr[50:-50], axis=1), 0.5, rtol=1e-3)


def test_a_wrong_accelerometer_is_replaced_by_what_the_gyroscope_says() -> None:
    cut = swing(60.0, 4.0)
    assert cut.acc is not None
    assert cut.gyr is not None
    rest = np.zeros((1000, 3))
    gyr = np.vstack([rest, cut.gyr, rest]) + 0.02  # an offset
    lying = np.tile([0.0, 0.0, GRAVITY_M_S2], (1000, 1))
    acc = np.vstack([lying, cut.acc, lying])
    made = without_accelerometer(stream_from_samples(np.arange(len(gyr)) / 100, 0.3 * acc + 5.0, gyr))
    assert np.abs(made.acc - acc).max() < 0.25
    assert angle_deg(cut).max() == pytest.approx(60.0, abs=0.1)
