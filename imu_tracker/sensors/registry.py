"""All kinds of sensors: the built-in ones, one line each, and those that installed packages add.

A package adds its own by an entry point in the group `imu_tracker.sensors` that names a `Sensor`:

    [project.entry-points."imu_tracker.sensors"]
    my-sensor = "my_package.my_sensor:SENSOR"
"""

from __future__ import annotations

import difflib
import warnings
from functools import cache

from imu_tracker.errors import UsageError
from imu_tracker.sensors import metamotion, movella_dot, movesense, own, polar, thingy52, witmotion
from imu_tracker.sensors.base import Advertisement, Sensor

GROUP = "imu_tracker.sensors"

BUILT_IN: tuple[Sensor, ...] = (
    own.SENSOR,
    movesense.SENSOR,
    polar.SENSOR,
    polar.SENSOR_H10,
    metamotion.SENSOR_S,
    metamotion.SENSOR,
    movella_dot.SENSOR,
    thingy52.SENSOR,
    witmotion.SENSOR,  # last: it goes by two letters of the name
)


@cache
def sensors() -> tuple[Sensor, ...]:
    """Every kind, those of other packages first; one that can't be loaded is left out with a warning."""
    from importlib.metadata import entry_points  # slow to import, and only needed where radios are

    kinds = {sensor.kind for sensor in BUILT_IN}
    added = []
    for entry in entry_points(group=GROUP):
        try:
            sensor = entry.load()
        except Exception as error:  # another's package may fail in any way, and must not take the others with it
            warnings.warn(f"The sensor {entry.name!r} of {entry.value} can't be loaded: {error}", stacklevel=2)
            continue
        if not isinstance(sensor, Sensor) or sensor.kind in kinds:
            why = "its kind is taken" if isinstance(sensor, Sensor) else "it is no imu_tracker.sensors.base.Sensor"
            warnings.warn(f"The sensor {entry.name!r} of {entry.value} is left out: {why}.", stacklevel=2)
            continue
        kinds.add(sensor.kind)
        added.append(sensor)
    return (*added, *BUILT_IN)


def recognise(advert: Advertisement) -> Sensor | None:
    """The first kind that knows this advertisement as its own, None where none does."""
    return next((sensor for sensor in sensors() if sensor.recognises(advert)), None)


def find(kind: str) -> Sensor:
    """The sensor of this kind; raises UsageError with the names that are near."""
    known = {sensor.kind: sensor for sensor in sensors()}
    if kind not in known:
        near = difflib.get_close_matches(kind, known, n=2) or sorted(known)
        raise UsageError(f"There is no sensor of kind {kind!r}; there are {', '.join(near)}.")
    return known[kind]
