"""The Teach page's data over HTTP without a server: sets named and taught, models trained, chosen and deleted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from asking import ask
from fastapi import FastAPI

sys.path.append(str(Path(__file__).resolve().parents[1] / "session"))

from made_datasets import write_dataset
from named_store import keep_someone, named_store

from imu_tracker.app.data import add_data
from imu_tracker.app.job import Job
from imu_tracker.app.teaching import AT_ONCE, add_teaching
from imu_tracker.app.trainer import Trainer, Training
from imu_tracker.session.store import Store

PATIENCE_S = 60.0


def serving(root: Path, trainer: Trainer | None = None, folders: bool = True) -> FastAPI:
    api = FastAPI()
    add_data(api, Store(root))
    add_teaching(api, Store(root), trainer or Trainer(), folders)
    return api


def post(api: FastAPI, what: str, **body: Any) -> Any:
    return ask(api, f"/data/teach/{what}", "POST", json=body)


def sets_of(api: FastAPI) -> list[dict[str, Any]]:
    return [{"session": s["name"], **one} for s in ask(api, "/data/teach/sets").json()["sessions"] for one in s["sets"]]


def test_a_set_is_named_taught_told_and_forgotten(tmp_path: Path) -> None:
    keep_someone(tmp_path, "bend", 0, 1)
    api = serving(tmp_path)
    (one,) = sets_of(api)
    assert one["exercise"] is None
    picked = [{"session": one["session"], "at_s": one["at_s"]}]
    said = post(api, "name", sets=picked, name="my bend").json()
    assert (said["named"], said["days"], said["people"]) == ([{"exercise": "my bend", "title": "My bend", "sets": 1}], 1, 1)
    assert sets_of(api)[0]["exercise"] == "my bend"
    said = post(api, "teach", sets=picked, name="my bend").json()
    assert said["models"][0]["taught"] == [["my bend", 1]]
    again = keep_someone(tmp_path, "bend", 0, 2, take=1)
    assert next(s for s in sets_of(api) if s["session"] == again)["title"] == "My bend"
    assert post(api, "forget", name="my bend").json()["models"][0]["taught"] == []
    assert post(api, "forget", name="my bend").status_code == 409


def test_a_model_is_trained_beside_the_server_and_used(tmp_path: Path) -> None:
    named_store(tmp_path)
    trainer = Trainer()
    api = serving(tmp_path, trainer)
    assert post(api, "train", name="ways", kept=True, folder=None, group="subject").json()["phase"] == "running"
    assert post(api, "train", name="more", kept=True, folder=None, group="subject").status_code == 400  # one at a time
    assert trainer.wait(PATIENCE_S) == Training("done", "ways", trainer.training.what, 1.0)
    said = ask(api, "/data/teach").json()
    assert (said["training"]["phase"], said["used"]) == ("done", None)
    (_, ways) = said["models"]
    assert (ways["name"], ways["classes"]) == ("ways", ["Bend", "Hop", "Nod"])
    assert ways["figures"]["groups"] == 3
    assert sum(map(sum, ways["figures"]["confusion"]["counts"])) == 9
    assert "predictions" not in ways["figures"]
    assert ask(api, "/data/teach/card/ways").text.startswith("# Model ways.model")
    assert post(api, "use", model="ways").json()["used"] == "ways"
    hop = keep_someone(tmp_path, "hop", 5, 20)
    assert next(s for s in sets_of(api) if s["session"] == hop)["title"] == "Hop"
    assert post(api, "train", name="ways", kept=True, group="subject").status_code == 400  # the name is taken
    said = post(api, "delete", model="ways").json()
    assert (said["used"], len(said["models"])) == (None, 1)


def test_a_folder_is_trained_on_where_the_app_is_not_open_to_the_network(tmp_path: Path) -> None:
    write_dataset(tmp_path / "folder", people=2)
    trainer = Trainer()
    folder = str(tmp_path / "folder")
    open_to_all = serving(tmp_path / "store", folders=False)
    answer = post(open_to_all, "train", name="m", kept=False, folder=folder, group="subject")
    assert (answer.status_code, "--lan" in answer.json()["why"]) == (400, True)
    assert not ask(open_to_all, "/data/teach").json()["folders"]
    post(serving(tmp_path / "store", trainer), "train", name="m", kept=False, folder=folder, group="subject")
    assert trainer.wait(PATIENCE_S).phase == "done"


def test_a_training_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    trainer = Trainer()
    trainer.start(Job(str(tmp_path), "m", True, None, "subject"))
    assert trainer.wait(PATIENCE_S).phase == "failed"
    assert "was named by a person" in trainer.training.why
    assert not (tmp_path / ".models").exists()


def test_a_training_is_stopped(tmp_path: Path) -> None:
    trainer = Trainer()
    trainer.stop()
    assert trainer.training.phase == "idle"
    trainer.start(Job(str(tmp_path), "m", True, None, "subject"))
    trainer.stop()
    assert trainer.wait(PATIENCE_S).phase == "stopped"
    trainer.start(Job(str(tmp_path), "m", True, None, "subject"))  # and another one can begin
    assert trainer.wait(PATIENCE_S).phase == "failed"


def test_many_sessions_come_a_page_at_a_time(tmp_path: Path) -> None:
    for day in range(1, AT_ONCE + 3):
        keep_someone(tmp_path, "bend", 0, day)
    api = serving(tmp_path)
    first = ask(api, "/data/teach/sets").json()
    assert first["sessions"][0]["name"][:10] == f"2026-03-{AT_ONCE + 2}"
    rest = ask(api, f"/data/teach/sets?before={first['more']}").json()
    assert (len(first["sessions"]), len(rest["sessions"]), rest["more"]) == (AT_ONCE, 2, None)


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("name", {"sets": [], "name": "x"}),
        ("name", {"sets": [{"session": "../x", "at_s": 1.0}], "name": "x"}),
        ("name", {"sets": [{"session": "2026-03-01_09-00-00", "at_s": True}], "name": "x"}),
        ("teach", {"sets": [{"session": "2026-03-01_09-00-00", "at_s": 1.0}], "name": "unknown"}),
        ("use", {"model": "../taught"}),
        ("delete", {"model": "nothing"}),
        ("train", {"name": "../x", "kept": True, "group": "subject"}),
        ("train", {"name": "x", "kept": False, "group": "subject"}),
        ("train", {"name": "x", "kept": True, "group": "shoe"}),
    ],
)
def test_what_is_off_is_a_sentence(tmp_path: Path, what: str, body: dict[str, Any]) -> None:
    answer = post(serving(tmp_path), what, **body)
    assert answer.status_code in (400, 404)
    assert answer.json()["why"].endswith(".")
    assert not (tmp_path / ".models").exists()


def test_a_damaged_model_is_told_and_the_page_still_opens(tmp_path: Path) -> None:
    (tmp_path / ".models").mkdir()
    (tmp_path / ".models" / "bad.model").write_bytes(b"PK")
    (tmp_path / "model.json").write_text("{}")
    said = ask(serving(tmp_path), "/data/teach").json()
    assert "goes back to the built-in one" in said["trouble"]
    assert said["models"][1]["trouble"]
