"""Where the sets are, the reps in them, and the phases of each: no training, no placement, no exercise name needed."""

from imu_tracker.reps.activity import exercise_sets, judge_sets
from imu_tracker.reps.figures import SetFigures, figures_of
from imu_tracker.reps.guided import GuideParameters, Template, guided_sets, template_of, with_others
from imu_tracker.reps.holds import Hold, HoldParameters, find_holds
from imu_tracker.reps.joining import JoinParameters, join_sets
from imu_tracker.reps.phases import PhaseParameters, describe_reps
from imu_tracker.reps.sets import FoundSet, clear_sets, find_sets

__all__ = [
    "FoundSet",
    "GuideParameters",
    "Hold",
    "HoldParameters",
    "JoinParameters",
    "PhaseParameters",
    "SetFigures",
    "Template",
    "clear_sets",
    "describe_reps",
    "exercise_sets",
    "figures_of",
    "find_holds",
    "find_sets",
    "guided_sets",
    "join_sets",
    "judge_sets",
    "template_of",
    "with_others",
]
