"""Axivity's sensors: their own files, and the CSV of the maker's programs."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recorded_motion import motion, outcome, put

from imu_tracker.errors import MissingExtra
from imu_tracker.files.reading import read_recording
from imu_tracker.numeric import GRAVITY_M_S2

T, ACC, GYR = motion(8.0)


def packed(second: int) -> int:
    """A time on 19 March 2024 at 16:00 and so many seconds, as cwa.h packs it."""
    return (24 << 26) | (3 << 22) | (19 << 17) | (16 << 12) | (second // 60 << 6) | second % 60


def with_checksum(block: bytes) -> bytes:
    """A data block with its last word such that all 16-bit words add up to zero."""
    words = struct.unpack("<255H", block[:510])
    return block[:510] + struct.pack("<H", -sum(words) & 0xFFFF)


def cwa_bytes() -> bytes:
    """An AX6's file of 100 Hz, 8 g and 1000 deg/s: a header and blocks of 40 samples, as cwa.h of Open Movement describes."""
    rate = 0x40 | 10  # 8 g, 100 Hz
    head = struct.pack("<HHBHIHII", 0x444D, 1020, 0x64, 123, 7, 0, packed(0), packed(59)).ljust(35, b"\0")
    head += bytes([3, rate]) + struct.pack("<I", packed(0)) + b"\x33\xff\xff"
    out = head.ljust(1024, b"\xff")
    counts = np.column_stack([np.degrees(GYR) * 32768 / 1000, ACC / GRAVITY_M_S2 * 4096]).round().astype("<i2")
    for number, begin in enumerate(range(0, len(T) - 39, 40)):
        second = round(T[begin] + 0.499999)
        before = round((second - T[begin]) * 100)  # samples of this block before the whole second
        block = struct.pack("<HHHIII", 0x5841, 508, 0x8000, 7, number, packed(second))
        block += struct.pack("<HHBBBBhH", (4 << 13) | (3 << 10), 0, 0, 0, rate, 0x62, before, 40)
        out += with_checksum((block + counts[begin : begin + 40].tobytes()).ljust(512, b"\0"))
    return out


def test_a_sensors_own_file(tmp_path: Path) -> None:
    pytest.importorskip("cwa_reader_rs", reason="the extra axivity isn't installed")
    recording = read_recording([put(tmp_path, "a.cwa", cwa_bytes())])
    stream = recording.streams["unknown"]
    assert stream.gyr is not None
    assert len(stream) == 800
    assert stream.timing.rate_hz == pytest.approx(100.0, rel=1e-3)
    np.testing.assert_allclose(stream.acc, ACC, atol=2e-3)
    np.testing.assert_allclose(stream.gyr, GYR, atol=5e-4)
    assert recording.about["started"].startswith("2024-03-19T16:00:00.0")


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 6000), with_=st.binary(min_size=1, max_size=8), keep=st.integers(4, 12_000))
def test_damaged_files_give_a_recording_or_one_sentence(tmp_path: Path, at: int, with_: bytes, keep: int) -> None:
    pytest.importorskip("cwa_reader_rs", reason="the extra axivity isn't installed")
    data = cwa_bytes()
    spoilt = data[:at] + with_ + data[at + len(with_) :]
    outcome(put(tmp_path, "a.cwa", spoilt[:keep]))


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cwa_reader_rs", None)
    with pytest.raises(MissingExtra, match=r'pip install "imu-tracker\[axivity\]"'):
        read_recording([put(tmp_path, "a.cwa", cwa_bytes())])


@pytest.mark.parametrize("heading", [True, False])
@pytest.mark.parametrize("gyroscope", [True, False])
def test_the_csv_of_its_programs(tmp_path: Path, heading: bool, gyroscope: bool) -> None:
    names = "Time,Accel-X (g), Accel-Y (g), Accel-Z (g)" + (", Gyro-X (d/s), Gyro-Y (d/s), Gyro-Z (d/s)" if gyroscope else "")
    lines = [names] if heading else []
    for t, acc, gyr in zip(T, ACC / GRAVITY_M_S2, np.degrees(GYR), strict=True):
        ms = round(t * 1000)
        values = [*acc, *gyr] if gyroscope else acc
        lines.append(",".join([f"2024-03-19 16:00:{ms // 1000:02d}.{ms % 1000:03d}", *(f"{v:.6f}" for v in values)]))
    recording = read_recording([put(tmp_path, "a.csv", "\n".join(lines))])
    stream = recording.streams["unknown"]
    assert len(stream) == len(T)
    assert (stream.gyr is not None) == gyroscope
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-4)
    if stream.gyr is not None:
        np.testing.assert_allclose(stream.gyr, GYR, atol=1e-4)
    assert recording.about["started"] == "2024-03-19T16:00:00.000"
    assert recording.notes == ()
