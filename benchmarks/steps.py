"""How right steps with a band are on simulated people: count, direction, and which leg stands when.

    python benchmarks/steps.py [--sessions 50] [--evaluation] [--yaw-deg 15]

Sessions of one exercise each, from the last bow (or the quiet standing) to the end of the recording, so with the way there,
getting set and whatever comes after; any sensor. The axes are the true ones but for the vertical, which quiet standing gives, and
a yaw error of up to --yaw-deg. exact, within1: sets with that count. way: steps found with their direction. stance: swings that
the found ones of the same leg overlap; iou: how far they do, median. Training seeds, unless --evaluation is given.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from imu_tracker.exercises import find
from imu_tracker.motion import motion_of, to_grid
from imu_tracker.motion.mounting import quiet_standing
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.stepping import SideStep, find_steps
from imu_tracker.simulate.api import simulate
from imu_tracker.simulate.drawing import draw_sensor, draw_worn
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS
from imu_tracker.simulate.truth import Truth
from imu_tracker.simulate.wearing import recording, wear

STEPPING = tuple(name for name in ALL_EXERCISES if find(name).pattern == "steps")


@dataclass(frozen=True)
class Score:
    """One set: steps more than there were, which steps have their direction, how far each true swing is overlapped."""

    too_many: int
    directions: tuple[bool, ...]
    overlaps: tuple[float, ...]


def walker_axes(left: Floats, up: Floats, yaw_rad: float) -> Floats:
    """Axes (3, 3) as find_steps takes them, from left (3,) and up (3,) in sensor coordinates, turned about the vertical."""
    y = left - (left @ up) * up
    y /= np.linalg.norm(y)
    x, c, s = np.cross(y, up), np.cos(yaw_rad), np.sin(yaw_rad)
    return np.stack([c * x + s * y, c * y - s * x, up])


def score(exercise: str, seed: int, yaw_deg: float) -> Score:
    """What became of the steps of one session."""
    movement, truth = simulate(exercise, seed)
    rng = np.random.default_rng([seed, 3])
    sensor, mounting = draw_sensor(rng), draw_worn(rng, "pelvis", [exercise])
    worn = recording({"pelvis": wear(movement.posture, "pelvis", mounting, sensor, rng)})
    motions = tuple(motion_of(piece) for piece in to_grid(worn.streams["pelvis"], worn.start_s))
    standing = quiet_standing(motions)
    up = standing[0].up if standing else mounting.turn[2]
    axes = walker_axes(mounting.turn[1], up, float(np.deg2rad(rng.uniform(-yaw_deg, yaw_deg))))
    begin_s = truth.bows[-1][1] if truth.bows else truth.quiet[0][1]
    each_foot = find(exercise).side_rule == "alternating"
    return _compared(truth, find_steps(motions, axes, begin_s, worn.duration_s, each_foot))


def _compared(truth: Truth, found: tuple[SideStep, ...]) -> Score:
    (a_set,) = truth.sets
    directions = tuple(
        any(s.direction == rep.side and _overlap(rep.start_s, rep.end_s, s.start_s, s.end_s) > 0.5 for s in found)
        for rep in a_set.reps
    )
    swings = [w for step in found for w in step.swings]
    stances = [s for s in truth.stances if s.start_s < a_set.end_s and s.end_s > a_set.start_s]
    overlaps = tuple(
        max((_overlap(s.start_s, s.end_s, w.start_s, w.end_s) for w in swings if w.stance == s.side), default=0.0)
        for s in stances
    )
    return Score(len(found) - a_set.count, directions, overlaps)


def _overlap(start_s: float, end_s: float, other_start_s: float, other_end_s: float) -> float:
    """Common time over the time of both together, 0 where they don't meet."""
    common = min(end_s, other_end_s) - max(start_s, other_start_s)
    return max(common, 0.0) / (max(end_s, other_end_s) - min(start_s, other_start_s))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=50, help="sessions an exercise")
    parser.add_argument("--evaluation", action="store_true", help="the evaluation seeds")
    parser.add_argument("--yaw-deg", type=float, default=15.0)
    args = parser.parse_args()
    seeds = EVALUATION_SEEDS if args.evaluation else TRAINING_SEEDS
    print(f"{'exercise':20}{'sets':>5} {'exact':>7} {'within1':>7} {'way':>7} {'stance':>7} {'iou':>6}")
    for name in STEPPING:
        scores = [score(name, seed, args.yaw_deg) for seed in seeds[: args.sessions]]
        off = np.array([s.too_many for s in scores])
        way = np.mean([d for s in scores for d in s.directions])
        overlaps = np.array([o for s in scores for o in s.overlaps])
        figures = f"{np.mean(off == 0):7.3f} {np.mean(np.abs(off) <= 1):7.3f} {way:7.3f} {np.mean(overlaps > 0):7.3f}"
        print(f"{name:20}{len(scores):5} {figures} {np.median(overlaps):6.2f}")


if __name__ == "__main__":
    main()
