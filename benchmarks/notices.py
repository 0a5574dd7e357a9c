"""How often the notices on sensors are right, on simulated people: a belt that is pushed, and thighs' sensors that are swapped.

python benchmarks/notices.py
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from imu_tracker.analysis import Wish
from imu_tracker.exercises import load_catalogue
from imu_tracker.live import LiveSession
from imu_tracker.motion import motions_of
from imu_tracker.pelvis.swapped import working_thigh
from imu_tracker.recording import Stream, stream_from_samples
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.drawing import draw_set
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.plan import SessionPlan

PEOPLE = 12  # with a belt
SETS = 30  # of each exercise on one moving leg
THIGHS = ("thigh_left", "thigh_right")


def pushed(stream: Stream, at_s: float, by_deg: float) -> Stream:
    """A belt's sensor turned to the side at a time, within half a second."""
    assert stream.gyr is not None
    lean = by_deg * np.clip((stream.t - stream.t[0] - at_s) / 0.5, 0.0, 1.0)
    turn = Rotation.from_euler("x", lean[:, None], degrees=True)
    gyr = turn.apply(stream.gyr.copy())
    gyr[:, 0] -= np.radians(np.gradient(lean, stream.t))
    return stream_from_samples(stream.t, turn.apply(stream.acc.copy()), gyr)


def told_of_slip(seed: int, by_deg: float) -> bool:
    """Whether live told of a slip in three sets of squats; the belt is pushed after the first."""
    squats, between = Part("single_leg_squat", count=5, side="left"), (Part("rest", seconds=10), Part("quiet", seconds=2.5))
    parts = (
        Part("quiet", seconds=3),
        Part("bows", count=2),
        squats,
        *between,
        squats,
        *between,
        squats,
        Part("rest", seconds=12),
    )
    movement, truth = simulate(SessionPlan(parts, placements=("pelvis",)), seed)
    stream = pushed(record(movement, seed).streams["pelvis"], truth.sets[0].end_s + 3.0, by_deg)
    assert stream.gyr is not None
    live, t = LiveSession(Wish("single_leg_squat", "left")), stream.timing.t - stream.timing.t[0]
    for k in range(0, len(t), 10):
        here = slice(k, k + 10)
        live.push("pelvis", t[here], stream.acc[here], stream.gyr[here])
        if live.notes:
            return True
    return False


def seen_thigh(name: str, seed: int) -> str:
    """Of a set on one leg: whether the thigh that works is seen `right`, `wrong` or `undecided`."""
    side = "left" if seed % 2 else "right"
    part = draw_set(np.random.default_rng([seed, 9]), load_catalogue()[name], side)  # type: ignore[arg-type]
    movement, truth = simulate(SessionPlan((Part("quiet", seconds=3), part, Part("quiet", seconds=2)), placements=THIGHS), seed)
    recording = record(movement, seed, THIGHS)
    motions = {k: motions_of(s, recording.start_s) for k, s in recording.streams.items()}
    seen = working_thigh(motions, truth.sets[0].start_s, truth.sets[0].end_s)
    return "undecided" if seen is None else "right" if seen == side else "wrong"


def main() -> None:
    for by_deg in (6.0, 0.0):
        told = sum(told_of_slip(seed, by_deg) for seed in range(PEOPLE))
        print(f"belt pushed by {by_deg:.0f} degrees: told of in {told} of {PEOPLE} sessions")
    for entry in load_catalogue().values():
        if entry.exercise and entry.side_rule == "moving_leg":
            seen = [seen_thigh(entry.name, seed) for seed in range(100, 100 + SETS)]
            print(f"{entry.title}: " + ", ".join(f"{seen.count(word)} {word}" for word in ("right", "undecided", "wrong")))


if __name__ == "__main__":
    main()
