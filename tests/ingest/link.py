"""A simulated sensor and link: what was taken when, and what of it arrived when."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

import numpy as np

from imu_tracker.ingest.clock import SampleClock, Timed
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import Index, Tick


@dataclass(frozen=True)
class Sent:
    """A packet as it arrived, and the truth: the samples it holds, counted from the first that was ever taken."""

    arrival_s: float
    samples: tuple[int, ...]
    index: Index | None
    tick: Tick | None
    resent: bool = False


@dataclass(frozen=True)
class Link:
    """The link of reference measurements: 80 ppm, 45 ms connection interval, losses, bursts and one stall."""

    seconds: float = 600.0
    rate_hz: float = 100.0
    batch: int = 4
    ppm: float = 80.0
    interval_s: float = 0.045
    latency_s: float = 0.02
    loss: float = 0.01
    retry: float = 0.05  # share of connection events in which nothing gets through
    stalls: tuple[tuple[float, float], ...] = ((200.0, 3.0),)  # when and how long, s
    marks: str = "index"  # index, tick, both, none
    modulus: int = 65536
    first: int = 65000
    tick_first: bool = True
    tick_step_s: float = 1e-6
    tick_modulus_s: float | None = 2**32 * 1e-6
    tick_start_s: float = 4200.0
    begin_s: float = 1000.0
    seed: int = 0
    resets: tuple[int, ...] = field(default=())  # samples at which counter and clock begin anew

    def taken(self) -> Floats:
        """When each sample was taken, s on the receiver's clock."""
        return self.begin_s + np.arange(int(self.seconds * self.rate_hz)) / self.rate_hz * (1 + self.ppm * 1e-6)

    def packets(self) -> list[Sent]:
        """What arrives, in order."""
        rng = np.random.default_rng(self.seed)
        taken, out, free = self.taken(), [], 0.0
        phase = rng.uniform(0, self.interval_s)
        n = len(taken)
        bounds = sorted({*range(0, n, self.batch), *self.resets, n})
        for a, b in itertools.pairwise(bounds):
            if rng.random() < self.loss and a not in self.resets:
                continue
            ready = max(taken[b - 1] + 0.002, free)
            event = np.ceil((ready - phase) / self.interval_s)
            while rng.random() < self.retry:
                event += 1
            at = event * self.interval_s + phase
            for start, length in self.stalls:
                if start <= at - self.begin_s < start + length:
                    at = self.begin_s + start + length
            free = at  # several packets go in one event, never out of order
            out.append(self._packet(a, b, at + self.latency_s))
        return out

    def _packet(self, a: int, b: int, at: float) -> Sent:
        since = max((r for r in self.resets if r <= a), default=None)
        counter = self.first + a if since is None else a - since
        marked = a if self.tick_first else b - 1
        clock = self.tick_start_s + marked / self.rate_hz if since is None else 0.2 + (marked - since) / self.rate_hz
        clock = round(clock / self.tick_step_s) * self.tick_step_s
        if self.tick_modulus_s is not None:
            clock %= self.tick_modulus_s
        index = Index(counter % self.modulus, self.modulus) if self.marks in ("index", "both") else None
        tick = (
            Tick(clock, "first" if self.tick_first else "last", self.tick_modulus_s) if self.marks in ("tick", "both") else None
        )
        return Sent(at, tuple(range(a, b)), index, tick)


@dataclass(frozen=True, eq=False)
class Heard:
    """What the clock made of it, row by row, beside the truth `sample` (N,)."""

    sample: Floats
    arrival_s: Floats
    timed: list[Timed]

    def column(self, name: str) -> Floats:
        return np.concatenate([np.broadcast_to(getattr(x, name), x.t.shape) for x in self.timed])


def hear(sent: list[Sent], rate_hz: float) -> Heard:
    """Run the clock over what arrived."""
    clock = SampleClock(rate_hz)
    timed = [clock.place(len(s.samples), s.index, s.tick, s.arrival_s, s.resent) for s in sent]
    sample = np.concatenate([s.samples for s in sent])
    arrival = np.concatenate([np.full(len(s.samples), s.arrival_s) for s in sent])
    return Heard(sample, arrival, timed)


def error(t: Floats, true: Floats) -> Floats:
    """Absolute error in s, constant latency aside."""
    d = t - true
    return np.abs(d - np.median(d))


def quiet(link: Link) -> Link:
    """The same link without losses and stalls."""
    return replace(link, loss=0.0, stalls=())
