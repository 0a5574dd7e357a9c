"""What live sees, as streams of the Lab Streaming Layer (LSL): every sensor's samples, and the events. The extra `lsl`.

A stream for each placement, `imu-tracker PLACEMENT` (type IMU; ax, ay, az in m/s2 and, with a gyroscope, gx, gy, gz in rad/s,
sensor frame), and `imu-tracker events` (type Markers), a line of JSON each. Both are stamped with when it was, on LSL's clock,
and so not evenly spaced. What LabRecorder keeps of them (XDF) can be read again. LSL sends, unencrypted, to who asks in the
network.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from imu_tracker.files.extras import imported
from imu_tracker.live import LiveEvent, RepSeen, SetOver
from imu_tracker.results import DECIMALS

if TYPE_CHECKING:
    from imu_tracker.ingest.placed import Samples

CHANNELS = (("ax", "m/s2"), ("ay", "m/s2"), ("az", "m/s2"), ("gx", "rad/s"), ("gy", "rad/s"), ("gz", "rad/s"))
EVENTS = "imu-tracker events"


def stream_name(placement: str) -> str:
    """The name of a placement's stream."""
    return f"imu-tracker {placement}"


class Outlets:
    """The streams; a sensor's begins with its first samples. Raises MissingExtra where pylsl isn't installed.

    trouble: why nothing more is sent, or ''. Whatever becomes of the sending, what is watched and recorded goes on.
    """

    def __init__(self) -> None:
        self._lsl = imported("pylsl", "lsl", "--lsl")
        self._lsl.local_clock()  # the library says what it has to say before there is a screen
        self.trouble = ""
        self._begin_s: float | None = None
        self._sensors: dict[str, Any] = {}
        info = self._lsl.StreamInfo(EVENTS, "Markers", 1, 0.0, self._lsl.cf_string, _source(EVENTS))
        self._events = self._lsl.StreamOutlet(info)

    def push(self, samples: Samples) -> None:
        """Samples as they come."""
        if not self.trouble:
            self._guarded(lambda: self._push(samples))

    def tell(self, events: Sequence[LiveEvent]) -> None:
        """Events, once there were samples."""
        if not self.trouble:
            self._guarded(lambda: self._tell(events))

    def _guarded(self, send: Callable[[], None]) -> None:
        try:
            send()
        except Exception as e:
            self.trouble = f"Sending over LSL ended: {' '.join(str(e).split())[:200] or type(e).__name__}."

    def _push(self, samples: Samples) -> None:
        if self._begin_s is None:
            self._begin_s = self._lsl.local_clock() - float(samples.t_s[-1])
        values = samples.acc if samples.gyr is None else np.column_stack([samples.acc, samples.gyr])
        outlet = self._sensors.get(samples.placement)
        if outlet is None:
            outlet = self._sensors[samples.placement] = self._sensor(samples.placement, values.shape[1])
        outlet.push_chunk(values, (samples.t_s + self._begin_s).tolist())

    def _sensor(self, placement: str, count: int) -> Any:
        name = stream_name(placement)
        info = self._lsl.StreamInfo(name, "IMU", count, 0.0, self._lsl.cf_double64, _source(name))
        info.desc().append_child_value("placement", placement)
        channels = info.desc().append_child("channels")
        for label, unit in CHANNELS[:count]:
            channel = channels.append_child("channel")
            channel.append_child_value("label", label)
            channel.append_child_value("unit", unit)
        return self._lsl.StreamOutlet(info)

    def _tell(self, events: Sequence[LiveEvent]) -> None:
        for event in events:
            if self._begin_s is not None:
                self._events.push_sample([as_line(event)], event.t_s + self._begin_s)


def _source(name: str) -> str:
    """By which a receiver knows a stream again after it broke off: the same of two machines would be taken for one."""
    return f"{name} {platform.node()}"


def as_line(event: LiveEvent) -> str:
    """An event as one line of JSON: `rep`, `drop` or `set_over`; times are seconds of the session."""
    if isinstance(event, RepSeen):
        rep = event.rep
        told: dict[str, Any] = {
            "event": "rep",
            "number": event.number,
            "start_s": rep.start_s,
            "end_s": rep.end_s,
            "firm": rep.firm,
        }
    elif isinstance(event, SetOver):
        one = event.found
        names = ("start_s", "end_s", "kind", "count", "side", "exercise", "hold_s")
        told = {"event": "set_over", **({} if one is None else {name: getattr(one, name) for name in names})}
    else:
        told = {"event": "drop", **{f.name: getattr(event, f.name) for f in fields(event) if f.name != "t_s"}}
    told["t_s"] = event.t_s
    return json.dumps({k: round(v, DECIMALS) if isinstance(v, float) else v for k, v in told.items()})
