"""What each exercise is, as data: the catalogue and its reader."""

from imu_tracker.exercises.catalogue import Cue, Exercise, Span, find, load_catalogue, parse_catalogue

__all__ = ["Cue", "Exercise", "Span", "find", "load_catalogue", "parse_catalogue"]
