"""All words of the report that don't come from the session; sentences about a set that the terminal says too are in `remarks`."""

from __future__ import annotations

from typing import NamedTuple

from imu_tracker import words


class Phase(NamedTuple):
    """How a way is called, and the class that colours it."""

    word: str
    kind: str


# By the words of `remarks.directions`.
PHASES = {"up": Phase("lift", "up"), "down": Phase("lower", "down"), "out": Phase("out", "up"), "back": Phase("back", "down")}
PAUSE = "pause"
ON_SIDE = {"left": "left", "right": "right"}
STANDING = {"left": "on the left leg", "right": "on the right leg"}
PARTIAL = "partial"
PAST = "past the threshold"
THRESHOLD = "threshold {at_deg:g}°"
NO_LIMIT = "any threshold"

TITLE = "Session report"
DESCRIPTION = "Report of an exercise session, measured with worn motion sensors."
SUMMARY, SETS, SIDES_TITLE, SINCE, TREND, EACH, QUALITY, TRUST = (
    "Summary",
    "The sets",
    "Left against right",
    "Since last time",
    "From set to set",
    "Each set",
    "What was measured, and how well",
    "What not to trust",
)
ABOUT = {"subject": "Person", "date": "Date", "files": "Recording", "duration": "Length", "session": "Session"}

TEMPO_TITLE, RANGE_TITLE, DROP_TITLE, DROP_TIME_TITLE = "Tempo, s", "Range, °", "Pelvic drop, °", "Drop over time, °"
SET_RANGE_TITLE, SET_DROP_TITLE = "Range of each set, ° (usual rep, middle half)", "Highest drop of each set, °"
TEMPO_ALT = "Tempo of {n} reps, usually {out} {out_s:.1f} s, pause {pause_s:.1f} s, {back} {back_s:.1f} s."
RANGE_ALT = "Range of {n} reps, usually {usual:.0f}°, from {low:.0f}° to {high:.0f}°."
FADE_ALT = " {percent:.0f} % {less} at the end."
DROP_ALT = "Highest pelvic drop in each of {n} reps, from {low:.1f}° to {high:.1f}°; {over} past the threshold."
DROP_TIME_ALT = "Pelvic drop over the set: highest {peak:.1f}°, {n} times past {limit}."
SET_RANGE_ALT = "Usual range of the reps of each set. Set "
SET_DROP_ALT = "Highest pelvic drop of each set, with its uncertainty. Set "
WIDE_CAPTION = "Set {number}, with the highest drop: over time, °"
NO_DROP = "Pelvic drop isn't known: {reason}."
NO_DROP_REASON = "it was not measured"
NUMBERS = "Set {number}, rep by rep in numbers"

SET_HEAD = (
    "Set", "When", "Exercise", "Count", "Side", "Tempo, s", "Range", "Range fade", "Tension", "Rest", "Per min", "Highest drop",
    "Drop change", "Said",
)  # fmt: skip
ASKED, ASKED_HEAD = "Done against asked", ("Exercise", "Asked", "Done", "Sets")
ASKED_CAPTION = "Sets: how many of those that the plan asked for had all that was asked"
SETS_CAPTION_PLAIN = "One row a set"
SETS_CAPTION = "Tempo ({tempo}) and range: usual rep. Fade, drop change: first to last rep; steady where no change can be told."
TEMPO_ORDER = "lift / pause / lower"
TEMPO_ORDER_UNKNOWN = "out / pause / back"
TEMPO_ORDER_MIXED = "lift / pause / lower; where neither way is a lift, out / pause / back"
STEADY = "steady"
REP_HEAD = (
    "Rep", "At", "Side", "Length, s", "Lift, s", "Pause, s", "Lower, s", "Range, °", "Peak, °/s", "Drop, °", "Hike, °", "Smooth",
    "Sure", "Note",
)  # fmt: skip
REP_HEAD_UNKNOWN = {"Lift, s": "Out, s", "Lower, s": "Back, s"}
GROUP = "Exercise"
UNTOLD = "{word} (±{least})"
SIDES_CAPTION = "Left | right, means of all reps, and the difference: none where it is smaller than can be told (±)."
STEPS_CAPTION = " Of steps the side is the way they went; drop: the leg that stood."
SINCE_CAPTION = "Last time → now, means of all reps. A change smaller than can be told (±) is shown as no change."
NO_DIFFERENCE, NO_CHANGE = "none", "no change"
_S, _WHOLE_S = "{:.1f}\u00a0s", "{:.0f}\u00a0s"
FIGURES = {
    "hold": ("length of hold", _S), "count": ("count", "{:.0f}"), "tension": ("time under tension", _WHOLE_S),
    "rise": ("lift", _S),
    "out": ("out", _S), "pause": ("pause", _S), "lower": ("lowering", _S), "back": ("back", _S), "range": ("range", "{:.0f}°"),
    "drop": ("pelvic drop", "{:.1f}°"),
}  # fmt: skip
CHANGES = {
    "hold": ("{by} longer", "{by} shorter"), "count": ("{by} more", "{by} fewer"), "tension": ("{by} more", "{by} less"),
    "rise": ("{by} slower", "{by} faster"), "lower": ("{by} slower", "{by} faster"), "pause": ("{by} longer", "{by} shorter"),
    "out": ("{by} slower", "{by} faster"), "back": ("{by} slower", "{by} faster"), "range": ("{by} more", "{by} less"),
    "drop": ("{by} more", "{by} less"),
}  # fmt: skip
NOTHING_IN_COMMON = "The two sessions have no exercise and side in common."

EMPTY = (
    "No set was found: all {length} were searched for a movement that repeats, and for nothing else. Worth a try: a recording of "
    "one whole set, with a moment of stillness before and after it; naming the exercise, as holds are looked for only then."
)
DONE = "You did {sets} in {length}: {what}."
WORKED = "Your muscles worked for {tension} in all."
RESTED = "Between sets you rested {rests}."
DROPPED = (
    "Standing on one leg, the free side of your pelvis dropped past {limit} {times}{doubt}; the most was {peak}, in set {number}."
)
LEVEL = "Standing on one leg, the free side of your pelvis never dropped past {limit}; the most was {peak}."
HIGHEST = "Standing on one leg, the free side of your pelvis dropped by {peak} at most."
UNKNOWN_DROP = "How far your pelvis drops could not be measured: {reason}."
UNKNOWN_DROP_IN = "In {sets} how far your pelvis drops could not be measured: {reason}."
TIRING = "In {sets} the pelvis dropped more towards the end, a usual sign of tiring."
NOT_TIRING = "Within a set the drop did not grow, as far as can be told."
FADED = "In {sets} the movement got smaller towards the end."
SIDES_DIFFER = "{exercise}, left against right: {what}."
SIDES_ALIKE = "{exercise}, left against right: no difference that can be told."
CHANGED = "{exercise}, since last time: {what}."
UNCHANGED = "{exercise}, since last time: no change that can be told."
TILES = {
    "sets": "sets",
    "reps": "reps",
    "steps": "steps",
    "held": "held",
    "tension": "under tension",
    "drop": "highest pelvic drop",
}
GIVE_OR_TAKE = "{deg:.1f}°\u00a0±\u00a0{u:.1f}°"

SENSOR_HEAD = ("Sensor", "Rate", "Samples", "Lost", "Gaps", "Times")
SENSORS_CAPTION = "What the sensors delivered"
TIMES = {"sensor": "from the sensor's own count", "arrival": "told from their arrival", "uniform": "evenly spaced as recorded"}
MOUNTED = {
    "bows": "How the sensor sits on the pelvis is known from the forward bows",
    "motion": "How the sensor sits on the pelvis was told from the movement itself",
    "nominal": "The sensor was taken to sit upright on the back, as no forward bows were found",
}
MOUNTED_TO = "{how}, to about {deg:.1f}°."
NOT_MOUNTED = "How the sensor sits on the body isn't known: {reason}."
CORRECTED = "{n} by a person: the figures above are the corrected ones."
NOTED = "Noticed"
UNKNOWN = "Not known"

NOT_MEDICAL = "This is not a medical device: it measures movement and doesn't judge health."
ABOUT_3 = (
    "Pelvic drop: the ± is what nine of ten drops of simulated people keep within. On real wearers, whose belts shift on skin "
    "and clothes, expect it to be off by about 3°; the change along a set is better known than any single drop."
)
LOSSES = "{sensor}: {percent:.1f} % of the samples were lost; reps there may be missing or too short."
GAPS = "{sensor}: nothing is known of {seconds:.1f} s in gaps; a rep inside a gap is not counted."
ARRIVAL = "{sensor}: times were told from the packets' arrival, so tempo may be off by 0.1 s and more."
NOMINAL = "Without forward bows the drop is known to 2–3° only, and one alarm in ten is false."
UNSURE_NAME = "The exercise's name is a guess in {sets}."
UNSURE_REPS = "{reps} may be none: {where}."
PARTIAL_REPS = "{reps} went only part of the way, and count all the same: {where}."
COUNTS = "Counts are within one of the truth in most sets; the first and last rep of a set are the least certain."
DOUBTFUL_DROPS = "{n} past the threshold by less than the uncertainty: may be none."
FOOTER = "Made offline by imu-tracker {version} from the recording alone."


def at(t_s: float) -> str:
    """A time in the recording."""
    return words.clock(max(t_s, 0.0))
