"""How deep a squat was, from a second sensor on the thigh."""

from typing import Literal

import numpy as np
import pytest
from leaning import leaning
from reasons import without_reason

from imu_tracker.analysis import Wish, analyze
from imu_tracker.motion import Motion
from imu_tracker.motion.mounting import quiet_standing
from imu_tracker.pelvis.thigh import NO_BOWS, NO_PAIR, NOT_BACK, OTHER_THIGH, TOO_DEEP, thigh_of, thigh_tilt_deg
from imu_tracker.recording import Recording, Stream, stream_from_samples
from imu_tracker.results import Set

DEPTHS_DEG = (60.0, 70.0, 80.0, 75.0, 65.0, 70.0)


def squats(share: float = 1.0) -> Motion:
    course = [(0.0, 0.0)]
    for k, depth in enumerate(DEPTHS_DEG):
        course += [(6.0 + 4.0 * k, 0.0), (7.4 + 4.0 * k, share * depth), (8.8 + 4.0 * k, 0.0)]
    return leaning([*course, (34.0, 0.0)], duration_s=34.0)


def stream(m: Motion) -> Stream:
    assert m.gyr is not None
    return stream_from_samples(np.arange(len(m)) / 100.0, m.acc, m.gyr)


def test_the_depth_of_each_squat_is_the_thighs_lean_from_standing() -> None:
    session = analyze(Recording({"pelvis": stream(squats(0.3)), "thigh_right": stream(squats())}), Wish("squat"))
    (one,) = session.sets
    assert [r.thigh_tilt_deg for r in one.reps] == pytest.approx(DEPTHS_DEG, abs=2.0)


def test_without_a_thigh_sensor_nothing_is_said() -> None:
    (one,) = analyze(Recording({"pelvis": stream(squats(0.3))}), Wish("squat")).sets
    assert all(r.thigh_tilt_deg is None for r in one.reps)


@pytest.mark.parametrize(
    ("placements", "side", "expected"),
    [
        (("pelvis", "thigh_left"), None, "thigh_left"),
        (("pelvis", "thigh_left", "thigh_right"), "right", "thigh_right"),
        (("pelvis", "thigh_left"), "right", None),
        (("thigh_left", "thigh_right"), None, None),
        (("pelvis", "thigh"), "left", "thigh"),
        (("pelvis",), "left", None),
    ],
)
def test_the_working_thigh_is_looked_at(placements: tuple[str, ...], side: str | None, expected: str | None) -> None:
    assert thigh_of(dict.fromkeys(placements), side) == expected  # type: ignore[arg-type]


def test_outside_the_recording_there_is_no_depth() -> None:
    m = squats()
    assert thigh_tilt_deg((m,), quiet_standing((m,))[0], 100.0, 101.0) is None


BOWS = ((6.0, 0.0), (7.2, 1.0), (8.4, 0.0), (9.4, 0.0), (10.6, 1.0), (11.8, 0.0))


def abductions(
    thigh_deg: float, pelvis_deg: float, flexed_deg: float = 0.0, back_deg: float = 10.0, yaw_deg: float = 0.0, side: str = "left"
) -> Recording:
    """Two bows in which the thighs lean back by back_deg; then the left thigh goes six times out by thigh_deg (knee to the left)
    while the pelvis' left side goes up by pelvis_deg. The thigh's sensor is turned by yaw_deg, and called that side's."""
    bent = [(0.0, 0.0), *BOWS] if back_deg else [(0.0, 0.0)]
    rise = [(0.0, 0.0)]
    for k in range(6):
        rise += [(16.0 + 4.0 * k, 0.0), (17.4 + 4.0 * k, 1.0), (18.8 + 4.0 * k, 0.0)]
    end = (44.0, 0.0)
    tilt = [*((t, -back_deg * x) for t, x in bent), *((t, -flexed_deg * x) for t, x in rise[1:]), end]
    thigh = leaning(tilt, [(t, thigh_deg * x) for t, x in [*rise, end]], 44.0, yaw_deg)
    pelvis = leaning([*((t, 45.0 * x) for t, x in bent), end], [(t, pelvis_deg * x) for t, x in [*rise, end]], 44.0)
    return Recording({"pelvis": stream(pelvis), f"thigh_{side}": stream(thigh)})


def abducting(recording: Recording, side: Literal["left", "right"] | None = "left") -> Set:
    (one,) = analyze(recording, Wish("hip_abduction_standing", side)).sets
    return one


def test_a_dropped_pelvis_over_an_upright_thigh_is_an_adducted_hip() -> None:
    for rep in abducting(abductions(0.0, 8.0)).reps:
        assert rep.hip_adduction_deg == pytest.approx(8.0, abs=1.0)
        assert rep.hip_adduction_uncertainty_deg is not None
        assert rep.hip_adduction_uncertainty_deg < 3.0


@pytest.mark.parametrize("yaw_deg", [0.0, 90.0, -140.0])
def test_a_knee_that_falls_inwards_adducts_the_hip_too_however_its_sensor_is_turned(yaw_deg: float) -> None:
    one = abducting(abductions(-10.0, 4.0, yaw_deg=yaw_deg))
    assert [r.hip_adduction_deg for r in one.reps] == pytest.approx([14.0] * 6, abs=1.5)


@pytest.mark.parametrize(
    ("recording", "side", "why"),
    [
        (abductions(0.0, 5.0, flexed_deg=50.0), "left", TOO_DEEP),
        (abductions(-10.0, 4.0, back_deg=0.0), "left", NO_BOWS),
        (abductions(-10.0, 4.0, back_deg=1.0), "left", NOT_BACK),
        (abductions(-10.0, 4.0, side="right"), "left", OTHER_THIGH.format(side="left")),
        (Recording({"pelvis": abductions(0.0, 8.0).streams["pelvis"]}), "left", NO_PAIR),
        (Recording({"thigh_left": abductions(12.0, 0.0).streams["thigh_left"]}), "left", NO_PAIR),
    ],
    ids=["flexed far", "no bows", "bows without the hips", "the other thigh", "no thigh", "no pelvis"],
)
def test_an_adduction_that_cannot_be_known_is_none_and_the_reason_says_why(
    recording: Recording, side: Literal["left", "right"], why: str
) -> None:
    one = abducting(recording, side)
    assert all(r.hip_adduction_deg is None for r in one.reps)
    assert one.unresolved["hip_adduction_deg"] == why
    assert not without_reason(one)
