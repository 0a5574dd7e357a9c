"""24 hours of four sensors in a few minutes, with everything that goes wrong: what was heard, and what of it was lost.

    python benchmarks/day.py [--hours 24] [--seconds 3600] [--seed 0]

Sessions of so many seconds, one after the other, as tests/ingest/virtual_day.py makes them: losses, bursts, stalls, absences,
sensors switched off and on, counts that begin anew, a machine that sleeps, its time of day set back, and a disk that is slow,
fills up, becomes read-only, or sees the program killed. Each is recovered and laid beside what was heard.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "ingest"))

from virtual_day import SENSORS, Verdict, drawn, judged, session

SUMMED = ("taken", "heard", "safe", "missing", "twice", "disordered", "foreign", "holes", "bridged")


def main() -> None:
    """Simulate, say what each session came to, and print the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began, sums, faults = time.perf_counter(), {p: Counter[str]() for p in SENSORS}, Counter[str]()
    verdicts: dict[str, list[Verdict]] = {p: [] for p in SENSORS}
    sessions = round(asked.hours * 3600 / asked.seconds)
    done = 0
    try:
        for seed in range(asked.seed, asked.seed + sessions):
            drew = drawn(seed, asked.seconds)
            with tempfile.TemporaryDirectory() as folder:
                told = session(Path(folder), seed, asked.seconds, drew)
            faults.update({"lost stretches": len(drew.lost), "stalls": len(drew.stalls), "absences": len(drew.away)})
            faults.update({"switched off": sum(map(len, drew.off.values())), "sleeps": bool(drew.asleep), "naps": bool(drew.nap)})
            faults.update({f"disk {drew.disk}": 1, "time set back": drew.wall_back_s > 0})
            for placement, one in told.items():
                verdict = judged(one, SENSORS[placement].two_streams)
                verdicts[placement].append(verdict)
                sums[placement].update({n: getattr(verdict, n) for n in SUMMED})
                if (
                    (verdict.missing and not SENSORS[placement].two_streams)
                    or verdict.bridged
                    or verdict.twice
                    or verdict.disordered
                    or verdict.foreign
                ):
                    print(f"session {seed} ({drew.disk}), {SENSORS[placement].kind}: {verdict}", flush=True)
            done += 1
            print(f"\rsession {done} of {sessions}, {time.perf_counter() - began:.0f} s", end="", file=sys.stderr)
    except KeyboardInterrupt:  # what is done counts
        pass
    print(f"\n{done} sessions of {asked.seconds:g} s")
    print(", ".join(f"{n} {k}" for k, n in sorted(faults.items())))
    print(f"{'sensor':14}" + "".join(f"{n:>12}" for n in SUMMED) + f"{'apart':>8}{'off, ms: most':>15}{'p99':>9}{'median':>9}")
    for placement, sensor in SENSORS.items():
        off = [max(v.off_ms[k] for v in verdicts[placement]) for k in range(3)]
        numbers = "".join(f"{sums[placement][n]:12,}" for n in SUMMED)
        print(
            f"{sensor.kind:14}{numbers}{max(v.apart for v in verdicts[placement]):8.2f}{off[0]:15.1f}{off[1]:9.1f}{off[2]:9.1f}"
        )


if __name__ == "__main__":
    main()
