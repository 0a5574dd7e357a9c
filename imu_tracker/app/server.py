"""The server of the app: pages and data behind the guard, until Ctrl-C."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui

from imu_tracker.app import texts
from imu_tracker.app.choice import Choice
from imu_tracker.app.data import add_data
from imu_tracker.app.guard import Guard
from imu_tracker.app.hub import Hub
from imu_tracker.app.pages import ASSETS, Pages
from imu_tracker.app.sources import Replay, Sensors, Source, Take
from imu_tracker.app.teaching import add_teaching
from imu_tracker.app.trainer import Trainer
from imu_tracker.ingest.ble import Radio
from imu_tracker.recording import Recording
from imu_tracker.session.store import Store

RECONNECT_S = 10.0  # a phone that slept so long goes on where it was; after longer its page is made anew, and shows the same
LAST_WORDS_S = 3  # browsers that are connected get so long to take the end
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5c8f"/>'
    '<path d="M5 12c5-6 9-3 11 0 2-3 6-6 11 0 1 5-4 6-7 9-2 3-3 2-4 0-1 2-2 3-4 0-3-3-8-4-7-9z" fill="#fff"/></svg>'
)


@dataclass(frozen=True)
class Demo:
    """The recording that plays instead of sensors, its exercise's name, and how many times as fast."""

    recording: Recording
    exercise: str
    speed: float = 1.0


def build(
    store: Store, token: str, port: int, radio: Radio, demo: Demo | None = None, *, folders: bool = False
) -> tuple[Guard, Hub]:
    """The app behind its guard, and the hub that its pages follow. Once a process: NiceGUI's pages are the process's own.

    folders: whether a page may name folders of this machine, to train on.
    """

    def open_source(choice: Choice, take: Take) -> Source:
        if demo is not None:
            return Replay(demo.recording, store.root, choice, take, demo.speed)
        return Sensors(radio, store.root, choice, take)

    async def keep(folder: Path) -> None:
        await asyncio.to_thread(store.analyse, folder.name)

    hub = Hub(open_source, keep)
    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    trainer = Trainer()
    add_data(api, store)
    add_teaching(api, store, trainer, folders)
    nicegui_app.add_static_files("/assets", ASSETS, max_cache_age=0)
    Pages(hub, store, radio, None if demo is None else demo.exercise).add()
    nicegui_app.on_shutdown(hub.stop)
    nicegui_app.on_shutdown(trainer.stop)
    ui.run_with(
        api,
        title=texts.NAME,
        favicon=ICON,
        dark=None,
        reconnect_timeout=RECONNECT_S,
        binding_refresh_interval=None,
        tailwind=False,
        show_welcome_message=False,
        viewport="width=device-width, initial-scale=1, viewport-fit=cover",
    )
    return Guard(api, token, port), hub


def serve(guard: Guard, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve on a socket until Ctrl-C; `ready` is called once browsers can come."""
    server = uvicorn.Server(uvicorn.Config(guard, log_level="critical", timeout_graceful_shutdown=LAST_WORDS_S, access_log=False))

    async def run() -> None:
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.02)
        if server.started:
            ready()
        await serving

    with suppress(KeyboardInterrupt):  # the usual end
        asyncio.run(run())
