"""The app as people start it, in a process of its own, for tests that go to it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
]


@dataclass(frozen=True)
class Served:
    """A running app: the address with its token, and without."""

    process: subprocess.Popen[str]
    link: str

    @property
    def base(self) -> str:
        return self.link.split("/?")[0]

    def interrupt(self) -> int:
        """Ctrl-C, and what it exits with."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@contextmanager
def app(store: Path, *words: str) -> Iterator[Served]:
    """`imu-tracker app` with a store of its own, on any port."""
    command = [sys.executable, "-m", "imu_tracker", "app", "--no-open", "--port", "0", "--store", str(store), *words]
    own = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}  # by it NiceGUI takes itself for tested
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=own)
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        link = re.search(r"http://\S+", first)
        assert link is not None, first
        yield Served(process, link[0])
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
