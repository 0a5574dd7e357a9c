"""A finished table's times, from its raw clocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from capturing import columns, words
from made_samples import Clock

from imu_tracker.files.reading import read_recording
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.ingest.writer import Header
from imu_tracker.numeric import Floats


def recorded(folder: Path, header: Header, order: Floats, tick: Floats | None) -> dict[str, Floats]:
    """Samples taken every 10 ms, told in this order, of which every tenth comes 20 ms later and all others 50."""
    n = len(order)
    arrival = np.maximum.accumulate(order / 100 + np.where(np.arange(n) % 10 == 0, 0.02, 0.05))  # what is late delays the rest
    acc = np.column_stack([order, np.zeros(n), np.full(n, 9.8)])
    with SessionRecorder(folder, {}, Clock()) as recorder:
        writer = recorder.stream("pelvis", header)
        writer.add(arrival, acc, acc, order.astype(int), tick, arrival)
    return columns(folder / "pelvis.parquet")


def test_times_are_refined_and_samples_that_came_late_stand_in_their_place(tmp_path: Path) -> None:
    order = np.r_[np.arange(300), np.arange(400, 500), np.arange(300, 400), np.arange(500, 1000)].astype(float)
    file = recorded(tmp_path, Header("own", 100.0, numbers="index"), order, order / 100)
    np.testing.assert_array_equal(file["ax"], np.arange(1000))
    np.testing.assert_array_equal(file["index"], np.arange(1000))
    np.testing.assert_allclose(np.diff(file["t"]), 0.01, atol=1e-4)
    assert words(tmp_path / "pelvis.parquet")["timestamps"] == "sensor"
    (stream,) = read_recording([tmp_path / "pelvis.parquet"]).streams.values()
    assert (stream.timing.lost, stream.notes) == (0, ())


@pytest.mark.parametrize("lacking", [0, 1, 40])
def test_ticks_that_some_samples_lack_are_counted_on_from_the_others(tmp_path: Path, lacking: int) -> None:
    order = np.arange(1000.0)
    tick = 70.0 + order / 100
    tick[:lacking] = np.nan
    file = recorded(tmp_path, Header("witmotion", 100.0, numbers="counted"), order, tick)
    np.testing.assert_allclose(np.diff(file["t"]), 0.01, atol=1e-4)
    assert words(tmp_path / "pelvis.parquet")["timestamps"] == "sensor"


def test_where_there_is_no_tick_the_times_say_arrival(tmp_path: Path) -> None:
    recorded(tmp_path, Header("metamotion", 100.0, numbers="counted"), np.arange(1000.0), None)
    (stream,) = read_recording([tmp_path / "pelvis.parquet"]).streams.values()
    assert stream.timing.timestamps == "arrival"


@pytest.mark.parametrize("n", [1, 2])
def test_a_recording_of_hardly_a_sample_is_kept(tmp_path: Path, n: int) -> None:
    assert len(recorded(tmp_path, Header("own", 100.0, numbers="index"), np.arange(float(n)), None)["t"]) == n


def test_without_raw_clocks_the_times_stay(tmp_path: Path) -> None:
    order = np.arange(100.0)
    file = recorded(tmp_path, Header("own", 100.0), order, None)
    np.testing.assert_array_equal(file["t"], file["arrival"])
    assert b"timestamps" not in pq.ParquetFile(tmp_path / "pelvis.parquet").schema_arrow.metadata
