"""A session's sets and reps as rows: for tables, and for those who work with pandas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, NamedTuple

from imu_tracker import results
from imu_tracker.results import Rep, Session

if TYPE_CHECKING:
    import pandas as pd

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]

_PLAIN = ("start_s", "end_s", "exercise", "confidence", "kind", "side", "count", "time_under_tension_s", "hold_s")
_MORE = ("cadence_per_min", "rest_before_s", "range_fade_percent", "speed_fade_percent")
_DROP = ("threshold_deg", "peak_deg", "change_deg", "change_uncertainty_deg")

SET_COLUMNS = ("set", *_PLAIN, *_MORE, "count_left", "count_right", *(f"drop_{name}" for name in _DROP), "drop_events")
REP_COLUMNS = ("set", "rep", "exercise", *(f.name for f in fields(Rep)))


def set_rows(session: Session) -> tuple[dict[str, Cell], ...]:
    """One row a set: its number from 1, its figures, and those of its pelvic drop; what isn't known is None."""
    rows = []
    for number, s in enumerate(session.sets, 1):
        by_side = s.count_by_side or {}
        rows.append(
            {
                "set": number,
                **{name: _plain(getattr(s, name)) for name in (*_PLAIN, *_MORE)},
                "count_left": by_side.get("left"),
                "count_right": by_side.get("right"),
                **{f"drop_{name}": _plain(getattr(s.pelvic_drop, name)) for name in _DROP},
                "drop_events": len(s.pelvic_drop.events) if s.pelvic_drop.resolved else None,
            }
        )
    return tuple(rows)


def rep_rows(session: Session) -> tuple[dict[str, Cell], ...]:
    """One row a rep: the numbers of its set and its own from 1, the set's exercise, and all its figures."""
    return tuple(
        {"set": number, "rep": k, "exercise": s.exercise, **{f.name: _plain(getattr(r, f.name)) for f in fields(Rep)}}
        for number, s in enumerate(session.sets, 1)
        for k, r in enumerate(s.reps, 1)
    )


class Frames(NamedTuple):
    """A session in pandas: a row a set, and a row a rep, both with the column `set`, by which they can be merged."""

    sets: pd.DataFrame
    reps: pd.DataFrame


def to_frame(session: Session) -> Frames:
    """The sets and reps of a session as two DataFrames: what isn't known is NaN or None; without sets both have no rows.

    Times are seconds from the recording's first sample, angles degrees.
    """
    import pandas as pd

    sets = pd.DataFrame(set_rows(session), columns=list(SET_COLUMNS))
    return Frames(sets, pd.DataFrame(rep_rows(session), columns=list(REP_COLUMNS)))


def _plain(x: object) -> Cell:
    if isinstance(x, float):
        return round(x, results.DECIMALS) + 0.0
    return x if isinstance(x, (str, int)) else None
