"""What live has to say: what can be shown at any moment, and what has just happened."""

from __future__ import annotations

from dataclasses import dataclass

from imu_tracker.results import Mounting, Set, Side


@dataclass(frozen=True)
class LiveRep:
    """A rep as it is known now, [start_s, end_s) s; firm: it has been the same for a while, else it is provisional."""

    start_s: float
    end_s: float
    firm: bool


@dataclass(frozen=True)
class GoingOn:
    """The set that is going on, with its reps so far, or how long a hold has lasted.

    cadence_per_min: of the last few reps. resting: there has been no rep for longer than one takes. analysed: the set as
    the analysis sees it, since it has rested; None while it moves.
    """

    reps: tuple[LiveRep, ...]
    hold_s: float | None
    cadence_per_min: float | None
    resting: bool
    analysed: Set | None

    @property
    def count(self) -> int:
        """Reps so far, provisional ones with them."""
        return len(self.reps)


@dataclass(frozen=True)
class Level:
    """The pelvis now, degrees, None where unresolved; drop_deg only where it is known which leg stands."""

    obliquity_deg: float | None = None
    tilt_deg: float | None = None
    drop_deg: float | None = None
    side: Side | None = None
    past_threshold: bool = False


@dataclass(frozen=True)
class LiveView:
    """All that can be shown at time t_s of the session. finished: the sets that are over, as the analysis sees them."""

    t_s: float
    mounting: Mounting
    level: Level
    going_on: GoingOn | None
    finished: tuple[Set, ...]


@dataclass(frozen=True)
class RepSeen:
    """A rep has ended; number: in its set, from 1. It may be withdrawn while it is provisional."""

    t_s: float
    number: int
    rep: LiveRep


@dataclass(frozen=True)
class DropSeen:
    """The pelvis has hung past the threshold for long enough to be an event; since when, and on which leg."""

    t_s: float
    since_s: float
    drop_deg: float
    side: Side


@dataclass(frozen=True)
class SetOver:
    """A set is over: as the analysis sees it, or None where what looked like one is none."""

    t_s: float
    found: Set | None


LiveEvent = RepSeen | DropSeen | SetOver
