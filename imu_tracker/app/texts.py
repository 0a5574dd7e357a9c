"""Every word that the app itself says, in one place: `PAGE` goes to the browser as it is. What sets are called is in `words`."""

from __future__ import annotations

from collections.abc import Mapping

from imu_tracker import words
from imu_tracker.exercises import Exercise
from imu_tracker.session.plan import Asked

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
    "teach": "Teach",
    "plan": "Plan",
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
    "demo_source": "A bundled recording plays instead of a sensor, as if it were worn now.",
    "exercise": "Exercise",
    "tell_me": "Tell me",
    "side": "Side",
    "either": "either",
    "left": "left",
    "right": "right",
    "target": "Target",
    "no_target": "none",
    "follow": "Follow the plan",
    "by_hand": "By hand",
    "next_set": "Next",
    "all_done": "All sets of the plan are done.",
    "sets_of_plan": "All sets",
    "tempo": "Tempo",
    "asked": "asked",
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
    "own_names": "Your own",
    "look_again": "Look again",
    "looking": "Looking …",
    "looked_again": "Analysed anew",
    "again_how": "After teaching, or with another model: looked at again, what you didn't name is named by the model in use "
    "({model}). Your names, corrections and words stay.",
    "from": "from",
    "to": "to",
    "boundary_rep": "This rep, seconds",
    "boundary_set": "This set, seconds",
    "boundary_help": "Or drag the edges of the chosen rep in the strip.",
    "move": "Move",
    "no_rep": "No rep",
    "no_set": "No set",
    "how_it_was": "How it was",
    "load": "Load or band",
    "effort": "Effort",
    "pain": "Pain",
    "not_said": "–",
    "done_asked": "Done against asked",
    "not_asked": "not in the plan, or its side isn't known",
    "drop_change": "drop, first to last rep",
    "since": "Since last time",
    "same": "the same",
    "first_time": "No earlier session to compare with.",
    # the plan
    "no_plan": "Nothing is prescribed yet. Add the exercises that you were given, or your own.",
    "add": "Add an exercise",
    "remove": "Remove",
    "earlier": "Earlier",
    "later": "Later",
    "each_side": "each side",
    "no_side": "both together",
    "sets_each": "Sets a side",
    "seconds": "Seconds",
    "threshold_word": "Drop from",
    "usual_threshold": "usually",
    "plan_kept": "Kept in {file}",
    "begin_plan": "Begin",
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
    # teaching and training
    "named_by": "Named by your model",
    "teach_title": "Teach and train",
    "teach_pick": "Say what your sets were",
    "teach_how": "Naming corrects the session, and a training learns from it. Teaching goes further: from one to five sets the "
    "model in use learns to tell the exercise at once, worn at the same place.",
    "teach_none": "No kept session holds a set yet.",
    "named": "named by you",
    "teach_more": "Earlier sessions",
    "teach_name": "They are",
    "teach_such": "such as Heavy clam",
    "teach_only_name": "Name",
    "teach_teach": "Name and teach",
    "teach_picked": "picked",
    "teach_many": "one to five are taught at once; more are for training",
    "teach_learnt": "Learnt",
    "teach_models": "Which model names the exercises",
    "teach_builtin": "Built-in",
    "teach_in_use": "in use",
    "teach_simulated": "Learnt from simulated people alone; of real people it mostly says that it doesn't know.",
    "teach_classes": "classes",
    "teach_taught": "taught",
    "teach_forget": "Forget",
    "teach_forgotten": "is forgotten.",
    "teach_used": "names exercises from now on: live, here, and in 'imu-tracker analyze'.",
    "teach_older": "What was taught rests on another version's model; forget it and teach it again to use this version's.",
    "teach_aside": "Put aside what was taught",
    "teach_delete": "Delete this model",
    "teach_delete_sure": "Tap again to delete",
    "teach_deleted": "Deleted.",
    "teach_figures": "How good it is",
    "teach_right": "right",
    "teach_each": "where every exercise weighs the same",
    "teach_unknown": "?: not told",
    "teach_left_out": "left out in turn",
    "teach_twice": "The same data, left out together",
    "teach_confusion": "What it took each for: rows are what it was, columns what was told",
    "teach_card": "Its card: what it was trained on, and what it can't do",
    "teach_train": "Train a model",
    "teach_train_how": "From many sets of several people, or of yourself on several days. Who is left out in turn shows how it "
    "does on others.",
    "teach_yours": "The sets that you named",
    "teach_no_names": "None yet: name some first.",
    "teach_folder": "A folder on this computer with a manifest.csv",
    "teach_group": "To test on, leave out",
    "teach_subject": "people",
    "teach_session": "days",
    "teach_person": "person",
    "teach_people": "people",
    "teach_day": "day",
    "teach_days": "days",
    "teach_model_name": "The model's name",
    "teach_begin": "Train",
    "teach_training": "Training",
    "teach_background": "It goes on when you leave this page; a session that is being recorded goes first.",
    "teach_stop": "Stop",
    "teach_stopped": "The training was stopped; nothing of it is kept.",
    "teach_done": "is trained:",
    "teach_use": "Use it",
}


def exercise(name: str | None) -> str:
    """An exercise as a person reads it, by itself: with a capital."""
    return PAGE["no_name"] if name in (None, "unknown") else words.exercise(name).capitalize()


def phases(entry: Exercise | None) -> tuple[str, str, str]:
    """Words for a rep's phases: away from rest, pause, back; which of them is up, where that is known."""
    away, back = {"out": ("up", "down"), "back": ("down", "up")}.get((entry.rise if entry else None) or "", ("out", "back"))
    return PAGE[away], PAGE["pause"], PAGE[back]


def tempo(phases_s: tuple[float, float, float], entry: Exercise | None) -> str:
    """A tempo as a person says it: "down 2, pause 1, up 2 s"."""
    return ", ".join(f"{word} {t:g}" for word, t in zip(phases(entry), phases_s, strict=True)) + " s"


def asked(row: Asked) -> str:
    """What is asked in a row of a plan: "3 × 10 reps, down 2, pause 1, up 2 s, drop from 8°, 5 kg"."""
    limit = None if row.threshold_deg is None else f"{PAGE['threshold_word'].lower()} {row.threshold_deg:g}°"
    paced = None if row.tempo_s is None else tempo(row.tempo_s, row.exercise)
    return ", ".join(word for word in (f"{row.sets} × {wanted(row)}", paced, limit, row.load) if word)


def on_side(row: Asked) -> str:
    """The side of a row of a plan, behind its name."""
    return "" if row.side is None else f", {PAGE['each_side'] if row.side == 'each' else PAGE[row.side]}"


def wanted(asked: Asked) -> str:
    """What is asked of a set: "10 reps", of a hold "30 s"."""
    if asked.hold_s is not None:
        return f"{asked.hold_s:g} s"
    noun = NOUNS[asked.exercise.pattern or "reps"]
    return f"{asked.reps} {noun.removesuffix('s') if asked.reps == 1 else noun}"
