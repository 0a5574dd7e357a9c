"""What the store costs: listing many sessions, their history, and opening an hour's.

    python benchmarks/store.py [--sessions 1000] [--json OUT]

Each session of the many has 4 sets of 12 reps; the hour is that of `speed.py`. Wall seconds in one process, after its imports;
the files are in the system's memory, as after their writing.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from speed import make_hour

from imu_tracker.analysis import Wish
from imu_tracker.results import Mounting, PelvicDrop, PlacementInfo, RecordingInfo, Rep, Session, Set
from imu_tracker.session import SetCount, keeping
from imu_tracker.session.keeping import Kept
from imu_tracker.session.store import Store

FIRST = datetime(2024, 1, 1, 9, tzinfo=UTC)


def a_session() -> Session:
    """Four sets of twelve single-leg squats."""
    sets = []
    for k in range(4):
        starts = [20.0 + 120.0 * k + 3.0 * i for i in range(12)]
        reps = tuple(
            Rep(t, t + 1.2, t + 2.5, 0.9, "left", 60.0, 80.0, 1.0, 0.3, 1.2, drop_deg=4.0, drop_uncertainty_deg=2.0)
            for t in starts
        )
        drop = PelvicDrop(True, None, 5.0, 4.5, (), 0.5, 1.0)
        counted = (12, {"left": 12, "right": 0}, 30.0, None, 20.0, None)
        sets.append(Set(starts[0], starts[-1] + 2.5, "single_leg_squat", None, (), "reps", "left", *counted, reps, drop))
    placements = {"pelvis": PlacementInfo(100.0, 60000, 0, (), "sensor")}
    return Session(RecordingInfo(600.0, placements), tuple(sets), Mounting(reason="made up"))


def make_many(root: Path, sessions: int) -> None:
    """Fill a store with sessions, two a day."""
    found = a_session()
    for k in range(sessions):
        started = FIRST + timedelta(hours=12 * k)
        folder = root / started.strftime("%Y-%m-%d_%H-%M-%S")
        folder.mkdir(parents=True)
        kept = Kept(found, Wish("single_leg_squat", "left"), {"subject": "kim", "started": started.isoformat()})
        (folder / keeping.SESSION).write_text(keeping.kept_text(kept))
        (folder / "pelvis.parquet").touch()


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def measure(sessions: int) -> dict[str, float]:
    """The figures, s."""
    out = {}
    with tempfile.TemporaryDirectory() as place:
        store = Store(Path(place) / "many")
        make_many(store.root, sessions)
        out["list, index made anew"] = seconds(store.list)
        out["list"] = seconds(store.list)
        out["history of one exercise"] = seconds(lambda: store.points("single_leg_squat"))
        name = store.names()[-1]
        out["correct one"] = seconds(lambda: store.correct(name, SetCount(30.0, 11)))
        out["list after it"] = seconds(store.list)

        hour = Store(Path(place) / "hour")
        folder = hour.root / "2024-01-01_09-00-00"
        folder.mkdir(parents=True)
        make_hour(folder / "pelvis.parquet")
        out["analyse an hour, once"] = seconds(lambda: hour.open(folder.name))
        out["open an hour"] = seconds(lambda: hour.open(folder.name))
        out["its series"] = seconds(lambda: hour.series(folder.name))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=1000)
    parser.add_argument("--json", metavar="OUT")
    args = parser.parse_args()
    found = measure(args.sessions)
    for name, value in found.items():
        print(f"{name:<26}{value:>8.3f} s")
    if args.json:
        Path(args.json).write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
