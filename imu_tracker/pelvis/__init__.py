"""What a sensor on the pelvis tells of the pelvis: which leg stands."""
