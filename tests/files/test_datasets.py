"""Datasets: a manifest, and segments where there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from recorded_motion import motion, plain, put, zipped

from imu_tracker.errors import FileError
from imu_tracker.files.datasets import read_dataset, read_manifest

T, ACC, GYR = motion(4.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.csv", "b.csv", "c.csv"):
        put(tmp_path, name, plain(T, ACC, GYR))
    return tmp_path


def test_rows(folder: Path) -> None:
    put(
        folder,
        "manifest.csv",
        "\ufefffile,exercise,subject,placement,side,reps,session,weight_kg\n"
        "a.csv,squat,s1,right_thigh(distal),right,10.0,monday,20\n"
        'b.csv,"lunge, deep",s2,,,,,\n',
    )
    data = read_manifest(folder)
    a, b = data.rows
    assert (a.name, a.exercise, a.subject, a.side, a.reps, a.session) == ("a.csv", "squat", "s1", "right", 10, "monday")
    assert a.more == {"weight_kg": "20"}
    assert (b.exercise, b.side, b.reps, b.session) == ("lunge, deep", None, None, None)
    assert list(a.read().streams) == ["thigh_right"]
    assert list(b.read().streams) == ["unknown"]
    assert len(a.read().streams["thigh_right"]) == len(T)


def test_several_sensors_in_a_row(folder: Path) -> None:
    put(folder, "manifest.csv", "file_pelvis,file_left_thigh,reps\na.csv,b.csv,3\nc.csv,,4\n")
    both, one = read_manifest(folder).rows
    assert list(both.read().streams) == ["pelvis", "thigh_left"]
    assert both.name == "a.csv"
    assert list(one.read().streams) == ["pelvis"]


def test_segments(folder: Path) -> None:
    put(folder, "manifest.csv", "file\na.csv\nb.csv\n")
    put(folder, "segments.csv", "file,start_s,end_s,exercise,side,reps\na.csv,2,3.5,squat,,5\na.csv,0,1.5,lunge,left,\n")
    a, b = read_manifest(folder).rows
    assert [(s.start_s, s.end_s, s.exercise, s.side, s.reps) for s in a.segments] == [
        (0.0, 1.5, "lunge", "left", None),
        (2.0, 3.5, "squat", None, 5),
    ]
    assert b.segments == ()


@pytest.mark.parametrize(
    ("manifest", "word"),
    [
        ("name\na.csv\n", "needs a column `file`"),
        ("", "needs a column `file`"),
        ("file\n", "no recording"),
        ("file\na.csv\nz.csv\ny.csv\n", r"line 3 lists z\.csv.*1 more"),
        ("file\na.csv\nb.csv\na.csv\n", r"lines 2 and 4 both list a\.csv"),
        ("file_pelvis,file_chest\na.csv,a.csv\n", "both list"),
        ("file,reps\na.csv,ten\n", "reps is 'ten'"),
        ("file,reps\na.csv,2.5\n", "whole number"),
        ("file,reps\na.csv,nan\n", "isn't a number"),
        ("file,reps\n,3\n", "names no file"),
        ("file,reps\na.csv,3,4\n", "more cells"),
        ("file,reps,reps\na.csv,3,4\n", "same name"),
        ('file\n"a.csv\n', "CSV"),
    ],
)
def test_manifests_that_are_off(folder: Path, manifest: str, word: str) -> None:
    put(folder, "manifest.csv", manifest)
    with pytest.raises(FileError, match=word) as e:
        read_manifest(folder)
    assert "manifest.csv" in str(e.value)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("z.csv,0,1", "isn't in the manifest"),
        ("a.csv,2,1", "start_s < end_s"),
        ("a.csv,,1", "needs start_s"),
        ("a.csv,x,1", "isn't a number"),
    ],
)
def test_segments_that_are_off(folder: Path, row: str, word: str) -> None:
    put(folder, "manifest.csv", "file\na.csv\n")
    put(folder, "segments.csv", f"file,start_s,end_s\n{row}\n")
    with pytest.raises(FileError, match=word):
        read_manifest(folder)


def test_without_a_manifest_each_file_is_a_recording_but_halves_and_a_phones_are_one(folder: Path) -> None:
    (folder / "c.csv").rename(folder / ".hidden.csv")
    within, out = folder / "monday" / "walk", folder / "out"
    within.mkdir(parents=True)
    out.mkdir()
    for name in ("Accelerometer.csv", "Gyroscope.csv", "TotalAcceleration.csv"):
        put(within, name, "")
    for half in ("Accelerometer_12.500Hz", "Gyroscope_25.000Hz"):
        put(folder, f"set_MetaWear_2019_{half}_1.4.4.csv", "")
    put(out, "sets.csv", "")
    put(folder, "notes.txt", "")
    put(folder, "segments.csv", "file,start_s,end_s\nb.csv,0,1\n")
    rows = read_dataset(folder, besides=out).rows
    assert [r.name for r in rows] == [
        "a.csv",
        "b.csv",
        "monday/walk/Accelerometer.csv",
        "set_MetaWear_2019_Accelerometer_12.500Hz_1.4.4.csv",
    ]
    assert [len(r.segments) for r in rows] == [0, 1, 0, 0]


def test_a_file_that_is_listed_and_absent_keeps_nobody_from_the_others(folder: Path) -> None:
    put(folder, "manifest.csv", "file\na.csv\nz.csv\n")
    assert [r.name for r in read_dataset(folder).rows] == ["a.csv", "z.csv"]
    with pytest.raises(FileError, match=r"line 3 lists z\.csv"):
        read_manifest(folder)


@pytest.mark.parametrize("file", ["/nowhere/z.csv", "../../z.csv", "z\0.csv"])
def test_a_listed_file_that_is_absent_may_have_any_name(folder: Path, file: str) -> None:
    put(folder, "manifest.csv", f"file\na.csv\n{file}\n")
    with pytest.raises(FileError, match="line 3 lists"):
        read_manifest(folder)
    assert len(read_dataset(folder).rows) == 2


def test_folder_absent_without_manifest_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no such folder"):
        read_manifest(tmp_path / "none")
    with pytest.raises(FileError, match=r"no manifest\.csv"):
        read_manifest(tmp_path)
    put(tmp_path, "manifest.csv", b"\xff\xfe\x00\x80")
    with pytest.raises(FileError, match="UTF-8"):
        read_manifest(tmp_path)
    with pytest.raises(FileError, match="not a folder"):
        read_manifest(tmp_path / "manifest.csv")


def test_a_recording_may_have_any_form_that_is_known(folder: Path) -> None:
    put(folder, "phone.zip", zipped({"a.csv": plain(T, ACC, GYR)}))
    dot = "sep=,\nDeviceTag:,x\n\nPacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z\n"
    put(folder, "dot.csv", dot + "\n".join(f"{k},{10_000 * k},0.1,0.2,9.8" for k in range(200)))
    axivity = "\n".join(f"2024-03-19 16:00:{k // 100:02d}.{k % 100:02d},0.1,0.2,0.97" for k in range(200))
    put(folder, "axivity.csv", axivity)
    put(folder, "manifest.csv", "file,placement\na.csv,pelvis\nphone.zip,wrist\ndot.csv,chest\naxivity.csv,left thigh\n")
    read = [row.read() for row in read_manifest(folder).rows]
    assert [list(one.streams) for one in read] == [["pelvis"], ["wrist"], ["chest"], ["thigh_left"]]
    assert all(one.duration_s >= 1.98 for one in read)
