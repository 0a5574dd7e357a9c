"""Recordings on disk: reading them into `Recording`, and writing tables, series and texts."""
