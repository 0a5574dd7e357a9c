"""Recordings pushed through a live session in blocks, as tests want them."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence

from imu_tracker.analysis import Wish
from imu_tracker.cli.demo import bundled_folder
from imu_tracker.files.reading import read_recording
from imu_tracker.live import DropSeen, LiveEvent, LiveSession, RepSeen
from imu_tracker.recording import Recording


@functools.cache
def bundled(*names: str) -> Recording:
    """A bundled recording, such as `squat.csv` or `wall_sit.pelvis.parquet`; several are several sensors."""
    folder = bundled_folder()
    words = [f"{'pelvis' if name.count('.') == 1 else name.split('.')[1]}={folder / name}" for name in names]
    return read_recording(words)


def played(
    recording: Recording, wish: Wish | None = None, blocks: Sequence[int] = (10,), live: LiveSession | None = None
) -> tuple[LiveSession, list[LiveEvent]]:
    """The session after all samples, and what it told; each sensor's samples come in blocks of these sizes, in turn."""
    live = live or LiveSession(wish)
    sizes = {name: itertools.cycle(blocks) for name in recording.streams}
    at, events = dict.fromkeys(recording.streams, 0), list[LiveEvent]()
    while at:
        name = min(at, key=lambda n: float(recording.streams[n].timing.t[at[n]]))
        s, here = recording.streams[name], slice(at[name], at[name] + next(sizes[name]))
        events += live.push(name, s.timing.t[here] - recording.start_s, s.acc[here], None if s.gyr is None else s.gyr[here])
        at[name] = here.stop
        if here.stop >= len(s):
            del at[name]
    events += live.finish()
    return live, events


def told(events: Sequence[LiveEvent]) -> list[object]:
    """Events as plain values, to the microsecond: how numpy adds depends on where in memory a block begins."""
    out: list[object] = []
    for e in events:
        if isinstance(e, RepSeen):
            out.append(("rep", round(e.t_s, 6), e.number, round(e.rep.start_s, 6), round(e.rep.end_s, 6), e.rep.firm))
        elif isinstance(e, DropSeen):
            out.append(("drop", round(e.t_s, 6), round(e.since_s, 6), round(e.drop_deg, 6), e.side))
        else:
            reps = () if e.found is None else tuple((round(r.start_s, 6), round(r.end_s, 6)) for r in e.found.reps)
            out.append(("over", round(e.t_s, 6), reps))
    return out
