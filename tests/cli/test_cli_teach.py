"""`imu-tracker teach` and `forget`, as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imu_tracker.cli import main

DATASETS = Path(__file__).parents[2] / "datasets"
CLAM = f"thigh_left={DATASETS / 'clamshell.thigh_left.parquet'}"


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMU_TRACKER_STORE", str(tmp_path / "store"))
    return tmp_path / "store"


def named(capsys: pytest.CaptureFixture[str], *more: str) -> list[str]:
    capsys.readouterr()
    assert main(["analyze", CLAM, "--json", "-", *more]) == 0
    return [s["exercise"] for s in json.loads(capsys.readouterr().out)["sets"]]


def test_an_exercise_is_taught_told_listed_and_forgotten(capsys: pytest.CaptureFixture[str], store: Path) -> None:
    assert main(["teach", "my clam", CLAM]) == 0
    assert "Learnt my clam from 1 set (thigh_left)" in capsys.readouterr().out
    assert named(capsys) == ["my clam"]
    assert main(["teach", "--list"]) == 0
    assert capsys.readouterr().out == "my clam: 1 set\n"
    assert main(["forget", "my clam"]) == 0
    assert not (store / "taught.model").exists()
    assert named(capsys) == ["clamshell"]


def test_a_model_of_its_own_is_taught_and_the_others_know_nothing_of_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, store: Path
) -> None:
    import shutil
    from importlib import resources

    own = tmp_path / "own.model"
    shutil.copy(str(resources.files("imu_tracker.recognition").joinpath("builtin.model")), own)
    assert main(["teach", "my clam", CLAM, "--from", "26", "--to", "40", "--model", str(own)]) == 0
    assert not store.exists()
    assert named(capsys, "--model", str(own)) == ["my clam"]
    assert named(capsys) == ["clamshell"]
    assert main(["forget", "my clam", "--model", str(own)]) == 0
    assert named(capsys, "--model", str(own)) == ["clamshell"]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["teach"], 2, "Say the exercise's name"),
        (["teach", "x"], 2, "Say the exercise's name"),
        (["teach", "--list", "x"], 2, "neither a name nor files"),
        (["teach", "other", CLAM], 2, "choose another name"),
        (["teach", " ", CLAM], 2, "A name has"),
        (["teach", "x", CLAM, "--from", "65.5"], 2, "Less than a second"),
        (["teach", "x", "nowhere.csv"], 1, "nowhere.csv"),
        (["teach", "x", CLAM, "--model", "nowhere.model"], 1, "there is no such model"),
        (["forget", "x"], 1, "x is no taught class; nothing was taught."),
    ],
)
def test_what_is_wrong_with_a_call_is_one_sentence(
    words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == status
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_nothing_taught_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["teach", "--list"]) == 0
    assert capsys.readouterr().out.startswith("Nothing was taught yet")
