"""`imu-tracker models`, and training on kept sessions, as a person calls them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "session"))

from named_store import keep_someone, named_store

from imu_tracker.cli import main


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMU_TRACKER_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "store"


def test_kept_sessions_to_a_used_model_and_back(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named_store(store)
    assert main(["train", "--kept", "--out", "ways.model"]) == 0
    said = capsys.readouterr()
    assert "On people left out (3 by subject)" in said.out
    assert "imu-tracker models use ways.model" in said.err
    assert main(["models", "use", "ways.model"]) == 0
    new = keep_someone(store, "hop", 5, 20)
    capsys.readouterr()
    assert main(["sessions", "show", new]) == 0
    assert "hop" in capsys.readouterr().out.lower()
    assert main(["analyze", f"thigh_left={store / new / 'thigh_left.parquet'}"]) == 0
    said = capsys.readouterr()
    assert "hop" in said.out.lower()
    assert "named by your model ways" in said.err
    assert main(["models"]) == 0
    listed = capsys.readouterr().out
    assert "  built-in: 27 classes" in listed
    assert "* ways: 3 classes, macro-F1" in listed
    assert main(["models", "show", "ways"]) == 0
    assert "What to expect on people it has not seen" in capsys.readouterr().out
    assert main(["models", "use", "built-in"]) == 0
    capsys.readouterr()
    assert main(["analyze", f"thigh_left={store / new / 'thigh_left.parquet'}"]) == 0
    assert "named by" not in capsys.readouterr().err
    assert main(["models", "delete", "ways", "--yes"]) == 0
    assert not list((store / ".models").iterdir())


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["train", "--out", "m"], 2, "take the kept sessions with --kept"),
        (["train", "--kept", "--out", "m"], 1, "was named by a person"),
        (["train", "--kept", "--out", "m", "--group", "shoe"], 2, "subject or session"),
        (["models", "use", "nowhere"], 2, "no such file"),
        (["models", "show", "nowhere"], 2, "no model 'nowhere'"),
        (["models", "delete", "nowhere"], 2, "no model 'nowhere'"),
        (["models", "use", "text.model"], 1, "this is no model"),
    ],
)
def test_what_is_wrong_with_a_call_is_one_sentence(
    words: list[str], status: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.model").write_text("no model")
    assert main(words) == status
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
