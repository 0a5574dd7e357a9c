"""imu-tracker: counted reps, their tempo and the pelvis, from a worn IMU, offline."""

__version__ = "0.1.0"
