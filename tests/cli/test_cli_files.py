"""analyze and convert on real files, end to end."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from imu_tracker.cli import main
from imu_tracker.results import from_dict


def table(path: Path, seconds: float = 20.0, step: float = 0.01, acc: float = 9.80665) -> Path:
    """A sensor that rocks: 15 degrees to and fro every 2 s, between 3 s of rest before and after."""
    rows = ["t,ax,ay,az,gx,gy,gz"]
    for i in range(round(seconds / 0.01)):
        t = i * 0.01
        phase = math.pi * (t - 3) if 3 <= t < seconds - 3 else 0.0
        angle = math.radians(7.5) * (1 - math.cos(phase))
        rate = math.radians(7.5) * math.pi * math.sin(phase)
        rows.append(f"{i * step:.5g},{-acc * math.sin(angle):.6f},0.0,{acc * math.cos(angle):.6f},0.0,{rate:.6f},0.0")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_analyze_from_file_to_json_and_series(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    recording = table(tmp_path / "set.csv")
    series = tmp_path / "series.csv"
    assert main(["analyze", f"pelvis={recording}", "--json", "-", "--series", str(series)]) == 0
    heard = capfd.readouterr()
    session = from_dict(json.loads(heard.out))
    assert list(session.recording.placements) == ["pelvis"]
    assert session.recording.placements["pelvis"].samples == 2000
    assert series.read_text(encoding="utf-8").splitlines()[0] == "t,obliquity_deg,tilt_deg,drop_deg,set,rep"


def test_analyze_shows_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(table(tmp_path / "set.csv"))]) == 0
    assert capsys.readouterr().out.startswith("set.csv, 20.0 s\nsensor: 100 Hz, 2000 samples, none lost\n")


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\x02\xff" * 400, b"time;x\n1;2\n", b"t,ax,ay,az\n0.0,0,0,9.8\n"])
def test_a_file_that_cannot_be_read_is_one_sentence(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "set.csv"
    if content is not None:
        path.write_bytes(content)
    out = tmp_path / "out.json"
    assert main(["analyze", str(path), "--json", str(out)]) == 1
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith("Error: ")
    assert heard.err.count("\n") == 1
    assert "fault of imu-tracker" not in heard.err
    assert not out.exists()


def test_json_on_stdout_needs_neither_rich_nor_pandas(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = """
import sys
from imu_tracker.cli import main
assert main(["analyze", sys.argv[1], "--json", "-"]) == 0
heavy = [m for m in ("rich", "pandas", "scipy", "sklearn") if m in sys.modules]
sys.stderr.write(repr(heavy))
"""
    recording = table(tmp_path / "set.csv")
    done = subprocess.run([sys.executable, "-c", code, str(recording)], capture_output=True, text=True, check=False)
    assert done.stderr == "[]"
    assert json.loads(done.stdout)["schema"] == 1


def test_convert_brings_units_to_si(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = table(tmp_path / "ms_and_g.csv", step=10.0, acc=1.0)
    out = tmp_path / "si.csv"
    assert main(["convert", str(recording), "--out", str(out), "--time-unit", "ms", "--acc-unit", "g"]) == 0
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "2000 samples written to" in heard.err
    rows = [line for line in out.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert rows[0] == "t,ax,ay,az,gx,gy,gz"
    second = [float(x) for x in rows[2].split(",")]
    assert second[0] == pytest.approx(0.01, abs=1e-6)
    assert second[3] == pytest.approx(9.80665, rel=1e-3)
    again = tmp_path / "si.parquet"
    assert main(["convert", str(out), "--out", str(again)]) == 0
    assert again.read_bytes()[:4] == b"PAR1"


def test_convert_takes_known_table_endings_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(table(tmp_path / "set.csv")), "--out", str(tmp_path / "set.xlsx")]) == 2
    assert "ends in none of .csv, .parquet, .json, .sto" in capsys.readouterr().err


def test_convert_to_json_has_the_columns_by_name(tmp_path: Path) -> None:
    out = tmp_path / "set.json"
    assert main(["convert", f"waist={table(tmp_path / 'set.csv')}", "--out", str(out)]) == 0
    raw = json.loads(out.read_text(encoding="utf-8"))
    assert raw["about"] == {"placement": "pelvis", "units": "s, m/s2, rad/s"}
    assert list(raw["columns"]) == ["t", "ax", "ay", "az", "gx", "gy", "gz"]
    assert raw["columns"]["t"][:3] == [0.0, 0.01, 0.02]


def test_convert_to_orientations_of_several_sensors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recordings = [f"pelvis={table(tmp_path / 'a.csv')}", f"thigh_left={table(tmp_path / 'b.csv', seconds=15.0)}"]
    assert main(["convert", *recordings, "--out", str(tmp_path / "x.csv")]) == 2
    assert "convert them one by one" in capsys.readouterr().err
    assert main(["convert", *recordings, "--out", str(tmp_path / "x.sto")]) == 0
    assert "1500 orientations of 2 sensors" in capsys.readouterr().err
    assert "time\tpelvis_imu\tfemur_l_imu\n" in (tmp_path / "x.sto").read_text(encoding="utf-8")


def test_columns_are_named_on_the_command_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "set.csv"
    path.write_text(table(path).read_text(encoding="utf-8").replace("t,ax,ay,az,gx,gy,gz", "when,a,b,c,d,e,f"), encoding="utf-8")
    named = "t=when,ax=a,ay=b,az=c,gx=d,gy=e,gz=f"
    assert main(["analyze", str(path), "--json", "-"]) == 1
    assert "--columns says which is which" in capfd.readouterr().err
    assert main(["analyze", str(path), "--columns", named, "--json", "-"]) == 0
    assert from_dict(json.loads(capfd.readouterr().out)).recording.placements["unknown"].samples == 2000
    assert main(["analyze", str(path), "--columns", "t=when,ax=a"]) == 2
    assert capfd.readouterr().err.startswith("Error: Say all three of ax, ay, az")
