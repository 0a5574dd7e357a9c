"""A recording as a source: its samples once more, in blocks, at the pace in which they were taken or as fast as they are used."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from imu_tracker.ingest.placed import Samples
from imu_tracker.recording import Recording

BLOCK_S = 0.1  # about what a Bluetooth sensor sends at once


def blocks_of(recording: Recording, block_s: float = BLOCK_S) -> Iterator[tuple[float, Samples]]:
    """All samples in blocks of `block_s`, in order of time, each with the time at which it is complete, s from the first."""
    ends = dict.fromkeys(recording.streams, 0)
    number = 1
    while any(ends[name] < len(stream) for name, stream in recording.streams.items()):
        until_s = number * block_s
        for name in sorted(recording.streams):
            stream, begin = recording.streams[name], ends[name]
            end = int(stream.timing.t.searchsorted(recording.start_s + until_s))
            if end > begin:
                ends[name], here = end, slice(begin, end)
                gyr = None if stream.gyr is None else stream.gyr[here]
                yield until_s, Samples(name, stream.timing.t[here] - recording.start_s, stream.acc[here], gyr, False)
        number += 1


async def replay(
    recording: Recording,
    on_samples: Callable[[Samples], None],
    now: Callable[[], float],
    speed: float | None = 1.0,
    block_s: float = BLOCK_S,
) -> None:
    """Hands on all samples; speed: against the real one, None for as fast as they are taken."""
    begin_s = now()
    for at_s, samples in blocks_of(recording, block_s):
        if speed is not None:
            await asyncio.sleep(max(0.0, begin_s + at_s / speed - now()))
        else:
            await asyncio.sleep(0)  # others want to work, too
        on_samples(samples)
