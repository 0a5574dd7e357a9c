"""What several processes at work in one store need: waiting for each other, and names that are taken once."""

from __future__ import annotations

import os
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imu_tracker.errors import FileError
from imu_tracker.ingest.disk import FolderLock, sync_folder

STORE_LOCK = "store.lock"
INCOMING = ".incoming-"
PATIENCE_S = 10.0  # how long another process at work is waited for; its turns take milliseconds
LOOK_S = 0.005


@contextmanager
def waited_lock(folder: Path, name: str, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Alone among all processes, waiting for the others; raises OSError, FileError where they take too long."""
    until_s = time.monotonic() + patience_s
    while (lock := FolderLock.take(folder, name)) is None:
        if time.monotonic() > until_s:
            raise FileError(folder, "another process has been at work here for too long; try again when it is done.")
        time.sleep(LOOK_S)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """The right to change what is said in a store's sessions, and which there are; raises FileError."""
    try:
        with waited_lock(root, STORE_LOCK):
            yield
    except OSError as e:
        raise FileError(root, f"the store can't be written ({e.strerror or e}).") from e


@contextmanager
def incoming_folder(root: Path) -> Iterator[Path]:
    """A folder in a store that no list shows, to make something whole in; gone afterwards. Raises OSError."""
    folder = root / f"{INCOMING}{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def claim(root: Path, name: str, source: Path) -> str:
    """Move a folder into a store under a name, or `-2` and so on where it is taken, whoever else makes folders; the name.

    Raises OSError.
    """
    wanted, number = name, 1
    while True:
        try:
            (root / wanted).mkdir()
            break
        except FileExistsError:
            number += 1
            wanted = f"{name}-{number}"
    try:
        if sys.platform == "win32":  # there a folder can't take the place of another
            (root / wanted).rmdir()
        os.rename(source, root / wanted)
    except OSError:
        if (root / wanted).is_dir():
            (root / wanted).rmdir()
        raise
    sync_folder(root)
    return wanted
