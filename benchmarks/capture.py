"""What recording costs by kind of sensor: CPU while it streams, and closing the file.

    python benchmarks/capture.py [--minutes 60] [--kinds own witmotion ...]

Each kind's own notifications, as its encoder makes them, over a link with connection events of 45 ms, 2 % of them lost and one
stall of 3 s, are decoded, timed, joined, written and handed on as in `Capture`; only the radio is missing. CPU milliseconds for
ten samples, on average and in the cheapest minute (other work on the machine makes the others dearer); CPU seconds in which
`close` times all anew and writes Parquet, and how far that raised the process's peak of memory.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imu_tracker.errors import DecodeError
from imu_tracker.ingest.placed import Placed, Samples
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.sensors import own
from imu_tracker.sensors.base import Message, Packet, Sensor
from imu_tracker.sensors.registry import BUILT_IN

INTERVAL_S, LOSS, LATENCY_S = 0.045, 0.02, 0.02
STALL_S = (60.0, 3.0)  # when, and for how long


@dataclass
class VirtualTime:
    """Seconds that pass as packets arrive."""

    s: float = 0.0

    def __call__(self) -> float:
        return self.s


@dataclass(frozen=True)
class Cost:
    """CPU of one kind: ms for ten samples, on average and in the cheapest minute; s to close, and what that took of memory."""

    packets: float  # for ten samples
    mean_ms: float
    least_ms: float
    close_s: float
    more_mib: float


def arriving(sensor: Sensor, minutes: float) -> list[tuple[Message, float]]:
    """A kind's notifications, and when each arrives, s."""
    rng, asked = np.random.default_rng(3), sensor.settings()
    n = int(minutes * 60 * asked.rate_hz)
    t = np.arange(n) / asked.rate_hz
    acc = np.array([0.0, 0.0, 9.81]) + 4 * np.sin(np.outer(t, [1.9, 2.9, 1.4]))
    messages = sensor.encode(acc, 2 * np.sin(np.outer(t, [3.3, 2.3, 1.8])), asked, mtu=247)
    due = (1 + np.arange(len(messages))) * minutes * 60 / len(messages)
    at = np.ceil(due / INTERVAL_S) * INTERVAL_S + LATENCY_S
    begin, length = STALL_S
    at[(at > begin) & (at < begin + length)] = begin + length
    at += 1e-4 * (np.arange(len(at)) - np.searchsorted(at, at))  # those of one event reach us one after another
    return [(m, float(s)) for m, s, gone in zip(messages, at, rng.random(len(at)) < LOSS, strict=True) if not gone]


def cost(sensor: Sensor, minutes: float) -> Cost:
    """Record so many minutes of one kind in a folder that is removed again."""
    came, now, asked = arriving(sensor, minutes), VirtualTime(), sensor.settings()
    samples = packets = 0
    marks: list[tuple[int, float]] = []  # each minute: samples, CPU seconds

    def heard(block: Samples) -> None:
        nonlocal samples
        samples += len(block.t_s)

    with tempfile.TemporaryDirectory() as folder:
        recorder = SessionRecorder(Path(folder), {}, now)
        placed, decoder = Placed("pelvis", sensor.title, recorder, heard, {}), sensor.decoder(asked)
        if sensor.kind == own.KIND:
            decoder.feed(own.INFO, own.encode_info(asked))
        placed.chosen(sensor, asked)
        marks.append((0, time.process_time()))
        for message, now.s in came:
            if now.s >= 60.0 * len(marks):
                marks.append((samples, time.process_time()))
            try:
                events = decoder.feed(*message)
            except DecodeError:
                continue
            for event in events:
                if isinstance(event, Packet):
                    packets += 1
                    placed.packet(event, now.s, 1)
        marks.append((samples, time.process_time()))
        del came
        peak, start_s = _peak_mib(), time.process_time()
        recorder.close()
        close_s = time.process_time() - start_s
    each = [1e4 * (t - s) / (n - m) for (m, s), (n, t) in itertools.pairwise(marks) if n - m > 30 * asked.rate_hz]
    mean = 1e4 * (marks[-1][1] - marks[0][1]) / samples
    return Cost(10 * packets / samples, mean, min(each), close_s, _peak_mib() - peak)


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Measure and print the table."""
    kinds = {sensor.kind: sensor for sensor in BUILT_IN}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--kinds", nargs="+", choices=kinds, default=list(kinds))
    asked = parser.parse_args()
    print(f"{'kind':16}{'packets':>9}{'mean':>10}{'least':>9}{'close':>8}{'more':>7}")
    print(f"{'':16}{'/ 10':>9}{'ms / 10':>10}{'ms / 10':>9}{'s':>8}{'MiB':>7}")
    for kind in asked.kinds:
        found = cost(kinds[kind], asked.minutes)
        print(
            f"{kind:16}{found.packets:9.2f}{found.mean_ms:10.3f}{found.least_ms:9.3f}{found.close_s:8.2f}{found.more_mib:7.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
