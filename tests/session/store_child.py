"""Corrects and remarks on a session again and again, as one of two processes that do.

Arguments: the store, the session, which of the two this is, how often, and whether to throw the index away meanwhile.
"""

from __future__ import annotations

import sys
from pathlib import Path

from imu_tracker.session.edits import SetCount
from imu_tracker.session.index import Index
from imu_tracker.session.store import Store


def remark(store: Store, name: str, which: int, effort: int) -> None:
    store.say(name, lambda session, said: said.with_set(session.sets[which], effort=effort))


def main(root: Path, name: str, which: int, times: int, destroys: bool) -> None:
    store = Store(root)
    for k in range(times):
        store.correct(name, SetCount(15.0, 1000 * which + k))
        remark(store, name, which, k % 11)
        if destroys and k % 5 == 0:
            (root / "index.sqlite").write_bytes(b"no database" * 1000)
        if destroys and k % 7 == 0:
            Index(root).throw_away()
        (listed,) = store.list()
        assert listed.entry.sets == 3, listed
    print("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5] == "destroys")
