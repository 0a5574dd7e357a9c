"""Where a session's samples come from: sensors, whose samples are recorded, or a recording played once more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from imu_tracker.app.choice import Choice
from imu_tracker.errors import RecordingStopped
from imu_tracker.files.writing import write_table, write_text
from imu_tracker.ingest.ble import Radio
from imu_tracker.ingest.capture import Capture
from imu_tracker.ingest.disk import new_session_folder
from imu_tracker.ingest.link import News
from imu_tracker.ingest.passing import SessionClock
from imu_tracker.ingest.placed import Samples, Status
from imu_tracker.ingest.recorder import ANNOTATIONS, Annotation, SessionRecorder, line_of
from imu_tracker.ingest.replay import replay
from imu_tracker.recording import Recording
from imu_tracker.session.keeping import without_wish

Take = Callable[[Samples], None]


class Source(Protocol):
    """Samples for one session."""

    async def play(self) -> None:
        """Hand samples on until there are no more; cancelled where it is to end before. Raises ImuTrackerError."""

    def status(self) -> Mapping[str, Status]:
        """How each sensor is doing."""

    def note(self, kind: str, values: Mapping[str, object]) -> None:
        """Write a mark at the present time beside the samples."""

    async def close(self) -> Path | None:
        """End, whatever happened; the session's folder, None where nothing is kept. A second time it does nothing."""


class Sensors:
    """Sensors by Bluetooth, recorded into a folder of the store."""

    def __init__(self, radio: Radio, root: Path, choice: Choice, take: Take) -> None:
        self._now, started = SessionClock(), datetime.now().astimezone()
        self._folder = new_session_folder(root, started)
        self._disk = ThreadPoolExecutor(1)
        about = {**choice.about, "started": started.isoformat(timespec="milliseconds")}
        try:
            self._recorder = SessionRecorder(self._folder, about, self._now, background=self._disk)
        except BaseException:
            self._disk.shutdown()
            raise
        self._capture = Capture(radio, choice.sensors, self._recorder, take, _let_pass, self._now)
        self._closed = False

    async def play(self) -> None:
        """As `Source` says; raises BluetoothError, RecordingStopped."""
        await self._capture.start()
        await self._capture.wait()

    def status(self) -> Mapping[str, Status]:
        """As `Source` says."""
        return self._capture.status()

    def note(self, kind: str, values: Mapping[str, object]) -> None:
        """As `Source` says."""
        with suppress(RecordingStopped):  # the capture ends by it anyway, and says so
            self._recorder.annotate(self._now(), kind, values)

    async def close(self) -> Path | None:
        """As `Source` says."""
        if not self._closed:
            self._closed = True
            try:
                await self._capture.close()
            finally:
                self._disk.shutdown()
                with suppress(OSError):
                    self._folder.rmdir()  # where nothing came to be in it
        return self._folder if any(one.file is not None for one in self._capture.finished) else None


def _let_pass(placement: str, news: News) -> None:
    """What a person should know of news is in the capture's status."""


class Replay:
    """A recording played back, `speed` times as fast; at its end what was played is kept, as if it had been worn."""

    def __init__(self, recording: Recording, root: Path, choice: Choice, take: Take, speed: float) -> None:
        self._recording, self._root, self._choice, self._take, self._speed = recording, root, choice, take, speed
        self._started = datetime.now().astimezone()
        self._kept: Path | None = None
        self._samples = 0
        self._marks: list[Annotation] = []
        self._now_s = 0.0

    async def play(self) -> None:
        """As `Source` says."""
        await replay(self._recording, self._hand_on, asyncio.get_running_loop().time, self._speed)

    def _hand_on(self, samples: Samples) -> None:
        self._samples += len(samples.t_s)
        self._now_s = float(samples.t_s[-1])
        self._take(samples)

    def status(self) -> Mapping[str, Status]:
        """As `Source` says: a recording has no trouble."""
        streams = self._recording.streams
        return {k: Status("recording", True, s.timing.rate_hz, None, self._samples, 0, 0, "") for k, s in streams.items()}

    def note(self, kind: str, values: Mapping[str, object]) -> None:
        """As `Source` says."""
        self._marks.append(Annotation(self._recording.start_s + self._now_s, kind, values))

    async def close(self) -> Path | None:
        """As `Source` says."""
        if self._kept is None and self._samples:
            self._kept = new_session_folder(self._root, self._started)
            about = {
                **without_wish(self._recording.about),
                **self._choice.about,
                "started": self._started.isoformat(timespec="milliseconds"),
            }
            if self._marks:
                write_text(self._kept / ANNOTATIONS, "".join(map(line_of, self._marks)))
            for placement, stream in self._recording.streams.items():
                write_table(stream, self._kept / f"{placement}.parquet", {**about, "placement": placement})
        return self._kept
