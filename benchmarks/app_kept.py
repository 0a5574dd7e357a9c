"""How fast kept sessions open in the browser: an hour with 40 sets, how smoothly its strip moves, and pages on many sessions.

    python benchmarks/app_kept.py [--sessions 1000] [--throttle 1] [--json OUT]

Makes the hour of `speed.py` and the many sessions of `store.py`, and opens their pages in Chromium: the time from the click to
the drawn strip or list, and the strip's own drawing time per frame while it is zoomed and dragged through. Another page of the
app was open before. Making the index of the many sessions anew is told apart; it happens once.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app_live import CHROMIUM, FLAGS, load_average, served
from playwright.sync_api import Page, sync_playwright
from speed import make_hour
from store import make_many, seconds

from imu_tracker.session.store import Store

NAME = "2026-03-02_09-30-00"
TIMES = 3
# Paints at 60 places and zooms, and how long each took, ms.
PAINTS = """
() => { const strip = window.strip_, took = [];
  for (let k = 0; k < 60; k++) {
    const wide = strip.seconds / (1 + k), at = (strip.seconds - wide) * Math.abs(Math.sin(k));
    strip.from = at; strip.to = at + wide;
    const began = performance.now(); strip.paint(); strip.c.getImageData(0, 0, 1, 1); took.push(performance.now() - began);
  }
  return took.sort((a, b) => a - b); }
"""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--throttle", type=float, default=1.0, help="how many times slower the browser's CPU is made")
    parser.add_argument("--json", metavar="OUT")
    asked = parser.parse_args()
    found: dict[str, object] = {"load before": load_average()}
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / NAME
        folder.mkdir()
        make_hour(folder / "pelvis.parquet")
        print(f"analysed: {len(Store(Path(root)).open(NAME).session.sets)} sets")
        found |= in_browser(Path(root), asked.throttle, hour)
    with tempfile.TemporaryDirectory() as root:
        make_many(Path(root), asked.sessions)
        found["index made anew, s"] = round(seconds(Store(Path(root)).list), 2)
        found |= in_browser(Path(root), asked.throttle, many)
    found["load after"] = load_average()
    for name, value in found.items():
        print(f"{name:<36}{value}")
    if asked.json:
        Path(asked.json).write_text(json.dumps(found, indent=1) + "\n")


def in_browser(root: Path, throttle: float, measure: Callable[[Page, str], dict[str, object]]) -> dict[str, object]:
    """What is measured on a page of an app with that store; one page was open before."""
    with (
        served("--store", str(root)) as running,
        sync_playwright() as p,
        p.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser,
    ):
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(running.link)
        page.get_by_role("link", name="History").wait_for()
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        return measure(page, running.link.split("/?")[0])


def opened_s(page: Page, address: str, ready: str) -> list[float]:
    """How long a page takes from the click until a condition holds in it, s, TIMES times."""
    out = []
    for _ in range(TIMES):
        began = time.monotonic()
        page.goto(address, wait_until="commit")
        page.wait_for_function(ready)
        out.append(round(time.monotonic() - began, 2))
    return out


def hour(page: Page, base: str) -> dict[str, object]:
    """An hour's session."""
    opened = opened_s(page, f"{base}/session/{NAME}", "window.strip_?.frames > 0")
    took = page.evaluate(PAINTS)
    middle, longest = round(took[len(took) // 2], 1), round(took[-1], 1)
    return {"an hour, click to drawn strip, s": opened, "a frame of the strip, ms": f"{middle} (median), {longest} (longest)"}


def many(page: Page, base: str) -> dict[str, object]:
    """Pages on all sessions."""
    return {
        "history, click to drawn list, s": opened_s(page, f"{base}/history", "document.querySelectorAll('.week li').length > 0"),
        "teach, click to drawn list, s": opened_s(page, f"{base}/teach", "document.querySelectorAll('.tick').length > 1"),
    }


if __name__ == "__main__":
    main()
