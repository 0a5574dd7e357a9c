"""A made-up movement that obeys physics, and ways to store it: for the tests of the files room."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from imu_tracker.errors import ImuTrackerError
from imu_tracker.files.reading import read_recording
from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.recording import Recording

SHARED = Path(__file__).resolve().parents[3] / "shared"


def motion(seconds: float = 30.0, rate_hz: float = 100.0, swing_rad: float = 0.5, seed: int = 0) -> tuple[Floats, Floats, Floats]:
    """Rest for 3 s, then a slow swing about the sensor's x axis: t (N,), acc (N, 3) m/s², gyr (N, 3) rad/s, with some noise."""
    rng = np.random.default_rng(seed)
    t = np.round(np.arange(round(seconds * rate_hz)) / rate_hz, 6)
    moving = t > 3.0
    w = 2 * np.pi * 0.4
    angle = np.where(moving, swing_rad * (1 - np.cos(w * (t - 3.0))) / 2, 0.0)
    rate = np.where(moving, swing_rad * w * np.sin(w * (t - 3.0)) / 2, 0.0)
    up = np.column_stack([np.zeros_like(t), np.sin(angle), np.cos(angle)])
    acc = GRAVITY_M_S2 * up + rng.normal(0, 0.02, up.shape)
    gyr = np.column_stack([rate, np.zeros_like(t), np.zeros_like(t)]) + rng.normal(0, 0.005, up.shape)
    return t, np.round(acc, 5), np.round(gyr, 6)


def text(heading: str, columns: Sequence[Floats], comma: str = ",", decimal: str = ".", digits: int = 6) -> str:
    """A table in text: a heading and rows."""
    rows = np.column_stack(columns)
    lines = [comma.join(f"{x:.{digits}f}".replace(".", decimal) for x in row) for row in rows]
    return "\n".join([heading, *lines]) + "\n"


def plain(t: Floats, acc: Floats, gyr: Floats | None = None) -> str:
    """The plain table of the interface, in text."""
    if gyr is None:
        return text("t,ax,ay,az", [t, acc])
    return text("t,ax,ay,az,gx,gy,gz", [t, acc, gyr])


def put(folder: Path, name: str, content: str | bytes) -> Path:
    """A file with this content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    """A zip of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in members.items():
            z.writestr(name, content)
    return out.getvalue()


def outcome(path: Path) -> Recording | None:
    """What a file gives: a recording, or an error of the family that names the file; anything else fails the test."""
    try:
        return read_recording([path])
    except ImuTrackerError as e:
        message = str(e)
    assert path.name in message
    assert "\n" not in message
    return None
