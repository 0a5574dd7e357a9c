"""The plain table of the interface: t, ax, ay, az and, where there is a gyroscope, gx, gy, gz, under these or usual spellings."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from imu_tracker.errors import ColumnsError
from imu_tracker.files.clocktext import begun
from imu_tracker.files.columns import ACC, AS_USUAL, GYR, ColumnMap
from imu_tracker.files.joining import Samples
from imu_tracker.files.sheets import Sheet
from imu_tracker.files.units import SI, AccUnit, GyrUnit, TimeUnit, Units
from imu_tracker.numeric import Floats

AXES = ("x", "y", "z")
SI_WORDS = "s, m/s2, rad/s"  # what our own files say under `# units:`

# The first that a heading has is used; compared in lower case without `_`, blanks and units.
_TIMES = (
    "t",
    "secondselapsed",
    "elapsed",
    "elapsedtime",
    "time",
    "timestamp",
    "timestamps",
    "seconds",
    "sec",
    "epoch",
    "unixtime",
    "sampletime",
    "sensortime",
)
_ACC_SPELT = (
    "a{}",
    "acc{}",
    "accel{}",
    "acceleration{}",
    "accelerometer{}",
    "{}acc",
    "{}accel",
    "{}acceleration",
    "{}accelerometer",
)
_GYR_SPELT = (
    "g{}",
    "gyr{}",
    "gyro{}",
    "gyroscope{}",
    "w{}",
    "omega{}",
    "angvel{}",
    "angularvelocity{}",
    "rotationrate{}",
    "{}gyr",
    "{}gyro",
    "{}gyroscope",
)

_TIME_UNITS: dict[str, TimeUnit] = {"s": "s", "sec": "s", "seconds": "s", "ms": "ms", "us": "us", "µs": "us", "ns": "ns"}
_ACC_UNITS: dict[str, AccUnit] = {"g": "g", "mg": "mg", "m/s2": "m/s2", "m/s/s": "m/s2", "ms2": "m/s2", "mps2": "m/s2"}
_GYR_UNITS: dict[str, GyrUnit] = {
    "deg/s": "deg/s",
    "dps": "deg/s",
    "°/s": "deg/s",
    "¡ã/s": "deg/s",  # `°` in the Chinese encoding (GBK) that WitMotion's program for Windows writes
    "d/s": "deg/s",
    "degs": "deg/s",
    "rad/s": "rad/s",
    "rads": "rad/s",
}


def heading(name: str) -> tuple[str, str]:
    """A column's name without its unit, in lower case and bare of blanks and underscores; and the unit's word, or ''.

    `Acc_X [m/s²]` gives `accx` and `m/s2`; `t_ms` gives `t` and `ms`.
    """
    word = name.strip().strip("\"'").lower().replace("²", "2").replace("μ", "µ").replace("^", "")
    unit = ""
    bracket = re.search(r"[(\[](.*?)[)\]]", word)
    if bracket:
        unit = bracket.group(1).replace(" ", "")
        word = word[: bracket.start()] + word[bracket.end() :]
    else:
        tail = re.search(r"[_ ](ms|us|ns|s|g|mg|m_s2|mps2|ms2|dps|deg_s|degs|degps|rad_s|rads|radps)$", word)
        if tail:
            unit = tail.group(1).replace("_", "/")
            word = word[: tail.start()]
    return re.sub(r"[\s_.\-]+", "", word), unit


def _triple(words: Sequence[str], patterns: Sequence[str]) -> tuple[int, ...] | list[str]:
    """The places of the x, y and z columns; or, where not all are there, the missing ones in the best fitting spelling."""
    best: list[str] = [patterns[0].format(a) for a in AXES]
    for pattern in patterns:
        spelled = [pattern.format(a) for a in AXES]
        missing = [w for w in spelled if w not in words]
        if not missing:
            return tuple(words.index(w) for w in spelled)
        if len(missing) < len(best):
            best = missing
    return best


def _find(sheet: Sheet, columns: ColumnMap = AS_USUAL) -> tuple[int, tuple[int, ...], tuple[int, ...] | None]:
    """Where time, accelerometer and gyroscope stand: as was said, else by their usual names. Raises ColumnsError."""
    words = [heading(n)[0] for n in sheet.names]
    time = columns.at("t", sheet.names, sheet.path)
    if time is None:
        time = next((words.index(w) for w in _TIMES if w in words), None)
    acc = _said(sheet, columns, ACC) or _triple(words, _ACC_SPELT)
    # Where the accelerometer was said and the gyroscope wasn't, there is none to be used.
    gyr = _said(sheet, columns, GYR) or ([] if "ax" in columns.names else _triple(words, _GYR_SPELT))
    missing = ([] if time is not None else ["t"]) + (acc if isinstance(acc, list) else [])
    if isinstance(gyr, list) and 0 < len(gyr) < 3:  # some of the axes: a damaged file, rather than one without a gyroscope
        missing += gyr
    if time is None or isinstance(acc, list) or missing:
        hint = ""
        if any("linear" in w for w in words):
            hint = "Linear acceleration lacks gravity, from which orientation is found: record the acceleration with gravity."
        raise ColumnsError(sheet.path, sheet.names, missing, hint)
    return time, acc, None if isinstance(gyr, list) else gyr


def _said(sheet: Sheet, columns: ColumnMap, roles: Sequence[str]) -> tuple[int, ...] | None:
    """Where three columns stand that were named; None where they weren't."""
    found = [columns.at(role, sheet.names, sheet.path) for role in roles]
    return tuple(k for k in found if k is not None) or None


def _turned(values: Sequence[Floats], roles: Sequence[str], declared: ColumnMap) -> Floats:
    """Three columns (N,) as (N, 3), with the signs that were said."""
    stacked = np.column_stack(values)
    return stacked * [declared.sign(role) for role in roles] if declared.turned else stacked


def is_plain(sheet: Sheet) -> bool:
    """Whether a sheet has the columns of a plain table."""
    try:
        _find(sheet)
    except ColumnsError:
        return False
    return True


def read_table(sheet: Sheet, declared: ColumnMap = AS_USUAL) -> Samples:
    """The samples of a plain table; raises ColumnsError where columns are missing or hold text.

    declared: which column is which, where a person said so. Extra columns are ignored. A gyroscope whose cells are all empty is
    as good as absent, and that is said. Times written as on a clock become seconds since 1970, or since midnight.
    """
    time, acc_at, gyr_at = _find(sheet, declared)
    columns = sheet.read([time, *acc_at, *(gyr_at or ())])
    empty = [sheet.names[i] for i, a in zip(acc_at, columns.values[1:4], strict=True) if np.isnan(a).all()]
    if empty:
        raise ColumnsError(sheet.path, sheet.names, [f"{n} (as numbers)" for n in empty], "The cells are all empty.")
    acc = _turned(columns.values[1:4], ACC, declared)
    notes = list(columns.notes)
    if gyr_at is None and "ax" in declared.names and isinstance(_triple([heading(n)[0] for n in sheet.names], _GYR_SPELT), tuple):
        notes.append("--columns names no gyroscope (gx, gy, gz), so the recording was read without one.")
    gyr = None
    if gyr_at and any(np.isnan(a).all() for a in columns.values[4:7]):
        notes.append("The gyroscope's columns are empty; the recording was read without a gyroscope.")
    elif gyr_at:
        gyr = _turned(columns.values[4:7], GYR, declared)
    about = dict(sheet.about)
    own = about.pop("units", None) == SI_WORDS
    unit = [heading(sheet.names[i])[1] for i in (time, acc_at[0], *(gyr_at or ())[:1])]
    time_unit = "s" if columns.clock else _TIME_UNITS.get(unit[0])
    units = Units(_ACC_UNITS.get(unit[1]), _GYR_UNITS.get(unit[2]) if len(unit) > 2 else None, time_unit)
    if columns.clock == "local" and begun(columns.values[0]):
        about["started"] = begun(columns.values[0])
    return Samples(sheet.path, columns.values[0], acc, gyr, SI if own else units, about, tuple(notes), certain=own)
