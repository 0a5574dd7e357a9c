"""A session while it lasts: samples in, events and a view out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from imu_tracker.analysis import Findings, Wish, find_in, named, threshold_deg
from imu_tracker.live.counting import Counting, moves
from imu_tracker.live.holding import Holding
from imu_tracker.live.level import LivePelvis
from imu_tracker.live.parameters import LiveParameters
from imu_tracker.live.views import GoingOn, LiveEvent, LiveView, RepSeen, SetOver
from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.motion.growing import GrowingMotion
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.rhythm import Rhythm, rhythm_of
from imu_tracker.results import Set, Side

if TYPE_CHECKING:
    pass

TICK_S = 0.1  # looks are due at multiples of it, whatever the blocks


class LiveSession:
    """Samples of each placement are pushed in order of time, seconds on one clock, of which zero_s is the session's zero: the
    first sample's time, unless it is given.

    What is shown comes from the same counting and measuring as an analysis, of the motion so far. The session itself is the
    analysis of what was recorded.
    """

    def __init__(self, wish: Wish | None = None, p: LiveParameters | None = None, zero_s: float | None = None) -> None:
        self.p = p or LiveParameters()
        self._take(wish or Wish())
        self._told_s = 0.0  # since when this is the wish
        self._motions: dict[str, GrowingMotion] = {}
        self._zero_s = zero_s
        self._tick = 1
        self._counting = self._new_counting()
        self._pelvis = LivePelvis(self.p)
        self._closed_s = 0.0
        self._rested_s: float | None = None  # the last rep's end when the set was analysed, resting
        self._analysed: Set | None = None
        self._found: Findings | None = None  # ... and all that analysis found, when
        self._found_s = 0.0
        self.notes: tuple[str, ...] = ()  # what the last look at a whole set had to say, such as of a sensor that slipped
        self._finished: list[Set] = []
        self._told = 0  # reps of this set that were announced
        self._side: Side | None = self.wish.side
        self._rhythm: Rhythm | None = None
        self._rhythm_s = 0.0

    def push(self, placement: str, t: Floats, acc: Floats, gyr: Floats | None = None) -> tuple[LiveEvent, ...]:
        """Adds samples at t (N,) s, acc (N, 3) m/s², gyr (N, 3) rad/s in sensor axes; what happened up to now."""
        if not len(t):
            return ()
        if self._zero_s is None:
            self._zero_s = float(t[0])
        motion = self._motions.setdefault(placement, GrowingMotion(gyr is not None))
        motion.push(np.asarray(t, float) - self._zero_s, acc, gyr)
        events: list[LiveEvent] = []
        while self._tick * TICK_S <= min(m.end_s for m in self._motions.values()):
            self._look(round(self._tick * TICK_S, 6), events)
            self._tick += 1
        return tuple(events)

    def tell(self, wish: Wish) -> float:
        """From now on this is done, and in the set that is going on from its beginning; since when that is, s."""
        same = wish.told == self.wish.told
        self._take(wish)
        self._told_s = max(self._closed_s, min(self.now_s, self._counting.first_s - self.p.before_s))
        self._side, self._rhythm, self._rhythm_s = wish.side, None, self.now_s
        self._rested_s, self._analysed = None, None
        if not same:
            self._counting, self._told = self._new_counting(), 0
            self._closed_s = self._told_s
        return self._told_s

    def _take(self, wish: Wish) -> None:
        """What a wish means."""
        self.wish, self._exercise = wish, named(wish)
        self._threshold_deg = threshold_deg(wish, self._exercise)
        self._holds = self._exercise is not None and self._exercise.pattern == "hold"

    def _new_counting(self) -> Holding | Counting:
        return Holding(self.p) if self._holds else Counting(self.wish.told is not None, self.p)

    def finish(self) -> tuple[LiveEvent, ...]:
        """Nothing more comes: the set that is going on is over."""
        events: list[LiveEvent] = []
        if self._counting.found:
            self._close(self.now_s, events)
        return tuple(events)

    @property
    def now_s(self) -> float:
        """The session's time at the last look."""
        return (self._tick - 1) * TICK_S

    @property
    def view(self) -> LiveView:
        """What can be shown now."""
        counting, going_on = self._counting, None
        if counting.found:
            last = counting.reps[-5:]
            cadence = 60.0 * (len(last) - 1) / (last[-1].start_s - last[0].start_s) if len(last) > 2 else None
            held_s = counting.held_s(self.now_s)
            going_on = GoingOn(counting.reps, held_s, cadence, self._rested_s is not None, self._analysed)
        return LiveView(self.now_s, self._pelvis.mounting, self._pelvis.level, going_on, tuple(self._finished))

    def _look(self, now_s: float, events: list[LiveEvent]) -> None:
        pelvis = self._motions.get("pelvis")
        counting = self._counting
        if pelvis is not None:
            self._pelvis.calibrate(pelvis, now_s, counting.found)
            working = counting.working(now_s) or (not counting.found and now_s > self._pelvis.calibrated_until_s + 1.0)
            events += self._pelvis.watch(pelvis, now_s, self._leg(pelvis, now_s), self._threshold_deg, working)
        begin_s = self._closed_s if self._holds else max(self._closed_s, self._pelvis.begin_s)
        counting.look(self._motions, begin_s, now_s)
        self._announce(now_s, events)
        if counting.late(now_s):
            if self._rested_s != counting.last_s:
                self._rest(now_s)
        else:
            self._rested_s, self._analysed = None, None
        if counting.over(now_s):
            self._close(now_s, events)
        if self._tick % 600 == 0:
            self._forget(now_s)

    def _leg(self, pelvis: GrowingMotion, now_s: float) -> Callable[[float], Side | None]:
        """Which leg stands at a time near now, as far as that is known."""
        rule = self._exercise.stance_rule if self._exercise is not None else None
        if rule == "alternating" and not isinstance(self._pelvis.axes, str):
            if now_s >= self._rhythm_s:
                self._rhythm_s = now_s + self.p.rhythm_s
                each_foot = self._exercise is not None and self._exercise.side_rule == "alternating"
                near = pelvis.between(now_s - 9.0, now_s)
                self._rhythm = rhythm_of(near, self._pelvis.axes.rotation, now_s, each_foot)
            return self._rhythm.standing if self._rhythm is not None else _nobody
        return (lambda t: self._side) if rule == "working_leg" else _nobody

    def _announce(self, now_s: float, events: list[LiveEvent]) -> None:
        reps = self._counting.reps
        for number in range(self._told + 1, len(reps) + 1):
            events.append(RepSeen(now_s, number, reps[number - 1]))
        self._told = max(self._told, len(reps)) if reps else 0

    def _rest(self, now_s: float) -> None:
        """The set rests: the analysis of it says how many reps there were."""
        self._found, self._found_s = self._findings(now_s), now_s
        one = self._of_this_set(self._found)
        if one is not None:
            self._counting.agree(one)
            self._told = len(one.reps)
            self._side = one.side or self._side
        self._analysed, self._rested_s = one, self._counting.last_s

    def _close(self, now_s: float, events: list[LiveEvent]) -> None:
        rested = self._rested_s == self._counting.last_s and self._found is not None
        found = self._found if rested and self._still(self._found_s, now_s) else None
        found = found or self._findings(now_s)
        over = [s for s in found.sets if s.start_s >= self._closed_s - 0.5 and s.start_s < self._counting.last_s]
        self._pelvis.adopt(found.pelvis)
        self._finished += over
        events += [SetOver(now_s, s) for s in over] or [SetOver(now_s, None)]
        self._closed_s = max([self._counting.last_s, *(s.end_s for s in over)])
        self._counting.clear()
        self._told, self._rested_s, self._analysed, self._side = 0, None, None, self.wish.side

    def _still(self, begin_s: float, end_s: float) -> bool:
        """Whether no sensor has moved, so that looking again would show nothing new."""
        return not any(moves(m, self.p) for motion in self._motions.values() for m in motion.between(begin_s, end_s))

    def _of_this_set(self, found: Findings) -> Set | None:
        """The set that overlaps most with the reps that were followed."""
        first_s, last_s = self._counting.first_s, self._counting.last_s
        best: tuple[float, Set | None] = (0.0, None)
        for s in found.sets:
            overlap = min(s.end_s, last_s) - max(s.start_s, first_s)
            best = max(best, (overlap, s), key=lambda one: one[0])
        return best[1]

    def _findings(self, now_s: float) -> Findings:
        """The analysis of the set that is going on, and of what came shortly before it."""
        calibrated_s = self._pelvis.calibrated_until_s
        begin_s = max(calibrated_s, self._counting.first_s - self.p.around_s, self._told_s)
        everything: dict[str, tuple[Motion, ...]] = {}
        for name in sorted(self._motions):
            motion = self._motions[name]
            if begin_s - calibrated_s < 1.0:
                everything[name] = motion.between(-np.inf, now_s)
            else:
                everything[name] = (*motion.between(-np.inf, calibrated_s), *motion.between(begin_s, now_s))
        found = find_in(everything, round(now_s * GRID_HZ) + 1, self.wish, lambda what, share: None)
        self.notes = found.notes
        return found

    def _forget(self, now_s: float) -> None:
        """Gives up motion that no look will need; what calibrates is needed by every one."""
        until_s = min(now_s, self._counting.first_s) - self.p.kept_s
        for motion in self._motions.values():
            motion.forget(self._pelvis.calibrated_until_s, until_s)


def _nobody(t_s: float) -> None:
    """No leg is known to stand alone."""
