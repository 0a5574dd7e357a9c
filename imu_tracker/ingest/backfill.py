"""Which samples of a numbered stream are missing, and which to ask the sensor for again while it still has them. No radio.

Samples go by their full count (`Index` counts modulo 2^16, the answer to the start tells the rest). A hole is asked for piece by
piece, one request at a time, until it is closed or given up; every sample handed on is handed on once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from imu_tracker.sensors.base import Index, Packet, Tick


@dataclass(frozen=True)
class Asking:
    """How holes are asked for.

    wait_s: for the first of what was asked for, and from one packet of it to the next: several connection events of 45 ms. (All
    of it takes longer where a packet holds but one sample.)
    tries: by 5, a link that loses one packet in 20 has lost the same packet 5 times once in three million.
    at_once: samples a request, so that what is sent again leaves room for what is new.
    same_s: a count that goes on over a pause as the clock does, to this much, is the same recording; any other began anew.
    """

    wait_s: float = 0.5
    tries: int = 5
    at_once: int = 128
    same_s: float = 2.0


@dataclass
class _Hole:
    first: int
    end: int
    tries: int = 0

    def without(self, first: int, end: int) -> list[_Hole]:
        sides = (_Hole(self.first, min(self.end, first), self.tries), _Hole(max(self.first, end), self.end, self.tries))
        return [side for side in sides if side.end > side.first] if self.meets(first, end) else [self]

    def meets(self, first: int, end: int) -> bool:
        return self.first < end and first < self.end


class Gaps:
    """The holes of one sensor's stream, over reconnects too."""

    def __init__(self, rate_hz: float, asking: Asking | None = None) -> None:
        self._rate_hz = rate_hz
        self._asking = asking or Asking()
        self._holes: list[_Hole] = []
        self._given_up: list[tuple[int, int]] = []
        self._next: int | None = None  # the count expected next
        self._last_s = 0.0  # when the newest came
        self._near = 0  # a full count near the next packet's
        self._asked: tuple[int, int] | None = None
        self._until_s = 0.0
        self.restored = 0  # samples that closed holes

    @property
    def open(self) -> bool:
        """Whether anything is missing that may still come."""
        return bool(self._holes)

    @property
    def again_s(self) -> float | None:
        """When the request under way counts as unanswered, None where none is."""
        return None if self._asked is None else self._until_s

    def at_rate(self, rate_hz: float) -> None:
        """The sensor says at which rate it counts."""
        self._rate_hz = rate_hz

    def started(self, count: int, now_s: float) -> None:
        """The sensor says that its next sample has this full count. Where that can't go on from before, all is begun anew."""
        if self._next is not None:
            gone_s = (count - self._next) / self._rate_hz
            if abs(gone_s - (now_s - self._last_s)) > self._asking.same_s:
                self.abandon()
                self._next = None
        self._near = count

    def add(self, packet: Packet, now_s: float) -> list[Packet]:
        """What of this packet hasn't been there yet, in order; the whole packet where it has no index."""
        if packet.index is None:
            return [packet]
        half = packet.index.modulus // 2
        first = self._near + (packet.index.first - self._near + half) % packet.index.modulus - half
        if first < 0:  # before anything said otherwise, the count is what the packet says
            first += packet.index.modulus
        end = first + len(packet)
        expected = first if self._next is None else self._next
        new = [(max(first, hole.first), min(end, hole.end)) for hole in self._holes if hole.meets(first, end)]
        self.restored += sum(b - a for a, b in new)
        if self._asked is not None and any(a < self._asked[1] and b > self._asked[0] for a, b in new):
            self._until_s = now_s + self._asking.wait_s
        self._holes = [rest for hole in self._holes for rest in hole.without(first, end)]
        if first > expected:
            self._holes.append(_Hole(expected, first))
        if end > expected:
            new.append((max(first, expected), end))
            self._last_s = now_s
        self._near = self._next = max(end, expected)
        return [self._part(packet, a - first, b - first) for a, b in new]

    def _part(self, packet: Packet, start: int, stop: int) -> Packet:
        if (start, stop) == (0, len(packet)) or packet.index is None:
            return packet
        index = Index((packet.index.first + start) % packet.index.modulus, packet.index.modulus)
        tick = packet.tick
        if tick is not None:
            late = start if tick.of == "first" else stop - len(packet)
            s = tick.s + late / self._rate_hz
            tick = Tick(s if tick.modulus_s is None else s % tick.modulus_s, tick.of, tick.modulus_s)
        acc, gyr = (None if values is None else values[start:stop] for values in (packet.acc, packet.gyr))
        return replace(packet, acc=acc, gyr=gyr, index=index, tick=tick)

    def due(self, now_s: float) -> tuple[int, int] | None:
        """The first count and the number of samples to ask for now, None where nothing is or an answer is still awaited."""
        if self._asked is not None:
            waiting = [hole for hole in self._holes if hole.meets(*self._asked)]
            if waiting and now_s < self._until_s:
                return None
            for hole in waiting:
                hole.tries += 1
                if hole.tries >= self._asking.tries:
                    self._give_up(max(hole.first, self._asked[0]), min(hole.end, self._asked[1]))
            self._asked = None
        if not self._holes:
            return None
        hole = self._holes[0]
        self._asked = (hole.first, min(hole.end, hole.first + self._asking.at_once))
        self._until_s = now_s + self._asking.wait_s
        return self._asked[0], self._asked[1] - self._asked[0]

    def answered(self, first: int, count: int) -> None:
        """The sensor says what it sends again: what was asked for beside that, it no longer has."""
        a, b = self._asked or (0, 0)
        if a <= first < b:  # else it is the late answer to an older question
            self._give_up(a, first)
            self._give_up(first + count, b)

    def refused(self) -> None:
        """The sensor has nothing left of what was asked for."""
        if self._asked is not None:
            self._give_up(*self._asked)

    def _give_up(self, first: int, end: int) -> None:
        for hole in [hole for hole in self._holes if hole.meets(first, end)]:
            a, b = max(first, hole.first), min(end, hole.end)
            self._given_up.append((a, b - a))
        self._holes = [rest for hole in self._holes for rest in hole.without(first, end)]

    def abandon(self) -> None:
        """Give up all that is still missing."""
        for hole in self._holes:
            self._given_up.append((hole.first, hole.end - hole.first))
        self._holes, self._asked = [], None

    def take_given_up(self) -> list[tuple[int, int]]:
        """First count and number of samples of every piece given up since the last call."""
        out, self._given_up = self._given_up, []
        return out
