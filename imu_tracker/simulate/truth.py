"""What really happened in a simulated session, as plain frozen data that goes to JSON.

Times are seconds of the true clock from the session's start, ranges half-open; angles as the interface defines them, relative to
the wearer's own quiet standing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from imu_tracker.results import DropEvent, Kind, Side

DECIMALS = 4


@dataclass(frozen=True)
class TrueRep:
    """One rep (or step): moving away from start_s, at its turn at turn_s, over at end_s.

    out_s, pause_s, back_s: its phases. side: as the catalogue's side rule says.
    range_deg: farthest rotation from the pose at the start, of the segment that the catalogue names first (pelvis, or the working
    thigh). drop_deg: highest pelvic drop in single-leg stance, negative where the free side stays hiked, None where nobody stands
    on one leg. slips: cues that were missed on purpose (others may be missed as well; they are there to be measured).
    """

    start_s: float
    turn_s: float
    end_s: float
    side: Side | None
    out_s: float
    pause_s: float
    back_s: float
    partial: bool = False
    range_deg: float | None = None
    drop_deg: float | None = None
    slips: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slip:
    """A cue of a hold that is missed on purpose: from where that sets in until it is over."""

    cue: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class TrueSet:
    """A set: its reps and the pelvic drops beyond the catalogue's threshold that last longer than 0.1 s.

    slips: of a hold, the stretches in which a cue is missed on purpose, in order; reps have their own.
    """

    exercise: str
    kind: Kind
    side: Side | None
    start_s: float
    end_s: float
    reps: tuple[TrueRep, ...]
    hold_s: float | None = None
    drop_threshold_deg: float | None = None
    drops: tuple[DropEvent, ...] = ()
    slips: tuple[Slip, ...] = ()

    @property
    def count(self) -> int:
        """Reps or steps."""
        return len(self.reps)

    @property
    def count_by_side(self) -> dict[str, int]:
        """Reps of either side."""
        return {side: sum(r.side == side for r in self.reps) for side in ("left", "right")}


@dataclass(frozen=True)
class Activity:
    """What somebody did from start_s to end_s: an exercise's set, or something that isn't exercise."""

    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Stance:
    """The other foot is off the floor."""

    side: Side
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Truth:
    """A session's truth. quiet, bows: (start, end) of quiet standing and of each bow. series: angles at a few times a second."""

    seed: int
    duration_s: float
    person: Mapping[str, Any]
    sets: tuple[TrueSet, ...]
    activities: tuple[Activity, ...]
    stances: tuple[Stance, ...]
    quiet: tuple[tuple[float, float], ...]
    bows: tuple[tuple[float, float], ...]
    series: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def _rounded(x: Any) -> Any:
    if isinstance(x, Mapping):
        return {k: _rounded(v) for k, v in x.items()}
    if isinstance(x, (tuple, list)):
        return [_rounded(v) for v in x]
    return round(x, DECIMALS) + 0.0 if isinstance(x, float) else x


def to_dict(truth: Truth) -> dict[str, Any]:
    """The truth as plain dicts and lists; sets carry their counts too, and sets and reps their slips where there are any."""
    plain: dict[str, Any] = _rounded(asdict(truth))
    for one in (one for a_set in plain["sets"] for one in (a_set, *a_set["reps"])):
        if not one["slips"]:
            del one["slips"]
    for as_data, a_set in zip(plain["sets"], truth.sets, strict=True):
        as_data["count"], as_data["count_by_side"] = a_set.count, a_set.count_by_side
    return plain
