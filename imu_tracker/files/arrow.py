"""Arrow's columns as numpy, by their buffers: Arrow's own ways (`to_numpy`, `pa.array`) import pandas, 0.2 s each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from imu_tracker.errors import ColumnsError
from imu_tracker.numeric import Floats

NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$"
_MOST = 1e25  # nothing that a sensor or a clock gives; infinities and nonsense end here, before anything is squared


def _only_text(path: str, names: Sequence[str], name: str, sample: str) -> ColumnsError:
    return ColumnsError(path, names, [f"{name} (as numbers)"], f"The cells of {name} hold text, such as {sample[:30]!r}.")


def first_line(e: BaseException) -> str:
    """What an error of Arrow says, in short."""
    return (str(e).splitlines() or [type(e).__name__])[0][:160].rstrip(".")


def as_floats(column: Any, path: str, names: Sequence[str], name: str, comma: str = ",") -> Floats:
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
        numeric = pc.match_substring_regex(text, NUMBER)
        given = pc.drop_null(text)
        if not pc.any(numeric).as_py() and len(given):
            raise _only_text(path, names, name, given[0].as_py())
        column = pc.if_else(numeric, text, pa.nulls(1, pa.string())[0])
    try:
        column = column if column.type == pa.float64() else column.cast(pa.float64(), safe=False)
    except pa.ArrowException as e:
        raise ColumnsError(path, names, [f"{name} (as numbers)"], f"The column {name} is of the type {kind}.") from e
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    parts = [from_arrow(c) for c in chunks if len(c)]
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


def from_arrow(array: Any) -> Floats:
    """An Arrow array of float64 as numpy, NaN for nulls: from its buffer, as Arrow's own ways (`to_numpy`) import pandas."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = np.frombuffer(array.buffers()[1], np.float64, count=len(array), offset=8 * array.offset)
    return np.where(from_arrow(pc.is_valid(array).cast(pa.float64())) > 0, values, np.nan) if array.null_count else values
