"""Movella (Xsens) DOT exports: CSV of the phone app, the SDK and the data exporter.

`sep=,`, then lines such as `DeviceTag:,left`, `FirmwareVersion:,1.6.0`, `StartTime:,...` and the maker's name, a blank line, and
the heading: `PacketCounter,SampleTimeFine`, then what the measurement mode has, such as `Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z`
(layout: the SDK's logger class, and exported files in public repositories, such as Allwillcome/XsensDot2Mtw4OpenSense).
SampleTimeFine counts microseconds in 32 bits, and so begins anew every 72 minutes. Acc is specific force in m/s² and Gyr is in
deg/s (BLE services specification; at rest such a file reads 9.8 and a few degrees a second). The first row of an export may hold
zeros alone. `FreeAcc` lacks gravity, and increments (`dv`, `dq`) aren't read.
"""

from __future__ import annotations

import numpy as np

from imu_tracker.errors import FileError
from imu_tracker.files.joining import Samples
from imu_tracker.files.sheets import Sheet
from imu_tracker.files.tables import AXES, heading
from imu_tracker.files.units import RADIANS_S, SI
from imu_tracker.numeric import Floats
from imu_tracker.recording import PLACEMENTS, placement_name

_WRAP_US = 2.0**32


def is_dot(sheet: Sheet) -> bool:
    """Whether a sheet is a DOT export. (Xsens' MT Manager has a SampleTimeFine too, of another unit, but no device tag.)"""
    return "DeviceTag" in sheet.about and "sampletimefine" in [heading(n)[0] for n in sheet.names]


def read_dot(sheet: Sheet) -> Samples:
    """A DOT export in SI, from its first sample on; raises FileError where it has no acceleration as it was measured."""
    words = [heading(n)[0] for n in sheet.names]
    acc_at = [words.index(f"acc{a}") for a in AXES if f"acc{a}" in words]
    gyr_at = [words.index(f"gyr{a}") for a in AXES if f"gyr{a}" in words]
    if len(acc_at) < 3:
        raise FileError(
            sheet.path,
            "this DOT export has no acceleration as it was measured (Acc_X, Acc_Y, Acc_Z), which free acceleration and "
            "increments can't stand for; measure or export 'Rate quantities' or 'Custom mode 5'.",
        )
    columns = sheet.read([words.index("sampletimefine"), *acc_at, *(gyr_at if len(gyr_at) == 3 else ())])
    values = np.column_stack(columns.values[1:])
    t = _unwrapped(columns.values[0]) * 1e-6
    there = np.flatnonzero((values != 0).any(axis=1))
    begin = int(there[0]) if len(there) else 0  # zeros: the export begins before the sensor's first sample
    gyr = values[begin:, 3:] * RADIANS_S["deg/s"] if values.shape[1] == 6 else None
    about = dict(sheet.about)
    tag = placement_name(about["DeviceTag"])
    if tag in PLACEMENTS:
        about["placement"] = tag
    return Samples(sheet.path, t[begin:], values[begin:, :3], gyr, SI, about, columns.notes, certain=True)


def _unwrapped(ticks: Floats) -> Floats:
    """A 32-bit count (N,) that goes on where it began anew."""
    out = ticks.copy()
    good = np.isfinite(ticks)
    steps = np.diff(ticks[good], prepend=ticks[good][:1])
    out[good] += _WRAP_US * np.cumsum(steps < -0.5 * _WRAP_US)
    return out
