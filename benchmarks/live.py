"""How soon live announces a rep, how often its counts are the analysis', and what it costs.

    python benchmarks/live.py [--sessions 1] [--block 10] [--unnamed] [--exercise NAME ...] [--each]
    python benchmarks/live.py --files FILE ...

Sessions of simulated people (training seeds), or recordings of one sensor, are pushed through the live path in blocks. `late` is
the time from a rep's end, as the analysis of the whole has it, to the moment when live first shows so many reps in that set: its
median, the share within 0.6 s, and the share more than 0.3 s before the end. `equal` is the share of the analysis' sets that
live closed with the same count; `extra` live sets that overlap none. `drops` is the share of the analysis' events that live
told within 0.3 s of their crossing the threshold, of those with a side known beforehand. ms: CPU of a 10-sample block.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from imu_tracker.analysis import Wish, analyze
from imu_tracker.files.reading import read_recording
from imu_tracker.live import DropSeen, LiveEvent, LiveSession, RepSeen, SetOver
from imu_tracker.recording import Recording
from imu_tracker.results import Set
from imu_tracker.simulate.evaluation import ALL_EXERCISES, training

NEVER = np.inf


@dataclass(frozen=True)
class Run:
    """One session through the live path, against its analysis."""

    name: str
    late_s: tuple[float, ...]
    sets: int
    equal: int
    extra: int
    drops: tuple[float, ...]
    false_drops: int
    cpu_s: float
    samples: int


def blocks(recording: Recording, size: int) -> Iterator[tuple[str, slice]]:
    """The recording's blocks in order of their first samples' times."""
    at = dict.fromkeys(recording.streams, 0)
    while at:
        name = min(at, key=lambda n: float(recording.streams[n].timing.t[at[n]]))
        yield name, slice(at[name], at[name] + size)
        at[name] += size
        if at[name] >= len(recording.streams[name]):
            del at[name]


def pushed(recording: Recording, wish: Wish, size: int) -> tuple[list[LiveEvent], float]:
    """All events, and the CPU time they took, s."""
    live, events = LiveSession(wish), list[LiveEvent]()
    begin = time.process_time()
    for name, here in blocks(recording, size):
        s = recording.streams[name]
        events += live.push(name, s.timing.t[here] - recording.start_s, s.acc[here], None if s.gyr is None else s.gyr[here])
    events += live.finish()
    return events, time.process_time() - begin


def run(name: str, recording: Recording, wish: Wish, size: int) -> Run:
    """The session live and analysed."""
    events, cpu_s = pushed(recording, wish, size)
    sets = analyze(recording, wish).sets
    over = [e.found for e in events if isinstance(e, SetOver) and e.found is not None]
    late: list[float] = []
    for s in sets:
        seen = [(e.t_s, e.number) for e in events if isinstance(e, RepSeen) and s.start_s <= e.rep.end_s <= s.end_s + 2.0]
        late += [min((t for t, number in seen if number >= k), default=NEVER) - r.end_s for k, r in enumerate(s.reps, 1)]
    true = [e for s in sets for e in s.pelvic_drop.events]
    told = [e for e in events if isinstance(e, DropSeen)]
    drops = [min((d.t_s - e.start_s for d in told if -0.3 < d.since_s - e.start_s < 0.5), default=NEVER) for e in true]
    false = sum(not any(-0.3 < d.since_s - e.start_s < 0.5 for e in true) for d in told)
    samples = sum(len(s) for s in recording.streams.values())
    equal = sum(any(_overlap(s, o) and s.count == o.count for o in over) for s in sets)
    extra = sum(not any(_overlap(s, o) for s in sets) for o in over)
    return Run(name, tuple(late), len(sets), equal, extra, tuple(drops), false, cpu_s, samples)


def _overlap(one: Set, other: Set) -> bool:
    return min(one.end_s, other.end_s) > max(one.start_s, other.start_s)


def row(name: str, runs: Sequence[Run]) -> str:
    """A line of the table."""
    late = np.array([x for r in runs for x in r.late_s])
    drops = np.array([x for r in runs for x in r.drops])
    words = (
        "    -    -    -" if not len(late) else f"{np.median(late):5.2f} {np.mean(late <= 0.6):4.2f} {np.mean(late < -0.3):4.2f}"
    )
    sets = sum(r.sets for r in runs)
    dropped = f"{np.mean(drops <= 0.3):5.2f} of {len(drops):<4d}" if len(drops) else "    -        "
    false, extra = sum(r.false_drops for r in runs), sum(r.extra for r in runs)
    ms = 1e4 * sum(r.cpu_s for r in runs) / sum(r.samples for r in runs)
    return f"{name:28s} {words} {sum(r.equal for r in runs):5d}/{sets:<4d} {extra:5d} {dropped} {false:5d} {ms:6.2f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--block", type=int, default=10)
    parser.add_argument("--unnamed", action="store_true")
    parser.add_argument("--exercise", nargs="*", default=list(ALL_EXERCISES))
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--files", nargs="*")
    a = parser.parse_args()
    print(f"{'':28s}  late <=.6 early  equal  extra drops         false     ms", flush=True)
    everything: list[Run] = []
    for name, jobs in _jobs(a):
        runs = []
        for recording, wish in jobs:
            runs.append(run(name, recording, wish, a.block))
            if a.each:
                print(row("   ", runs[-1:]), np.round(runs[-1].late_s, 1).tolist(), flush=True)
        everything += runs
        print(row(name, runs), flush=True)
    print(row("all", everything))


def _jobs(a: argparse.Namespace) -> Iterator[tuple[str, Iterator[tuple[Recording, Wish]]]]:
    if a.files:
        for path in a.files:
            yield path.rsplit("/", 1)[-1][:28], iter([(read_recording([path]), Wish())])
        return
    for name in a.exercise:
        examples = training(a.sessions, [name], start=500)
        yield name, ((e.recording, Wish() if a.unnamed else Wish(name, _side(e.truth.sets[0].side))) for e in examples)


def _side(side: str | None) -> Literal["left", "right"] | None:
    return "left" if side == "left" else "right" if side == "right" else None


if __name__ == "__main__":
    main()
