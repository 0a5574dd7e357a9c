"""Sessions made by hand, for the tests of what is shown of them."""

from __future__ import annotations

import dataclasses

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
)

WHY_NO_DROP = "pelvic drop is not worked out by this version"
WHY_NO_NAME = "exercises are not recognised by this version; name one with --exercise"


def rep(start_s: float, out_s: float = 1.7, pause_s: float = 0.2, back_s: float = 1.4, range_deg: float = 61.0) -> Rep:
    """A squat: down, a pause, up."""
    return Rep(
        start_s=start_s,
        turn_s=start_s + out_s + pause_s / 2,
        end_s=start_s + out_s + pause_s + back_s,
        confidence=0.97,
        side="right",
        range_deg=range_deg,
        peak_rate_deg_s=88.0,
        out_s=out_s,
        pause_s=pause_s,
        back_s=back_s,
        rise_s=back_s,
        lower_s=out_s,
        likeness=0.96,
    )


def squats() -> Set:
    """Ten single-leg squats, everything known; one partial, one unsure, one with a drop past the threshold."""
    reps = [rep(12.3 + 4.4 * i, out_s=1.5 + 0.05 * i, range_deg=61.0 - 1.5 * i) for i in range(10)]
    reps = [dataclasses.replace(r, drop_deg=3.1 + 0.4 * i, drop_uncertainty_deg=1.2) for i, r in enumerate(reps)]
    reps[6] = dataclasses.replace(reps[6], drop_deg=8.1)
    reps[8] = dataclasses.replace(reps[8], confidence=0.31)
    reps[9] = dataclasses.replace(reps[9], partial=True, range_deg=34.0)
    return Set(
        start_s=12.3,
        end_s=58.0,
        exercise="single_leg_squat",
        confidence=0.62,
        alternatives=(("lateral_step_up", 0.3),),
        kind="reps",
        side="right",
        count=10,
        count_by_side={"left": 0, "right": 10},
        time_under_tension_s=34.2,
        hold_s=None,
        cadence_per_min=13.1,
        rest_before_s=None,
        reps=tuple(reps),
        pelvic_drop=PelvicDrop(True, None, 5.0, 8.1, (DropEvent(40.1, 40.9, 8.1, "right", True),)),
        cues=(CueResult("pause_at_bottom", 7, 10, (3, 8, 9)),),
        range_fade_percent=26.0,
        speed_fade_percent=0.0,
    )


def steps(count: int = 24) -> Set:
    """Side steps there and back, of no known exercise: many, and in part without phases."""
    reps = [
        Rep(
            start_s=100.0 + 1.2 * i,
            turn_s=100.6 + 1.2 * i,
            end_s=101.1 + 1.2 * i,
            confidence=0.9 if i != 4 else 0.2,
            range_deg=14.0 + i % 3,
            out_s=0.6 if i else None,
            pause_s=0.1 if i else None,
            back_s=0.4 if i else None,
        )
        for i in range(count)
    ]
    return Set(
        start_s=100.0,
        end_s=100.0 + 1.2 * count,
        exercise=None,
        confidence=None,
        alternatives=(),
        kind="steps",
        side="both",
        count=count,
        count_by_side={"left": count // 2, "right": count - count // 2},
        time_under_tension_s=1.1 * count,
        hold_s=None,
        cadence_per_min=50.0,
        rest_before_s=42.0,
        reps=tuple(reps),
        pelvic_drop=PelvicDrop(False, WHY_NO_DROP),
        unresolved={"exercise": WHY_NO_NAME, "drop_deg": WHY_NO_DROP, "side": WHY_NO_NAME},
    )


def hold() -> Set:
    """An isometric hold, without a single rep."""
    return Set(
        start_s=160.0,
        end_s=205.0,
        exercise="wall_lean",
        confidence=0.9,
        alternatives=(),
        kind="hold",
        side="left",
        count=0,
        count_by_side=None,
        time_under_tension_s=45.0,
        hold_s=45.0,
        cadence_per_min=None,
        rest_before_s=31.2,
        reps=(),
        pelvic_drop=PelvicDrop(False, WHY_NO_DROP),
        unresolved={"drop_deg": WHY_NO_DROP},
    )


def session(*sets: Set, notes: tuple[str, ...] = ()) -> Session:
    """A session of these sets, from a pelvis sensor that lost a little."""
    return Session(
        recording=RecordingInfo(
            duration_s=213.4,
            placements={"pelvis": PlacementInfo(99.8, 21297, 71, ((31.2, 31.9),), "arrival")},
        ),
        sets=sets,
        mounting=Mounting(reason="the mounting is not worked out by this version"),
        notes=notes,
    )
