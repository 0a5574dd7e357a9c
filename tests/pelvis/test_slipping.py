"""A sensor that has been pushed is noticed; a wearer who stands otherwise for once is none."""

import numpy as np
import pytest
from leaning import leaning
from scipy.spatial.transform import Rotation

from imu_tracker.analysis import Wish, analyze_with_series
from imu_tracker.motion.mounting import Standing
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.axes import PelvisAxes
from imu_tracker.pelvis.slipping import Slip, find_slip
from imu_tracker.recording import Recording, stream_from_samples

AXES = PelvisAxes(np.eye(3), "bows", 2.0, 0.6)


def standing(start_s: float, lean_deg: float = 0.0, length_s: float = 2.0) -> Standing:
    up = Rotation.from_euler("x", -lean_deg, degrees=True).apply([0.0, 0.0, 1.0])
    return Standing(start_s, start_s + length_s, np.asarray(up), np.zeros(3))


def slip_of(*leans_deg: float) -> Slip | None:
    return find_slip([standing(0.0), *[standing(20.0 + 20.0 * k, lean) for k, lean in enumerate(leans_deg)]], AXES, [], [])


def test_standing_otherwise_again_and_again_is_a_slip_with_its_jump_and_its_time() -> None:
    slip = slip_of(0.5, 6.0, 5.5, 6.5)
    assert slip is not None
    assert slip.since_s == 22.0  # the end of the last standing that was as at the start
    assert slip.jump_deg == pytest.approx(6.0, abs=0.3)
    np.testing.assert_allclose(slip.axes.rotation @ standing(0.0, 6.0).up, [0, 0, 1], atol=0.01)
    assert slip.axes.yaw_deg > AXES.yaw_deg  # which way it turned about the vertical nobody saw
    assert "6°" in slip.note
    assert "0:22" in slip.note


@pytest.mark.parametrize(
    "leans_deg",
    [(0.5, 1.0, -1.5), (6.0,), (0.0, 6.0, 0.5), (6.0, -6.0), (40.0, 40.0), ()],
    ids=["steady", "once", "on one hip", "to and fro", "sitting", "never again"],
)
def test_nothing_else_is_a_slip(leans_deg: tuple[float, ...]) -> None:
    assert slip_of(*leans_deg) is None


def test_stillness_inside_a_set_is_no_standing() -> None:
    quiet = [standing(0.0), standing(20.0, 6.0), standing(30.0, 6.0)]
    assert find_slip(quiet, AXES, [], []) is not None
    assert find_slip(quiet, AXES, [], [(15.0, 40.0)]) is None


def test_after_a_slip_the_angles_are_right_again_and_the_notes_say_so() -> None:
    """The belt is pushed by 6 degrees at 20 s."""
    still = leaning(tilt=[(0.0, 0.0)], duration_s=40.0)
    assert still.gyr is not None
    t = np.arange(len(still)) / 100.0
    lean_deg = np.clip((t - 20.0) / 0.5, 0.0, 1.0) * 6.0
    pushed = Rotation.from_euler("x", lean_deg[:, None], degrees=True)
    acc: Floats = np.asarray(pushed.apply([0.0, 0.0, 9.80665])) + np.random.default_rng(3).normal(0.0, 0.02, (len(t), 3))
    gyr = np.zeros((len(t), 3))
    gyr[:, 0] = -np.gradient(np.radians(lean_deg), 0.01)
    fidget = 0.3 * np.exp(-(((t - 30.0) / 0.2) ** 2))  # two standings, not one
    gyr[:, 1] += fidget - np.roll(fidget, 60)
    session, series = analyze_with_series(Recording({"pelvis": stream_from_samples(t, acc, gyr)}), Wish())
    assert any("sat 6° otherwise" in note for note in session.notes)
    assert np.abs(series.obliquity_deg[2500:2900]).max() < 1.0
    assert np.abs(series.obliquity_deg[:1900]).max() < 1.0
