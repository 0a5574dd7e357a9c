"""Runs a session of the app with a simulated sensor, on a virtual clock, until it is killed; says how far it has come.

Argument: the store.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path += [str(Path(__file__).resolve().parents[1] / folder) for folder in ("", "ingest", "cli")]

from peripheral import Air
from test_cli_record import band_walk
from virtual_loop import run

from imu_tracker.app.choice import choice_of
from imu_tracker.app.frames import frame_of
from imu_tracker.app.hub import Hub
from imu_tracker.app.sources import Sensors
from imu_tracker.sensors import own


async def never(folder: Path) -> None:
    """It is killed before its end."""


async def story(root: Path) -> None:
    air = Air()
    await air.switch_on()
    placed = await air.place(own.SENSOR)
    placed.recording = band_walk()
    playing = asyncio.create_task(placed.play())  # kept: the loop holds tasks weakly
    hub = Hub(lambda choice, take: Sensors(air.radio, root, choice, take), never)
    hub.start(choice_of({"sensors": {"pelvis": "imu-1"}, "exercise": "lateral_band_walk"}))
    while hub.busy or playing:
        await asyncio.sleep(0.5)
        print(frame_of(hub).get("t", 0), flush=True)


if __name__ == "__main__":
    run(story(Path(sys.argv[1])))
