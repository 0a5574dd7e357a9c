"""Guided calibration: what to tell the wearer next, from the samples so far. Pure; the words are the only thing it makes.

Standing and bows are told apart by `mounting`, as the analysis will do afterwards: what is called good here is found there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from imu_tracker.errors import SamplesError
from imu_tracker.motion.grid import GRID_HZ
from imu_tracker.motion.mounting import (
    Excursion,
    MountingParameters,
    Standing,
    calibration,
    excursions,
    excursions_before,
    quiet_standing,
)
from imu_tracker.motion.orientation import Motion, motions_of
from imu_tracker.numeric import Floats, angle_deg
from imu_tracker.recording import stream_from_samples

WISHED = 2  # bows: from two on the axis has an error that can be told
LONGEST_S = 180.0  # who hasn't done it by then doesn't want to; each look at it takes longer than the one before
SHORTEST_S = 0.8  # of standing still, in which a person has begun to do so and can be told of moving

Stage = Literal["stand", "bow", "done", "given up"]

NO_GYROSCOPE = "This sensor has no gyroscope, so there is nothing to calibrate."
STAND = "Stand still, feet under the hips, arms hanging."
GOOD = "Good."
BOW = "Now bow forward as far as is comfortable and come up again, twice."
ONCE_MORE = "One. Once more."
DONE = "Good: standing and forward are known."
STOOD = "Good: standing is known."
GIVEN_UP = "The bows can't be used. Go on without them; drops of the pelvis will be known to 2 or 3 degrees only."
UNSEEN = "No calibration was seen. Go on without it; drops of the pelvis may then be unknown."
MOVED = "You moved. Stand still again."
AGAIN = "Stand still once more, then bow again, twice."
SHALLOW = "That was not far enough, it went {0:.0f}°. Bow to 45°, hands towards the knees."
SIDEWAYS = "That went sideways or turned."
ASLANT = "The second bow went another way than the first."
SLOW = "That took too long."
PAUSE = "The pause after the first bow was too long."


@dataclass(frozen=True)
class GuideState:
    """Where the calibration is. still_s: of the standing asked for, so far. bows: good ones.

    trouble: what went wrong last, or ''. said: what to tell the wearer now.
    """

    stage: Stage
    still_s: float
    bows: int
    trouble: str
    said: str

    @property
    def over(self) -> bool:
        """Whether nothing more is asked of the wearer."""
        return self.stage in ("done", "given up")


def guide_state(motions: tuple[Motion, ...], bows: int = WISHED, p: MountingParameters | None = None) -> GuideState:
    """What to do next. motions: all of one sensor so far; bows: how many are wished, 0 where standing is enough."""
    p = p or MountingParameters()
    if motions and all(m.gyr is None for m in motions):
        return GuideState("given up", 0.0, 0, "", NO_GYROSCOPE)
    standings = quiet_standing(motions, p)
    if not standings:
        return _standing(motions, 0.0, "", p)
    if not bows:
        return GuideState("done", p.quiet_s, 0, "", STOOD)
    found = calibration(motions, standings, p)[1]
    if found is not None:
        return GuideState("done", p.quiet_s, len(found.spans), "", DONE)
    base, tried, trouble = standings[0], 0, ""
    end_s = max(m.start_s + len(m) / GRID_HZ for m in motions)
    while True:
        good, shallow, failed, why = _bows(motions, base, end_s, p)
        if not failed:
            break
        tried += excursions_before(motions, base, failed, p)
        if tried > p.most or failed - standings[0].end_s > p.tries_s:
            return GuideState("given up", 0.0, 0, why, GIVEN_UP)
        trouble = why
        following = [s for s in standings if s.end_s > failed + p.quiet_s]
        if not following:
            return _standing(motions, failed, trouble, p)
        base = following[0]
    if shallow:
        return GuideState("bow", p.quiet_s, good, SHALLOW.format(shallow), SHALLOW.format(shallow))
    return GuideState("bow", p.quiet_s, good, trouble, ONCE_MORE if good else f"{GOOD} {BOW}")


def _standing(motions: tuple[Motion, ...], since_s: float, trouble: str, p: MountingParameters) -> GuideState:
    """While the wearer is to stand still: for how long that has lasted, and whether it was broken off."""
    brief = quiet_standing(motions, replace(p, quiet_s=SHORTEST_S))
    end_s = max((m.start_s + len(m) / GRID_HZ for m in motions), default=0.0)
    brief = tuple(s for s in brief if s.end_s > since_s)
    still_s = 0.0
    if brief and end_s - brief[-1].end_s < p.window_s:
        still_s = float(brief[-1].end_s - max(brief[-1].start_s, since_s))
    if still_s:
        return GuideState("stand", still_s, 0, trouble, f"Stand still ... {int(still_s)} of {p.quiet_s:.0f} s")
    if brief:
        return GuideState("stand", 0.0, 0, MOVED, MOVED)
    return GuideState("stand", 0.0, 0, trouble, f"{trouble} {AGAIN}" if trouble else STAND)


def _bows(motions: tuple[Motion, ...], base: Standing, end_s: float, p: MountingParameters) -> tuple[int, float, float, str]:
    """After a standing: good bows, how far the last went where it was too shallow (else 0), when (else 0) and why it failed."""
    good: list[Excursion] = []
    shallow = 0.0
    for e in excursions(motions, base, p, p.away_deg):
        shallow = 0.0
        if e.peak_deg < p.least_bow_deg:
            shallow = e.peak_deg
            continue
        if e.end_s - e.start_s > p.longest_s:
            return 0, 0.0, e.end_s, SLOW
        if e.purity < p.pure:
            return 0, 0.0, e.end_s, SIDEWAYS
        if good and e.start_s - good[-1].end_s > p.pause_s:
            return 0, 0.0, e.end_s, PAUSE
        if good and angle_deg(e.axis, good[0].axis) > p.same_axis_deg:
            return 0, 0.0, e.end_s, ASLANT
        good.append(e)
    if good and end_s - good[-1].end_s > p.pause_s:
        return 0, 0.0, good[-1].end_s, PAUSE
    return len(good), shallow, 0.0, ""


class Guide:
    """The same while samples come: keeps them, and tells the state when asked."""

    def __init__(self, bows: int = WISHED) -> None:
        self._wished = bows
        self._t: list[Floats] = []
        self._acc: list[Floats] = []
        self._gyr: list[Floats] = []
        self._state: GuideState | None = None

    def push(self, t_s: Floats, acc: Floats, gyr: Floats | None) -> None:
        """Samples in order: t_s (N,) s, acc (N, 3) m/s², gyr (N, 3) rad/s or None. What was restored later is left out."""
        if not len(t_s):
            return
        self._t.append(t_s)
        self._acc.append(acc)
        self._gyr.append(np.full((len(t_s), 3), np.nan) if gyr is None else gyr)

    def state(self) -> GuideState:
        """Where it is; once over it stays so."""
        if self._state is None or not self._state.over:
            self._state = guide_state(self._motions(), self._wished)
            if not self._state.over and self._t and float(self._t[-1][-1] - self._t[0][0]) > LONGEST_S:
                self._state = GuideState("given up", 0.0, 0, UNSEEN, UNSEEN)
        return self._state

    def _motions(self) -> tuple[Motion, ...]:
        if not self._t:
            return ()
        gyr = np.concatenate(self._gyr)
        try:
            stream = stream_from_samples(np.concatenate(self._t), np.concatenate(self._acc), None if np.isnan(gyr).all() else gyr)
        except SamplesError:  # too few yet
            return ()
        return motions_of(stream, float(stream.timing.t[0]))
