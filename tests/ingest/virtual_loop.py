"""An event loop whose clock jumps to the next timer when nothing is ready: hours in seconds, the same in every run."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from selectors import SelectorKey
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.time_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("nothing is left that could happen: the test waits for ever")
        if not ready and timeout is not None and timeout > 0:
            self.time_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._selector_of_time = _Selector()
        super().__init__(self._selector_of_time)

    def time(self) -> float:
        return self._selector_of_time.time_s


def run(story: Coroutine[Any, Any, T], limit_s: float = 2 * 3600) -> T:
    """Run a test's story on a virtual clock; more than `limit_s` virtual seconds is a failure."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(asyncio.wait_for(story, limit_s))
