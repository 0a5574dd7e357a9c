"""A movement as a score: smooth moves of named channels in time, added up.

A channel is one degree of freedom of the body (`body.py` lists them). Every move is a minimum-jerk step (Flash and Hogan, J
Neurosci 5:1688, 1985: a quintic with no speed or acceleration at its ends), a bump of the same shape, a thud or a sway, so
any sum of them has continuous acceleration: movements joined end to end never jump. Radians, metres, seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from imu_tracker.numeric import Floats

SIDES = ("left", "right")
# Channels of the whole body that change sign in the mirror.
ANTISYMMETRIC = frozenset(
    ("y", "yaw", "obliquity", "spin", "trunk_roll", "trunk_twist", "trunk_spin", "hold_y", "belt_roll", "belt_yaw")
)


def min_jerk(share: Floats) -> Floats:
    """0 to 1 with zero speed and acceleration at both ends; share in 0-1, any shape."""
    out: Floats = share**3 * (10 + share * (6 * share - 15))
    return out


def other(side: str) -> str:
    """The other side."""
    return SIDES[side == "left"]


def mirrored_channel(name: str) -> tuple[str, float]:
    """The channel that plays this one's part in the mirror, and its sign there.

    The mirror is the body's (and the floor's) sagittal plane: y, yaw and rolls change sign, left and right legs swap.
    Leg angles outwards (abduction, swivel) are counted outwards on both sides and so only swap.
    """
    part, _, side = name.rpartition("_")
    if side in SIDES:
        return f"{part}_{other(side)}", -1.0 if part in ("foot_y", "foot_yaw", "elbow_y") else 1.0
    return name, -1.0 if name in ANTISYMMETRIC else 1.0


@dataclass(frozen=True)
class Move:
    """A channel changes by `by` from start_s to end_s and stays there."""

    channel: str
    start_s: float
    end_s: float
    by: float

    def add_to(self, out: Floats, steps: Floats, t: Floats) -> None:
        """Adds the move to samples `out` (N,); what stays afterwards goes into `steps` (N,), which is summed up once."""
        i, j = np.searchsorted(t, (self.start_s, self.end_s))
        out[i:j] += self.by * min_jerk((t[i:j] - self.start_s) / (self.end_s - self.start_s))
        if j < len(t):
            steps[j] += self.by


@dataclass(frozen=True)
class Bump:
    """A channel goes up by `by` until peak_s, stays until leave_s, and is back at end_s."""

    channel: str
    start_s: float
    peak_s: float
    leave_s: float
    end_s: float
    by: float

    def add_to(self, out: Floats, steps: Floats, t: Floats) -> None:
        """Adds the bump; see Move."""
        Move(self.channel, self.start_s, self.peak_s, self.by).add_to(out, steps, t)
        Move(self.channel, self.leave_s, self.end_s, -self.by).add_to(out, steps, t)


@dataclass(frozen=True)
class Thud:
    """The damped ringing after an impact: `by` (tau)^3 e^(3 - tau) / 27 cos(2 pi f t), tau = t / decay.

    The cube makes speed and acceleration start from zero; the envelope peaks with `by` at three decays.
    """

    channel: str
    start_s: float
    by: float
    hz: float
    decay_s: float

    def add_to(self, out: Floats, steps: Floats, t: Floats) -> None:
        """Adds the thud; see Move."""
        i, j = np.searchsorted(t, (self.start_s, self.start_s + 30 * self.decay_s))
        since = t[i:j] - self.start_s
        tau = since / self.decay_s
        out[i:j] += self.by * tau**3 * np.exp(3 - tau) / 27 * np.cos(2 * np.pi * self.hz * since)


@dataclass(frozen=True)
class Sway:
    """Unsteadiness: a sum of sines, faded in and out by minimum jerk over `fade_s`."""

    channel: str
    start_s: float
    end_s: float
    fade_s: float
    hz: tuple[float, ...]
    amplitudes: tuple[float, ...]
    phases: tuple[float, ...]

    def add_to(self, out: Floats, steps: Floats, t: Floats) -> None:
        """Adds the sway; see Move."""
        i, j = np.searchsorted(t, (self.start_s, self.end_s))
        at = t[i:j]
        fade = min_jerk(np.clip((at - self.start_s) / self.fade_s, 0, 1)) * min_jerk(
            np.clip((self.end_s - at) / self.fade_s, 0, 1)
        )
        out[i:j] += fade * _sines(at, self.hz, self.amplitudes, self.phases)


def _sines(at: Floats, hz: tuple[float, ...], amplitudes: tuple[float, ...], phases: tuple[float, ...]) -> Floats:
    """A sum of sines at the times `at` (N,), (N,)."""
    out: Floats = np.array(amplitudes) @ np.sin(2 * np.pi * np.array(hz)[:, None] * at + np.array(phases)[:, None])
    return out


Event = Move | Bump | Thud | Sway


@dataclass(frozen=True)
class Ripple:
    """Movement that runs now a little ahead of its score and now behind: seconds, a sum of sines, faded in and out.

    All channels go along, so feet stay where they stand. The sum of 2 pi hz * amplitude must stay below 1.
    """

    start_s: float
    end_s: float
    hz: tuple[float, ...]
    amplitudes_s: tuple[float, ...]
    phases: tuple[float, ...]

    def add_to(self, at: Floats, t: Floats) -> None:
        """Shifts the score's times `at` (N,) of the samples at t (N,)."""
        i, j = np.searchsorted(t, (self.start_s, self.end_s))
        fade_s = (self.end_s - self.start_s) / 6
        fade = min_jerk(np.clip((t[i:j] - self.start_s) / fade_s, 0, 1)) * min_jerk(np.clip((self.end_s - t[i:j]) / fade_s, 0, 1))
        at[i:j] += fade * _sines(t[i:j], self.hz, self.amplitudes_s, self.phases)


@dataclass
class Script:
    """The moves written so far and where each channel will stand after the last of them.

    `rest` holds the channels' values before the first move. Written by motions, read by `body.pose`.
    """

    rest: dict[str, float]
    events: list[Event] = field(default_factory=list)
    ripples: list[Ripple] = field(default_factory=list)
    now: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing has moved yet."""
        self.now = dict(self.rest)

    def add(self, event: Event) -> None:
        """Writes an event down; KeyError for a channel that the body doesn't have."""
        self.now[event.channel] += event.by if isinstance(event, Move) else 0.0
        if not isinstance(event, Move) or event.by != 0.0:
            self.events.append(event)

    def sample(self, t: Floats) -> dict[str, Floats]:
        """Every channel at the times t (N,), increasing."""
        out = {name: np.full(len(t), value) for name, value in self.rest.items()}
        steps = {name: np.zeros(len(t)) for name in self.rest}
        at = t.copy()
        for ripple in self.ripples:
            ripple.add_to(at, t)
        for event in self.events:
            event.add_to(out[event.channel], steps[event.channel], at)
        return {name: out[name] + np.cumsum(steps[name]) for name in out}


def mirrored_values(values: Mapping[str, Floats]) -> dict[str, Floats]:
    """The same movement in the mirror, channel by channel."""
    out = {}
    for name, value in values.items():
        name_there, sign = mirrored_channel(name)
        out[name_there] = sign * value
    return out
