"""Movella DOT exports."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recorded_motion import motion, put

from imu_tracker.errors import ColumnsError, FileError
from imu_tracker.files.reading import read_recording
from imu_tracker.files.units import Units
from imu_tracker.numeric import Floats

T, ACC, GYR = motion(10.0, 60.0)
HEAD = """sep=,
DeviceTag:,{tag}
FirmwareVersion:,1.6.0
AppVersion:,2021.0
StartTime: ,2021-08-30_17:05:05_000 GMT+8
© Xsens Technologies B. V. 2005-2021

"""


def export(tag: str = "left", names: str = "Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z", first_us: int = 677788567) -> str:
    """As the app exports it: a first row of zeros, counts of 32 bits, deg/s."""
    lines = [f"PacketCounter,SampleTimeFine,{names}"]
    for k, (t, values) in enumerate(zip(T, np.column_stack([ACC, np.degrees(GYR)]), strict=True)):
        cells = np.zeros(6) if k == 0 else values
        count = (first_us + round(t * 1e6)) % 2**32
        lines.append(",".join([str(k), str(count), *(f"{v:.14f}" for v in cells[: len(names.split(","))])]))
    return HEAD.format(tag=tag) + "\n".join(lines) + "\n"


def check(path: Path, acc: Floats = ACC, placement: str = "unknown") -> None:
    recording = read_recording([path])
    stream = recording.streams[placement]
    assert stream.gyr is not None
    np.testing.assert_allclose(stream.acc, acc[1:], atol=1e-9)
    np.testing.assert_allclose(stream.gyr, GYR[1:], atol=1e-9)
    np.testing.assert_allclose(np.diff(stream.t), np.diff(T[1:]), atol=2e-6)
    assert recording.notes == ()


def test_an_export_is_read_in_its_own_units(tmp_path: Path) -> None:
    check(put(tmp_path, "a.csv", export()))
    check(put(tmp_path, "b.csv", export().replace("\n", "\r\n")))
    assert read_recording([tmp_path / "a.csv"]).about["FirmwareVersion"] == "1.6.0"


def test_a_count_that_begins_anew_goes_on(tmp_path: Path) -> None:
    check(put(tmp_path, "a.csv", export(first_us=2**32 - 5_000_000)))


def test_the_tag_is_the_placement_where_it_is_one(tmp_path: Path) -> None:
    check(put(tmp_path, "a.csv", export("Pelvis")), placement="pelvis")
    check(put(tmp_path, "b.csv", export("left thigh")), placement="thigh_left")


def test_the_rows_of_newer_apps_end_in_commas(tmp_path: Path) -> None:
    head = HEAD.format(tag="a,,,,,,").replace("© Xsens Technologies B. V. 2005-2021", "Movella Technologies B. V.,,,,,")
    check(put(tmp_path, "a.csv", head.replace("1.6.0", "2.0.0,,,,,,,") + export().split("\n\n")[1]))


def test_what_was_declared_is_left_aside(tmp_path: Path) -> None:
    recording = read_recording([put(tmp_path, "a.csv", export())], units=Units("g"))
    np.testing.assert_allclose(recording.streams["unknown"].acc, ACC[1:], atol=1e-9)
    assert any("left aside" in n for n in recording.notes)


def test_acceleration_alone_has_no_gyroscope(tmp_path: Path) -> None:
    stream = read_recording([put(tmp_path, "a.csv", export(names="Acc_X,Acc_Y,Acc_Z"))]).streams["unknown"]
    assert stream.gyr is None


@pytest.mark.parametrize("names", ["FreeAcc_X,FreeAcc_Y,FreeAcc_Z", "Euler_X,Euler_Y,Euler_Z", "dv[1],dv[2],dv[3],Mag_X"])
def test_modes_without_measured_acceleration_are_refused(tmp_path: Path, names: str) -> None:
    with pytest.raises(FileError, match="Rate quantities"):
        read_recording([put(tmp_path, "a.csv", export(names=names))])


def test_a_sample_time_without_a_device_tag_may_have_another_unit(tmp_path: Path) -> None:
    with pytest.raises(ColumnsError, match="t not found"):
        read_recording([put(tmp_path, "a.csv", export().split("\n\n")[1])])


def test_an_export_without_rows_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        read_recording([put(tmp_path, "a.csv", "\n".join(export().splitlines()[:8]))])
    with pytest.raises(FileError):
        read_recording([put(tmp_path, "b.csv", HEAD.format(tag="x"))])
