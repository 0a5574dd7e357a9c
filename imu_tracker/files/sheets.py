"""A table whose heading has been read and whose columns can be asked for: the same for CSV and Parquet.

Reading in two steps lets each format look at the heading alone, and only the wanted columns be parsed. pyarrow parses; a
slower way takes over only for a CSV column that holds something else than numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from imu_tracker.errors import FileError
from imu_tracker.files.arrow import NUMBER, as_floats, first_line
from imu_tracker.files.clocktext import Clock, clock_times, looks_like_clock
from imu_tracker.numeric import Floats

_NOTHING = ["", "nan", "NaN", "NAN", "-nan", "null", "NULL", "None", "NA", "N/A", "n/a", "#N/A", "-"]
_UNKNOWN_FORM = (
    "the file is binary, and of no form that is known here; wanted: CSV, Parquet, a phone app's zip, .cwa, .c3d or .xdf."
)
_HEAD_BYTES = 1 << 18  # a heading that doesn't end within 256 KiB isn't one
_PREAMBLE = r"^\ufeff?(sep=|[A-Za-z][A-Za-z ]{1,30}:(?=[ ,;\t]))"  # how lines before a heading begin, at Movella and WitMotion
# What omconvert and cwa-convert of Open Movement (Axivity) write, where the heading was left out: their README says these units.
_UNTITLED = ("Time", "Accel-X (g)", "Accel-Y (g)", "Accel-Z (g)", "Gyro-X (d/s)", "Gyro-Y (d/s)", "Gyro-Z (d/s)")


@dataclass(frozen=True)
class Columns:
    """The wanted columns as float64 (N,) each, NaN where a cell isn't a number, and what had to be left out.

    clock: what the first column's seconds count from, where it was written as on a clock.
    """

    values: tuple[Floats, ...]
    notes: tuple[str, ...] = ()
    clock: Clock | None = None


@dataclass(frozen=True)
class Sheet:
    """path: what to call the file in a sentence. names: the heading's words. about: `key: value` lines or Parquet metadata.

    read: the columns with these indices, the first of them the time, which may be written as on a clock; raises FileError, and
    ColumnsError where a column holds only text. distinct: the different words in the cells of a column of text.
    """

    path: str
    names: tuple[str, ...]
    read: Callable[[Sequence[int]], Columns]
    about: Mapping[str, str] = field(default_factory=dict)
    distinct: Callable[[int], tuple[str, ...]] = lambda column: ()


def open_sheet(data: bytes, path: str) -> Sheet:
    """The table in a file's bytes, by what they are: Parquet or text; raises FileError."""
    blanks = b"\0 \t\r\n\xef\xbb\xbf"
    if not data[:4096].strip(blanks) and not data.strip(blanks):
        raise FileError(path, "the file is empty." if not data else "the file holds nothing but blanks.")
    return _open_parquet(data, path) if data[:4] == b"PAR1" else _open_text(data, path)


# --- text


def _comma(line: str) -> str:
    """The separator of a heading."""
    return next((c for c in (";", "\t", ",") if c in line), ",")


def _cells(line: str, comma: str) -> list[str]:
    return [c.strip().strip('"').strip("'").strip()[:80] for c in line.split(comma)]


def _is_number(cell: str) -> bool:
    return re.match(NUMBER, cell.replace(",", ".")) is not None


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
    lines = _head_lines(data)
    heading, begins, about = _heading(lines)
    if heading is None:
        raise FileError(path, "the file has no heading and no rows.")
    if any(ord(c) < 32 and c != "\t" for c in heading):
        raise FileError(path, _UNKNOWN_FORM)
    comma = _comma(heading)
    names = _cells(heading, comma)
    rows = [line for line, start, _ in lines if start >= begins and line.strip()][:50]
    if _is_data(names):
        begins = next((start for line, start, _ in lines if line == heading), begins)
        known = looks_like_clock(names[0]) and len(names) in (4, 7)
        names = list(_UNTITLED[: len(names)]) if known else [str(k) for k in range(1, len(names) + 1)]
    elif not rows:
        raise FileError(path, "the file has a heading but no rows.")
    if rows and len(_cells(rows[0], comma)) == len(names) + 1 and not _cells(rows[0], comma)[-1]:
        names.append("")  # each row ends with a separator, the heading doesn't
    decimal = "," if comma != "," and any(re.search(r"\d,\d", line) for line in rows) else "."
    first = tuple(_cells((rows or [heading])[0], comma))
    text = _Text(memoryview(data)[begins:], path, tuple(names), comma, decimal, first)
    return Sheet(path, tuple(names), text.read, about, text.distinct)


def _heading(lines: Sequence[tuple[str, int, int]]) -> tuple[str | None, int, dict[str, str]]:
    """The heading, where the rows begin, and the words about the file before it, of a file's first lines."""
    about: dict[str, str] = {}
    remark = ""
    for number, (line, start, after) in enumerate(lines):
        plain = line.strip()
        if plain.startswith('"#'):
            plain = plain.strip('"')  # as spreadsheets save a line with a comma in it
        if plain.startswith("#"):
            remark = plain.lstrip("#").strip()
            key, colon, value = remark.partition(":")
            if colon and key.strip():
                about[key.strip()] = value.strip()
        elif plain:
            if _is_row(line, remark):  # the heading stands behind a `#`, as numpy writes it
                return remark, start, about
            if re.match(_PREAMBLE, plain):
                return _after_preamble(lines[number:], about) or (line, after, about)
            return line, after, about
    return None, 0, about


def _after_preamble(lines: Sequence[tuple[str, int, int]], about: dict[str, str]) -> tuple[str, int, dict[str, str]] | None:
    """The heading behind lines of `key:,value`: the line right above the first row of numbers; None where there is none."""
    last: tuple[str, int] | None = None
    words = dict(about)
    for line, _, after in lines:
        comma = _comma(line)
        cells = _cells(line, comma)
        if len(cells) >= 4 and sum(map(_is_number, cells)) >= 3 and last is not None:
            return (*last, words)
        if re.match(_PREAMBLE, line) and not line.startswith("sep="):
            key, _, value = line.partition(":")
            words[key.strip()] = value.strip(' ,;\t"')[:200]
        if line.strip():
            last = line, after
    return None


def _is_data(names: Sequence[str]) -> bool:
    """Whether what should be a heading is a row: numbers, the first of them perhaps a time as on a clock."""
    return len(names) > 1 and all(map(_is_number, names[1:])) and (_is_number(names[0]) or looks_like_clock(names[0]))


@dataclass(frozen=True)
class _Text:
    """The rows of a text: body, the bytes below the heading; first, the cells of the first row."""

    body: memoryview
    path: str
    names: tuple[str, ...]
    comma: str
    decimal: str
    first: tuple[str, ...]

    def _parsed(self, wanted: Sequence[int], kinds: Mapping[int, Any]) -> tuple[Any, list[int]]:
        """The wanted columns as an Arrow table, and of each row that doesn't fit how many cells it has."""
        import pyarrow as pa
        import pyarrow.csv as pa_csv

        skipped: list[int] = []

        def skip(row: Any) -> str:
            skipped.append(row.actual_columns)
            return "skip"

        table = pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(self.body)),
            # The interpreter once aborted at exit after a failed read; threads may be why, and don't make it faster.
            pa_csv.ReadOptions(use_threads=False, column_names=[str(i) for i in range(len(self.names))], block_size=1 << 22),
            pa_csv.ParseOptions(delimiter=self.comma, invalid_row_handler=skip),
            pa_csv.ConvertOptions(
                column_types={str(i): kind for i, kind in kinds.items()},
                include_columns=[str(i) for i in wanted],
                null_values=_NOTHING,
                strings_can_be_null=True,
                decimal_point=self.decimal,
            ),
        )
        return table, skipped

    def _table(self, wanted: Sequence[int]) -> tuple[Any, list[int]]:
        """The wanted columns as numbers, the first as text where it is a clock's; all as text where one isn't numbers."""
        import pyarrow as pa

        kinds = dict.fromkeys(wanted, pa.float64())
        if wanted[0] < len(self.first) and looks_like_clock(self.first[wanted[0]]):
            kinds[wanted[0]] = pa.string()
        try:
            try:
                return self._parsed(wanted, kinds)
            except pa.ArrowInvalid:
                return self._parsed(wanted, dict.fromkeys(wanted, pa.string()))
        except (pa.ArrowException, OSError) as e:
            raise FileError(self.path, f"the rows can't be read as a table ({first_line(e)}).") from e

    def read(self, wanted: Sequence[int]) -> Columns:
        """As `Sheet.read`."""
        import pyarrow as pa

        table, skipped = self._table(wanted)
        if table.num_rows == 0:
            cells = f"{skipped[0]} cells" if skipped else "none"
            wished = f"as many cells as the heading ({len(self.names)})"
            raise FileError(self.path, f"there is no row with {wished}; the first has {cells}.")
        notes = []
        if skipped:
            notes.append(
                f"{len(skipped)} row{'s' if len(skipped) > 1 else ''} with fewer or more cells than the heading (cut short?) "
                f"{'were' if len(skipped) > 1 else 'was'} left out."
            )
        time, clock = _times(table.column(0), self.path, self.names, self.names[wanted[0]], self.comma)
        others = (as_floats(table.column(k), self.path, self.names, self.names[i], self.comma) for k, i in enumerate(wanted) if k)
        values = (time, *others)
        del table
        pa.default_memory_pool().release_unused()
        return Columns(values, tuple(notes), clock)

    def distinct(self, column: int) -> tuple[str, ...]:
        """As `Sheet.distinct`."""
        import pyarrow as pa
        import pyarrow.compute as pc

        try:
            table, _ = self._parsed([column], {column: pa.string()})
        except (pa.ArrowException, OSError) as e:
            raise FileError(self.path, f"the rows can't be read as a table ({first_line(e)}).") from e
        return tuple(pc.drop_null(pc.unique(pc.utf8_trim_whitespace(table.column(0)))).to_pylist())


def _times(column: Any, path: str, names: Sequence[str], name: str, comma: str = ",") -> tuple[Floats, Clock | None]:
    """An Arrow column of times (N,) in its own unit, or in seconds where it is written as on a clock."""
    import pyarrow as pa

    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        told = clock_times(column.cast(pa.string()))
        if told is not None:
            return told.seconds, told.clock
    return as_floats(column, path, names, name, comma), None


# --- Parquet


def _open_parquet(data: bytes, path: str) -> Sheet:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        schema = file.schema_arrow
        rows = file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as e:
        raise FileError(path, f"the Parquet file is cut short or damaged ({first_line(e)}).") from e
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
            raise FileError(path, f"the Parquet file is cut short or damaged ({first_line(e)}).") from e
        at = {n: k for k, n in enumerate(table.column_names)}
        time, clock = _times(table.column(at[names[wanted[0]]]), path, names, names[wanted[0]])
        others = (as_floats(table.column(at[names[i]]), path, names, names[i]) for i in wanted[1:])
        values = (time, *others)
        del table
        pa.default_memory_pool().release_unused()  # Arrow keeps what it has had: 13 MB an hour
        return Columns(values, (), clock)

    return Sheet(path, names, read, about)
