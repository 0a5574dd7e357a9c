"""What `imu-tracker live` leaves when it is over: its analysis, kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "session"))

from kept_sessions import NAME, recorded

from imu_tracker.analysis import Wish
from imu_tracker.cli.live import LiveWish, show_outcome
from imu_tracker.cli.record import Outcome
from imu_tracker.cli.record import Wish as RecordWish
from imu_tracker.errors import FileError
from imu_tracker.ingest.recovery import Finished
from imu_tracker.session import store

WISH = LiveWish(RecordWish({"pelvis": "imu-1"}), Wish("squat", "left", 4.0))


def outcome_of(folder: Path) -> Outcome:
    return Outcome(folder, 30.0, (Finished(folder / "pelvis.parquet", 3000, ""),), {}, None)


def test_its_analysis_is_shown_and_kept_with_the_wish(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = recorded(tmp_path)
    show_outcome(outcome_of(folder), WISH)
    assert "squat, 6 reps" in capsys.readouterr().out
    opened = store.Store(tmp_path).open(NAME)
    assert opened.kept.wish == Wish("squat", "left", 4.0)
    assert [s.count for s in opened.session.sets] == [6]


def test_where_the_analysis_cannot_be_kept_it_is_still_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(text: object, path: Path, *, with_lean: bool) -> None:
        raise FileError(path, "the file can't be written (No space left on device).")

    monkeypatch.setattr(store, "write_series", full)
    show_outcome(outcome_of(recorded(tmp_path)), WISH)
    said = capsys.readouterr()
    assert "squat, 6 reps" in said.out
    assert "Note: The analysis isn't kept: " in said.err
    assert "No space left" in said.err


def test_where_nothing_came_there_is_nothing_to_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_outcome(Outcome(tmp_path, 3.0, (), {}, None), WISH)
    assert capsys.readouterr() == ("", "")
