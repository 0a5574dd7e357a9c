"""What a sensor on the pelvis tells beyond reps: which leg stands, and where the pelvis hangs."""
