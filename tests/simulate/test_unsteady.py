from __future__ import annotations

import numpy as np
import pytest

from imu_tracker.numeric import smooth
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.person import Person
from imu_tracker.simulate.session import GRID_HZ, perform
from imu_tracker.simulate.wearing import Mounting, readings, sensor_pose


def fast_rates_deg_s(name: str, person: Person, placement: str) -> tuple[float, float]:
    """RMS turn rate above 3 Hz in the reps, and in their last quarters."""
    done = perform((Part("quiet", seconds=1), Part(name, count=4, side="left")), 3, person)
    _, gyr = readings(*sensor_pose(done.posture, placement, Mounting()), 1 / GRID_HZ)
    fast = np.rad2deg(gyr - smooth(gyr, 3.0, GRID_HZ))
    whole, last = [], []
    for rep in done.truth.sets[0].reps:
        i, j = np.searchsorted(done.t, (rep.start_s, rep.end_s))
        whole.append(fast[i:j])
        last.append(fast[i + 3 * (j - i) // 4 : j])
    return tuple(float(np.sqrt(np.mean(np.sum(np.concatenate(x) ** 2, axis=1)))) for x in (whole, last))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "least", "most"), [("clamshell", 1.0, 8.0), ("side_lying_abduction", 1.0, 8.0), ("squat", 3.0, 18.0)]
)
def test_thighs_quiver_as_much_as_real_ones_do(name: str, least: float, most: float) -> None:
    whole, _ = fast_rates_deg_s(name, Person(), "thigh_left")
    assert least < whole < most


def test_who_is_less_steady_quivers_more() -> None:
    calm, average, shaky = (fast_rates_deg_s("squat", Person(unsteady=u), "thigh_left")[0] for u in (0.0, 1.0, 2.4))
    assert calm < 0.5 * average
    assert shaky > 1.8 * average


def test_a_leg_that_comes_down_lands() -> None:
    soft, hard = (fast_rates_deg_s("side_lying_abduction", Person(stamp=s, unsteady=0.0), "thigh_left")[1] for s in (0.0, 1.5))
    assert hard > 2 * soft
