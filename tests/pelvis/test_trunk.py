"""How far the trunk leans over the standing leg, from a second sensor on the chest."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from leaning import leaning

from imu_tracker.analysis import Wish, analyze
from imu_tracker.motion import Motion
from imu_tracker.pelvis.trunk import NO_CHEST, NO_SIDE, TOO_FAR_FORWARD
from imu_tracker.recording import Recording, Stream, stream_from_samples
from imu_tracker.results import Set
from imu_tracker.simulate import record, simulate

Course = list[tuple[float, float]]


def stream(m: Motion) -> Stream:
    assert m.gyr is not None
    return stream_from_samples(np.arange(len(m)) / 100.0, m.acc, m.gyr)


def one_set(lean_deg: float, forward_deg: float = 0.0, chest: bool = True, side: Literal["left", "right"] | None = "left") -> Set:
    """Six squats on one leg in which the trunk's left side goes up by lean_deg."""
    course: Course = [(0.0, 0.0)]
    for k in range(6):
        course += [(6.0 + 4.0 * k, 0.0), (7.4 + 4.0 * k, 1.0), (8.8 + 4.0 * k, 0.0)]
    course.append((34.0, 0.0))
    pelvis = leaning([(t, 15.0 * x) for t, x in course], duration_s=34.0)
    trunk = leaning([(t, forward_deg * x) for t, x in course], [(t, lean_deg * x) for t, x in course], duration_s=34.0)
    streams = {"pelvis": stream(pelvis)} | ({"chest": stream(trunk)} if chest else {})
    (one,) = analyze(Recording(streams), Wish("single_leg_squat", side)).sets
    return one


@pytest.mark.parametrize(("side", "lean_deg"), [("left", -10.0), ("right", 10.0)])
def test_leaning_over_the_standing_leg_is_positive_on_either_side(side: Literal["left", "right"], lean_deg: float) -> None:
    one = one_set(lean_deg, side=side)
    assert [r.trunk_lean_deg for r in one.reps] == pytest.approx([10.0] * 6, abs=1.0)
    assert "trunk_lean_deg" not in one.unresolved


def test_leaning_away_from_it_is_none() -> None:
    assert all(r.trunk_lean_deg is not None and r.trunk_lean_deg < 1.0 for r in one_set(10.0).reps)


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (lambda: one_set(-10.0, chest=False), NO_CHEST),
        (lambda: one_set(-10.0, forward_deg=50.0), TOO_FAR_FORWARD),
        (lambda: one_set(-10.0, side=None), NO_SIDE),
    ],
    ids=["no chest sensor", "far forward, and no bows", "side unknown"],
)
def test_what_is_not_known_stays_open_with_its_reason(one, reason: str) -> None:  # type: ignore[no-untyped-def]
    found: Set = one()
    assert all(r.trunk_lean_deg is None for r in found.reps)
    assert found.unresolved["trunk_lean_deg"] == reason


def told_and_true(seed: int) -> list[tuple[float, float, float]]:
    """Lean, its uncertainty and the true lean, degrees, in the reps of a simulated first set; its bows are none of them."""
    movement, truth = simulate("single_leg_squat", seed)
    roll_deg = np.degrees(np.arcsin(movement.posture.turn["trunk"][:, 2, 1]))
    begin, end = truth.quiet[0]
    roll_deg -= roll_deg[(movement.t >= begin) & (movement.t < end)].mean()
    side = truth.sets[0].side
    assert side in ("left", "right")
    first = analyze(record(movement, seed, ("pelvis", "chest")), Wish("single_leg_squat", side)).sets[0]
    assert first.start_s > max((end for _, end in truth.bows), default=0.0)
    out = []
    for rep in first.reps:
        if rep.trunk_lean_deg is not None and rep.trunk_lean_uncertainty_deg is not None:
            here = (movement.t >= rep.start_s) & (movement.t < rep.end_s)
            true_deg = float((roll_deg[here] * (-1.0 if side == "left" else 1.0)).max())
            out.append((rep.trunk_lean_deg, rep.trunk_lean_uncertainty_deg, true_deg))
    return out


def test_of_simulated_people_nine_of_ten_true_leans_lie_within_the_uncertainty() -> None:
    told, error, true = np.array([row for seed in range(11, 17) for row in told_and_true(seed)]).T
    assert len(told) > 30
    assert np.mean(np.abs(told - true) <= error) >= 0.88
    assert np.abs(told - true).mean() < 1.0
