"""C3D and XDF: files of named channels, as the same tables that CSV gives.

C3D (c3d.org's user guide: ANALOG:LABELS, UNITS, SCALE, RATE), by `c3d`, the extra `c3d`: the analog channels, one rate for all.
(`ezc3d` knows more of the format, but a damaged file ends the whole process.) XDF (the format's specification, and labels and
units under `desc/channels/channel`, as its wiki has them), by `pyxdf`, the extra `xdf`: every stream is a table on the common
clock. Neither format has names of its own for an IMU's channels: the usual spellings are looked for, else `--columns` says them.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from imu_tracker.errors import ColumnsError, FileError
from imu_tracker.files.columns import AS_USUAL, ColumnMap
from imu_tracker.files.extras import imported
from imu_tracker.files.joining import Samples
from imu_tracker.files.sheets import Columns, Sheet
from imu_tracker.files.tables import read_table
from imu_tracker.numeric import Floats

TIME = "t"


def is_c3d(data: bytes) -> bool:
    """Whether bytes are a C3D file's: the second is the format's mark, and its first parameter block has the same."""
    begin = 512 * (data[0] - 1) if len(data) > 512 else -1
    return begin >= 512 and data[1] == 0x50 and data[begin + 3 : begin + 4] in (b"\x54", b"\x55", b"\x56")


def is_xdf(data: bytes) -> bool:
    """Whether bytes are an XDF file's."""
    return data.startswith(b"XDF:")


def _sheet(path: str, names: Sequence[str], units: Sequence[str], t: Floats, values: Floats, about: Mapping[str, str]) -> Sheet:
    """Channels (N, C) with times (N,) s as a sheet; the unit stands behind each name, in brackets."""
    heads = [f"{n.strip()} [{u.strip()}]" if u.strip() else n.strip() for n, u in zip(names, units, strict=True)]

    def read(wanted: Sequence[int]) -> Columns:
        return Columns(tuple(t if i == 0 else values[:, i - 1] for i in wanted))

    return Sheet(path, (f"{TIME} [s]", *heads), read, about)


def _bare(columns: ColumnMap, sheet: Sheet) -> ColumnMap:
    """What was said, with each channel's unit behind its name as the sheet has it; the time is the format's own."""
    full = {name.rpartition(" [")[0] or name: name for name in sheet.names}
    names = {role: full.get(name, name) for role, name in columns.names.items() if role != "t"}
    return ColumnMap({**names, "t": sheet.names[0]}, columns.turned)


def read_c3d(data: bytes, path: str, columns: ColumnMap = AS_USUAL) -> Samples:
    """The analog channels of a C3D file that are an accelerometer and a gyroscope; raises FileError, ColumnsError."""
    c3d = imported("c3d", "c3d", path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of files without points
            reader = c3d.Reader(io.BytesIO(data))
            labelled = reader.analog_used and reader.get("ANALOG:LABELS") is not None
            names = [str(label).strip() for label in reader.analog_labels] if labelled else []
            rate_hz = float(reader.analog_rate)
            units = _units(reader, len(names))
            frames = [analog for _, _, analog in reader.read_frames(copy=False)] if names else []
            values = np.concatenate([np.asarray(f, float).reshape(len(names), -1) for f in frames], axis=1).T if frames else None
    except Exception as e:
        raise FileError(path, f"the C3D file is cut short or damaged ({str(e)[:100] or type(e).__name__}).") from e
    if values is None or not rate_hz > 0:
        raise FileError(path, "the C3D file holds no analog channels; an IMU's samples stand among these.")
    sheet = _sheet(path, names, units, np.arange(len(values)) / rate_hz, values, {})
    return read_table(sheet, _bare(columns, sheet))


def _units(reader: Any, count: int) -> list[str]:
    """The units of the analog channels, '' where they aren't told."""
    group = reader.get("ANALOG")
    param = None if group is None else group.get("UNITS")
    told = [] if param is None else [str(word).strip() for word in np.ravel(param.string_array)]
    return (told + [""] * count)[:count]


def read_xdf(data: bytes, path: str, columns: ColumnMap = AS_USUAL, placement: str | None = None) -> Samples:
    """The stream of an XDF file that has an accelerometer (and a gyroscope), on the file's clock.

    Where several have, the one whose name holds the placement that was given. Raises FileError where none has, or more than one.
    """
    pyxdf = imported("pyxdf", "xdf", path)
    logger = logging.getLogger("pyxdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL)  # a damaged file is said in our own words
    try:
        streams, _ = pyxdf.load_xdf(io.BytesIO(data), dejitter_timestamps=False, verbose=None)
        sheets = [s for s in (_stream_sheet(one, path) for one in streams) if s is not None]
    except Exception as e:
        raise FileError(path, f"the XDF file is cut short or damaged ({str(e)[:100] or type(e).__name__}).") from e
    finally:
        logger.setLevel(before)
    if not sheets:
        raise FileError(path, "the XDF file holds no samples of numbers, or is cut short.")
    found: list[Samples] = []
    for sheet in sheets:
        try:
            found.append(read_table(sheet, _bare(columns, sheet)))
        except ColumnsError:
            continue
    named = [s for s in found if placement is not None and placement in s.about["stream"].lower().replace(" ", "_")]
    if len(found) == 1 or len(named) == 1:
        return (named or found)[0]
    seen = "; ".join(f"{s.about['stream']} ({', '.join(s.names[1:7])})" for s in sheets[:6])
    if found:
        raise FileError(
            path,
            f"{len(found)} of its streams have an accelerometer; PLACEMENT=FILE takes the one of that name ({seen}).",
        )
    raise FileError(path, f"none of its streams has an accelerometer by name; --columns says which is which ({seen}).")


def _stream_sheet(stream: Mapping[str, Any], path: str) -> Sheet | None:
    """A stream of numbers as a sheet; None for text and markers, and what has no samples."""
    values = np.asarray(stream["time_series"])
    t = np.asarray(stream["time_stamps"], float)
    if values.ndim != 2 or values.dtype.kind not in "fiu" or len(values) < 2 or len(values) != len(t):
        return None
    info = stream["info"]
    channels = _channels(info)
    count = values.shape[1]
    names = [c.get("label", "") or str(k) for k, c in enumerate(channels, 1)][:count]
    names += [str(k) for k in range(len(names) + 1, count + 1)]
    units = ([c.get("unit", "") for c in channels] + [""] * count)[:count]
    return _sheet(path, names, units, t, values.astype(float), {"stream": str(info["name"][0])[:80]})


def _channels(info: Mapping[str, Any]) -> list[dict[str, str]]:
    """What a stream's description says of its channels: every element of the parsed XML is a list of what stood there."""
    try:
        listed = info["desc"][0]["channels"][0]["channel"]
        return [{k: str(v[0] or "") for k, v in one.items() if isinstance(v, list) and v} for one in listed]
    except (KeyError, IndexError, TypeError, AttributeError):
        return []
