"""Stores with kept sessions in them, for tests: small recordings, and sessions by hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import made

from imu_tracker.analysis import Wish
from imu_tracker.files.writing import write_table
from imu_tracker.results import Mounting, PelvicDrop, PlacementInfo, RecordingInfo, Rep, Session, Set
from imu_tracker.session import keeping
from imu_tracker.session.keeping import Kept

NAME = "2026-03-01_09-30-05"
ABOUT = {"subject": "kim", "started": "2026-03-01T09:30:05+00:00"}


def recorded(root: Path, name: str = NAME, reps: int = 6, **about: str) -> Path:
    """A session's folder as a recorder leaves it: samples, and no analysis yet."""
    folder = root / name
    folder.mkdir(parents=True)
    (stream,) = made.recording(made.Plan(reps=reps)).streams.values()
    write_table(stream, folder / "pelvis.parquet", {**ABOUT, "placement": "pelvis", **about})
    return folder


def a_rep(start_s: float, side: str | None = None, range_deg: float = 60.0, drop_deg: float | None = None) -> Rep:
    """A rep of 2 s."""
    return Rep(
        start_s=start_s,
        turn_s=start_s + 1.0,
        end_s=start_s + 2.0,
        confidence=0.9,
        side=side,  # type: ignore[arg-type]
        range_deg=range_deg,
        out_s=0.9,
        pause_s=0.2,
        back_s=0.9,
        drop_deg=drop_deg,
        drop_uncertainty_deg=None if drop_deg is None else 2.0,
    )


def a_set(reps: list[Rep], exercise: str = "single_leg_squat", side: str | None = None, change_deg: float | None = None) -> Set:
    """A set of these reps."""
    by_side = {s: sum(r.side == s for r in reps) for s in ("left", "right")}
    return Set(
        start_s=reps[0].start_s,
        end_s=reps[-1].end_s,
        exercise=exercise,
        confidence=None,
        alternatives=(),
        kind="reps",
        side=side,  # type: ignore[arg-type]
        count=len(reps),
        count_by_side=by_side if sum(by_side.values()) == len(reps) else None,
        time_under_tension_s=2.0 * len(reps),
        hold_s=None,
        cadence_per_min=None,
        rest_before_s=None,
        reps=tuple(reps),
        pelvic_drop=PelvicDrop(True, None, 5.0, 3.0, (), change_deg, None if change_deg is None else 1.0),
    )


def a_session(*sets: Set) -> Session:
    """A session of these sets, or of one of ten reps."""
    placements = {"pelvis": PlacementInfo(100.0, 12000, 0, (), "sensor")}
    ten = a_set([a_rep(10.0 + 2.5 * k) for k in range(10)])
    return Session(RecordingInfo(120.0, placements), sets or (ten,), Mounting(reason="not known"))


def kept(root: Path, name: str = NAME, session: Session | None = None, days: float = 0.0, **about: str) -> Path:
    """A session's folder with its analysis, begun so many days after the first of March, without samples."""
    folder = root / name
    folder.mkdir(parents=True)
    started = datetime.fromisoformat(ABOUT["started"]) + timedelta(days=days)
    words = {**ABOUT, "started": started.isoformat(), **about}
    (folder / keeping.SESSION).write_text(keeping.kept_text(Kept(session or a_session(), Wish("single_leg_squat"), words)))
    return folder
