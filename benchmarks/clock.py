"""How far sample times are off, by estimator, on a simulated link: constant latency aside, in milliseconds.

    python benchmarks/clock.py [--seconds 600] [--seeds 2]

The link of the tests (tests/ingest/link.py): 45 ms connection interval, packets of 4 samples at 100 Hz unless said otherwise,
1 % of packets lost, 5 % of connection events failing, one stall of 3 s, and the sensor's crystal 80 ppm off. Worst seed shown.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "ingest"))

from link import Link, error, hear

from imu_tracker.ingest.clock import By
from imu_tracker.ingest.refining import refine
from imu_tracker.numeric import Floats

BY: dict[str, By | None] = {"index": "index", "both": "index", "tick": "tick", "none": None}
SENSORS = {
    "index": Link(),
    "index, -80 ppm": Link(ppm=-80.0),
    "index, rate off by 0.7 %": Link(ppm=7000.0),
    "index, rate off by 3 %": Link(ppm=30000.0),
    "tick in ms": Link(marks="tick", tick_step_s=1e-3),
    "tick, 36 samples at 52 Hz": Link(marks="tick", rate_hz=52.0, batch=36, tick_first=False, tick_modulus_s=None),
    "neither, nothing lost": Link(marks="none", loss=0.0),
    "neither, 0.1 % lost": Link(marks="none", loss=0.001),
    "neither, 1 % lost": Link(marks="none"),
    "neither, 2 % lost": Link(marks="none", loss=0.02),
}


def recursive_least_squares(device_s: Floats, arrival_s: Floats, half_time_s: float = 90.0) -> Floats:
    """What LSL's smoothing does (time_postprocessor): arrivals as a line of the sample count, the past half forgotten in 90 s."""
    forget = 0.5 ** (np.diff(device_s, prepend=device_s[0]) / half_time_s)
    w, cov, out = np.array([arrival_s[0] - device_s[0], 0.0]), np.diag([1e10, 1e10]), np.empty(len(device_s))
    for i, (u, late, lam) in enumerate(zip(device_s, arrival_s - device_s, forget, strict=True)):
        x = np.array([1.0, u])
        gain = cov @ x / (lam + x @ cov @ x)
        w = w + gain * (late - w @ x)
        cov = (cov - np.outer(gain, x @ cov)) / lam
        out[i] = u + w @ x
    return out


def figures(link: Link, seeds: int) -> tuple[dict[str, tuple[float, float]], float]:
    """(p99, largest) error in ms of each estimator, the worst of the seeds, and µs of CPU for each packet while streaming."""
    worst: dict[str, tuple[float, float]] = {}
    cost = 0.0
    for seed in range(seeds):
        this = replace(link, seed=seed)
        sent = this.packets()
        start = time.process_time()
        heard = hear(sent, this.rate_hz)
        cost = max(cost, 1e6 * (time.process_time() - start) / len(sent))
        true = this.taken()[heard.sample.astype(int)]
        segment, number = (heard.column(c).astype(np.int64) for c in ("segment", "number"))
        device = heard.column("device_s")
        after = refine(segment, number, device, heard.arrival_s, this.rate_hz, BY[this.marks])
        times = {
            "arrival time": heard.arrival_s,
            "counting at the nominal rate": np.arange(len(true)) / this.rate_hz,
            "recursive least squares": recursive_least_squares(device, heard.arrival_s),
            "running lower edge": heard.column("t"),
            "refined": after.timing.t,
        }
        for name, t in times.items():
            e = 1e3 * error(t, true)
            p99, most = worst.get(name, (0.0, 0.0))
            worst[name] = (max(p99, float(np.quantile(e, 0.99))), max(most, float(e.max())))
    return worst, cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seeds", type=int, default=2)
    asked = parser.parse_args()
    for name, link in SENSORS.items():
        found, cost = figures(replace(link, seconds=asked.seconds), asked.seeds)
        print(f"{name}  ({cost:.0f} µs a packet while streaming)")
        for estimator, (p99, most) in found.items():
            print(f"    {estimator:30s} p99 {p99:8.2f} ms   largest {most:8.2f} ms")


if __name__ == "__main__":
    main()
