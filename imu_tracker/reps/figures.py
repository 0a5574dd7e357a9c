"""Figures of repetitions once they are cut: how smooth each is; tension, cadence and fade of a set."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from imu_tracker.numeric import Floats, median
from imu_tracker.results import Rep

SPEED_HZ = 6.0  # the customary low-pass of voluntary movement; what is faster is tremor and knocks, and isn't judged
EVERY = 4  # samples of the 100 Hz grid from one value of the speed to the next: 25 Hz carries 6 Hz
LEAST_RANGE_DEG = 8.0  # less says nothing: twice the orientation error to be expected within a repetition
LEAST_DIP = 0.1  # share of the peak by which speed must fall and rise again for it to be a second push, not noise
FEWEST_FOR_A_FADE = 4  # repetitions: a line through three says nothing of a trend


def _travel(speed: Floats, least: float) -> float:
    """How far speed (N,) goes up and down in all, fluctuations below `least` aside."""
    step = np.sign(np.diff(speed))
    bends = np.flatnonzero(step[1:] * step[:-1] <= 0) + 1
    kept = [float(speed[0])]
    for v in [*speed[bends].tolist(), float(speed[-1])]:
        if len(kept) > 1 and (v - kept[-1]) * (kept[-1] - kept[-2]) >= 0:
            kept[-1] = v  # goes on in the same direction
        elif abs(v - kept[-1]) >= least or len(kept) == 1:
            kept.append(v)
    return sum(abs(b - a) for a, b in itertools.pairwise(kept))


def bell(speed: Floats) -> float | None:
    """How near a way is to one bell of speed: 1 for one, however steep or skewed, 1/n for n equal pushes with stops between.

    speed: (N,) at 100 Hz, of one way, any unit; None where it is too short (0.1 s) or nothing moves. The rise to the highest
    speed and the fall from it, as a share of all rising and falling: the count of speed peaks (a measure of
    Rohrer et al. 2002, J Neurosci 22:8297), each weighed by how deep speed falls beside it. Unlike jerk and spectral arc length
    it does not depend on duration, needs no rate above 25 Hz, and has a natural zero and one.
    """
    if len(speed) < 10:
        return None
    coarse = speed[::EVERY] if (len(speed) - 1) % EVERY == 0 else np.append(speed[::EVERY], speed[-1])
    peak = float(coarse.max())
    if peak <= 1e-9:
        return None
    travel = _travel(coarse, LEAST_DIP * peak)
    once = 2.0 * peak - float(coarse[0]) - float(coarse[-1])
    return min(once / travel, 1.0) if travel > 0.0 else 1.0


def smoothness(out: Floats, back: Floats) -> float | None:
    """Mean of `bell` over the ways out and back, speeds (N,) at 100 Hz; None where neither can be judged."""
    known = [x for x in (bell(out), bell(back)) if x is not None]
    return sum(known) / len(known) if known else None


def fade_percent(values: Sequence[float | None]) -> float | None:
    """How much less the last repetition is than the first, in %, on a robust line through all; negative where it is more.

    The line's slope is the median over all pairs (Theil 1950, Sen 1968), so that one odd repetition moves nothing. None with
    fewer than four known values, or where the line begins at nothing.
    """
    at = np.array([k for k, v in enumerate(values) if v is not None], float)
    y = np.array([v for v in values if v is not None], float)
    if len(y) < FEWEST_FOR_A_FADE:
        return None
    i, j = np.triu_indices(len(y), 1)
    slope = median((y[j] - y[i]) / (at[j] - at[i]))
    level = median(y - slope * at)
    first, last = level + slope * at[0], level + slope * at[-1]
    return float(100.0 * (first - last) / first) if first > 1e-9 else None


@dataclass(frozen=True)
class SetFigures:
    """What a set's repetitions come to, as `Set` has it; unresolved: why something is None, under its name."""

    time_under_tension_s: float
    cadence_per_min: float | None
    range_fade_percent: float | None
    speed_fade_percent: float | None
    unresolved: Mapping[str, str]


TOO_FEW = f"a fade takes {FEWEST_FOR_A_FADE} reps"
HARDLY_TURNS = f"the sensor turns by less than {LEAST_RANGE_DEG:g}° in a rep"
NOT_MEASURED = f"fewer than {FEWEST_FOR_A_FADE} of the reps have been measured"
NO_GYROSCOPE = "without a gyroscope the speed within a rep is not known"


def figures_of(reps: Sequence[Rep]) -> SetFigures:
    """Tension, cadence and fade of a set's reps, in order of time.

    Tension is the sum of the reps, pauses inside them included; cadence is read off the median time from start to start.
    """
    why: dict[str, str] = {}
    cadence = None
    if len(reps) < 2:
        why["cadence_per_min"] = "one rep has no cadence" if reps else "without reps there is no cadence"
    else:
        cadence = 60.0 / median(np.diff([r.start_s for r in reps]))
    ranges = [r.range_deg for r in reps if r.range_deg is not None]
    for name in ("peak_rate_deg_s", "smoothness"):
        if ranges and all(getattr(r, name) is None for r in reps):
            why[name] = NO_GYROSCOPE
    fades = [fade_percent([r.range_deg for r in reps]), fade_percent([r.peak_rate_deg_s for r in reps])]
    for k, name in enumerate(("range_fade_percent", "speed_fade_percent")):
        if len(reps) < FEWEST_FOR_A_FADE:
            fades[k], why[name] = None, TOO_FEW
        elif ranges and median(np.array(ranges)) < LEAST_RANGE_DEG:
            fades[k], why[name] = None, HARDLY_TURNS
        elif fades[k] is None:
            why[name] = NO_GYROSCOPE if name.startswith("speed") and "peak_rate_deg_s" in why else NOT_MEASURED
    return SetFigures(sum(r.duration_s for r in reps), cadence, fades[0], fades[1], why)
