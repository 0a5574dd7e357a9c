"""The one session that runs in this process: begun and ended from any browser, followed by all, outliving each of them.

    idle -> connecting -> calibrating -> running -> finishing -> over -> idle
                 \\______________ failed _______/

Browsers ask for a frame (`frames`) several times a second. Nothing here knows of browsers, pages or sockets.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from imu_tracker.app import texts
from imu_tracker.app.choice import Choice
from imu_tracker.app.following import Following
from imu_tracker.app.notices import off_gravity
from imu_tracker.app.sources import Source, Take
from imu_tracker.errors import ImuTrackerError, RecordingStopped, UsageError
from imu_tracker.ingest.placed import Samples
from imu_tracker.live import DropSeen, LiveEvent, LiveSession, RepSeen, SetOver
from imu_tracker.motion.guiding import WISHED, Guide, GuideState
from imu_tracker.numeric import Floats
from imu_tracker.session.keeping import TOLD, wish_words

LOOK_S = 0.25  # how often the guide is asked
LATEST = 10  # blocks of samples, of 0.05 to 0.2 s each
Phase = Literal["idle", "connecting", "calibrating", "running", "finishing", "over", "failed"]

OpenSource = Callable[[Choice, Take], Source]  # raises ImuTrackerError
Keep = Callable[[Path], Awaitable[None]]  # analyses a session's folder and keeps that; raises ImuTrackerError


@dataclass
class Running:
    """A session while it lasts, and what is left of it on the screen when it is over.

    choice: what is done now; where a plan is followed it changes. reps, drops: events so far, for who clicks and sounds. kept:
    the session's name in the store. trouble: why it failed or ended by itself, or why it couldn't be analysed.
    """

    choice: Choice
    phase: Phase = "connecting"
    source: Source | None = None
    guide: Guide | None = None
    guided: GuideState | None = None
    reps: int = 0
    drops: int = 0
    last_drop_deg: float = 0.0
    kept: str | None = None
    trouble: str = ""
    notices: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """What is counted, and who is guided: the pelvis also bows, since only there bows tell something."""
        self.live = LiveSession(self.choice.wish)
        self.seen: tuple[str, ...] = ()
        plan = self.choice.plan
        self.following = Following(plan, self.choice.first) if plan.rows else None
        self._guided_placement: str | None = None
        self._latest: dict[str, deque[Floats]] = {}

    def take(self, samples: Samples) -> None:
        """Samples as they come; those restored late are for the analysis at the end."""
        if samples.restored:
            return
        if self.phase == "connecting":
            self.phase = "calibrating"
        if self.guide is None and self.guided is None:
            bows = "pelvis" in self.choice.sensors or samples.placement == "pelvis"
            self.guide = Guide(WISHED if bows else 0)
            self._guided_placement = "pelvis" if bows else samples.placement
        if self.guide is not None and samples.placement == self._guided_placement:
            self.guide.push(samples.t_s, samples.acc, samples.gyr)
        if self.guide is not None:
            self._latest.setdefault(samples.placement, deque(maxlen=LATEST)).append(samples.acc)
        self.happened(self.live.push(samples.placement, samples.t_s, samples.acc, samples.gyr))
        if self.phase == "calibrating" and self.live.view.going_on is not None:
            self.start_working()

    def happened(self, events: Iterable[LiveEvent]) -> None:
        """What live has told."""
        self.seen = self.live.notes or self.seen  # a sensor that has slipped stays so, whatever a later look covers
        for event in events:
            if isinstance(event, RepSeen):
                self.reps += 1
            elif isinstance(event, DropSeen):
                self.drops += 1
                self.last_drop_deg = event.drop_deg
            elif isinstance(event, SetOver) and event.found is not None and self.following is not None:
                self.following.closed(event.found)
                self.told()

    def told(self) -> None:
        """What is done from now on is what the plan says."""
        if self.following is None:
            return
        self.choice = self.choice.of(self.following.step)
        if self.choice.wish != self.live.wish:
            since_s = self.live.tell(self.choice.wish)
            if self.source is not None:
                self.source.note(TOLD, {"since_s": since_s, **wish_words(self.choice.wish)})

    def look(self) -> None:
        """Ask the guide how far the calibration is."""
        if self.guide is None or self.phase != "calibrating":
            return
        before, self.guided = self.guided, self.guide.state()
        if self.guided.stage in ("bow", "done") and (before is None or before.stage == "stand"):
            for placement, latest in self._latest.items():  # quiet standing has just been seen
                off = off_gravity(placement, np.concatenate(latest))
                if off:
                    self.notices[f"gravity {placement}"] = off
        if self.guided.over:
            self.start_working()

    def start_working(self) -> None:
        """The calibration is over, as it is for who skips it."""
        if self.phase != "calibrating":
            return
        self.phase = "running"
        if self.source is not None and self.guided is not None:
            self.source.note("calibration", {"stage": self.guided.stage, "bows": self.guided.bows})
        if self.guided is None or self.guided.stage != "done":
            self.notices["uncalibrated"] = texts.UNCALIBRATED
        self.guide, self.guided = None, self.guided or GuideState("given up", 0.0, 0, "", "")


class Hub:
    """Begins, follows and ends sessions, one at a time."""

    def __init__(self, open_source: OpenSource, keep: Keep) -> None:
        self._open, self._keep = open_source, keep
        self.running: Running | None = None
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    @property
    def phase(self) -> Phase:
        """Where it is."""
        return "idle" if self.running is None else self.running.phase

    @property
    def busy(self) -> bool:
        """Whether a session is under way."""
        return self._task is not None and not self._task.done()

    def start(self, choice: Choice) -> None:
        """Begin a session; raises UsageError while there is one, ImuTrackerError where its source can't be had."""
        if self.busy:
            raise UsageError("A session is under way.")
        running = Running(choice)
        running.source = self._open(choice, running.take)
        self.running, self._ending = running, asyncio.Event()
        self._task = asyncio.create_task(self._run(running, running.source))

    def skip(self) -> None:
        """No more of the calibration."""
        if self.running is not None:
            self.running.start_working()

    def go_to(self, number: object) -> None:
        """To another set of the plan, from 0, as a page sends it; anything else changes nothing."""
        if self.running is not None and self.running.following is not None and isinstance(number, int):
            self.running.following.go_to(number)
            self.running.told()

    async def stop(self) -> None:
        """End the session, and wait until its files and its analysis are there."""
        self._ending.set()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await asyncio.shield(self._task)

    def leave(self) -> None:
        """Away from what is left of the last session."""
        if not self.busy:
            self.running = None

    async def _run(self, running: Running, source: Source) -> None:
        playing = asyncio.create_task(source.play())
        ending = asyncio.create_task(self._ending.wait())
        looking = asyncio.create_task(_look(running))
        failed = False
        try:
            done, _ = await asyncio.wait({playing, ending, looking}, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        except RecordingStopped as e:
            running.trouble = str(e)  # what came before is kept
        except ImuTrackerError as e:
            running.trouble, failed = str(e), True
        finally:
            for one in (playing, ending, looking):
                one.cancel()
            await asyncio.gather(playing, ending, looking, return_exceptions=True)
            await self._finish(running, source, failed)

    async def _finish(self, running: Running, source: Source, failed: bool) -> None:
        running.phase = "finishing"
        running.happened(running.live.finish())
        try:
            folder = await source.close()
            if folder is not None:
                running.kept = folder.name
                await self._keep(folder)
        except ImuTrackerError as e:
            running.trouble = running.trouble or str(e)
        finally:
            running.phase = "failed" if failed and running.kept is None else "over"


async def _look(running: Running) -> None:
    while True:
        running.look()
        await asyncio.sleep(LOOK_S)
