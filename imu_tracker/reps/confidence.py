"""How probable it is that a found repetition is one: a logistic map from what speaks against it.

A repetition is right when it overlaps one that was done, one to one, by half of what both cover. The map is fitted on
simulated people by `benchmarks/reliability.py`, which prints its coefficients and shows how often what was stated held on others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import Floats, median
from imu_tracker.reps.usual import centre
from imu_tracker.results import Rep

LEAST_RANGE_DEG = 8.0  # a pose away from rest is compared with at least this range: smaller ones are orientation error
FARTHEST = 0.75  # ranges away from rest beyond which a pose before a set says no more: anything may come before it
ENOUGH = 6  # repetitions from which their number says no more
NEAR = (0.25, 0.75)  # usual repetitions before and after the set between which its lead-in is looked at


@dataclass(frozen=True)
class ConfidenceParameters:
    """Log odds that a repetition is right where nothing speaks against it, and what each doubt takes off, in `evidence`'s order.

    Made by `python benchmarks/reliability.py --fit`, which lets no doubt speak for a repetition: 0 is one that said nothing.
    """

    plain: float = 2.6
    unlike: float = 1.93
    unfit: float = 0.0
    pace: float = 2.46
    size: float = 0.0
    edge: float = 0.18
    few: float = 21.18
    lead_in: float = 2.49


def _poses(motions: Sequence[Motion], begin_s: float, end_s: float) -> Floats:
    """The directions of gravity (M, 3), sensor frame, that were measured between two times."""
    parts = [np.zeros((0, 3))]
    for m in motions:
        a, b = (min(max(round(t * GRID_HZ) - m.first, 0), len(m)) for t in (begin_s, end_s))
        parts.append(m.up[a:b])
    return np.concatenate(parts)


def lead_in(motions: Sequence[Motion], reps: Sequence[Rep]) -> float:
    """How far the pose before or after a set, the nearer one, is from that in which its reps begin and end, in ranges.

    Repetitions cut at their turns, half a cycle off, begin where nobody rests: then it is about 1. 0 where nothing was recorded
    around the set.
    """
    usual_s = median(np.array([r.duration_s for r in reps]))
    instant = 1.0 / GRID_HZ
    ends = np.concatenate([_poses(motions, t - instant, t + instant) for r in reps for t in (r.start_s, r.end_s)])
    turns = np.concatenate([_poses(motions, r.turn_s, r.turn_s + instant) for r in reps])
    begin_s, end_s = reps[0].start_s, reps[-1].end_s
    near, far = (x * usual_s for x in NEAR)
    around = [_poses(motions, begin_s - far, begin_s - near), _poses(motions, end_s + near, end_s + far)]
    around = [x for x in around if len(x)]
    if not around or not len(ends) or not len(turns):
        return 0.0
    rest = centre(ends)
    rest /= max(float(np.linalg.norm(rest)), 1e-9)
    turned, *away = (median(np.degrees(np.arccos(np.clip(x @ rest, -1.0, 1.0)))) for x in (turns, *around))
    return min(min(away) / max(turned, LEAST_RANGE_DEG), FARTHEST)


def evidence(motions: Sequence[Motion], reps: Sequence[Rep], fit: float) -> Floats:
    """What speaks against each of a set's reps, (N, 7), all 0 or more.

    Unlikeness to the typical one; unlikeness of all to the template (1 - fit); how far duration and range are from the usual, as
    natural logarithms of the ratio, up to 1; 1 for the first and last; by how much one over the number of reps exceeds a sixth;
    the set's lead-in.
    """
    n = len(reps)
    ratios = []
    for values in ([r.duration_s for r in reps], [r.range_deg or 0.0 for r in reps]):
        x = np.maximum(np.array(values), 0.05)
        ratios.append(np.minimum(np.abs(np.log(x / median(x))), 1.0))
    edge = np.zeros(n)
    edge[[0, -1]] = 1.0
    unlike = np.array([1.0 - (r.likeness or 0.0) for r in reps])
    of_set = [np.full(n, x) for x in (max(1.0 / n - 1.0 / ENOUGH, 0.0), lead_in(motions, reps))]
    return np.column_stack([unlike, np.full(n, np.clip(1.0 - fit, 0.0, 1.0)), *ratios, edge, *of_set])


def probabilities(doubts: Floats, p: ConfidenceParameters | None = None) -> Floats:
    """Probability (N,) of being right, from what `evidence` gives."""
    plain, *costs = astuple(p or ConfidenceParameters())
    out: Floats = 1.0 / (1.0 + np.exp(doubts @ np.array(costs) - plain))
    return out
