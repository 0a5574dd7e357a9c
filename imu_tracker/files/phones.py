"""Exports of two phone apps: Sensor Logger and phyphox.

Sensor Logger (its public pages UNITS, COORDINATES and CROSSPLATFORM): one CSV a sensor with `time` (ns since 1970),
`seconds_elapsed` and z, y, x; m/s² and rad/s. `Accelerometer` lacks gravity, which is in `Gravity`; `TotalAcceleration` has it,
on Android only. Android's sum of the two is the specific force; iOS has the signs of all three axes the other way round, unless
"Standardise Units & Frames" was on, and `AccelerometerUncalibrated` in g. `Metadata` tells the platform.

phyphox: `Time (s)`, then `Acceleration x (m/s^2)`, `Gyroscope x (rad/s)` and so on, or `X (m/s^2)`, `X (rad/s)` in files called
`Accelerometer` and `Gyroscope`; the signs are Android's on both platforms. "Linear" acceleration lacks gravity.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

import numpy as np

from imu_tracker.errors import FileError
from imu_tracker.files.joining import Samples, join, sample_at
from imu_tracker.files.sheets import Sheet, open_sheet
from imu_tracker.files.tables import AXES, heading, read_table
from imu_tracker.files.units import METRES_S2, SI, acc_unit, rest_level, usual_step
from imu_tracker.numeric import Floats

Role = Literal["total", "user", "gravity", "uncalibrated", "gyroscope", "linear"]

_LOGGER_ROLES: dict[str, Role] = {
    "totalacceleration": "total",
    "accelerometeruncalibrated": "uncalibrated",
    "accelerometer": "user",
    "gravity": "gravity",
    "gyroscope": "gyroscope",
}
_BUNDLED = {*_LOGGER_ROLES, "metadata", "rawdata", "linearacceleration", "linearaccelerometer"}


@dataclass(frozen=True)
class Part:
    """One sensor's file: t (N,) s, values (N, 3) in the file's own unit and signs."""

    role: Role
    path: str
    t: Floats
    values: Floats
    notes: tuple[str, ...]


def _stem(name: str) -> str:
    return PurePath(name).stem.lower().replace(" ", "").replace("_", "")


def belongs_to_bundle(name: str) -> bool:
    """Whether a file has one of the names under which the apps store a recording's sensors side by side."""
    return _stem(name) in _BUNDLED and name.lower().endswith(".csv")


def role_of(sheet: Sheet, name: str) -> Role | None:
    """Which of a phone's sensors a sheet holds, by its heading and file name; None where it isn't one of the apps' files."""
    words = [heading(n) for n in sheet.names]
    bare = [w for w, _ in words]
    stem = _stem(name)
    if "secondselapsed" in bare and all(a in bare for a in AXES):
        return _LOGGER_ROLES.get(stem)
    if ("time", "s") not in words:
        return None
    if ("x", "m/s2") in words or ("accelerationx", "m/s2") in words:
        return "linear" if "linear" in stem else "total"
    if ("linearaccelerationx", "m/s2") in words:
        return "linear"
    return "gyroscope" if ("gyroscopex", "rad/s") in words or ("x", "rad/s") in words else None


def _part(sheet: Sheet, name: str, role: Role) -> Part:
    words = [heading(n)[0] for n in sheet.names]
    prefix = next(p for p in ("", "acceleration", "linearacceleration", "gyroscope") if f"{p}x" in words)
    axes = [words.index(f"{prefix}{a}") for a in AXES if f"{prefix}{a}" in words]
    if len(axes) < 3:
        raise FileError(sheet.path, f"{name} lacks one of the axes x, y and z.")
    nanoseconds = "secondselapsed" in words and "time" in words  # on the phone's clock, common to several phones
    columns = sheet.read([words.index("time") if "time" in words else words.index("secondselapsed"), *axes])
    t = columns.values[0] * 1e-9 if nanoseconds else columns.values[0]
    return Part(role, sheet.path, t, np.column_stack(columns.values[1:]), columns.notes)


def _platform(data: bytes | None) -> tuple[str | None, bool]:
    """From Sensor Logger's Metadata.csv: `ios` or `android`, and whether its frames were standardised."""
    rows = list(csv.DictReader(io.StringIO((data or b"").decode("utf-8-sig", errors="replace").replace("\0", ""))))
    first = rows[0] if rows else {}
    platform = (first.get("platform") or "").strip().lower()
    return (platform if platform in ("ios", "android") else None), (first.get("standardisation") or "").strip().lower() == "true"


def _sign(parts: Mapping[Role, Part], platform: str | None, standardised: bool) -> tuple[float, str | None]:
    """+1 where the files hold specific force, -1 where they hold its opposite; and a sentence where that was assumed."""
    if platform is not None:
        return (-1.0 if platform == "ios" and not standardised else 1.0), None
    if "total" in parts:
        return 1.0, "Metadata.csv doesn't name the platform; Android was assumed, as TotalAcceleration.csv is there."
    if "uncalibrated" in parts:
        raw = parts["uncalibrated"]
        if acc_unit(rest_level(raw.values, usual_step(raw.t))) == "m/s2":
            return (
                1.0,
                "Metadata.csv doesn't say which phone it was; Android was assumed, as the raw values are in m/s².",
            )
    return -1.0, (
        "Metadata.csv doesn't name the platform; an iPhone was assumed, as there is no TotalAcceleration.csv, and the signs of "
        "the accelerometer were turned. If that is wrong, up and down are exchanged."
    )


def _specific_force(parts: Mapping[Role, Part], path: str, platform: str | None, standardised: bool) -> Samples | None:
    """The accelerometer in SI from what a phone stored of it; None where it stored nothing of it."""
    logger = bool({"user", "gravity", "uncalibrated"} & set(parts)) or platform is not None
    sign, assumed = _sign(parts, platform, standardised) if logger else (1.0, None)
    notes = [assumed] if assumed else []
    user, gravity, raw = parts.get("user"), parts.get("gravity"), parts.get("uncalibrated")
    if "total" in parts:
        t, values = parts["total"].t, parts["total"].values
    elif user is not None and gravity is not None:
        t, values = user.t, user.values
        if np.array_equal(user.t, gravity.t):
            values = values + gravity.values
        else:
            order = np.argsort(gravity.t, kind="stable")
            order = order[np.isfinite(gravity.values[order]).all(axis=1) & np.isfinite(gravity.t[order])]
            if len(order) < 2:
                raise FileError(gravity.path, "there are fewer than 2 usable samples of gravity.")
            pull, there = sample_at(t, gravity.t[order], gravity.values[order])
            t, values = t[there], values[there] + pull[there]
    elif raw is not None:
        unit = acc_unit(rest_level(raw.values, usual_step(raw.t))) or "m/s2"
        t, values = raw.t, raw.values * METRES_S2[unit]
    elif user is not None and acc_unit(rest_level(user.values, usual_step(user.t))) == "m/s2":
        t, values = user.t, user.values  # older versions stored the accelerometer with gravity
    elif user is not None or "linear" in parts:
        wish = (
            'record "Acceleration (with g)"'
            if user is None
            else "switch on Gravity or Total Acceleration beside the Accelerometer"
        )
        raise FileError(
            path, f"this is linear acceleration, without gravity, from which orientation can't be found; in the app, {wish}."
        )
    else:
        return None
    said = [n for role, p in parts.items() if role != "gyroscope" for n in p.notes]
    return Samples(path, t, sign * values, None, SI, {}, (*notes, *said), certain=True)


def read_phone(members: Mapping[str, bytes], path: str) -> Samples:
    """One recording of a phone from its CSV files by name, in SI; the half that is there, where the other isn't.

    Raises FileError where there is neither, or only linear acceleration, or more than one recording.
    """
    parts: dict[Role, Part] = {}
    metadata: bytes | None = None
    for name in sorted(members):
        data = members[name]
        if _stem(name) == "metadata":
            metadata = data
            continue
        if not data[:4096].strip() and not data.strip():
            continue  # a sensor that the phone doesn't have
        try:
            sheet = open_sheet(data, f"{path}: {name}" if len(members) > 1 else path)
        except FileError:
            if len(members) == 1 or belongs_to_bundle(name):
                raise
            continue  # places, notes and the like, which often have a heading and nothing below
        role = role_of(sheet, name)
        if role is None:
            continue
        if role == "total" and any(heading(n)[0] == "gyroscopex" for n in sheet.names):
            return read_table(sheet)  # both sensors in one table
        if role in parts:
            raise FileError(path, f"there is more than one {role} file in it; give one recording at a time.")
        parts[role] = _part(sheet, name, role)
    acc = _specific_force(parts, path, *_platform(metadata))
    turning = parts.get("gyroscope")
    gyr = None if turning is None else Samples(path, turning.t, None, turning.values, SI, {}, turning.notes, certain=True)
    if acc is not None and gyr is not None:
        return join(acc, gyr)
    if acc is None and gyr is None:
        seen = ", ".join(sorted(members)[:8]) or "nothing"
        raise FileError(path, f"it holds no accelerometer of Sensor Logger or phyphox (CSV files in it: {seen}).")
    whole = acc if acc is not None else gyr
    assert whole is not None
    return whole
