"""From a sensor to samples on disk: their times, the connection, and the recording that survives whatever happens."""
