"""Everything that can go wrong, as one family.

    ImuTrackerError            a person can read it: what went wrong, where, what to do
    ├── UsageError             the words of the call are off (exit status 2)
    ├── MissingExtra           a package that only some formats and options need isn't installed
    ├── FileError              a file is absent, empty, not of a known form, or can't be written
    │   ├── ColumnsError       a table lacks columns that are needed
    │   ├── ModelError         a model's file is damaged, tampered with, or of another version
    │   └── RecordingStopped   the disk takes no more samples; what came before is kept
    ├── SamplesError           the samples themselves can't be used: too few, not numbers, no time
    ├── DecodeError            a sensor's bytes aren't what they should be; the packets after them decode all the same
    ├── BluetoothError         the radio or the way to a sensor: no adapter, no permission, out of range, taken, pairing refused
    ├── CatalogueError         the exercise catalogue breaks one of its own rules
    └── NoSuchExercise         a name that the catalogue doesn't have

Each carries one clear sentence; `str(error)` is what the user sees, without a traceback.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence

_DISK_TROUBLE = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk's quota is used up",
    errno.EFBIG: "the file may not grow any further",
    errno.EROFS: "the disk can only be read",
    errno.EIO: "the disk reports a fault",
}


class ImuTrackerError(Exception):
    """The family's head: catch this to catch all that the package raises on purpose."""


class UsageError(ImuTrackerError):
    """The words of a call are off, such as an unknown unit or two files for one placement."""


class FileError(ImuTrackerError):
    """A file can't be read or written; `path` says which."""

    def __init__(self, path: object, what: str) -> None:
        self.path = str(path)
        super().__init__(f"{self.path}: {what}")


class MissingExtra(ImuTrackerError):
    """A package that only some formats and options need isn't installed; `extra` says with which extra it comes."""

    def __init__(self, needed_by: object, extra: str) -> None:
        self.extra = extra
        super().__init__(f'{needed_by}: this needs a package that isn\'t installed: pip install "imu-tracker[{extra}]".')


class ColumnsError(FileError):
    """A table's columns aren't the ones needed; `found` and `missing` name them."""

    def __init__(self, path: object, found: Sequence[str], missing: Sequence[str], hint: str = "") -> None:
        self.found, self.missing = tuple(found), tuple(missing)
        shown = ", ".join(found[:12]) + (", …" if len(found) > 12 else "")
        super().__init__(
            path,
            f"column{'s' if len(missing) > 1 else ''} {', '.join(missing)} not found; the file has: {shown or 'none'}. "
            f"Wanted: t, ax, ay, az and, where there is a gyroscope, gx, gy, gz; --columns says which is which."
            f"{' ' + hint if hint else ''}",
        )


class ModelError(FileError):
    """A model's file is damaged, has been tampered with, or is of another version; nothing of it was used."""


class RecordingStopped(FileError):
    """The disk takes no more samples, so the recording ended; `number` is the system's errno. What came before is kept."""

    def __init__(self, path: object, error: OSError) -> None:
        self.number = error.errno
        why = _DISK_TROUBLE.get(error.errno or 0, f"the disk takes no more samples ({error.strerror or error})")
        super().__init__(path, f"{why}; the recording was stopped, and what came before is kept.")


class SamplesError(ImuTrackerError):
    """Samples that can't be used: too few of them, not numbers, or without usable times."""


class DecodeError(ImuTrackerError):
    """Bytes from a sensor that can't be what they should be; `kind` says of which sensor. Later packets decode all the same."""

    def __init__(self, kind: str, what: str) -> None:
        self.kind = kind
        super().__init__(f"{kind}: {what}")


class BluetoothError(ImuTrackerError):
    """The radio can't be used or a sensor can't be reached; `problem` names which, `mend` says what to do about it here."""

    def __init__(self, problem: str, what: str, mend: str) -> None:
        self.problem, self.mend = problem, mend
        super().__init__(f"{what} {mend}".strip())


class CatalogueError(ImuTrackerError):
    """The exercise catalogue breaks one of its own rules."""


class NoSuchExercise(UsageError):
    """A name that the catalogue doesn't have; `near` lists the closest names."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        self.name, self.near = name, tuple(near)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        super().__init__(f"There is no exercise {name!r} in the catalogue.{hint} `imu-tracker exercises` lists them all.")


def fault(error: Exception) -> str:
    """The sentence for an exception that nobody raised on purpose: a fault of the program's own."""
    return f"This is a fault of imu-tracker, please report it: {type(error).__name__}: {' '.join(str(error).split())}"
