"""What imu-tracker costs, as ratios to floors measured in the same run.

    python benchmarks/speed.py [--repeats 5] [--json OUT]

Two floors. `python -c pass` for the start of the program; and, for an hour of recording, a lean script that only reads
Parquet, runs VQF, filters, finds sets by their autocorrelation and peaks, and writes JSON, with numpy, pyarrow.parquet and vqf
alone (`lean_floor.py`). Both are whole processes; figures are CPU seconds (user + system), the least of the repeats, and the
peak memory.

The recording: an hour at 100 Hz, 40 sets of 12 repetitions of changing tempo with rests between, made here from sines and noise.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
RATE_HZ, SETS, REPS = 100.0, 40, 12


def make_hour(path: Path, hours: float = 1.0) -> None:
    """Write the benchmark's recording as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(7)
    n = int(hours * 3600 * RATE_HZ)
    t = np.arange(n) / RATE_HZ
    angle, lift = np.zeros(n), np.zeros(n)
    for k in range(int(SETS * hours)):
        period = rng.uniform(1.5, 4.0)
        start = int((k * 90.0 + 20.0) * RATE_HZ)
        length = int(REPS * period * RATE_HZ)
        phase = np.arange(length) / RATE_HZ / period * 2 * np.pi
        angle[start : start + length] = np.radians(rng.uniform(15, 50)) * 0.5 * (1 - np.cos(phase))
        lift[start : start + length] = rng.uniform(0.5, 1.5) * np.cos(phase)
    rate = np.gradient(angle, 1 / RATE_HZ)
    acc = np.column_stack([-9.80665 * np.sin(angle), np.zeros(n), 9.80665 * np.cos(angle) + lift]) + rng.normal(0, 0.05, (n, 3))
    gyr = np.column_stack([np.zeros(n), rate, np.zeros(n)]) + rng.normal(0, 0.005, (n, 3))
    columns = {
        "t": t,
        **{a: acc[:, i] for i, a in enumerate(("ax", "ay", "az"))},
        **{g: gyr[:, i] for i, g in enumerate(("gx", "gy", "gz"))},
    }
    pq.write_table(
        pa.table({k: v.astype(np.float64 if k == "t" else np.float32) for k, v in columns.items()}), path, compression="zstd"
    )


def cost(command: list[str], repeats: int) -> tuple[float, float]:
    """Least CPU seconds and largest peak memory (MiB) of a command over some runs."""
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "0"}
    cpu, memory = [], []
    for _ in range(repeats):
        ran = subprocess.run([sys.executable, "-c", _METER, *command], capture_output=True, text=True, env=env)
        if ran.returncode:
            sys.exit(f"{' '.join(command)} failed: {ran.stderr.strip()[-300:]}")
        used, peak = ran.stderr.split()[-2:]
        cpu.append(float(used))
        memory.append(float(peak))
    return min(cpu), max(memory)


# A small process of its own starts the command: a child's peak memory begins with its parent's.
_METER = """
import os, sys
child = os.fork()
if child == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, used = os.wait4(child, 0)
unit = 2**20 if sys.platform == "darwin" else 2**10
print(used.ru_utime + used.ru_stime, used.ru_maxrss / unit, file=sys.stderr)
sys.exit(1 if status else 0)
"""


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    program = str(Path(sys.executable).parent / "imu-tracker")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        hour = Path(folder) / "hour.parquet"
        make_hour(hour)
        floor, _ = cost([sys.executable, "-c", "pass"], args.repeats)
        for name, command in (("--version", [program, "--version"]), ("--help", [program, "--help"])):
            used, memory = cost(command, args.repeats)
            rows.append((f"imu-tracker {name}", used, floor, "python -c pass", memory))
        lean, _ = cost([sys.executable, str(HERE / "lean_floor.py"), str(hour)], args.repeats)
        out = Path(folder) / "out.json"
        used, memory = cost([program, "analyze", str(hour), "--json", str(out)], args.repeats)
        rows.append(("analyze, 1 h at 100 Hz, Parquet", used, lean, "lean floor", memory))
        used, memory = cost([program, "analyze", str(hour), "--json", "-"], args.repeats)
        rows.append(("analyze --json -, 1 h, Parquet", used, lean, "lean floor", memory))
        counts = [s["count"] for s in json.loads(out.read_text())["sets"]]
    print(f"{'what':36}{'CPU s':>8}{'floor s':>9}{'ratio':>7}{'MiB':>6}  floor")
    for what, used, against, which, memory in rows:
        print(f"{what:36}{used:8.3f}{against:9.3f}{used / against:7.2f}{memory:6.0f}  {which}")
    print(f"counted in the hour: {sum(counts)} reps in {len(counts)} sets (made: {SETS * REPS} in {SETS})")
    if args.json:
        keys = ("what", "cpu_s", "floor_s", "floor", "memory_mib")
        args.json.write_text(json.dumps([dict(zip(keys, (w, u, f, n, m), strict=True)) for w, u, f, n, m in rows], indent=1))


if __name__ == "__main__":
    main()
