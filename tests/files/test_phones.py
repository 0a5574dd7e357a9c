"""Sensor Logger and phyphox exports: zips, folders, single files; signs and clocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from recorded_motion import motion, put, text, zipped

from imu_tracker.errors import FileError
from imu_tracker.files.reading import read_recording
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.recording import Stream

EPOCH_NS = 1_718_030_736_000_000_000


def logger_table(t: Floats, values: Floats) -> str:
    """Sensor Logger's columns, in its own order."""
    rows = [f"{EPOCH_NS + round(s * 1e9)},{s:.9f},{z:.7f},{y:.7f},{x:.7f}" for s, (x, y, z) in zip(t, values, strict=True)]
    return "\n".join(["time,seconds_elapsed,z,y,x", *rows]) + "\n"


def metadata(platform: str, standardised: str = "false") -> str:
    names = "version,device name,platform,appVersion,sensors,standardisation"
    return f"{names}\n3,Phone,{platform},1.64,Accelerometer|Gyroscope,{standardised}\n"


def parts(sign: float = 1.0) -> tuple[dict[str, str], Floats, Floats]:
    """Accelerometer, gravity and gyroscope on clocks of their own, and the specific force and rates behind them."""
    t, acc, gyr = motion(10.0, 100.0)
    gravity = GRAVITY_M_S2 * acc / np.linalg.norm(acc, axis=1, keepdims=True)
    files = {
        "Accelerometer.csv": logger_table(t, sign * (acc - gravity)),
        "Gravity.csv": logger_table(t, sign * gravity),
        "Gyroscope.csv": logger_table(t, gyr),
        "Location.csv": "time,seconds_elapsed,longitude,latitude\n",
        "Annotation.csv": "",
    }
    return files, acc, gyr


def assert_same(stream: Stream, acc: Floats, gyr: Floats) -> None:
    assert stream.gyr is not None
    np.testing.assert_allclose(stream.acc, acc, atol=1e-6)
    np.testing.assert_allclose(stream.gyr, gyr, atol=1e-6)
    assert stream.timing.rate_hz == pytest.approx(100.0, rel=1e-4)


@pytest.mark.parametrize(
    ("platform", "standardised", "sign"), [("ios", "false", -1.0), ("ios", "true", 1.0), ("android", "false", 1.0)]
)
def test_signs_by_platform(tmp_path: Path, platform: str, standardised: str, sign: float) -> None:
    files, acc, gyr = parts(sign)
    data = zipped({**files, "Metadata.csv": metadata(platform, standardised), "Camera/1.jpg": b"\xff\xd8"})
    recording = read_recording([put(tmp_path, "squats.zip", data)])
    assert_same(recording.streams["unknown"], acc, gyr)
    assert recording.notes == ()
    assert recording.about["start_epoch_s"] == "1718030736"


def test_without_metadata_what_was_assumed_is_said(tmp_path: Path) -> None:
    files, acc, gyr = parts(-1.0)
    recording = read_recording([put(tmp_path, "a.zip", zipped(files))])
    assert_same(recording.streams["unknown"], acc, gyr)
    assert any("iPhone was assumed" in n for n in recording.notes)
    t, _, _ = motion(10.0, 100.0)
    recording = read_recording([put(tmp_path, "b.zip", zipped({**files, "TotalAcceleration.csv": logger_table(t, acc)}))])
    assert_same(recording.streams["unknown"], acc, gyr)
    assert any("Android was assumed" in n for n in recording.notes)


@pytest.mark.parametrize("given", ["folder", "Accelerometer.csv", "Gyroscope.csv", "all"])
def test_folder_or_any_of_its_files(tmp_path: Path, given: str) -> None:
    files, acc, gyr = parts(-1.0)
    for name, content in {**files, "Metadata.csv": metadata("ios")}.items():
        put(tmp_path, name, content)
    names = ["Accelerometer.csv", "Gravity.csv", "Gyroscope.csv"] if given == "all" else [given]
    recording = read_recording([tmp_path] if given == "folder" else [f"wrist={tmp_path / n}" for n in names])
    assert_same(next(iter(recording.streams.values())), acc, gyr)


def test_different_clocks_are_joined_within_the_overlap(tmp_path: Path) -> None:
    t, acc, gyr = motion(10.0, 100.0)
    gravity = GRAVITY_M_S2 * acc / np.linalg.norm(acc, axis=1, keepdims=True)
    files = {
        "Accelerometer.csv": logger_table(t[:-200], (gravity - acc)[:-200]),
        "Gravity.csv": logger_table(t[50:] + 0.003, -gravity[50:]),
        "Gyroscope.csv": logger_table(t[::2], gyr[::2]),
        "Metadata.csv": metadata("ios"),
    }
    stream = read_recording([put(tmp_path, "a.zip", zipped(files))]).streams["unknown"]
    assert stream.gyr is not None
    assert len(stream) == pytest.approx(749, abs=2)
    np.testing.assert_allclose(stream.acc, acc[51 : 51 + len(stream)], atol=0.12)  # gravity interpolated over 3 ms of noise
    assert any("left out" in n for n in stream.notes)


def test_accelerometer_without_gravity_is_refused(tmp_path: Path) -> None:
    files, acc, _ = parts()
    with pytest.raises(FileError, match="without gravity"):
        read_recording([put(tmp_path, "a.zip", zipped({k: files[k] for k in ("Accelerometer.csv", "Gyroscope.csv")}))])
    t, _, _ = motion(10.0, 100.0)
    stream = read_recording([put(tmp_path, "b.zip", zipped({"TotalAcceleration.csv": logger_table(t, acc)}))]).streams["unknown"]
    assert stream.gyr is None
    np.testing.assert_allclose(stream.acc, acc, atol=1e-6)


def test_uncalibrated_iphone_in_g(tmp_path: Path) -> None:
    files, acc, gyr = parts()
    t, _, _ = motion(10.0, 100.0)
    raw = {"AccelerometerUncalibrated.csv": logger_table(t, -acc / GRAVITY_M_S2), "Gyroscope.csv": files["Gyroscope.csv"]}
    assert_same(read_recording([put(tmp_path, "a.zip", zipped(raw))]).streams["unknown"], acc, gyr)


PHYPHOX_ACC = '"Time (s)","Acceleration x (m/s^2)","Acceleration y (m/s^2)","Acceleration z (m/s^2)"'
PHYPHOX_GYR = '"Time (s)","Gyroscope x (rad/s)","Gyroscope y (rad/s)","Gyroscope z (rad/s)"'


@pytest.mark.parametrize(
    ("acc_heading", "gyr_heading"),
    [
        (PHYPHOX_ACC, PHYPHOX_GYR),
        ('"Time (s)","X (m/s^2)","Y (m/s^2)","Z (m/s^2)"', '"Time (s)","X (rad/s)","Y (rad/s)","Z (rad/s)"'),
    ],
)
def test_phyphox_zip(tmp_path: Path, acc_heading: str, gyr_heading: str) -> None:
    t, acc, gyr = motion(10.0, 100.0)
    files = {
        "Accelerometer.csv": text(acc_heading, [t, acc]),
        "Gyroscope.csv": text(gyr_heading, [t, gyr]),
        "Linear Accelerometer.csv": text(acc_heading, [t, acc - [0, 0, 9.8]]),
        "meta/device.csv": '"property","value"\n"deviceModel","x"\n',
    }
    assert_same(read_recording([put(tmp_path, "a.zip", zipped(files))]).streams["unknown"], acc, gyr)


def test_phyphox_single_table_files_of_any_name_and_semicolons(tmp_path: Path) -> None:
    t, acc, gyr = motion(10.0, 100.0)
    one = put(tmp_path, "my squat.csv", text(PHYPHOX_ACC.replace(",", ";"), [t, acc], ";", ","))
    two = put(tmp_path, "my squat turning.csv", text(PHYPHOX_GYR, [t, gyr]))
    assert read_recording([one]).streams["unknown"].gyr is None
    assert_same(read_recording([one, two]).streams["unknown"], acc, gyr)
    both = put(tmp_path, "both.csv", text(PHYPHOX_ACC + "," + PHYPHOX_GYR.split(",", 1)[1], [t, acc, gyr]))
    assert_same(read_recording([both]).streams["unknown"], acc, gyr)


@pytest.mark.parametrize("name", ["Raw Data.csv", "whatever.csv"])
def test_phyphox_linear_acceleration_is_refused(tmp_path: Path, name: str) -> None:
    t, acc, _ = motion(4.0)
    table = text(PHYPHOX_ACC.replace("Acceleration", "Linear Acceleration"), [t, acc - [0, 0, 9.8]])
    with pytest.raises(FileError, match=r"Acceleration \(with g\)"):
        read_recording([put(tmp_path, "a.zip", zipped({name: table}))])
    with pytest.raises(FileError, match=r"Acceleration \(with g\)"):
        read_recording([put(tmp_path, name, table)])


def test_zip_of_one_plain_table(tmp_path: Path) -> None:
    t, acc, gyr = motion(4.0)
    data = zipped({"set 1.csv": text("t,ax,ay,az,gx,gy,gz", [t, acc, gyr])})
    assert_same(read_recording([put(tmp_path, "a.zip", data)]).streams["unknown"], acc, gyr)


def test_zip_of_one_export_of_another_program(tmp_path: Path) -> None:
    rows = "\n".join(f"{k},{10_000 * k},0.1,0.2,9.8" for k in range(200))
    data = zipped(
        {"left.csv": f"sep=,\nDeviceTag:,chest\n\nPacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z\n{rows}\n", "photo.jpg": b"x"}
    )
    assert len(read_recording([put(tmp_path, "a.zip", data)]).streams["chest"]) == 200


def test_zip_bomb_is_refused(tmp_path: Path) -> None:
    data = zipped({"Accelerometer.csv": b"0" * 30_000_000})
    with pytest.raises(FileError, match="would unpack"):
        read_recording([put(tmp_path, "a.zip", data)])


def test_zips_of_more_files_than_a_recording_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="20000 files"):
        read_recording([put(tmp_path, "a.zip", zipped({f"{k}.csv": "t" for k in range(20_000)}))])


def test_what_a_zip_says_of_a_files_size_is_all_that_is_unpacked(tmp_path: Path) -> None:
    data = bytearray(zipped({"Accelerometer.csv": PHYPHOX_ACC + "\n" + "0,0,0,9.8\n" * 400_000}))
    at = data.rindex(b"PK\x01\x02")  # the directory, by which members are read
    data[at + 24 : at + 28] = (200_000).to_bytes(4, "little")
    with pytest.raises(FileError, match="damaged"):
        read_recording([put(tmp_path, "a.zip", bytes(data))])


@pytest.mark.parametrize(
    "name", ["../Accelerometer.csv", "/etc/Accelerometer.csv", "C:\\x\\Accelerometer.csv", "a/../../Accelerometer.csv"]
)
def test_zip_members_that_climb_are_passed_over(tmp_path: Path, name: str) -> None:
    t, acc, _ = motion(4.0)
    with pytest.raises(FileError, match="no accelerometer"):
        read_recording([put(tmp_path, "a.zip", zipped({name: text(PHYPHOX_ACC, [t, acc])}))])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


def test_zip_of_several_recordings_and_damaged_zips(tmp_path: Path) -> None:
    files, _, _ = parts()
    two = {f"{folder}/{name}": content for folder in "ab" for name, content in files.items()}
    with pytest.raises(FileError, match="more than one"):
        read_recording([put(tmp_path, "a.zip", zipped(two))])
    data = zipped(files)
    with pytest.raises(FileError, match="damaged"):
        read_recording([put(tmp_path, "b.zip", data[: len(data) // 2])])
    with pytest.raises(FileError, match="no accelerometer"):
        read_recording([put(tmp_path, "c.zip", zipped({"notes.txt": "hello"}))])


def test_folder_without_a_phone_recording(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="folder"):
        read_recording([tmp_path])
