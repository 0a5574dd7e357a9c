"""The pelvis: its axes in the sensor, its angles, which leg stands, and how far the free side drops."""
