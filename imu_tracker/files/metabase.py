"""MbientLab MetaBase exports: one CSV a sensor, `..._Accelerometer_12.500Hz_1.4.4.csv` and `..._Gyroscope_25.000Hz_1.4.4.csv`.

Columns, as seen in exports of versions 1.4.4: `epoch (ms)`, `time (<zone>)`, `elapsed (s)`, and `x-axis (g)` or `x-axis (deg/s)`
and so on. `elapsed` begins at 0 in each file, though the sensors don't start together; so `epoch` is the clock.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from imu_tracker.files.joining import Samples
from imu_tracker.files.sheets import Sheet
from imu_tracker.files.tables import AXES, heading
from imu_tracker.files.units import METRES_S2, RADIANS_S, SI


def _unit(sheet: Sheet) -> str | None:
    """The unit of the three axes, where the heading is MetaBase's."""
    words = [heading(n) for n in sheet.names]
    axes = {unit for word, unit in words if word in [f"{a}axis" for a in AXES]}
    if ("epoch", "ms") not in words or len(axes) != 1 or sum(w.endswith("axis") for w, _ in words) != 3:
        return None
    unit = axes.pop()
    return unit if unit in ("g", "deg/s") else None


def is_metabase(sheet: Sheet) -> bool:
    """Whether a sheet is a MetaBase accelerometer or gyroscope file."""
    return _unit(sheet) is not None


def read_metabase(sheet: Sheet) -> Samples:
    """One MetaBase file in SI, seconds since 1970: the half that it holds."""
    words = [heading(n)[0] for n in sheet.names]
    columns = sheet.read([words.index("epoch"), *(words.index(f"{a}axis") for a in AXES)])
    t = columns.values[0] * 1e-3
    values = np.column_stack(columns.values[1:])
    if _unit(sheet) == "g":
        return Samples(sheet.path, t, values * METRES_S2["g"], None, SI, sheet.about, columns.notes, certain=True)
    return Samples(sheet.path, t, None, values * RADIANS_S["deg/s"], SI, sheet.about, columns.notes, certain=True)


def twin_of(path: Path) -> Path | None:
    """The file beside this one with the other half of the pair, by its name; None where there is none, or more than one."""
    for mine, theirs in (("_Accelerometer_", "_Gyroscope_"), ("_Gyroscope_", "_Accelerometer_")):
        before, found, _ = path.name.rpartition(mine)
        if found and path.parent.is_dir():
            twins = sorted(p for p in path.parent.iterdir() if p.name.startswith(before + theirs) and p.suffix == path.suffix)
            return twins[0] if len(twins) == 1 else None
    return None
