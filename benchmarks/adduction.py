"""How right a hip's adduction is on simulated people, the thigh's sensor turned at random about the thigh's length.

    python benchmarks/adduction.py [--sessions 60] [--evaluation] [--nominal]

Sessions of one exercise on one leg, sensors on the pelvis and on the working thigh; the analysis is told exercise and side. The
true adduction is the angle between the segments in the thigh's frontal plane, against quiet standing, at its highest in the rep
as it was found. A line an exercise: sets, those in which it was told, reps; median and 90th percentile of the error, mean stated
uncertainty and share of true ones inside (degrees). --nominal: turned by hand only. Training seeds, unless --evaluation is given.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np

from imu_tracker.analysis import Wish, analyze
from imu_tracker.exercises import find
from imu_tracker.numeric import Floats
from imu_tracker.simulate.api import simulate
from imu_tracker.simulate.body import Posture
from imu_tracker.simulate.drawing import draw_sensor, draw_worn
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS
from imu_tracker.simulate.wearing import draw_mounting, recording, rotation, wear

FIRST = 900  # of the seeds: the others have been looked at for other things
ON_ONE_LEG = tuple(n for n in ALL_EXERCISES if find(n).stance_rule == "working_leg" and find(n).pattern != "hold")


@dataclass
class Score:
    """Of one exercise. reps: rows error, stated uncertainty, degrees."""

    sets: int = 0
    told: int = 0
    reps: list[tuple[float, float]] = field(default_factory=list)


def true_adduction_deg(posture: Posture, side: str, quiet: tuple[float, float]) -> Floats:
    """Of one hip, (N,) at the posture's times, against its own quiet standing."""
    up = {name: posture.turn[name][:, 2, 1] for name in ("pelvis", f"thigh_{side}")}
    obliquity, thigh = (np.degrees(np.arcsin(np.clip(x, -1.0, 1.0))) for x in up.values())
    adduction = (obliquity - thigh) * (1.0 if side == "left" else -1.0)
    at_rest = (posture.t >= quiet[0]) & (posture.t < quiet[1])
    out: Floats = adduction - adduction[at_rest].mean()
    return out


def measure(name: str, seed: int, nominal: bool, score: Score) -> None:
    """Adds one session."""
    movement, truth = simulate(name, seed)
    side = truth.sets[0].side
    if side not in ("left", "right"):
        return
    rng = np.random.default_rng([seed, 77])
    sensor, thigh = draw_sensor(rng), f"thigh_{side}"
    worn = {"pelvis": draw_worn(rng, "pelvis", [name]), thigh: draw_mounting(rng)}
    if not nominal:
        about = rotation(np.array([0.0, 0.0, rng.uniform(0.0, 2.0 * np.pi)]))
        worn[thigh] = replace(worn[thigh], turn=about @ worn[thigh].turn)
    samples = {where: wear(movement.posture, where, mounting, sensor, rng) for where, mounting in worn.items()}
    true = true_adduction_deg(movement.posture, side, truth.quiet[0])
    for one in analyze(recording(samples), Wish(name, side)).sets:
        score.sets += 1
        score.told += "hip_adduction_deg" not in one.unresolved
        for rep in one.reps:
            inside = (movement.t >= rep.start_s) & (movement.t < rep.end_s)
            if rep.hip_adduction_deg is not None and rep.hip_adduction_uncertainty_deg is not None and inside.any():
                score.reps.append((rep.hip_adduction_deg - float(true[inside].max()), rep.hip_adduction_uncertainty_deg))


def line(name: str, score: Score) -> str:
    """One of the table."""
    said = f"{name:24}{score.sets:5}{score.told:6}{len(score.reps):6}"
    if not score.reps:
        return said
    error, stated = np.abs(np.array(score.reps)).T
    inside = 100.0 * float((error <= stated).mean())
    return said + f"{np.median(error):8.2f}{np.quantile(error, 0.9):8.2f}{stated.mean():8.2f}{inside:7.0f} %"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=60)
    parser.add_argument("--evaluation", action="store_true")
    parser.add_argument("--nominal", action="store_true")
    asked = parser.parse_args()
    seeds = (EVALUATION_SEEDS if asked.evaluation else TRAINING_SEEDS)[FIRST : FIRST + asked.sessions]
    scores: dict[str, Score] = defaultdict(Score)
    for k, seed in enumerate(seeds):
        name = ON_ONE_LEG[k % len(ON_ONE_LEG)]
        measure(name, seed, asked.nominal, scores[name])
    print(f"{'':24} sets  told  reps  median    90 %  stated  inside")
    for name, score in scores.items():
        print(line(name, score))
    every = scores.values()
    print(line("all", Score(sum(s.sets for s in every), sum(s.told for s in every), [r for s in every for r in s.reps])))


if __name__ == "__main__":
    main()
