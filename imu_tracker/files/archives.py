"""The CSV files inside a zip, read in memory: nothing is ever unpacked to disk, so a member's name can't lead anywhere."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from imu_tracker.errors import FileError

MOST_BYTES = 2 << 30  # a day of every sensor of a phone at 100 Hz is about 1 GiB of text
MOST_RATIO = 200  # text of numbers shrinks about 3-fold, a constant sensor's up to 100-fold; a zip bomb 1000-fold
_SMALL_BYTES = 1 << 20  # below this the ratio doesn't matter


def is_zip(data: bytes) -> bool:
    """Whether a file's first bytes are those of a zip with something in it."""
    return data[:4] == b"PK\x03\x04"


def csv_members(data: bytes, path: str) -> dict[str, bytes]:
    """The zip's CSV files by their names; raises FileError where it is damaged, locked, or would swell beyond reason.

    Names that are absolute or climb (`..`) are passed over, as are the resource forks that macOS adds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            infos = []
            for info in z.infolist():
                parts = PurePosixPath(info.filename.replace("\\", "/")).parts
                strange = not parts or ".." in parts or parts[0].endswith((":", "/")) or parts[0] == "__MACOSX"
                if not strange and not parts[-1].startswith("._") and parts[-1].lower().endswith(".csv"):
                    infos.append(info)
            total = sum(i.file_size for i in infos)
            packed = sum(i.compress_size for i in infos)
            if total > MOST_BYTES or total > max(_SMALL_BYTES, MOST_RATIO * packed):
                raise FileError(path, f"the zip would unpack to {total / 1e6:.0f} MB from {packed / 1e6:.3f} MB; it isn't read.")
            return {i.filename.replace("\\", "/"): z.read(i) for i in infos}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, ImportError) as e:
        # RuntimeError: locked with a password; NotImplementedError: packed in a way that Python doesn't know
        raise FileError(path, f"the zip is damaged, or locked with a password ({str(e)[:120] or type(e).__name__}).") from e
