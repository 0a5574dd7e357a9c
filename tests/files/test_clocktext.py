"""Times as on a clock."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from recorded_motion import motion, put

from imu_tracker.files.clocktext import begun, clock_times, looks_like_clock
from imu_tracker.files.reading import read_recording

T, ACC, GYR = motion(8.0)


@pytest.mark.parametrize(
    ("text", "seconds", "clock"),
    [
        ("2024-03-19 16:44:16.689", datetime(2024, 3, 19, 16, 44, 16, 689000, UTC).timestamp(), "local"),
        (" 2024-3-9 6:4:6:89 ", datetime(2024, 3, 9, 6, 4, 6, 89000, UTC).timestamp(), "local"),
        ("2024/03/19T16:44:16Z", datetime(2024, 3, 19, 16, 44, 16, 0, UTC).timestamp(), "utc"),
        ("2024-03-19T16:44:16,5+02:00", datetime(2024, 3, 19, 14, 44, 16, 500000, UTC).timestamp(), "utc"),
        ("2024-03-19T16:44:16.25-0330", datetime(2024, 3, 19, 20, 14, 16, 250000, UTC).timestamp(), "utc"),
        ("16:44:16.689", 60256.689, "day"),
        ("16:44:16:7", 60256.007, "day"),
    ],
)
def test_spellings(text: str, seconds: float, clock: str) -> None:
    found = clock_times(pa.array([text]))
    assert found is not None
    assert found.clock == clock
    assert found.seconds[0] == pytest.approx(seconds, abs=1e-6)
    assert looks_like_clock(text)


@pytest.mark.parametrize("text", ["", "12", "1.5", "16:44", "2024-03-19", "16-44-16", "left", "1:2:3:4:5"])
def test_what_is_no_time(text: str) -> None:
    assert clock_times(pa.array([text])) is None
    assert not looks_like_clock(text)


def test_times_that_cannot_be_are_no_numbers() -> None:
    first, last = "2024-03-19 16:44:16", "2024-03-19 16:44:17"
    found = clock_times(pa.array([first, "2024-13-19 16:44:16", "2024-03-19 25:00:00", None, last]))
    assert found is not None
    assert np.isnan(found.seconds).tolist() == [False, True, True, True, False]
    assert begun(found.seconds) == "2024-03-19T16:44:16.000"
    assert begun(np.array([np.nan])) == ""


def test_a_night_goes_over_midnight() -> None:
    found = clock_times(pa.array(["23:59:59.9", "x", "00:00:00.1", "00:00:00.3"]))
    assert found is not None
    np.testing.assert_allclose(found.seconds, [86399.9, np.nan, 86400.1, 86400.3])


def rows(stamp: str) -> str:
    """A table whose times are written by a pattern of minutes, seconds and milliseconds."""
    lines = ["timestamp,ax,ay,az,gx,gy,gz"]
    for t, values in zip(T, np.column_stack([ACC, GYR]), strict=True):
        ms = round(t * 1000)
        when = stamp.format(ms // 60000, ms // 1000 % 60, ms % 1000)
        lines.append(",".join([when, *(f"{v:.6f}" for v in values)]))
    return "\n".join(lines) + "\n"


def test_a_table_on_a_clock_without_zone_says_when_it_began_there(tmp_path: Path) -> None:
    recording = read_recording([put(tmp_path, "a.csv", rows("2024-03-19 16:{:02d}:{:02d}.{:03d}"))])
    stream = recording.streams["unknown"]
    np.testing.assert_allclose(stream.t - stream.t[0], T, atol=1e-6)
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-6)
    assert recording.about == {"started": "2024-03-19T16:00:00.000"}


def test_a_table_with_a_zone_counts_from_1970(tmp_path: Path) -> None:
    recording = read_recording([put(tmp_path, "a.csv", rows("2024-03-19T16:{:02d}:{:02d}.{:03d}+01:00"))])
    assert recording.about == {"start_epoch_s": f"{datetime(2024, 3, 19, 15, tzinfo=UTC).timestamp():.0f}"}
    np.testing.assert_allclose(recording.streams["unknown"].t, T, atol=1e-6)


def test_a_cell_that_is_no_time_takes_its_row_with_it(tmp_path: Path) -> None:
    lines = rows("16:{:02d}:{:02d}.{:03d}").splitlines()
    lines[40] = "?" + lines[40]
    recording = read_recording([put(tmp_path, "a.csv", "\n".join(lines))])
    assert len(recording.streams["unknown"]) == len(T) - 1
