"""A set that goes on: what is known of its repetitions makes the next one plain as soon as it ends.

The same chains as for a whole recording, only that the movement's pace is known, and where its repetitions begin: of the ways of
cutting, the one is taken whose cuts are those that were found before. So a look at the last few seconds is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import Motion
from imu_tracker.numeric import Floats, median
from imu_tracker.reps.alternating import unmirrored
from imu_tracker.reps.cycles import Chain, chains_of
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.periodicity import Run
from imu_tracker.reps.signals import HZ, Stretch, stretches


@dataclass(frozen=True)
class FollowParameters:
    """When a chain goes on with a set."""

    examples: int = 5
    """Of the last repetitions so many show what the next ones look like."""
    apart: float = 0.25
    """Cuts agree that lie within this share of a repetition: at a half it would be the opposite phase."""
    seen_s: float = 0.2
    """A turn is seen once motion has gone on for so long: at the end of what has come in anything looks like a turn."""
    weak: float = 0.25
    """Share of the examples' mean square below which a repetition is none: the counter's partial ones have more."""


def followed(
    motions: tuple[Motion, ...], cuts: Floats, p: CountParameters | None = None, f: FollowParameters | None = None
) -> Floats:
    """The repetitions (M, 2), s, that follow the last of `cuts` (N, 2), s, N >= 2, in the motion of one stream.

    Only what lies between two turns that were seen is a repetition here: no half ones. Empty where none followed, or where
    the motion doesn't show the ones before.
    """
    p, f = p or CountParameters(), f or FollowParameters()
    cuts = cuts[-f.examples :]
    for stretch in stretches(motions, p):
        rows = (cuts - stretch.start_s) * HZ
        if rows[0, 0] < -HZ or rows[-1, 1] > len(stretch.x) + HZ:
            continue
        run = Run(1.0, median(cuts[:, 1] - cuts[:, 0]), max(0, int(rows[0, 0])), min(len(stretch.x), int(rows[-1, 1])))
        for each in (stretch, unmirrored(stretch, p)):  # where sides alternate, only what a mirror leaves alone repeats
            chains = chains_of(each, run, (run.start, run.end), each.present, p)
            fitting = [(_apart(chain, rows), k) for k, chain in enumerate(chains)]
            if fitting and min(fitting)[0] <= f.apart:
                return _after(each, chains[min(fitting)[1]], rows, f)
    return np.zeros((0, 2))


def _apart(chain: Chain, rows: Floats) -> float:
    """How far the chain's cuts lie from the known ones (N, 2), as a share of a repetition."""
    begins, ends = chain.first + chain.starts, chain.first + chain.ends
    off = [min(float(np.abs(theirs - mine).min()) for theirs in (begins, ends)) for mine in rows.ravel()]
    return median(np.array(off)) / median(rows[:, 1] - rows[:, 0])


def _after(stretch: Stretch, chain: Chain, rows: Floats, f: FollowParameters) -> Floats:
    """Of the chain's repetitions those whose middle lies behind the last known one's end, s."""
    starts, ends = chain.first + chain.starts, chain.first + chain.ends
    new = (0.5 * (starts + ends) > rows[-1, 1]) & (ends <= len(stretch.x) - 1 - f.seen_s * HZ)
    known = chain.power[0.5 * (starts + ends) <= rows[-1, 1]]
    if not len(known):
        return np.zeros((0, 2))
    new &= chain.power >= f.weak * median(known)
    out: Floats = np.column_stack([np.maximum(starts[new], rows[-1, 1]), ends[new]]) / HZ + stretch.start_s
    return out
