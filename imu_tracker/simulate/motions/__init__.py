"""One small function a motion: it writes the moves of one part of a session, and notes what is true of it.

To add an exercise: an entry in the catalogue, a function `(Actor, Part, Exercise) -> None` written for one working side, and its
name in MOTIONS. The function starts in upright standing at `actor.now`, ends there, and moves the clock on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from imu_tracker.exercises import Exercise
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.band_walk import lateral_band_walk
from imu_tracker.simulate.motions.bridges import frog_pump, glute_bridge, hip_thrust
from imu_tracker.simulate.motions.chair import sit_to_stand
from imu_tracker.simulate.motions.daily import fumble, lying, pick_up, shifting, sitting
from imu_tracker.simulate.motions.everyday import bows, quiet, standing_about
from imu_tracker.simulate.motions.floor_legs import plank_hip_extension, prone_hip_extension, straight_leg_raise
from imu_tracker.simulate.motions.gait import march, walk
from imu_tracker.simulate.motions.holds import single_leg_wall_sit, wall_lean
from imu_tracker.simulate.motions.household import busy_hands, fidgeting, jiggling, stairs, stretching, turning
from imu_tracker.simulate.motions.monster_walk import monster_walk
from imu_tracker.simulate.motions.one_leg import hip_abduction_standing, single_leg_deadlift
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.platform import lateral_step_up, step_up
from imu_tracker.simulate.motions.side_lying import clamshell, side_lying_abduction, side_plank_abduction
from imu_tracker.simulate.motions.single_leg import single_leg_squat
from imu_tracker.simulate.motions.upright import lunge, side_lunge, squat

Motion = Callable[[Actor, Part, Exercise], None]

MOTIONS: Mapping[str, Motion] = {
    "frog_pump": frog_pump,
    "hip_thrust": hip_thrust,
    "lateral_step_up": lateral_step_up,
    "single_leg_deadlift": single_leg_deadlift,
    "single_leg_squat": single_leg_squat,
    "lateral_band_walk": lateral_band_walk,
    "monster_walk": monster_walk,
    "clamshell": clamshell,
    "side_lying_abduction": side_lying_abduction,
    "side_plank_abduction": side_plank_abduction,
    "plank_hip_extension": plank_hip_extension,
    "wall_lean": wall_lean,
    "single_leg_wall_sit": single_leg_wall_sit,
    "glute_bridge": glute_bridge,
    "squat": squat,
    "lunge": lunge,
    "side_lunge": side_lunge,
    "hip_abduction_standing": hip_abduction_standing,
    "prone_hip_extension": prone_hip_extension,
    "straight_leg_raise": straight_leg_raise,
    "sit_to_stand": sit_to_stand,
    "step_up": step_up,
}

# What isn't exercise; the second name is the catalogue's.
EVERYDAY: Mapping[str, tuple[Callable[[Actor, Part], None], str]] = {
    "quiet": (quiet, "standing"),
    "bows": (bows, "transition"),
    "walk": (walk, "walking"),
    "march": (march, "walking"),
    "rest": (standing_about, "standing"),
    "shift": (shifting, "standing"),
    "sit": (sitting, "sitting"),
    "lie": (lying, "lying"),
    "pick_up": (pick_up, "transition"),
    "fumble": (fumble, "transition"),
    "turn": (turning, "walking"),
    "stairs": (stairs, "walking"),
    "hands": (busy_hands, "standing"),
    "stretch": (stretching, "standing"),
    "fidget": (fidgeting, "standing"),
    "jiggle": (jiggling, "sitting"),
}

__all__ = ["EVERYDAY", "MOTIONS", "Motion", "Part"]
