"""One link to one simulated sensor, and what it hands on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import numpy as np
from peripheral import Air, Peripheral, recording

from imu_tracker.ingest.link import Link, News
from imu_tracker.numeric import Floats
from imu_tracker.sensors import own
from imu_tracker.sensors.base import Packet, Sensor

SCALE = 1e-6  # the own profile tells its scales as f32


@dataclass
class Heard:
    """What one link handed on."""

    packets: list[tuple[Packet, float]] = field(default_factory=list)
    news: list[News] = field(default_factory=list)

    def packet(self, packet: Packet, arrival_s: float) -> None:
        self.packets.append((packet, arrival_s))

    def of(self, kind: type) -> list[News]:
        return [news for news in self.news if isinstance(news, kind)]

    def acc(self) -> Floats:
        return np.concatenate([p.acc for p, _ in self.packets if p.acc is not None])

    def gyr(self) -> Floats:
        return np.concatenate([p.gyr for p, _ in self.packets if p.gyr is not None])

    def counts(self) -> list[int]:
        """The full counts of all samples of the own profile, in the order in which they came; its ticks know them for 71 min."""
        out: list[int] = []
        for packet, _ in self.packets:
            assert packet.index is not None
            assert packet.tick is not None
            first = round(packet.tick.s * own.SENSOR.usual.rate_hz)
            assert first % packet.index.modulus == packet.index.first
            out += range(first, first + len(packet))
        return out

    def by_count(self) -> tuple[Floats, Floats]:
        order = np.argsort(self.counts())
        return self.acc()[order], self.gyr()[order]


def link_to(air: Air, placed: Peripheral, heard: Heard) -> Link:
    return Link(air.radio, placed.name, heard.packet, heard.news.append, asyncio.get_running_loop().time)


def quantised(sensor: Sensor, acc: Floats, gyr: Floats) -> tuple[Floats, Floats]:
    """What the sensor's own encoder and decoder make of it, without any radio."""
    decoder, heard = sensor.decoder(sensor.settings()), Heard()
    for message in sensor.encode(acc, gyr, sensor.settings()):
        heard.packets += [(p, 0.0) for p in decoder.feed(*message) if isinstance(p, Packet)]
    return heard.acc(), heard.gyr() if sensor.gyroscope else np.zeros((0, 3))


async def stream(air: Air, placed: Peripheral, heard: Heard, seconds: float) -> Link:
    """One sensor's whole recording over one link."""
    placed.recording = recording(seconds, placed.settings.rate_hz)
    link = link_to(air, placed, heard)
    playing = asyncio.create_task(placed.play())
    await link.start()
    await playing
    await asyncio.sleep(0.2)
    await link.stop()
    return link
