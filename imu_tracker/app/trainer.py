"""The one training that may be under way: begun, looked at and ended from any browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from imu_tracker.app.job import Job
from imu_tracker.errors import UsageError

PATIENCE_S = 5.0  # for a process that was told to end
FAULT = "The training ended by itself; the machine may be short of memory."
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Training:
    """What a page shows. why: why it failed. troubles: what couldn't be learnt from, a sentence each."""

    phase: Literal["idle", "running", "done", "failed", "stopped"] = "idle"
    name: str = ""
    what: str = ""
    share: float = 0.0
    why: str = ""
    troubles: tuple[str, ...] = ()

    def words(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


class Trainer:
    """Trains in a process of its own. All of it may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._training = Training()
        self._process: subprocess.Popen[str] | None = None
        self._following: threading.Thread | None = None

    @property
    def training(self) -> Training:
        """How far it is."""
        with self._lock:
            return self._training

    def start(self, job: Job) -> None:
        """Begin; raises UsageError where one is under way."""
        with self._lock:
            if self._training.phase == "running":
                raise UsageError("A training is under way; let it end, or stop it.")
            command = [sys.executable, "-m", "imu_tracker.app.job"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                command,
                stdin=pipe,
                stdout=pipe,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env=os.environ | ONE_CORE,
            )
            self._training = Training("running", job.name)
            self._following = threading.Thread(target=self._follow, args=(self._process, job.text()), daemon=True)
            self._following.start()

    def wait(self, timeout_s: float | None = None) -> Training:
        """Wait until it has ended, or for so long; how far it is then."""
        if self._following is not None:
            self._following.join(timeout_s)
        return self.training

    def stop(self) -> None:
        """End it, where there is one; nothing of it is kept."""
        with self._lock:
            process = self._process
            if process is None or process.poll() is not None:
                return
            self._training = replace(self._training, phase="stopped")
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()

    def _follow(self, process: subprocess.Popen[str], job: str) -> None:
        """Take in what the process says until it ends."""
        assert process.stdin is not None
        assert process.stdout is not None
        with process:
            try:
                process.stdin.write(job)
                process.stdin.close()
                for line in process.stdout:
                    self._take(json.loads(line))
            except (OSError, ValueError):
                process.kill()
        self._take({"failed": FAULT})  # unless it has said how it ended

    def _take(self, said: dict[str, Any]) -> None:
        with self._lock:
            if self._training.phase != "running":
                return
            if "failed" in said:
                self._training = replace(self._training, phase="failed", why=str(said["failed"]))
            elif "done" in said:
                self._training = replace(self._training, phase="done", share=1.0, troubles=tuple(said["done"]))
            else:
                self._training = replace(self._training, what=str(said["what"]), share=float(said["share"]))
