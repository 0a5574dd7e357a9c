"""Sensors: who is who in an advertisement, what to write to them, and their bytes as samples. Pure: no radio, no clock."""
