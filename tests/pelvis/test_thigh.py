"""How deep a squat was, from a second sensor on the thigh."""

import numpy as np
import pytest
from leaning import leaning

from imu_tracker.analysis import Wish, analyze
from imu_tracker.motion import Motion
from imu_tracker.motion.mounting import quiet_standing
from imu_tracker.pelvis.thigh import TOO_DEEP, thigh_of, thigh_tilt_deg
from imu_tracker.recording import Recording, Stream, stream_from_samples

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


def abductions(thigh_deg: float, pelvis_deg: float, flexed_deg: float = 0.0) -> Recording:
    """Six times the left thigh goes out by thigh_deg (knee to the left) while the pelvis' left side goes up by pelvis_deg."""
    rise = [(0.0, 0.0)]
    for k in range(6):
        rise += [(6.0 + 4.0 * k, 0.0), (7.4 + 4.0 * k, 1.0), (8.8 + 4.0 * k, 0.0)]
    rise.append((34.0, 0.0))
    thigh = leaning([(t, -flexed_deg * x) for t, x in rise], [(t, thigh_deg * x) for t, x in rise], duration_s=34.0)
    pelvis = leaning(lean=[(t, pelvis_deg * x) for t, x in rise], duration_s=34.0)
    return Recording({"pelvis": stream(pelvis), "thigh_left": stream(thigh)})


def test_a_dropped_pelvis_over_an_upright_thigh_is_an_adducted_hip() -> None:
    (one,) = analyze(abductions(0.0, 8.0), Wish("hip_abduction_standing", "left")).sets
    for rep in one.reps:
        assert rep.hip_adduction_deg == pytest.approx(8.0, abs=1.0)
        assert rep.hip_adduction_uncertainty_deg is not None
        assert rep.hip_adduction_uncertainty_deg < 3.0


def test_a_knee_that_falls_inwards_adducts_the_hip_too() -> None:
    (one,) = analyze(abductions(-10.0, 4.0), Wish("hip_abduction_standing", "left")).sets
    assert [r.hip_adduction_deg for r in one.reps] == pytest.approx([14.0] * 6, abs=1.5)


def test_of_a_flexed_thigh_no_adduction_is_told_and_the_reason_says_why() -> None:
    (one,) = analyze(abductions(0.0, 5.0, flexed_deg=50.0), Wish("single_leg_squat", "left")).sets
    assert all(r.hip_adduction_deg is None for r in one.reps)
    assert one.unresolved["hip_adduction_deg"] == TOO_DEEP
