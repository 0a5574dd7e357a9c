"""A session as rows and as DataFrames."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from imu_tracker.files.rows import REP_COLUMNS, SET_COLUMNS, rep_rows, set_rows, to_frame
from imu_tracker.results import Mounting, PelvicDrop, PlacementInfo, RecordingInfo, Rep, Session, Set


def a_session() -> Session:
    """Two sets of two reps; only the second is resolved."""
    reps = tuple(Rep(10.0 + 2 * k, 11.0 + 2 * k, 12.0 + 2 * k, 0.9, side="left", range_deg=60.00004) for k in range(2))
    one = Set(10.0, 14.0, None, None, (), "reps", None, 2, None, 4.0, None, 30.0, None, reps)
    drop = PelvicDrop(True, None, 5.0, 7.25)
    two = replace(one, start_s=30.0, end_s=34.0, exercise="squat", count_by_side={"left": 2, "right": 0}, pelvic_drop=drop)
    placements = {"pelvis": PlacementInfo(100.0, 4000, 0, (), "sensor")}
    return Session(RecordingInfo(40.0, placements), (one, two), Mounting())


def test_rows_have_the_columns_that_are_promised() -> None:
    session = a_session()
    assert [tuple(row) for row in set_rows(session)] == [SET_COLUMNS] * 2
    assert [tuple(row) for row in rep_rows(session)] == [REP_COLUMNS] * 4
    first, second = set_rows(session)
    assert (first["exercise"], first["count_left"], first["drop_events"]) == (None, None, None)
    assert (second["count_left"], second["count_right"], second["drop_peak_deg"], second["drop_events"]) == (2, 0, 7.25, 0)
    assert [(row["set"], row["rep"], row["range_deg"]) for row in rep_rows(session)] == [
        (1, 1, 60.0),
        (1, 2, 60.0),
        (2, 1, 60.0),
        (2, 2, 60.0),
    ]


def test_frames_merge_by_set() -> None:
    frames = to_frame(a_session())
    assert frames.sets.shape == (2, len(SET_COLUMNS))
    both = frames.reps.merge(frames.sets, on="set", suffixes=("", "_of_set"))
    assert both["count"].tolist() == [2, 2, 2, 2]
    assert frames.reps.groupby("set")["end_s"].max().tolist() == [14.0, 14.0]


def test_a_session_without_sets_has_frames_without_rows() -> None:
    sets, reps = to_frame(replace(a_session(), sets=()))
    assert (list(sets.columns), len(sets)) == (list(SET_COLUMNS), 0)
    assert (list(reps.columns), len(reps)) == (list(REP_COLUMNS), 0)


def test_rows_alone_import_no_pandas() -> None:
    code = "import sys, imu_tracker.files.rows; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
