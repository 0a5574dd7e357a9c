"""Kept sessions: the store and its index, what a person says of a result as a layer over it, and what changed over sessions."""

from imu_tracker.session.applying import apply
from imu_tracker.session.edits import (
    AddRep,
    AddSet,
    Edit,
    Edits,
    EditsError,
    MoveBoundary,
    NameExercise,
    RemoveRep,
    RemoveSet,
    SetCount,
    SetSide,
    from_json,
    read_edits,
    to_json,
    write_edits,
)

__all__ = [
    "AddRep",
    "AddSet",
    "Edit",
    "Edits",
    "EditsError",
    "MoveBoundary",
    "NameExercise",
    "RemoveRep",
    "RemoveSet",
    "SetCount",
    "SetSide",
    "apply",
    "from_json",
    "read_edits",
    "to_json",
    "write_edits",
]
