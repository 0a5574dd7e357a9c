"""Requests to an ASGI app, as browsers and others make them, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx

from imu_tracker.app.guard import Guard

TOKEN = "the-key"
HOST = "127.0.0.1:8420"
COOKIE = {"cookie": f"imu_tracker_8420={TOKEN}"}


async def inner(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """What stands behind the guard in tests: it says hello to all."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"hello"})


def ask(app: Any, path: str = "/", method: str = "GET", headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    """What an app answers."""

    async def story() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.request(method, path, headers=headers, **more)

    return asyncio.run(story())


def guarded() -> Guard:
    """The guard before `inner`."""
    return Guard(inner, TOKEN, 8420)


def socket_opens(headers: dict[str, str]) -> bool:
    """Whether the guard lets a socket with these headers through."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    raw = [(k.encode(), v.encode()) for k, v in {"host": HOST, **headers}.items()]
    scope = {"type": "websocket", "path": "/_nicegui_ws/socket.io/", "query_string": b"", "headers": raw}
    asyncio.run(guarded()(scope, receive, send))
    return bool(sent[0]["type"] == "websocket.accept")
