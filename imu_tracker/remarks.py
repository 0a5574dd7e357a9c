"""What is to be said of a session beside its figures, in sentences: of each set, and of what isn't known and why.

One place, so that the terminal and the report never disagree.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence

from imu_tracker import words
from imu_tracker.results import SURE, UNASKED, Rep, Session, Set

UNSURE_BELOW = 0.5  # a rep's confidence
TELLING_FADE_PERCENT = 10.0  # a smaller change from first to last rep is nothing to act on
TELLING_TAU = 0.5  # three of four pairs of reps agree on the direction


def directions(reps: Sequence[Rep]) -> tuple[str, str]:
    """Words for away from rest and back: "up" and "down" as the exercise has it where that is known, else "out" and "back"."""
    told = [r for r in reps if None not in (r.rise_s, r.lower_s, r.out_s, r.back_s) and r.rise_s != r.lower_s]
    if not told:
        return "out", "back"
    up_first = sum(r.rise_s == r.out_s for r in told)
    return ("up", "down") if 2 * up_first > len(told) else ("down", "up")


def past(rep: Rep, threshold_deg: float | None) -> bool:
    """Whether the pelvis dropped past the threshold in a rep."""
    return rep.drop_deg is not None and threshold_deg is not None and rep.drop_deg > threshold_deg


def steady(values: Sequence[float]) -> bool:
    """Whether values go one way throughout: of all pairs of reps that differ, most agree (Kendall 1938)."""
    signs = [(b > a) - (b < a) for i, a in enumerate(values) for b in values[i + 1 :]]
    return abs(sum(signs)) >= TELLING_TAU * sum(map(abs, signs)) > 0


def telling_fade(fade_percent: float | None, values: Sequence[float | None]) -> float | None:
    """The fade of values along a set, where it is large and steady enough to be one; else None."""
    if fade_percent is None or abs(fade_percent) < TELLING_FADE_PERCENT or not steady([v for v in values if v is not None]):
        return None
    return fade_percent


def _fade(word: str, fade_percent: float | None, values: Sequence[float | None]) -> str:
    """ "range 17 % less at the end", where the change is one; else empty."""
    fade = telling_fade(fade_percent, values)
    return "" if fade is None else f"{word} {abs(fade):.0f} % {'less' if fade > 0 else 'more'} at the end"


def usual(a_set: Set) -> str:
    """The usual tempo of a set's reps, and how range and speed changed where they did; empty where nothing is known."""
    said = []
    whole = [(r.out_s, r.pause_s, r.back_s) for r in a_set.reps if r.out_s is not None and not r.partial]
    if len(whole) >= 3:
        out, back = directions(a_set.reps)
        parts = [statistics.median(p or 0.0 for p in part) for part in zip(*whole, strict=True)]
        said.append(f"usually {parts[0]:.1f} s {out}, {parts[1]:.1f} s pause, {parts[2]:.1f} s {back}")
    said.append(_fade("range", a_set.range_fade_percent, [r.range_deg for r in a_set.reps]))
    said.append(_fade("speed", a_set.speed_fade_percent, [r.peak_rate_deg_s for r in a_set.reps]))
    return "; ".join(words for words in said if words)


def remarks_on(a_set: Set) -> Iterable[str]:
    """What is to be said of a set beside its reps, one sentence each."""
    if a_set.hold is not None:
        yield words.held(a_set.hold)
    tempo = usual(a_set)
    if tempo:
        yield tempo[0].upper() + tempo[1:] + "."
    if a_set.confidence is not None and a_set.confidence >= SURE:
        yield f"Recognised by its movement, {min(100 * a_set.confidence, 99):.0f} % sure; --exercise tells it, if it is another."
    elif a_set.confidence is not None and words.exercise(a_set.exercise) != "unknown exercise":
        others = [f"{words.exercise(n)} ({100 * p:.0f} %)" for n, p in a_set.alternatives[:2]]
        perhaps = f"; perhaps {' or '.join(others)}" if others else ""
        yield f"{100 * a_set.confidence:.0f} % sure that it is a {words.exercise(a_set.exercise)}{perhaps}."
    drop = a_set.pelvic_drop
    if drop.events:
        worst = max(drop.events, key=lambda e: e.peak_deg)
        times = "once" if len(drop.events) == 1 else f"{len(drop.events)} times"
        yield (
            f"The pelvis dropped past {drop.threshold_deg:g}° {times}, most at {words.clock(worst.start_s)} "
            f"({worst.peak_deg:.1f}°, standing on the {worst.stance_side}{'' if worst.certain else ', uncertain'})."
        )
    elif drop.peak_deg is not None and drop.threshold_deg is not None:
        yield f"The pelvis never dropped past {drop.threshold_deg:g}°."
    if drop.change_deg is not None and drop.change_uncertainty_deg is not None:
        if abs(drop.change_deg) > drop.change_uncertainty_deg:
            more = "more" if drop.change_deg > 0 else "less"
            yield f"It dropped {abs(drop.change_deg):.1f}° {more} at the end of the set than at its beginning."
        else:
            yield "The drop did not change over the set, as far as can be told."
    for cue in a_set.cues:
        missed = f" (not {words.listed(cue.reps)})" if cue.reps else ""
        yield f"{cue.cue.replace('_', ' ').capitalize()}: {cue.met} of {cue.of}{missed}."


def reasons_in(session: Session) -> dict[str, tuple[list[str], list[int]]]:
    """Each reason why something isn't known that was asked for: the names of what isn't, and the sets' numbers, from 1."""
    reasons: dict[str, tuple[list[str], list[int]]] = {}

    def note(field: str, reason: str | None, number: int | None) -> None:
        if reason and not reason.startswith(UNASKED):
            fields, numbers = reasons.setdefault(reason, ([], []))
            if words.field(field) not in fields:
                fields.append(words.field(field))
            if number is not None and number not in numbers:
                numbers.append(number)

    for number, a_set in enumerate(session.sets, 1):
        for field, reason in a_set.unresolved.items():
            note(field, reason, number)
        if not a_set.pelvic_drop.resolved:
            note("pelvic_drop", a_set.pelvic_drop.reason, number)
    if session.sets and not session.mounting.resolved:
        note("mounting", session.mounting.reason, None)
    return reasons
