"""Where sessions are kept on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "IMU_TRACKER_STORE"
NAME = "imu-tracker"


def store_folder(
    given: str | None = None,
    environment: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
    home: Path | None = None,
) -> Path:
    """The folder that holds the sessions' folders: the one given, else the environment's, else the system's place for data.

    It need not exist yet.
    """
    named = given or environment.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    home = home or Path.home()
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / NAME
    if platform == "darwin":
        return home / "Library" / "Application Support" / NAME
    data = environment.get("XDG_DATA_HOME", "")
    return (Path(data) if Path(data).is_absolute() else home / ".local" / "share") / NAME
