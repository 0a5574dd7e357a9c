"""What a person says of a result: corrections, kept beside it as a layer, never in the data."""

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
