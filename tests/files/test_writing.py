"""What is written reads back equal, and a target is written as a whole or not at all."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded_motion import motion

from imu_tracker.errors import FileError, UsageError
from imu_tracker.files.reading import read_recording
from imu_tracker.files.writing import write_atomically, write_series, write_table, write_text
from imu_tracker.recording import Stream, stream_from_samples
from imu_tracker.results import Series

VALUES = st.floats(-1e4, 1e4, allow_subnormal=False) | st.floats(-300, 300, width=32) | st.integers(-20, 20).map(float)


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    """Streams of any values, at rates within and about the interface's, with holes."""
    n = draw(st.integers(2, 40))
    step = draw(st.sampled_from([0.001, 0.01, 1 / 52, 0.08]))
    steps = draw(st.lists(st.sampled_from([1.0, 1.0, 1.0, 1.3, 40.0]), min_size=n, max_size=n))
    t = draw(st.floats(-1000, 1e6)) + np.cumsum(np.array(steps)) * step
    width = draw(st.sampled_from([3, 6]))
    values = np.array(draw(st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=n, max_size=n)))
    return stream_from_samples(t, values[:, :3], values[:, 3:] if width == 6 else None)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stream=streams(), suffix=st.sampled_from([".csv", ".parquet", ".CSV"]))
def test_round_trip_is_exact(tmp_path: Path, stream: Stream, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    write_table(stream, path, {"placement": "right_thigh", "subject": "Zoë: the 2nd"})
    recording = read_recording([path])
    again = recording.streams["thigh_right"]
    np.testing.assert_array_equal(again.t, stream.t)
    np.testing.assert_array_equal(again.acc, stream.acc)
    assert (again.gyr is None) == (stream.gyr is None)
    if stream.gyr is not None:
        np.testing.assert_array_equal(again.gyr, stream.gyr)
    assert again.timing.pieces == stream.timing.pieces
    assert recording.about == {"placement": "right_thigh", "subject": "Zoë: the 2nd"}


def test_written_tables_look_as_the_interface_says(tmp_path: Path) -> None:
    t, acc, gyr = motion(1.0)
    write_table(stream_from_samples(t, acc, gyr), tmp_path / "a.csv", {"side": "left\nleg"})
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert lines[:3] == ["# side: left leg", "# units: s, m/s2, rad/s", "t,ax,ay,az,gx,gy,gz"]
    assert len(lines) == 103
    write_table(stream_from_samples(t, acc), tmp_path / "a.parquet")
    file = pq.ParquetFile(tmp_path / "a.parquet")
    assert file.schema_arrow.names == ["t", "ax", "ay", "az"]
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def series() -> Series:
    return Series(
        t=np.array([0.0, 0.01, 0.02]),
        obliquity_deg=np.array([1.5, np.nan, -2.0]),
        tilt_deg=np.array([0.0, 0.25, np.nan]),
        drop_deg=np.full(3, np.nan),
        set_number=np.array([0, 1, 1], np.int32),
        rep_number=np.array([0, 0, 3], np.int32),
    )


def test_series_in_csv_has_empty_cells(tmp_path: Path) -> None:
    write_series(series(), tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_text().splitlines() == [
        "t,obliquity_deg,tilt_deg,drop_deg,set,rep",
        "0,1.5,0,,,",
        "0.01,,0.25,,1,",
        "0.02,-2,,,1,3",
    ]


def test_the_lean_is_written_where_it_is_asked_for(tmp_path: Path) -> None:
    leaning = replace(series(), lean_deg=np.array([0.123, np.nan, 3.0]))
    write_series(leaning, tmp_path / "plain.csv")
    write_series(leaning, tmp_path / "own.csv", with_lean=True)
    assert "lean_deg" not in (tmp_path / "plain.csv").read_text()
    assert [line.rpartition(",")[2] for line in (tmp_path / "own.csv").read_text().splitlines()] == ["lean_deg", "0.12", "", "3"]


def test_series_in_parquet_has_nan_and_null(tmp_path: Path) -> None:
    write_series(series(), tmp_path / "s.parquet")
    table = pq.ParquetFile(tmp_path / "s.parquet").read()
    assert table.column_names == ["t", "obliquity_deg", "tilt_deg", "drop_deg", "set", "rep"]
    assert table.column("drop_deg").null_count == 0
    assert all(np.isnan(x) for x in table.column("drop_deg").to_pylist())
    assert table.column("set").to_pylist() == [None, 1, 1]
    assert table.column("rep").to_pylist() == [None, None, 3]
    assert str(table.schema.field("set").type) == "int32"


def test_unknown_suffix(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.csv or \.parquet"):
        write_series(series(), tmp_path / "s.xlsx")
    assert not list(tmp_path.iterdir())


def test_text_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_text(path, json.dumps({"name": "Zoë"}, ensure_ascii=False))
    write_text(path, json.dumps({"name": "Zoë", "n": 2}, ensure_ascii=False))
    assert json.loads(path.read_text(encoding="utf-8")) == {"name": "Zoë", "n": 2}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
def test_half_written_output_never_stays(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.json"
    write_text(path, "before")

    def interrupted() -> None:
        with write_atomically(path) as part:
            part.write_text("half")
            raise error("stopped")

    with pytest.raises(FileError if error is OSError else error):
        interrupted()
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_disk_that_fills_up_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        write_series(series(), tmp_path / "s.csv")
    assert not list(tmp_path.iterdir())


def test_targets_that_cant_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileError, match="no folder"):
        write_text(tmp_path / "none" / "a.json", "x")
    with pytest.raises(FileError, match="folder"):
        write_text(tmp_path, "x")
    with pytest.raises(FileError, match="zero byte"):
        write_text(f"{tmp_path}/a\0b", "x")
    path = tmp_path / "a.json"
    write_text(path, "before")
    monkeypatch.setattr(os, "access", lambda *_: False)  # what a mode says is of no account where root runs the tests
    with pytest.raises(FileError, match="read-only"):
        write_text(path, "x")
    assert path.read_text() == "before"


def test_links_modes_and_devices(tmp_path: Path) -> None:
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    write_text(path, "one")
    path.chmod(0o640)
    link.symlink_to(path)
    write_text(link, "two")
    assert link.is_symlink()
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o640
    write_text("/dev/null", "x")
    assert not Path("/dev/null").is_file()
