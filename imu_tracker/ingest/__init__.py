"""From the radio to a recording: sample times, the session folder, the link itself."""
