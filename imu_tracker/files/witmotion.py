"""WitMotion logs: what its programs for Windows and phones, and its SDK, write; CSV or TXT.

`Time,Device name,Chip Time(),Acceleration X(g),...,Angular velocity X(°/s),...` (commas or tabs; `°` perhaps in GBK), or, behind
a line `StartTime: ...`, `ChipTime`, `ax(g)`, ..., `wx(deg/s)`, ... (layouts: the SDK's own example programs, the readers of
Gyroflow's telemetry-parser, and the columns that public programs read). Chip time is the sensor's clock, such as
`2024-3-19 16:44:16:689`, where it is set to send it; else that column stands still, and `Time`, the receiver's, is what there
is. The columns themselves are the plain table's in other words; all that has to be chosen here is the clock.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imu_tracker.errors import ColumnsError, FileError
from imu_tracker.files.columns import ColumnMap
from imu_tracker.files.joining import Samples
from imu_tracker.files.sheets import Sheet
from imu_tracker.files.tables import heading, is_plain, read_table
from imu_tracker.numeric import Floats

_STANDS_STILL = 0.2  # a clock that shows fewer different times than this share of its samples isn't the samples' clock


def _chip(sheet: Sheet) -> str | None:
    return next((n for n in sheet.names if heading(n)[0] == "chiptime"), None)


def is_witmotion(sheet: Sheet) -> bool:
    """Whether a sheet has WitMotion's two clocks, or its sensor's alone."""
    return _chip(sheet) is not None


def read_witmotion(sheet: Sheet) -> Samples:
    """A WitMotion log on the sensor's clock where that runs, else on the receiver's, which is said. Raises FileError."""
    chip = _chip(sheet)
    assert chip is not None
    _check_one_sensor(sheet)
    received = is_plain(sheet)
    try:
        samples = read_table(sheet, ColumnMap({"t": chip}))
    except ColumnsError:
        if not received:
            raise
    else:
        if _runs(samples.t) or not received:
            return samples
    note = "The sensor's own clock (Chip Time) stands still, so the times are those at which the samples were received."
    samples = read_table(sheet)
    return replace(samples, about={**samples.about, "timestamps": "arrival"}, notes=(*samples.notes, note))


def _check_one_sensor(sheet: Sheet) -> None:
    column = next((k for k, n in enumerate(sheet.names) if heading(n)[0] in ("devicename", "address")), None)
    sensors = () if column is None else sheet.distinct(column)
    if len(sensors) > 1:
        raise FileError(
            sheet.path,
            f"it holds the rows of {len(sensors)} sensors ({', '.join(sensors[:4])}); make a file of each, with its placement.",
        )


def _runs(t: Floats) -> bool:
    good = t[np.isfinite(t)]
    return len(good) > 0.5 * len(t) and len(np.unique(good)) > _STANDS_STILL * len(good)
