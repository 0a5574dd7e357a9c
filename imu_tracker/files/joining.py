"""What a file's reader hands on, and how an accelerometer and a gyroscope that were stored apart become one stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from imu_tracker.errors import FileError
from imu_tracker.files.units import UNDECLARED, Units, usual_step
from imu_tracker.numeric import Floats
from imu_tracker.recording import FILL_STEPS, JUMP_BACK_S, LONGEST_FILL_S

_WORTH_SAYING_S = 1.0  # sensors of one device start and stop within a second of each other


@dataclass(frozen=True)
class Samples:
    """One file's samples as they stand there; acc or gyr is None where the file doesn't have that half.

    t (N,), acc (N, 3), gyr (N, 3). units: what the file declares. certain: the file's form leaves no doubt about them (our own
    tables, MetaBase, phone apps), so that nothing is guessed and nothing overruled.
    """

    path: str
    t: Floats
    acc: Floats | None
    gyr: Floats | None
    units: Units = UNDECLARED
    about: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    certain: bool = False


def _in_order(t: Floats, values: Floats, path: str) -> tuple[Floats, Floats]:
    """Rows that are numbers, sorted by time, one for each time."""
    finite = np.isfinite(t) & np.isfinite(values).all(axis=1)
    t, values = t[finite], values[finite]
    if len(t) < 2:
        raise FileError(path, f"the file has {len(t)} usable samples; at least 2 are needed.")
    back = np.diff(t)
    if back.min() < -JUMP_BACK_S:
        raise FileError(
            path,
            f"the times jump back by {-back.min():.3f} s at sample {int(np.argmin(back)) + 2}, so that the file can't be "
            "matched with its other half; split both where the clock was set anew.",
        )
    t, first = np.unique(t, return_index=True)
    return t, values[first]


def sample_at(times: Floats, t: Floats, values: Floats) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Values (N, 3) of increasing t (N,), interpolated at other times (M,): (M, 3), and the mask (M,) of where that is allowed.

    Not outside of t, and not across a hole longer than the recording's own rule for a gap.
    """
    step = usual_step(t)
    longest = max(LONGEST_FILL_S, FILL_STEPS * step)
    after = np.clip(np.searchsorted(t, times, side="left"), 1, len(t) - 1)
    met = (t[after] == times) | (t[after - 1] == times)
    allowed = (times >= t[0]) & (times <= t[-1]) & ((t[after] - t[after - 1] <= longest) | met)
    return np.column_stack([np.interp(times, t, column) for column in values.T]), allowed


def join(one: Samples, other: Samples) -> Samples:
    """An accelerometer's and a gyroscope's samples, in SI on one clock, as one: on the times of the faster, within the overlap.

    Nothing is interpolated across a hole of the slower. Raises FileError where the two don't overlap or can't be put in order.
    """
    first, second = (one, other) if one.acc is not None else (other, one)
    if first.acc is None or second.gyr is None:
        raise FileError(
            other.path, f"can't be joined with {one.path}: one of them has to hold the accelerometer, one the gyroscope."
        )
    acc_t, acc = _in_order(first.t, first.acc, first.path)
    gyr_t, gyr = _in_order(second.t, second.gyr, second.path)
    start, end = max(acc_t[0], gyr_t[0]), min(acc_t[-1], gyr_t[-1])
    if start >= end:
        raise FileError(
            first.path,
            f"the accelerometer and the gyroscope ({second.path}) have no time in common: {acc_t[0]:.3f} to {acc_t[-1]:.3f} s "
            f"and {gyr_t[0]:.3f} to {gyr_t[-1]:.3f} s. They are from different recordings.",
        )
    notes = [*first.notes, *second.notes]
    if len(acc_t) == len(gyr_t) and np.array_equal(acc_t, gyr_t):
        t = acc_t
    else:
        acc_hz, gyr_hz = 1 / usual_step(acc_t), 1 / usual_step(gyr_t)
        acc_leads = acc_hz > gyr_hz
        times = acc_t if acc_leads else gyr_t
        within = times[(times >= start) & (times <= end)]
        acc_there, acc_ok = sample_at(within, acc_t, acc)
        gyr_there, gyr_ok = sample_at(within, gyr_t, gyr)
        use = acc_ok & gyr_ok
        t, acc, gyr = within[use], acc_there[use], gyr_there[use]
        faster, slower = ("accelerometer", "gyroscope") if acc_leads else ("gyroscope", "accelerometer")
        notes.append(
            f"The {slower} ({min(acc_hz, gyr_hz):.4g} Hz) was interpolated to the times of the {faster} "
            f"({max(acc_hz, gyr_hz):.4g} Hz)."
        )
        apart = (start - min(acc_t[0], gyr_t[0])) + (max(acc_t[-1], gyr_t[-1]) - end)
        if apart > _WORTH_SAYING_S:
            notes.append(f"For {apart:.1f} s only one of accelerometer and gyroscope was recorded; these were left out.")
    about = {**second.about, **first.about}
    units = Units(first.units.acc, second.units.gyr, first.units.time)
    return replace(first, t=t, acc=acc, gyr=gyr, units=units, about=about, notes=tuple(dict.fromkeys(notes)))
