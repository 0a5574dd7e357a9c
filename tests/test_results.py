"""The result's JSON: as the interface promises, and back again."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.results import (
    CueResult,
    DropEvent,
    Mounting,
    PelvicDrop,
    PlacementInfo,
    RecordingInfo,
    Rep,
    Session,
    Set,
    from_dict,
    to_dict,
    to_json,
)

# DECIMALS of results.py: what to_json rounds to
seconds = st.floats(0, 4000).map(lambda x: round(x, 4))
maybe = st.none() | seconds
reps = st.builds(
    Rep,
    start_s=seconds,
    turn_s=seconds,
    end_s=seconds,
    confidence=seconds,
    range_deg=maybe,
    partial=st.booleans(),
    smoothness=maybe,
)
events = st.builds(DropEvent, seconds, seconds, seconds, st.sampled_from(["left", "right"]), st.booleans())
drops = st.builds(
    PelvicDrop, resolved=st.booleans(), reason=st.none() | st.text(), events=st.lists(events, max_size=2).map(tuple)
)
sets = st.builds(
    Set,
    start_s=seconds,
    end_s=seconds,
    exercise=st.none() | st.text(),
    confidence=maybe,
    alternatives=st.lists(st.tuples(st.text(), seconds), max_size=2).map(tuple),
    kind=st.sampled_from(["reps", "steps", "hold"]),
    side=st.sampled_from([None, "left", "right", "both"]),
    count=st.integers(0, 100),
    count_by_side=st.none() | st.just({"left": 1, "right": 2}),
    time_under_tension_s=maybe,
    hold_s=maybe,
    cadence_per_min=maybe,
    rest_before_s=maybe,
    reps=st.lists(reps, max_size=3).map(tuple),
    pelvic_drop=drops,
    cues=st.just((CueResult("pause_at_top", 7, 10, (3, 8, 9)),)),
    unresolved=st.dictionaries(st.text(), st.text(), max_size=2),
)
infos = st.builds(
    RecordingInfo,
    duration_s=seconds,
    placements=st.dictionaries(
        st.text(), st.builds(PlacementInfo, seconds, st.integers(0), st.integers(0), st.just(((1.0, 2.0),)), st.just("sensor"))
    ),
)
sessions = st.builds(
    Session,
    recording=infos,
    sets=st.lists(sets, max_size=2).map(tuple),
    mounting=st.builds(Mounting),
    notes=st.just(("a",)),
    corrections=st.lists(st.just({"op": "remove_rep", "at_s": 4.0}), max_size=2).map(tuple),
)


@given(sessions)
def test_a_session_survives_its_json(session: Session) -> None:
    assert from_dict(json.loads(to_json(session))) == session


def test_the_json_has_the_promised_fields() -> None:
    rep = Rep(1.0, 2.0, 3.0, 0.9)
    one = Set(1.0, 3.0, "unknown", None, (), "reps", None, 1, None, 2.0, None, None, None, (rep,))
    d = to_dict(
        Session(RecordingInfo(9.0, {"pelvis": PlacementInfo(100.0, 900, 0, (), "uniform")}), (one,), Mounting(reason="why"))
    )
    assert d["schema"] == 1
    assert set(d["recording"]["placements"]["pelvis"]) == {"rate_hz", "samples", "lost", "gaps", "timestamps"}
    assert list(d["sets"][0]) == [
        "start_s", "end_s", "exercise", "confidence", "alternatives", "kind", "side", "count", "count_by_side",
        "time_under_tension_s", "hold_s", "cadence_per_min", "rest_before_s", "reps", "pelvic_drop", "cues", "unresolved",
        "range_fade_percent", "speed_fade_percent", "hold",
    ]  # fmt: skip
    assert list(d["sets"][0]["reps"][0]) == [
        "start_s", "turn_s", "end_s", "confidence", "side", "range_deg", "peak_rate_deg_s", "out_s", "pause_s", "back_s",
        "rise_s", "lower_s", "likeness", "partial", "drop_deg", "drop_uncertainty_deg", "smoothness",
            "drop_at_s", "hike_deg", "thigh_tilt_deg",
            "hip_adduction_deg", "hip_adduction_uncertainty_deg", "trunk_lean_deg", "trunk_lean_uncertainty_deg",
    ]  # fmt: skip
    assert d["mounting"] == {"resolved": False, "how": None, "uncertainty_deg": None, "reason": "why"}


def test_what_is_not_a_number_becomes_null() -> None:
    d = to_dict(Session(RecordingInfo(math.nan, {}), (), Mounting(uncertainty_deg=math.inf)))
    assert d["recording"]["duration_s"] is None
    assert d["mounting"]["uncertainty_deg"] is None


@pytest.mark.parametrize("d", [{}, {"schema": 2}, {"schema": 1, "recording": {}}, {"schema": 1, "sets": 3}])
def test_another_form_is_refused(d: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="schema"):
        from_dict(d)
