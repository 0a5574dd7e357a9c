"""Who may come in: without the token no page, no socket and no file; nothing for another site's page."""

from __future__ import annotations

import pytest
from asking import COOKIE, HOST, TOKEN, ask, guarded, socket_opens

from imu_tracker.app.guard import is_this_machine, new_token

PATHS = [
    "/",
    "/history",
    "/session/x",
    "/data/history",
    "/assets/app.css",
    "/_nicegui/3.18.0/static/nicegui.js",
    "/../etc/passwd",
    "/x",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers", [{}, {"cookie": "imu_tracker_8420=wrong"}, {"cookie": f"other={TOKEN}"}, {"cookie": "a=b; ;;=="}]
)
def test_without_the_token_there_is_nothing(path: str, headers: dict[str, str]) -> None:
    answer = ask(guarded(), path, headers=headers)
    assert answer.status_code == 401
    assert "hello" not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_a_wrong_token_in_the_address_is_none(path: str) -> None:
    assert ask(guarded(), path, params={"token": "the-ke"}).status_code == 401


def test_the_first_visit_gets_the_cookie_and_loses_the_token() -> None:
    answer = ask(guarded(), "/history", params={"token": TOKEN, "a": "b c"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/history?a=b+c"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"imu_tracker_8420={TOKEN};")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_the_first_visit_leads_nowhere_else() -> None:
    assert ask(guarded(), f"http://{HOST}//evil.example/x", params={"token": TOKEN}).headers["location"] == "/evil.example/x"
    assert ask(guarded(), "/\\evil.example", params={"token": TOKEN}).headers["location"].startswith("/evil.example")


def test_with_the_cookie_all_is_served_under_rules() -> None:
    answer = ask(guarded(), "/", headers=COOKIE)
    assert answer.text == "hello"
    rules = answer.headers["content-security-policy"]
    assert "default-src 'self'" in rules
    assert "frame-ancestors 'none'" in rules
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8420", "127.0.0.1.evil.example", "", "localhost.evil.example"])
def test_another_name_for_this_machine_is_not_served(host: str) -> None:
    assert ask(guarded(), headers={**COOKIE, "host": host}).status_code == 421


def test_numbers_and_localhost_are_this_machine() -> None:
    assert all(is_this_machine(host) for host in (HOST, "localhost", "localhost:1", "192.168.1.7:8420", "[::1]:8420", "[::1]"))
    assert not is_this_machine("8420")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", f"http://{HOST}.evil.example"])
def test_what_another_sites_page_asks_for_is_refused(origin: str) -> None:
    for method in ("GET", "POST"):
        assert ask(guarded(), "/data/session/x/undo", method, {**COOKIE, "origin": origin}).status_code == 403
    assert not socket_opens({**COOKIE, "origin": origin})


def test_a_post_says_where_it_comes_from() -> None:
    assert ask(guarded(), "/data/session/x/undo", "POST", COOKIE).status_code == 403
    assert ask(guarded(), "/data/session/x/undo", "POST", {**COOKIE, "origin": f"http://{HOST}"}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_the_browser_says_of_the_asking_page_counts(site: str) -> None:
    assert ask(guarded(), "/data/history", headers={**COOKIE, "sec-fetch-site": site}).status_code == 403
    assert ask(guarded(), "/", headers={"sec-fetch-site": site}, params={"token": TOKEN}).status_code == 303


def test_sockets_open_for_our_own_pages_alone() -> None:
    own = {"origin": f"http://{HOST}"}
    assert socket_opens({**COOKIE, **own})
    assert not socket_opens(own)
    assert not socket_opens(COOKIE)
    assert not socket_opens({**COOKIE, **own, "host": "evil.example"})


def test_a_token_is_long_and_never_the_same() -> None:
    assert len({new_token() for _ in range(100)}) == 100
    assert len(new_token()) >= 32
