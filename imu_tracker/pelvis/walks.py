"""Sets of steps: looked for around what repeats, parted by long pauses, each with its reps, its sides and its stances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.motion import GRID_HZ, Motion
from imu_tracker.numeric import Floats, median, smooth
from imu_tracker.pelvis.axes import PelvisAxes
from imu_tracker.pelvis.drop import Stance
from imu_tracker.pelvis.stepping import SideStep, Way, find_steps
from imu_tracker.results import Rep, Side


@dataclass(frozen=True)
class WalkParameters:
    """Where steps are looked for, and when they are several sets."""

    around_s: float = 15.0
    """Side steps are looked for so long before and after what repeats: the way back may differ too much to repeat with it ..."""
    around_each_s: float = 1.0
    """... and each foot's steps so long: walking up to them pushes like them."""
    pause_s: float = 8.0
    """A longer pause parts sets (the interface's rule) ..."""
    pause_steps: float = 3.0
    """... or so many usual steps, if those are longer."""
    slowest_hz: float = 0.3
    """Going to and fro is faster than this ..."""
    fastest_hz: float = 2.5
    """... and slower than this: a side step takes 0.6-1.6 s."""


def step_sets(
    motions: tuple[Motion, ...],
    axes: PelvisAxes,
    spans: Sequence[tuple[float, float]],
    each_foot: bool,
    p: WalkParameters | None = None,
) -> tuple[tuple[SideStep, ...], ...]:
    """The sets of steps in and about spans (start, end) s of repeating motion, in order of time.

    motions: where to look, so without bows. each_foot: a step is one foot's, not a lead and a follow.
    """
    p = p or WalkParameters()
    around = p.around_each_s if each_foot else p.around_s
    windows: list[list[float]] = []
    for a, b in sorted(spans):
        if windows and a - around <= windows[-1][1]:
            windows[-1][1] = max(windows[-1][1], b + around)
        else:
            windows.append([a - around, b + around])
    steps = [step for a, b in windows for step in find_steps(motions, axes.rotation, a, b, each_foot)]
    if not steps:
        return ()
    usual_s = median(np.array([s.end_s - s.start_s for s in steps]))
    longest = max(p.pause_s, p.pause_steps * usual_s)
    sets: list[list[SideStep]] = []
    for step in steps:
        if sets and step.start_s - sets[-1][-1].end_s <= longest:
            sets[-1].append(step)
        else:
            sets.append([step])
    return tuple(tuple(s) for s in sets)


def sideways(
    motions: tuple[Motion, ...], spans: Sequence[tuple[float, float]], p: WalkParameters | None = None
) -> PelvisAxes | None:
    """Axes for counting alone: the wearer's left, or right, is taken to be where the steps in spans go to and fro most.

    None where nothing lies in the spans, or without a gyroscope.
    """
    p = p or WalkParameters()
    ups, levels = [], []
    for m in motions:
        for a, b in spans:
            here = slice(*(int(np.clip(round(t * GRID_HZ) - m.first, 0, len(m))) for t in (a, b)))
            if m.gyr is None or here.stop - here.start < GRID_HZ:
                continue
            up, linear = m.up[here], m.linear(here.start, here.stop)
            level = linear - np.einsum("ij,ij->i", linear, up)[:, None] * up
            ups.append(up.mean(axis=0))
            levels.append(smooth(level, p.fastest_hz, GRID_HZ) - smooth(level, p.slowest_hz, GRID_HZ))
    if not ups:
        return None
    up = np.mean(ups, axis=0)
    up = up / max(float(np.linalg.norm(up)), 1e-9)
    level = np.concatenate(levels)
    left = np.linalg.eigh(level.T @ level)[1][:, -1]
    left = left - (left @ up) * up
    left = left / max(float(np.linalg.norm(left)), 1e-9)
    return PelvisAxes(np.array([np.cross(left, up), left, up]), "motion", 90.0, 0.0)


def mostly(steps: Sequence[SideStep]) -> Way | None:
    """The way that more of the steps go; None where as many go either way."""
    left = sum(s.direction == "left" for s in steps)
    return None if 2 * left == len(steps) else ("left" if 2 * left > len(steps) else "right")


def side_of(steps: Sequence[SideStep]) -> Side:
    """Of a set: the way it goes, or both."""
    ways = {s.direction for s in steps}
    return "both" if len(ways) > 1 else next(iter(ways))


def cuts_of(steps: Sequence[SideStep]) -> Floats:
    """Starts and ends (N, 2), s."""
    return np.array([[s.start_s, s.end_s] for s in steps]).reshape(-1, 2)


def as_steps(reps: Sequence[Rep], steps: Sequence[SideStep]) -> tuple[Rep, ...]:
    """Reps, one for each step, with the step's times and side. Of a lead and a follow, out is the lead's time, back the follow's,
    the pause lies between them, and the turn where the leading foot lands."""
    out = []
    for rep, step in zip(reps, steps, strict=True):
        rep = replace(rep, start_s=step.start_s, end_s=step.end_s, side=step.direction)
        if len(step.swings) == 2:
            lead, follow = step.swings
            rep = replace(
                rep,
                turn_s=lead.end_s,
                out_s=lead.end_s - step.start_s,
                pause_s=max(follow.start_s - lead.end_s, 0.0),
                back_s=step.end_s - max(follow.start_s, lead.end_s),
            )
        else:
            rep = replace(rep, turn_s=min(max(rep.turn_s, step.start_s), step.end_s))
        out.append(rep)
    return tuple(out)


def stances_in(steps: Sequence[SideStep]) -> tuple[Stance, ...]:
    """Which leg stands when: while the other foot is off the floor."""
    return tuple(Stance(swing.start_s, swing.end_s, swing.stance) for step in steps for swing in step.swings)
