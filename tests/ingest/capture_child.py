"""Captures two simulated sensors, on a virtual clock, until it is killed; says after each block what has been handed on.

Argument: the root of the sessions. The link loses and hangs up, so that samples are restored, too.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from peripheral import Air, recording
from virtual_loop import run

from imu_tracker.ingest.capture import Capture
from imu_tracker.ingest.disk import new_session_folder
from imu_tracker.ingest.placed import Samples
from imu_tracker.ingest.recorder import SessionRecorder
from imu_tracker.sensors import own, witmotion


async def story(root: Path) -> None:
    air, loop = Air(), asyncio.get_running_loop()
    await air.switch_on()
    air.link.interval_s = 0.03
    wanted = {"pelvis": await air.place(own.SENSOR), "chest": await air.place(witmotion.SENSOR)}
    said = dict.fromkeys(wanted, 0)

    def tell(samples: Samples) -> None:
        said[samples.placement] += len(samples.t_s)
        print(samples.placement, said[samples.placement], f"{loop.time():.3f}", flush=True)

    folder = new_session_folder(root, datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    recorder = SessionRecorder(folder, {"subject": "p1"}, loop.time)
    names = {placement: placed.address for placement, placed in wanted.items()}
    playing = []
    for placed in wanted.values():
        placed.recording = recording(95.0, 100.0)
        playing.append(asyncio.create_task(placed.play()))
    async with Capture(air.radio, names, recorder, tell, lambda *_: None, loop.time):
        air.link.loss = 0.02
        while not all(one.done() for one in playing):
            await asyncio.sleep(7.0)
            for placed in wanted.values():
                if placed.connection in placed.device.connections.values():
                    await placed.hang_up()
    print("closed", flush=True)


if __name__ == "__main__":
    run(story(Path(sys.argv[1])))
