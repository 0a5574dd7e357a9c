"""Counting by demonstration: the copies of a movement that a person has shown, rep by rep.

The shown reps make a template of gravity direction, turn rate and linear acceleration. In the recording to be counted every
stretch of time is a candidate, from half as long to 1.8 times as long as the shown reps, and is compared with the template after
the rotation that brings them nearest (the sensor may sit otherwise now). Dynamic programming takes those that do not overlap and
account for most of the motion. From those come one rotation for all and a template made anew, half of what was shown and half of
what was found, with which all is compared again. The cuts lie where the person put them in the reps shown.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.errors import UsageError
from imu_tracker.motion import Motion
from imu_tracker.numeric import Floats
from imu_tracker.reps.cycles import POINTS, Rows, best_chain, resampled
from imu_tracker.reps.joining import JoinParameters
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.sets import FoundSet, clear_sets
from imu_tracker.reps.signals import HZ, Stretch, band, stretches

EVERY = 2  # rows of 20 Hz from one candidate's start to the next: cuts are good to 0.1 s
LOOKS = 2  # times rotation and template are made anew from the copies found
CHUNK = 20_000  # candidates compared at once: some tens of MB


@dataclass(frozen=True)
class GuideParameters:
    """What counts as a copy of the movement shown."""

    fastest: float = 0.35
    """Shortest copy, against the usual shown rep ..."""
    slowest: float = 1.8
    """... and longest. People asked to go fast take 0.4 of their usual time."""
    paces: int = 16
    """Durations tried between the two, 11 % apart."""
    need: float = 0.5
    """Squared correlation with the template above which a candidate is worth taking; near the counter's own. Tried once."""
    need_known: float = 0.45
    """The same once the template has been made anew with the copies found: then it knows this wearer and mounting. 0.35, 0.45
    and 0.5 were tried on recordings: lower finds edge repetitions, and more that are none."""
    pace_cost: float = 0.1
    """What a candidate loses for its pace: this times the squared logarithm of its duration over the shown reps'."""
    power: float = 0.15
    """Share of the template's mean square (of compressed signals) below which a candidate is too weak to be a copy."""
    same_pace: float = 0.2
    """Natural logarithm of the ratio of usual durations within which two sets agree on what a rep is ..."""
    same_phase: float = 0.25
    """... if their reps begin within this share of one of each other."""
    shown_alike: float = 0.4
    """Squared correlation with the most typical shown rep below which another shown one does not shape the template."""


@dataclass(frozen=True)
class Template:
    """A movement as it was shown: its course (POINTS, C) of size 1, usual duration, and mean square.

    C is 9 (gravity direction, turn rate, linear acceleration), or 6 where there was no gyroscope.
    """

    course: Floats
    usual_s: float
    power: float


def _filtered(stretch: Stretch, usual_s: float) -> Floats:
    """The compressed signals without what is much slower or faster than the movement."""
    y = np.zeros_like(stretch.x)
    for a, b in stretch.bounds:
        y[a:b] = band(stretch.x[a:b], 0.25 / usual_s, 6.0 / usual_s)
    return y


def template_of(motions: tuple[Motion, ...], reps: Sequence[tuple[float, float]], p: GuideParameters | None = None) -> Template:
    """The template of reps (start, end) s that a person showed; raises UsageError where one can't be used.

    Where reps of several movements were shown, it is that of the most typical one.
    """
    p = p or GuideParameters()
    if not reps:
        raise UsageError("A guide needs at least one rep.")
    usual_s = float(np.median([b - a for a, b in reps]))
    if usual_s < 4 / HZ:
        raise UsageError(f"The guide's reps last {usual_s:.2f} s; a rep takes {4 / HZ:g} s at least.")
    parts = [(s, _filtered(s, usual_s)) for s in stretches(motions, CountParameters())]
    shapes = []
    for begin_s, end_s in reps:
        for s, y in parts:
            a, b = (begin_s - s.start_s) * HZ, (end_s - s.start_s) * HZ
            if a >= -1 and b <= len(y) and s.present[max(int(a), 0) : int(np.ceil(b))].all():
                first, last = (np.clip(np.array([x]), 0, len(y) - 1) for x in (a, b))
                shapes.append(resampled(y, first, last, POINTS)[0])
                break
        else:
            raise UsageError(f"The guide's rep from {begin_s:g} to {end_s:g} s lies in a gap, in rest, or outside the recording.")
    x = np.array(shapes)
    size = np.linalg.norm(x, axis=1)
    if not (size > 1e-6).all():
        raise UsageError("Nothing moves in the guide's reps.")
    units = x / size[:, None]
    alike = np.maximum(units @ units.T, 0.0) ** 2
    kept = alike[int(np.argmax(alike.sum(axis=0)))] >= p.shown_alike
    course = units[kept].mean(axis=0)
    course /= np.linalg.norm(course)
    return Template(course.reshape(POINTS, -1), usual_s, float(np.median(size[kept] ** 2)) / POINTS)


def _candidates(stretch: Stretch, usual_s: float, p: GuideParameters) -> tuple[Rows, Rows]:
    """First and last rows of all stretches of time that may be a copy: inside the recorded, and of a possible duration."""
    lengths = np.unique(np.round(usual_s * HZ * np.geomspace(p.fastest, p.slowest, p.paces)).astype(np.int64))
    missing = np.concatenate([[0], np.cumsum(~stretch.present)])
    starts = np.arange(0, len(stretch.x), EVERY)
    begin, length = (v.ravel() for v in np.meshgrid(starts, lengths[lengths >= 4], indexing="ij"))
    end = begin + length
    inside = end < len(stretch.x)
    inside[inside] &= missing[end[inside] + 1] == missing[begin[inside]]
    return begin[inside], end[inside]


@dataclass(frozen=True)
class _Compared:
    """Candidates of one stretch: rows, mean square, size of their course, and its products with the template's axes (N, 3, 3)."""

    begin: Rows
    end: Rows
    power: Floats
    size: Floats
    products: Floats


def _courses(y: Floats, begin: Rows, end: Rows) -> Floats:
    """The rows of y between begin and end (N,), each as a course (N, POINTS, C)."""
    return resampled(y, begin, end, POINTS).reshape(-1, POINTS, y.shape[1])


def _compared(y: Floats, begin: Rows, end: Rows, course: Floats) -> _Compared:
    """Candidates of a stretch whose filtered signals are y (T, C) with a course (POINTS, C)."""
    size: list[Floats] = [np.zeros(0)]
    products: list[Floats] = [np.zeros((0, 3, 3))]
    for k in range(0, len(begin), CHUNK):
        shapes = _courses(y, begin[k : k + CHUNK], end[k : k + CHUNK])
        size.append(np.linalg.norm(shapes.reshape(len(shapes), -1), axis=1))
        groups = shapes.reshape(len(shapes), POINTS, -1, 3)
        products.append(np.asarray(np.tensordot(groups, course.reshape(POINTS, -1, 3), ((1, 2), (0, 1))), float))
    whole = np.maximum(np.concatenate(size), 1e-9)
    return _Compared(begin, end, whole**2 / POINTS, whole, np.concatenate(products))


def _nearest_rotation(products: Floats) -> Floats:
    """The rotation (3, 3) that brings courses nearest to the template's (Kabsch 1976)."""
    u, _, v = np.linalg.svd(products)
    u[:, -1] *= np.sign(np.linalg.det(u @ v))
    out: Floats = u @ v
    return out


def _fit(c: _Compared, rotation: Floats | None) -> Floats:
    """Squared correlation (N,) with the template after a rotation; each after its own nearest one where none is given."""
    if rotation is None:
        s = np.linalg.svd(c.products, compute_uv=False)
        inner = s[:, 0] + s[:, 1] + np.sign(np.linalg.det(c.products)) * s[:, 2]
    else:
        inner = np.tensordot(c.products, rotation, 2)
    fit: Floats = (np.maximum(inner, 0.0) / c.size) ** 2
    return fit


def _shared_signals(parts: Sequence[Stretch], template: Template) -> tuple[list[Floats], Template]:
    """Filtered signals and template in what both sides measured: without a gyroscope, gravity direction and acceleration."""
    signals, course, without = [_filtered(s, template.usual_s) for s in parts], template.course, np.r_[0:3, 6:9]
    if signals[0].shape[1] == course.shape[1]:
        return signals, template
    if course.shape[1] == 6:
        return [y[:, without] for y in signals], template
    size = max(float(np.linalg.norm(course[:, without])), 1e-9)
    return signals, Template(course[:, without] / size, template.usual_s, template.power * size**2)


def guided_sets(motions: tuple[Motion, ...], template: Template, p: GuideParameters | None = None) -> tuple[FoundSet, ...]:
    """Sets of copies of the template's movement in a stream, in order of time; a pause as in `join_sets` ends one."""
    p = p or GuideParameters()
    parts = stretches(motions, CountParameters())
    if not parts:
        return ()
    signals, template = _shared_signals(parts, template)
    candidates = [_candidates(s, template.usual_s, p) for s in parts]
    course, rotation, need = template.course, None, p.need
    chosen: list[tuple[_Compared, Rows, Floats, Floats]] = []
    for look in range(LOOKS + 1):
        chosen = []
        for y, (begin, end) in zip(signals, candidates, strict=True):
            c = _compared(y, begin, end, course)
            fit, duration = _fit(c, rotation), (end - begin) / HZ
            cost = need + p.pace_cost * np.log(duration / template.usual_s) ** 2
            worth = np.where(c.power >= p.power * template.power, c.power * duration * (fit - cost), 0.0)
            chosen.append((c, best_chain(begin, end, worth)[1], fit, worth))
        if look == LOOKS or not any(len(which) for _, which, _, _ in chosen):
            break
        rotation = _nearest_rotation(
            np.sum([(c.products[w] / c.size[w, None, None]).sum(axis=0) for c, w, _, _ in chosen], axis=0)
        )
        here = [
            _courses(y, c.begin[w], c.end[w]) / c.size[w, None, None] for y, (c, w, _, _) in zip(signals, chosen, strict=True)
        ]
        mean = np.concatenate(here).mean(axis=0)
        course = template.course + (mean.reshape(POINTS, -1, 3) @ rotation).reshape(course.shape)
        course /= np.linalg.norm(course)
        need = p.need_known
    out: list[FoundSet] = []
    for s, (c, which, fit, worth) in zip(parts, chosen, strict=True):
        cuts = s.start_s + np.column_stack([c.begin[which], c.end[which]]) / HZ
        out += _parted(cuts, fit[which], worth[which])
    return clear_sets(tuple(out))


def _parted(cuts: Floats, fit: Floats, worth: Floats) -> list[FoundSet]:
    """Copies in order of time, parted where a pause ends a set."""
    if not len(cuts):
        return []
    rule = JoinParameters()
    longest = max(rule.pause_s, rule.pause_reps * float(np.median(cuts[:, 1] - cuts[:, 0])))
    pauses = np.flatnonzero(cuts[1:, 0] - cuts[:-1, 1] > longest) + 1
    edges = itertools.pairwise([0, *pauses.tolist(), len(cuts)])
    return [FoundSet(cuts[a:b], float(np.median(fit[a:b])), float(worth[a:b].sum())) for a, b in edges]


def _agree(guided: FoundSet, other: FoundSet, p: GuideParameters) -> bool:
    """Whether an overlapping set has the guided one's pace and begins its reps at the same phase."""
    far = np.abs(other.cuts[:, :1] - guided.cuts[None, :, 0]).min(axis=1)
    same_pace = abs(np.log(other.usual_s / guided.usual_s)) <= p.same_pace
    return bool(same_pace and np.median(far) <= p.same_phase * guided.usual_s)


def with_others(
    guided: tuple[FoundSet, ...], others: tuple[FoundSet, ...], p: GuideParameters | None = None
) -> tuple[FoundSet, ...]:
    """What to count: in order of time the guided sets, and of those found without a guide the ones a set's pause away from them.

    Where both agree on what a rep is, in pace and phase, the set found without a guide stands: its ends are the surer ones. Else
    what lies nearer than a pause is a rest of the guided set, or getting into position for it.
    """
    p = p or GuideParameters()
    pause_s = JoinParameters().pause_s
    out = []
    for g in guided:
        over = [o for o in others if o.cuts[0, 0] < g.cuts[-1, 1] and g.cuts[0, 0] < o.cuts[-1, 1]]
        out += over if over and all(_agree(g, o, p) for o in over) else [g]
    taken = list({id(s): s for s in out}.values())
    apart = [
        o
        for o in others
        if all(o.cuts[0, 0] - g.cuts[-1, 1] > pause_s or g.cuts[0, 0] - o.cuts[-1, 1] > pause_s for g in (*guided, *taken))
    ]
    return tuple(sorted((*taken, *apart), key=lambda s: float(s.cuts[0, 0])))
