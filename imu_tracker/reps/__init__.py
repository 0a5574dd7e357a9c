"""Where the sets are, the reps in them, and the phases of each: no training, no placement, no exercise name needed."""

from imu_tracker.reps.joining import JoinParameters, join_sets
from imu_tracker.reps.phases import PhaseParameters, describe_reps
from imu_tracker.reps.sets import FoundSet, clear_sets, find_sets

__all__ = ["FoundSet", "JoinParameters", "PhaseParameters", "clear_sets", "describe_reps", "find_sets", "join_sets"]
