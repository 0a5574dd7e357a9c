"""C3D and XDF: channels by name, one sensor of several, and files that are damaged."""

from __future__ import annotations

import io
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded_motion import motion, outcome, put

from imu_tracker.errors import ColumnsError, FileError, MissingExtra
from imu_tracker.files.columns import parse_columns
from imu_tracker.files.reading import read_recording
from imu_tracker.numeric import GRAVITY_M_S2, Floats

T, ACC, GYR = motion(8.0)
SI_NAMES = [("ax", "m/s2"), ("ay", "m/s2"), ("az", "m/s2"), ("gx", "rad/s"), ("gy", "rad/s"), ("gz", "rad/s")]


def c3d_bytes(values: Floats, names: Sequence[str], units: Sequence[str], rate_hz: float = 100.0) -> bytes:
    """A C3D file of analog channels (N, C), and one point, without which its writer can't do."""
    c3d = pytest.importorskip("c3d", reason="the extra c3d isn't installed")
    writer = c3d.Writer(point_rate=rate_hz, analog_rate=rate_hz)
    for row in values:
        writer.add_frames([(np.ones((1, 5)), np.asarray(row, np.float32)[:, None])])
    writer.set_point_labels(["hip"])
    writer.set_analog_labels(list(names))
    width = max(map(len, units))
    writer.analog_group.add_str("UNITS", "", "".join(u.ljust(width) for u in units), width, len(units))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def xdf_bytes(*streams: tuple[str, Sequence[tuple[str, str]], Floats, Floats]) -> bytes:
    """An XDF file as its specification has it: of each stream its name, channels (label, unit), times and values (N, C)."""

    def chunk(tag: int, content: bytes) -> bytes:
        body = struct.pack("<H", tag) + content
        return b"\x04" + struct.pack("<I", len(body)) + body

    out = b"XDF:" + chunk(1, b"<?xml version='1.0'?><info><version>1.0</version></info>")
    for number, (name, channels, t, values) in enumerate(streams, 1):
        listed = "".join(f"<channel><label>{label}</label><unit>{unit}</unit></channel>" for label, unit in channels)
        about = f"<name>{name}</name><type>IMU</type><channel_count>{values.shape[1]}</channel_count>"
        rate = "<nominal_srate>100</nominal_srate><channel_format>double64</channel_format>"
        xml = f"<?xml version='1.0'?><info>{about}{rate}<desc><channels>{listed}</channels></desc></info>"
        out += chunk(2, struct.pack("<I", number) + xml.encode())
        rows = b"".join(b"\x08" + struct.pack("<d", s) + row.astype("<f8").tobytes() for s, row in zip(t, values, strict=True))
        out += chunk(3, struct.pack("<I", number) + b"\x04" + struct.pack("<I", len(t)) + rows)
        out += chunk(6, struct.pack("<I", number) + b"<?xml version='1.0'?><info><first_timestamp>0</first_timestamp></info>")
    return out


def test_c3d_channels_are_read_with_their_units(tmp_path: Path) -> None:
    values = np.column_stack([ACC / GRAVITY_M_S2, np.degrees(GYR), T])
    names = ["Acc_X", "Acc_Y", "Acc_Z", "Gyro_X", "Gyro_Y", "Gyro_Z", "EMG"]
    recording = read_recording([put(tmp_path, "a.c3d", c3d_bytes(values, names, ["g"] * 3 + ["deg/s"] * 3 + ["V"]))])
    stream = recording.streams["unknown"]
    assert stream.gyr is not None
    np.testing.assert_allclose(stream.t, T, atol=1e-6)
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-4)
    np.testing.assert_allclose(stream.gyr, GYR, atol=1e-4)
    assert recording.notes == ()


def test_c3d_channels_of_other_names_are_named(tmp_path: Path) -> None:
    names = ["Sensor 1 X", "Sensor 1 Y", "Sensor 1 Z"]
    path = put(tmp_path, "a.c3d", c3d_bytes(ACC, names, ["m/s2"] * 3))
    with pytest.raises(ColumnsError, match=r"Sensor 1 X \[m/s2\]"):
        read_recording([path])
    said = parse_columns("ax=Sensor 1 X,ay=Sensor 1 Y,az=Sensor 1 Z")
    np.testing.assert_allclose(read_recording([path], columns=said).streams["unknown"].acc, ACC, atol=1e-4)


def test_a_c3d_of_points_alone_is_refused(tmp_path: Path) -> None:
    c3d = pytest.importorskip("c3d", reason="the extra c3d isn't installed")
    writer = c3d.Writer(point_rate=100)
    for _ in range(10):
        writer.add_frames([(np.ones((2, 5)), np.array([[]]))])
    writer.set_point_labels(["a", "b"])
    out = io.BytesIO()
    with pytest.warns(UserWarning, match="missing parameter"):  # its writer's, about analog channels
        writer.write(out)
    with pytest.raises(FileError, match="no analog channels"):
        read_recording([put(tmp_path, "a.c3d", out.getvalue())])


def test_an_xdf_stream_is_read_on_its_clock(tmp_path: Path) -> None:
    pytest.importorskip("pyxdf", reason="the extra xdf isn't installed")
    other = ("eeg", [("Fz", "uV"), ("Cz", "uV")], T, ACC[:, :2])
    data = xdf_bytes(other, ("imu", SI_NAMES, T + 123.0, np.column_stack([ACC, GYR])))
    stream = read_recording([put(tmp_path, "a.xdf", data)]).streams["unknown"]
    assert stream.gyr is not None
    np.testing.assert_allclose(stream.t - stream.t[0], T, atol=1e-6)
    np.testing.assert_allclose(stream.acc, ACC)
    np.testing.assert_allclose(stream.gyr, GYR)


def test_xdf_streams_of_several_sensors_are_told_apart_by_placement(tmp_path: Path) -> None:
    pytest.importorskip("pyxdf", reason="the extra xdf isn't installed")
    both = np.column_stack([ACC, GYR])
    data = xdf_bytes(("imu-tracker pelvis", SI_NAMES, T, both), ("imu-tracker thigh_left", SI_NAMES, T, -both))
    path = put(tmp_path, "a.xdf", data)
    with pytest.raises(FileError, match="2 of its streams have an accelerometer"):
        read_recording([path])
    recording = read_recording([f"pelvis={path}", f"left thigh={path}"])
    np.testing.assert_allclose(recording.streams["pelvis"].acc, ACC)
    np.testing.assert_allclose(recording.streams["thigh_left"].acc, -ACC)


def test_an_xdf_without_an_accelerometer_lists_what_it_has(tmp_path: Path) -> None:
    pytest.importorskip("pyxdf", reason="the extra xdf isn't installed")
    path = put(tmp_path, "a.xdf", xdf_bytes(("eeg", [("Fz", "uV"), ("Cz", "uV"), ("Pz", "uV")], T, ACC)))
    with pytest.raises(FileError, match=r"eeg \(Fz \[uV\], Cz"):
        read_recording([path])
    said = parse_columns("ax=Fz,ay=Cz,az=Pz")
    np.testing.assert_allclose(read_recording([path], columns=said).streams["unknown"].acc, ACC)


@pytest.mark.parametrize(("module", "extra"), [("c3d", "c3d"), ("pyxdf", "xdf")])
def test_without_its_extra_a_format_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, extra: str
) -> None:
    data = bytearray(1024)
    data[:2], data[512 + 3] = b"\x02\x50", 84
    path = put(tmp_path, f"a.{extra}", b"XDF:" + bytes(100) if extra == "xdf" else bytes(data))
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf'pip install "imu-tracker\[{extra}\]"'):
        read_recording([path])


def spoilt(data: bytes, at: int, with_: bytes, keep: float) -> bytes:
    at %= min(len(data), 3000)  # among what describes the samples, mostly
    return (data[:at] + with_ + data[at + len(with_) :])[: max(600, round(keep * len(data)))]


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 1 << 20), with_=st.binary(min_size=1, max_size=8), keep=st.sampled_from([1.0, 1.0, 0.7, 0.2]))
@pytest.mark.parametrize("form", ["c3d", "xdf"])
def test_damaged_files_give_a_recording_or_one_sentence(tmp_path: Path, form: str, at: int, with_: bytes, keep: float) -> None:
    good = tmp_path / f"good.{form}"
    if not good.exists():
        pytest.importorskip({"c3d": "c3d", "xdf": "pyxdf"}[form], reason=f"the extra {form} isn't installed")
        both = np.column_stack([ACC, GYR])[:100]
        units = [unit for _, unit in SI_NAMES]
        names = [name for name, _ in SI_NAMES]
        good.write_bytes(c3d_bytes(both, names, units) if form == "c3d" else xdf_bytes(("imu", SI_NAMES, T[:100], both)))
    path = put(tmp_path, f"a.{form}", spoilt(good.read_bytes(), at, with_, keep))
    recording = outcome(path)
    assert recording is None or all(np.isfinite(s.acc).all() for s in recording.streams.values())
