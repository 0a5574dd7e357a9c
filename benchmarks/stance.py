"""How often the standing leg is told right from one sensor on the pelvis, and how often nothing is said.

    python benchmarks/stance.py [--sessions 40] [--evaluation] [--true-reps] [--fit] [--pelvis-sets FOLDER]

Sessions of single-leg work with quiet standing, walking and getting into position around the sets; the sensor on the pelvis, its
axes known but for 15 degrees about the vertical. Repetitions and holds are those that the analysis finds when it is told the
exercise (--true-reps: the true ones). Of each exercise: sets, share of them with an answer, share of the answers that are right,
and the usual size of each figure on the true side. --fit prints the weights that fit these sessions best.

--pelvis-sets: a folder with recordings/ and truth.json (suite single_leg; side, reps, mount_rotvec_deg of each recording); its
true repetitions and axes are used, the axes turned by up to 15 degrees as well.

Training seeds, unless --evaluation is given (for final figures alone: see imu_tracker/simulate/evaluation.py).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imu_tracker.exercises import find
from imu_tracker.exercises.catalogue import Phase
from imu_tracker.files.reading import read_recording
from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.stance import StanceFigures, StanceGuess, StanceParameters, stance_figures, stance_leg
from imu_tracker.recording import Recording
from imu_tracker.reps import exercise_sets, find_holds
from imu_tracker.simulate.api import simulate
from imu_tracker.simulate.drawing import draw_sensor, draw_worn
from imu_tracker.simulate.evaluation import ALL_EXERCISES, EVALUATION_SEEDS, TRAINING_SEEDS
from imu_tracker.simulate.truth import TrueSet
from imu_tracker.simulate.wearing import recording, rotation, wear

ON_ONE_LEG = tuple(name for name in ALL_EXERCISES if find(name).stance_rule == "working_leg")
YAW_DEG = 15.0  # the axes are off by up to so much
STIFFNESS = 0.0005  # penalty of the fitted weights: what is always right would have infinite ones


@dataclass(frozen=True)
class Job:
    """One session: its exercise and how-manieth it is."""

    exercise: str
    k: int
    final: bool
    true_reps: bool


@dataclass(frozen=True)
class Answer:
    """What was made of one set. figures: above 0 where they speak for the true leg."""

    name: str
    exercise: str
    guess: StanceGuess
    right: bool
    figures: StanceFigures


def _answer(
    name: str, exercise: str, motions: tuple[Motion, ...], axes: Floats, reps: Floats, side: str | None, rise: Phase | None
) -> Answer:
    guess = stance_leg(motions, axes, reps, rise=rise)
    seen = stance_figures(motions, axes, reps, rise=rise) or StanceFigures(0.0, 0.0, 0.0)
    sign = 1.0 if side == "left" else -1.0
    figures = StanceFigures(sign * seen.onto, sign * seen.off, sign * seen.over)
    return Answer(name, exercise, guess, guess.side == side, figures)


def _motions(a_recording: Recording) -> tuple[Motion, ...]:
    (stream,) = a_recording.streams.values()
    return tuple(motion_of(piece) for piece in to_grid(stream, a_recording.start_s))


def _turned(axes: Floats, rng: np.random.Generator) -> Floats:
    """The axes with an error about the vertical."""
    out: Floats = rotation(np.array([0.0, 0.0, np.deg2rad(rng.uniform(-YAW_DEG, YAW_DEG))])) @ axes
    return out


def _true_spans(a_set: TrueSet) -> Floats:
    return np.array([(r.start_s, r.end_s) for r in a_set.reps] or [(a_set.start_s, a_set.end_s)])


def _found_spans(motions: tuple[Motion, ...], a_set: TrueSet) -> Floats | None:
    """What the analysis takes for the set: of all that overlaps it most; None where it is missed, or drowned in more."""
    if a_set.kind == "hold":
        found = [np.array([(h.start_s, h.end_s)]) for h in find_holds(motions)]
    else:
        found = [s.cuts for s in exercise_sets(motions, named=True)]
    shared = [min(cuts[-1, 1], a_set.end_s) - max(cuts[0, 0], a_set.start_s) for cuts in found]
    if not shared or max(shared) < 0.5 * (a_set.end_s - a_set.start_s):
        return None
    best = found[int(np.argmax(shared))]
    return best if max(shared) > 0.5 * (best[-1, 1] - best[0, 0]) else None


def answers_of(job: Job) -> list[Answer]:
    """What is said of the sets of one simulated session."""
    seeds = EVALUATION_SEEDS if job.final else TRAINING_SEEDS
    first = (ALL_EXERCISES.index(job.exercise) - seeds[0]) % len(ALL_EXERCISES)
    seed = seeds[first + job.k * len(ALL_EXERCISES)]
    movement, truth = simulate(job.exercise, seed)
    rng = np.random.default_rng([seed, 11])
    mounting = draw_worn(rng, "pelvis", [s.exercise for s in truth.sets])
    motions = _motions(recording({"pelvis": wear(movement.posture, "pelvis", mounting, draw_sensor(rng), rng)}))
    axes = _turned(mounting.turn, rng)
    out = []
    for a_set in truth.sets:
        spans = _true_spans(a_set) if job.true_reps else _found_spans(motions, a_set)
        if spans is not None:
            out.append(_answer(str(seed), job.exercise, motions, axes, spans, a_set.side, find(job.exercise).rise))
    return out


def answers_on_pelvis_sets(folder: Path) -> list[Answer]:
    """What is said of recordings with an optical truth."""
    out = []
    for k, (name, info) in enumerate(json.loads((folder / "truth.json").read_text(encoding="utf-8")).items()):
        if info["suite"] != "single_leg":
            continue
        motions = _motions(read_recording([folder / "recordings" / f"{name}.parquet"]))
        axes = _turned(rotation(np.deg2rad(info["mount_rotvec_deg"])), np.random.default_rng([k, 11]))
        reps = np.array([(r["start_s"], r["end_s"]) for r in info["reps"]])
        movement = name.split("_")[1]
        out.append(_answer(name, movement, motions, axes, reps, info["side"], find(info["exercise"]).rise))
    return out


def fitted(answers: Sequence[Answer]) -> Floats:
    """Weights (3,) of onto, off and over: penalised logistic regression without a constant (mirrored sets mirror)."""
    most = StanceParameters().most_over
    x = np.array([(a.figures.onto, a.figures.off, a.figures.over / most) for a in answers])
    w = np.zeros(3)
    for _ in range(50):
        wrong = 1.0 / (1.0 + np.exp(x @ w))
        gradient = x.T @ wrong / len(x) - STIFFNESS * w
        bend = (x * (wrong * (1 - wrong))[:, None]).T @ x / len(x) + STIFFNESS * np.eye(3)
        w = w + np.linalg.solve(bend, gradient)
    out: Floats = w / np.array([1.0, 1.0, most])
    return out


def _row(name: str, answers: Sequence[Answer]) -> str:
    said = [a for a in answers if a.guess.side is not None]
    right = f"{np.mean([a.right for a in said]):8.3f}" if said else f"{'-':>8}"
    usual = np.median([(a.figures.onto, a.figures.off, a.figures.over) for a in answers], axis=0)
    return f"{name:24}{len(answers):5}{len(said) / len(answers):10.2f}{right}" + "".join(f"{v:8.2f}" for v in usual)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=40, help="sessions an exercise")
    parser.add_argument("--evaluation", action="store_true", help="the evaluation seeds")
    parser.add_argument("--true-reps", action="store_true", help="the true repetitions, not those found")
    parser.add_argument("--fit", action="store_true", help="print the weights that fit best")
    parser.add_argument("--pelvis-sets", type=Path, help="a folder of recordings with an optical truth, in place of sessions")
    parser.add_argument("--jobs", type=int, default=None, help="processes")
    args = parser.parse_args()
    if args.pelvis_sets is not None:
        answers = answers_on_pelvis_sets(args.pelvis_sets)
    else:
        jobs = [Job(name, k, args.evaluation, args.true_reps) for name in ON_ONE_LEG for k in range(args.sessions)]
        with ProcessPoolExecutor(args.jobs) as pool:
            answers = [a for some in pool.map(answers_of, jobs, chunksize=4) for a in some]
    print(f"{'':24}{'sets':>5}{'answered':>10}{'right':>8}{'onto':>8}{'off':>8}{'over':>8}")
    for name in dict.fromkeys(a.exercise for a in answers):
        print(_row(name, [a for a in answers if a.exercise == name]))
    print(_row("all", answers))
    for a in answers:
        if a.guess.side is not None and not a.right:
            print(f"wrong: {a.exercise} {a.name}, {a.guess.confidence:.3f}, {a.figures}")
    if args.fit:
        print("weights of onto, off, over:", np.round(fitted(answers), 2))


if __name__ == "__main__":
    main()
