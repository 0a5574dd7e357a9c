"""Every word that the app says, in one place: `PAGE` goes to the browser as it is, the rest is put together here."""

from __future__ import annotations

from collections.abc import Mapping

from imu_tracker.recording import UNKNOWN_PLACEMENT
from imu_tracker.results import Set

NAME = "imu-tracker"
ANY = "Any exercise"
NOUNS: Mapping[str, str] = {"reps": "reps", "steps": "steps", "hold": "seconds"}
UNCALIBRATED = (
    "Without quiet standing and bows: counts, tempo and range are right all the same, the pelvis' drop is rough or unknown."
)

PAGE: Mapping[str, str] = {
    # navigation
    "live": "Live",
    "history": "History",
    "skip_to_content": "Skip to the content",
    # setting up
    "setup": "New session",
    "sensors": "Sensors",
    "scan": "Look for sensors",
    "scanning": "Listening …",
    "none_heard": "No known sensor was heard. Is it on, charged, and not connected to a phone? Bring it within a metre or two.",
    "not_scanned": "Switch the sensor on, then look for it.",
    "worn": "worn on the",
    "not_used": "not used",
    "signal": "signal",
    "battery": "battery",
    "demo_source": "A bundled recording plays instead of a sensor: no sensor needed. Nothing of it is kept after the app ends.",
    "exercise": "Exercise",
    "tell_me": "Tell me",
    "side": "Side",
    "either": "either",
    "left": "left",
    "right": "right",
    "target": "Target",
    "no_target": "none",
    "start": "Start",
    "start_demo": "Start the demo",
    "choose_sensor": "Look for a sensor and say where it is worn.",
    "one_place": "Two sensors are worn at the same place: each needs one of its own.",
    # calibrating
    "connecting": "Connecting …",
    "calibrate": "Get ready",
    "skip": "Skip",
    "stand": "Stand still",
    "bow": "Bow forward",
    # live
    "waiting": "ready",
    "resting": "counted anew",
    "not_sure": "the last one not sure yet",
    "hold_on": "holding",
    "held": "held",
    "rest": "rest",
    "tension": "under tension",
    "a": "a",
    "pace": "usual",
    "per_minute": "a minute",
    "of": "of",
    "done": "Target reached",
    "pelvis": "Pelvis, from behind",
    "pelvis_unknown": "Not known: stand still for two seconds",
    "level": "level",
    "left_up": "left side up",
    "right_up": "right side up",
    "drop": "drop",
    "standing_on": "standing on the",
    "steeper": "drawn twice as steep",
    "set": "Set",
    "sets": "Sets",
    "no_sets": "A set appears here when it is over.",
    "sure": "sure",
    "drops": "past the threshold",
    "end": "End session",
    "end_sure": "Tap again to end",
    "sound_on": "Sound on",
    "sound_off": "Silent",
    "sound_tap": "Tap for sound",
    "reconnecting": "connecting again",
    "lost": "lost",
    "page_lost": "This page has lost the app. While that runs the recording goes on; the count follows when it is back.",
    # over
    "finishing": "Finishing the files and counting once more …",
    "over": "Session kept",
    "over_demo": "The recording has ended",
    "failed": "That didn't work",
    "see": "Look at it",
    "again": "New session",
    "nothing_kept": "No sample arrived, so nothing is kept.",
    # a session
    "loading": "Loading …",
    "no_set_found": "No set was found in this recording.",
    "reps": "Reps",
    "rep": "Rep",
    "zoom_in": "Closer",
    "zoom_out": "Farther",
    "whole": "All of it",
    "tilt_signal": "forward tilt",
    "lean_signal": "lean from the first pose",
    "drop_signal": "drop of the free side",
    "threshold": "threshold",
    "on_left": "standing on the left",
    "on_right": "standing on the right",
    "strip_help": "Drag to move, wheel or pinch to zoom, tap a rep for its numbers. Keys: arrows, plus, minus, 0.",
    "strip_label": "The session over time",
    "took": "took",
    "bars": "How long each rep took; past the threshold it is coloured. Tap one.",
    "out": "out",
    "pause": "pause",
    "back": "back",
    "up": "up",
    "down": "down",
    "range": "range",
    "speed": "fastest",
    "likeness": "like the others",
    "partial": "half-finished",
    "correct": "Correct",
    "count": "Count",
    "apply": "Apply",
    "undo": "Take the last correction back",
    "corrected": "corrected",
    "note": "Note",
    "save": "Save",
    "saved": "Saved",
    "not_known": "not known",
    "misfit": "A correction no longer fits",
    # history
    "no_sessions": "No session yet. The first one will be here.",
    "first": "Begin a session",
    "week": "Week of",
    "sessions": "sessions",
    "by_exercise": "By exercise",
    "no_name": "Not named",
    "weeks": "Weeks",
    "total": "in all",
    "trend": "a week",
    "no_change": "no change that can be told",
    "no_difference": "no difference that can be told",
    "undated": "Without a date",
    "session": "session",
    "set_low": "set",
    "sets_low": "sets",
    "reps_low": "reps",
    "no_set_short": "no set found",
    "recording": "being recorded",
    "unfinished": "not finished",
    "more_weeks": "Earlier weeks",
    "both": "both",
}


def exercise(name: str | None) -> str:
    """An exercise as a person reads it."""
    return PAGE["no_name"] if name in (None, "unknown") else str(name).replace("_", " ").capitalize()


def placement(name: str) -> str:
    """A placement as a person reads it: `thigh_left` is "left thigh"."""
    if name == UNKNOWN_PLACEMENT:
        return "sensor"
    words = name.split("_")
    return " ".join(words[-1:] + words[:-1]) if words[-1] in ("left", "right") else " ".join(words)


def counted(a_set: Set) -> str:
    """What was counted in a set: "10 reps", "1 step", "hold 12 s"."""
    if a_set.kind == "hold":
        return "hold" if a_set.hold_s is None else f"hold {a_set.hold_s:.0f} s"
    noun = NOUNS[a_set.kind]
    return f"{a_set.count} {noun if a_set.count != 1 else noun.removesuffix('s')}"


def sides(a_set: Set) -> str:
    """The working side, or how often each where both worked; empty where it isn't known."""
    by_side = {k: n for k, n in (a_set.count_by_side or {}).items() if n}
    if len(by_side) > 1:
        return ", ".join(f"{n} {side}" for side, n in by_side.items())
    return a_set.side or ""
