"""Who may come in: everything the server has, pages, sockets and files alike, stands behind this.

- The first visit brings the token in its address, `/?token=...`, and gets a cookie for it; every later request has the cookie.
- The host asked for must be this machine by number or as localhost: a name of somebody else's that leads here (DNS rebinding)
  isn't served.
- Requests that another site's page makes are refused, whatever they carry.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

PARAMETER = "token"
BYTES = 24  # of chance in a token: nobody guesses it
A_YEAR_S = 365 * 86400
SAFE_METHODS = ("GET", "HEAD")
FOREIGN = ("cross-site", "same-site")  # another port of this host is another site's business, too
NO_TOKEN = "Open this page by the link or the code that `imu-tracker app` printed when it started: it holds the key."
STRANGE_HOST = "This server answers only to the address it printed."
FOREIGN_PAGE = "Another site's page asked for this."

REFUSAL = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>imu-tracker</title><style>:root{{color-scheme:light dark}}body{{font:18px/1.5 system-ui,sans-serif;max-width:32rem;
margin:15vh auto;padding:0 1rem}}</style><h1>Not open</h1><p>{}</p></html>"""


def new_token() -> str:
    """A token for one run of the server."""
    return secrets.token_urlsafe(BYTES)


@dataclass(frozen=True)
class Refusal:
    """Why a request isn't served: an HTTP status and a sentence."""

    status: int
    why: str


def is_this_machine(host: str) -> bool:
    """Whether a Host header names a machine by number or as localhost; a name that anybody can register does not."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and not host.endswith("]") else host
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return name.lower() == "localhost"
    return True


class Guard:
    """An ASGI app that lets those in who hold the token, to another one."""

    def __init__(self, app: App, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._cookie = f"imu_tracker_{port}"  # a browser shares cookies between the ports of a host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        refused = self.refusal(scope, headers)
        if refused is not None:
            await _refuse(scope, receive, send, refused)
        elif self._brought(scope):
            await self._welcome(scope, send)
        else:
            await self._app(scope, receive, _with_rules(send, headers["host"]))

    def refusal(self, scope: Scope, headers: Mapping[str, str]) -> Refusal | None:
        """Why this request isn't served; None where it is."""
        host = headers.get("host", "")
        if not is_this_machine(host):
            return Refusal(421, STRANGE_HOST)
        origin = headers.get("origin")
        changing = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if (origin is None and changing) or (origin is not None and origin not in (f"http://{host}", f"https://{host}")):
            return Refusal(403, FOREIGN_PAGE)
        brought = self._brought(scope)
        if headers.get("sec-fetch-site") in FOREIGN and not brought:
            return Refusal(403, FOREIGN_PAGE)
        if not brought and not self._is_token(_cookie(headers.get("cookie", ""), self._cookie)):
            return Refusal(401, NO_TOKEN)
        return None

    def _is_token(self, word: str) -> bool:
        return hmac.compare_digest(word.encode(), self._token.encode())

    def _brought(self, scope: Scope) -> bool:
        """Whether it is a visit with the token in its address."""
        query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
        return scope["type"] == "http" and scope["method"] == "GET" and self._is_token(query.get(PARAMETER, ""))

    async def _welcome(self, scope: Scope, send: Send) -> None:
        """Give the cookie, and send on to the same page without the token: addresses get copied, and kept in histories."""
        rest = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k != PARAMETER]
        where = "/" + quote(scope["path"].lstrip("/\\")) + (f"?{urlencode(rest)}" if rest else "")
        cookie = f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={A_YEAR_S}"
        headers = [("location", where), ("set-cookie", cookie), ("cache-control", "no-store"), ("referrer-policy", "no-referrer")]
        await _answer(send, 303, headers, b"")


def _cookie(header: str, name: str) -> str:
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


def _with_rules(send: Send, host: str) -> Send:
    """Answers with the rules that keep a page to this server: it may ask no other, and stand in no other's frame."""
    # NiceGUI's pages are made of inline scripts, and Vue makes functions from templates.
    rules = (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob:; connect-src 'self' ws://{host} wss://{host}; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    )
    added = [("content-security-policy", rules), ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")]

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *((k.encode(), v.encode()) for k, v in added)]
        await send(message)

    return sending


async def _refuse(scope: Scope, receive: Receive, send: Send, refused: Refusal) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [("content-type", "text/html; charset=utf-8"), ("cache-control", "no-store")]
    await _answer(send, refused.status, headers, REFUSAL.format(refused.why).encode())


async def _answer(send: Send, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    raw = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
