"""A recording as a source: every sample once, in order, at the pace asked for."""

from __future__ import annotations

import asyncio

import made
import numpy as np
import pytest
from virtual_loop import run

from imu_tracker.ingest.placed import Samples
from imu_tracker.ingest.replay import blocks_of, replay
from imu_tracker.recording import Recording


def two_sensors() -> Recording:
    one, other = (
        made.recording(made.Plan(reps=1), rate_hz=rate, placement=name) for rate, name in ((100, "pelvis"), (52, "chest"))
    )
    return Recording({**one.streams, **other.streams})


@pytest.mark.parametrize("block_s", [0.02, 0.1, 3.0, 1000.0])
def test_every_sample_comes_once_and_in_order(block_s: float) -> None:
    recording = two_sensors()
    blocks = list(blocks_of(recording, block_s))
    assert [at for at, _ in blocks] == sorted(at for at, _ in blocks)
    for name, stream in recording.streams.items():
        parts = [samples for _, samples in blocks if samples.placement == name]
        assert np.concatenate([p.t_s for p in parts]) == pytest.approx(stream.timing.t - recording.start_s)
        assert np.array_equal(np.concatenate([p.acc for p in parts]), stream.acc)
    assert all(samples.t_s[-1] < at for at, samples in blocks)


def played(speed: float | None) -> float:
    """How long the replay took, s, on a virtual clock."""
    taken: list[Samples] = []

    async def story() -> float:
        loop = asyncio.get_running_loop()
        await replay(two_sensors(), taken.append, loop.time, speed)
        return loop.time()

    took_s = run(story())
    assert sum(len(s.t_s) for s in taken) == sum(len(s) for s in two_sensors().streams.values())
    return took_s


def test_it_takes_as_long_as_the_recording_or_less() -> None:
    duration_s = two_sensors().duration_s
    assert played(1.0) == pytest.approx(duration_s, abs=0.2)
    assert played(8.0) == pytest.approx(duration_s / 8.0, abs=0.1)
    assert played(None) == 0.0
