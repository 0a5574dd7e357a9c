"""A capture that is killed leaves all but its last second, in order, with refined times."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from capturing import acc_of, columns, words
from peripheral import recording
from scipy.spatial import cKDTree

from imu_tracker.ingest.recovery import recover

KILLS = int(os.environ.get("RECORDER_KILLS", "3"))


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_any_moment_at_most_the_last_second_is_missing(tmp_path: Path, seed: int) -> None:
    child = Path(__file__).with_name("capture_child.py")
    process = subprocess.Popen([sys.executable, str(child), str(tmp_path)], stdout=-1, stderr=-3, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(random.Random(seed).randrange(500, 9000))]
    process.kill()
    said += process.stdout.readlines()
    process.wait(timeout=60)
    process.stdout.close()
    assert len(said) > 500, "the child ended by itself"
    (folder,) = tmp_path.iterdir()
    recover(tmp_path)
    assert recover(tmp_path) == ()
    heard = [line.split() for line in said if line.endswith("\n") and line.count(" ") == 2]
    killed_s = max(float(at) for _, _, at in heard)
    taken = recording(95.0, 100.0)[0]
    for placement in ("pelvis", "chest"):
        safe = max((int(n) for where, n, at in heard if where == placement and float(at) <= killed_s - 1.0), default=0)
        file = columns(folder / f"{placement}.parquet")
        assert len(file["t"]) >= safe
        number = cKDTree(taken).query(acc_of(file))[1]
        assert (np.diff(number) > 0).all()
        assert (np.diff(file["t"]) > 0).all()
        assert words(folder / f"{placement}.parquet")["timestamps"] == ("sensor" if placement == "pelvis" else "arrival")
