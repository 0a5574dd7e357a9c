"""Sets of steps: parted by pauses, with their sides and stances."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from imu_tracker.files.reading import read_recording
from imu_tracker.motion import motion_of, to_grid
from imu_tracker.pelvis.stepping import SideStep, Swing, Way
from imu_tracker.pelvis.walks import as_steps, cuts_of, mostly, side_of, sideways, stances_in, step_sets
from imu_tracker.results import Rep

BUNDLED = Path(__file__).parents[2] / "datasets"


def step(start_s: float, way: Way) -> SideStep:
    lead, follow = Swing(start_s + 0.1, start_s + 0.5, "left"), Swing(start_s + 0.65, start_s + 1.1, "right")
    if way == "left":
        lead, follow = Swing(lead.start_s, lead.end_s, "right"), Swing(follow.start_s, follow.end_s, "left")
    return SideStep(start_s, start_s + 1.2, way, (lead, follow))


THERE_AND_BACK = (step(0.0, "right"), step(1.2, "right"), step(2.4, "right"), step(5.0, "left"), step(6.2, "left"))


def test_a_set_there_and_back_goes_both_ways_and_mostly_one() -> None:
    assert side_of(THERE_AND_BACK) == "both"
    assert side_of(THERE_AND_BACK[:3]) == "right"
    assert mostly(THERE_AND_BACK) == "right"
    assert mostly(THERE_AND_BACK[2:4]) is None


def test_a_step_turns_where_the_leading_foot_lands() -> None:
    steps = THERE_AND_BACK[:1]
    (rep,) = as_steps([Rep(0.05, 0.4, 1.0, 0.9)], steps)
    assert (rep.start_s, rep.turn_s, rep.end_s, rep.side) == (0.0, 0.5, 1.2, "right")
    assert rep.out_s == pytest.approx(0.5)
    assert rep.pause_s == pytest.approx(0.15)
    assert rep.back_s == pytest.approx(0.55)
    assert cuts_of(steps).tolist() == [[0.0, 1.2]]


def test_one_leg_stands_while_the_other_foot_is_off_the_floor() -> None:
    stances = stances_in(THERE_AND_BACK)
    assert [s.side for s in stances] == ["left", "right"] * 3 + ["right", "left"] * 2
    assert stances[0].start_s == pytest.approx(0.1)
    assert stances[0].end_s == pytest.approx(0.5)


@pytest.mark.parametrize("seed", range(4))
def test_steps_are_counted_though_nobody_knows_which_way_left_is(seed: int) -> None:
    """The bundled band walk has 24 steps; the sensor may sit anyhow."""
    stream = read_recording([str(BUNDLED / "lateral_band_walk.csv")])
    turn = Rotation.random(random_state=np.random.RandomState(seed)).as_matrix()
    piece = max(to_grid(stream.streams["pelvis"], stream.start_s), key=lambda p: len(p.acc))
    assert piece.gyr is not None
    m = motion_of(replace(piece, acc=piece.acc @ turn.T, gyr=piece.gyr @ turn.T))
    axes = sideways((m,), [(23.0, 57.0)])
    assert axes is not None
    np.testing.assert_allclose(axes.rotation @ axes.rotation.T, np.eye(3), atol=1e-9)
    assert sum(len(s) for s in step_sets((m,), axes, [(23.0, 57.0)], False)) == 24


def test_without_anything_to_look_at_there_are_no_axes() -> None:
    assert sideways((), [(0.0, 10.0)]) is None
