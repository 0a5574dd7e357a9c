"""From a recording of the pelvis to its drops: the whole way."""

from typing import Literal

import numpy as np
import pytest
from leaning import leaning

from imu_tracker.analysis import Wish, analyze, analyze_with_series
from imu_tracker.motion import GridPiece, Motion, motion_of
from imu_tracker.numeric import Floats
from imu_tracker.pelvis.measure import BOTH_FEET, NO_SIDE, NOT_NAMED, NOT_STANDING, after
from imu_tracker.recording import Recording, stream_from_samples

BOWS = [(0.0, 0.0), (6.0, 0.0), (7.2, 45.0), (8.4, 0.0), (9.4, 0.0), (10.6, 45.0), (11.8, 0.0)]
DROPS_DEG = (1.0, 8.0, -4.0, 12.0, 2.0, 8.0)


def squats(sign: float = 1.0, bows: bool = True, forward_deg: float = 14.0) -> Motion:
    """Six squats on one leg, whose left side goes up by `sign` times DROPS_DEG at the bottom."""
    tilt = list(BOWS) if bows else [(0.0, 0.0)]
    lean = [(0.0, 0.0)]
    for k, drop in enumerate(DROPS_DEG):
        begin = 16.0 + 4.0 * k
        tilt += [(begin, 0.0), (begin + 1.2, forward_deg), (begin + 1.6, forward_deg), (begin + 2.8, 0.0)]
        lean += [(begin + 0.6, 0.0), (begin + 1.4, sign * drop), (begin + 2.2, 0.0)]
    return leaning([*tilt, (45.0, 0.0)], [*lean, (45.0, 0.0)], duration_s=45.0)


def recorded(m: Motion, rotation: Floats | None = None, placement: str = "pelvis") -> Recording:
    r = np.eye(3) if rotation is None else rotation
    assert m.gyr is not None
    return Recording({placement: stream_from_samples(np.arange(len(m)) / 100.0, m.acc @ r.T, m.gyr @ r.T)})


def test_drops_are_measured_rep_by_rep_and_past_the_threshold_they_are_events() -> None:
    (one,) = analyze(recorded(squats()), Wish("single_leg_squat", "left", 5.0)).sets
    assert one.count == 6
    for rep, true in zip(one.reps, DROPS_DEG, strict=True):
        assert rep.drop_deg == pytest.approx(max(true, 0.0), abs=1.0)
        assert rep.drop_uncertainty_deg is not None
        assert rep.drop_uncertainty_deg < 2.0
    assert [round(e.peak_deg) for e in one.pelvic_drop.events] == [8, 12, 8]
    assert all(e.stance_side == "left" and e.certain for e in one.pelvic_drop.events)
    assert one.pelvic_drop.peak_deg == pytest.approx(12.0, abs=1.0)
    assert "drop_deg" not in one.unresolved


@pytest.mark.parametrize(("bows", "how"), [(True, "bows"), (False, "motion")])
def test_the_result_says_how_it_knows_the_mounting(bows: bool, how: str) -> None:
    session = analyze(recorded(squats(bows=bows)), Wish("single_leg_squat", "left", 5.0))
    assert session.mounting.resolved
    assert session.mounting.how == how


def test_a_mirrored_wearer_has_the_mirrored_drops() -> None:
    both: list[tuple[float, Literal["left", "right"]]] = [(1.0, "left"), (-1.0, "right")]
    left, right = (analyze(recorded(squats(sign)), Wish("single_leg_squat", side, 5.0)).sets[0] for sign, side in both)
    assert [e.stance_side for e in right.pelvic_drop.events] == ["right"] * 3
    for one, other in zip(left.reps, right.reps, strict=True):
        assert one.drop_deg == pytest.approx(other.drop_deg, abs=0.5)


def test_after_bows_the_mounting_does_not_matter() -> None:
    rng = np.random.default_rng(2)
    straight = analyze(recorded(squats()), Wish("single_leg_squat", "left", 5.0)).sets[0]
    for _ in range(3):
        q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
        turned = analyze(recorded(squats(), q * np.sign(np.linalg.det(q))), Wish("single_leg_squat", "left", 5.0)).sets[0]
        assert [r.drop_deg for r in turned.reps] == pytest.approx([r.drop_deg for r in straight.reps], abs=0.05)


def test_bows_are_no_reps() -> None:
    assert [s.count for s in analyze(recorded(squats()), Wish("single_leg_squat", "left")).sets] == [6]


@pytest.mark.parametrize(
    ("exercise", "reason"), [(None, NOT_NAMED), ("single_leg_squat", NO_SIDE), ("squat", BOTH_FEET), ("clamshell", NOT_STANDING)]
)
def test_without_a_standing_leg_there_is_no_drop_and_the_reason_says_why(exercise: str | None, reason: str) -> None:
    (one,) = analyze(recorded(squats()), Wish(exercise)).sets
    assert one.unresolved["drop_deg"] == one.pelvic_drop.reason == reason
    assert one.pelvic_drop.resolved == (reason == BOTH_FEET)  # nothing can hang, and that is known
    assert all(r.drop_deg is None for r in one.reps)


def test_where_forward_is_known_too_badly_for_how_far_the_pelvis_leans_no_drop_is_told() -> None:
    (one,) = analyze(recorded(squats(bows=False, forward_deg=60.0)), Wish("step_up", "left")).sets
    assert not one.pelvic_drop.resolved
    assert "bow twice" in one.unresolved["drop_deg"]


def test_the_series_has_drops_on_one_leg_only() -> None:
    session, series = analyze_with_series(recorded(squats()), Wish("single_leg_squat", "left", 5.0))
    inside = (series.t >= session.sets[0].start_s) & (series.t < session.sets[0].end_s)
    assert np.isnan(series.drop_deg[~inside]).all()
    assert np.nanmax(series.drop_deg) == pytest.approx(12.0, abs=1.0)
    assert np.isfinite(series.obliquity_deg).all()


def test_what_comes_after_a_time_keeps_its_place() -> None:
    m = leaning(tilt=[(0.0, 0.0)], duration_s=10.0)
    assert m.gyr is not None
    later = motion_of(GridPiece(1500, m.acc, m.gyr))
    first, second = after((m, later), 4.0)
    assert (first.start_s, len(first)) == (4.0, 600)
    assert second is later
    assert after((m,), 20.0) == ()
