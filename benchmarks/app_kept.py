"""How fast kept sessions open in the browser: an hour with 40 sets, and how smoothly its strip moves.

    python benchmarks/app_kept.py [--throttle 1]

Makes the hour of `speed.py`, keeps and analyses it, then opens its page in Chromium: the time from the click to the drawn strip,
and the strip's own drawing time per frame while it is zoomed and dragged through.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from app_live import CHROMIUM, FLAGS
from playwright.sync_api import sync_playwright
from speed import make_hour

from imu_tracker.session.store import Store

NAME = "2026-03-02_09-30-00"
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--throttle", type=float, default=1.0, help="how many times slower the browser's CPU is made")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / NAME
        folder.mkdir()
        make_hour(folder / "pelvis.parquet")
        print(f"analysed: {len(Store(Path(root)).open(NAME).session.sets)} sets")
        words = ["app", "--no-open", "--port", "0", "--store", root]
        server = subprocess.Popen([sys.executable, "-m", "imu_tracker", *words], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            link = re.search(r"http://\S+", server.stdout.readline())
            assert link is not None
            measure(link[0], asked.throttle)
        finally:
            server.terminate()
            server.wait()


def measure(link: str, throttle: float) -> None:
    """Open the hour in a browser, and print how long it took."""
    with sync_playwright() as p, p.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(link)
        page.goto(link.split("/?")[0] + "/history")
        page.locator(".week li a").wait_for()
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        for _ in range(2):
            began = time.monotonic()
            page.goto(link.split("/?")[0] + f"/session/{NAME}")
            page.wait_for_function("window.strip_?.frames > 0")
            print(f"from the click to the drawn strip: {time.monotonic() - began:.2f} s")
        took = page.evaluate(PAINTS)
        print(f"a frame of the strip: {took[len(took) // 2]:.1f} ms (median), {took[-1]:.1f} ms (longest)")


if __name__ == "__main__":
    main()
