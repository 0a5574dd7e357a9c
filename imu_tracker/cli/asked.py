"""Done against asked, as rows of words: the table that `sessions show` prints and the report has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imu_tracker import words
from imu_tracker.app import texts
from imu_tracker.session.asked import Against, against

if TYPE_CHECKING:
    from imu_tracker.session.opened import Opened


def asked_rows(opened: Opened) -> list[tuple[str, str, str, str]]:
    """A row for each exercise and side that the session's plan asked for, and for each other set; none without a plan."""
    if not opened.plan.rows:
        return []
    lines, others = against(opened.plan, opened.session.sets)
    done = [_row(one) for one in lines]
    return done + [(texts.exercise(s.exercise), texts.PAGE["not_asked"], words.counted(s), "") for s in others]


def _row(one: Against) -> tuple[str, str, str, str]:
    name = one.asked.exercise.title + (f", {one.side}" if one.side else "")
    done = ", ".join(words.counted(s) for s in one.done) or "nothing"
    if one.asked.tempo_s is not None and one.tempo_s is not None:
        done += f"; {texts.tempo(one.tempo_s, one.asked.exercise)}"
    return name, texts.asked(one.asked), done, f"{one.reached} of {one.asked.sets}"
