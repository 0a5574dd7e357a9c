"""OpenSim's storage format for OpenSense: orientations as quaternions, one column a sensor.

Lines of `key=value` up to `endheader` (`DataType=Quaternion` among them), the labels, `time` first, and rows of tabs with a
quaternion's four numbers between commas, w first; times need not be evenly spaced (OpenSim's page on .sto files, and what its
DelimFileAdapter reads). A sensor's label is the model's body with `_imu`: the IMU Placer goes by these names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from imu_tracker.errors import UsageError
from imu_tracker.files.writing import write_text
from imu_tracker.numeric import Floats

# Bodies of OpenSim's full-body models, as Rajagopal's; a sensor at the wrist is on the forearm.
_BODIES = {
    "pelvis": "pelvis",
    "chest": "torso",
    **{f"{segment}_{side}": f"{body}_{side[0]}" for side in ("left", "right") for segment, body in (
        ("thigh", "femur"), ("shank", "tibia"), ("upper_arm", "humerus"), ("wrist", "radius"))},
}  # fmt: skip


def imu_label(placement: str) -> str:
    """The column's label for a placement; one that no body stands for keeps its own word."""
    return f"{_BODIES.get(placement, placement.replace(' ', '_'))}_imu"


def write_sto(path: str | Path, t: Floats, quaternions: Mapping[str, Floats], rate_hz: float) -> None:
    """Orientations by placement (M, 4) at times (M,) s: sensor to an earth frame with z up, whose heading is each sensor's own.

    OpenSim's y is up: its tools turn this by `sensor_to_opensim_rotations` of -90 degrees about x. Raises FileError, and
    UsageError where there is nothing to write.
    """
    if not len(t) or not quaternions:
        raise UsageError(f"{path}: there is no moment at which all sensors have an orientation.")
    head = (
        f"DataRate={rate_hz:.6f}\nDataType=Quaternion\nversion=3\n"
        "Frame=sensor to earth, z up, heading arbitrary for each sensor\nendheader\n"
    )
    labels = "\t".join(["time", *map(imu_label, quaternions)])
    cells = [np.char.mod("%.6f", t)]
    for q in quaternions.values():
        numbers = np.char.mod("%.8f", q)
        cells.append(np.array([",".join(row) for row in numbers]))
    rows = "\n".join("\t".join(row) for row in zip(*cells, strict=True))
    write_text(path, f"{head}{labels}\n{rows}\n")
