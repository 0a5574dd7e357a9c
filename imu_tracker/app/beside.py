"""What stands beside a session: what was asked of it, and how it differs from the time before, as plain data for the pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from imu_tracker import words
from imu_tracker.app import texts
from imu_tracker.session import plan as plans
from imu_tracker.session.asked import Against, against, share
from imu_tracker.session.opened import Opened
from imu_tracker.session.plan import Plan
from imu_tracker.session.trends import Change, Point, before, changes, left_against_right, points_of

# What is compared, by its name in `trends`: the page's word for it, its unit, and how many decimals are worth telling.
FIGURES = {
    "count": ("count", "", 0),
    "time_under_tension_s": ("tension", " s", 0),
    "range_deg": ("range", "°", 0),
    "drop_deg": ("drop", "°", 1),
    "drop_change_deg": ("drop_change", "°", 1),
}


def plan_words(plan: Plan, root: Path) -> dict[str, Any]:
    """A plan for its page and for Live, with the sets to do in turn."""
    steps = [
        {"title": s.asked.exercise.title, "side": s.side, "n": s.number, "of": s.asked.sets, "want": texts.wanted(s.asked)}
        for s in plan.steps
    ]
    return {**plans.as_dict(plan), "file": str(root / plans.NAME), "steps": steps}


def asked_words(opened: Opened) -> dict[str, Any] | None:
    """Done against asked, a line a row and side; None where the session followed no plan."""
    if not opened.plan.rows:
        return None
    lines, others = against(opened.plan, opened.session.sets)
    return {"lines": [_line(one) for one in lines], "others": [_counted(one.exercise, words.counted(one)) for one in others]}


def _line(one: Against) -> dict[str, Any]:
    asked = one.asked
    done = [{"counted": words.counted(s), "enough": share(s, asked) >= 1.0} for s in one.done]
    tempo = None
    if asked.tempo_s is not None:
        usual = None if one.tempo_s is None else texts.tempo(one.tempo_s, asked.exercise)
        tempo = {"asked": texts.tempo(asked.tempo_s, asked.exercise), "done": usual}
    return {
        "title": asked.exercise.title,
        "side": one.side,
        "want": f"{asked.sets} × {texts.wanted(asked)}",
        "sets": asked.sets,
        "reached": one.reached,
        "done": done,
        "tempo": tempo,
        "load": asked.load,
    }


def _counted(name: str | None, counted: str) -> str:
    return f"{texts.exercise(name)}, {counted}"


def since_words(opened: Opened, points: Sequence[Point]) -> list[dict[str, Any]]:
    """Each exercise of a session: what differs from the last time it was done, and between left and right."""
    out = []
    for now in points_of(opened.session, opened.name, opened.started, opened.subject):
        if now.exercise == "unknown":
            continue
        earlier = before(points, now)
        out.append(
            {
                "title": texts.exercise(now.exercise),
                "session": None if earlier is None else earlier.session,
                "started": None if earlier is None or earlier.started is None else earlier.started.isoformat(timespec="minutes"),
                "changes": [] if earlier is None else [_change(c) for c in changes(earlier, now)],
                "sides": [_change(c) for c in left_against_right(now)],
            }
        )
    return out


def _change(c: Change) -> dict[str, Any]:
    word, unit, decimals = FIGURES[c.figure]
    said = [f"{value:.{decimals}f}{unit}" for value in (c.before, c.now)]
    by = f"{c.by:+.{decimals}f}".replace("-", "−")
    uncertain = f" ± {c.uncertainty:.{decimals}f}" if c.uncertainty else ""
    return {
        "word": texts.PAGE[word],
        "before": said[0],
        "now": said[1],
        "by": f"{by}{uncertain}{unit}",
        "told": c.told,
        "exact": not c.uncertainty,
    }
