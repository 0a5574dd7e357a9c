"""Any bytes into any decoder, as many as are asked for: what tests/sensors/test_any_bytes.py does with 10,000 in each run.

    python benchmarks/any_bytes.py [--examples 1000000] [--seed 1]

Each example goes into every decoder, as it is and as damage to one of the sensor's own packets. Rounds of 10,000, each with a
seed of its own: hypothesis remembers all that it has tried in one round, and slows down. The first failure ends it.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "sensors"))

from test_any_bytes import any_bytes, damaged_packet

from imu_tracker.sensors.registry import BUILT_IN

ROUND = 10_000


def one_round(examples: int, number: int) -> int:
    """How many examples were tried; raises what a decoder shouldn't have done, with the bytes that made it do so."""
    tried = 0

    @seed(number)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(junk=st.binary(max_size=64))
    def survive(junk: bytes) -> None:
        nonlocal tried
        tried += 1
        at, cut = (junk[-1], junk[0]) if junk else (0, 0)
        for sensor in BUILT_IN:
            any_bytes(sensor, junk, at)
            damaged_packet(sensor, junk[:12], at, cut)

    survive()
    return tried


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--examples", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began, tried, number = time.perf_counter(), 0, asked.seed
    while tried < asked.examples:
        tried += one_round(min(ROUND, asked.examples - tried), number)
        number += 1
        print(
            f"\r{tried:,} of {asked.examples:,} examples, {time.perf_counter() - began:.0f} s",
            end="",
            flush=True,
            file=sys.stderr,
        )
    print(file=sys.stderr)
    kinds = ", ".join(sensor.kind for sensor in BUILT_IN)
    took = time.perf_counter() - began
    print(f"{tried:,} examples into each of {len(BUILT_IN)} decoders ({kinds}): each survived, in {took:.0f} s.")


if __name__ == "__main__":
    main()
