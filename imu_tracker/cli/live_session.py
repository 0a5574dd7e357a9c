"""A session that is watched: samples to the live analysis and its screen, from sensors or from a recording."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imu_tracker.live import DropSeen, LiveEvent, LiveSession

if TYPE_CHECKING:
    from imu_tracker.analysis import Wish
    from imu_tracker.cli.live_screen import LiveScreen
    from imu_tracker.cli.outlets import Outlets
    from imu_tracker.ingest.placed import Samples, Status

DRAW_S = 0.1  # wall time between two pictures
BELL = "\a"


@dataclass
class Watched:
    """What the samples of a session come to, and who looks at it.

    bell: rings when the pelvis drops. said: what the wearer should do now. outlets: where samples and events are sent as well.
    """

    live: LiveSession
    screen: LiveScreen
    bell: bool = False
    said: str = ""
    outlets: Outlets | None = None

    def take(self, samples: Samples) -> None:
        """Samples as they come; those restored late are for the analysis at the end."""
        if samples.restored:
            return
        if self.outlets is not None:
            self.outlets.push(samples)
        events = self.live.push(samples.placement, samples.t_s, samples.acc, samples.gyr)
        self._tell(events)
        if self.bell and any(isinstance(e, DropSeen) for e in events):
            print(BELL, end="", flush=True)

    def end(self) -> None:
        """No more come."""
        self._tell(self.live.finish())

    def _tell(self, events: Sequence[LiveEvent]) -> None:
        self.screen.tell(events)
        if self.outlets is not None:
            self.outlets.tell(events)

    async def draw(self, status: Callable[[], Mapping[str, Status]]) -> None:
        """Draws until cancelled."""
        while True:
            self.screen.show(self.live.view, status(), self.said)
            await asyncio.sleep(DRAW_S)


def threshold_deg(wish: Wish) -> float | None:
    """From which drop on it is flagged, where that is known beforehand."""
    from imu_tracker import analysis

    return analysis.threshold_deg(wish, analysis.named(wish))


def title_of(wish: Wish) -> str:
    """What is done, as the screen's head."""
    from imu_tracker import words

    name = "any exercise" if wish.told is None else words.exercise(wish.told)
    return name + (f", {wish.side}" if wish.side else "")
