"""Axivity AX3 and AX6: the sensors' own `.cwa` files, by `cwa-reader-rs` (Mobilise-D; the extra `axivity`).

CSV exports of OMGUI, omconvert and cwa-convert need no extra: `Time,Accel-X (g), ...,Gyro-Z (d/s)` (README of Open Movement's
omsynth, which describes them) is a plain table whose times are written as on a clock. The sensor's clock has no zone.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from imu_tracker.errors import FileError
from imu_tracker.files.clocktext import begun
from imu_tracker.files.extras import imported
from imu_tracker.files.joining import Samples
from imu_tracker.files.units import METRES_S2, RADIANS_S, SI

_HEAD = b"MD\xfc\x03"  # cwa.h of Open Movement: the header's mark, and its length


def is_cwa(head: bytes) -> bool:
    """Whether a file's first bytes are those of a `.cwa` file."""
    return head.startswith(_HEAD)


def read_cwa(path: Path) -> Samples:
    """A `.cwa` file in SI, on the sensor's own clock, seconds since 1970 as it showed them. Raises FileError, MissingExtra."""
    reader = imported("cwa_reader_rs", "axivity", path)
    try:
        table = reader.read_cwa_file(
            str(path), include_magnetometer=False, include_temperature=False, include_light=False, include_battery=False
        )
    except Exception as e:
        raise FileError(path, f"the .cwa file is cut short or damaged ({str(e)[:120] or type(e).__name__}).") from e
    except BaseException as e:
        if type(e).__name__ != "PanicException":  # how a fault inside the reader, which is Rust, comes out
            raise
        raise FileError(path, "the .cwa file is damaged.") from e
    if not len(table):
        raise FileError(path, "the .cwa file holds no samples.")

    def three(prefix: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        return np.column_stack([table[f"{prefix}_{axis}"].to_numpy(np.float64) for axis in "xyz"])

    t = table.index.to_numpy().astype("datetime64[ns]").astype(np.int64) * 1e-9
    gyr = three("gyro") * RADIANS_S["deg/s"] if "gyro_x" in table.columns else None
    about = {"started": begun(t)} if begun(t) else {}
    return Samples(str(path), t, three("acc") * METRES_S2["g"], gyr, SI, about, (), certain=True)
