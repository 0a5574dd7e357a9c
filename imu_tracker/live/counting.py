"""The reps of the set that is going on: found by the counter in the last seconds, then followed rep by rep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from imu_tracker.live.parameters import LiveParameters
from imu_tracker.live.views import LiveRep
from imu_tracker.motion import Motion
from imu_tracker.motion.growing import GrowingMotion
from imu_tracker.numeric import Floats, median
from imu_tracker.reps import FoundSet, exercise_sets
from imu_tracker.reps.following import Manner, followed
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.results import Set

NONE = np.zeros((0, 2))
GROWING = CountParameters(growing=True)


@dataclass
class _Seen:
    """A rep, and in how many looks in a row it was there."""

    start_s: float
    end_s: float
    looks: int


class Counting:
    """Reps of one set, and the placement that shows them; empty until a set is found."""

    def __init__(self, named: bool, p: LiveParameters) -> None:
        self._named, self._p = named, p
        self._seen: list[_Seen] = []
        self._placement = ""
        self._manner = Manner()
        self._next_s = 0.0  # no look before
        self._searches = 0
        self._late_since_s = -np.inf  # the end of the last rep before the set last rested

    @property
    def reps(self) -> tuple[LiveRep, ...]:
        """The reps so far, in order."""
        return tuple(LiveRep(s.start_s, s.end_s, s.looks >= self._p.looks) for s in self._seen)

    @property
    def found(self) -> bool:
        """Whether there is a set."""
        return bool(self._seen)

    @property
    def first_s(self) -> float:
        """The start of the first rep."""
        return self._seen[0].start_s if self._seen else np.inf

    @property
    def last_s(self) -> float:
        """The end of the last rep."""
        return self._seen[-1].end_s if self._seen else -np.inf

    @property
    def usual_s(self) -> float:
        """How long the last few reps took; there must be some."""
        return median(np.array([s.end_s - s.start_s for s in self._seen[-6:]]))

    def held_s(self, now_s: float) -> float | None:
        """Reps aren't held."""
        return None

    def working(self, now_s: float) -> bool:
        """Whether a rep is going on, as far as can be told before it has ended."""
        return bool(self._seen) and now_s - self.last_s < 1.0 + self.usual_s

    def late(self, now_s: float) -> bool:
        """Whether there should have been another rep by now."""
        return bool(self._seen) and now_s - self.last_s > self._p.late_reps * self.usual_s + self._p.late_s

    def over(self, now_s: float) -> bool:
        """Whether the pause is longer than one inside a set."""
        return bool(self._seen) and now_s - self.last_s > max(self._p.pause_s, self._p.pause_reps * self.usual_s)

    def clear(self) -> None:
        """The set is over."""
        self._seen, self._searches, self._late_since_s, self._manner = [], 0, -np.inf, Manner()

    def agree(self, found: Set) -> None:
        """The reps are these: the analysis has seen the whole set."""
        self._seen = [_Seen(r.start_s, r.end_s, self._p.looks) for r in found.reps] or self._seen

    def look(self, motions: Mapping[str, GrowingMotion], begin_s: float, now_s: float) -> None:
        """Looks for reps in what has come in since begin_s, if it is time to."""
        if now_s < self._next_s:
            return
        firm = [s for s in self._seen if s.looks >= self._p.looks]
        if len(firm) >= self._p.fewest:
            self._next_s = now_s + (self._p.search_s if self.late(now_s) else self._p.look_s)
            self._follow(motions[self._placement], firm, now_s)
        else:
            self._next_s = now_s + (self._p.found_s if self._seen else self._p.search_s)
            if self._moves(motions, now_s) or self._seen:
                self._search(motions, begin_s, now_s)

    def _moves(self, motions: Mapping[str, GrowingMotion], now_s: float) -> bool:
        return any(moves(m, self._p) for motion in motions.values() for m in motion.between(now_s - 1.0, now_s))

    def _follow(self, motion: GrowingMotion, firm: list[_Seen], now_s: float) -> None:
        """The reps after the last firm one."""
        usual = self.usual_s
        pending = len(self._seen) > len(firm)
        if not pending and now_s < firm[-1].end_s + self._p.soonest * usual:
            return
        cuts = np.array([[s.start_s, s.end_s] for s in firm[-5:]])
        new = self._next(motion, cuts, now_s)
        late = self.late(now_s) and firm[-1].end_s > self._late_since_s
        if late:
            self._late_since_s = firm[-1].end_s
        if late and not len(new):
            self._review(motion, now_s)
        else:
            self._seen = firm + self._matched(self._seen[len(firm) :], new)

    def _next(self, motion: GrowingMotion, cuts: Floats, now_s: float) -> Floats:
        """The reps that follow the known ones (N, 2), s."""
        usual = median(cuts[:, 1] - cuts[:, 0])
        near = motion.between(cuts[0, 0] - 2.0 * usual - 1.0, now_s)
        found = followed(near, cuts, self._manner)
        if found is None:
            found = followed(near, cuts, Manner(alternating=not self._manner.alternating))
        if found is None:
            return NONE
        new, self._manner = found
        return new

    def _review(self, motion: GrowingMotion, now_s: float) -> None:
        """The set so far as the counter sees it: where reps begin, and how long they take, shows better the more there are."""
        begin_s = max(self._seen[0].start_s - self.usual_s - 2.0, now_s - self._p.review_s)
        kept = [s for s in self._seen if s.start_s < begin_s]
        best: tuple[float, Floats] = (0.0, NONE)
        for s in exercise_sets(motion.between(begin_s, now_s), self._named, GROWING):
            cuts = s.cuts[s.cuts[:, 1] <= now_s - self._p.settled_s]
            overlap = min(self.last_s, float(s.cuts[-1, 1])) - max(begin_s, float(s.cuts[0, 0]))
            if len(cuts) >= self._p.fewest and overlap > best[0]:
                best = overlap, cuts
        cuts = best[1]
        if len(cuts):
            cuts = cuts[cuts.mean(axis=1) > kept[-1].end_s] if kept else cuts
            self._seen = kept + [_Seen(a, b, self._p.looks) for a, b in cuts.tolist()]
            if len(self._seen) > 1:
                since = np.array([[s.start_s, s.end_s] for s in self._seen[-5:]])
                self._seen += self._matched([], self._next(motion, since, now_s))

    def _search(self, motions: Mapping[str, GrowingMotion], begin_s: float, now_s: float) -> None:
        """A set that goes on now, wherever it shows most plainly."""
        self._searches += 1
        back_s = self._p.long_s if self._searches % 2 == 0 else self._p.short_s
        if self._seen:
            back_s = now_s - self._seen[0].start_s + self.usual_s + 1.0
        best: tuple[float, str, Floats] = (0.0, "", NONE)
        for placement, motion in motions.items():
            for s in exercise_sets(motion.between(max(begin_s, now_s - back_s), now_s), self._named, GROWING):
                if self._shown(s, now_s) and s.merit > best[0]:
                    best = s.merit, placement, s.cuts
        _, placement, cuts = best
        if placement != self._placement:
            self._seen, self._placement = [], placement
        self._seen = self._matched(self._seen, cuts)

    def _shown(self, s: FoundSet, now_s: float) -> bool:
        """Whether a found set is likely exercise, and still going on."""
        return s.exercise >= self._p.likely and now_s - float(s.cuts[-1, 1]) <= self._p.late_reps * s.usual_s + self._p.late_s

    def _matched(self, before: list[_Seen], cuts: Floats) -> list[_Seen]:
        """The reps as they are found now, each with the looks it has been there; none is surer than the one before it."""
        out: list[_Seen] = []
        for start, end in cuts.tolist():
            same = [s for s in before if abs(s.start_s - start) < self._p.same_s and abs(s.end_s - end) < self._p.same_s]
            looks = same[0].looks + 1 if same else 1
            out.append(_Seen(start, end, min(looks, out[-1].looks) if out else looks))
        return out


def moves(m: Motion, p: LiveParameters) -> bool:
    """Whether the sensor turns more than people do who stand; without a gyroscope it may."""
    return m.gyr is None or float(np.sqrt(np.mean(m.gyr * m.gyr) * 3.0)) > p.still_rad_s
