"""Packages that only some formats need, imported where they are used."""

from __future__ import annotations

import importlib
from typing import Any

from imu_tracker.errors import FileError


def imported(module: str, extra: str, path: object) -> Any:
    """A module of one of the project's extras; raises FileError, which says how to get it, where it isn't installed.

    path: the file that needs it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as e:
        raise FileError(path, f'this format needs an extra: pip install "imu-tracker[{extra}]".') from e
