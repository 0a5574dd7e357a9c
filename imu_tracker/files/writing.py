"""Writing tables, series and texts: each as a whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from imu_tracker.errors import FileError, UsageError
from imu_tracker.files.tables import SI_WORDS
from imu_tracker.recording import Stream
from imu_tracker.results import Series


@contextmanager
def write_atomically(path: str | Path) -> Iterator[Path]:
    """A temporary path beside the target: what is written there takes the target's place when the block ends well.

    Where it ends in an exception the temporary is removed and the target stays as it was. What isn't an ordinary file (a device,
    a pipe) is written directly. Raises FileError where the folder is missing or the target can't be written.
    """
    target = Path(path)
    if "\0" in str(path):
        raise FileError(path, "a file's name can't hold a zero byte.")
    try:
        if target.is_dir():
            raise FileError(target, "this is a folder; name a file in it.")
        if target.exists() and not target.is_file():
            yield target
            return
        target = target.resolve()  # through a link to the file itself, so that the link stays
        if not target.parent.is_dir():
            raise FileError(path, f"there is no folder {target.parent}; make it first.")
        if target.exists() and not os.access(target, os.W_OK):
            raise FileError(path, "the file is read-only.")
        part = target.parent / f".{uuid.uuid4().hex}.part"
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))  # the mode that a plain open would give
            if target.exists():
                os.chmod(part, target.stat().st_mode)
            yield part
            with open(part, "rb+") as f:
                os.fsync(f.fileno())
            os.replace(part, target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as e:
        raise FileError(path, f"the file can't be written ({e.strerror or e}).") from e


def write_text(path: str | Path, text: str) -> None:
    """A text file in UTF-8 as it is given; raises FileError."""
    with write_atomically(path) as part:
        part.write_bytes(text.encode(errors="replace"))


def _one_line(text: str) -> str:
    return " ".join(str(text).encode(errors="replace").decode().split())


def _write(path: str | Path, columns: Mapping[str, Any], about: Mapping[str, str]) -> None:
    """Arrow arrays by name as CSV or Parquet, whichever the suffix says."""
    import pyarrow as pa

    table = pa.table(dict(columns))
    words = {_one_line(k).replace(":", " "): _one_line(v) for k, v in about.items()}
    suffix = Path(path).suffix.lower()
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        with write_atomically(path) as part:
            pq.write_table(table.replace_schema_metadata(words or None), part, compression="zstd")
    elif suffix == ".csv":
        import pyarrow.csv as pa_csv

        with write_atomically(path) as part, open(part, "wb") as f:
            f.write("".join(f"# {k}: {v}\n" for k, v in words.items()).encode())
            f.write((",".join(table.column_names) + "\n").encode())
            pa_csv.write_csv(table, f, pa_csv.WriteOptions(include_header=False))
    else:
        raise UsageError(f"{path}: the name has to end in .csv or .parquet, which says how to write it.")


def write_table(stream: Stream, path: str | Path, about: Mapping[str, str] | None = None) -> None:
    """A stream as the plain table of the interface, `t,ax,ay,az` and `gx,gy,gz` where there is a gyroscope, times as delivered.

    CSV (with `# key: value` lines), Parquet (zstd, the words as metadata) or JSON (`about`, and `columns` by name), by the
    suffix; numbers are written in full, so that reading gives equal arrays. `units` among the words says that all is SI. Raises
    FileError, or UsageError on another suffix.
    """
    columns = {"t": stream.t, **dict(zip(("ax", "ay", "az"), stream.acc.T, strict=True))}
    if stream.gyr is not None:
        columns |= dict(zip(("gx", "gy", "gz"), stream.gyr.T, strict=True))
    words = {**(about or {}), "units": SI_WORDS}
    if Path(path).suffix.lower() == ".json":
        import json

        listed = {k: v.tolist() for k, v in columns.items()}
        write_text(path, json.dumps({"schema": 1, "about": words, "columns": listed}, ensure_ascii=False, allow_nan=False) + "\n")
        return
    _write(path, {k: _floats(v) for k, v in columns.items()}, words)


def write_series(series: Series, path: str | Path, *, with_lean: bool = False) -> None:
    """A series, one row a sample: t, obliquity_deg, tilt_deg, drop_deg, set, rep, and where it is asked for and known lean_deg,
    to a hundredth of a degree; CSV or Parquet by the suffix.

    What is unresolved is NaN in Parquet and an empty cell in CSV; set and rep are null outside of sets and reps. Raises
    FileError, or UsageError on another suffix.
    """

    empty = Path(path).suffix.lower() == ".csv"
    columns = {
        "t": _floats(series.t),
        "obliquity_deg": _floats(series.obliquity_deg, empty),
        "tilt_deg": _floats(series.tilt_deg, empty),
        "drop_deg": _floats(series.drop_deg, empty),
        "set": _numbers(series.set_number),
        "rep": _numbers(series.rep_number),
    }
    if with_lean and series.lean_deg is not None:
        columns["lean_deg"] = _floats(np.round(series.lean_deg, 2), empty)
    _write(path, columns, {})


def _floats(values: Any, nan_is_null: bool = False) -> Any:
    """An Arrow array of float64 (`pa.array` and `pa.scalar` would import pandas, which takes longer than all the rest)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = np.ascontiguousarray(values, np.float64)
    array = pa.Array.from_buffers(pa.float64(), len(values), [None, pa.py_buffer(values)])
    return pc.if_else(pc.is_nan(array), pa.nulls(1, pa.float64())[0], array) if nan_is_null else array


def _numbers(values: Any) -> Any:
    """An Arrow array of int32 with null for 0."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = np.ascontiguousarray(values, np.int32)
    array = pa.Array.from_buffers(pa.int32(), len(values), [None, pa.py_buffer(values)])
    return pc.if_else(pc.invert(array.cast(pa.bool_())), pa.nulls(1, pa.int32())[0], array)
