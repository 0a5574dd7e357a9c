"""Datasets made from plain formulas: people who tilt and lift in a few ways that a glance tells apart."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from made import Plan, recording, rotation

from imu_tracker.files.datasets import Dataset, read_manifest
from imu_tracker.files.writing import write_table
from imu_tracker.recording import Recording

WAYS = {
    "nod": Plan(reps=8, out_s=0.5, pause_s=0.0, back_s=0.5, range_deg=20.0, lift_m=0.0, quiet_s=2.0),
    "bend": Plan(reps=5, out_s=1.5, pause_s=0.5, back_s=1.5, range_deg=70.0, lift_m=0.1, quiet_s=2.0),
    "hop": Plan(reps=10, out_s=0.3, pause_s=0.0, back_s=0.3, range_deg=5.0, lift_m=0.3, quiet_s=2.0),
}


def turned_at_random(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rotation(rng.normal(size=3), rng.uniform(0.0, np.pi))


def someone(way: str, person: int, take: int = 0, gyroscope: bool = True, rate_hz: float = 50.0) -> Recording:
    """One person's own pace and range; rests, noise and mounting of each take."""
    own, of_take = np.random.default_rng([person, 7]), np.random.default_rng([person, take, 8])
    plan, pace = WAYS[way], own.uniform(0.85, 1.15)
    plan = replace(plan, out_s=plan.out_s * pace, back_s=plan.back_s * pace, range_deg=plan.range_deg * own.uniform(0.85, 1.15))
    plan = replace(plan, rest_s=of_take.uniform(0.1, 0.8), quiet_s=of_take.uniform(1.0, 3.0))
    seed = 100 * person + 10 * take + list(WAYS).index(way)
    return recording(
        plan, rate_hz, turned=turned_at_random(seed), noise=0.05, seed=seed, gyroscope=gyroscope, placement="thigh_left"
    )


def write_dataset(
    folder: Path, ways: Sequence[str] = tuple(WAYS), people: int = 4, takes: int = 1, gyroscope: bool = True
) -> Dataset:
    folder.mkdir(exist_ok=True)
    rows = []
    for person in range(people):
        for way in ways:
            for take in range(takes):
                name = f"p{person}_{way}_{take}.parquet"
                (stream,) = someone(way, person, take, gyroscope).streams.values()
                write_table(stream, folder / name, {})
                rows.append({"file": name, "exercise": way, "subject": f"p{person}", "placement": "thigh_left"})
    write_manifest(folder, rows)
    return read_manifest(folder)


def write_manifest(folder: Path, rows: Sequence[dict[str, str]]) -> None:
    with open(folder / "manifest.csv", "w", newline="") as f:
        out = csv.DictWriter(f, list(rows[0]))
        out.writeheader()
        out.writerows(rows)
