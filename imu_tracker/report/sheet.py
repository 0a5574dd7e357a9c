"""The report's table of sets for a spreadsheet: one row a set, SI units and degrees as the columns' names say."""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Callable, Mapping

from imu_tracker.files.rows import Cell
from imu_tracker.report.summary import uncertainty_deg
from imu_tracker.results import DECIMALS, Rep, Session, Set
from imu_tracker.session.tables import safe_cell


def _usual(one: Set, value: Callable[[Rep], float | None]) -> float | None:
    known = [v for r in one.reps if not r.partial and (v := value(r)) is not None]
    return round(statistics.median(known), 3) if known else None


def _row(number: int, one: Set) -> Mapping[str, Cell]:
    drop, by_side = one.pelvic_drop, one.count_by_side or {}
    return {
        "set": number,
        "start_s": one.start_s,
        "end_s": one.end_s,
        "exercise": one.exercise,
        "confidence": one.confidence,
        "kind": one.kind,
        "side": one.side,
        "count": one.count,
        "count_left": by_side.get("left"),
        "count_right": by_side.get("right"),
        "hold_s": one.hold_s,
        "time_under_tension_s": one.time_under_tension_s,
        "rest_before_s": one.rest_before_s,
        "cadence_per_min": one.cadence_per_min,
        "rise_s": _usual(one, lambda r: r.rise_s),
        "out_s": _usual(one, lambda r: r.out_s),
        "pause_s": _usual(one, lambda r: r.pause_s),
        "back_s": _usual(one, lambda r: r.back_s),
        "lower_s": _usual(one, lambda r: r.lower_s),
        "range_deg": _usual(one, lambda r: r.range_deg),
        "range_fade_percent": one.range_fade_percent,
        "drop_peak_deg": drop.peak_deg,
        "drop_uncertainty_deg": uncertainty_deg(one),
        "drop_threshold_deg": drop.threshold_deg,
        "drop_events": len(drop.events) if drop.resolved else None,
        "drop_change_deg": drop.change_deg,
        "drop_change_uncertainty_deg": drop.change_uncertainty_deg,
        "drop_reason": drop.reason,
    }


COLUMNS = tuple(_row(0, Set(0.0, 0.0, None, None, (), "reps", None, 0, None, None, None, None, None, ())))


def report_csv(session: Session) -> str:
    """The sets as CSV with a header; what isn't known is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, one in enumerate(session.sets, 1):
        writer.writerow([safe_cell(round(x, DECIMALS) if isinstance(x, float) else x) for x in _row(number, one).values()])
    return out.getvalue()
