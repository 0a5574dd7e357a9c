"""A simulated person wearing simulated sensors: recordings whose truth is known."""

from imu_tracker.simulate.api import record, simulate, simulate_several
from imu_tracker.simulate.plan import SessionPlan, parse_plan, read_plan

__all__ = ["SessionPlan", "parse_plan", "read_plan", "record", "simulate", "simulate_several"]
