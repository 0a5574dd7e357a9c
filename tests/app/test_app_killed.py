"""An app that is killed in mid-session, and started again."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from serving import app


@pytest.mark.parametrize("seconds", [9, 33])
def test_started_again_it_has_the_session_up_to_the_last_second(tmp_path: Path, seconds: int) -> None:
    words = [sys.executable, str(Path(__file__).with_name("app_child.py")), str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        came = next(t for t in map(int, child.stdout) if t >= seconds)
        child.kill()
        came = max([came, *map(int, child.stdout.read().split("\n")[:-1])])
    assert child.returncode == -signal.SIGKILL, "the child ended by itself"
    with app(tmp_path) as running, httpx.Client(follow_redirects=True) as browser:
        browser.get(running.link)
        (week,) = browser.get(f"{running.base}/data/history").json()["weeks"]
        (session,) = week["sessions"]
        found = browser.get(f"{running.base}/data/session/{session['name']}").json()
    assert session["state"] == "whole"
    assert found["seconds"] > came - 1.0
    assert seconds < 30 or found["sets"][0]["exercise"] == "lateral_band_walk"
