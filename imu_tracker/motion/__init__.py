"""From samples to the motion of the sensor: a common 100 Hz grid, orientation, gravity and linear acceleration."""

from imu_tracker.motion.grid import GRID_HZ, GridPiece, grid_rows, to_grid
from imu_tracker.motion.orientation import Motion, motion_of, motions_of, orientations, refined

__all__ = ["GRID_HZ", "GridPiece", "Motion", "grid_rows", "motion_of", "motions_of", "orientations", "refined", "to_grid"]
