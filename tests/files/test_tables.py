"""The plain table as people write it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded_motion import motion, plain, put, text

from imu_tracker.errors import ColumnsError, FileError
from imu_tracker.files.reading import read_recording
from imu_tracker.files.tables import heading
from imu_tracker.recording import Stream

T, ACC, GYR = motion(8.0)


def only(path: Path) -> Stream:
    recording = read_recording([path])
    assert len(recording.streams) == 1
    return next(iter(recording.streams.values()))


def assert_same(stream: Stream, gyr: bool = True) -> None:
    np.testing.assert_allclose(stream.t, T, atol=1e-9)
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-9)
    if gyr:
        assert stream.gyr is not None
        np.testing.assert_allclose(stream.gyr, GYR, atol=1e-9)
    else:
        assert stream.gyr is None


def test_words_before_the_heading(tmp_path: Path) -> None:
    words = "# placement: right_thigh(distal)\n#exercise:clamshell\n\n# subject: Ann: the first\n# just a remark\n"
    recording = read_recording([put(tmp_path, "a.csv", words + plain(T, ACC, GYR))])
    assert list(recording.streams) == ["thigh_right"]
    assert recording.about == {"placement": "right_thigh(distal)", "exercise": "clamshell", "subject": "Ann: the first"}
    assert_same(recording.streams["thigh_right"])


@pytest.mark.parametrize("comma", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_separators_line_ends_and_byte_order_marks(tmp_path: Path, comma: str, end: str, mark: bytes) -> None:
    content = plain(T, ACC, GYR).replace(",", comma).replace("\n", end)
    assert_same(only(put(tmp_path, "a.csv", mark + content.encode())))


@pytest.mark.parametrize("comma", [";", "\t"])
def test_decimal_comma(tmp_path: Path, comma: str) -> None:
    names = comma.join(["t", "ax", "ay", "az", "gx", "gy", "gz"])
    assert_same(only(put(tmp_path, "a.csv", text(names, [T, ACC, GYR], comma, ","))))


def test_decimal_comma_that_begins_late(tmp_path: Path) -> None:
    rows = [f"{i};0;0;10" for i in range(60)] + [f"{i},5;0,25;0;9,5" for i in range(60, 120)]
    stream = only(put(tmp_path, "a.csv", "t_ms;ax;ay;az\n" + "\n".join(rows)))
    assert len(stream) == 120
    assert stream.acc[-1].tolist() == [0.25, 0, 9.5]


def test_utf16_as_spreadsheets_save_it(tmp_path: Path) -> None:
    assert_same(only(put(tmp_path, "a.csv", plain(T, ACC, GYR).encode("utf-16"))))


def test_heading_behind_a_hash_as_numpy_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    np.savetxt(path, np.column_stack([T, ACC, GYR]), delimiter=",", header="t,ax,ay,az,gx,gy,gz")
    assert_same(only(path))


@settings(deadline=None, max_examples=25)
@given(
    order=st.permutations(range(9)),
    spelling=st.sampled_from(
        [
            "t,ax,ay,az,gx,gy,gz",
            " T , AX, AY ,AZ,Gx,gY,gz",
            '"time","acc_x","acc_y","acc_z","gyr_x","gyr_y","gyr_z"',
            "timestamp,accX,accY,accZ,gyroX,gyroY,gyroZ",
            "Time (s),Acc X [m/s²],Acc Y [m/s²],Acc Z [m/s²],Gyro X [rad/s],Gyro Y [rad/s],Gyro Z [rad/s]",
            "time_s,x_acc,y_acc,z_acc,omega_x,omega_y,omega_z",
            "t,accel.x,accel.y,accel.z,gyro.x,gyro.y,gyro.z",
        ]
    ),
)
def test_order_spelling_and_extra_columns(tmp_path_factory: pytest.TempPathFactory, order: list[int], spelling: str) -> None:
    names = [*spelling.split(","), "temperature", "label"]
    columns = [*np.column_stack([T, ACC, GYR]).T]
    rows = [[f"{c[i]:.6f}" for c in columns] + ["36.6", "a word"] for i in range(len(T))]
    content = "\n".join(",".join(r[k] for k in order) for r in [names, *rows])
    assert_same(only(put(tmp_path_factory.mktemp("tables"), "a.csv", content)))


def test_units_in_the_heading_are_obeyed(tmp_path: Path) -> None:
    t, acc, gyr = motion(8.0, swing_rad=0.0)  # nothing in the data tells deg/s from rad/s
    names = "t_ms,ax (g),ay (g),az (g),gx_dps,gy_dps,gz_dps"
    path = put(tmp_path, "a.csv", text(names, [t * 1000, acc / 9.80665, np.degrees(gyr)], digits=9))
    stream = only(path)
    assert stream.gyr is not None
    np.testing.assert_allclose(stream.t, t, atol=1e-9)
    np.testing.assert_allclose(stream.acc, acc, atol=1e-6)
    np.testing.assert_allclose(stream.gyr, gyr, atol=1e-6)
    assert stream.notes == ()


@pytest.mark.parametrize(
    ("name", "word", "unit"),
    [
        ("Acc_X [m/s²]", "accx", "m/s2"),
        ("t_ms", "t", "ms"),
        ("acc_x", "accx", ""),
        ("gx_deg_s", "gx", "deg/s"),
        ("Gyroscope x (rad/s)", "gyroscopex", "rad/s"),
        ("Acceleration x (m/s^2)", "accelerationx", "m/s2"),
    ],
)
def test_heading_splits_word_and_unit(name: str, word: str, unit: str) -> None:
    assert heading(name) == (word, unit)


def test_parquet_of_any_number_type(tmp_path: Path) -> None:
    n = len(T)
    table = pa.table(
        {
            "t": pa.array((T * 1e9).round().astype("int64"), pa.timestamp("ns")),
            "ax": pa.array(ACC[:, 0], pa.float64()),
            "ay": pa.array(ACC[:, 1].astype("f4")),
            "az": pa.array([str(x) for x in ACC[:, 2]]).dictionary_encode(),
            "gx": pa.array(np.zeros(n, "i2")),
            "gy": pa.array(np.arange(n) % 2 == 0),
            "gz": pa.array(GYR[:, 2]),
        }
    ).replace_schema_metadata({"exercise": "squat", "pandas": "{}"})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=100)
    recording = read_recording([tmp_path / "a.parquet"])
    stream = recording.streams["unknown"]
    np.testing.assert_allclose(stream.t, T, atol=1e-9)
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-6)
    assert recording.about == {"exercise": "squat"}


def test_form_is_told_from_content_and_not_from_the_name(tmp_path: Path) -> None:
    assert_same(only(put(tmp_path, "a.parquet", plain(T, ACC, GYR))))
    pq.write_table(pa.table({"t": T, "ax": ACC[:, 0], "ay": ACC[:, 1], "az": ACC[:, 2]}), tmp_path / "b.csv")
    assert_same(only(tmp_path / "b.csv"), gyr=False)


def test_empty_gyroscope_columns_are_no_gyroscope(tmp_path: Path) -> None:
    lines = plain(T, ACC).splitlines()
    path = put(tmp_path, "a.csv", "\n".join([lines[0] + ",gx,gy,gz", *(line + ",,," for line in lines[1:])]))
    stream = only(path)
    assert_same(stream, gyr=False)
    assert any("without a gyroscope" in n for n in stream.notes)


def test_gyroscope_that_never_changes_is_no_gyroscope(tmp_path: Path) -> None:
    stream = only(put(tmp_path, "a.csv", plain(T, ACC, np.zeros_like(GYR))))
    assert_same(stream, gyr=False)
    assert any("never change" in n for n in stream.notes)


def test_rows_cut_short_are_left_out_and_counted(tmp_path: Path) -> None:
    lines = plain(T, ACC, GYR).splitlines()
    lines[100] = "0.99,1,2"
    stream = only(put(tmp_path, "a.csv", "\n".join(lines) + "\n8.0,1.0"))
    assert len(stream) == len(T) - 1
    assert any("2 rows" in n for n in stream.notes)


def test_rows_that_end_with_a_separator(tmp_path: Path) -> None:
    lines = plain(T, ACC, GYR).splitlines()
    assert_same(only(put(tmp_path, "a.csv", "\n".join([lines[0], *(line + "," for line in lines[1:])]))))


@pytest.mark.parametrize(
    ("names", "missing"),
    [
        ("t,ax,ay,gx,gy,gz", {"az"}),
        ("time,a,b,c", {"ax", "ay", "az"}),
        ("ax,ay,az", {"t"}),
        ("t,ax,ay,az,gx,gz", {"gy"}),
        ("t,acc_x,acc_y", {"accz"}),
    ],
)
def test_missing_columns_are_named(tmp_path: Path, names: str, missing: set[str]) -> None:
    path = put(tmp_path, "a.csv", names + "\n" + ",".join(["1"] * len(names.split(","))) + "\n")
    with pytest.raises(ColumnsError) as e:
        read_recording([path])
    assert set(e.value.missing) == missing
    assert list(e.value.found) == names.split(",")
    assert str(path) in str(e.value)


def test_linear_acceleration_by_name_says_what_to_record(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="with gravity"):
        read_recording([put(tmp_path, "a.csv", text("t,linear_acc_x,linear_acc_y,linear_acc_z", [T, ACC]))])
