"""Sets: movement after movement, the one that repeats most clearly first, each from what the earlier ones left over."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from imu_tracker.motion import Motion
from imu_tracker.numeric import Floats, median
from imu_tracker.reps.alternating import alternates, halved, unmirrored
from imu_tracker.reps.cycles import Chain, chains_of
from imu_tracker.reps.ends import turns_of, with_whole_ends, without_strange_ends, without_transitions
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.periodicity import Run, find_runs, lag_map
from imu_tracker.reps.signals import HZ, Stretch, stretches


@dataclass(frozen=True)
class FoundSet:
    """Repetitions of one movement without a longer pause: (N, 2) starts and ends in seconds of the recording.

    fit: median squared correlation with the template, 0-1. merit: what speaks for its being exercise: repetitions beyond the
    first, how alike they are, how large and long the movement is. exercise: probability that it is exercise; 1 until judged.
    """

    cuts: Floats
    fit: float
    merit: float
    exercise: float = 1.0

    @property
    def usual_s(self) -> float:
        """Median duration of a repetition."""
        return median(self.cuts[:, 1] - self.cuts[:, 0])


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
    chain = chain.kept((chain.power > 0.1 * median(chain.power)) & (chain.fit > p.fit_share * median(chain.fit)))
    usual = median((chain.ends - chain.starts).astype(float))
    seen = np.concatenate([[0], np.cumsum(stretch.present)])  # a gap is no pause: what happened in it is not known
    pauses = np.flatnonzero(seen[chain.first + chain.starts[1:]] - seen[chain.first + chain.ends[:-1]] > p.pause * usual) + 1
    out = []
    for a, b in zip(np.append(0, pauses), np.append(pauses, len(chain.starts)), strict=True):
        begin, end = chain.first + int(chain.starts[a]), chain.first + int(chain.ends[b - 1])
        if end < run.start or begin > run.end:
            continue
        free[begin : end + 1] = False
        part = without_strange_ends(chain.kept(slice(int(a), int(b))))
        gravity = stretch.raw[chain.first : chain.first + len(part.y), :3]
        starts, ends = with_whole_ends(part, gravity, free, p)
        cuts = chain.first + np.column_stack(without_transitions(gravity, starts, ends, turns_of(part, starts, ends), p))
        free[int(cuts[0, 0]) : int(cuts[-1, 1]) + 1] = False
        cuts = cuts / HZ
        fit = median(part.fit)
        usual_s = median(cuts[:, 1] - cuts[:, 0])
        merit = (len(cuts) - 1) * max(fit - 0.4, 0.0) ** 2 * median(part.power) ** 0.25 * usual_s**0.75
        out.append(FoundSet(cuts + stretch.start_s, fit, merit))
    return out, free


def _agreed(
    stretch: Stretch, chains: list[Chain], run: Run, free: NDArray[np.bool_], p: CountParameters
) -> tuple[list[FoundSet], NDArray[np.bool_]]:
    """The sets of that way of cutting on whose count most agree, weighed by their worth: ends differ, the count should not."""
    ways: dict[int, tuple[list[FoundSet], NDArray[np.bool_]]] = {}  # the first with each count
    votes: dict[int, float] = {}
    worths = [float(chain.worth.sum()) for chain in chains]
    for k, chain in enumerate(chains):
        way = _sets_of(stretch, chain, run, free, p)
        count = sum(len(s.cuts) for s in way[0])
        ways.setdefault(count, way)
        votes[count] = votes.get(count, 0.0) + worths[k]
        first, *others = sorted(votes.values(), reverse=True)
        if first > sum(worths[k + 1 :]) + max(others, default=0.0):
            break  # the rest can't outvote it
    return ways[max(votes, key=lambda count: votes[count])]


def _sides_counted(
    plain: Stretch, pairs: FoundSet, free: NDArray[np.bool_], p: CountParameters
) -> tuple[list[FoundSet], NDArray[np.bool_]] | None:
    """A set of pairs (a repetition with each side taken for one) looked for anew; None where that finds fewer than halves."""
    rows = (pairs.cuts - plain.start_s) * HZ
    run = Run(1.0, 0.5 * pairs.usual_s, int(rows[0, 0]), int(rows[-1, 1]))
    chains = chains_of(plain, run, (run.start, run.end), free, p)
    if not chains:
        return None
    found, free = _agreed(plain, chains, run, free, p)
    count = sum(len(s.cuts) for s in found)
    if count < 2 * len(rows) - 1:  # looked for at the turns of the height, one end may fall away
        return None
    return [replace(s, merit=pairs.merit * len(s.cuts) / count) for s in found], free


def _beside(stretch: Stretch, plain: Stretch, s: FoundSet, paces_s: list[float], p: CountParameters) -> bool:
    """Whether a set is alternating work like that of the same pace near it, though on its own it would not be clear."""
    if all(abs(np.log(s.usual_s / pace)) >= 0.2 for pace in paces_s):
        return False
    p = replace(p, side_alike=p.side_alike * p.beside, sides_alike=p.sides_alike * p.beside)
    return alternates(stretch, plain, (s.cuts - plain.start_s) * HZ, p)


def sets_in_stretch(stretch: Stretch, p: CountParameters) -> list[FoundSet]:
    """All movements that repeat, exercise or not, in order of time."""
    free = stretch.present.copy()
    lags = lag_map(stretch, p)
    plain = unmirrored(stretch, p)
    out: list[FoundSet] = []
    paces_s: list[float] = []  # of pairs in alternating work
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
        found, after = _agreed(stretch, chains, runs[0], free, p) if chains else ([], free)
        if found:
            pairs = max(found, key=lambda s: s.merit)
            if alternates(stretch, plain, (pairs.cuts - stretch.start_s) * HZ, p):
                paces_s.append(pairs.usual_s)
                halves = [replace(s, cuts=halved(s.cuts)) for s in found]
                found, after = _sides_counted(plain, pairs, free, p) or (halves, after)
            free = after
        else:
            free[runs[0].start : runs[0].end] = False
        out += found
    out = [replace(s, cuts=halved(s.cuts)) if _beside(stretch, plain, s, paces_s, p) else s for s in out]
    return sorted(out, key=lambda s: float(s.cuts[0, 0]))


def _near(s: FoundSet, others: tuple[FoundSet, ...], p: CountParameters) -> list[FoundSet]:
    return [o for o in others if o.cuts[0, 0] - s.cuts[-1, 1] < p.near_s and s.cuts[0, 0] - o.cuts[-1, 1] < p.near_s]


def find_sets(motions: tuple[Motion, ...], p: CountParameters | None = None, mirrored: bool = False) -> tuple[FoundSet, ...]:
    """All movements of a stream that repeat, exercise or not, in order of time.

    mirrored: a repetition and its mirror image are alike, so only height and sizes are looked at: far less to tell them by.
    """
    p = p or CountParameters()
    parts = stretches(motions, p)
    return tuple(s for part in parts for s in sets_in_stretch(unmirrored(part, p) if mirrored else part, p))


def clear_sets(found: tuple[FoundSet, ...], p: CountParameters | None = None, named: bool = False) -> tuple[FoundSet, ...]:
    """The sets that are likely enough exercise and come near the clearest one in their neighbourhood.

    What is unlikely to be exercise sets no measure for the others. Beside a longer set, fewer than three reps are none. named:
    the caller has said which exercise it is, so only what clearly is none is left out, and only beside something likelier.
    """
    p = p or CountParameters()
    out = []
    for s in found:
        near = _near(s, found, p)
        longer = any(len(o.cuts) >= p.fewest for o in near)
        clear = s.merit * s.exercise >= p.share * max(o.merit * o.exercise for o in near)
        likely = s.exercise >= (p.likely_named if named else p.likely) or (named and s.exercise >= max(o.exercise for o in near))
        if likely and clear and (len(s.cuts) >= p.fewest or not longer):
            out.append(s)
    return tuple(out)
