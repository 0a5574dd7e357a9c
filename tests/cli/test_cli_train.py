"""`imu-tracker train`, `evaluate` and `features`, as a person calls them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from made_datasets import write_dataset

from imu_tracker.cli import main


def test_a_model_is_trained_asked_and_said_to_be_good(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_dataset(tmp_path / "known", people=3)
    write_dataset(tmp_path / "new", people=1, gyroscope=False)
    model = tmp_path / "model"
    assert main(["train", str(tmp_path / "known"), "--out", str(model), "--json", "-"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["predictions"]) == 9
    assert report["macro_f1"] > 0.8
    assert report["duplicates"] == []
    beside = ["model.card.md", "model.confusion.svg", "model.figures.json"]
    assert sorted(p.name for p in tmp_path.glob("model*")) == ["model", *beside]
    assert json.loads((tmp_path / "model.figures.json").read_text()) == report
    assert main(["evaluate", str(model), str(tmp_path / "new"), "--json", "-"]) == 0
    answers = json.loads(capsys.readouterr().out)["predictions"]
    assert [a["file"] for a in answers] == ["p0_nod_0.parquet", "p0_bend_0.parquet", "p0_hop_0.parquet"]
    assert sum(a["true"] == a["predicted"] for a in answers) >= 2


def test_features_are_a_table_with_a_row_for_each_recording(tmp_path: Path) -> None:
    write_dataset(tmp_path / "d", people=2, ways=("nod", "bend"))
    assert main(["features", str(tmp_path / "d"), "--out", str(tmp_path / "t.csv")]) == 0
    with open(tmp_path / "t.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    assert [(r["subject"], r["exercise"], r["segment"]) for r in rows][:2] == [("p0", "nod", "thigh"), ("p0", "bend", "thigh")]
    assert all(float(r["lean.size"]) for r in rows)
    assert main(["features", str(tmp_path / "d"), "--out", str(tmp_path / "t.parquet")]) == 0


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["train", "nowhere", "--out", "m"], 1, "no such folder"),
        (["train", "d", "--out", "m", "--label", "grade"], 2, "no column grade"),
        (["train", "d", "--out", "m"], 1, "All 2 recordings are nod"),
        (["evaluate", "nothing", "d"], 1, "no such model"),
        (["evaluate", "d/manifest.csv", "d"], 1, "this is no model"),
        (["features", "d", "--out", "t.txt"], 2, "neither in .parquet nor in .csv"),
    ],
)
def test_faults_of_training_are_one_sentence(
    words: list[str], status: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_dataset(tmp_path / "d", people=2, ways=("nod",))
    assert main(words) == status
    assert said in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["d"]
