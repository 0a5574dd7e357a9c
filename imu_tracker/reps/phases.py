"""Each repetition's phases: away from rest, still at the turn, back; how far, how fast, how alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import Floats, median, moving_average, rotation_matrix, sizes, slope, smooth
from imu_tracker.reps.confidence import evidence, probabilities
from imu_tracker.reps.figures import SPEED_HZ, smoothness
from imu_tracker.results import Rep

SHAPE_POINTS = 24
PEAK_SAMPLES = 5  # a peak rate lasts 50 ms, a knock doesn't


@dataclass(frozen=True)
class PhaseParameters:
    """How a repetition is cut into phases."""

    still: float = 0.05
    """Share of the repetition's peak speed below which it is still: a pause, or rest. A sine is so for 2 % of its period."""
    sway: float = 0.01
    """Share of its range within which a repetition may sway at the turn, or at rest, and still be there."""
    least_turn_deg: float = 8.0
    """Where a set's repetitions turn less than this, their range is too uncertain to call one partial. Twice the orientation
    error to be expected within a repetition."""
    least_way_m: float = 0.05
    """The same where the phases are read off the way: a few seconds of summed acceleration err by about 2 cm."""
    detail_per_rep: float = 8.0
    """Harmonics of a repetition that are kept in its speed."""
    judged_by: int = 5
    """So many of a set's repetitions, from first to last, decide what its phases are read off."""
    partial: float = 0.7
    """A repetition that goes less than this share of the set's usual angle, or way, is marked partial."""


def _angle_from_rest_deg(m: Motion, a: int, b: int) -> Floats:
    """Angle between the orientation at each sample and the one at rest, halfway between first and last (M,)."""
    if m.quaternion is None:
        up = m.up[a:b]
        rest = up[0] + up[-1]
        rest = rest / max(float(np.linalg.norm(rest)), 1e-9)
        tilt: Floats = np.degrees(np.arccos(np.clip(up @ rest, -1.0, 1.0)))
        return tilt
    q = m.quaternion[a:b]
    rest = q[0] + (q[-1] if q[0] @ q[-1] >= 0 else -q[-1])
    rest = rest / max(float(np.linalg.norm(rest)), 1e-9)
    turned: Floats = np.degrees(2.0 * np.arccos(np.clip(np.abs(q @ rest), 0.0, 1.0)))
    return turned


@dataclass(frozen=True)
class _Prepared:
    """What is worked out once for all repetitions in a piece, from its sample `first` on.

    linear: acceleration without gravity (M, 3), m/s², in an earth frame with z up (in the sensor's without a gyroscope).
    height: its upward part (M,). rate: turn rate (M,), rad/s. speed: the same below 6 Hz; both None without a gyroscope.
    signals: what a repetition's course is sampled from (M, C).
    """

    first: int
    linear: Floats
    height: Floats
    rate: Floats | None
    speed: Floats | None
    signals: Floats


def _prepared(m: Motion, a: int, b: int, usual: int) -> _Prepared:
    """Samples a to b of a piece whose repetitions usually take `usual` samples."""
    linear, up, rate, speed = m.linear(a, b), m.up[a:b], None, None
    groups = [linear / 2.0, up * 4.0]
    if m.quaternion is None or m.gyr is None:
        height = np.einsum("ij,ij->i", linear, up)
    else:
        groups.append(m.gyr[a:b])
        rate = sizes(moving_average(m.gyr[a:b], PEAK_SAMPLES))
        speed = sizes(smooth(m.gyr[a:b], SPEED_HZ, GRID_HZ))
        linear = np.einsum("nij,nj->ni", rotation_matrix(m.quaternion[a:b]), linear)
        height = linear[:, 2]
    signals = moving_average(np.hstack(groups), usual // SHAPE_POINTS)
    return _Prepared(a, linear, height, rate, speed, signals)


def _twice_summed(rows: Floats) -> Floats:
    """Way from acceleration (M, C): at the same place and speed at both ends, which holds for repetitions of a few seconds."""
    along = np.arange(len(rows))[:, None] / max(len(rows) - 1, 1)
    for _ in range(2):
        rows = np.cumsum(rows, axis=0) / GRID_HZ
        rows = rows - rows[:1] - along * (rows[-1:] - rows[:1])
    return rows


def _ways(m: Motion, a: int, b: int, ready: _Prepared) -> tuple[Callable[[], Floats], ...]:
    """How far from rest, by angle (degrees), distance and height (m), each worked out when it is asked for."""
    inside = slice(a - ready.first, b - ready.first)
    return (
        lambda: _angle_from_rest_deg(m, a, b),
        lambda: np.sqrt(np.einsum("ij,ij->i", *[_twice_summed(ready.linear[inside])] * 2)),
        lambda: np.abs(_twice_summed(ready.height[inside, None])[:, 0]),
    )


def _one_way(reach: Floats, p: PhaseParameters) -> float:
    """How much a course is one way out and one way back: 1 if it is, less the more it goes to and fro."""
    course = moving_average(reach, int(0.5 * len(reach) / p.detail_per_rep))
    travelled = float(np.abs(np.diff(course)).sum())
    return (2.0 * float(course.max()) - float(course[0]) - float(course[-1])) / max(travelled, 1e-12)


def piece_of(motions: tuple[Motion, ...], begin_s: float, end_s: float) -> tuple[Motion, int, int]:
    """The piece that a repetition lies in, and its index range there (at least 3 samples)."""
    middle = 0.5 * (begin_s + end_s) * GRID_HZ
    m = min(motions, key=lambda p: max(p.first - middle, middle - (p.first + len(p)), 0.0))
    a = min(max(round(begin_s * GRID_HZ) - m.first, 0), max(len(m) - 3, 0))
    b = min(max(round(end_s * GRID_HZ) - m.first, a + 3), len(m))
    return m, a, b


def _phases(reach: Floats, duration_s: float, p: PhaseParameters) -> tuple[int, int, int, int, int]:
    """Indices of onset, beginning of the pause, turn, end of the pause, and rest again."""
    cutoff = p.detail_per_rep / max(duration_s, 0.2)
    course = smooth(reach, cutoff, GRID_HZ) if cutoff < 0.4 * GRID_HZ else reach
    speed = np.abs(slope(course))
    turn = int(np.argmax(course))
    moving = speed > p.still * max(float(speed.max()), 1e-12)
    moving &= course < (1.0 - p.sway) * course[turn]
    for half in (slice(0, turn + 1), slice(turn, None)):
        rest_at = float(course[half].min())
        moving[half] &= course[half] > rest_at + p.sway * (course[turn] - rest_at)
    before, after = np.flatnonzero(moving[: turn + 1]), np.flatnonzero(moving[turn:])
    onset = int(before[0]) if len(before) else 0
    pause_from = int(before[-1]) + 1 if len(before) else turn
    pause_to = turn + int(after[0]) if len(after) else turn
    rest = turn + int(after[-1]) + 1 if len(after) else len(reach)
    return onset, min(pause_from, turn), turn, max(pause_to, turn), min(rest, len(reach))


def _peak_rate_deg_s(ready: _Prepared, begin: int, end: int) -> float | None:
    """Highest turn rate in the piece's samples begin to end. None without a gyroscope: gravity's direction, known below 0.6 Hz
    alone, gives half of it."""
    if ready.rate is None:
        return None
    return float(np.degrees(ready.rate[begin - ready.first : max(end, begin + 1) - ready.first].max()))


def _smoothness(ready: _Prepared, reach: Floats, by_angle: bool, begin: int, cuts: tuple[int, int, int, int]) -> float | None:
    """Smoothness out and back of the repetition whose `reach` begins at sample `begin` of the piece.

    cuts: onset, both ends of the pause, rest. Speed is the turn rate where the phases are read off the angle, and else how fast
    the way changes. None without a gyroscope: gravity and so the movement are then known below 0.6 Hz alone.
    """
    if ready.speed is None:
        return None
    onset, pause_from, pause_to, rest = cuts
    if by_angle:
        speed = ready.speed[begin - ready.first : begin - ready.first + len(reach)]
    else:
        speed = np.abs(slope(smooth(reach, SPEED_HZ, GRID_HZ)))
    return smoothness(speed[onset : pause_from + 1], speed[max(pause_to - 1, 0) : rest])


def _course(ready: _Prepared, a: int, b: int) -> Floats:
    """The repetition's turn rate, acceleration and gravity direction as one unit vector, whatever its pace."""
    z = ready.signals[a - ready.first + np.arange(SHAPE_POINTS) * (b - a - 1) // (SHAPE_POINTS - 1)]
    z = z - z.mean(axis=0)
    unit: Floats = z.ravel() / max(float(np.linalg.norm(z)), 1e-9)
    return unit


Place = tuple[Motion, int, int]


def _ready(places: list[Place]) -> list[_Prepared]:
    """For each repetition what was prepared of its piece."""
    usual = int(median(np.array([b - a for _, a, b in places])))
    spans: dict[int, Place] = {}
    for m, a, b in places:
        _, first, last = spans.get(m.first, (m, a, b))
        spans[m.first] = (m, min(a, first), max(b, last))
    prepared = {key: _prepared(m, a, b, usual) for key, (m, a, b) in spans.items()}
    return [prepared[m.first] for m, _, _ in places]


def _courses(places: list[Place], ready: list[_Prepared]) -> tuple[Floats, Floats]:
    courses = np.array([_course(r, a, b) for (_, a, b), r in zip(places, ready, strict=True)])
    typical = courses.mean(axis=0)
    return courses, typical / max(float(np.linalg.norm(typical)), 1e-9)


def typical_course(motions: tuple[Motion, ...], cuts: Floats) -> Floats:
    """The typical repetition of some cuts (N, 2) s, as a unit vector (C,) that can be compared with another's."""
    places = [piece_of(motions, float(a), float(b)) for a, b in cuts]
    return _courses(places, _ready(places))[1]


def describe_reps(motions: tuple[Motion, ...], cuts: Floats, fit: float, p: PhaseParameters | None = None) -> tuple[Rep, ...]:
    """The repetitions of one set with their phases; cuts (N, 2) seconds, fit: how alike the set's repetitions are, 0-1.

    The phases are read off the angle from rest, the distance from it or the height, whichever goes out and back most plainly.
    Ends are moved in to where movement begins and ends, never out. `confidence` is the probability that the repetition is one.
    """
    p = p or PhaseParameters()
    if not len(cuts):
        return ()
    places = [piece_of(motions, float(a), float(b)) for a, b in cuts]
    ready = _ready(places)
    ways = [_ways(m, a, b, r) for (m, a, b), r in zip(places, ready, strict=True)]
    some = np.unique(np.linspace(0, len(places) - 1, p.judged_by).astype(int))
    angles = [one[0]() for one in ways]
    judged = [[angles[k] if way == 0 else ways[k][way]() for k in some] for way in range(3)]
    plain = [round(median(np.array([_one_way(reach, p) for reach in reaches])), 9) for reaches in judged]
    way = plain.index(max(plain))  # rounded, so that a tie is the same on every machine
    clearest = angles if way == 0 else [one[way]() for one in ways]
    usual_reach = median(np.array([x.max() for x in clearest]))
    sure_of_range = usual_reach >= (p.least_turn_deg if way == 0 else p.least_way_m)
    courses, typical = _courses(places, ready)
    likeness = np.clip(courses @ typical, 0.0, 1.0)
    out: list[Rep] = []
    for (m, a, b), r, angle, reach, like in zip(places, ready, angles, clearest, likeness, strict=True):
        onset, pause_from, turn, pause_to, rest = _phases(reach, (b - a) / GRID_HZ, p)
        start, end = (m.first + a + onset) / GRID_HZ, (m.first + a + rest) / GRID_HZ
        range_deg = float(angle.max())
        out.append(
            Rep(
                start_s=start,
                turn_s=(m.first + a + turn) / GRID_HZ,
                end_s=end,
                confidence=0.0,
                range_deg=range_deg,
                peak_rate_deg_s=_peak_rate_deg_s(r, a + onset, a + rest),
                out_s=(pause_from - onset) / GRID_HZ,
                pause_s=(pause_to - pause_from) / GRID_HZ,
                back_s=(rest - pause_to) / GRID_HZ,
                likeness=float(like),
                partial=sure_of_range and float(reach.max()) < p.partial * usual_reach,
                smoothness=_smoothness(r, reach, way == 0, a, (onset, pause_from, pause_to, rest)),
            )
        )
    sure = probabilities(evidence(motions, out, fit))
    return tuple(replace(rep, confidence=float(c)) for rep, c in zip(out, sure, strict=True))
