"""The server as it is started: closed to who hasn't the token, silent to other hosts, and keeping the session when it ends."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from serving import Served, app

from imu_tracker.app.address import code, listening, url
from imu_tracker.cli import main
from imu_tracker.errors import UsageError


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with app(tmp_path_factory.mktemp("store"), "--demo") as running:
        yield running


def in_the_page(page: str) -> list[str]:
    """All that a page loads."""
    found = re.findall(r'(?:src|href)="([^"]+)"|url\("([^"]+)"\)|"(/[^"]+\.m?js)"', page)
    return sorted({one for words in found for one in words if one} - {""})


def test_all_a_page_loads_is_here_and_behind_the_token(served: Served) -> None:
    with httpx.Client(follow_redirects=True) as known, httpx.Client() as stranger:
        known.get(served.link)
        page = known.get(served.base)
        assert page.status_code == 200
        loaded = in_the_page(page.text)
        assert any(one.endswith("app.css") for one in loaded)
        for one in loaded:
            if one.startswith(("data:", "#")):
                continue
            assert one.startswith("/"), one
            assert known.get(served.base + one).status_code == 200
            assert stranger.get(served.base + one).status_code == 401


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/history",
        "/plan",
        "/session/x",
        "/data/history",
        "/data/plan",
        "/_nicegui_ws/socket.io/?EIO=4&transport=polling",
        "/docs",
        "/openapi.json",
    ],
)
def test_strangers_get_nothing(served: Served, path: str) -> None:
    with httpx.Client() as stranger:
        for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
            assert stranger.request(method, served.base + path).status_code in (401, 403)


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../pages.py",
        "/assets/%2e%2e/pages.py",
        "/assets/..%2fpages.py",
        "/assets//etc/passwd",
        "/data/session/..%2f..%2fetc%2fpasswd",
    ],
)
def test_tricks_with_paths_lead_nowhere(served: Served, path: str) -> None:
    with httpx.Client(follow_redirects=True) as known:
        known.get(served.link)
        answer = known.get(served.base + path)
    assert answer.status_code == 404
    assert "import" not in answer.text.split("<body>")[0] or "root:" not in answer.text


def test_ctrl_c_ends_it_well(tmp_path: Path) -> None:
    with app(tmp_path, "--demo") as running:
        assert running.interrupt() == 0


def test_a_port_that_is_taken_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with listening(0, lan=False) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError):
            listening(port, lan=False)
        assert main(["app", "--demo", "--no-open", "--port", str(port)]) == 2
    assert "--port names another" in capsys.readouterr().err


def test_the_code_holds_the_link() -> None:
    drawn = code(url("192.168.1.7", 8420, "k" * 32))
    assert len(drawn.splitlines()) > 15


def test_nothing_but_the_app_imports_its_framework() -> None:
    names = "imu_tracker.analysis, imu_tracker.live, imu_tracker.cli.live, imu_tracker.cli.app, imu_tracker.session.store"
    script = f"import {names}, sys; print([m for m in ('nicegui', 'fastapi', 'uvicorn', 'segno') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "[]"
