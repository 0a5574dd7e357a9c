"""How the sensor sits on the body: the vertical from quiet standing, the left-right axis from forward bows.

Nobody has to mark either. Quiet standing is the first time that the sensor is steady for two seconds; whatever comes before it
(a hand at the belt) may turn the sensor. Bows are two or three excursions from that posture and back about one steady axis,
purer than whatever follows: a hinge on one leg opens the pelvis and turns it, a bow on two feet does not.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.motion.grid import GRID_HZ
from imu_tracker.motion.orientation import Motion
from imu_tracker.numeric import Floats, angle_deg, median, moving_average, runs


@dataclass(frozen=True)
class MountingParameters:
    """What counts as quiet standing and as a bow."""

    steady_rad_s: float = 0.035
    """RMS turn rate about its own mean below which the sensor is steady: standing people sway at 0.5-1.5 deg/s."""
    window_s: float = 0.6
    """... over this time."""
    steady_m_s2: float = 0.25
    """The same for acceleration: what a sensor's noise and breathing leave."""
    quiet_s: float = 2.0
    """Quiet standing lasts so long (the interface's rule)."""
    edge_s: float = 0.2
    """Of a quiet stretch so much is left out at either end, where it blends into movement."""
    looked_at_s: float = 5.0
    """The last so many seconds of quiet standing give the vertical: what comes next starts from that posture."""
    away_deg: float = 8.0
    """An excursion begins and ends so far from standing: sway is 1-2 degrees."""
    onset_s: float = 0.4
    """... and has begun so long before."""
    least_bow_deg: float = 20.0
    """A bow goes at least so far: the axis is then known to a few degrees ..."""
    most_bow_deg: float = 120.0
    """... and nobody bends farther."""
    longest_s: float = 8.0
    """A bow takes no longer."""
    pause_s: float = 6.0
    """Two bows have no longer pause between them."""
    pure: float = 0.975
    """Share of the turning about one axis: 3 degrees of sway and turning each in a bow of 40 leave 0.98."""
    purer: float = 0.4
    """The bows' impurity over that of what follows, if that goes as far, too: one-legged hinges open the pelvis."""
    opening: float = 0.001
    """... and no less than this: no person moves on one leg without 2 degrees in 60 of sway and turning."""
    ends_s: float = 8.0
    """What follows after a longer pause is another set (the interface's rule), whatever it is like."""
    same_axis_deg: float = 15.0
    """Bows of one person agree on the axis this far."""
    most: int = 3
    """Two or three bows (the interface's rule); more are exercise."""
    tries_s: float = 60.0
    """Bows that went wrong may be tried again after standing still once more, for so long; what comes later is exercise."""
    floor_deg: float = 1.5
    """Standard error of the axis that agreeing bows may still share: people bow a little sideways."""


@dataclass(frozen=True)
class Standing:
    """Quiet standing, [start_s, end_s) s: up (3,), unit, and the gyroscope's bias (3,) rad/s, both in the sensor frame."""

    start_s: float
    end_s: float
    up: Floats
    bias: Floats


@dataclass(frozen=True)
class Bows:
    """Forward bows: spans (N, 2) s; left (3,), unit: the axis they turn about, which points to the wearer's left, sensor frame.

    uncertainty_deg: standard error of that axis within the horizontal plane.
    """

    spans: Floats
    left: Floats
    uncertainty_deg: float


@dataclass(frozen=True)
class Excursion:
    """Away from standing and back, start to end: how far, how much of the turning about one axis, and about which (3,), unit."""

    start_s: float
    end_s: float
    peak_deg: float
    purity: float
    axis: Floats


def calibration(
    motions: tuple[Motion, ...], standings: Sequence[Standing], p: MountingParameters | None = None
) -> tuple[Standing, Bows | None]:
    """Of quiet stretches, at least one, the one that calibrates: the first with bows after it, else the first; and the bows.

    A second try counts where the wearer stands as before, and no more than a bow or three went wrong in between.
    """
    p = p or MountingParameters()
    first = standings[0]
    for standing in standings:
        if angle_deg(standing.up, first.up) > p.away_deg:
            continue
        if excursions_before(motions, first, standing.end_s, p) > p.most or standing.end_s - first.end_s > p.tries_s:
            break
        bows = find_bows(motions, standing, p)
        if bows is not None:
            return standing, bows
    return first, None


def quiet_standing(motions: tuple[Motion, ...], p: MountingParameters | None = None) -> tuple[Standing, ...]:
    """All quiet stretches of a stream, in order of time; the first calibrates. Empty without a gyroscope."""
    p = p or MountingParameters()
    width, out = round(p.window_s * GRID_HZ), []
    for m in motions:
        if m.gyr is None:
            continue
        steady = (_unsteadiness(m.gyr, width) < p.steady_rad_s) & (_unsteadiness(m.acc, width) < p.steady_m_s2)
        for a, b in runs(steady):
            if b - a < p.quiet_s * GRID_HZ:
                continue
            edge = round(p.edge_s * GRID_HZ)
            inside = slice(max(int(a) + edge, int(b) - edge - round(p.looked_at_s * GRID_HZ)), int(b) - edge)
            up = m.up[inside].mean(axis=0)
            up /= max(float(np.linalg.norm(up)), 1e-9)
            out.append(Standing(m.start_s + a / GRID_HZ, m.start_s + b / GRID_HZ, up, m.gyr[inside].mean(axis=0)))
    return tuple(out)


def _unsteadiness(x: Floats, width: int) -> Floats:
    """RMS of x (M, 3) about its mean over `width` samples, (M,)."""
    mean = moving_average(x, width)
    out: Floats = np.sqrt(np.maximum(moving_average(np.einsum("ij,ij->i", x, x), width) - np.einsum("ij,ij->i", mean, mean), 0.0))
    return out


def find_bows(motions: tuple[Motion, ...], standing: Standing, p: MountingParameters | None = None) -> Bows | None:
    """The bows that follow quiet standing as the first movement of the whole body; None where there are none."""
    p = p or MountingParameters()
    after = excursions(motions, standing, p)
    first: list[Excursion] = []
    then: list[Excursion] = []
    for e in after:
        far = first and (e.start_s - first[-1].end_s > p.pause_s or angle_deg(e.axis, first[0].axis) > p.same_axis_deg)
        if far or e.purity < p.pure or e.end_s - e.start_s > p.longest_s:
            then.append(e)
            break
        first.append(e)
    if len(first) < 2:
        return None
    then = _going_on(first[-1], itertools.chain(then, after), p)
    for n in range(min(p.most, len(first)), 1, -1):
        bows, others = first[:n], _same_way(first[n - 1], _going_on(first[n - 1], [*first[n:], *then], p), p)
        if others:
            theirs = median(np.array([1.0 - e.purity for e in others]))
            purer = theirs >= p.opening and max(1.0 - e.purity for e in bows) <= p.purer * theirs
        else:
            purer = n == len(first)
        if purer:
            axes = np.array([e.axis for e in bows])
            left = axes.mean(axis=0)
            left /= float(np.linalg.norm(left))
            spread = float(np.mean([angle_deg(e.axis, left) ** 2 for e in bows]))
            error = float(np.hypot(p.floor_deg, np.sqrt(spread / max(n - 1, 1))))
            return Bows(np.array([[e.start_s, e.end_s] for e in bows]), left, error)
    return None


def _going_on(last: Excursion, following: Iterable[Excursion], p: MountingParameters) -> list[Excursion]:
    """What follows without a longer pause."""
    out = [last]
    for e in following:
        if e.start_s - out[-1].end_s > p.ends_s:
            break
        out.append(e)
    return out[1:]


def _same_way(last: Excursion, following: list[Excursion], p: MountingParameters) -> list[Excursion]:
    """Those about the same axis as the last one."""
    return [e for e in following if angle_deg(e.axis, last.axis) <= 2.0 * p.same_axis_deg]


def excursions(
    motions: tuple[Motion, ...], standing: Standing, p: MountingParameters, least_deg: float | None = None
) -> Iterator[Excursion]:
    """The excursions after a standing that go as far as a bow may, or at least so far, in order of time.

    Each is worked out when it is asked for: in an hour there may be many, and mostly the first few tell.
    """
    least_deg = p.least_bow_deg if least_deg is None else least_deg
    for m in motions:
        if m.gyr is None or m.start_s + len(m) / GRID_HZ <= standing.end_s:
            continue
        skip = max(0, round((standing.end_s - m.start_s) * GRID_HZ))
        near = m.up[skip:] @ standing.up  # 1 where the sensor stands as it did then
        for a, b in runs(near < np.cos(np.radians(p.away_deg))).tolist():
            peak = float(np.degrees(np.arccos(np.clip(near[a:b].min(), -1.0, 1.0))))
            whole = a > 0 and b < len(near)
            if not whole or not least_deg <= peak <= p.most_bow_deg:
                continue
            turning = m.gyr[skip + a : skip + b] - standing.bias
            energy = np.linalg.eigvalsh(turning.T @ turning)
            onset = max(0, a - round(p.onset_s * GRID_HZ))
            axis = _outbound_axis(m.gyr[skip + onset : skip + a + int(np.argmin(near[a:b])) + 1] - standing.bias, standing.up)
            start = m.start_s + (skip + a) / GRID_HZ
            purity = float(energy[-1] / max(float(energy.sum()), 1e-12))
            yield Excursion(start, m.start_s + (skip + b) / GRID_HZ, peak, purity, axis)


def excursions_before(motions: tuple[Motion, ...], standing: Standing, end_s: float, p: MountingParameters) -> int:
    """How many excursions after a standing begin before a time."""
    return sum(1 for _ in itertools.takewhile(lambda e: e.start_s < end_s, excursions(motions, standing, p)))


def _outbound_axis(turning: Floats, up: Floats) -> Floats:
    """The level axis (3,), unit, that turning (M, 3) rad/s on the way out goes about, and which way round.

    Quick turning counts by its square: slow sway at the bow's ends says nothing of where forward is.
    """
    level = turning - np.outer(turning @ up, up)
    axis: Floats = np.linalg.eigh(level.T @ level)[1][:, -1]
    return axis if float((level @ axis).sum()) >= 0.0 else -axis
