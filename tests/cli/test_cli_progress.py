"""The bar shows itself only to a person who has waited."""

from __future__ import annotations

import io
import sys

import pytest

from imu_tracker.cli.progress import ShownProgress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stderr: io.StringIO, patience_s: float, monkeypatch: pytest.MonkeyPatch, estimate: bool = False) -> str:
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with ShownProgress(patience_s, estimate) as progress:
        progress("Orientation", 0.4)
        progress("Sets and reps", 0.6)
        progress("Done", 1.0)
    return stderr.getvalue()


def test_long_work_on_a_terminal_shows_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Orientation" in shown(Terminal(), 0.0, monkeypatch)


def test_very_long_work_says_how_long_it_will_still_take(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "left" in shown(Terminal(), 0.0, monkeypatch, estimate=True)
    assert "left" not in shown(Terminal(), 0.0, monkeypatch)


def test_short_work_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(Terminal(), 1000.0, monkeypatch) == ""


def test_a_pipe_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(io.StringIO(), 0.0, monkeypatch) == ""
