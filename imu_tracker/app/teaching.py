"""What the Teach page fetches and sends: sets to learn from, models, and the training that is under way."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from imu_tracker import words
from imu_tracker.app import texts
from imu_tracker.app.data import NOT_KEPT
from imu_tracker.app.job import Job
from imu_tracker.app.trainer import Trainer
from imu_tracker.errors import ImuTrackerError, ModelError, UsageError
from imu_tracker.recognition.card import card_path
from imu_tracker.recognition.teaching import sets_taught
from imu_tracker.results import Set
from imu_tracker.session.index import named_by_person
from imu_tracker.session.labels import day_of
from imu_tracker.session.learning import KEPT_GROUPS, Picked, checked_name, name_sets, shown_sets
from imu_tracker.session.models import Models
from imu_tracker.session.store import Store

AT_ONCE = 12  # sessions in one answer
MOST_PICKED = 200
FIGURES = ("macro_f1", "accuracy", "group", "groups", "classes", "notes", "duplicates", "expectation", "confusion")
NO_FOLDERS = "Folders of this computer can be named only where the app isn't open to the network (--lan)."

Sets = Annotated[list[Mapping[str, Any]], Body()]
Word = Annotated[str, Body()]
Flag = Annotated[bool, Body()]
Single = Annotated[str, Body(embed=True)]  # one value alone would else be the whole body


def add_teaching(api: FastAPI, store: Store, trainer: Trainer, folders: bool) -> None:
    """Serve models and sets to learn from under /data/teach. folders: whether a page may name folders of this machine."""
    api.include_router(_router(store, Models(store.root), trainer, folders), prefix="/data/teach")


def _router(store: Store, models: Models, trainer: Trainer, folders: bool) -> APIRouter:
    router = APIRouter()

    def all_of_it() -> Response:
        return JSONResponse(
            teach_words(store, models) | {"training": trainer.training.words(), "folders": folders}, headers=NOT_KEPT
        )

    router.get("")(all_of_it)

    @router.get("/training")
    def training() -> Response:
        return JSONResponse(trainer.training.words(), headers=NOT_KEPT)

    @router.get("/sets")
    def sets(before: str | None = None) -> Response:
        return JSONResponse(sets_words(store, before), headers=NOT_KEPT)

    @router.get("/card/{name}")
    def card(name: str) -> Response:
        try:
            text = card_path(models.known(name)).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            raise UsageError(f"The model {name} has no card.") from e
        return PlainTextResponse(text, headers=NOT_KEPT)

    @router.post("/name")
    def name_(sets: Sets, name: Word) -> Response:
        name_sets(store, _picked(sets), checked_name(name))
        return all_of_it()

    @router.post("/teach")
    def teach(sets: Sets, name: Word) -> Response:
        picked, name = _picked(sets), checked_name(name)
        models.teach(name, shown_sets(store, picked))
        name_sets(store, picked, name)
        return all_of_it()

    @router.post("/forget")
    def forget(name: Single) -> Response:
        models.forget(name)
        return all_of_it()

    @router.post("/use")
    def use(model: Annotated[str | None, Body(embed=True)]) -> Response:
        models.use(model)
        return all_of_it()

    @router.post("/delete")
    def delete(model: Single) -> Response:
        models.delete(model)
        return all_of_it()

    @router.post("/train")
    def train(name: Word, kept: Flag, group: Word, folder: Annotated[str | None, Body()] = None) -> Response:
        folder = (folder or "").strip() or None
        if folder is not None and not folders:
            raise UsageError(NO_FOLDERS)
        if not kept and folder is None:
            raise UsageError("Say what to train on: the sets that you named, a folder, or both.")
        if group not in KEPT_GROUPS:
            raise UsageError("What is left out to test on should be people or days.")
        trainer.start(Job(str(store.root), models.checked(name), kept, None if folder is None else _expanded(folder), group))
        return training()

    @router.post("/stop")
    def stop() -> Response:
        trainer.stop()
        return training()

    return router


def _expanded(folder: str) -> str:
    return str(Path(folder).expanduser())


def _picked(raw: list[Mapping[str, Any]]) -> list[Picked]:
    """Sets as a page names them; raises UsageError."""
    if not 0 < len(raw) <= MOST_PICKED:
        raise UsageError(f"Pick 1 to {MOST_PICKED} sets.")
    out = []
    for one in raw:
        session, at_s = one.get("session"), one.get("at_s")
        if not isinstance(session, str) or isinstance(at_s, bool) or not isinstance(at_s, int | float) or not math.isfinite(at_s):
            raise UsageError("A set should be named by its session and a time in it.")
        out.append(Picked(session, float(at_s)))
    return out


# --- words


def teach_words(store: Store, models: Models) -> dict[str, Any]:
    """The models, which is in use, and what a person has named so far."""
    trouble = ""
    try:
        used = models.used()
    except ModelError as e:
        used, trouble = None, str(e)
    named = store.named()
    counts = Counter[str]()
    for one in named:
        counts[one.exercise] += one.sets
    return {
        "models": [_model(models, name) for name in (None, *models.names())],
        "used": used,
        "trouble": trouble,
        "named": [{"exercise": name, "title": texts.exercise(name), "sets": count} for name, count in counts.most_common()],
        "people": len({one.subject for one in named if one.subject}),
        "nobody": sum(one.sets for one in named if not one.subject),
        "days": len({day_of(one.session, one.started) for one in named}),
    }


def _model(models: Models, name: str | None) -> dict[str, Any]:
    figures = None if name is None else models.figures(name)
    shown = None if figures is None else {key: figures.get(key) for key in FIGURES}
    try:
        model = models.load(name)
    except ModelError as e:
        return {"name": name, "classes": [], "taught": [], "figures": shown, "trouble": str(e)}
    taught = [[taught, count] for taught, count in sets_taught(model).items()]
    classes, older = [texts.exercise(c) for c in model.labels], name is None and models.outdated()
    return {"name": name, "classes": classes, "taught": taught, "figures": shown, "trouble": "", "older": older}


def sets_words(store: Store, before: str | None) -> dict[str, Any]:
    """The sets of the newest sessions, or of those that come after one in the list; those that can't be opened are left out."""
    listed = [one for one in store.list() if one.state == "whole"]
    names = [one.name for one in listed]
    begin = names.index(before) + 1 if before in names else 0
    sessions = []
    for one in listed[begin : begin + AT_ONCE]:
        try:
            opened = store.open(one.name)
        except ImuTrackerError:
            continue
        if opened.session.sets:
            started = None if opened.started is None else opened.started.isoformat(timespec="minutes")
            worn = ", ".join(words.placement(p) for p in opened.session.recording.placements)
            sets = [_set(number, s) for number, s in enumerate(opened.session.sets, 1)]
            sessions.append({"name": one.name, "started": started, "subject": opened.subject, "worn": worn, "sets": sets})
    return {"sessions": sessions, "more": names[begin + AT_ONCE - 1] if len(names) > begin + AT_ONCE else None}


def _set(number: int, one: Set) -> dict[str, Any]:
    return {
        "n": number,
        "at_s": round(0.5 * (one.start_s + one.end_s), 2),
        "exercise": one.exercise if named_by_person(one) else None,
        "title": texts.exercise(one.exercise),
        "sure": None if one.confidence is None else round(one.confidence, 2),
        "counted": words.counted(one),
    }
