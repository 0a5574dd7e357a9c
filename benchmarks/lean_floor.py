"""The least that counting reps in an hour could cost: read, VQF, filters, sets, peaks, JSON; no checks, no errors, no care."""

from __future__ import annotations

import json
import sys

import numpy as np
import pyarrow.parquet as pq
from vqf import VQF


def main() -> None:
    """Read the file named on the command line and print sets as JSON."""
    table = pq.ParquetFile(sys.argv[1]).read()
    columns = {
        c: np.frombuffer(table.column(c).combine_chunks().buffers()[1], np.float64 if c == "t" else np.float32)
        for c in table.column_names
    }
    t = np.asarray(columns["t"], float)
    acc = np.ascontiguousarray(np.column_stack([columns[c] for c in ("ax", "ay", "az")]), float)
    gyr = np.ascontiguousarray(np.column_stack([columns[c] for c in ("gx", "gy", "gz")]), float)
    grid = np.arange(0.0, t[-1], 0.01)
    signals = np.column_stack([np.interp(grid, t, x) for x in np.hstack([acc, gyr]).T.astype(float)])
    q = VQF(0.01).updateBatch(np.ascontiguousarray(signals[:, 3:]), np.ascontiguousarray(signals[:, :3]))["quat6D"]
    w, x, y, z = q.T
    up = np.column_stack([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)])
    total = np.cumsum(np.vstack([np.zeros(6), np.hstack([up, signals[:, :3] - 9.81 * up])]), axis=0)
    smooth = ((total[25:] - total[:-25]) / 25)[::5]
    power = np.convolve(np.einsum("ij,ij->i", smooth - smooth.mean(0), smooth - smooth.mean(0)), np.ones(100) / 100, "same")
    busy = np.flatnonzero(np.diff(np.concatenate([[0], (power > 0.3 * power.mean()).astype(int), [0]])))
    sets = []
    for a, b in busy.reshape(-1, 2):
        if b - a < 60:
            continue
        part = smooth[a:b] - smooth[a:b].mean(0)
        u, s, _ = np.linalg.svd(part, full_matrices=False)
        f = np.fft.rfft(u[:, 0] * s[0], 2 * (b - a))
        ac = np.fft.irfft(f * np.conj(f))[: b - a]
        lag = 15 + int(np.argmax(ac[15 : max(16, (b - a) // 2)]))
        course = np.convolve(u[:, 0], np.ones(lag // 2) / (lag // 2), "same")
        peaks = np.flatnonzero((course[1:-1] > course[:-2]) & (course[1:-1] >= course[2:]) & (course[1:-1] > 0))
        sets.append(
            {"start_s": float(a) / 20, "end_s": float(b) / 20, "count": len(peaks), "reps": [float(p) / 20 for p in peaks]}
        )
    print(json.dumps({"sets": sets}))


if __name__ == "__main__":
    main()
