"""From the air to samples: scanning, connections that mend themselves, sample times, recordings that survive a crash."""
