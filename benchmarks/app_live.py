"""What the Live page costs: bytes a second over the socket, frames a second on a slow phone, the server's share of a core.

    python benchmarks/app_live.py [--speed 1] [--throttle 6]

Starts the app with its demo, opens the page in Chromium at a phone's size with the CPU slowed down, and watches it for 25 s of
the set. The server is asked every 0.1 s what has changed, so a count waits no longer than that before it is sent.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PHONE = {"width": 360, "height": 740}
COUNT_FRAMES = "window.frames_ = 0; const tick = () => { window.frames_++; requestAnimationFrame(tick); }; tick();"


def cpu_s(pid: int) -> float:
    """CPU time that a process has used, s (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=1.0, help="how many times as fast the recording plays")
    parser.add_argument("--throttle", type=float, default=6.0, help="how many times slower the browser's CPU is made")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as store:
        words = ["app", "--demo", "--no-open", "--port", "0", "--speed", str(asked.speed), "--store", store]
        server = subprocess.Popen([sys.executable, "-m", "imu_tracker", *words], stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            link = re.search(r"http://\S+", server.stdout.readline())
            assert link is not None
            measure(server.pid, link[0], asked.throttle)
        finally:
            server.terminate()
            server.wait()


def measure(pid: int, link: str, throttle: float) -> None:
    """Watch one session in a browser, and print what it cost."""
    with sync_playwright() as p, p.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
        page = browser.new_context(viewport=PHONE, device_scale_factor=2.0, is_mobile=True, has_touch=True).new_page()  # type: ignore[arg-type]
        received: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
        page.goto(link)
        page.get_by_role("button", name="Start the demo").click()
        page.locator(".count:not(.idle)").wait_for(timeout=120_000)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        page.evaluate(COUNT_FRAMES)
        received.clear()
        began, cpu, frames = time.monotonic(), cpu_s(pid), page.evaluate("window.frames_")
        page.wait_for_timeout(25_000)
        took_s = time.monotonic() - began
        shown = (page.evaluate("window.frames_") - frames) / took_s
        print(f"socket: {sum(received) / took_s / 1000:.1f} KB/s in {len(received) / took_s:.0f} messages a second")
        print(f"browser, CPU {throttle:g} times slower: {shown:.0f} frames a second")
        print(f"server: {100.0 * (cpu_s(pid) - cpu) / took_s:.1f} % of a core while a set goes on")


if __name__ == "__main__":
    main()
