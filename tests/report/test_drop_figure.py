"""The picture of a set's drop shows what was measured."""

import re

import numpy as np
import pytest

from imu_tracker.report.drop_figure import drop_figure
from imu_tracker.results import DropEvent, PelvicDrop, Rep, Series, Set


def a_set(drop: PelvicDrop) -> Set:
    reps = tuple(Rep(a, a + 1.0, a + 2.0, 0.9, drop_deg=7.0, drop_uncertainty_deg=1.2, drop_at_s=a + 1.0) for a in (2.0, 5.0))
    return Set(2.0, 7.0, "single_leg_squat", None, (), "reps", "left", 2, None, 4.0, None, 20.0, None, reps, drop)


def a_series() -> Series:
    t = np.arange(0.0, 9.0, 0.01)
    obliquity = 7.0 * np.sin(np.pi * t) ** 2
    inside = ((t >= 2.0) & (t < 4.0)) | ((t >= 5.0) & (t < 7.0))
    zeros = np.zeros(len(t), np.int32)
    return Series(t, obliquity, np.zeros(len(t)), np.where(inside, obliquity, np.nan), zeros, zeros)


MEASURED = PelvicDrop(True, None, 5.0, 7.0, (DropEvent(2.3, 2.7, 7.0, "left", True), DropEvent(5.3, 5.7, 6.0, "left", False)))


def words_of(svg: str) -> str:
    return " ".join(re.findall(r"<text[^>]*>(.*?)</text>", svg))


def test_stance_threshold_reps_and_events_are_in_the_picture() -> None:
    words = words_of(drop_figure(a_series(), a_set(MEASURED)))
    assert "on the left leg" in words
    assert "on the right leg" not in words
    assert "threshold 5°" in words
    assert "7°" in words.split()
    assert "6°?" in words.split()  # not certain


def test_the_same_set_gives_the_same_picture() -> None:
    assert drop_figure(a_series(), a_set(MEASURED)) == drop_figure(a_series(), a_set(MEASURED))


def test_a_set_without_a_drop_has_no_picture_and_says_why() -> None:
    with pytest.raises(ValueError, match="both feet stand"):
        drop_figure(a_series(), a_set(PelvicDrop(False, "both feet stand")))
