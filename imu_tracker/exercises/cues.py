"""Which of an exercise's cues each rep met: the catalogue's limits, held against the rep's own figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from imu_tracker.exercises.catalogue import Cue, Exercise
from imu_tracker.results import CueResult, Rep, Set

NO_EXERCISE = "the exercise is not known, so neither are its cues"
NO_ENTRY = "the catalogue has no cues for this exercise"
UNMEASURED = "not measured: {cues}"

# What a rep, and what a hold, is measured by, under the catalogue's words. A hold's drift is a change from its first seconds.
OF_REP: Mapping[str, Callable[[Rep], float | None]] = {
    "range_deg": lambda r: r.range_deg,
    "peak_rate_deg_s": lambda r: r.peak_rate_deg_s,
    "pause_s": lambda r: r.pause_s,
    "lower_s": lambda r: r.lower_s,
    "smoothness": lambda r: r.smoothness,
    "drop_deg": lambda r: r.drop_deg,
}
OF_HOLD: Mapping[str, Callable[[Set], float | None]] = {
    "drop_deg": lambda s: s.pelvic_drop.peak_deg,
    "drift_deg": lambda s: None if s.hold is None else s.hold.drift_deg,
    "tremor_deg_s": lambda s: None if s.hold is None else s.hold.tremor_deg_s,
}


# By what a rep's boundaries are usually off (half of the simulated ones, docs/accuracy.md, Tempo): nobody missed by less.
USUAL_ERROR: Mapping[str, float] = {"pause_s": 0.15, "lower_s": 0.15}


def met(cue: Cue, value: float, slack: float = 0.0) -> bool:
    """Whether a measure keeps within a cue's limits, or misses them by no more than the slack."""
    enough = cue.at_least is None or value >= cue.at_least - slack
    return enough and (cue.at_most is None or value <= cue.at_most + slack)


def cue_result(cue: Cue, reps: Sequence[Rep]) -> CueResult | None:
    """How many reps met a cue, of those in which it could be measured; None where it could in none.

    Against `best` a rep's measure is a share of the set's largest. Nothing of a rep is measured against the set's first ones yet.
    """
    of_rep = OF_REP.get(cue.measure)
    if of_rep is None or cue.against == "first":
        return None
    known = {k: value for k, value in enumerate(map(of_rep, reps), 1) if value is not None}
    if not known:
        return None
    if cue.against == "best":
        best = max(known.values())
        if best <= 0.0:
            return None
        known = {k: value / best for k, value in known.items()}
    missed = tuple(k for k, value in known.items() if not met(cue, value, USUAL_ERROR.get(cue.measure, 0.0)))
    return CueResult(cue.cue, len(known) - len(missed), len(known), missed)


def _of_hold(cue: Cue, one: Set) -> CueResult | None:
    of_hold = OF_HOLD.get(cue.measure)
    value = None if of_hold is None else of_hold(one)
    return None if value is None else CueResult(cue.cue, int(met(cue, value)), 1)


def with_cues(one: Set, exercise: Exercise | None) -> Set:
    """The set with its exercise's cues; those that can't be measured stand in `unresolved`.

    Of a hold each is met or not by the whole.
    """
    rest = {field: why for field, why in one.unresolved.items() if field != "cues"}
    if exercise is None or not exercise.cues:
        rest["cues"] = NO_EXERCISE if exercise is None else NO_ENTRY
        return replace(one, cues=(), unresolved=dict(sorted(rest.items())))
    found = [_of_hold(cue, one) if one.kind == "hold" else cue_result(cue, one.reps) for cue in exercise.cues]
    lacking = [cue.cue.replace("_", " ") for cue, result in zip(exercise.cues, found, strict=True) if result is None]
    if lacking:
        rest["cues"] = UNMEASURED.format(cues=", ".join(lacking))
    return replace(one, cues=tuple(r for r in found if r is not None), unresolved=dict(sorted(rest.items())))
