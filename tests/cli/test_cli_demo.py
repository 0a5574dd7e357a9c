"""The demo says honestly what was found of what was done."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from handmade_sessions import session, squats, steps

from imu_tracker.cli import demo, main
from imu_tracker.errors import FileError

TRUE = [{"start_s": r.start_s, "turn_s": r.turn_s, "end_s": r.end_s} for r in squats().reps]


def test_all_found() -> None:
    assert demo.compared(TRUE, session(squats())) == "10 of 10 reps found, and none too many."


def test_what_was_missed_or_made_up_is_said() -> None:
    reps = squats().reps
    missing = dataclasses.replace(squats(), reps=reps[2:])
    assert demo.compared(TRUE, session(missing)) == "8 of 10 reps found, and none too many."
    twice = dataclasses.replace(squats(), reps=reps + reps[:3])
    assert demo.compared(TRUE, session(twice)) == "10 of 10 reps found, and 3 too many."
    assert demo.compared(TRUE, session()) == "0 of 10 reps found, and none too many."


def test_steps_are_called_steps() -> None:
    assert demo.compared(TRUE, session(steps(4))) == "0 of 10 steps found, and 4 too many."


def test_one_found_rep_stands_for_one_true_rep() -> None:
    whole = dataclasses.replace(squats().reps[0], end_s=99.0)
    assert demo.found_of(TRUE, [whole]) == 1


def test_absent_recordings_are_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "imu_tracker"
    package.mkdir()
    monkeypatch.setattr("importlib.resources.files", lambda name: package)
    with pytest.raises(FileError, match="recordings are not there"):
        demo.bundled_folder()
    for folder in (tmp_path / "datasets", package / "bundled"):  # an installed package's own come first
        folder.mkdir()
        (folder / "lateral_band_walk.csv").touch()
        assert demo.bundled_folder() == folder


def test_demo_shows_both_and_compares_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("lateral_band_walk.csv --exercise lateral_band_walk, ")
    assert "\nsingle_leg_squat.csv --exercise single_leg_squat, " in out
    assert out.count("Against the simulator's truth: ") == 2
    assert "imu-tracker analyze pelvis=FILE" in out


def test_the_truth_is_there_for_each_recording() -> None:
    folder = demo.bundled_folder()
    for name in demo.RECORDINGS:
        truth: list[Any] = list(demo.read_truth(folder / f"{name}.truth.json"))
        assert len(truth) >= 5
        assert all(rep["start_s"] < rep["turn_s"] < rep["end_s"] for rep in truth)
