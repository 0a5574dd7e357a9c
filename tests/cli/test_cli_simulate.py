"""`imu-tracker simulate`: a recording and its truth, from a name or a session file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imu_tracker.cli import main


def test_an_exercise_becomes_a_recording_with_its_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, truth = tmp_path / "set.csv", tmp_path / "truth.json"
    assert main(["simulate", "clamshell", "--out", str(out), "--truth", str(truth), "--seed", "4"]) == 0
    assert "samples at thigh_" in capsys.readouterr().err
    known = json.loads(truth.read_text())
    assert known["sets"][0]["exercise"] == "clamshell"
    assert known["sets"][0]["reps"]
    assert main(["analyze", str(out), "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["recording"]["duration_s"] == pytest.approx(known["duration_s"], abs=0.5)
    assert next(iter(found["recording"]["placements"])).startswith("thigh_")


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.csv" for name in ("a", "b", "c")]
    for file, seed in zip(files, ("1", "1", "2"), strict=True):
        assert main(["simulate", "squat", "--out", str(file), "--seed", seed]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes() != files[2].read_bytes()


def test_a_session_file_and_several_placements(tmp_path: Path) -> None:
    plan = tmp_path / "session.toml"
    plan.write_text(
        'placements = ["pelvis", "thigh_left"]\n[[part]]\nname = "quiet"\nseconds = 3\n[[part]]\nname = "squat"\ncount = 3\n'
    )
    assert main(["simulate", str(plan), "--out", str(tmp_path / "s.parquet")]) == 0
    assert sorted(p.name for p in tmp_path.glob("*.parquet")) == ["s.pelvis.parquet", "s.thigh_left.parquet"]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["clamshel", "--out", "x.csv"], 2, "Did you mean clamshell"),
        (["squat", "--out", "x.txt"], 2, "neither in .parquet nor in .csv"),
        (["absent.toml", "--out", "x.csv"], 1, "absent.toml"),
        (["squat", "--out", "x.csv", "--truth", "x.csv"], 2, "at once"),
        (["squat", "--out", "x.csv", "--placement", "nose"], 2, "nose"),
    ],
)
def test_faults_are_one_sentence(
    words: list[str], status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", *words]) == status
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
