"""The console that results are printed to."""

from __future__ import annotations

from rich.console import Console


class Terminal(Console):
    """stdout, without rich's colouring of numbers, and leaving a reader that has gone to `main`."""

    def __init__(self) -> None:
        super().__init__(highlight=False)

    def on_broken_pipe(self) -> None:
        """Let the BrokenPipeError through, where rich would end the process with status 1."""
        raise
