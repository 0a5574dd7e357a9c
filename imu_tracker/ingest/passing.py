"""The clock of a session: seconds since it began, which never jump and go on while the machine sleeps."""

from __future__ import annotations

import asyncio
import sys
import time

WORTH_S = 0.5  # a sleep of the machine takes longer; reading two clocks one after the other differs by less


class SessionClock:
    """Seconds since it was made, inside a running event loop; nobody can set it, unlike the time of day.

    The loop's own clock stands while the machine sleeps, on Linux and macOS, and sensors don't: a link that outlived a short
    sleep would hand on samples after it as if they came right behind those before.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._zero_s, self._awake_s, self._slept_s = self._loop.time(), slept_s(), 0.0

    def __call__(self) -> float:
        """The seconds."""
        # The lesser of two looks: being put aside between a look's two clocks is no sleep.
        slept = min(slept_s(), slept_s()) - self._awake_s
        if slept > self._slept_s + WORTH_S:
            self._slept_s = slept
        return self._loop.time() - self._zero_s + self._slept_s


def slept_s() -> float:
    """How long the machine has slept since some moment, as far as its clocks tell: s, less than a tenth off."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic()
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC) - time.monotonic()  # Python's own stands there
    return 0.0  # Windows' goes on
