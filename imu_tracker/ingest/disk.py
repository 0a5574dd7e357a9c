"""What a recording needs of the disk: folders that are never shared or reused, files that only grow, one writer at a time."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from imu_tracker.errors import FileError

LOCK = "recording.lock"


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def new_session_folder(root: Path, started: datetime) -> Path:
    """Make a folder named by the start, such as `2026-11-21_14-35-31`; `-2` and so on where there is one. Raises FileError."""
    name = started.strftime("%Y-%m-%d_%H-%M-%S")
    try:
        root.mkdir(parents=True, exist_ok=True)
        number = 1
        while True:
            folder = root / (name if number == 1 else f"{name}-{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                number += 1
                continue
            sync_folder(root)
            return folder
    except OSError as e:
        raise FileError(root, f"no folder for the recording can be made in it ({e.strerror or e}).") from e


class AppendFile(Protocol):
    """A file that only grows. Each raises OSError; a piece that couldn't be appended as a whole is not there at all."""

    def append(self, data: bytes) -> None:
        """Hand bytes to the system, which keeps them though this process dies."""

    def sync(self) -> None:
        """Wait until what was appended is on the disk itself."""

    def close(self) -> None:
        """End; a second time it does nothing."""


class DiskFile:
    """An `AppendFile` on the disk; raises FileExistsError where there is a file of that name."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        self._size = 0

    def append(self, data: bytes) -> None:
        """As `AppendFile` says."""
        written = 0
        try:
            while written < len(data):
                written += os.write(self._handle, memoryview(data)[written:])
        except OSError:
            with suppress(OSError):  # part of it fitted; where it can't be taken back, recovery steps over it
                os.ftruncate(self._handle, self._size)
            with suppress(OSError):
                os.lseek(self._handle, self._size, os.SEEK_SET)
            raise
        self._size += written

    def sync(self) -> None:
        """As `AppendFile` says."""
        os.fsync(self._handle)

    def close(self) -> None:
        """As `AppendFile` says."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _try_lock(handle: int) -> bool:
    """Lock an open file, or tell that someone else has; the system frees it when its holder ends, however it ends."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, 1 << 30, os.SEEK_SET)  # behind the pid, which stays readable
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class FolderLock:
    """The right to write in a session's folder: a file with the holder's pid, locked by the system as long as the holder lives.

    The pid is for people: whether its process still lives is not asked of the number, which may belong to another by now.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self._path, self._handle = path, handle

    @classmethod
    def take(cls, folder: Path, name: str = LOCK) -> FolderLock | None:
        """The lock of a folder, or None where someone holds it; name: of its file. Raises OSError."""
        path = folder / name
        while True:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                if not _try_lock(handle):
                    os.close(handle)
                    return None
                if _is_at(handle, path):
                    with suppress(OSError):  # a full disk: the lock holds without the pid
                        os.truncate(handle, 0)
                        os.lseek(handle, 0, os.SEEK_SET)
                        os.write(handle, f"{os.getpid()}\n".encode())
                    return cls(path, handle)
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)  # its last holder removed it between our opening and locking it

    def release(self) -> None:
        """Let others in; a second time it does nothing."""
        if self._handle < 0:
            return
        if sys.platform != "win32":
            with suppress(OSError):
                self._path.unlink()  # while it is still ours: a newcomer sees that its file is gone, and makes another
        os.close(self._handle)
        self._handle = -1
        if sys.platform == "win32":
            with suppress(OSError):  # Windows removes no open file; where a newcomer has it open, it stays
                self._path.unlink()


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
