"""Columns as a person names them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recorded_motion import motion, put, text, zipped

from imu_tracker.errors import ColumnsError, FileError, UsageError
from imu_tracker.files.columns import AS_USUAL, parse_columns
from imu_tracker.files.reading import read_recording

T, ACC, GYR = motion(8.0)
NAMES = "clock,left.x,left.y,left.z,right.x,right.y,right.z,rot1,rot2,rot3"
TABLE = text(NAMES, [T, ACC, -ACC, GYR])


def test_named_columns_are_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", TABLE)
    said = parse_columns("t=clock, ax=Left.X, ay=left.y, az=left.z, gx=rot1, gy=rot2, gz=rot3")
    stream = read_recording([path], columns=said).streams["unknown"]
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-6)
    assert stream.gyr is not None
    np.testing.assert_allclose(stream.gyr, GYR, atol=1e-6)


def test_axes_can_be_exchanged_and_turned(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", TABLE)
    stream = read_recording([path], columns=parse_columns("t=clock,ax=right.y,ay=-right.x,az=-right.z")).streams["unknown"]
    np.testing.assert_allclose(stream.acc, np.column_stack([-ACC[:, 1], ACC[:, 0], ACC[:, 2]]), atol=1e-6)
    assert stream.gyr is None


def test_units_behind_named_columns_count(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", text("ms [ms],x1 (mg),x2 (mg),x3 (mg)", [T * 1000, ACC / 9.80665e-3]))
    stream = read_recording([path], columns=parse_columns("t=ms [ms],ax=x1 (mg),ay=x2 (mg),az=x3 (mg)")).streams["unknown"]
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-4)
    np.testing.assert_allclose(stream.t, T, atol=1e-6)


def test_time_alone_may_be_named_and_a_gyroscope_left_out_is_said(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", text("when,ax,ay,az,gx,gy,gz", [T, ACC, GYR]))
    assert read_recording([path], columns=parse_columns("t=when")).streams["unknown"].gyr is not None
    only = read_recording([path], columns=parse_columns("t=when,ax=ax,ay=ay,az=az"))
    assert only.streams["unknown"].gyr is None
    assert any("names no gyroscope" in n for n in only.notes)


def test_a_table_without_heading_has_numbers_for_names(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", text("", [T, ACC, GYR]).lstrip())
    with pytest.raises(ColumnsError, match="the file has: 1, 2, 3, 4, 5, 6, 7"):
        read_recording([path])
    stream = read_recording([path], columns=parse_columns("t=1,ax=2,ay=3,az=4,gx=5,gy=6,gz=7")).streams["unknown"]
    assert len(stream) == len(T)
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-6)


def test_a_zip_of_one_table_takes_a_map_and_one_of_several_does_not(tmp_path: Path) -> None:
    said = parse_columns("t=clock,ax=left.x,ay=left.y,az=left.z")
    assert read_recording([put(tmp_path, "a.zip", zipped({"a.csv": TABLE}))], columns=said).streams["unknown"].gyr is None
    with pytest.raises(FileError, match="unpack it"):
        read_recording([put(tmp_path, "b.zip", zipped({"a.csv": TABLE, "b.csv": TABLE}))], columns=said)


def test_a_name_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ColumnsError, match=r"columns? up not found; the file has: clock, left\.x"):
        read_recording([put(tmp_path, "a.csv", TABLE)], columns=parse_columns("t=clock,ax=left.x,ay=left.y,az=up"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "says of no column"),
        ("t", "says of no column"),
        ("q=a", "says of no column"),
        ("t=a,t=b", "said twice"),
        ("t=", "names no column"),
        ("ax=-", "names no column"),
        ("t=a,ax=b,ay=c", "all three of ax, ay, az"),
        ("gx=b", "all three of gx, gy, gz"),
    ],
)
def test_words_that_are_off(words: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        parse_columns(words)


def test_nothing_said_is_nothing() -> None:
    assert not AS_USUAL
    assert parse_columns("t=a")
