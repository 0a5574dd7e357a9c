"""The result of an analysis: plain frozen data, to and from the JSON that users script against.

Times are seconds from the recording's first sample, ranges half-open. What can't be known is None, and the set's
`unresolved` says why under the field's name. Field order here is the order in the JSON.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats

SCHEMA = 1
UNASKED = "not asked for: "  # so begin reasons for what takes another sensor or exercise: told in the JSON, not on screens
SURE = 0.9  # confidence from which a recognised exercise is taken for known; below, its name alone is told, with a question mark

Kind = Literal["reps", "steps", "hold"]
Side = Literal["left", "right", "both"]


@dataclass(frozen=True)
class Rep:
    """One repetition, [start_s, end_s), with its turn: the point farthest from the resting position.

    out_s, pause_s, back_s: away from rest, still at the turn, back to rest. rise_s, lower_s: which of them goes up, where the
    exercise is known. range_deg: rotation between rest and turn. likeness: 0-1, to the set's typical rep. confidence: probability
    that it is one rep and nothing else. smoothness: 0-1, 1 for one smooth bell of speed each way. drop_deg, drop_at_s: highest
    pelvic drop in single-leg stance, and when. hike_deg: how far the free side was lifted above the standing leg's, at most.
    thigh_tilt_deg: how far the working thigh leaned away from standing, where a sensor is on it: 90 is level.
    hip_adduction_deg: how far that thigh came towards the other one, seen from the pelvis, at most (negative: it stayed
    abducted); needs sensors on both. trunk_lean_deg: how far the trunk leaned over the standing leg, at most (negative: it stayed
    on the other side); needs a sensor on the chest. Nine of ten true ones lie within their uncertainty.
    """

    start_s: float
    turn_s: float
    end_s: float
    confidence: float
    side: Side | None = None
    range_deg: float | None = None
    peak_rate_deg_s: float | None = None
    out_s: float | None = None
    pause_s: float | None = None
    back_s: float | None = None
    rise_s: float | None = None
    lower_s: float | None = None
    likeness: float | None = None
    partial: bool = False
    drop_deg: float | None = None
    drop_uncertainty_deg: float | None = None
    smoothness: float | None = None
    drop_at_s: float | None = None
    hike_deg: float | None = None
    thigh_tilt_deg: float | None = None
    hip_adduction_deg: float | None = None
    hip_adduction_uncertainty_deg: float | None = None
    trunk_lean_deg: float | None = None
    trunk_lean_uncertainty_deg: float | None = None

    @property
    def duration_s(self) -> float:
        """From start to end."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class DropEvent:
    """A stretch in which the swing side of the pelvis hung lower than the threshold allows."""

    start_s: float
    end_s: float
    peak_deg: float
    stance_side: Side
    certain: bool


@dataclass(frozen=True)
class PelvicDrop:
    """Pelvic drop of a set; `resolved` False says in `reason` why it can't be known.

    change_deg: how much higher the drop is in the last rep than in the first, along the line that runs through all of them: the
    strongest sign of tiring. change_uncertainty_deg: nine of ten true changes lie inside. None where there are too few reps.
    """

    resolved: bool = False
    reason: str | None = None
    threshold_deg: float | None = None
    peak_deg: float | None = None
    events: tuple[DropEvent, ...] = ()
    change_deg: float | None = None
    change_uncertainty_deg: float | None = None


@dataclass(frozen=True)
class CueResult:
    """How many of a set's reps met a cue, and the numbers (from 1) of those that did not."""

    cue: str
    met: int
    of: int
    reps: tuple[int, ...] = ()


@dataclass(frozen=True)
class HoldFigures:
    """How steady a hold was, and what ended it.

    wobble_deg_s, tremor_deg_s: RMS turn rate below and above 3 Hz, None without a gyroscope. drift_deg: how far the posture went
    from the first to the last two seconds. ended: released or on to something else, the posture went first, or nothing more was
    recorded.
    """

    wobble_deg_s: float | None
    tremor_deg_s: float | None
    drift_deg: float
    ended: Literal["moved", "gave_way", "recording_ended"]


@dataclass(frozen=True)
class Set:
    """A set: reps, steps or a hold, without a longer pause inside.

    range_fade_percent, speed_fade_percent: how much less range_deg and peak_rate_deg_s are at the end than at the beginning.
    A hold has no reps, count 0, its length in hold_s, and hold; None in other sets.
    """

    start_s: float
    end_s: float
    exercise: str | None
    confidence: float | None
    alternatives: tuple[tuple[str, float], ...]
    kind: Kind
    side: Side | None
    count: int
    count_by_side: Mapping[str, int] | None
    time_under_tension_s: float | None
    hold_s: float | None
    cadence_per_min: float | None
    rest_before_s: float | None
    reps: tuple[Rep, ...]
    pelvic_drop: PelvicDrop = PelvicDrop()
    cues: tuple[CueResult, ...] = ()
    unresolved: Mapping[str, str] = field(default_factory=dict)
    range_fade_percent: float | None = None
    speed_fade_percent: float | None = None
    hold: HoldFigures | None = None


@dataclass(frozen=True)
class PlacementInfo:
    """What was delivered by one sensor; gaps in seconds from the recording's first sample."""

    rate_hz: float
    samples: int
    lost: int
    gaps: tuple[tuple[float, float], ...]
    timestamps: Literal["sensor", "arrival", "uniform"]


@dataclass(frozen=True)
class RecordingInfo:
    """The recording that was analysed."""

    duration_s: float
    placements: Mapping[str, PlacementInfo]


@dataclass(frozen=True)
class Mounting:
    """How the sensor sits on the body, or why that isn't known."""

    resolved: bool = False
    how: Literal["bows", "motion", "nominal"] | None = None
    uncertainty_deg: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Session:
    """All that the analysis of a recording found; corrections: what a person then said of it, as `session.edits` has it."""

    recording: RecordingInfo
    sets: tuple[Set, ...]
    mounting: Mounting
    notes: tuple[str, ...] = ()
    corrections: tuple[Mapping[str, Any], ...] = ()


DECIMALS = 4  # 0.1 ms and 0.0001 degree: finer than any sensor here, and stable across machines


def set_at(sets: Sequence[Set], at_s: float) -> Set | None:
    """The set under way at a time, s; None between sets."""
    return next((one for one in sets if one.start_s <= at_s < one.end_s), None)


def _plain(x: Any) -> Any:
    if isinstance(x, float):  # first, as most are
        return round(x, DECIMALS) + 0.0 if math.isfinite(x) else None
    if x is None or isinstance(x, (str, int)):
        return x
    if is_dataclass(x):
        return {f.name: _plain(getattr(x, f.name)) for f in fields(x)}
    if isinstance(x, Mapping):
        return {k: _plain(v) for k, v in x.items()}
    if isinstance(x, (tuple, list)):
        return [_plain(v) for v in x]
    return x


def to_dict(session: Session) -> dict[str, Any]:
    """The session as the JSON object of the interface: plain dicts, lists, numbers; no NaN."""
    plain: dict[str, Any] = _plain(session)
    return {"schema": SCHEMA, **plain}


def to_json(session: Session) -> str:
    """The session as one line of JSON; equal sessions give equal text."""
    import json

    return json.dumps(to_dict(session), ensure_ascii=False, allow_nan=False)


def _ranges(x: Any) -> tuple[tuple[float, float], ...]:
    return tuple((float(a), float(b)) for a, b in x)


def _set(d: Mapping[str, Any]) -> Set:
    drop = d["pelvic_drop"]
    return Set(
        **{
            **d,
            "alternatives": tuple((str(n), float(p)) for n, p in d["alternatives"]),
            "reps": tuple(Rep(**r) for r in d["reps"]),
            "pelvic_drop": PelvicDrop(**{**drop, "events": tuple(DropEvent(**e) for e in drop["events"])}),
            "cues": tuple(CueResult(**{**c, "reps": tuple(c["reps"])}) for c in d["cues"]),
            "hold": None if d.get("hold") is None else HoldFigures(**d["hold"]),
        }
    )


def from_dict(d: Mapping[str, Any]) -> Session:
    """A session from the JSON object that `to_dict` made; raises ValueError where it is of another form."""
    try:
        if d["schema"] != SCHEMA:
            raise ValueError(f"schema {d['schema']!r} is not {SCHEMA}")
        return Session(
            recording=RecordingInfo(
                duration_s=d["recording"]["duration_s"],
                placements={
                    k: PlacementInfo(**{**p, "gaps": _ranges(p["gaps"])}) for k, p in d["recording"]["placements"].items()
                },
            ),
            sets=tuple(_set(s) for s in d["sets"]),
            mounting=Mounting(**d["mounting"]),
            notes=tuple(d.get("notes", ())),
            corrections=tuple(dict(c) for c in d.get("corrections", ())),
        )
    except (KeyError, TypeError) as e:
        raise ValueError(f"not a session of this schema: {e}") from e


@dataclass(frozen=True)
class Series:
    """One row a sample of the common 100 Hz grid, all arrays (M,); angles in degrees, NaN where unresolved.

    set_number, rep_number: from 1, 0 outside; rep_number counts within its set. lean_deg: how far the first sensor leans from
    where it began, to draw where the pelvis' angles aren't known; None where they are.
    """

    t: Floats
    obliquity_deg: Floats
    tilt_deg: Floats
    drop_deg: Floats
    set_number: NDArray[np.int32]
    rep_number: NDArray[np.int32]
    lean_deg: Floats | None = None
