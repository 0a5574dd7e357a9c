"""A progress bar on stderr for work that takes more than a second, where a person watches."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_S = 1.0  # shorter work shows no bar


class ShownProgress:
    """A context manager to hand to `analyze` as its `progress`: called with what is being done and the share done, 0-1.

    estimate: whether to say how long it will still take. Shows nothing unless stderr is a terminal and `PATIENCE_S` have passed
    since it was entered; the bar is gone when it is left.
    """

    def __init__(self, patience_s: float = PATIENCE_S, estimate: bool = False) -> None:
        self._patience_s, self._estimate = patience_s, estimate
        self._bar: Progress | None = None

    def __enter__(self) -> ShownProgress:
        self._since_s = time.monotonic()
        self._watched = sys.stderr.isatty()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, what: str, share: float) -> None:
        """Take note that `share` of the work is done and that `what` comes next."""
        if not self._watched:
            return
        if self._bar is None:
            if time.monotonic() - self._since_s < self._patience_s or share >= 1:
                return
            self._bar = self._shown(what)
        self._bar.update(self._bar.task_ids[0], description=what, completed=share)

    def _shown(self, what: str) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        left = (TextColumn("about"), TimeRemainingColumn(), TextColumn("left")) if self._estimate else ()
        bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
            *left,
            console=Console(stderr=True),
            transient=True,
        )
        bar.add_task(what, total=1.0)
        bar.start()
        return bar
