"""Labelled recordings for training and for evaluation, from seeds that never meet.

TRAINING_SEEDS are for fitting models and for tuning thresholds. EVALUATION_SEEDS are for measuring what came of it, and for
nothing else: who looks at one of them to mend something moves it out of the set by saying so here. Neither range changes
without being named in the note that goes with the change, since figures before and after aren't comparable.

The bundled recordings (`datasets/`) and the tests use seeds below 1000, which belong to neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from imu_tracker.errors import UsageError
from imu_tracker.exercises import load_catalogue
from imu_tracker.recording import Recording
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.motions import MOTIONS
from imu_tracker.simulate.truth import Truth

TRAINING_SEEDS = range(1_000, 900_000)
EVALUATION_SEEDS = range(1_000_000, 1_010_000)

THE_THIRTEEN = tuple(name for name in load_catalogue() if name in MOTIONS)[:13]
ALL_EXERCISES = tuple(name for name in load_catalogue() if name in MOTIONS)


@dataclass(frozen=True)
class Example:
    """One simulated session with one exercise in it (some on both sides), what sensors recorded, and what was true."""

    seed: int
    exercise: str
    recording: Recording
    truth: Truth


Placements = tuple[str, ...]


def training(
    n: int, exercises: Sequence[str] = ALL_EXERCISES, placements: tuple[str, ...] = (), start: int = 0
) -> Iterator[Example]:
    """n examples from the training seeds, the exercises in turn; `start` skips so many. Placements as in `record`."""
    yield from _examples(_taken(TRAINING_SEEDS, start, n), exercises, placements)


def evaluation(
    n: int, exercises: Sequence[str] = ALL_EXERCISES, placements: tuple[str, ...] = (), start: int = 0
) -> Iterator[Example]:
    """n examples from the evaluation seeds; never to be trained or tuned on."""
    yield from _examples(_taken(EVALUATION_SEEDS, start, n), exercises, placements)


def _taken(seeds: range, start: int, n: int) -> range:
    if start < 0 or n < 0 or start + n > len(seeds):
        raise UsageError(f"There are {len(seeds)} seeds in this set; {start} to {start + n} were asked for.")
    return seeds[start : start + n]


def _examples(seeds: Iterable[int], exercises: Sequence[str], placements: Placements) -> Iterator[Example]:
    for seed in seeds:
        name = exercises[seed % len(exercises)]
        movement, truth = simulate(name, seed)
        yield Example(seed, name, record(movement, seed, placements), truth)
