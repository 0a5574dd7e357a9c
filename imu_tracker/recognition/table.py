"""Features as a table: one row an example and sensor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from imu_tracker.files.writing import write_atomically
from imu_tracker.recognition.corpus import Example
from imu_tracker.recognition.features import feature_names


def write_features(examples: Sequence[Example], path: str | Path) -> int:
    """Write the table as CSV or, by its ending, Parquet, and return its number of rows; raises FileError.

    A row holds the mean over the windows of one sensor; columns that it can't fill are empty.
    """
    import pyarrow as pa

    kinds = {kind for e in examples for part in e.features.parts for kind in part.rows}
    names = list(dict.fromkeys(n for kind in sorted(kinds, reverse=True) for n in feature_names(kind)))
    rows: list[dict[str, Any]] = []
    for e in examples:
        start, end = e.span or (None, None)
        for part in e.features.parts:
            for kind, x in part.rows.items():
                about = {"file": e.file, "start_s": start, "end_s": end, "exercise": e.label, "subject": e.group}
                values = zip(feature_names(kind), np.mean(x, axis=0).tolist(), strict=True)
                rows.append({**about, "segment": part.segment, "windows": len(x), **dict(values)})
    text, number = pa.string(), pa.float64()
    schema = pa.schema(
        [("file", text), ("start_s", number), ("end_s", number), ("exercise", text), ("subject", text), ("segment", text)]
        + [("windows", pa.int64())]
        + [(n, number) for n in names]
    )
    table = pa.Table.from_pylist(rows, schema)
    with write_atomically(path) as part_path:
        if str(path).lower().endswith(".parquet"):
            import pyarrow.parquet as pq

            pq.write_table(table, part_path)
        else:
            from pyarrow import csv

            csv.write_csv(table, part_path)
    return len(rows)
