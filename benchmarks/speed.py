"""What imu-tracker costs: one table, each figure beside a floor that was measured in the same run.

    python benchmarks/speed.py [--repeats 7] [--quick] [--json OUT] [--markdown]

Figures are CPU seconds (user + system) of a whole process, the least of the repeats (of the slow ones, two), its peak memory, and
the machine's load while it ran. Everything is run in turn, again and again, so that a busy hour falls on all alike. Floors:
`python -c pass` for the start of the program; for an hour of recording a lean script (`lean_floor.py`) that only reads Parquet,
runs VQF, filters, finds sets by autocorrelation and peaks, and writes JSON; for the rest, the analysis of that hour. A live block
is ten samples, its floor the same blocks through VQF alone; names are what the built-in model takes for the hour's sets.

The hour: 100 Hz, 40 sets of 12 repetitions of changing tempo with rests between, made here from sines and noise. Live blocks: the
bundled recordings. Training: 24 simulated recordings of eight people. `--quick` leaves out what takes more than a few seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
BUNDLED = HERE.parent / "datasets"
RATE_HZ, SETS, REPS = 100.0, 40, 12
BLOCK = 10
SLOW_ROUNDS = 2
PEOPLE, TRAINED = 8, ("single_leg_squat", "lateral_step_up", "hip_thrust")


def write_parquet(path: Path, t: np.ndarray, acc: np.ndarray, gyr: np.ndarray) -> None:
    """A recording as the interface says, of single precision."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"t": np.asarray(t, np.float64)}
    columns |= {name: acc[:, i].astype(np.float32) for i, name in enumerate(("ax", "ay", "az"))}
    columns |= {name: gyr[:, i].astype(np.float32) for i, name in enumerate(("gx", "gy", "gz"))}
    pq.write_table(pa.table(columns), path, compression="zstd")


def make_hour(path: Path, hours: float = 1.0) -> None:
    """Write the benchmark's recording as Parquet."""
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
    write_parquet(path, t, acc, gyr)


def make_csv(parquet: Path, path: Path) -> None:
    """The same recording as text."""
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    pa_csv.write_csv(pq.read_table(parquet), path)


def make_people(folder: Path) -> None:
    """A dataset to train on: simulated people, each with the same few exercises."""
    from imu_tracker.simulate.evaluation import training

    folder.mkdir()
    lines = ["file,exercise,subject"]
    for k, example in enumerate(training(PEOPLE * len(TRAINED), TRAINED, ("pelvis",), start=40_000)):
        stream = example.recording.streams["pelvis"]
        assert stream.gyr is not None
        write_parquet(folder / f"{k}.parquet", stream.timing.t, stream.acc, stream.gyr)
        lines.append(f"{k}.parquet,{example.exercise},person{k // len(TRAINED)}")
    (folder / "manifest.csv").write_text("\n".join(lines) + "\n")


@dataclass(frozen=True)
class Job:
    """A line of the table. floor: the name of the job that it is compared with. goals: the most there should be of a figure.

    inside: the command prints seconds that it measured itself. floor jobs that only others are compared with aren't `shown`.
    """

    name: str
    command: tuple[str, ...]
    floor: str = ""
    goals: tuple[tuple[str, float], ...] = ()
    slow: bool = False
    inside: bool = False
    shown: bool = True


@dataclass(frozen=True)
class Measured:
    """CPU seconds, peak memory in MiB (0: not measured) and the machine's load of a job at its cheapest."""

    cpu_s: float
    mib: float
    load: float


def jobs(place: Path) -> tuple[Job, ...]:
    """All lines, floors first."""
    program, python, me = str(Path(sys.executable).parent / "imu-tracker"), sys.executable, str(HERE / "speed.py")
    hour, text, ten, people = (str(place / name) for name in ("hour.parquet", "hour.csv", "ten.parquet", "people"))
    out = str(place / "out")
    lean, analysed, played = "lean floor, 1 h", "analyze, 1 h, Parquet", "through VQF alone, a block"
    analyze = (program, "analyze", hour, "--json", "-")
    return (
        Job("python -c pass", (python, "-c", "pass"), shown=False),
        Job(lean, (python, str(HERE / "lean_floor.py"), hour), shown=False),
        Job(played, (python, me, "--inside", "vqf"), slow=True, inside=True, shown=False),
        Job("--help", (program, "--help"), "python -c pass", (("s", 0.06),)),
        Job(analysed, analyze, lean, (("ratio", 3.0),)),
        Job("analyze, 1 h, summary shown", (program, "analyze", hour), lean),
        Job("analyze, 1 h at the pelvis", (program, "analyze", f"pelvis={hour}", "--json", "-"), lean),
        Job("its names", (python, me, "--inside", "names", hour), lean, (("s", 0.1),), inside=True),
        Job("analyze, 1 h, CSV", (program, "analyze", text, "--json", "-"), analysed, (("ratio", 1.3),)),
        Job("analyze --series, 1 h", (*analyze, "--series", f"{out}.parquet"), analysed, (("more s", 0.15),)),
        Job("analyze --report, 1 h", (*analyze, "--report", f"{out}.html"), analysed),
        Job("analyze, 10 h", (program, "analyze", ten, "--json", "-"), analysed, (("ratio", 10.5), ("MiB", 1229.0)), slow=True),
        Job(
            "analyze, 10 h at the pelvis",
            (program, "analyze", f"pelvis={ten}", "--json", "-"),
            analysed,
            (("MiB", 1229.0),),
            True,
        ),
        Job("replay --speed max, 1 h", (program, "replay", hour, "--speed", "max"), analysed, (("s", 20.0),), slow=True),
        Job("live, a block of 10 samples", (python, me, "--inside", "live"), played, (("s", 0.0005),), slow=True, inside=True),
        Job("train on 24 recordings", (program, "train", people, "--out", f"{out}.model"), analysed, slow=True),
    )


def cost(job: Job) -> Measured:
    """What a job takes, once."""
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "0"}
    command = job.command if job.inside else (sys.executable, "-c", _METER, *job.command)
    ran = subprocess.run(command, capture_output=True, text=True, env=env)
    if ran.returncode:
        sys.exit(f"{' '.join(job.command)} failed: {ran.stderr.strip()[-300:]}")
    used, peak = (ran.stdout, 0.0) if job.inside else ran.stderr.split()[-2:]
    return Measured(float(used), float(peak), os.getloadavg()[0])


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


def inside(what: str, path: str | None) -> None:
    """Measure in this process, and print seconds of CPU."""
    print(_names_s(path) if path is not None else _blocks_s(alone=what == "vqf"))


def _names_s(path: str) -> float:
    from imu_tracker.files.reading import read_recording
    from imu_tracker.motion import motion_of, to_grid
    from imu_tracker.recognition.naming import builtin_model, names_of
    from imu_tracker.reps import exercise_sets

    recording = read_recording([f"pelvis={path}"])
    motions = tuple(motion_of(piece) for piece in to_grid(recording.streams["pelvis"], recording.start_s))
    spans = [(float(s.cuts[0, 0]), float(s.cuts[-1, 1])) for s in exercise_sets(motions)]
    begin = time.process_time()
    names_of({"pelvis": motions}, spans, builtin_model())
    return time.process_time() - begin


def _blocks_s(alone: bool) -> float:
    """CPU of a block, over all bundled recordings; alone: through VQF and nothing else."""
    from live import pushed
    from vqf import VQF

    from imu_tracker.analysis import Wish
    from imu_tracker.files.datasets import read_manifest

    total, blocks = 0.0, 0
    for row in read_manifest(BUNDLED).rows:
        recording = row.read()
        blocks += sum(-(-len(s) // BLOCK) for s in recording.streams.values())
        if not alone:
            total += pushed(recording, Wish(row.exercise), BLOCK)[1]
            continue
        for s in recording.streams.values():
            assert s.gyr is not None
            vqf, acc, gyr = VQF(1 / RATE_HZ), np.ascontiguousarray(s.acc), np.ascontiguousarray(s.gyr)
            begin = time.process_time()
            for k in range(0, len(s), BLOCK):
                vqf.updateBatch(gyr[k : k + BLOCK], acc[k : k + BLOCK])
            total += time.process_time() - begin
    return total / blocks


def measure(todo: Sequence[Job], repeats: int) -> dict[str, Measured]:
    """Every job at its cheapest, and the most memory it took."""
    best: dict[str, Measured] = {}
    for k in range(repeats):
        for job in todo:
            if job.slow and k >= SLOW_ROUNDS:
                continue
            now = cost(job)
            before = best.get(job.name, now)
            best[job.name] = replace(min(now, before, key=lambda m: m.cpu_s), mib=max(now.mib, before.mib))
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return best


COLUMNS = ("what", "CPU s", "floor s", "ratio", "MiB", "load", "goal", "reached", "floor")


def lines(todo: Sequence[Job], found: dict[str, Measured]) -> list[tuple[str, ...]]:
    """The table's cells."""
    out: list[tuple[str, ...]] = []
    for job in todo:
        if not job.shown:
            continue
        one, floor = found[job.name], found[job.floor]
        figures = {"s": one.cpu_s, "ratio": one.cpu_s / floor.cpu_s, "more s": one.cpu_s - floor.cpu_s, "MiB": one.mib}
        reached = all(figures[kind] <= most for kind, most in job.goals)
        goal = ", ".join({"ratio": "{:g} x", "MiB": "{:g} MiB"}.get(k, "{:g} " + k).format(m) for k, m in job.goals)
        cells = (
            f"{one.cpu_s:.3g}",
            f"{floor.cpu_s:.3g}",
            f"{figures['ratio']:.3g}",
            "" if job.inside else f"{one.mib:.0f}",
            f"{one.load:.1f}",
        )
        out.append((job.name, *cells, goal, ("yes" if reached else "no") if goal else "", job.floor))
    return out


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--inside", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        inside(args.inside[0], args.inside[1] if len(args.inside) > 1 else None)
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        make_hour(place / "hour.parquet")
        make_csv(place / "hour.parquet", place / "hour.csv")
        if not args.quick:
            make_hour(place / "ten.parquet", 10.0)
            make_people(place / "people")
        todo = [job for job in jobs(place) if not (args.quick and job.slow)]
        found = measure(todo, args.repeats)
        table = lines(todo, found)
    if args.markdown:
        rows = ["| " + " | ".join(cells) + " |" for cells in (COLUMNS, ("---",) * len(COLUMNS), *table)]
    else:
        widths = [max(len(cells[k]) for cells in (COLUMNS, *table)) for k in range(len(COLUMNS))]
        rows = [
            "  ".join(c.ljust(w) if k in (0, 6, 7, 8) else c.rjust(w) for k, (c, w) in enumerate(zip(r, widths, strict=True)))
            for r in (COLUMNS, *table)
        ]
    print("\n".join(row.rstrip() for row in rows))
    if args.json:
        figures = {name: {"cpu_s": m.cpu_s, "mib": m.mib, "load": m.load} for name, m in found.items()}
        args.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
