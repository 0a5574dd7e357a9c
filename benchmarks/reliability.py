"""Whether confidence means what it says: of the reps with confidence 0.9, nine in ten are right.

    python benchmarks/reliability.py [--sessions 20] [--fit] [--evaluation] [--real]

--fit fits the map of `imu_tracker/reps/confidence.py` on simulated people (training seeds, --sessions of each exercise, told
nothing) and prints its coefficients, to be put there: the one command to run after the counter or the simulator has changed.
Whatever is asked for, a table then shows ten bins of stated confidence, the share that was right and how many there were, on
other simulated people (training seeds that --fit doesn't use, or the evaluation seeds with --evaluation), with the coefficients
just fitted, or else with those that are there. --real shows the same on recordings in ../shared: reps against the boundaries of
uci s1, after the best one shift a recording (its labels follow a spoken script), and, for recordings with a count alone, the
mean confidence against whether the count was exact.

Right: overlaps a true rep by half of what both cover, one to one, the best overlaps first. A rep found where there was no set, or
in a hold, is wrong.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imu_tracker.motion import motion_of, to_grid
from imu_tracker.numeric import Floats
from imu_tracker.recording import Recording, stream_from_samples
from imu_tracker.reps import describe_reps, exercise_sets
from imu_tracker.reps.confidence import ConfidenceParameters, evidence, probabilities
from imu_tracker.simulate.evaluation import ALL_EXERCISES, Example, evaluation, training

MEASURE = Path(__file__).resolve().parents[2] / "shared" / "measure"
APART = 100_000  # examples between the people that are fitted on and those that are measured on
NUDGES_S = np.arange(-1.5, 1.51, 0.1)
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Found:
    """The reps found in one recording: (start, end) times (N, 2) s, and what speaks against each (N, K)."""

    times: Floats
    doubts: Floats


def found_in(recording: Recording) -> Found:
    """What the counter finds in a recording of one sensor, told nothing."""
    (stream,) = recording.streams.values()
    motions = tuple(motion_of(piece) for piece in to_grid(stream, recording.start_s))
    times, doubts = [np.zeros((0, 2))], [np.zeros((0, len(fields(ConfidenceParameters)) - 1))]
    for one in exercise_sets(motions):
        reps = describe_reps(motions, one.cuts, one.fit)
        times.append(np.array([(r.start_s, r.end_s) for r in reps]))
        doubts.append(evidence(motions, reps, one.fit))
    return Found(np.concatenate(times), np.concatenate(doubts))


def right(true: Floats, found: Floats) -> Bools:
    """Which of the found intervals (N, 2) stand for a true one (M, 2): one to one, by half of what both cover."""
    out = np.zeros(len(found), bool)
    if not len(true) or not len(found):
        return out
    shared = np.minimum(true[:, None, 1], found[None, :, 1]) - np.maximum(true[:, None, 0], found[None, :, 0])
    covered = np.maximum(true[:, None, 1], found[None, :, 1]) - np.minimum(true[:, None, 0], found[None, :, 0])
    share = np.maximum(shared, 0.0) / np.maximum(covered, 1e-9)
    taken = np.zeros(len(true), bool)
    for k in np.argsort(-share, axis=None, kind="stable"):
        i, j = divmod(int(k), len(found))
        if share[i, j] < 0.5:
            break
        if not taken[i] and not out[j]:
            taken[i] = out[j] = True
    return out


def _simulated(job: tuple[int, bool]) -> tuple[Floats, Bools]:
    k, final = job
    example: Example = next(iter((evaluation if final else training)(1, start=k)))
    found = found_in(example.recording)
    true = np.array([(r.start_s, r.end_s) for s in example.truth.sets for r in s.reps]).reshape(-1, 2)
    return found.doubts, right(true, found.times)


def simulated(n: int, start: int, final: bool = False) -> tuple[Floats, Bools]:
    """Doubts (N, K) and whether right (N,) of all reps found in n simulated sessions."""
    with ProcessPoolExecutor() as pool:
        parts = list(pool.map(_simulated, [(k, final) for k in range(start, start + n)], chunksize=8))
    return np.concatenate([d for d, _ in parts]), np.concatenate([r for _, r in parts])


def fitted(doubts: Floats, was_right: Bools) -> ConfidenceParameters:
    """The most likely coefficients (a touch of ridge, 1e-3 a rep) of which none turns a doubt into its opposite."""
    from scipy.optimize import minimize

    x = np.column_stack([np.ones(len(doubts)), -doubts])
    y = was_right.astype(float)

    def loss(w: Floats) -> tuple[float, Floats]:
        z = x @ w
        ridge = 1e-3 * x.var(axis=0) * w  # the constant column has no variance
        value = float(np.mean(np.logaddexp(0.0, z) - y * z) + 0.5 * ridge @ w)
        slope: Floats = x.T @ (1.0 / (1.0 + np.exp(-z)) - y) / len(y) + ridge
        return value, slope

    bounds = [(None, None)] + [(0.0, None)] * doubts.shape[1]
    w = minimize(loss, np.zeros(x.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B").x
    return ConfidenceParameters(*(round(float(v), 2) for v in w))


def table(title: str, stated: Floats, was_right: Bools) -> None:
    """Print ten bins: mean stated confidence, the share that was right, how many."""
    error = float(np.mean((stated - was_right) ** 2))
    print(f"\n{title}: {len(stated)} in all, {np.mean(was_right):.3f} right, squared error {error:.3f}")
    print(f"{'confidence':>12} {'stated':>7} {'right':>7} {'n':>7}")
    bins = np.clip((stated * 10).astype(int), 0, 9)
    for k in range(10):
        inside = bins == k
        if inside.any():
            print(
                f"{k / 10:>7.1f}-{(k + 1) / 10:.1f} {stated[inside].mean():7.2f} {was_right[inside].mean():7.2f} {inside.sum():7}"
            )


# ---- real recordings ------------------------------------------------------------------------------------------------


def measure() -> Any:
    """The shared scoreboard, which knows the recordings and their counts; None where it isn't there."""
    path = MEASURE / "reps.py"
    if not path.is_file():
        return None
    sys.path.insert(0, str(MEASURE))
    spec = importlib.util.spec_from_file_location("shared_reps", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def real() -> Iterator[tuple[dict[str, Any], Found]]:
    """The recordings with a known count (labels that plots contradict aside), and what is found in each."""
    board = measure()
    if board is None:
        sys.exit(f"There are no real recordings: {MEASURE} isn't there.")
    for item in board.items("dev"):
        if item["name"].startswith(tuple(board.SUSPECT)):
            continue
        x = board.table(item)
        gyr = x[["gx", "gy", "gz"]].to_numpy(float) if "gx" in x else None
        stream = stream_from_samples(x["t"].to_numpy(float), x[["ax", "ay", "az"]].to_numpy(float), gyr)
        yield item, found_in(Recording({"unknown": stream}))


def shifted(true: Floats, found: Floats) -> Bools:
    """Which of the found reps are right after the one shift of the labels that makes most of them so."""
    return max((right(true + d, found) for d in NUDGES_S), key=lambda ok: int(ok.sum()))


def on_real(p: ConfidenceParameters) -> None:
    """Print the tables on real recordings."""
    reps: list[tuple[Floats, Bools]] = []
    counts: dict[str, list[tuple[float, float, int]]] = {}
    for item, found in real():
        stated = probabilities(found.doubts, p)
        if item["truth"]:
            true = np.array([(a, b) for a, b, _ in item["truth"]])
            reps.append((stated, shifted(true, found.times)))
        counts.setdefault(item["dataset"], []).append(
            (float(stated.mean()) if len(stated) else 0.0, float(stated.sum()), len(stated) - item["count"])
        )
    if reps:
        table("real reps with boundaries (uci s1)", np.concatenate([s for s, _ in reps]), np.concatenate([r for _, r in reps]))
    everything = [c for rows in counts.values() for c in rows]
    table(
        "real recordings, mean confidence against an exact count",
        np.array([mean for mean, _, _ in everything]),
        np.array([error == 0 for _, _, error in everything]),
    )
    print(f"\n{'dataset':28}{'n':>5}{'exact':>7}{'confidence where exact':>24}{'where not':>11}{'surer is exact':>16}")
    for name, rows in counts.items():
        mean, exact = np.array([r[0] for r in rows]), np.array([r[2] == 0 for r in rows])
        where = [f"{mean[k].mean():.2f}" if k.any() else "-" for k in (exact, ~exact)]
        print(f"{name:28}{len(rows):5}{exact.mean():7.2f}{where[0]:>24}{where[1]:>11}{_chance(mean[exact], mean[~exact]):>16}")


def _chance(high: Sequence[float] | Floats, low: Sequence[float] | Floats) -> str:
    """How often a value of the first exceeds one of the second (area under the curve)."""
    if not len(high) or not len(low):
        return "-"
    more = np.asarray(high)[:, None] - np.asarray(low)[None, :]
    return f"{np.mean((more > 0) + 0.5 * (more == 0)):.2f}"


def main() -> None:
    """Fit where asked, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=20, help="sessions an exercise")
    parser.add_argument("--fit", action="store_true", help="fit the map and print its coefficients")
    parser.add_argument("--evaluation", action="store_true", help="measure on the evaluation seeds: for final figures alone")
    parser.add_argument("--real", action="store_true", help="measure on ../shared too")
    args = parser.parse_args()
    n = args.sessions * len(ALL_EXERCISES)
    p = ConfidenceParameters()
    if args.fit:
        doubts, was_right = simulated(n, 0)
        p = fitted(doubts, was_right)
        print(f"fitted on {len(was_right)} reps found in {n} simulated sessions; for imu_tracker/reps/confidence.py:")
        for f in fields(p):
            print(f"    {f.name}: float = {getattr(p, f.name)}")
    doubts, was_right = simulated(n, 0 if args.evaluation else APART, args.evaluation)
    table("simulated people not fitted on", probabilities(doubts, p), was_right)
    if args.real:
        on_real(p)


if __name__ == "__main__":
    main()
