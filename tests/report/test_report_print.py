"""A usual session prints on two pages, and the page fits a phone; where there is a browser to try it with."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from handmade_sessions import session, squats

from imu_tracker.report.page import report_html
from imu_tracker.results import DropEvent, Series, Session, Side

BROWSER = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here to print with")


def six_sets() -> tuple[Session, Series]:
    """Three sets of squats on each leg, with drops."""
    sets = []
    for k in range(6):
        side: Side = "left" if k % 2 else "right"
        by = 85 * k
        reps = tuple(
            dataclasses.replace(
                r, side=side, start_s=r.start_s + by, turn_s=r.turn_s + by, end_s=r.end_s + by, drop_at_s=r.turn_s + by
            )
            for r in squats().reps
        )
        events = (DropEvent(40.1 + by, 40.9 + by, 8.1, side, True),)
        drop = dataclasses.replace(squats().pelvic_drop, events=events, change_deg=2.0, change_uncertainty_deg=0.8)
        by_side = {each: 10 if each == side else 0 for each in ("left", "right")}
        sets.append(
            dataclasses.replace(
                squats(), side=side, count_by_side=by_side, start_s=12.3 + by, end_s=58.0 + by, reps=reps, pelvic_drop=drop,
                rest_before_s=40.0 if k else None,
            )
        )  # fmt: skip
    t = np.arange(0.0, 520.0, 0.01)
    drop_deg = 4.0 + 4.0 * np.sin(1.4 * t)
    zeros = np.zeros(len(t), np.int32)
    return session(*sets), Series(t, drop_deg, np.zeros(len(t)), drop_deg, zeros, zeros)


def browse(tmp_path: Path, html: str, *said: str) -> str:
    """What the browser prints when it opens a page with these words; it has a home of its own."""
    page = tmp_path / "report.html"
    page.write_text(html, encoding="utf-8")
    words = [
        str(BROWSER),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
        *said,
        page.as_uri(),
    ]
    return subprocess.run(words, capture_output=True, timeout=120, check=True, text=True).stdout


def test_six_sets_compared_with_last_time_print_on_two_pages(tmp_path: Path) -> None:
    one, series = six_sets()
    out = tmp_path / "report.pdf"
    html = report_html(one, series, {"subject": "Kim", "date": "2026-11-20", "files": "pelvis.parquet"}, one)
    browse(tmp_path, html, f"--print-to-pdf={out}", "--no-pdf-header-footer")
    assert len(re.findall(rb"/Type\s*/Page\b", out.read_bytes())) == 2
