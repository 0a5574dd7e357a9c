"""Real recordings read, in plausible units; skipped where they aren't beside the project."""

from __future__ import annotations

import numpy as np
import pytest
from recorded_motion import SHARED

from imu_tracker.files.datasets import read_manifest
from imu_tracker.files.units import UNDECLARED, rest_level, to_si, usual_step

DATASETS = SHARED / "datasets"
pytestmark = pytest.mark.skipif(not DATASETS.is_dir(), reason="the real recordings (../shared/datasets) aren't here")


def test_all_metamotion_pairs_join_in_plausible_units() -> None:
    rows = read_manifest(DATASETS / "metamotion-barbell").rows
    assert len(rows) > 30
    for row in rows:
        recording = row.read()
        assert list(recording.streams) == ["wrist"]
        stream = recording.streams["wrist"]
        assert stream.gyr is not None
        assert stream.timing.rate_hz == pytest.approx(25.0, rel=0.02)
        # the bar is hardly ever at rest, but over whole reps it goes nowhere, and the mean is gravity
        assert np.linalg.norm(stream.acc, axis=1).mean() == pytest.approx(9.81, rel=0.05), row.name
        if "rest-sitting" in row.name:
            rest = rest_level(stream.acc, 0.04)
            assert rest is not None
            assert rest.level == pytest.approx(9.81, rel=0.03)
        assert np.abs(stream.gyr).max() < 35
        assert float(row.more["duration_s"]) == pytest.approx(recording.duration_s, abs=1.0)


@pytest.mark.parametrize(
    ("dataset", "placement", "rate_hz", "gyroscope"),
    [
        ("cara-wrist", "wrist", 100.0, True),
        ("gym-watch", "wrist_left", 100.0, True),
        ("mex-thigh", "thigh", 103.0, False),
        ("uci-pt-exercises", "shank_left", 25.0, True),
        ("utd-mhad-thigh", "thigh_right", 50.0, True),
    ],
)
def test_one_recording_of_each_dataset(dataset: str, placement: str, rate_hz: float, gyroscope: bool) -> None:
    row = read_manifest(DATASETS / dataset).rows[0]
    recording = row.read()
    assert list(recording.streams) == [placement]
    stream = recording.streams[placement]
    assert stream.timing.rate_hz == pytest.approx(rate_hz, rel=0.05)
    assert (stream.gyr is not None) == gyroscope
    assert recording.duration_s == pytest.approx(float(row.more["duration_s"]), abs=1.0)
    assert not any("--" in n for n in recording.notes)  # all are SI: nothing may be converted


def test_units_of_real_recordings_are_recognised() -> None:
    """Of every dataset's recordings, some: in SI nothing is converted, in g, deg/s and ms everything comes back."""
    wrong = []
    for dataset, every in (("cara-wrist", 12), ("gym-watch", 6), ("utd-mhad-thigh", 12)):
        for row in read_manifest(DATASETS / dataset).rows[::every]:
            stream = next(iter(row.read().streams.values()))
            assert stream.gyr is not None
            t, acc, gyr, _ = to_si(stream.t, stream.acc, stream.gyr, UNDECLARED)
            assert t is stream.t, row.name
            assert acc is stream.acc, row.name
            assert gyr is stream.gyr, row.name
            t, acc, gyr, _ = to_si(stream.t * 1000, stream.acc / 9.80665, np.degrees(stream.gyr), UNDECLARED)
            assert usual_step(t) == pytest.approx(usual_step(stream.t))
            np.testing.assert_allclose(acc, stream.acc, rtol=1e-9)
            assert gyr is not None
            if not np.allclose(gyr, stream.gyr):
                wrong.append(row.name)
    assert wrong == []
