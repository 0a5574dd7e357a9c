"""Kept sessions as the pages draw them: plain data, and a session's samples as one block of numbers."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from imu_tracker import words
from imu_tracker.app import texts
from imu_tracker.app.beside import asked_words
from imu_tracker.numeric import Floats
from imu_tracker.results import Rep, Series, Set
from imu_tracker.session.opened import Listed, Opened
from imu_tracker.session.store import Store
from imu_tracker.session.trends import Change, Measured, Point, Trend, left_against_right, trends

COUNTS_PER_DEG = 100  # of the strip's 16-bit numbers: to 327 degrees
UNKNOWN = -32768
REP = ("start_s", "turn_s", "end_s", "out_s", "pause_s", "back_s", "rise_s", "lower_s", "range_deg", "peak_rate_deg_s",
       "likeness", "confidence", "drop_deg", "drop_uncertainty_deg", "drop_at_s", "side", "partial")  # fmt: skip
FIGURES = {"time_under_tension_s": "tension", "range_deg": "range", "drop_deg": "drop"}


def session_words(opened: Opened) -> dict[str, Any]:
    """A session with its sets and reps; numbers rounded to what they are good for."""
    session = opened.session
    return {
        "name": opened.name,
        "started": None if opened.started is None else opened.started.isoformat(timespec="minutes"),
        "subject": opened.subject,
        "seconds": session.recording.duration_s,
        "sets": [_set(n, one, opened) for n, one in enumerate(session.sets, 1)],
        "notes": list(session.notes),
        "misfits": list(opened.misfits),
        "corrections": len(opened.edits.edits),
        "note": opened.said.note or "",
        "asked": asked_words(opened),
        "gaps": [[round(a, 2), round(b, 2)] for p in session.recording.placements.values() for a, b in p.gaps],
        "mounting": {"how": session.mounting.how, "uncertainty": _round(session.mounting.uncertainty_deg, 1)},
    }


def _set(number: int, one: Set, opened: Opened) -> dict[str, Any]:
    drop, said = one.pelvic_drop, opened.said.of(one)
    return {
        "n": number,
        "start": _round(one.start_s, 2),
        "end": _round(one.end_s, 2),
        "exercise": one.exercise,
        "title": texts.exercise(one.exercise),
        "sure": _round(one.confidence, 2),
        "counted": words.counted(one),
        "noun": texts.NOUNS[one.kind],
        "kind": one.kind,
        "count": one.count,
        "side": one.side,
        "sides": words.sides(one),
        "tension": _round(one.time_under_tension_s, 1),
        "rest": _round(one.rest_before_s, 0),
        "cadence": _round(one.cadence_per_min, 0),
        "fade": _round(one.range_fade_percent, 0),
        "peak": _round(drop.peak_deg, 1),
        "threshold": drop.threshold_deg,
        "change": _measured(drop.change_deg, drop.change_uncertainty_deg),
        "why": None if drop.resolved else drop.reason,
        "events": [
            [_round(e.start_s, 2), _round(e.end_s, 2), _round(e.peak_deg, 1), e.stance_side, e.certain] for e in drop.events
        ],
        "reps": [_rep(rep) for rep in one.reps],
        "said": {} if said is None else {k: v for k, v in asdict(said).items() if k != "at_s" and v is not None},
    }


def _rep(rep: Rep) -> dict[str, Any]:
    values = {name: getattr(rep, name) for name in REP}
    return {k: round(v, 2) if isinstance(v, float) else v for k, v in values.items() if v is not None}


def _round(x: float | None, decimals: int) -> float | None:
    return None if x is None else round(x, decimals)


def _measured(value: float | None, uncertainty: float | None) -> dict[str, Any] | None:
    """A change with its uncertainty; told: it is more than the measurement's own."""
    if value is None or uncertainty is None:
        return None
    return {"by": round(value, 1), "uncertainty": round(uncertainty, 1), "told": abs(value) > uncertainty}


# --- the strip


def strip(store: Store, name: str) -> bytes:
    """A session's signal and drop on the 100 Hz grid, little-endian: uint32 n and 1 where the signal is the pelvis' tilt;
    int16 signal (n,) and drop (n,) in hundredths of a degree, UNKNOWN where there is none; uint8 (n,), 1 on the left leg.

    Raises FileError, SamplesError, NoSuchSession.
    """
    series = store.series(name)
    tilting = series.lean_deg is None
    signal = series.tilt_deg if series.lean_deg is None else series.lean_deg
    stance = _stance(series)
    head = struct.pack("<II", len(series.t), int(tilting))
    return head + _counts(signal) + _counts(series.drop_deg) + stance.astype(np.uint8).tobytes()


def _counts(degrees: Floats) -> bytes:
    counts = np.round(np.clip(degrees, -327.0, 327.0) * COUNTS_PER_DEG)
    return np.where(np.isfinite(degrees), np.nan_to_num(counts), UNKNOWN).astype("<i2").tobytes()


def _stance(series: Series) -> np.ndarray:
    """Which leg stands alone, where the drop is known: on the left it is the obliquity, on the right its opposite."""
    with np.errstate(invalid="ignore"):
        left = np.abs(series.drop_deg - series.obliquity_deg) < np.abs(series.drop_deg + series.obliquity_deg)
    return np.where(np.isnan(series.drop_deg), 0, np.where(left, 1, 2))


# --- history


def history_words(listed: Sequence[Listed], points: Sequence[Point]) -> dict[str, Any]:
    """Sessions by week, the newest first, and each exercise over all of them."""
    weeks: dict[str, list[dict[str, Any]]] = {}
    for one in listed:
        started = one.entry.started
        week = "" if started is None else (started - timedelta(days=started.weekday())).date().isoformat()
        weeks.setdefault(week, []).append(_listed(one, started))
    by_exercise: dict[str, list[Point]] = {}
    for point in points:
        by_exercise.setdefault(point.exercise, []).append(point)
    exercises = sorted(by_exercise.items(), key=lambda item: -len(item[1]))
    return {
        "weeks": [{"week": week, "sessions": sessions} for week, sessions in weeks.items()],
        "exercises": [_exercise(name, those) for name, those in exercises],
    }


def _listed(one: Listed, started: datetime | None) -> dict[str, Any]:
    entry = one.entry
    return {
        "name": entry.name,
        "started": None if started is None else started.isoformat(timespec="minutes"),
        "seconds": _round(entry.duration_s, 0),
        "subject": entry.subject,
        "sets": entry.sets,
        "reps": entry.reps,
        "exercises": [texts.exercise(name) for name in entry.exercises],
        "note": entry.note or "",
        "state": one.state,
        "trouble": entry.trouble,
    }


def _exercise(name: str, points: Sequence[Point]) -> dict[str, Any]:
    last = points[-1]
    named = name != "unknown"
    return {
        "title": texts.exercise(name),
        "sessions": len(points),
        "count": sum(p.whole.count for p in points),
        "points": [_point(p) for p in points],
        "trends": {t.figure: _trend(t) for t in trends(points)} if named else {},
        "sides": {c.figure: _change(c) for c in left_against_right(last)} if named else {},
    }


def _point(p: Point) -> dict[str, Any]:
    whole = p.whole
    values: Mapping[str, Measured | None] = {key: getattr(whole, figure) for figure, key in FIGURES.items()}
    shown = {k: None if m is None else [round(m.value, 1), round(m.uncertainty, 1)] for k, m in values.items()}
    started = None if p.started is None else p.started.isoformat(timespec="minutes")
    return {"session": p.session, "started": started, "count": whole.count, **shown}


def _trend(t: Trend) -> dict[str, Any]:
    return {"by": round(t.per_week, 2), "uncertainty": round(t.uncertainty, 2), "told": t.told}


def _change(c: Change) -> dict[str, Any]:
    return {
        "left": round(c.before, 1),
        "right": round(c.now, 1),
        "by": round(c.by, 1),
        "uncertainty": round(c.uncertainty, 1),
        "told": c.told,
    }
