"""What the pages fetch and send beside the live session: kept sessions, and a person's corrections of them.

Plain functions in worker threads: an analysis that has to be made first holds nobody up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.responses import JSONResponse, Response

from imu_tracker.app import texts
from imu_tracker.app.beside import plan_words, since_words
from imu_tracker.app.kept import history_words, session_words, strip
from imu_tracker.errors import ImuTrackerError, UsageError
from imu_tracker.results import Session, set_at
from imu_tracker.session.edits import EditsError, from_json
from imu_tracker.session.learning import own_names
from imu_tracker.session.models import Models
from imu_tracker.session.opened import NoSuchSession
from imu_tracker.session.plan import PlanError, plan_of, read_plan, write_plan
from imu_tracker.session.said import LONGEST, Said, SaidError, set_said_of
from imu_tracker.session.store import Store

MISSAID = (UsageError, EditsError, SaidError, PlanError)
NOT_KEPT = {"cache-control": "no-store"}


def add_data(api: FastAPI, store: Store) -> None:
    """Serve a store's sessions under /data."""
    api.include_router(_router(store), prefix="/data")
    api.add_exception_handler(ImuTrackerError, _told)
    api.add_exception_handler(Exception, _fault)


async def _told(request: Request, error: Exception) -> Response:
    """An error as its sentence."""
    status = 404 if isinstance(error, NoSuchSession) else 400 if isinstance(error, MISSAID) else 409
    return JSONResponse({"why": str(error)}, status, headers=NOT_KEPT)


async def _fault(request: Request, error: Exception) -> Response:
    """What nobody foresaw, as a sentence, too."""
    why = f"This is a fault of imu-tracker, please report it: {type(error).__name__}: {error}"
    return JSONResponse({"why": why}, 500, headers=NOT_KEPT)


def _router(store: Store) -> APIRouter:
    router = APIRouter()

    @router.get("/history")
    def history() -> Response:
        return JSONResponse(history_words(store.list(), store.points()), headers=NOT_KEPT)

    @router.get("/session/{name}")
    def session(name: str) -> Response:
        return JSONResponse(session_words(store.open(_known(name))), headers=NOT_KEPT)

    @router.get("/session/{name}/strip")
    def samples(name: str) -> Response:
        return Response(strip(store, _known(name)), media_type="application/octet-stream", headers=NOT_KEPT)

    @router.post("/session/{name}/correct")
    def correct(name: str, edits: Mapping[str, Any] = Body()) -> Response:
        opened = store.correct(_known(name), *from_json(json.dumps(edits)).edits)
        return JSONResponse(session_words(opened), headers=NOT_KEPT)

    @router.post("/session/{name}/undo")
    def undo(name: str) -> Response:
        store.undo(_known(name))
        return JSONResponse(session_words(store.open(name)), headers=NOT_KEPT)

    @router.post("/session/{name}/again")
    def again(name: str) -> Response:
        store.analyse(_known(name))
        return JSONResponse(session_words(store.open(name)), headers=NOT_KEPT)

    @router.post("/session/{name}/note")
    def note(name: str, said: str = Body(embed=True, max_length=LONGEST)) -> Response:
        opened = store.say(_known(name), lambda session, before: replace(before, note=said.strip() or None))
        return JSONResponse(session_words(opened), headers=NOT_KEPT)

    @router.post("/session/{name}/say")
    def say(name: str, words: Mapping[str, Any] = Body()) -> Response:
        opened = store.say(_known(name), lambda session, before: _with_said(session, before, words))
        return JSONResponse(session_words(opened), headers=NOT_KEPT)

    @router.get("/session/{name}/since")
    def since(name: str) -> Response:
        return JSONResponse(since_words(store.open(_known(name)), store.points()), headers=NOT_KEPT)

    @router.get("/own")
    def own() -> Response:
        names = own_names(store, Models(store.root))
        return JSONResponse([{"name": name, "title": texts.exercise(name)} for name in names], headers=NOT_KEPT)

    @router.get("/plan")
    def plan() -> Response:
        return JSONResponse(plan_words(read_plan(store.root), store.root), headers=NOT_KEPT)

    @router.post("/plan")
    def prescribe(words: Mapping[str, Any] = Body()) -> Response:
        write_plan(store.root, plan_of(words))
        return JSONResponse(plan_words(read_plan(store.root), store.root), headers=NOT_KEPT)

    def _known(name: str) -> str:
        """The name, where there is such a session; raises NoSuchSession."""
        store.folder(name)
        return name

    return router


def _with_said(session: Session, before: Said, words: Mapping[str, Any]) -> Said:
    """What is said of the set at a time in the words, all of it anew."""
    new = set_said_of(words)
    one = set_at(session.sets, new.at_s)
    if one is None:
        raise UsageError(f"There is no set at {new.at_s:g} s.")
    return before.with_set(one, load=_line(new.load), effort=new.effort, pain=new.pain, note=_line(new.note))


def _line(said: str | None) -> str | None:
    return (said or "").strip() or None
