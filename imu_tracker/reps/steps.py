"""What a step was: which way it went, and when the leading foot's part was over and the trailing foot's began.

A stepping pelvis comes to rest once a step, where the feet are level with each other again. From rest to rest the horizontal
acceleration, summed twice in an earth frame, gives how far and which way the sensor went; a constant error of it, such as a
gravity direction half a degree off leaves, is known from the speed being none at both ends. The earth frame's heading is
arbitrary, but keeps within a degree or two over a set, so steps can be compared with each other. Which of the wearer's sides the
way is can't be said without body axes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import Floats, rotation_matrix, smooth

NO_GYROSCOPE = "a way needs the heading, which takes a gyroscope"
IN_GAP = "samples are missing in this step"
NOT_LEVEL = "the steps are not cut where the feet are level and the hips at rest"
TO_AND_FRO = "every other step goes the other way: steps to and fro on the spot, or cuts that hold one foot's half each"
TOO_SHORT = "the step went too short a way to say which"
NO_LANDING = "no landing stands out between the two feet's parts"


@dataclass(frozen=True)
class StepParameters:
    """Parameters of describing steps."""

    least_m: float = 0.02
    """Hips sway by this much where nobody goes anywhere."""
    least_share: float = 0.2
    """A step of less than this share of the usual way may as well be sway."""
    shifts: tuple[float, ...] = (-0.4, -0.3, -0.2, -0.1, 0.1, 0.2, 0.3, 0.4)
    """Of the usual step: where else the steps are cut, to see whether they are cut at rest."""
    at_rest: float = 0.35
    """They are cut at rest where the ways from cut to cut are at least this share of those from any other phase."""
    impact_hz: float = 5.0
    """A landing shakes the pelvis above it; what is meant to move moves below."""
    between: tuple[float, float] = (0.2, 0.75)
    """Shares of a step between which the leading foot lands: the trailing foot takes a quarter at least."""
    both_feet: float = 0.25
    """Share of a step for which both feet stand, at most."""
    stands_out: float = 1.5
    """A landing's shaking over the step's usual one."""


@dataclass(frozen=True)
class Step:
    """One step, [start_s, end_s) in seconds of the recording.

    way: +1 as the set's first step, -1 the other way. moved_m: how far, about; a rough measure for comparing steps of one set.
    lead_s: when the leading foot lands. follow_s: when the trailing foot's part begins. What is not known is None, and the reason
    stands in `way_reason` or `phases_reason`.
    """

    start_s: float
    end_s: float
    way: int | None
    moved_m: float | None
    lead_s: float | None
    follow_s: float | None
    way_reason: str | None = None
    phases_reason: str | None = None


def describe_steps(motions: tuple[Motion, ...], cuts: Floats, p: StepParameters | None = None) -> tuple[Step, ...]:
    """The steps of one set.

    motions: the pieces of the sensor's stream; pelvis, or a thigh. cuts: (N, 2) s, starts and ends of the steps, cut where the
    feet are level, as a step is counted.
    """
    p = p or StepParameters()
    inside = [_piece_with(motions, float(a), float(b)) for a, b in cuts]
    moved, level = _moved_all(inside, cuts, p)
    ways, why_not = _ways(moved, p), TOO_SHORT
    fro = [a * b for a, b in zip(ways[1:], ways[:-1], strict=True) if a is not None and b is not None]
    if not level or (len(fro) >= 3 and max(fro) < 0):
        ways, why_not = [None] * len(ways), TO_AND_FRO if level else NOT_LEVEL
    out = []
    for m, (a, b), by, way in zip(inside, cuts, moved, ways, strict=True):
        lead, follow = (None, None) if m is None else _phases(m, float(a), float(b), p)
        why = None
        if way is None:
            why = IN_GAP if m is None else NO_GYROSCOPE if m.quaternion is None else why_not
        phases_why = None if lead is not None else IN_GAP if m is None else NO_LANDING
        size = None if by is None else float(np.linalg.norm(by))
        out.append(Step(float(a), float(b), way, size, lead, follow, why, phases_why))
    return tuple(out)


def _piece_with(motions: tuple[Motion, ...], start_s: float, end_s: float) -> Motion | None:
    """The piece that holds all of the step; nothing is worked out across a gap."""
    slack = 2.0 / GRID_HZ
    for m in motions:
        if m.start_s <= start_s + slack and end_s <= m.start_s + len(m) / GRID_HZ + slack:
            return m
    return None


def _rows(m: Motion, start_s: float, end_s: float) -> tuple[int, int]:
    a, b = (round((t - m.start_s) * GRID_HZ) for t in (start_s, end_s))
    return max(a, 0), min(b, len(m))


def _moved_all(inside: list[Motion | None], cuts: Floats, p: StepParameters) -> tuple[list[Floats | None], bool]:
    """The ways of all steps, and whether they are cut at rest: ways from any other phase to the same of the next are no longer.

    (From where the hips go fastest all ways come out the other way round, which nothing here can tell; only steps of one set
    are compared, so that a turn at which the cuts keep their phase is still seen.)
    """
    usual = float(np.median(cuts[:, 1] - cuts[:, 0])) if len(cuts) else 0.0

    def at(shift: float) -> list[Floats | None]:
        shifted = cuts + shift * usual
        return [None if m is None else _moved(m, float(a), float(b)) for m, (a, b) in zip(inside, shifted, strict=True)]

    def size(moved: list[Floats | None]) -> float:
        sizes = [float(np.linalg.norm(v)) for v in moved if v is not None]
        return float(np.median(sizes)) if sizes else 0.0

    own = at(0.0)
    return own, size(own) >= p.at_rest * max(size(at(shift)) for shift in p.shifts)


def _moved(m: Motion, start_s: float, end_s: float) -> Floats | None:
    """Horizontal way (2,) m between two rests, in the piece's own earth frame; None where samples are missing."""
    a, b = _rows(m, start_s, end_s)
    if m.quaternion is None or b - a < 0.9 * (end_s - start_s) * GRID_HZ or b - a < 3:
        return None
    acc = np.einsum("nij,nj->ni", rotation_matrix(m.quaternion[a:b]), m.acc[a:b])[:, :2]
    speed = np.cumsum(acc - acc.mean(axis=0), axis=0) / GRID_HZ
    out: Floats = speed.sum(axis=0) / GRID_HZ
    return out


def _ways(moved: list[Floats | None], p: StepParameters) -> list[int | None]:
    """+1 or -1 along the line that most of the steps follow, against the first step that is known."""
    known = np.array([v for v in moved if v is not None])
    if not len(known):
        return [None] * len(moved)
    line = np.linalg.svd(known, full_matrices=False)[2][0]
    along = [None if v is None else float(v @ line) for v in moved]
    usual = float(np.median(np.abs(known @ line)))
    least = max(p.least_m, p.least_share * usual)
    clear = [None if x is None or abs(x) < least else x for x in along]
    first = next((x for x in clear if x is not None), None)
    return [None if x is None or first is None else (1 if x * first > 0 else -1) for x in clear]


def _phases(m: Motion, start_s: float, end_s: float, p: StepParameters) -> tuple[float | None, float | None]:
    """When the leading foot lands, and when the trailing foot's part begins; None where no landing stands out.

    A landing is a shock. After it both feet stand, and the pelvis stops turning before it turns over to the other leg.
    """
    margin = int(GRID_HZ / p.impact_hz)
    a, b = _rows(m, start_s, end_s)
    lo, hi = max(0, a - margin), min(len(m), b + margin)
    if b - a < 0.3 * GRID_HZ:
        return None, None
    x = m.linear(lo, hi)
    x = x - smooth(x, p.impact_hz, GRID_HZ)
    shock = np.sqrt(np.maximum(smooth(np.einsum("ij,ij->i", x, x)[:, None], p.impact_hz, GRID_HZ)[:, 0], 0.0))
    first, last = (a - lo + round(share * (b - a)) for share in p.between)
    k = first + int(np.argmax(shock[first:last]))
    if k in (first, last - 1) or shock[k] < p.stands_out * float(np.median(shock[a - lo : b - lo])):
        return None, None
    lead = m.start_s + (lo + first + _rise(shock[first : k + 1])) / GRID_HZ
    if m.gyr is None:
        return lead, None
    turning = np.linalg.norm(smooth(m.gyr[lo:hi], 3.0, GRID_HZ), axis=1)
    after = slice(k, min(k + int(p.both_feet * (b - a)), len(turning)))
    return lead, m.start_s + (lo + k + int(np.argmin(turning[after]))) / GRID_HZ


def _rise(shock: Floats) -> int:
    """Where the shock that ends this stretch began: its last sample below half the peak."""
    low = np.flatnonzero(shock < shock[-1] / 2)
    return int(low[-1]) if len(low) else 0
