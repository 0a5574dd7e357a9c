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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
PHONE = {"width": 360, "height": 740}
LONGEST_S = 1.5  # later a count or an alarm is not that of the event
COUNT_FRAMES = "window.frames_ = 0; const tick = () => { window.frames_++; requestAnimationFrame(tick); }; tick();"

BUSY = {"TaskDuration": "busy", "ScriptDuration": "scripts", "RecalcStyleDuration": "styles", "LayoutDuration": "layout"}
# The app as it is, which also says when the samples came in that a rep or drop was seen by, on the machine's clock.
TELLING = """
import sys, time
from imu_tracker.app import hub
from imu_tracker.cli import main

class Telling(hub.Running):
    def take(self, samples):
        came, before = time.time(), (self.reps, self.drops)
        super().take(samples)
        for kind, was, now in zip(("rep", "drop"), before, (self.reps, self.drops)):
            if now > was:
                print("event", kind, now, came, flush=True)

hub.Running = Telling
sys.exit(main())
"""
# When each count and each alarm was on the screen: told in the frame after the one in which the page was changed.
SEEN = """
() => { window.seen_ = []; let shown = null, past = false;
  const now_s = () => (performance.timeOrigin + performance.now()) / 1000;
  const note = (word) => requestAnimationFrame(() => requestAnimationFrame(() => seen_.push([word, now_s()])));
  new MutationObserver(() => {
    const now = document.querySelector('.count:not(.idle) b')?.textContent;
    const alarmed = !!document.querySelector('.pelvis.past');
    if (now && now !== shown) note(`rep ${now}`);
    if (alarmed && !past) note('drop');
    shown = now; past = alarmed;
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: ['class'] });
}
"""


def cpu_s(pid: int) -> float:
    """CPU time that a process has used, s (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load_average() -> str:
    """The machine's load over the last minute, and its cores: what else ran while this was measured."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


@dataclass
class Served:
    """A running app: its process's id, the link to it, and what it said when it had ended."""

    pid: int
    link: str
    said: str = ""


@contextmanager
def served(*words: str) -> Iterator[Served]:
    """`imu-tracker app` in a process of its own, which says when each rep and drop was known."""
    command = [sys.executable, "-c", TELLING, "app", "--no-open", "--port", "0", *words]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        link = re.search(r"http://\S+", server.stdout.readline())
        assert link is not None
        running = Served(server.pid, link[0])
        yield running
    finally:
        server.terminate()
        running.said = server.stdout.read()
        server.wait()


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--speed", type=float, default=1.0, help="how many times as fast the recording plays")
    parser.add_argument("--throttle", type=float, default=6.0, help="how many times slower the browser's CPU is made")
    asked = parser.parse_args()
    print(f"load before: {load_average()}")
    with tempfile.TemporaryDirectory() as store:
        with served("--demo", "--speed", str(asked.speed), "--store", store) as running:
            seen = measure(running, asked.throttle)
        for kind, waited_s in delays(running.said, seen).items():
            shown = sorted(w for w in waited_s if w is not None)
            middle_s = shown[len(shown) // 2]
            lost = len(waited_s) - len(shown)
            print(f"{kind} to screen: {middle_s:.2f} s (median), {shown[-1]:.2f} s (longest of {len(shown)}), {lost} not shown")
    print(f"load after: {load_average()}")


@dataclass(frozen=True)
class Seen:
    """What was on the screen when, and between which times it was looked at; s on the machine's clock."""

    words: list[tuple[str, float]]
    begin_s: float
    end_s: float


def delays(said: str, seen: Seen) -> dict[str, list[float | None]]:
    """From the samples' coming to the screen, s: of reps by their number, of drops the next alarm. None: it wasn't shown."""
    out: dict[str, list[float | None]] = {}
    for kind, number, came in re.findall(r"^event (rep|drop) (\d+) ([\d.]+)$", said, re.MULTILINE):
        if seen.begin_s < (came_s := float(came)) < seen.end_s - LONGEST_S:
            word = f"rep {number}" if kind == "rep" else "drop"
            after = [at - came_s for what, at in seen.words if what == word and 0 <= at - came_s < LONGEST_S]
            out.setdefault(kind, []).append(after[0] if after else None)
    return out


def measure(running: Served, throttle: float) -> Seen:
    """Watch one session in a browser, and print what it cost; when each count and alarm was seen."""
    with sync_playwright() as p, p.chromium.launch(executable_path=CHROMIUM, args=FLAGS) as browser:
        page = browser.new_context(viewport=PHONE, device_scale_factor=2.0, is_mobile=True, has_touch=True).new_page()  # type: ignore[arg-type]
        received: list[int] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
        page.goto(running.link)
        page.get_by_role("button", name="Start the demo").click()
        page.locator(".count").wait_for(timeout=120_000)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        page.evaluate(SEEN)
        watched_s = time.time()
        page.locator(".count:not(.idle)").wait_for(timeout=120_000)
        devtools.send("Performance.enable")
        received.clear()
        before, began, cpu = busy(devtools), time.monotonic(), cpu_s(running.pid)
        page.wait_for_timeout(15_000)
        took_s, after = time.monotonic() - began, busy(devtools)
        print(f"socket: {sum(received) / took_s / 1000:.1f} KB/s in {len(received) / took_s:.0f} messages a second")
        print(f"server: {100.0 * (cpu_s(running.pid) - cpu) / took_s:.1f} % of a core while a set goes on")
        shares = ", ".join(f"{name} {100 * (after[k] - before[k]) / took_s:.0f} %" for k, name in BUSY.items())
        print(f"page, CPU {throttle:g} times slower: {shares}")
        page.evaluate(COUNT_FRAMES)
        began, frames = time.monotonic(), page.evaluate("window.frames_")
        page.wait_for_timeout(10_000)
        shown = (page.evaluate("window.frames_") - frames) / (time.monotonic() - began)
        print(f"page, CPU {throttle:g} times slower: {shown:.0f} frames a second, where each is asked for")
        return Seen(page.evaluate("window.seen_"), watched_s, time.time())


def busy(devtools: CDPSession) -> dict[str, float]:
    """What the page's own thread has done since it was opened, s."""
    found = {one["name"]: float(one["value"]) for one in devtools.send("Performance.getMetrics")["metrics"]}
    return {name: found[name] for name in BUSY}


if __name__ == "__main__":
    main()
