"""A table whose heading has been read and whose columns can be asked for: the same for CSV and Parquet.

Reading in two steps lets each format look at the heading alone, and only the wanted columns be parsed. pyarrow parses; a
slower way takes over only for a CSV column that holds something else than numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from imu_tracker.errors import ColumnsError, FileError
from imu_tracker.numeric import Floats

_NOTHING = ["", "nan", "NaN", "NAN", "-nan", "null", "NULL", "None", "NA", "N/A", "n/a", "#N/A", "-"]
_NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
_UNKNOWN_FORM = "the file is binary, and of no form that is known here; wanted: CSV, Parquet or a phone app's zip."
_MOST = 1e25  # nothing that a sensor or a clock gives; infinities and nonsense end here, before anything is squared
_HEAD_BYTES = 1 << 18  # a heading that doesn't end within 256 KiB isn't one


@dataclass(frozen=True)
class Columns:
    """The wanted columns as float64 (N,) each, NaN where a cell isn't a number, and what had to be left out."""

    values: tuple[Floats, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """path: what to call the file in a sentence. names: the heading's words. about: `key: value` lines or Parquet metadata.

    read: the columns with these indices; raises FileError, and ColumnsError where a column holds only text.
    """

    path: str
    names: tuple[str, ...]
    read: Callable[[Sequence[int]], Columns]
    about: Mapping[str, str] = field(default_factory=dict)


def open_sheet(data: bytes, path: str) -> Sheet:
    """The table in a file's bytes, by what they are: Parquet or text; raises FileError."""
    blanks = b"\0 \t\r\n\xef\xbb\xbf"
    if not data[:4096].strip(blanks) and not data.strip(blanks):
        raise FileError(path, "the file is empty." if not data else "the file holds nothing but blanks.")
    return _open_parquet(data, path) if data[:4] == b"PAR1" else _open_text(data, path)


def _only_text(path: str, names: Sequence[str], name: str, sample: str) -> ColumnsError:
    return ColumnsError(path, names, [f"{name} (as numbers)"], f"The cells of {name} hold text, such as {sample[:30]!r}.")


# --- text


def _comma(line: str) -> str:
    """The separator of a heading."""
    return next((c for c in (";", "\t", ",") if c in line), ",")


def _cells(line: str, comma: str) -> list[str]:
    return [c.strip().strip('"').strip("'").strip()[:80] for c in line.split(comma)]


def _is_number(cell: str) -> bool:
    return re.match(_NUMBER, cell.replace(",", ".")) is not None


def _is_row(line: str, heading: str) -> bool:
    comma = _comma(line)
    cells = _cells(line, comma)
    return _comma(heading) == comma and len(_cells(heading, comma)) == len(cells) and all(_is_number(c) for c in cells)


def _as_utf8(data: bytes, path: str) -> bytes:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):  # as some spreadsheets save text
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError as e:
            raise FileError(path, "the file is neither a table in text nor Parquet (broken UTF-16).") from e
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data[:_HEAD_BYTES]:
        raise FileError(path, _UNKNOWN_FORM)
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            data = data.decode("latin-1").encode()  # as older programs write `²` and `°`
    return data


def _head_lines(data: bytes) -> list[tuple[str, int, int]]:
    """The lines at the beginning, each with where it begins and where the next one does."""
    lines: list[tuple[str, int, int]] = []
    at = 0
    while at < min(len(data), _HEAD_BYTES) and len(lines) < 2000:
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        lines.append((data[at:end].decode(errors="replace").strip("\r"), at, min(end + 1, len(data))))
        at = end + 1
    return lines


def _open_text(data: bytes, path: str) -> Sheet:
    data = _as_utf8(data, path)
    if b"\r" in data[:_HEAD_BYTES] and b"\n" not in data[:_HEAD_BYTES]:
        data = data.replace(b"\r", b"\n")
    about: dict[str, str] = {}
    lines = _head_lines(data)
    heading, remark, begins = None, "", 0
    for line, start, after in lines:
        plain = line.strip()
        if plain.startswith('"#'):
            plain = plain.strip('"')  # as spreadsheets save a line with a comma in it
        if plain.startswith("#"):
            remark = plain.lstrip("#").strip()
            key, colon, value = remark.partition(":")
            if colon and key.strip():
                about[key.strip()] = value.strip()
        elif plain:
            heading, begins = line, after
            if _is_row(line, remark):  # the heading stands behind a `#`, as numpy writes it
                heading, begins = remark, start
            break
    if heading is None:
        raise FileError(path, "the file has no heading and no rows.")
    if any(ord(c) < 32 and c != "\t" for c in heading):
        raise FileError(path, _UNKNOWN_FORM)
    comma = _comma(heading)
    names = _cells(heading, comma)
    rows = [line for line, start, _ in lines if start >= begins and line.strip()][:50]
    if not rows:
        raise FileError(path, "the file has a heading but no rows.")
    if len(_cells(rows[0], comma)) == len(names) + 1 and not _cells(rows[0], comma)[-1]:
        names.append("")  # each row ends with a separator, the heading doesn't
    decimal = "," if comma != "," and any(re.search(r"\d,\d", line) for line in rows) else "."
    body = memoryview(data)[begins:]

    def read(wanted: Sequence[int]) -> Columns:
        return _read_text(body, path, names, wanted, comma, decimal)

    return Sheet(path, tuple(names), read, about)


def _read_text(body: memoryview, path: str, names: Sequence[str], wanted: Sequence[int], comma: str, decimal: str) -> Columns:
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    skipped: list[int] = []

    def skip(row: Any) -> str:
        skipped.append(row.actual_columns)
        return "skip"

    def parse(kind: Any) -> Any:
        skipped.clear()
        keys = [str(i) for i in range(len(names))]
        return pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(body)),
            # The interpreter once aborted at exit after a failed read; threads may be why, and don't make it faster.
            pa_csv.ReadOptions(use_threads=False, column_names=keys, block_size=1 << 22),
            pa_csv.ParseOptions(delimiter=comma, invalid_row_handler=skip),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(keys, kind),
                include_columns=[str(i) for i in wanted],
                null_values=_NOTHING,
                strings_can_be_null=True,
                decimal_point=decimal,
            ),
        )

    try:
        try:
            table = parse(pa.float64())
        except pa.ArrowInvalid:
            table = parse(pa.string())
    except (pa.ArrowException, OSError) as e:
        raise FileError(path, f"the rows can't be read as a table ({_first_line(e)}).") from e
    if table.num_rows == 0:
        cells = f"{skipped[0]} cells" if skipped else "none"
        raise FileError(path, f"there is no row with as many cells as the heading ({len(names)}); the first has {cells}.")
    notes = []
    if skipped:
        notes.append(
            f"{len(skipped)} row{'s' if len(skipped) > 1 else ''} with fewer or more cells than the heading (cut short?) "
            f"{'were' if len(skipped) > 1 else 'was'} left out."
        )
    values = tuple(_as_floats(table.column(k), path, names, names[i], comma) for k, i in enumerate(wanted))
    del table
    pa.default_memory_pool().release_unused()
    return Columns(values, tuple(notes))


def _first_line(e: BaseException) -> str:
    return (str(e).splitlines() or [type(e).__name__])[0][:160].rstrip(".")


def _as_floats(column: Any, path: str, names: Sequence[str], name: str, comma: str = ",") -> Floats:
    """An Arrow column (chunked) as float64 (N,): NaN for nulls and for text among numbers; times become seconds."""
    import pyarrow as pa

    if column.type in (pa.float32(), pa.float64()) and not column.null_count:
        return _sound(np.concatenate([_buffer(c, column.type) for c in column.chunks]).astype(np.float64, copy=False))
    import pyarrow.compute as pc  # 30 ms, which plain numbers don't need

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    per_second = 1.0
    if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
        per_second = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[kind.unit]
        column = column.cast(pa.int64())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        text = pc.utf8_trim_whitespace(column.cast(pa.string()))
        if comma != ",":
            text = pc.replace_substring(text, ",", ".")
        numeric = pc.match_substring_regex(text, _NUMBER)
        given = pc.drop_null(text)
        if not pc.any(numeric).as_py() and len(given):
            raise _only_text(path, names, name, given[0].as_py())
        column = pc.if_else(numeric, text, pa.nulls(1, pa.string())[0])
    try:
        column = column if column.type == pa.float64() else column.cast(pa.float64(), safe=False)
    except pa.ArrowException as e:
        raise ColumnsError(path, names, [f"{name} (as numbers)"], f"The column {name} is of the type {kind}.") from e
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    parts = [_from_arrow(c) for c in chunks if len(c)]
    values = _sound(parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.empty(0))
    return values if per_second == 1.0 else values / per_second


def _sound(values: Floats) -> Floats:
    """Values (N,) with NaN for what is no number that can be worked with."""
    sound = np.abs(values) < _MOST
    return values if sound.all() else np.where(sound, values, np.nan)


def _buffer(array: Any, kind: Any) -> np.ndarray[tuple[int], np.dtype[np.floating[Any]]]:
    """An Arrow array of float32 or float64 without nulls as numpy, not copied."""
    numpy_type = np.dtype(np.float32 if kind.bit_width == 32 else np.float64)
    return np.frombuffer(array.buffers()[1], numpy_type, count=len(array), offset=numpy_type.itemsize * array.offset)


def _from_arrow(array: Any) -> Floats:
    """An Arrow array of float64 as numpy, NaN for nulls: from its buffer, as Arrow's own ways (`to_numpy`) import pandas."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = np.frombuffer(array.buffers()[1], np.float64, count=len(array), offset=8 * array.offset)
    return np.where(_from_arrow(pc.is_valid(array).cast(pa.float64())) > 0, values, np.nan) if array.null_count else values


# --- Parquet


def _open_parquet(data: bytes, path: str) -> Sheet:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        schema = file.schema_arrow
        rows = file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as e:
        raise FileError(path, f"the Parquet file is cut short or damaged ({_first_line(e)}).") from e
    if rows == 0:
        raise FileError(path, "the table has no rows.")
    names = tuple(str(n) for n in schema.names)
    about = {}
    for key, value in (schema.metadata or {}).items():
        word = key.decode(errors="replace")
        if word not in ("pandas", "huggingface") and not word.startswith("ARROW:"):
            about[word] = value.decode(errors="replace")

    def read(wanted: Sequence[int]) -> Columns:
        try:
            table = file.read(columns=[names[i] for i in wanted])
        except (pa.ArrowException, OSError, ValueError) as e:
            raise FileError(path, f"the Parquet file is cut short or damaged ({_first_line(e)}).") from e
        at = {n: k for k, n in enumerate(table.column_names)}
        values = tuple(_as_floats(table.column(at[names[i]]), path, names, names[i]) for i in wanted)
        del table
        pa.default_memory_pool().release_unused()  # Arrow keeps what it has had: 13 MB an hour
        return Columns(values)

    return Sheet(path, names, read, about)
