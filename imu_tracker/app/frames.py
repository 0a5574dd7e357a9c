"""What a browser shows of a session, as plain data, and only what has changed since it was last told.

Everything is rounded to what can be seen, so that little changes: a frame of 10 a second is then about a hundred bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from imu_tracker import words
from imu_tracker.app import texts
from imu_tracker.app.following import Following
from imu_tracker.app.hub import Hub, Running
from imu_tracker.exercises import Exercise
from imu_tracker.ingest.placed import Status
from imu_tracker.live import LiveView
from imu_tracker.results import Set

Frame = Mapping[str, Any]


def frame_of(hub: Hub) -> Frame:
    """All that a page shows now."""
    if hub.running is None:
        return {"phase": "idle"}
    running = hub.running
    view = running.live.view
    status = {} if running.source is None else running.source.status()
    return {
        "phase": running.phase,
        **_asked(running),
        "plan": _plan(running.following),
        **_guided(running),
        "t": int(view.t_s),
        **_counted(view),
        **_pelvis(view),
        "told": [running.reps, running.drops],
        "dropped": round(running.last_drop_deg),
        "sets": [set_words(n, one) for n, one in enumerate(view.finished, 1)],
        "sensors": [_sensor(placement, one) for placement, one in status.items()],
        "notices": [*running.notices.values(), *running.seen],
        "kept": running.kept,
        "trouble": running.trouble,
    }


def changed(before: Frame, now: Frame) -> dict[str, Any]:
    """What of a frame differs from the one before; what is no longer there is null."""
    out = {k: v for k, v in now.items() if k not in before or before[k] != v}
    return out | {k: None for k in before if k not in now}


def _asked(running: Running) -> dict[str, Any]:
    choice = running.choice
    exercise = choice.exercise
    return {
        "title": exercise.title if exercise is not None else texts.ANY if choice.own is None else texts.exercise(choice.own),
        "hold": exercise is not None and exercise.pattern == "hold",
        "noun": _noun(exercise),
        "one": _noun(exercise).removesuffix("s"),
        "side": choice.side,
        "target": choice.target,
        "threshold": choice.threshold_deg,
        "pace": None if exercise is None or exercise.duration_s is None else list(exercise.duration_s),
        "paced": None if choice.tempo_s is None else list(choice.tempo_s),
        "tempo": None if choice.tempo_s is None else round(sum(choice.tempo_s), 2),
        "phases": None if choice.tempo_s is None else texts.tempo(choice.tempo_s, exercise),
        "load": choice.load,
    }


def _plan(following: Following | None) -> dict[str, Any] | None:
    """The plan that is followed: the set to do, and all of them with what was done."""
    if following is None:
        return None
    steps = [
        {
            "title": step.asked.exercise.title,
            "side": step.side,
            "n": step.number,
            "of": step.asked.sets,
            "want": texts.wanted(step.asked),
            "done": following.done.get(k),
        }
        for k, step in enumerate(following.steps)
    ]
    return {"at": following.at, "over": following.over, "steps": steps}


def _noun(exercise: Exercise | None) -> str:
    return texts.NOUNS.get(exercise.pattern or "reps", "reps") if exercise is not None else texts.NOUNS["reps"]


def _guided(running: Running) -> dict[str, Any]:
    if running.phase != "calibrating" or running.guided is None:
        return {"said": "", "stage": None}
    return {"said": running.guided.said, "stage": running.guided.stage}


def _counted(view: LiveView) -> dict[str, Any]:
    one = view.going_on
    if one is None:
        rest_s = view.t_s - view.finished[-1].end_s if view.finished else None
        blank = {"working": False, "resting": False, "firm": True, "held": None, "took": None, "cadence": None}
        last = view.finished[-1] if view.finished else None
        seen = None if last is None else _seen(last)
        tension = None if last is None or last.time_under_tension_s is None else int(last.time_under_tension_s)
        return {**blank, "count": 0, "seen": seen, "rest": None if rest_s is None else int(rest_s), "tension": tension}
    took = [r.end_s - r.start_s for r in one.reps]
    return {
        "working": True,
        "resting": one.resting,
        "count": one.count,
        "firm": all(r.firm for r in one.reps),
        "held": None if one.hold_s is None else int(one.hold_s),
        "took": round(took[-1], 1) if took else None,
        "cadence": None if one.cadence_per_min is None else round(one.cadence_per_min),
        "tension": int(sum(took)) if one.hold_s is None else int(one.hold_s),
        "rest": int(view.t_s - one.reps[-1].end_s) if one.resting and one.reps else None,
        "seen": None if one.analysed is None else _seen(one.analysed),
    }


def _seen(one: Set) -> list[str | float] | None:
    """The exercise as it was recognised and how surely, where it was."""
    if one.confidence is None or one.exercise in (None, "unknown"):
        return None
    return [texts.exercise(one.exercise), round(one.confidence, 2)]


def _pelvis(view: LiveView) -> dict[str, Any]:
    level = view.level
    return {
        "level": None if level.obliquity_deg is None else round(level.obliquity_deg, 1),
        "drop": None if level.drop_deg is None else round(level.drop_deg),
        "leg": level.side,
        "past": level.past_threshold,
        "mounted": view.mounting.how,
    }


def set_words(number: int, one: Set) -> dict[str, Any]:
    """A set that is over, in words."""
    drop = one.pelvic_drop
    return {
        "n": number,
        "exercise": texts.exercise(one.exercise),
        "sure": None if one.confidence is None else round(one.confidence, 2),
        "counted": words.counted(one),
        "side": words.sides(one),
        "tension": None if one.time_under_tension_s is None else round(one.time_under_tension_s),
        "peak": None if drop.peak_deg is None else round(drop.peak_deg, 1),
        "drops": len(drop.events),
    }


def _sensor(placement: str, one: Status) -> dict[str, Any]:
    battery = one.battery
    return {
        "where": words.placement(placement),
        "name": one.name,
        "on": one.connected,
        "begun": one.samples > 0,
        "hz": None if one.rate_hz is None else 5 * round(one.rate_hz / 5),
        "battery": None if battery is None else battery.percent,
        "lost": _coarse(one.lost),
        "trouble": one.trouble,
    }


def _coarse(lost: int) -> int:
    """A number of lost samples to two digits, so that it doesn't change all the time."""
    step: int = 10 ** max(len(str(lost)) - 2, 0)
    return lost // step * step
