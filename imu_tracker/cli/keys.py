"""Single key presses while an event loop runs. Without a terminal there are none."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_NO_LETTERS = re.compile(rb"\x1b(\[[0-9;]*.|O.)?")  # what arrow and function keys send
POLL_S = 0.05  # Windows has nothing to wait on


@contextmanager
def key_presses(on_key: Callable[[str], None]) -> Iterator[bool]:
    """While inside, each key pressed is handed to `on_key`; whether there is a keyboard. Needs a running event loop."""
    if not sys.stdin.isatty():
        yield False
        return
    if sys.platform == "win32":
        polling = asyncio.get_running_loop().create_task(_poll(on_key))
        try:
            yield True
        finally:
            polling.cancel()
        return
    import os
    import termios
    import tty

    handle, loop = sys.stdin.fileno(), asyncio.get_running_loop()

    def read() -> None:
        pressed = os.read(handle, 64)
        if not pressed:  # the terminal has gone
            loop.remove_reader(handle)
        for key in _NO_LETTERS.sub(b"", pressed).decode(errors="ignore"):
            on_key(key)

    before = termios.tcgetattr(handle)
    tty.setcbreak(handle)  # as they are pressed and without echo; Ctrl-C still interrupts
    loop.add_reader(handle, read)
    try:
        yield True
    finally:
        loop.remove_reader(handle)
        termios.tcsetattr(handle, termios.TCSADRAIN, before)


async def _poll(on_key: Callable[[str], None]) -> None:
    if sys.platform == "win32":  # for the type checker: msvcrt is known there alone
        import msvcrt

        while True:
            while msvcrt.kbhit():
                key = msvcrt.getwch()
                if key in ("\x00", "\xe0"):
                    msvcrt.getwch()  # an arrow or function key comes as two
                else:
                    on_key(key)
            await asyncio.sleep(POLL_S)
