"""For developers: the command line with sensors that aren't there, in real time.

    python tests/ingest/simulated_air.py record pelvis=imu-1 chest=WT901BLE67
    python tests/ingest/simulated_air.py --loss 0.02 --hang-up 20 record pelvis=imu-1

imu-1 moves as a simulated person in band walks does, after quiet standing and bows; WT901BLE67, Movesense 174630000192 and
MetaWear are worn on the chest. --hang-up: a sensor loses its connection about every so many seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
from collections.abc import Callable

import numpy as np
from peripheral import Air, Peripheral

from imu_tracker.cli import main
from imu_tracker.ingest import ble
from imu_tracker.numeric import Floats
from imu_tracker.sensors import metamotion, movesense, own, witmotion
from imu_tracker.simulate.api import record, simulate

KINDS = ((own.SENSOR, "pelvis"), (witmotion.SENSOR, "chest"), (movesense.SENSOR, "chest"), (metamotion.SENSOR, "chest"))


def movement(placement: str, rate_hz: float) -> tuple[Floats, Floats]:
    """Acc and gyr (N, 3) of a simulated person."""
    stream = record(simulate("lateral_band_walk", 3)[0], 3, (placement,)).streams[placement]
    assert stream.gyr is not None
    t = np.arange(stream.timing.t[0], stream.timing.t[-1], 1 / rate_hz)
    acc, gyr = (np.column_stack([np.interp(t, stream.timing.t, axis) for axis in x.T]) for x in (stream.acc, stream.gyr))
    return acc, gyr


class SimulatedRadio(ble.Radio):
    """A radio whose air is filled when it is first listened to."""

    loss = 0.0
    hang_up_s = 0.0

    def __init__(self) -> None:
        super().__init__()
        self._air: Air | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def find(self, wanted: Callable[[ble.Found], bool], seconds: float) -> ble.Found | None:
        if self._air is None:
            self._air = Air()
            await self._air.switch_on()
            self._air.link.interval_s, self._air.link.loss = 0.03, self.loss
            self._scanner_backend, self._client_backend = self._air.scanner, self._air.client
            for kind, placement in KINDS:
                sensor = await self._air.place(kind)
                sensor.recording = movement(placement, sensor.settings.rate_hz)
                self._tasks.append(asyncio.create_task(sensor.play()))
                if self.hang_up_s:
                    self._tasks.append(asyncio.create_task(self._unsteady(sensor)))
        return await super().find(wanted, seconds)

    async def _unsteady(self, sensor: Peripheral) -> None:
        while True:
            await asyncio.sleep(self.hang_up_s * random.uniform(0.5, 1.5))
            if sensor.connection in sensor.device.connections.values():
                await sensor.hang_up()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--loss", type=float, default=0.0)
    parser.add_argument("--hang-up", type=float, default=0.0)
    chosen, rest = parser.parse_known_args()
    SimulatedRadio.loss, SimulatedRadio.hang_up_s = chosen.loss, chosen.hang_up
    logging.getLogger("bumble").setLevel(logging.ERROR)
    ble.Radio = SimulatedRadio  # type: ignore[assignment,misc]
    sys.exit(main(rest))
