"""A set that goes on: what is known of its repetitions makes the next one plain as soon as it ends.

The same chains as for a whole recording, only that the movement's pace is known, and where its repetitions begin: of the ways of
cutting, the one is taken whose cuts are those that were found before. So a look at the last few seconds is enough.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from imu_tracker.motion import Motion
from imu_tracker.numeric import Floats, median, quantile, sizes
from imu_tracker.reps.alternating import unmirrored
from imu_tracker.reps.cycles import Chain, chains_of
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.periodicity import Run
from imu_tracker.reps.signals import GYR, HZ, Stretch, stretches


@dataclass(frozen=True)
class FollowParameters:
    """When a chain goes on with a set."""

    examples: int = 5
    """Of the last repetitions so many show what the next ones look like."""
    apart: float = 0.25
    """Cuts agree that lie within this share of a repetition: at a half it would be the opposite phase."""
    seen_s: float = 0.2
    """A turn is seen once motion has gone on for so long: at the end of what has come in anything looks like a turn."""
    rests: float = 0.3
    """... or once it has turned the sensor less than this share of its usual quick rate for so long: it rests. At rest people
    sway with 0.1-0.2 of it."""
    weak: float = 0.25
    """Share of the examples' mean square below which a repetition is none: the counter's partial ones have more."""


@dataclass(frozen=True)
class Manner:
    """How a set is followed: by which cuts (see `Chain.way`; None: not known yet), and whether its sides alternate, so that only
    what a mirror leaves as it is repeats with every repetition."""

    cuts: tuple[int, bool] | None = None
    alternating: bool = False


def followed(
    motions: tuple[Motion, ...],
    cuts: Floats,
    manner: Manner | None = None,
    p: CountParameters | None = None,
    f: FollowParameters | None = None,
) -> tuple[Floats, Manner] | None:
    """The repetitions (M, 2), s, that follow the last of `cuts` (N, 2), s, N >= 2, in the motion of one stream, and the way in
    which that was seen, which makes the next look cheaper.

    Only what lies between two turns that were seen is a repetition here: no half ones. None where the motion doesn't show the
    ones before.
    """
    p, f, manner = p or CountParameters(), f or FollowParameters(), manner or Manner()
    cuts = cuts[-f.examples :]
    for stretch in stretches(motions, p):
        rows = (cuts - stretch.start_s) * HZ
        if rows[0, 0] < -HZ or rows[-1, 1] > len(stretch.x) + HZ:
            continue
        run = Run(1.0, median(cuts[:, 1] - cuts[:, 0]), max(0, int(rows[0, 0])), min(len(stretch.x), int(rows[-1, 1])))
        seen = unmirrored(stretch, p) if manner.alternating else stretch
        for only in (manner.cuts, None) if manner.cuts is not None else (None,):
            chains = chains_of(seen, run, (run.start, run.end), seen.present, p, only)
            fitting = [(_apart(chain, rows), k) for k, chain in enumerate(chains)]
            if fitting and min(fitting)[0] <= f.apart:
                chain = chains[min(fitting)[1]]
                return _after(stretch, chain, rows, f), Manner(chain.way, manner.alternating)
    return None


def _apart(chain: Chain, rows: Floats) -> float:
    """How far the chain's cuts lie from the known ones (N, 2), as a share of a repetition."""
    begins, ends = chain.first + chain.starts, chain.first + chain.ends
    off = [min(float(np.abs(theirs - mine).min()) for theirs in (begins, ends)) for mine in rows.ravel()]
    return median(np.array(off)) / median(rows[:, 1] - rows[:, 0])


def _after(stretch: Stretch, chain: Chain, rows: Floats, f: FollowParameters) -> Floats:
    """Of the chain's repetitions those whose middle lies behind the last known one's end, s."""
    starts, ends = chain.first + chain.starts, chain.first + chain.ends
    middle = 0.5 * (starts + ends)
    known = chain.power[middle <= rows[-1, 1]]
    if not len(known):
        return np.zeros((0, 2))
    new = (middle > rows[-1, 1]) & (chain.power >= f.weak * median(known))
    out = np.column_stack([np.maximum(starts[new], rows[-1, 1]), ends[new]]).astype(float)
    seen = len(stretch.x) - 1 - f.seen_s * HZ
    if len(out) and out[-1, 1] > seen:  # a turn, or nothing yet: unless it has come to rest
        out[-1, 1] = _rests_since(stretch, rows, f)
        if not out[-1].mean() < out[-1, 1] <= seen:
            out = out[:-1]
    cuts: Floats = out / HZ + stretch.start_s
    return cuts


def _rests_since(stretch: Stretch, known: Floats, f: FollowParameters) -> float:
    """The row from which on the sensor has hardly turned up to the last one, against the known repetitions (N, 2), rows."""
    speed = sizes(stretch.raw[:, GYR])  # without a gyroscope: of acceleration
    usual = quantile(speed[max(0, int(known[0, 0])) : int(known[-1, 1]) + 1], 0.8)
    moving = np.flatnonzero(speed >= f.rests * usual)
    return float(moving[-1]) + 1.0 if len(moving) else 0.0
