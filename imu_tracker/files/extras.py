"""Packages that only some formats and options need, imported where they are used."""

from __future__ import annotations

import importlib
from typing import Any

from imu_tracker.errors import MissingExtra


def imported(module: str, extra: str, needed_by: object) -> Any:
    """A module of one of the project's extras, for a file or an option; raises MissingExtra where it isn't installed."""
    try:
        return importlib.import_module(module)
    except ImportError as e:
        raise MissingExtra(needed_by, extra) from e
