"""MetaBase pairs become one stream."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recorded_motion import motion, put

from imu_tracker.errors import FileError, UsageError
from imu_tracker.files.reading import read_recording
from imu_tracker.files.units import Units

EPOCH_S = 1_547_219_408.0
ACC_NAME, GYR_NAME = "A_MetaWear_x_Accelerometer_12.500Hz_1.4.4.csv", "A_MetaWear_x_Gyroscope_25.000Hz_1.4.4.csv"


def store(
    folder: Path, acc_start: float = 0.08, hole: tuple[float, float] | None = None, shift: float = 0.0
) -> tuple[Path, Path]:
    t, acc, gyr = motion(20.0, 100.0)
    slow = np.arange(round(acc_start * 100), len(t), 8)
    if hole:
        slow = slow[(t[slow] < hole[0]) | (t[slow] > hole[1])]
    fast = np.arange(0, len(t), 4)

    def table(
        rows: np.ndarray[tuple[int], np.dtype[np.int64]], values: np.ndarray[tuple[int, int], np.dtype[np.float64]], unit: str
    ) -> str:
        lines = [f"epoch (ms),time (01:00),elapsed (s),x-axis ({unit}),y-axis ({unit}),z-axis ({unit})"]
        for i in rows:
            ms = (EPOCH_S + t[i] + (shift if unit == "g" else 0.0)) * 1000
            lines.append(f"{ms:.0f},2019-01-11T16:10:08.431,{t[i] - t[rows[0]]:.3f}," + ",".join(f"{v:.6f}" for v in values[i]))
        return "\n".join(lines) + "\n"

    return put(folder, ACC_NAME, table(slow, acc / 9.80665, "g")), put(folder, GYR_NAME, table(fast, np.degrees(gyr), "deg/s"))


@pytest.mark.parametrize("given", [(0, 1), (1, 0), (0,), (1,)])
def test_both_files_or_one_of_them_are_one_stream(tmp_path: Path, given: tuple[int, ...]) -> None:
    files = store(tmp_path)
    recording = read_recording([files[k] for k in given])
    stream = recording.streams["unknown"]
    _, acc, gyr = motion(20.0, 100.0)
    assert stream.gyr is not None
    assert stream.timing.rate_hz == pytest.approx(25.0)
    assert recording.about["start_epoch_s"] == f"{EPOCH_S:.0f}"
    assert stream.t[0] == pytest.approx(0.08, abs=1e-3)  # the overlap: the accelerometer began later
    np.testing.assert_allclose(stream.gyr, gyr[8 : 8 + 4 * len(stream) : 4], atol=1e-5)
    moving = np.abs(stream.acc - acc[8 : 8 + 4 * len(stream) : 4]).max()
    assert moving < 0.25  # between samples 80 ms apart, interpolated
    assert "interpolated" in recording.notes[0]


def test_declared_units_do_not_overrule_what_is_certain(tmp_path: Path) -> None:
    files = store(tmp_path)
    recording = read_recording(list(files), units=Units("g"))
    assert np.median(np.linalg.norm(recording.streams["unknown"].acc, axis=1)) == pytest.approx(9.81, abs=0.05)
    assert any("left aside" in n for n in recording.notes)


def test_nothing_is_interpolated_across_a_hole(tmp_path: Path) -> None:
    stream = read_recording(list(store(tmp_path, hole=(9.0, 12.0)))).streams["unknown"]
    assert len(stream.timing.gaps) == 1
    a, b = stream.timing.gaps[0]
    assert a <= 9.0 + 0.02
    assert b >= 12.0 - 0.02
    assert not np.any((stream.t > 9.02) & (stream.t < 11.98))


def test_accelerometer_alone_has_no_gyroscope(tmp_path: Path) -> None:
    acc, gyr = store(tmp_path)
    gyr.unlink()
    stream = read_recording([acc]).streams["unknown"]
    assert stream.gyr is None
    assert stream.timing.rate_hz == pytest.approx(12.5)


def test_gyroscope_alone_is_refused(tmp_path: Path) -> None:
    acc, gyr = store(tmp_path)
    acc.unlink()
    with pytest.raises(FileError, match="gyroscope only"):
        read_recording([gyr])


def test_pair_without_common_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no time in common"):
        read_recording(list(store(tmp_path, shift=1000.0)))


def test_two_accelerometers_are_no_pair(tmp_path: Path) -> None:
    acc, gyr = store(tmp_path)
    gyr.unlink()
    other = put(tmp_path, "B_Accelerometer_12.500Hz_1.4.4.csv", acc.read_bytes())
    with pytest.raises(UsageError, match="PLACEMENT=FILE"):
        read_recording([acc, other])
    with pytest.raises(UsageError, match="pelvis"):
        read_recording([f"pelvis={acc}", f"pelvis={other}"])
