"""The command that makes the activity model: what it learns from, and that it learns it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))

from make_activity import Sample, fit, is_exercise, samples_of

from imu_tracker.reps import FoundSet
from imu_tracker.reps.activity import parse_model
from imu_tracker.reps.evidence import FIGURES
from imu_tracker.simulate import simulate


def test_a_set_found_in_a_true_one_is_exercise_and_one_across_its_end_is_neither() -> None:
    movement, truth = simulate("squat", 5)
    reps = [(r.start_s, r.end_s) for r in truth.sets[0].reps]
    length = reps[-1][1] - reps[0][0]

    def found(cuts: list[tuple[float, float]]) -> FoundSet:
        return FoundSet(np.array(cuts), 0.9, 1.0)

    assert is_exercise(found(reps), movement)
    assert is_exercise(found([(a - length, b - length) for a, b in reps]), movement) is False
    assert is_exercise(found([(a - length / 2, b - length / 2) for a, b in reps]), movement) is None
    tremble = [(reps[0][0] + k / 8, reps[0][0] + (k + 1) / 8) for k in range(8)]
    assert is_exercise(found(tremble), movement) is None


def test_the_fitted_model_says_what_the_samples_say() -> None:
    rng = np.random.default_rng(0)
    samples = []
    for k in range(600):
        figures = rng.normal(size=len(FIGURES))
        exercise = bool(rng.random() < 1.0 / (1.0 + np.exp(-2.0 * figures[0] + 1.0)))  # the first figure alone decides
        samples.append(Sample("sets", k, "pelvis", tuple(figures.tolist()), exercise))
    model = parse_model(json.dumps(fit(samples)))
    usual = dict.fromkeys(FIGURES, 0.0)
    for first in (-1.0, 0.5, 1.5):
        truth = 1.0 / (1.0 + np.exp(-2.0 * first + 1.0))
        assert abs(model.probability({**usual, FIGURES[0]: first}) - truth) < 0.12
    assert abs(model.probability({**usual, FIGURES[3]: 1.0}) - model.probability(usual)) < 0.12


def test_a_session_without_exercise_gives_only_what_is_none() -> None:
    samples = samples_of(("everyday", 3))
    assert samples
    assert not any(s.exercise for s in samples)
    assert samples == samples_of(("everyday", 3))
