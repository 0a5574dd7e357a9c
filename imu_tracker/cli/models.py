"""Which model names the exercises: the one that a command was given, else what was taught, else the built-in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imu_tracker.recognition.model import Model


def chosen_model(given: str | None) -> Model | None:
    """The model in the file given; else the built-in one with what was taught, None where nothing was. Raises ModelError."""
    if given is None:
        return None
    from imu_tracker.recognition.modelfile import load_model

    return load_model(given)
