"""How right obliquity and pelvic drop are on simulated people, exercise by exercise.

    python benchmarks/pelvis.py [--sessions 10] [--evaluation] [--exercise NAME ...]

Sessions of one exercise, sensor on the pelvis in any mounting. The analysis is told the exercise; the standing leg of each set
is told where the exercise has a working leg. Columns: share of sessions in which the mounting was known, and from bows; RMS error
of obliquity inside true sets (median and 95th percentile over sessions, degrees); reps' drop against the true one: mean error and
share inside the stated uncertainty, whose mean follows; drop events: right, missed, and false ones; a true event within 1.5
degrees of the threshold, or an uncertain found one, is neither. Training seeds, unless --evaluation is given (for final figures).
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.analysis import Wish, analyze_with_series
from imu_tracker.exercises import find
from imu_tracker.motion import motion_of, to_grid
from imu_tracker.pelvis.measure import pelvis_of, prelude, with_drop
from imu_tracker.results import Set
from imu_tracker.simulate.evaluation import ALL_EXERCISES, Example, evaluation, training
from imu_tracker.simulate.truth import TrueSet

MEASURED = tuple(name for name in ALL_EXERCISES if find(name).stance_rule in ("working_leg", "alternating", "both_feet"))
GREY_DEG = 1.5


@dataclass(frozen=True)
class Score:
    """One session."""

    exercise: str
    how: str | None
    rmse_deg: float | None
    rep_errors: tuple[tuple[float, float], ...]
    right: int
    missed: int
    false: int


def score(example: Example) -> Score:
    """What the analysis made of a session."""
    exercise = find(example.exercise)
    session, series = analyze_with_series(example.recording, Wish(exercise=example.exercise))
    stream = example.recording.streams["pelvis"]
    motions = tuple(motion_of(piece) for piece in to_grid(stream, example.recording.start_s))
    pelvis = pelvis_of(prelude(motions), len(series.t), exercise, [(s.start_s, s.end_s) for s in session.sets])
    truth = example.truth
    errors: list[tuple[float, float]] = []
    right = missed = false = 0
    for true in truth.sets:
        for found in (
            s for s in session.sets if min(s.end_s, true.end_s) - max(s.start_s, true.start_s) > 0.5 * (s.end_s - s.start_s)
        ):
            told = found
            if exercise.stance_rule == "working_leg":
                told, _ = with_drop(replace(found, side=true.side), pelvis, exercise, true.drop_threshold_deg)
            errors += _rep_errors(true, told)
            counts = _events(true, told)
            right, missed, false = right + counts[0], missed + counts[1], false + counts[2]
    return Score(
        example.exercise,
        session.mounting.how,
        _rmse_deg(example, series.t, series.obliquity_deg),
        tuple(errors),
        right,
        missed,
        false,
    )


def _rmse_deg(example: Example, t: np.ndarray, obliquity_deg: np.ndarray) -> float | None:
    at, true = (np.array(example.truth.series[name]) for name in ("t", "obliquity_deg"))
    inside = np.zeros(len(at), bool)
    for s in example.truth.sets:
        inside |= (at >= s.start_s) & (at < s.end_s)
    error = (np.interp(at, t, obliquity_deg) - true)[inside]
    error = error[np.isfinite(error)]
    return float(np.sqrt(np.mean(error**2))) if len(error) else None


def _rep_errors(true: TrueSet, found: Set) -> list[tuple[float, float]]:
    """Error of drop and stated uncertainty of each found rep that holds the turn of a true one."""
    out = []
    for rep in true.reps:
        match = [r for r in found.reps if r.start_s <= rep.turn_s < r.end_s and r.drop_deg is not None]
        if match and rep.drop_deg is not None and match[0].drop_deg is not None and match[0].drop_uncertainty_deg is not None:
            out.append((abs(max(match[0].drop_deg, 0.0) - max(rep.drop_deg, 0.0)), match[0].drop_uncertainty_deg))
    return out


def _events(true: TrueSet, found: Set) -> tuple[int, int, int]:
    """Right, missed and false events of a set whose drop was resolved."""
    if not found.pelvic_drop.resolved or true.drop_threshold_deg is None:
        return 0, 0, 0
    inside = [e for e in true.drops if found.start_s <= e.start_s and e.end_s <= found.end_s]
    clear = [e for e in inside if e.peak_deg >= true.drop_threshold_deg + GREY_DEG]
    sure = [e for e in found.pelvic_drop.events if e.certain]
    hit = sum(any(min(e.end_s, f.end_s) > max(e.start_s, f.start_s) - 0.1 for f in sure) for e in clear)
    near = [r for r in true.reps if r.drop_deg is not None and r.drop_deg >= true.drop_threshold_deg - GREY_DEG]
    spans = [(r.start_s, r.end_s) for r in near] + [(e.start_s, e.end_s) for e in inside]
    false = sum(not any(min(f.end_s, b) > max(f.start_s, a) - 0.1 for a, b in spans) for f in sure)
    return hit, len(clear) - hit, false


def _one(job: tuple[bool, str, int]) -> Score:
    final, name, k = job
    (example,) = (evaluation if final else training)(1, (name,), ("pelvis",), start=k)
    return score(example)


def _row(name: str, scores: list[Score]) -> str:
    if not scores:
        return f"{name:24}   0"
    rmse = np.array([s.rmse_deg for s in scores if s.rmse_deg is not None])
    reps = np.array([r for s in scores for r in s.rep_errors]).reshape(-1, 2)
    known, bows = (np.mean([s.how in hows for s in scores]) for hows in (("bows", "motion", "nominal"), ("bows",)))
    angle = f"{np.median(rmse):6.2f} {np.percentile(rmse, 95):6.2f}" if len(rmse) else "     -      -"
    drop = (
        f"{len(reps):5} {reps[:, 0].mean():6.2f} {np.mean(reps[:, 0] <= reps[:, 1]):8.2f} {reps[:, 1].mean():7.2f}"
        if len(reps)
        else "    -      -        -       -"
    )
    right, missed, false = (sum(getattr(s, what) for s in scores) for what in ("right", "missed", "false"))
    return f"{name:24}{len(scores):4} {known:6.2f} {bows:6.2f} {angle} {drop} {right:6} {missed:6} {false:6}"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=10, help="sessions an exercise")
    parser.add_argument("--evaluation", action="store_true", help="the evaluation seeds")
    parser.add_argument("--exercise", nargs="*", choices=MEASURED, default=list(MEASURED))
    args = parser.parse_args()
    jobs = [(args.evaluation, name, k) for name in args.exercise for k in range(args.sessions)]
    with ProcessPoolExecutor() as pool:
        scores = list(pool.map(_one, jobs, chunksize=2))
    head = "known   bows   rmse    p95  reps  error  covered  stated  right missed  false"
    print(f"{'exercise':24}{'n':>4}  {head}")
    for name in args.exercise:
        print(_row(name, [s for s in scores if s.exercise == name]))
    print(_row("all, from bows", [s for s in scores if s.how == "bows"]))
    print(_row("all, without", [s for s in scores if s.how not in ("bows", None)]))


if __name__ == "__main__":
    main()
