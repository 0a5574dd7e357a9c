"""`--guide`: a file that shows reps, or an earlier session, and what is said where it can't be used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import made
import numpy as np
import pytest

from imu_tracker.cli import main
from imu_tracker.recording import Recording

PLAN = made.Plan(reps=8)


def write(path: Path, recording: Recording) -> Path:
    (s,) = recording.streams.values()
    assert s.gyr is not None
    rows = np.column_stack([s.t, s.acc, s.gyr])
    np.savetxt(path, rows, delimiter=",", header="t,ax,ay,az,gx,gy,gz", comments="", fmt="%.6f")
    return path


@pytest.fixture
def monday(tmp_path: Path) -> Path:
    return write(tmp_path / "monday.csv", made.recording(made.Plan(reps=4), noise=0.02, seed=3))


@pytest.fixture
def today(tmp_path: Path) -> Path:
    turned = made.rotation(np.array([1.0, 0.5, -2.0]), 1.2)
    return write(tmp_path / "today.csv", made.recording(PLAN, noise=0.02, turned=turned))


def analysed(capfd: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["analyze", *words, "--json", "-"]) == 0
    session: dict[str, Any] = json.loads(capfd.readouterr().out)
    return session


def guide(path: Path, **content: object) -> str:
    path.write_text(json.dumps({"schema": 1, **content}), encoding="utf-8")
    return str(path)


def test_reps_shown_in_another_recording_are_counted(monday: Path, today: Path, capfd: pytest.CaptureFixture[str]) -> None:
    shown = guide(today.parent / "guide.json", recording="monday.csv", reps=[[a, b] for a, _, b in made.Plan(reps=2).reps_at()])
    session = analysed(capfd, str(today), "--guide", shown)
    assert [s["count"] for s in session["sets"]] == [8]


def test_reps_are_cut_where_the_person_cut_them(today: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Two movements of the sensor shown as one rep are one rep."""
    at = PLAN.reps_at()
    shown = guide(today.parent / "guide.json", reps=[[at[0][0], at[1][2]]])
    assert [s["count"] for s in analysed(capfd, str(today), "--guide", shown)["sets"]] == [4]


def test_a_session_of_the_same_recording_guides_and_one_of_another_does_not(
    monday: Path, today: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for recording in (monday, today):
        assert main(["analyze", str(recording), "--json", str(recording.with_suffix(".json"))]) == 0
    capfd.readouterr()
    session = analysed(capfd, str(today), "--guide", str(today.with_suffix(".json")))
    assert [s["count"] for s in session["sets"]] == [8]
    assert main(["analyze", str(today), "--guide", str(monday.with_suffix(".json"))]) == 1
    assert "this session is of another recording" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("{", 1, "this is not JSON"),
        ("[]", 1, 'it has no "schema": 1'),
        ('{"schema": 1}', 1, "neither reps nor sets"),
        ('{"schema": 1, "reps": []}', 1, "it shows no rep"),
        ('{"schema": 1, "reps": [[3, 1]]}', 1, "rep 1 is [3, 1]"),
        ('{"schema": 1, "reps": [[1, "2"]]}', 1, "rep 1 is"),
        ('{"schema": 1, "recording": 3, "reps": [[1, 2]]}', 1, "should be the path of a recording"),
        ('{"schema": 1, "recording": "absent.csv", "reps": [[1, 2]]}', 1, "absent.csv"),
        ('{"schema": 1, "reps": [[500, 503]]}', 2, "outside the recording"),
    ],
)
def test_a_guide_that_cannot_be_used_is_one_sentence(
    text: str, status: int, said: str, today: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = today.parent / "guide.json"
    path.write_text(text, encoding="utf-8")
    assert main(["analyze", str(today), "--guide", str(path), "--json", "-"]) == status
    heard = capsys.readouterr()
    assert said in heard.err
    assert heard.err.count("\n") == 1
    assert heard.out == ""


def test_a_guide_that_is_not_there_and_one_that_would_be_overwritten(today: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyze", str(today), "--guide", "absent.json"]) == 1
    assert "absent.json: the file can't be read" in capsys.readouterr().err
    assert main(["analyze", str(today), "--guide", "g.json", "--json", "g.json"]) == 2
