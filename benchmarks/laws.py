"""How often the design's laws hold on recordings: of real people in a folder, and of simulated ones.

    python benchmarks/laws.py [DATASET ...] [--each 25] [--sessions 24]

Of each dataset (a folder with a manifest.csv) so many recordings, evenly taken; so many simulated sessions, one exercise each.
    turned    a random rotation of every sensor changes no count of any set
    mirrored  the reflection of what sensors read, left and right swapped, changes none either
    gap       where 3 s are cut out, no rep crosses, and no sample of the series there is in one
    pure      the same bytes give the same JSON
    reasons   each figure that no rep of a set has, or the set itself, stands in `unresolved` with its reason
    rates     50, 100 and 200 Hz of one noiseless movement give the same counts (simulated only)
A line each, and below it the recordings that broke a law.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from reasons import all_is_explained, without_reason

from imu_tracker.analysis import analyze, analyze_with_series
from imu_tracker.errors import ImuTrackerError
from imu_tracker.files.datasets import read_manifest
from imu_tracker.numeric import Floats
from imu_tracker.recording import Recording, stream_from_samples
from imu_tracker.results import Session, to_json
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.evaluation import ALL_EXERCISES, TRAINING_SEEDS
from imu_tracker.simulate.wearing import Sensor

GAP_S = 3.0


def changed(
    recording: Recording, acc: Callable[[Floats], Floats], gyr: Callable[[Floats], Floats], swap: bool = False
) -> Recording:
    """The recording with every sensor's values (N, 3) otherwise, and the sides' names swapped."""
    streams = {}
    for name, s in recording.streams.items():
        side = {"left": "right", "right": "left"} if swap else {}
        name = "_".join(side.get(word, word) for word in name.split("_"))
        streams[name] = stream_from_samples(s.t, acc(s.acc), None if s.gyr is None else gyr(s.gyr))
    return Recording(streams)


def turned(recording: Recording, seed: int) -> Recording:
    """A random rotation of every sensor, the same for all."""
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    turn = turn * np.sign(np.linalg.det(turn))
    return changed(recording, lambda a: a @ turn.T, lambda g: g @ turn.T)


def mirrored(recording: Recording) -> Recording:
    """Turning is a pseudovector: what a mirror does to it has the other sign."""
    mirror = np.array([1.0, -1.0, 1.0])
    return changed(recording, lambda a: a * mirror, lambda g: -g * mirror, swap=True)


def counts(session: Session) -> list[int]:
    """Of each set."""
    return [s.count for s in session.sets]


def holds_across_a_gap(recording: Recording, seed: int) -> bool:
    """Cut GAP_S out of the middle, somewhere."""
    begin = recording.start_s + recording.duration_s * np.random.default_rng(seed).uniform(0.2, 0.8)
    streams = {}
    for name, s in recording.streams.items():
        keep = (s.timing.t < begin) | (s.timing.t >= begin + GAP_S)
        streams[name] = stream_from_samples(s.timing.t[keep], s.acc[keep], None if s.gyr is None else s.gyr[keep])
    session, series = analyze_with_series(Recording(streams))
    gaps = [g for info in session.recording.placements.values() for g in info.gaps if g[1] - g[0] >= 0.9 * GAP_S]
    for a, b in gaps:
        if any(r.start_s < a - 0.011 and r.end_s > b + 0.011 for s in session.sets for r in s.reps):
            return False
        if (series.rep_number[(series.t > a + 0.02) & (series.t < b - 0.02)] != 0).any():
            return False
    return bool(gaps)


def judged(recording: Recording, seed: int) -> dict[str, bool]:
    """Which laws hold."""
    plain = analyze(recording)
    out = {
        "turned": counts(analyze(turned(recording, seed))) == counts(plain),
        "mirrored": counts(analyze(mirrored(recording))) == counts(plain),
        "pure": to_json(analyze(recording)) == to_json(plain),
        "reasons": all_is_explained(plain),
    }
    if recording.duration_s > 4 * GAP_S:
        out["gap"] = holds_across_a_gap(recording, seed)
    return out


def from_dataset(folder: Path, each: int) -> Iterator[tuple[str, Recording]]:
    """So many recordings, evenly taken."""
    rows = read_manifest(folder).rows
    for k in np.unique(np.linspace(0, len(rows) - 1, each).astype(int)):
        try:
            yield rows[k].name, rows[k].read()
        except ImuTrackerError as e:
            print(f"    {e}")


def of_one_movement(name: str, seed: int) -> bool:
    """The same counts at three rates."""
    movement, _ = simulate(name, seed)
    found = [counts(analyze(record(movement, seed, (), Sensor(rate_hz=hz)))) for hz in (50.0, 100.0, 200.0)]
    return found[0] == found[1] == found[2]


def main() -> None:
    """Print how often each law held, by dataset."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("datasets", nargs="*", type=Path)
    parser.add_argument("--each", type=int, default=25)
    parser.add_argument("--sessions", type=int, default=24)
    asked = parser.parse_args()
    sources: list[tuple[str, Iterator[tuple[str, Recording]]]] = [(d.name, from_dataset(d, asked.each)) for d in asked.datasets]
    seeds = [(ALL_EXERCISES[k % len(ALL_EXERCISES)], TRAINING_SEEDS[700 + k]) for k in range(asked.sessions)]
    simulated = ((f"{name} {seed}", record(simulate(name, seed)[0], seed)) for name, seed in seeds)
    for source, recordings in [*sources, ("simulated", simulated)]:
        held, tried, broken = Counter[str](), Counter[str](), defaultdict[str, list[str]](list)
        absent = Counter[str]()
        for number, (name, recording) in enumerate(recordings):
            laws = judged(recording, number)
            if source == "simulated":
                laws["rates"] = of_one_movement(*seeds[number])
            for law, holds in laws.items():
                tried[law] += 1
                held[law] += holds
                if not holds:
                    broken[law].append(name)
            absent.update(field for s in analyze(recording).sets for field in without_reason(s))
        print(f"{source:20}" + "  ".join(f"{law} {held[law]}/{n}" for law, n in tried.items()), flush=True)
        for law, names in broken.items():
            print(f"    {law}: {', '.join(names[:6])}{' ...' if len(names) > 6 else ''}", flush=True)
        if absent:
            print(f"    without a reason: {dict(absent)}", flush=True)


if __name__ == "__main__":
    main()
