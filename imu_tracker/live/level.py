"""The pelvis while it moves: its axes as soon as they are known, how level it is now, and when it drops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from imu_tracker.live.parameters import LiveParameters
from imu_tracker.live.views import DropSeen, Level
from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.motion.growing import GrowingMotion
from imu_tracker.motion.mounting import Bows, MountingParameters, Standing, calibration, quiet_standing
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.angles import pelvis_angles
from imu_tracker.pelvis.axes import PelvisAxes, mounting_of, pelvis_axes
from imu_tracker.pelvis.drop import DropParameters
from imu_tracker.pelvis.measure import NO_SENSOR, Pelvis
from imu_tracker.results import Mounting, Side

SIGN = {"left": 1.0, "right": -1.0}  # standing on the left, the left side up is a drop
EVERY_S = 1.0  # quiet standing and bows are looked for so often, until they are known


class LivePelvis:
    """A sensor on the pelvis, from quiet standing on."""

    def __init__(self, p: LiveParameters, drop: DropParameters | None = None) -> None:
        self._p, self._drop = p, drop or DropParameters()
        self.axes: PelvisAxes | str = NO_SENSOR
        self.standing: Standing | None = None
        self.bows: Bows | None = None
        self.level = Level()
        self._next_s = 0.0
        self._settled = False
        self._until_s = -np.inf  # angles have been looked at up to here
        self._past_s: float | None = None  # since when the drop has been past the threshold
        self._told = False

    @property
    def begin_s(self) -> float:
        """Reps come after this: the bows are none."""
        return float(self.bows.spans[-1, 1]) if self.bows is not None else -np.inf

    @property
    def calibrated_until_s(self) -> float:
        """What calibrates lies before this."""
        return max(self.standing.end_s + 1.0 if self.standing is not None else 0.0, self.begin_s)

    @property
    def mounting(self) -> Mounting:
        """As a session states it."""
        return mounting_of(self.axes)

    def calibrate(self, motion: GrowingMotion, now_s: float, working: bool) -> None:
        """Looks for quiet standing and bows until both are known, or `working` has begun for good."""
        if self._settled or now_s < self._next_s:
            return
        self._next_s = now_s + EVERY_S
        begin_s = self.standing.start_s - 1.0 if self.standing is not None else max(0.0, now_s - 10.0)
        motions = motion.between(begin_s, now_s)
        quiet = quiet_standing(motions)
        if not quiet:
            return
        self.standing, self.bows = calibration(motions, quiet)
        if self.bows is not None:  # a third may follow
            self._settled = now_s - self.begin_s > MountingParameters.pause_s
        else:
            self._settled = working or now_s - quiet[0].end_s > MountingParameters.tries_s
        self.axes = pelvis_axes(motion.between(now_s - 1.0, now_s), self.standing, self.bows)

    def adopt(self, pelvis: Pelvis | None) -> None:
        """The axes that the analysis of a whole set has found."""
        if pelvis is not None:
            self.axes = pelvis.axes if pelvis.slip is None else pelvis.slip.axes

    def watch(
        self, motion: GrowingMotion, now_s: float, leg: Callable[[float], Side | None], threshold_deg: float | None, working: bool
    ) -> list[DropSeen]:
        """The angles up to now; drops, while there is work, that have become events. leg: which one stands at a time."""
        if isinstance(self.axes, str):
            self.level = Level()
            return []
        found: list[DropSeen] = []
        for m in motion.between(self._until_s + 0.005 if np.isfinite(self._until_s) else now_s - 0.1, now_s + 0.005):
            self._angles_of(m, self.axes, leg, threshold_deg if working else None, found)
        return found

    def _angles_of(
        self,
        m: Motion,
        axes: PelvisAxes,
        leg: Callable[[float], Side | None],
        threshold_deg: float | None,
        found: list[DropSeen],
    ) -> None:
        angles = pelvis_angles((replace(m, first=0),), axes, len(m))
        times = m.start_s + np.arange(len(m)) / GRID_HZ
        sides = [leg(t) for t in times.tolist()]
        drops = angles.obliquity_deg * np.array([SIGN.get(side or "", np.nan) for side in sides])
        self._until_s = float(times[-1])
        for t, drop, side in zip(times.tolist(), drops.tolist(), sides, strict=True):
            self._step(t, drop, side, threshold_deg, found)
        self.level = Level(_last(angles.obliquity_deg), _last(angles.tilt_deg), _last(drops), sides[-1], self._told)

    def _step(self, t: float, drop: float, side: Side | None, threshold_deg: float | None, found: list[DropSeen]) -> None:
        """The rule of `drop_events`, sample by sample."""
        if threshold_deg is None or side is None or not drop >= threshold_deg - self._drop.ends_below_deg:
            self._past_s, self._told = None, False
        elif drop >= threshold_deg:
            self._past_s = t if self._past_s is None else self._past_s
            if not self._told and t - self._past_s >= self._drop.shortest_s:
                self._told = True
                found.append(DropSeen(t, self._past_s, drop, side))


def _last(x: Floats) -> float | None:
    """The last value, None where that is unknown."""
    return float(x[-1]) if np.isfinite(x[-1]) else None
