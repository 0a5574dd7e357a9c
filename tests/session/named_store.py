"""A store of sessions by several people on several days, whose sets a person has named."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from made_datasets import WAYS, someone

from imu_tracker.files.writing import write_table
from imu_tracker.session.learning import Picked, name_sets
from imu_tracker.session.store import Store


def keep_someone(root: Path, way: str, person: int, day: int, take: int = 0) -> str:
    """A session of one way of moving, not named; its name."""
    name = f"2026-03-{day:02}_{9 + take:02}-{10 * list(WAYS).index(way):02}-00"
    folder = root / name
    folder.mkdir(parents=True)
    (stream,) = someone(way, person, take).streams.values()
    write_table(stream, folder / "thigh_left.parquet", {"placement": "thigh_left", "subject": f"p{person}"})
    return name


def picked_in(store: Store, name: str) -> list[Picked]:
    """All sets of a session."""
    return [Picked(name, 0.5 * (s.start_s + s.end_s)) for s in store.open(name).session.sets]


def named_store(root: Path, people: int = 3) -> Store:
    """Each person does each way once, on a day of their own; a person has named the sets."""
    store = Store(root)
    for person in range(people):
        for way in WAYS:
            name = keep_someone(root, way, person, 1 + person)
            name_sets(store, picked_in(store, name), way)
    return store
