"""The table of sets for a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import io

from handmade_sessions import hold, session, squats, steps

from imu_tracker.report.sheet import COLUMNS, report_csv


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_each_set_is_a_row_and_what_is_unknown_is_empty() -> None:
    squat, walk, lean = rows(report_csv(session(squats(), steps(), hold())))
    assert (squat["count"], squat["side"], squat["drop_peak_deg"], squat["drop_uncertainty_deg"]) == ("10", "right", "8.1", "1.2")
    assert (squat["rise_s"], squat["lower_s"]) == ("1.4", "1.7")
    assert (walk["drop_peak_deg"], walk["drop_events"], walk["rise_s"]) == ("", "", "")
    assert (lean["hold_s"], lean["count"], lean["range_deg"]) == ("45.0", "0", "")


def test_an_empty_session_is_a_header() -> None:
    assert report_csv(session()) == ",".join(COLUMNS) + "\n"


def test_a_name_is_no_formula() -> None:
    (row,) = rows(report_csv(session(dataclasses.replace(squats(), exercise='=HYPERLINK("x")'))))
    assert row["exercise"] == '\'=HYPERLINK("x")'
