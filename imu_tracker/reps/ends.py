"""The ends of a chain of repetitions: half ones, strange ones, and those that lead into position and out of it.

A chain cut at the turns begins and ends with half a repetition; cut at rest it is whole, and one more. What is seen of a half
counts by its likeness to the halves inside the chain.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from imu_tracker.numeric import Floats, median, quantile, sizes
from imu_tracker.reps.cycles import Chain, Rows, resampled
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.signals import HZ

HALF_POINTS = 8
PLACES = np.array([0.6, 0.8, 1.0, 1.25, 1.5])  # usual halves away that are tried as a half's far end, besides turning points
SLOW = 1.5  # usual halves that the first and the last half take at most


def _best_half(
    chain: Chain, fixed: int, sign: int, halves: Floats, lengths: Floats, taken: Rows, p: CountParameters
) -> tuple[float, float]:
    """Likeness (0-1) to those inside the chain, and far end, of the half before (sign -1) or after (+1) row `fixed`.

    taken: (T + 1,) how many rows before each are not free.
    """
    usual = median(lengths)
    like = halves.mean(axis=0)
    power = median(np.einsum("ij,ij->i", halves, halves) * lengths)
    last = len(chain.z) - 1
    far = np.concatenate([chain.turns, [0, last], fixed + sign * usual * PLACES]).clip(0, last)
    away = sign * (far - fixed)
    far = far[(away >= 0.4 * usual) & (away <= 1.7 * usual)]
    if not len(far):
        return 0.0, float(fixed)
    low, high = np.minimum(far, fixed), np.maximum(far, fixed)
    untouched = taken[high.astype(np.int64)] == taken[low.astype(np.int64) + (sign > 0)]
    z = resampled(chain.y, low, high, HALF_POINTS)
    own = np.einsum("ij,ij->i", z, z)
    score = np.maximum(z @ like, 0.0) ** 2 / np.maximum(own * float(like @ like), 1e-12)
    score = score * np.minimum(1.0, 2.0 * own * (high - low) / max(power, 1e-12))  # less than half of the usual size counts less
    score = np.where(untouched, score - p.pace_cost * np.log((high - low) / usual) ** 2, 0.0)
    k = int(np.argmax(score))
    return float(score[k]), float(far[k])


def turns_of(chain: Chain, starts: Floats | Rows, ends: Floats | Rows) -> Floats:
    """Rows of the chain's y where the repetitions from starts to ends (N,) turn: as its course says, else half-way."""
    turns = []
    for a, b in zip(starts, ends, strict=True):
        inside = chain.turns[(chain.turns > a) & (chain.turns < b)]
        turns.append(float(inside[np.argmax(chain.z[inside])]) if len(inside) else 0.5 * float(a + b))
    return np.array(turns)


def with_whole_ends(chain: Chain, gravity: Floats, free: NDArray[np.bool_], p: CountParameters) -> tuple[Floats, Floats]:
    """Starts and ends, rows of the chain's y, of its repetitions, with what its ends add; free: rows that may be used.

    gravity: (T, 3) its direction in those rows, 0 where nothing is known. Two halves are one more repetition, all cuts at the
    turns; but where beyond either there is the half that goes before or after it, they are two whole ones that the chain missed,
    since nothing there showed where they begin or end. One half beyond doubt is one more, unfinished.
    """
    s, e, z = chain.starts, chain.ends, chain.z
    if len(s) < 2:
        return s.astype(float), e.astype(float)
    middle = turns_of(chain, s, e)
    taken = np.concatenate([[0], np.cumsum(~free[chain.first : chain.first + len(z)])])
    out, back = resampled(chain.y, s, middle, HALF_POINTS), resampled(chain.y, middle, e, HALF_POINTS)
    before, far_before = _best_half(chain, int(s[0]), -1, back, e - middle, taken, p)
    after, far_after = _best_half(chain, int(e[-1]), 1, out, middle - s, taken, p)
    if p.growing and before > p.half:
        cuts = np.concatenate([[far_before], middle])
        return cuts[:-1], cuts[1:]
    if before > p.half and after > p.half:
        first, begin = _best_half(chain, int(far_before), -1, out, middle - s, taken, p)
        last, end = _best_half(chain, int(far_after), 1, back, e - middle, taken, p)
        whole = min(before, after) > p.half_alone and min(first, last) > p.need
        if whole and _stays(gravity, s, e, ((begin, s[0]), (e[-1], end)), p):
            return np.concatenate([[begin], s, e[-1:]]), np.concatenate([s[:1], e, [end]])
        cuts = np.concatenate([[far_before], middle, [far_after]])
        return cuts[:-1], cuts[1:]
    if after > p.half_alone:
        return np.append(s, float(e[-1])), np.append(e, far_after)
    if before > p.half_alone:
        return np.insert(s.astype(float), 0, far_before), np.insert(e.astype(float), 0, s[0])
    return s.astype(float), e.astype(float)


def without_strange_ends(chain: Chain) -> Chain:
    """The chain without a first or last repetition that is something else: taking up, putting down, or far too weak."""
    n = len(chain.starts)
    if n < 4:
        return chain
    usual, good = median(chain.power[1:-1]), median(chain.fit[1:-1])
    strange = [chain.power[i] < 0.4 * usual or (chain.fit[i] < 0.72 * good and chain.power[i] >= 0.65 * usual) for i in (0, -1)]
    return chain.kept(slice(int(strange[0]), n - int(strange[1])))


def _postures(gravity: Floats, starts: Floats | Rows, ends: Floats | Rows) -> tuple[Floats, Floats, float]:
    """Gravity's directions (M, 3) in repetitions from starts to ends (N,), the one in which they begin, and how far they go."""
    inner = gravity[int(starts[0]) : int(ends[-1]) + 1]
    inner = inner[sizes(inner) > 0.0]
    rest = np.array([median(part) for part in gravity[np.append(starts, ends[-1]).astype(int)].T])
    return inner, rest, quantile(sizes(inner - rest), 0.95) if len(inner) else 0.0


def _stays(gravity: Floats, starts: Rows, ends: Rows, beyond: tuple[tuple[float, float], ...], p: CountParameters) -> bool:
    """Whether one of the stretches of rows beyond a set keeps to the set's postures, as far as gravity says anything."""
    inner, _, span = _postures(gravity, starts, ends)
    if span < p.turning:
        return True
    farthest = [max(float(sizes(inner - g).min()) for g in gravity[int(a) : int(b) + 1]) for a, b in beyond]
    return min(farthest) <= p.outside * span


def without_transitions(
    gravity: Floats, starts: Floats, ends: Floats, turns: Floats, p: CountParameters
) -> tuple[Floats, Floats]:
    """Starts and ends (N,) of a set's repetitions without the halves that lead into position and out of it.

    gravity: (T, 3) direction, 0 where nothing is known; starts, ends and turns are rows of it. Lying down or getting up may look
    like half a repetition, but it comes from a posture, or goes to one, where the set itself never is, and not by way of the one
    in which the repetitions begin. Where both ends are like that, the set's own repetitions go from turn to turn.
    """
    if len(starts) < (3 if p.growing else 4) or median(ends - starts) < p.unhurried_s * HZ:
        return starts, ends
    inner, rest, span = _postures(gravity, starts[1:-1], ends[1:-1])
    if span < p.turning:
        return starts, ends
    both = ((starts[0], starts[0], turns[0]), (ends[-1], turns[-1], ends[-1]))
    for far, a, b in both[:1] if p.growing else both:
        outside = sizes(inner - gravity[int(far)]).min() > p.outside * span
        astray = sizes(gravity[int(a) : int(b) + 1] - rest).min() > p.astray * span
        if not (outside and astray):
            return starts, ends
    before, after = median(starts[1:] - turns[:-1]), median(turns[1:] - ends[:-1])
    first, last = max(turns[0], starts[1] - SLOW * before), min(turns[-1], ends[-2] + SLOW * after)  # the rest is waiting
    cuts = np.concatenate([[first], turns[1:-1], [last]])
    return without_transitions(gravity, cuts[:-1], cuts[1:], starts[1:], p)  # one may have sat up first
