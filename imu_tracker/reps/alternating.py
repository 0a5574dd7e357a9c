"""Alternating work, where a repetition with each side repeats as one: height and sizes of motion tell.

Left and right are mirror images. A mirror leaves the height as it is, and the sizes of horizontal motion and of turn rate; so in
alternating work these repeat with every side, however different the sensor's own axes see the two. In other work they repeat with
the whole repetition alone: the way back undoes the height of the way out, and a follow step isn't as large as its lead step.
"""

from __future__ import annotations

import numpy as np

from imu_tracker.numeric import Floats, median, sizes
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.signals import GYR, HZ, LIN, POSTURE_HZ, Stretch, band

NOISE = 0.02  # energy per row, in squared units of noise, added to every comparison: what hardly moves is like nothing
SLACK = 0.12  # how far from half and whole repetitions likeness is looked for: one side may take longer


def unmirrored(stretch: Stretch, p: CountParameters) -> Stretch:
    """The stretch with only what a mirror leaves as it is.

    x: (T, 3) vertical acceleration, sizes of the horizontal one and of turn rate, in units of noise; (T, 2) without gyroscope.
    raw: (T, 9), zero but for the vertical acceleration, to be summed twice, and the horizontal size, to be summed once.
    """
    turns = stretch.raw.shape[1] == 9
    raw, x = np.zeros((len(stretch.raw), 9)), np.zeros((len(stretch.raw), 3 if turns else 2))
    for a, b in stretch.bounds:
        up, linear = stretch.raw[a:b, :3], stretch.raw[a:b, LIN]
        height = np.einsum("ij,ij->i", up, linear)
        level = sizes(linear - height[:, None] * up)
        raw[a:b, 6], raw[a:b, 3] = height, level
        x[a:b, 0], x[a:b, 1] = height / p.noise[2], level / p.noise[2]
        if turns:
            x[a:b, 2] = sizes(stretch.raw[a:b, GYR]) / p.noise[1]
        x[a:b] = band(x[a:b], POSTURE_HZ)
    return Stretch(stretch.start_s, raw, x, stretch.present, stretch.bounds)


def _likeness(x: Floats, lags: range) -> Floats:
    """Likeness of each column of x (T, C) with itself some rows later, at its best lag: 1 for equal motion."""
    best = np.zeros(x.shape[1])
    for lag in lags:
        one, other = x[:-lag], x[lag:]
        energy = np.einsum("ij,ij->j", one, one) + np.einsum("ij,ij->j", other, other)
        best = np.maximum(best, 2.0 * np.einsum("ij,ij->j", one, other) / (energy + 2.0 * NOISE * len(one)))
    return best


def likeness_of_halves(plain: Stretch, cuts: Floats) -> tuple[Floats, Floats]:
    """How much what a mirror leaves as it is repeats after half a repetition, and after a whole one; cuts (N, 2), rows."""
    usual = median(cuts[:, 1] - cuts[:, 0])
    begin, end, pad = int(cuts[0, 0]), int(cuts[-1, 1]), int(2 * usual)
    x = np.zeros((end - begin, plain.x.shape[1]))
    for a, b in plain.pieces(max(0, begin - pad), min(len(plain.x), end + pad)):
        u, v = max(a, begin), min(b, end)
        if v > u:
            x[u - begin : v - begin] = band(plain.x[a:b], 0.35 / usual * HZ, 5.0 / usual * HZ)[u - a : v - a]
    step = max(1, round(usual / 40))
    half, whole = (range(round(n * usual * (1.0 - SLACK)), round(n * usual * (1.0 + SLACK)) + 1, step) for n in (0.5, 1.0))
    return _likeness(x, half), _likeness(x, whole)


def share_undone(stretch: Stretch, cuts: Floats, p: CountParameters) -> float:
    """Share of the horizontal acceleration, 0-1, that is undone in the second half of each of the cuts (N, 2), rows.

    Left and right alternate across one direction; along the other, the way people face, both sides do the same. In a step to the
    side all of it is undone: its second half brakes what the first has set going. 0 where it is no larger than noise.
    """
    usual = median(cuts[:, 1] - cuts[:, 0])
    begin, end = int(cuts[0, 0]), int(cuts[-1, 1])
    up, linear = stretch.raw[begin:end, :3], stretch.raw[begin:end, LIN]
    level = linear - np.einsum("ij,ij->i", up, linear)[:, None] * up
    level = band(level, 0.35 / usual * HZ, 3.0 / usual * HZ) * stretch.present[begin:end, None]
    clearest, share = 0.0, 0.0
    for lag in range(max(1, round(0.5 * usual * (1.0 - SLACK))), round(0.5 * usual * (1.0 + SLACK)) + 1):
        one, other = level[:-lag], level[lag:]
        energy = 0.5 * (one.T @ one + other.T @ other)
        repeats, axes = np.linalg.eigh(0.5 * (one.T @ other + other.T @ one))
        if np.abs(repeats).sum() > clearest:
            along = np.einsum("ik,ij,jk->k", axes, energy, axes)  # energy in each of those directions
            clearest = float(np.abs(repeats).sum())
            undone = float(along[repeats < -p.undone * along].sum())
            share = undone / float(along.sum() + len(one) * p.noise[2] ** 2)
    return share


def alternates(stretch: Stretch, plain: Stretch, cuts: Floats, p: CountParameters) -> bool:
    """Whether each of the cuts (N, 2), rows, holds a repetition with one side and one with the other; plain: see unmirrored."""
    if len(cuts) < p.fewest_pairs or median(cuts[:, 1] - cuts[:, 0]) < 2.0 * p.shortest_s * HZ:
        return False
    half, whole = likeness_of_halves(plain, cuts)
    alike = half[:2].max() >= p.side_alike and half.sum() >= p.sides_alike * whole.sum()
    return bool(alike and share_undone(stretch, cuts, p) < p.side_steps)


def halved(cuts: Floats) -> Floats:
    """Each of the cuts (N, 2) in two."""
    at = np.column_stack([cuts[:, 0], cuts.mean(axis=1), cuts[:, 1]])
    return np.column_stack([at[:, :2].ravel(), at[:, 1:].ravel()])
