"""The same analysis over a growing recording: reps as they end, drops as they happen, sets as they are over."""

from imu_tracker.live.parameters import LiveParameters
from imu_tracker.live.session import LiveSession
from imu_tracker.live.views import DropSeen, GoingOn, Level, LiveEvent, LiveRep, LiveView, RepSeen, SetOver

__all__ = [
    "DropSeen",
    "GoingOn",
    "Level",
    "LiveEvent",
    "LiveParameters",
    "LiveRep",
    "LiveSession",
    "LiveView",
    "RepSeen",
    "SetOver",
]
