"""A cue of a hold that shall be missed is missed in the stretch that the truth names, and nowhere else."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest

from imu_tracker.exercises import find
from imu_tracker.numeric import Floats, smooth
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.session import GRID_HZ, Movement, pelvis_angles_deg, perform
from imu_tracker.simulate.truth import to_dict
from imu_tracker.simulate.wearing import Mounting, readings, sensor_pose

CALM = Person(fatigue=0.05, sway_deg=0.2, drop_left_deg=1.0, drop_right_deg=1.0)
SETTLING_S = 0.3
SLIPS = [(name, c.cue) for name in ("wall_lean", "single_leg_wall_sit") for c in find(name).cues]


@functools.cache
def held(name: str) -> Movement:
    """A hold of 20 s on the left leg in which every cue is missed."""
    slips = tuple(c.cue for c in find(name).cues)
    return perform((Part("quiet", seconds=2), Part(name, side="left", seconds=20.0, slips=slips, slip_share=0.2)), 5, CALM)


def measured(done: Movement, measure: str, start: int) -> Floats:
    """What a cue measures, at every moment (N,): of a drift the change from the pose at the sample `start`."""
    body = done.posture
    out: Floats
    if measure == "drop_deg":
        out = pelvis_angles_deg(body)[0]  # on the left leg it is the right side that drops
    elif measure == "thigh_from_level_deg":
        out = np.abs(np.rad2deg(np.arcsin(body.turn["thigh_left"][:, 2, 2])))
    elif measure == "tremor_deg_s":
        _, gyr = readings(*sensor_pose(body, "pelvis", Mounting()), 1 / GRID_HZ)
        fast = np.rad2deg(gyr - smooth(gyr, 4.0, GRID_HZ))
        out = np.sqrt(smooth(np.sum(fast**2, axis=1)[:, None], 1.0, GRID_HZ)[:, 0].clip(0))
    else:
        segment = find(done.truth.sets[0].exercise).placements[-1]
        turn = body.turn["pelvis" if segment == "pelvis" else f"{segment}_left"]
        trace = np.einsum("ab,nab->n", turn[start], turn)
        out = np.rad2deg(np.arccos(np.clip((trace - 1) / 2, -1, 1)))
    return out


@pytest.mark.parametrize(("name", "cue"), SLIPS)
def test_a_hold_s_slip_acts_in_its_stretch_alone(name: str, cue: str) -> None:
    done, entry = held(name), next(c for c in find(name).cues if c.cue == cue)
    (a_set,) = done.truth.sets
    (slip,) = (s for s in a_set.slips if s.cue == cue)
    inside = (done.t >= slip.start_s) & (done.t < slip.end_s)
    outside = (done.t >= a_set.start_s) & (done.t < a_set.end_s)
    for other in a_set.slips:
        outside &= (done.t < other.start_s - SETTLING_S) | (done.t >= other.end_s + SETTLING_S)
    value = measured(done, entry.measure, int(np.searchsorted(done.t, a_set.start_s)))
    assert entry.at_most is not None
    assert value[inside].max() > entry.at_most
    assert value[outside].max() < entry.at_most


@pytest.mark.parametrize("name", ["wall_lean", "single_leg_wall_sit"])
def test_slips_of_a_hold_are_one_after_the_other_and_in_the_truth_s_file(name: str) -> None:
    done = held(name)
    (a_set,) = done.truth.sets
    assert {s.cue for s in a_set.slips} == {c.cue for c in find(name).cues}
    assert a_set.start_s < a_set.slips[0].start_s
    assert a_set.slips[-1].end_s < a_set.end_s
    assert all(a.end_s <= b.start_s for a, b in itertools.pairwise(a_set.slips))
    assert [s["cue"] for s in to_dict(done.truth)["sets"][0]["slips"]] == [s.cue for s in a_set.slips]


def test_a_hold_without_slips_has_none() -> None:
    truth = perform((Part("wall_lean", side="left", seconds=10.0),), 5, CALM).truth
    assert truth.sets[0].slips == ()
    assert "slips" not in to_dict(truth)["sets"][0]
