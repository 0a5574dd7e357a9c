"""The CSV files inside a zip, read in memory: nothing is ever unpacked to disk, so a member's name can't lead anywhere."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from imu_tracker.errors import FileError

MOST_BYTES = 2 << 30  # a day of every sensor of a phone at 100 Hz is about 1 GiB of text
MOST_RATIO = 200  # text of numbers shrinks about 3-fold, a constant sensor's up to 100-fold; a zip bomb 1000-fold
MOST_MEMBERS = 10_000  # a recording has a file a sensor, and perhaps pictures
_SMALL_BYTES = 1 << 20  # below this the ratio doesn't matter
# RuntimeError: locked with a password; NotImplementedError: packed in a way that Python doesn't know
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    ImportError,
    MemoryError,
)


def is_zip(data: bytes) -> bool:
    """Whether a file's first bytes are those of a zip with something in it."""
    return data[:4] == b"PK\x03\x04"


class CsvMembers(Mapping[str, bytes]):
    """A zip's CSV files by their names, each unpacked when it is asked for, so that no two need be in memory at once.

    Raises FileError where the zip is damaged, locked, or would swell beyond reason. Names that are absolute or climb (`..`) are
    passed over, as are the resource forks that macOS adds.
    """

    def __init__(self, data: bytes, path: str) -> None:
        self._path = path
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _FAULTS as e:
            raise self._fault(e) from e
        listed = self._zip.infolist()
        if len(listed) > MOST_MEMBERS:
            raise FileError(path, f"the zip holds {len(listed)} files, which no recording does; it isn't read.")
        infos = [info for info in listed if _is_csv(info.filename)]
        total = sum(i.file_size for i in infos)
        packed = sum(i.compress_size for i in infos)
        if total > MOST_BYTES or total > max(_SMALL_BYTES, MOST_RATIO * packed):
            raise FileError(path, f"the zip would unpack to {total / 1e6:.0f} MB from {packed / 1e6:.3f} MB; it isn't read.")
        self._infos = {i.filename.replace("\\", "/"): i for i in infos}

    def __getitem__(self, name: str) -> bytes:
        """A member's bytes; never more than it said it would unpack to."""
        try:
            return self._zip.read(self._infos[name])
        except _FAULTS as e:
            raise self._fault(e) from e

    def __iter__(self) -> Iterator[str]:
        return iter(self._infos)

    def __len__(self) -> int:
        return len(self._infos)

    def _fault(self, e: BaseException) -> FileError:
        what = str(e)[:120] or type(e).__name__
        return FileError(self._path, f"the zip is damaged, or locked with a password ({what}).")


def _is_csv(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    strange = not parts or ".." in parts or parts[0].endswith((":", "/")) or parts[0] == "__MACOSX"
    return not strange and not parts[-1].startswith("._") and parts[-1].lower().endswith(".csv")
