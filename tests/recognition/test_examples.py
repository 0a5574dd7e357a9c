"""From recordings to features: which sensor, which stretch, which kind."""

from __future__ import annotations

import numpy as np
import pytest
from made import Plan, recording

from imu_tracker.motion import Motion, motion_of, to_grid
from imu_tracker.recognition.examples import features_of, part_of, parts_of_sets, segment_of
from imu_tracker.recording import Recording

ONE = recording(Plan(reps=8, quiet_s=8.0), placement="thigh_left")


def motions_of(one: Recording) -> tuple[Motion, ...]:
    (stream,) = one.streams.values()
    return tuple(motion_of(piece) for piece in to_grid(stream, one.start_s))


@pytest.mark.parametrize(
    ("placement", "segment"), [("thigh_left", "thigh"), ("left_wrist", "wrist"), ("pelvis", "pelvis"), ("unknown", "unknown")]
)
def test_sides_are_one(placement: str, segment: str) -> None:
    assert segment_of(placement) == segment


def test_features_come_from_the_set_that_is_found_and_from_all_where_none_is() -> None:
    (whole,) = features_of(ONE)
    (rest,) = features_of(ONE, [(0.0, 7.0)])
    (part,), (still,) = whole.parts, rest.parts
    assert part.segment == "thigh"
    assert part.rows["gyr"].mean(axis=0)[0] > still.rows["gyr"].mean(axis=0)[0] + 1.0
    assert features_of(ONE, [(1000.0, 1010.0)])[0].parts == ()


def test_without_the_gyroscope_a_sensor_is_told_as_one_that_has_none() -> None:
    alone = part_of("thigh", motions_of(recording(Plan(reps=8, quiet_s=8.0), gyroscope=False)), [(8.0, 30.0)])
    both = part_of("thigh", motions_of(ONE), [(8.0, 30.0)], kinds=("gyr", "acc"))
    assert alone is not None
    assert both is not None
    assert np.allclose(alone.rows["acc"], both.rows["acc"], atol=1e-4)
    assert "gyr" not in alone.rows


def test_all_sets_at_once_are_the_same_as_one_by_one() -> None:
    motions, sets = motions_of(ONE), [(8.0, 18.0), (18.0, 30.0)]
    together = parts_of_sets("thigh", motions, [*sets, (900.0, 910.0)], "gyr")
    assert together[2] is None
    for span, part in zip(sets, together, strict=False):
        (alone,) = parts_of_sets("thigh", motions, [span], "gyr")
        assert part is not None
        assert alone is not None
        assert np.allclose(part.rows["gyr"], alone.rows["gyr"], atol=1e-4)
    assert parts_of_sets("thigh", motions, [], "gyr") == ()
