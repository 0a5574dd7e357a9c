"""The pages: each is one element of our own, drawn by the browser, that is fed over NiceGUI's socket."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from imu_tracker import words
from imu_tracker.app import texts
from imu_tracker.app.choice import Choice, choice_of
from imu_tracker.app.frames import Frame, changed, frame_of
from imu_tracker.app.hub import Hub
from imu_tracker.errors import ImuTrackerError
from imu_tracker.exercises import Exercise, catalogue
from imu_tracker.ingest.ble import Found, Radio
from imu_tracker.session.models import Models
from imu_tracker.session.plan import read_plan
from imu_tracker.session.store import Store

ASSETS = Path(__file__).parent / "assets"
EVERY_S = 0.1  # a count is on its way so long after it is known, at most; the browser draws angles in between
BEAT = 10  # of these without news, and the page is told that there are none
SCAN_S = 6.0
NEAR_DBM, FAR_DBM = -50, -95  # within an arm's reach, and about where connections break
BARS = 5
ONE_SIDE = ("stance_leg", "moving_leg")  # exercises that are done side by side; of others a set has both
PLACEMENTS = ("pelvis", "thigh_left", "thigh_right", "shank_left", "shank_right", "chest")


class LiveElement(ui.element, component="assets/live.js"):
    """The Live page's element."""


class SessionElement(ui.element, component="assets/session.js"):
    """The Session page's element: it fetches what it shows."""


class HistoryElement(ui.element, component="assets/history.js"):
    """The History page's element: it fetches what it shows."""


class TeachElement(ui.element, component="assets/teach.js"):
    """The Teach page's element: it fetches what it shows."""


class PlanElement(ui.element, component="assets/plan.js"):
    """The Plan page's element: it fetches what it shows."""


class Pages:
    """What the pages have in common: the session that runs, the ones kept, and the radio."""

    def __init__(self, hub: Hub, store: Store, radio: Radio, demo_exercise: str | None) -> None:
        self._hub, self._store, self._models, self._radio = hub, store, Models(store.root), radio
        self._offer = {
            "demo": demo_exercise is not None,
            "exercise": demo_exercise,
            "exercises": [_offered(e) for e in catalogue.load_catalogue().values() if e.exercise],
            "placements": [[p, words.placement(p)] for p in PLACEMENTS],
        }

    def add(self) -> None:
        """Make the pages known to NiceGUI."""
        ui.page("/")(self._live)
        ui.page("/history")(self._history)
        ui.page("/plan")(self._plan)
        ui.page("/session/{name}")(self._session)
        ui.page("/teach")(self._teach)

    def _history(self) -> None:
        _styled("app.css", "kept.css")
        ui.add_head_html('<link rel="preload" as="fetch" crossorigin href="/data/history">')
        HistoryElement().props["t"] = dict(texts.PAGE)

    def _plan(self) -> None:
        _styled("app.css", "kept.css", "plan.css")
        element = PlanElement()
        element.props["t"], element.props["offer"] = dict(texts.PAGE), self._offer

    def _session(self, name: str) -> None:
        _styled("app.css", "kept.css")
        for data in ("", "/strip"):  # asked for at once, while the page's scripts still load
            ui.add_head_html(f'<link rel="preload" as="fetch" crossorigin href="/data/session/{_plain(name)}{data}">')
        element = SessionElement()
        element.props["t"], element.props["name"], element.props["offer"] = dict(texts.PAGE), _plain(name), self._choices()

    def _teach(self) -> None:
        _styled("app.css", "kept.css", "teach.css")
        element = TeachElement()
        element.props["t"], element.props["offer"] = dict(texts.PAGE), self._offer

    def _choices(self) -> dict[str, Any]:
        """What there is to choose from, with the trained model's name where one is in use."""
        with suppress(ImuTrackerError):  # told when a session starts
            return {**self._offer, "model": self._models.used()}
        return self._offer

    def _chosen(self, raw: Any) -> Choice:
        """A choice as a page sends it, with the model in use where it is to tell the exercise.

        Raises UsageError, ModelError, and what a plan that can't be read does.
        """
        choice = choice_of(raw, lambda: read_plan(self._store.root))
        return choice if choice.wish.told is not None else replace(choice, model=self._models.chosen())

    def _live(self) -> None:
        _styled("app.css", "live.css")
        element = LiveElement()
        told: list[Frame] = [frame_of(self._hub)]
        element.props["t"], element.props["offer"], element.props["frame"] = dict(texts.PAGE), self._choices(), told[0]

        silent = [0]

        def tell() -> None:
            now = frame_of(self._hub)
            delta = changed(told[0], now)
            silent[0] += 1
            if delta or (self._hub.busy and silent[0] >= BEAT):  # a sensor may be away: the page should know that we aren't
                told[0], silent[0] = now, 0
                element.run_method("feed", delta)

        def careful(act: Callable[[GenericEventArguments], None]) -> Callable[[GenericEventArguments], None]:
            def handle(event: GenericEventArguments) -> None:
                try:
                    act(event)
                except ImuTrackerError as e:
                    element.run_method("failed", str(e))
                tell()

            return handle

        async def scan() -> None:
            try:
                found = await self._radio.scan(SCAN_S)
            except ImuTrackerError as e:
                element.run_method("failed", str(e))
                return
            element.run_method("heardSensors", [_heard(f) for f in found if f.sensor is not None])

        element.on("start", careful(lambda event: self._hub.start(self._chosen(event.args))))
        element.on("jump", careful(lambda event: self._hub.go_to(event.args)))
        element.on("skip", careful(lambda event: self._hub.skip()))
        element.on("leave", careful(lambda event: self._hub.leave()))
        element.on("end", self._hub.stop)
        element.on("scan", scan)
        ui.timer(EVERY_S, tell)


def _plain(name: str) -> str:
    """A session's name as the store makes them; anything else is no session's, and isn't written into a page."""
    return name if re.fullmatch(r"[\w.~-]{1,100}", name) else "-"


def _styled(*names: str) -> None:
    for name in names:
        ui.add_head_html(f'<link rel="stylesheet" href="/assets/{name}">')


def _offered(one: Exercise) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": one.title,
        "how": one.how,
        "hold": one.pattern == "hold",
        "noun": texts.NOUNS[one.pattern or "reps"],
        "sided": one.side_rule in ONE_SIDE,
        "threshold": one.drop_threshold_deg,
        "phases": list(texts.phases(one)),
    }


def _heard(found: Found) -> dict[str, Any]:
    share = (found.rssi - FAR_DBM) / (NEAR_DBM - FAR_DBM)
    return {
        "name": found.title,
        "address": found.address,
        "kind": found.sensor.title if found.sensor is not None else "",
        "rssi": found.rssi,
        "bars": min(max(round(share * BARS), 1), BARS),
    }
