"""`imu-tracker batch`, as a person calls it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from made_datasets import write_dataset

from imu_tracker.cli import main


def test_a_folder_without_a_manifest_is_analysed_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_dataset(tmp_path / "d", ways=("nod",), people=2)
    (tmp_path / "d" / "manifest.csv").unlink()
    (tmp_path / "d" / "notes.csv").write_text("day,mood\n1,good\n")
    call = ["batch", str(tmp_path / "d"), "--out", str(tmp_path / "d" / "out")]
    assert main([*call, "--workers", "2"]) == 0
    said = capsys.readouterr()
    assert "2 of 3 recordings are analysed." in said.out
    assert "Broken: notes.csv: " in said.err
    assert main(call) == 0
    assert "2 of 3 recordings are analysed (2 of them before)." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["nowhere", "--out", "o"], 1, "no such folder"),
        (["empty", "--out", "o"], 1, "neither a manifest.csv nor a recording"),
        (["d", "--out", "d"], 2, "the dataset itself"),
        (["d", "--out", "o", "--workers", "0"], 2, "x>=1"),
        (["d", "--out", "o", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], 2, "--workers is for this machine"),
        (["d", "--out", "o", "--exercise", "sqat"], 2, "Did you mean"),
        (["d", "--out", "o", "--model", "none"], 1, "no such model"),
        (["d", "--out", "o"], 1, "None of the recordings could be analysed."),
    ],
)
def test_faults_are_one_sentence(
    words: list[str], status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.csv").write_text("t,ax\n")
    assert main(["batch", *words]) == status
    assert said in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes in the file system")
def test_interrupted_by_a_person_it_ends_at_once_and_goes_on_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last recording is a pipe that a worker waits for, until the person presses Ctrl-C."""
    write_dataset(tmp_path / "d", ways=("nod",), people=2)
    os.mkfifo(tmp_path / "d" / "z.csv")
    with open(tmp_path / "d" / "manifest.csv", "a") as f:
        f.write("z.csv,,,\n")
    call = ["batch", str(tmp_path / "d"), "--out", str(tmp_path / "o"), "--workers", "1"]
    words = [sys.executable, "-m", "imu_tracker", *call]
    with (
        subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True) as process,
        open(tmp_path / "d" / "z.csv", "w"),  # opens when the worker does
    ):
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers, too
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == f"What is done is kept in {tmp_path / 'o'}; the same call goes on from there.\nInterrupted.\n"
    (tmp_path / "d" / "z.csv").unlink()
    assert main(call) == 0
    assert "2 of 3 recordings are analysed (" in capsys.readouterr().out
