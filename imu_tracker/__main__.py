"""`python -m imu_tracker`: the same as `imu-tracker`."""

import sys

from imu_tracker.cli import main

if __name__ == "__main__":
    sys.exit(main())
