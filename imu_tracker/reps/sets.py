"""Sets: movement after movement, the one that repeats most clearly first, each from what the earlier ones left over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from imu_tracker.motion import Motion
from imu_tracker.numeric import Floats
from imu_tracker.reps.cycles import Chain, chains_of
from imu_tracker.reps.ends import with_whole_ends, without_strange_ends
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.periodicity import Run, find_runs, lag_map
from imu_tracker.reps.signals import HZ, Stretch, stretches


@dataclass(frozen=True)
class FoundSet:
    """Repetitions of one movement without a longer pause: (N, 2) starts and ends in seconds of the recording.

    fit: median squared correlation with the template, 0-1. merit: what speaks for its being exercise: repetitions beyond the
    first, how alike they are, how large and long the movement is.
    """

    cuts: Floats
    fit: float
    merit: float

    @property
    def usual_s(self) -> float:
        """Median duration of a repetition."""
        return float(np.median(self.cuts[:, 1] - self.cuts[:, 0]))


def _rivals(runs: list[Run], p: CountParameters) -> list[Run]:
    """The strongest run and those of other periods that overlap it and come near it."""
    first = runs[0]
    out = [first]
    for run in runs[1:]:
        if run.gain < 0.3 * first.gain or len(out) == p.rivals:
            break
        overlap = min(run.end, first.end) - max(run.start, first.start)
        if overlap > 0.3 * (first.end - first.start) and all(abs(np.log(run.period_s / o.period_s)) > 0.2 for o in out):
            out.append(run)
    return out


def _best_chains(stretch: Stretch, runs: list[Run], free: NDArray[np.bool_], p: CountParameters) -> list[Chain]:
    """The chains of that period which accounts for most inside the strongest run."""
    best: list[Chain] = []
    most = 0.0
    for run in _rivals(runs, p):
        among = (min(run.start, runs[0].start), max(run.end, runs[0].end))
        chains = chains_of(stretch, run, among, free, p)
        worth = chains[0].worth_between(runs[0].start, runs[0].end) if chains else 0.0
        if worth > most:
            best, most = chains, worth
    return best


def _sets_of(
    stretch: Stretch, chain: Chain, run: Run, free: NDArray[np.bool_], p: CountParameters
) -> tuple[list[FoundSet], NDArray[np.bool_]]:
    """The chain's sets that touch the run, and the rows that are free after them.

    Others will have a run of their own, and a template that fits their pace and size.
    """
    free = free.copy()
    chain = chain.kept((chain.power > 0.1 * np.median(chain.power)) & (chain.fit > p.fit_share * np.median(chain.fit)))
    usual = float(np.median(chain.ends - chain.starts))
    seen = np.concatenate([[0], np.cumsum(stretch.present)])  # a gap is no pause: what happened in it is not known
    pauses = np.flatnonzero(seen[chain.first + chain.starts[1:]] - seen[chain.first + chain.ends[:-1]] > p.pause * usual) + 1
    out = []
    for a, b in zip(np.append(0, pauses), np.append(pauses, len(chain.starts)), strict=True):
        begin, end = chain.first + int(chain.starts[a]), chain.first + int(chain.ends[b - 1])
        if end < run.start or begin > run.end:
            continue
        free[begin : end + 1] = False
        part = without_strange_ends(chain.kept(slice(int(a), int(b))))
        cuts = chain.first + np.column_stack(with_whole_ends(part, free, p))
        free[int(cuts[0, 0]) : int(cuts[-1, 1]) + 1] = False
        cuts = cuts / HZ
        fit = float(np.median(part.fit))
        usual_s = float(np.median(cuts[:, 1] - cuts[:, 0]))
        merit = (len(cuts) - 1) * max(fit - 0.4, 0.0) ** 2 * float(np.median(part.power)) ** 0.25 * usual_s**0.75
        out.append(FoundSet(cuts + stretch.start_s, fit, merit))
    return out, free


def _agreed(
    stretch: Stretch, chains: list[Chain], run: Run, free: NDArray[np.bool_], p: CountParameters
) -> tuple[list[FoundSet], NDArray[np.bool_]]:
    """The sets of that way of cutting on whose count most agree, weighed by their worth: ends differ, the count should not."""
    ways = [_sets_of(stretch, chain, run, free, p) for chain in chains]
    votes: dict[int, float] = {}
    counts = [sum(len(s.cuts) for s in sets) for sets, _ in ways]
    for count, chain in zip(counts, chains, strict=True):
        votes[count] = votes.get(count, 0.0) + float(chain.worth.sum())
    return ways[counts.index(max(votes, key=lambda count: votes[count]))]


def sets_in_stretch(stretch: Stretch, p: CountParameters) -> list[FoundSet]:
    """All movements that repeat, exercise or not, in order of time."""
    free = stretch.present.copy()
    lags = lag_map(stretch, p)
    out: list[FoundSet] = []
    clearest = None
    for _ in range(p.rounds + int(len(free) / HZ / p.round_s)):
        runs = find_runs(lags, free)
        if not runs:
            break
        if clearest is None:
            clearest = runs[0].gain
            lags = [lag for lag in lags if float(lag.gain.sum()) * lag.step / HZ >= p.faint * clearest]
        if runs[0].gain < p.faint * clearest:
            break
        chains = _best_chains(stretch, runs, free, p)
        found: list[FoundSet] = []
        if chains:
            found, free = _agreed(stretch, chains, runs[0], free, p)
        if not found:
            free[runs[0].start : runs[0].end] = False
        out += found
    return sorted(out, key=lambda s: float(s.cuts[0, 0]))


def _near(s: FoundSet, others: tuple[FoundSet, ...], p: CountParameters) -> list[FoundSet]:
    return [o for o in others if o.cuts[0, 0] - s.cuts[-1, 1] < p.near_s and s.cuts[0, 0] - o.cuts[-1, 1] < p.near_s]


def find_sets(motions: tuple[Motion, ...], p: CountParameters | None = None) -> tuple[FoundSet, ...]:
    """All movements of a stream that repeat, exercise or not, in order of time."""
    p = p or CountParameters()
    return tuple(s for stretch in stretches(motions, p) for s in sets_in_stretch(stretch, p))


def clear_sets(found: tuple[FoundSet, ...], p: CountParameters | None = None) -> tuple[FoundSet, ...]:
    """The sets that come near the clearest one in their neighbourhood; beside a longer set, fewer than three reps are none."""
    p = p or CountParameters()
    out = []
    for s in found:
        near = _near(s, found, p)
        longer = any(len(o.cuts) >= p.fewest for o in near)
        if (len(s.cuts) >= p.fewest or not longer) and s.merit >= p.share * max(o.merit for o in near):
            out.append(s)
    return tuple(out)
