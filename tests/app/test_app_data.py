"""Kept sessions for the pages, and corrections, over HTTP without a server."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from asking import ask
from fastapi import FastAPI

sys.path.append(str(Path(__file__).resolve().parents[1] / "session"))

from kept_sessions import NAME, a_rep, a_session, a_set, kept, recorded

from imu_tracker.app.data import add_data
from imu_tracker.app.kept import COUNTS_PER_DEG, UNKNOWN
from imu_tracker.session.store import Store


@pytest.fixture
def app(tmp_path: Path) -> FastAPI:
    recorded(tmp_path, exercise="squat")
    api = FastAPI()
    add_data(api, Store(tmp_path))
    return api


def test_a_session_with_its_sets_and_reps(app: FastAPI) -> None:
    said = ask(app, f"/data/session/{NAME}").json()
    assert (said["name"], said["subject"]) == (NAME, "kim")
    (one,) = said["sets"]
    assert (one["title"], one["counted"], one["count"]) == ("Squat", "6 reps", 6)
    assert len(one["reps"]) == 6
    assert one["reps"][0]["start_s"] < one["reps"][0]["turn_s"] < one["reps"][0]["end_s"]


def test_the_strip_is_the_signal_on_the_grid(app: FastAPI) -> None:
    raw = ask(app, f"/data/session/{NAME}/strip").content
    n, tilting = struct.unpack("<II", raw[:8])
    seconds = ask(app, f"/data/session/{NAME}").json()["seconds"]
    assert n == pytest.approx(100 * seconds, abs=2)
    assert len(raw) == 8 + 5 * n
    signal = np.frombuffer(raw, "<i2", n, 8)
    known = signal[signal != UNKNOWN] / COUNTS_PER_DEG
    assert np.ptp(known) > 10.0  # squats lean the pelvis so far
    assert tilting in (0, 1)


def test_without_a_pelvis_the_strip_is_the_lean(tmp_path: Path) -> None:
    folder = recorded(tmp_path, exercise="squat")
    table = pq.ParquetFile(folder / "pelvis.parquet").read()
    words = {**table.schema.metadata, b"placement": b"thigh_left"}
    pq.write_table(table.replace_schema_metadata(words), folder / "thigh_left.parquet")
    (folder / "pelvis.parquet").unlink()
    api = FastAPI()
    add_data(api, Store(tmp_path))
    raw = ask(api, f"/data/session/{NAME}/strip").content
    n, tilting = struct.unpack("<II", raw[:8])
    signal = np.frombuffer(raw, "<i2", n, 8)
    assert tilting == 0
    assert signal[:50].max() / COUNTS_PER_DEG < 3.0  # where it began
    assert signal.max() / COUNTS_PER_DEG > 10.0


def test_corrections_are_laid_over_and_taken_back(app: FastAPI) -> None:
    (one,) = ask(app, f"/data/session/{NAME}").json()["sets"]
    at_s = 0.5 * (one["start"] + one["end"])
    edits = {"schema": 1, "edits": [{"op": "count", "at_s": at_s, "count": 8}, {"op": "side", "at_s": at_s, "side": "left"}]}
    said = ask(app, f"/data/session/{NAME}/correct", "POST", json=edits).json()
    assert (said["sets"][0]["count"], said["sets"][0]["side"], said["corrections"]) == (8, "left", 2)
    for left in (1, 0):
        assert ask(app, f"/data/session/{NAME}/undo", "POST").json()["corrections"] == left
    assert ask(app, f"/data/session/{NAME}").json()["sets"][0]["count"] == 6


@pytest.mark.parametrize(
    "edits", [{}, {"schema": 1, "edits": [{"op": "count", "at_s": -1, "count": 2}]}, {"schema": 1, "edits": "x"}]
)
def test_corrections_that_are_off_are_a_sentence(app: FastAPI, edits: Any) -> None:
    answer = ask(app, f"/data/session/{NAME}/correct", "POST", json=edits)
    assert answer.status_code == 400
    assert answer.json()["why"].endswith(".")


def test_a_session_is_looked_at_again_and_what_was_corrected_stays(app: FastAPI, tmp_path: Path) -> None:
    (one,) = ask(app, f"/data/session/{NAME}").json()["sets"]
    edits = {"schema": 1, "edits": [{"op": "count", "at_s": one["start"] + 1.0, "count": 8}]}
    corrected = ask(app, f"/data/session/{NAME}/correct", "POST", json=edits).json()
    before = (tmp_path / NAME / "session.json").stat().st_mtime_ns
    assert ask(app, f"/data/session/{NAME}/again", "POST").json() == corrected
    assert (tmp_path / NAME / "session.json").stat().st_mtime_ns > before
    assert ask(app, "/data/session/2026-01-01_00-00-00/again", "POST").status_code == 404


def test_a_note_is_kept(app: FastAPI) -> None:
    assert ask(app, f"/data/session/{NAME}/note", "POST", json={"said": " slept badly "}).json()["note"] == "slept badly"
    assert ask(app, f"/data/session/{NAME}/note", "POST", json={"said": "x" * 5000}).status_code == 422
    assert ask(app, "/data/history").json()["weeks"][0]["sessions"][0]["note"] == "slept badly"


def test_what_is_said_of_a_set_is_kept_and_taken_back(app: FastAPI) -> None:
    (one,) = ask(app, f"/data/session/{NAME}").json()["sets"]
    at_s = 0.5 * (one["start"] + one["end"])
    said = {"at_s": at_s, "load": " 10 kg ", "effort": 7, "pain": 0, "note": "knee wobbled"}
    (one,) = ask(app, f"/data/session/{NAME}/say", "POST", json=said).json()["sets"]
    assert one["said"] == {"load": "10 kg", "effort": 7, "pain": 0, "note": "knee wobbled"}
    (one,) = ask(app, f"/data/session/{NAME}/say", "POST", json={"at_s": at_s, "load": "", "effort": 6}).json()["sets"]
    assert one["said"] == {"effort": 6}


@pytest.mark.parametrize(
    "said",
    [{}, {"at_s": 1e6}, {"at_s": "x"}, {"at_s": 20.0, "effort": 11}, {"at_s": 20.0, "pain": "much"}, {"at_s": 20.0, "x": 1}],
)
def test_what_cannot_be_said_of_a_set_is_a_sentence(app: FastAPI, said: Any) -> None:
    answer = ask(app, f"/data/session/{NAME}/say", "POST", json=said)
    assert answer.status_code == 400
    assert answer.json()["why"].endswith(".")


def test_a_boundary_that_is_moved_changes_the_summary_until_it_is_taken_back(app: FastAPI) -> None:
    (before,) = ask(app, f"/data/session/{NAME}").json()["sets"]
    rep = before["reps"][2]
    edits = {"schema": 1, "edits": [{"op": "move_boundary", "at_s": rep["turn_s"], "end_s": rep["end_s"] - 0.4}]}
    (after,) = ask(app, f"/data/session/{NAME}/correct", "POST", json=edits).json()["sets"]
    assert after["tension"] == pytest.approx(before["tension"] - 0.4, abs=0.11)
    assert ask(app, f"/data/session/{NAME}/undo", "POST").json()["sets"] == [before]


def test_since_the_time_before(tmp_path: Path) -> None:
    for days, name in ((0.0, "2026-03-01_09-30-05"), (7.0, "2026-03-08_09-30-05")):
        reps = [a_rep(10.0 + 2.5 * k, ("left", "right")[k % 2], 60.0 + days) for k in range(10)]
        kept(tmp_path, name, a_session(a_set(reps)), days)
    api = FastAPI()
    add_data(api, Store(tmp_path))
    (first,) = ask(api, "/data/session/2026-03-01_09-30-05/since").json()
    assert (first["session"], first["changes"]) == (None, [])
    (second,) = ask(api, "/data/session/2026-03-08_09-30-05/since").json()
    assert second["session"] == "2026-03-01_09-30-05"
    found = {c["word"]: c for c in second["changes"]}
    assert (found["Count"]["before"], found["Count"]["exact"], found["Count"]["told"]) == ("10", True, False)
    assert (found["range"]["now"], found["range"]["by"], found["range"]["told"]) == ("67°", "+7 ± 4°", True)
    assert {c["word"]: c["told"] for c in second["sides"]}["Count"] is False


def test_a_plan_is_kept_and_what_is_off_with_one_is_a_sentence(tmp_path: Path) -> None:
    api = FastAPI()
    add_data(api, Store(tmp_path))
    assert ask(api, "/data/plan").json()["exercise"] == []
    rows = [{"name": "single_leg_squat", "sets": 2, "reps": 10, "side": "each"}]
    said = ask(api, "/data/plan", "POST", json={"exercise": rows}).json()
    assert said == ask(api, "/data/plan").json()
    assert [(s["side"], s["want"]) for s in said["steps"]][:2] == [("left", "10 reps"), ("right", "10 reps")]
    refused = ask(api, "/data/plan", "POST", json={"exercise": [{**rows[0], "reps": 0}]})
    assert (refused.status_code, "reps = 0;" in refused.json()["why"]) == (400, True)
    (tmp_path / "plan.toml").write_text("[[")
    for method in ("GET", "POST"):
        assert ask(api, "/data/plan", method, json={"exercise": rows}).status_code == 409
    assert (tmp_path / "plan.toml").read_text() == "[["


@pytest.mark.parametrize("name", ["..", "%2e%2e", "..%2f..%2fetc", "2020-01-01_00-00-00", ".bin", "index.sqlite", "%00"])
def test_what_is_no_session_is_not_there(app: FastAPI, name: str) -> None:
    for more in ("", "/strip"):
        assert ask(app, f"/data/session/{name}{more}").status_code in (404, 409)


def test_history_by_week_and_exercise(app: FastAPI) -> None:
    ask(app, f"/data/session/{NAME}")  # analysed now
    said = ask(app, "/data/history").json()
    (week,) = said["weeks"]
    assert week["week"] == "2026-02-23"  # a Monday
    assert (week["sessions"][0]["reps"], week["sessions"][0]["exercises"]) == (6, ["Squat"])
    (exercise,) = said["exercises"]
    assert (exercise["title"], exercise["count"], exercise["points"][0]["count"]) == ("Squat", 6, 6)


def test_an_empty_store_has_an_empty_history(tmp_path: Path) -> None:
    api = FastAPI()
    add_data(api, Store(tmp_path / "none"))
    assert ask(api, "/data/history").json() == {"weeks": [], "exercises": []}
