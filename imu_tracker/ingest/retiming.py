"""A finished stream's table with its times refined from its raw clocks: `refining` applied to Arrow columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from imu_tracker.errors import SamplesError
from imu_tracker.ingest.clock import By
from imu_tracker.ingest.refining import refine
from imu_tracker.numeric import Floats

NUMBERS = "numbers"  # in a stream's metadata: where the column `index` comes from (`recorder.Header`)
TIMESTAMPS = "timestamps"  # in the finished table's: `sensor` or `arrival`, as in the interface's `analyze --json`
MOSTLY = 0.9  # of the samples have a tick: the others, such as the very first, are counted on from these


def retimed(table: Any) -> Any:
    """A stream's rows in the order taken, each sample once, with the best times; as it is where it has no raw clocks."""
    words = table.schema.metadata or {}
    numbers, rate_hz = words.get(NUMBERS.encode(), b"").decode(), float(words.get(b"rate_hz", b"0"))
    if numbers not in ("index", "counted") or rate_hz <= 0 or table.num_rows < 2 or table.column("index").null_count:
        return table
    number, segment = (_values(table, name, np.int64) for name in ("index", "segment"))
    tick, arrival_s = (_values(table, name, np.float64) for name in ("tick", "arrival"))
    by: By | None = "index" if numbers == "index" else "tick" if np.mean(np.isfinite(tick)) >= MOSTLY else None
    try:
        found = refine(segment, number, _whole(tick, number, rate_hz), arrival_s, rate_hz, by)
    except SamplesError:
        return table
    indices = pa.Array.from_buffers(pa.int64(), len(found.order), [None, pa.py_buffer(np.ascontiguousarray(found.order))])
    taken = table.take(indices)
    t = pa.Array.from_buffers(pa.float64(), len(found.order), [None, pa.py_buffer(np.ascontiguousarray(found.timing.t))])
    at = taken.schema.get_field_index("t")
    return taken.set_column(at, taken.schema.field(at), t).replace_schema_metadata(
        {**words, TIMESTAMPS.encode(): found.timing.timestamps.encode()}
    )


def _values(table: Any, name: str, dtype: type[np.int64] | type[np.float64]) -> NDArray[Any]:
    """A column without nulls, from its buffers: Arrow's own `to_numpy` imports pandas."""
    parts = [
        np.frombuffer(chunk.buffers()[1], dtype, count=len(chunk), offset=8 * chunk.offset)
        for chunk in table.column(name).chunks
        if len(chunk)
    ]
    return np.concatenate(parts)


def _whole(tick: Floats, number: NDArray[np.int64], rate_hz: float) -> Floats:
    """Device times (N,), those that are missing counted on at the nominal rate from the nearest before, or else after."""
    known = np.flatnonzero(np.isfinite(tick))
    if not len(known):
        return number / rate_hz
    nearest = known[np.clip(np.searchsorted(known, np.arange(len(tick)), side="right") - 1, 0, None)]
    out: Floats = tick[nearest] + (number - number[nearest]) / rate_hz
    return out
