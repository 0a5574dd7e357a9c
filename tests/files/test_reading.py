"""Several files, placements, clocks; and every kind of bad input."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from recorded_motion import motion, outcome, plain, put, text, zipped

from imu_tracker.errors import ColumnsError, FileError, ImuTrackerError, UsageError
from imu_tracker.files.reading import read_recording, split_placement
from imu_tracker.files.units import Units

T, ACC, GYR = motion(8.0)


def test_placements_given_and_from_the_file(tmp_path: Path) -> None:
    own = put(tmp_path, "a.csv", "# placement: waist\n" + plain(T, ACC, GYR))
    other = put(tmp_path, "b=c.csv", plain(T, ACC))
    assert list(read_recording([own]).streams) == ["pelvis"]
    assert list(read_recording([str(other)]).streams) == ["unknown"]
    recording = read_recording([f"left thigh={own}", f"chest={other}"])
    assert list(recording.streams) == ["thigh_left", "chest"]
    assert recording.start_s == 0.0


def test_words_of_the_call(tmp_path: Path) -> None:
    assert split_placement("pelvis=a/b.csv") == ("pelvis", Path("a/b.csv"))
    assert split_placement("a/b=c.csv") == (None, Path("a/b=c.csv"))
    assert split_placement(Path("a=b.csv")) == (None, Path("a=b.csv"))
    with pytest.raises(UsageError, match="PLACEMENT=FILE"):
        split_placement("=a.csv")
    with pytest.raises(UsageError, match="No file"):
        read_recording([])
    a, b = put(tmp_path, "a.csv", plain(T, ACC)), put(tmp_path, "b.csv", plain(T, ACC))
    with pytest.raises(UsageError, match=r"a\.csv.*b\.csv"):
        read_recording([a, b])
    with pytest.raises(UsageError, match="pelvis"):
        read_recording([f"pelvis={a}", f"waist={b}"])


def test_common_clock_is_kept_and_foreign_clocks_begin_at_zero(tmp_path: Path) -> None:
    a = put(tmp_path, "a.csv", plain(T, ACC, GYR))
    b = put(tmp_path, "b.csv", plain(T + 2.5, ACC, GYR))
    c = put(tmp_path, "c.csv", plain(T + 5000, ACC, GYR))
    together = read_recording([f"pelvis={a}", f"chest={b}"])
    assert together.streams["chest"].t[0] == pytest.approx(2.5)
    assert together.notes == ()
    apart = read_recording([f"pelvis={a}", f"chest={c}"])
    assert apart.streams["chest"].t[0] == 0.0
    assert any("set to begin at 0" in n for n in apart.notes)
    assert apart.duration_s == pytest.approx(T[-1])


def test_notes_name_the_placement_where_there_are_several(tmp_path: Path) -> None:
    a = put(tmp_path, "a.csv", plain(T, ACC / 9.80665))
    b = put(tmp_path, "b.csv", plain(T, ACC))
    notes = read_recording([f"pelvis={a}", f"chest={b}"]).notes
    assert len(notes) == 1
    assert notes[0].startswith("pelvis: ")


def test_times_since_1970_keep_their_fractions(tmp_path: Path) -> None:
    rows = "\n".join(f"{1_700_000_000_000 + round(s * 1000)},0.1,0.2,9.8" for s in T)
    recording = read_recording([put(tmp_path, "a.csv", "t,ax,ay,az\n" + rows)])
    np.testing.assert_allclose(recording.streams["unknown"].t, T, atol=1e-6)
    assert recording.about["start_epoch_s"] == "1700000000"
    assert any("milliseconds" in n for n in recording.notes)


# --- bad input


def refused(path: Path | str, error: type[ImuTrackerError], word: str) -> None:
    with pytest.raises(error, match=word) as e:
        read_recording([path])
    assert Path(path).name in str(e.value)
    assert "\n" not in str(e.value)


def test_absent_folder_empty_binary(tmp_path: Path) -> None:
    refused(tmp_path / "none.csv", FileError, "no such file")
    refused(f"pelvis={tmp_path / 'none.csv'}", FileError, "no such file")
    refused(tmp_path, FileError, "folder")
    refused(put(tmp_path, "empty.csv", b""), FileError, "empty")
    refused(put(tmp_path, "blank.csv", b" \n\n \n"), FileError, "blanks")
    refused(put(tmp_path, "binary.csv", bytes(range(256)) * 50), FileError, "binary")
    refused(put(tmp_path, "words.csv", b"# placement: pelvis\n"), FileError, "no heading")
    with pytest.raises(FileError, match="zero byte"):
        read_recording(["a\0b.csv"])


def test_no_rows_one_sample(tmp_path: Path) -> None:
    refused(put(tmp_path, "a.csv", "t,ax,ay,az\n"), FileError, "no rows")
    refused(put(tmp_path, "b.csv", "t,ax,ay,az\n\n\n"), FileError, "no rows")
    refused(put(tmp_path, "c.csv", "t,ax,ay,az\n0,0,0,9.8\n"), FileError, "1 usable sample")
    refused(put(tmp_path, "d.csv", "t,ax,ay,az\n0;0;0;9.8\n"), FileError, "as many cells")
    refused(put(tmp_path, "e.csv", "0,0,0,9.8\n1,0,0,9.8\n"), ColumnsError, "not found")
    pq.write_table(pa.table({k: pa.array([], pa.float64()) for k in ("t", "ax", "ay", "az")}), tmp_path / "f.parquet")
    refused(tmp_path / "f.parquet", FileError, "no rows")


def test_truncated_parquet(tmp_path: Path) -> None:
    pq.write_table(pa.table({"t": T, "ax": ACC[:, 0], "ay": ACC[:, 1], "az": ACC[:, 2]}), tmp_path / "a.parquet")
    data = (tmp_path / "a.parquet").read_bytes()
    for part in (5, len(data) // 2, len(data) - 1):
        refused(put(tmp_path, "b.parquet", data[:part]), FileError, "cut short or damaged")


def test_parquet_of_other_columns_and_types(tmp_path: Path) -> None:
    pq.write_table(pa.table({"speed": [1.0, 2.0]}), tmp_path / "a.parquet")
    refused(tmp_path / "a.parquet", ColumnsError, "speed")
    pq.write_table(pa.table({"t": T, "ax": [[1.0]] * len(T), "ay": T, "az": T}), tmp_path / "b.parquet")
    refused(tmp_path / "b.parquet", ColumnsError, "ax")
    pq.write_table(pa.table({"t": T, "ax": ["up"] * len(T), "ay": T, "az": T}), tmp_path / "c.parquet")
    refused(tmp_path / "c.parquet", ColumnsError, "text, such as 'up'")


def test_csv_cut_anywhere_is_read_up_to_there_or_refused(tmp_path: Path) -> None:
    content = plain(T[:50], ACC[:50], GYR[:50]).encode()
    for end in range(0, len(content), 97):
        try:
            stream = read_recording([put(tmp_path, "a.csv", content[:end])]).streams["unknown"]
        except ImuTrackerError:
            assert end < 200
        else:
            np.testing.assert_allclose(stream.t, T[: len(stream)], atol=1e-9)


def test_text_and_nan_among_numbers_are_left_out_and_said(tmp_path: Path) -> None:
    lines = plain(T, ACC, GYR).splitlines()
    lines[10] = lines[10].replace(lines[10].split(",")[2], "error")
    lines[20] = "nan" + lines[20][8:]
    lines[30] = ",".join([*lines[30].split(",")[:6], "inf"])
    lines[40] = ",".join([*lines[40].split(",")[:6], "1e300"])
    lines[50] = ",".join([*lines[50].split(",")[:6], ""])
    lines[60] = lines[0]  # two files put together
    recording = read_recording([put(tmp_path, "a.csv", "\n".join(lines))])
    assert len(recording.streams["unknown"]) == len(T) - 6
    assert any("6 of 800 samples" in n for n in recording.notes)


@pytest.mark.parametrize("column", range(7))
def test_column_of_text_is_named(tmp_path: Path, column: int) -> None:
    names = ["t", "ax", "ay", "az", "gx", "gy", "gz"]
    rows = [[*map(str, row)] for row in np.column_stack([T, ACC, GYR])]
    for row in rows:
        row[column] = "left"
    path = put(tmp_path, "a.csv", "\n".join(",".join(r) for r in [names, *rows]))
    with pytest.raises(ColumnsError, match=f"column {names[column]} .*such as 'left'"):
        read_recording([path])


def test_latin_letters_of_old_programs(tmp_path: Path) -> None:
    content = text("t,ax [m/s²],ay [m/s²],az [m/s²],note", [T, ACC, T]).encode("latin-1")
    assert len(read_recording([put(tmp_path, "a.csv", content)]).streams["unknown"]) == len(T)
    odd = content.replace(b"0.100000,", b"\xb5,", 1)
    assert len(read_recording([put(tmp_path, "b.csv", odd)]).streams["unknown"]) == len(T) - 1


def test_time_jumps_back_repeats_or_is_in_ms(tmp_path: Path) -> None:
    t = T.copy()
    t[400:] -= 3.0
    recording = read_recording([put(tmp_path, "a.csv", plain(t, ACC, GYR))])
    assert any("jumps back" in n for n in recording.notes)
    assert len(recording.streams["unknown"].timing.pieces) == 2
    swapped = np.arange(len(T))
    swapped[100], swapped[101] = 101, 100
    recording = read_recording([put(tmp_path, "b.csv", plain(T[swapped], ACC[swapped], GYR[swapped]))])
    np.testing.assert_allclose(recording.streams["unknown"].acc, ACC, atol=1e-9)
    twice = np.r_[0:200, 190:800]
    recording = read_recording([put(tmp_path, "c.csv", plain(T[twice], ACC[twice], GYR[twice]))])
    np.testing.assert_allclose(recording.streams["unknown"].acc, ACC, atol=1e-9)
    ms = put(tmp_path, "d.csv", plain(T * 1000, ACC, GYR))
    recording = read_recording([ms])
    np.testing.assert_allclose(recording.streams["unknown"].t, T, atol=1e-9)
    assert any("--time-unit" in n for n in recording.notes)
    with pytest.raises(FileError, match="--time-unit"):
        read_recording([ms], units=Units(time="s"))


def test_same_time_for_all_is_refused(tmp_path: Path) -> None:
    refused(put(tmp_path, "a.csv", plain(np.zeros_like(T), ACC, GYR)), FileError, "same time")


def test_g_and_degrees_are_converted_and_said(tmp_path: Path) -> None:
    recording = read_recording([put(tmp_path, "a.csv", plain(T, ACC / 9.80665, np.degrees(GYR)))])
    stream = recording.streams["unknown"]
    assert stream.gyr is not None
    np.testing.assert_allclose(stream.acc, ACC, atol=1e-4)
    np.testing.assert_allclose(stream.gyr, GYR, atol=1e-6)
    assert [o for o in ("--acc-unit", "--gyr-unit") if any(o in n for n in recording.notes)] == ["--acc-unit", "--gyr-unit"]


def test_gap_of_minutes_is_a_gap(tmp_path: Path) -> None:
    t = T.copy()
    t[300:] += 240
    timing = read_recording([put(tmp_path, "a.csv", plain(t, ACC, GYR))]).streams["unknown"].timing
    assert timing.pieces == ((0, 300), (300, 800))
    assert timing.gaps[0][1] - timing.gaps[0][0] == pytest.approx(240.01)


def test_constant_sensor_is_said(tmp_path: Path) -> None:
    acc = np.broadcast_to([0.0, 0.0, 9.8], ACC.shape)
    recording = read_recording([put(tmp_path, "a.csv", plain(T, acc, np.zeros_like(GYR)))])
    assert any("never change" in n for n in recording.notes)


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, "a.csv", plain(T, ACC))

    def fail(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", fail)
    refused(path, FileError, "Permission denied")


TABLE = plain(T[:40], ACC[:40], GYR[:40]).encode()
ZIP = zipped(
    {"Accelerometer.csv": b'"Time (s)","X (m/s^2)","Y (m/s^2)","Z (m/s^2)"\n' + b"\n".join(b"%d,0,0,9.8" % i for i in range(60))}
)


HEADS = [
    "",
    "t,ax,ay,az\n",
    "t;ax;ay;az\n",
    "epoch (ms),x-axis (g),y-axis (g),z-axis (g)\n",
    "sep=,\nDeviceTag:,a\n\nPacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z\n",
    "StartTime: x\nChipTime\tax(g)\tay(g)\taz(g)\n",
    "Time,Device name,Chip Time(),Acceleration X(g),Acceleration Y(g),Acceleration Z(g)\n",
]


def anything() -> st.SearchStrategy[bytes]:
    """Bytes of all kinds: any, text that resembles tables, and good files with a stretch exchanged."""

    def spoil(data: bytes, at: int, with_: bytes, length: int) -> bytes:
        at %= len(data)
        return data[:at] + with_ + data[at + length :]

    words = ["t", "ax", "ay", "az", "gx", "gy", "gz", "x", "", '"', "#", "DeviceTag:", "sep="]
    numbers = ["0", "1", "2.5", "-9.81", "1e9", "1e300", "nan", "1,5"]
    clocks = ["16:44:16.689", "2024-3-19 16:44:16:689", "2024-03-19T16:44:17Z", "2024-99-99 16:44:16"]
    cells = st.sampled_from([*words, *numbers, *clocks])
    lines = st.lists(st.lists(cells, max_size=8), max_size=12)
    tables = st.builds(
        lambda rows, comma, head: (head + "\n".join(comma.join(r) for r in rows)).encode(),
        lines,
        st.sampled_from(",;\t"),
        st.sampled_from(HEADS),
    )
    good = st.sampled_from([TABLE, ZIP])
    spoiled = st.builds(spoil, good, st.integers(0, 1 << 20), st.binary(max_size=30), st.integers(0, 60))
    return (
        st.binary(max_size=400)
        | tables
        | spoiled
        | st.binary(max_size=60).map(lambda b: b"PAR1" + b + b"PAR1")
        | st.binary(max_size=60).map(lambda b: b"PK\x03\x04" + b)
    )


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(data=b"t,ax,ay,az\n" + b"\n".join(b"%de20,0,0,9.8" % (i // 8) for i in range(100)), suffix="csv")
@example(data=b"t,ax,ay,az\n" + b"\n".join(b"%de-20,0,0,9.8" % (i // 8) for i in range(100)), suffix="csv")
@example(data=b"t,ax,ay,az\n0,1,2,3\n1e24,1,2,3\n", suffix="csv")
@given(data=anything(), suffix=st.sampled_from(["csv", "parquet", "zip"]))
def test_any_bytes_give_a_recording_or_one_sentence(tmp_path: Path, data: bytes, suffix: str) -> None:
    recording = outcome(put(tmp_path, f"a.{suffix}", data))
    for stream in recording.streams.values() if recording else ():
        assert np.isfinite(stream.acc).all()
        assert (np.diff(stream.timing.t) > 0).all()


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 1 << 20), with_=st.binary(min_size=1, max_size=4))
def test_spoiled_parquet_gives_a_recording_or_one_sentence(tmp_path: Path, at: int, with_: bytes) -> None:
    source = tmp_path / "good.parquet"
    if not source.exists():
        pq.write_table(pa.table({"t": T, "ax": ACC[:, 0], "ay": ACC[:, 1], "az": ACC[:, 2]}), source, compression="zstd")
    data = source.read_bytes()
    at %= len(data)
    recording = outcome(put(tmp_path, "a.parquet", data[:at] + with_ + data[at + len(with_) :]))
    assert recording is None or recording.streams


def test_reading_imports_neither_pandas_nor_scipy(tmp_path: Path) -> None:
    lines = plain(T, ACC, GYR).splitlines()
    put(tmp_path, "a.csv", "\n".join(lines))
    lines[10] = lines[10] + "x"
    put(tmp_path, "b.csv", "\n".join(lines))
    clocks = [f"16:00:{k // 100:02d}.{k % 100:02d}" for k in range(len(lines) - 1)]
    rows = [f"{clock},{line.partition(',')[2]}" for clock, line in zip(clocks, lines[1:], strict=True)]
    put(tmp_path, "c.csv", "\n".join([lines[0], *rows]))
    program = """
import sys
from imu_tracker.files.reading import read_recording
from imu_tracker.files.writing import write_table
for name in sys.argv[1:]:
    stream = read_recording([name]).streams["unknown"]
    for out in ("x.csv", "x.parquet"):
        write_table(stream, name + out, {})
        read_recording([name + out])
heavy = {"pandas", "scipy", "sklearn", "matplotlib"} & set(sys.modules)
sys.exit(f"imported: {heavy}" if heavy else 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *(str(tmp_path / f"{name}.csv") for name in "abc")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
