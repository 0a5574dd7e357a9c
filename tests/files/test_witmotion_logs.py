"""WitMotion logs: which of the two clocks, and the many ways to write degrees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recorded_motion import motion, put

from imu_tracker.errors import FileError
from imu_tracker.files.reading import read_recording
from imu_tracker.numeric import GRAVITY_M_S2
from imu_tracker.recording import Recording

T, ACC, GYR = motion(10.0, 50.0)
ACC_NAMES = [f"Acceleration {a}(g)" for a in "XYZ"]
GYR_NAMES = [f"Angular velocity {a}(°/s)" for a in "XYZ"]


def clock(t: float, mark: str = ".") -> str:
    ms = round(t * 1000)
    return f"16:{44 + ms // 60000}:{ms // 1000 % 60}{mark}{ms % 1000:03d}"


def log(comma: str = ",", chip: bool = True, names: tuple[str, ...] = ("WT901BLE67(d6-a8)",), burst: int = 1) -> str:
    """As the programs write it. chip: whether the sensor sends its clock. burst: how many samples are received at once."""
    lines = [comma.join(["Time", "Device name", "Chip Time()", *ACC_NAMES, *GYR_NAMES, "Temperature(℃)"])]
    for k, (t, acc, gyr) in enumerate(zip(T, ACC / GRAVITY_M_S2, np.degrees(GYR), strict=True)):
        sent = f"2024-3-19 {clock(t, ':')}" if chip else "2024-3-19 16:44:0:0"
        received = clock(T[min(len(T) - 1, k // burst * burst + burst - 1)] + 0.03)
        cells = [received, names[k % len(names)], sent, *(f"{v:.6f}" for v in [*acc, *gyr]), "31.2"]
        lines.append(comma.join(cells))
    return "\n".join(lines) + "\n"


def check(recording: Recording) -> None:
    stream = recording.streams["unknown"]
    assert stream.gyr is not None
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-4)
    np.testing.assert_allclose(stream.gyr, GYR, atol=1e-4)
    np.testing.assert_allclose(stream.timing.t - stream.timing.t[0], T, atol=2e-3)


@pytest.mark.parametrize("comma", [",", "\t"])
def test_the_sensors_clock_is_used_where_it_runs(tmp_path: Path, comma: str) -> None:
    recording = read_recording([put(tmp_path, "a.txt", log(comma, burst=5))])
    check(recording)
    assert recording.about["started"] == "2024-03-19T16:44:00.000"
    assert recording.notes == ()


def test_the_receivers_clock_is_used_and_said_where_the_sensor_sends_none(tmp_path: Path) -> None:
    recording = read_recording([put(tmp_path, "a.csv", log(chip=False))])
    check(recording)
    assert recording.streams["unknown"].timing.timestamps == "arrival"
    assert any("stands still" in n for n in recording.notes)


def test_an_empty_sensor_clock_is_one_that_stands_still(tmp_path: Path) -> None:
    recording = read_recording([put(tmp_path, "a.csv", log(chip=False).replace("2024-3-19 16:44:0:0", ""))])
    check(recording)
    recording = read_recording([put(tmp_path, "b.csv", log(chip=False).replace("2024-3-19 16:44:0:0", "none yet"))])
    check(recording)


def test_degrees_as_a_chinese_windows_writes_them(tmp_path: Path) -> None:
    content = log().replace("°", "\x00").replace("℃", "C").encode().replace(b"\x00", b"\xa1\xe3")
    recording = read_recording([put(tmp_path, "a.csv", content)])
    check(recording)
    assert not any("--gyr-unit" in n for n in recording.notes)


def test_the_sdks_words_behind_a_start_time(tmp_path: Path) -> None:
    lines = ["StartTime: 2021-05-14 16:44:00.105", "ChipTime\tax(g)\tay(g)\taz(g)\twx(deg/s)\twy(deg/s)\twz(deg/s)\tAngleX(deg)"]
    for t, acc, gyr in zip(T, ACC / GRAVITY_M_S2, np.degrees(GYR), strict=True):
        lines.append("\t".join([f"2021-05-14 {clock(t)}", *(f"{v:.6f}" for v in [*acc, *gyr]), "0.5"]))
    recording = read_recording([put(tmp_path, "a.txt", "\n".join(lines))])
    check(recording)
    assert recording.about["StartTime"] == "2021-05-14 16:44:00.105"


def test_the_phones_words(tmp_path: Path) -> None:
    lines = ["Time\tAccX(g)\tAccY(g)\tAccZ(g)\tGyroX(°/s)\tGyroY(°/s)\tGyroZ(°/s)\tAngleX(°)"]
    for t, acc, gyr in zip(T, ACC / GRAVITY_M_S2, np.degrees(GYR), strict=True):
        lines.append("\t".join([clock(t), *(f"{v:.6f}" for v in [*acc, *gyr]), "0.5"]))
    check(read_recording([put(tmp_path, "a.txt", "\n".join(lines))]))


def test_several_sensors_in_one_log_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"2 sensors \(WT1, WT2\)"):
        read_recording([put(tmp_path, "a.csv", log(names=("WT1", "WT2")))])
