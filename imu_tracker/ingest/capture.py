"""A session with sensors: several at once, one a placement, written to disk and handed on, until it is closed.

async with Capture(...) as capture:     connects; raises BluetoothError
    await capture.wait()                until cancelled, or raises what ended it: RecordingStopped for a full disk
capture.finished                        what became of the files
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from imu_tracker.errors import BluetoothError, ImuTrackerError
from imu_tracker.ingest.ble import Radio
from imu_tracker.ingest.link import Link, News, Patience, usual_settings
from imu_tracker.ingest.placed import Placed, Samples, Status
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.ingest.recovery import Finished
from imu_tracker.sensors.base import Packet, Sensor, Settings

KEEP_UP_S = 0.2  # as `SessionRecorder.keep_up` wants it


class Capture:
    """Sensors by placement, recorded and handed on. One event loop, one thread."""

    def __init__(
        self,
        radio: Radio,
        wanted: Mapping[str, str],
        recorder: SessionRecorder,
        on_samples: Callable[[Samples], None],
        on_news: Callable[[str, News], None],
        now: Callable[[], float],
        *,
        choose: Callable[[Sensor], Settings] = usual_settings,
        patience: Patience | None = None,
        about: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """wanted: each placement's sensor, by name or address. now: a clock that never jumps; its zero is the session's.

        on_samples: all samples, once each. on_news: what happens beside, with its placement. What either raises ends the capture.
        choose: the settings for a kind of sensor. about: words for the file of a placement.
        """
        self._recorder, self._now = recorder, now
        self._placed: dict[str, Placed] = {}
        self._links: dict[str, Link] = {}
        self._keeping: asyncio.Task[None] | None = None
        self.finished: tuple[Finished, ...] = ()
        for placement, name in wanted.items():
            placed = Placed(placement, name, recorder, on_samples, (about or {}).get(placement, {}))
            self._placed[placement] = placed
            self._links[placement] = self._link(placed, radio, name, on_news, choose, patience)

    def _link(
        self,
        placed: Placed,
        radio: Radio,
        name: str,
        on_news: Callable[[str, News], None],
        choose: Callable[[Sensor], Settings],
        patience: Patience | None,
    ) -> Link:
        def settings(sensor: Sensor) -> Settings:
            chosen = choose(sensor)
            placed.chosen(sensor, chosen)
            return chosen

        def packet(packet: Packet, arrival_s: float) -> None:
            placed.packet(packet, arrival_s, link.segment)

        def news(news: News) -> None:
            placed.news(news)
            on_news(placed.placement, news)

        link = Link(radio, name, packet, news, self._now, choose=settings, patience=patience)
        return link

    async def start(self) -> None:
        """Connect to one after another; each streams from its own start on. Raises BluetoothError, RecordingStopped.

        Where a sensor can't be reached all is closed, and the error names the files of those that were there before it.
        """
        self._keeping = asyncio.create_task(self._keep_up())
        try:
            for link in self._links.values():
                await link.start()
        except BluetoothError as error:
            kept = [str(one.file) for one in await self.close() if one.file is not None]
            if not kept:
                raise
            what = str(error).removesuffix(error.mend).strip()
            said = f"What the other sensors recorded meanwhile is kept: {', '.join(kept)}."
            raise BluetoothError(error.problem, what, f"{error.mend} {said}") from error

    async def wait(self) -> None:
        """Until something ends the capture, and raise that: RecordingStopped, or what a callback raised."""
        ends = {asyncio.ensure_future(link.wait()) for link in self._links.values()}
        keeping = {self._keeping} if self._keeping is not None else set()
        try:
            for ended in (await asyncio.wait(ends | keeping, return_when=asyncio.FIRST_COMPLETED))[0]:
                ended.result()
        finally:
            for end in ends:
                end.cancel()

    async def close(self) -> tuple[Finished, ...]:
        """Let what is missing still come, disconnect, finish the files; what became of each. What went wrong `wait` tells."""
        try:
            await asyncio.gather(*(link.stop() for link in self._links.values()), return_exceptions=True)
            if self._keeping is not None:
                self._keeping.cancel()
                with suppress(asyncio.CancelledError, ImuTrackerError):
                    await self._keeping
        finally:
            self.finished = self._recorder.close()
        return self.finished

    async def __aenter__(self) -> Capture:
        """Connect; raises as `start`, with everything closed."""
        try:
            await self.start()
        except BaseException:
            await self.close()
            raise
        return self

    async def __aexit__(self, *exception: object) -> None:
        """`close`."""
        await self.close()

    def status(self) -> dict[str, Status]:
        """How each placement is doing now."""
        return {placement: placed.status(self._now()) for placement, placed in self._placed.items()}

    async def _keep_up(self) -> None:
        while True:
            self._recorder.keep_up()
            await asyncio.sleep(KEEP_UP_S)
