"""Simulated repetitions of the same exercises, worn and cut out as the real ones are.

The seeds from FIRST_SEED on are for measuring only: nothing is trained or tuned on the very people they make.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from realism_features import Cut
from realism_real import RepSet, counted, seen_by_markers, whole

from imu_tracker.numeric import GRAVITY_M_S2, Floats
from imu_tracker.recording import Stream, stream_from_samples
from imu_tracker.results import Side
from imu_tracker.simulate.body import Posture
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.session import Movement, perform
from imu_tracker.simulate.truth import TrueRep
from imu_tracker.simulate.wearing import Sensor, draw_mounting, rotation, wear

FIRST_SEED = 910_000
SINGLES = 9  # repetitions with a breath after each; the first and the last, next to getting ready, are left out
MARGIN_S = (0.6, 0.9)  # of standing around one execution; the real recordings hold a second and more, here the next one comes
AROUND_S = 1.5  # so much of the session is left on either side of a counted set
# Noise and steps as seen in the quietest seconds of the real recordings.
UCI = Sensor(rate_hz=25.0, acc_noise=0.008, gyr_noise=0.007, acc_bias=0.06, gyr_bias=0.007)
MEX = Sensor(rate_hz=103.0, acc_noise=0.02, acc_bias=0.15, acc_step=GRAVITY_M_S2 / 64)
UTD = Sensor(rate_hz=50.0, acc_noise=0.025, gyr_noise=0.003, acc_bias=0.1, gyr_bias=0.007, acc_step=GRAVITY_M_S2 / 4096)
# Markers in their segments' frames, m at a stature of 1.72 m; the ASIS where Bell's hip joints come out at the pelvis' origin.
MARKER_SITES = {
    "ASI": ("pelvis", 0.046, 0.12, 0.072),
    "PSI": ("pelvis", -0.10, 0.045, 0.06),
    "THI": ("thigh", 0.0, 0.08, -0.21),
    "KNE": ("thigh", 0.0, 0.05, -0.42),
}


@dataclass(frozen=True)
class Made:
    """How an exercise is simulated. placement, sensor: of the real sensor; no sensor: optical markers. how: ways of cutting.

    counted: by the project's counter from a whole set. single: each true repetition with some of what is around it, trimmed.
    walking: counted in a walk of some steps. side: the working side, the leg in front in a lunge. window: of a `single`, the
    repetition; the part of it between the step out and the step back; or from its turn to the next one's.
    """

    name: str
    placement: str
    how: str
    sensor: Sensor | None = None
    gyroscope: bool = True
    trusted: bool = True
    side: Side = "right"
    window: Literal["rep", "both feet", "turn to turn"] = "rep"


def make(made: Made, k: int) -> RepSet:
    """The k-th simulated person's repetitions."""
    seed = FIRST_SEED + k
    rng = np.random.default_rng([seed, 7])
    if made.how == "walking":
        parts = [
            Part("quiet", seconds=1.0),
            Part(made.name, count=int(rng.integers(6, 10)), side="left", brisk=float(rng.random())),
        ]
    elif made.how == "counted":
        parts = [Part("quiet", seconds=1.0), Part(made.name, count=int(rng.integers(8, 13)), side=made.side)]
    else:
        parts = [Part("quiet", seconds=1.0), Part(made.name, count=SINGLES, side=made.side, pauses=made.window != "turn to turn")]
    movement = perform(tuple(parts), seed)
    return RepSet(f"simulated {k}", _cuts(made, movement, rng))


def _cuts(made: Made, movement: Movement, rng: np.random.Generator) -> tuple[Cut, ...]:
    reps = _windows(made, movement)
    if made.sensor is None:
        return seen_by_markers([_markers(movement.posture, a, b) for a, b in reps], made.placement)
    mounting = replace(draw_mounting(rng), turn=rotation(_any_turn(rng)))
    samples = wear(movement.posture, made.placement, mounting, made.sensor, rng)
    gyr = samples.gyr if made.gyroscope else None

    def between(a: float, b: float) -> Stream:
        i, j = np.searchsorted(samples.t, (a, b))
        return stream_from_samples(samples.t[i:j], samples.acc[i:j], None if gyr is None else gyr[i:j])

    if made.how == "walking":
        return counted(between(1.0, movement.truth.duration_s))
    if made.how == "counted":
        (a_set,) = movement.truth.sets
        return counted(between(max(0.0, a_set.start_s - AROUND_S), a_set.end_s + AROUND_S), trusted=made.trusted)
    return tuple(whole(between(a - float(rng.uniform(*MARGIN_S)), b + float(rng.uniform(*MARGIN_S)))) for a, b in reps)


def _windows(made: Made, movement: Movement) -> list[tuple[float, float]]:
    """Where the repetitions to be cut out begin and end, the first and the last left out; s of the true clock."""
    reps = [r for s in movement.truth.sets for r in s.reps[1:-1] if r.side in (None, "both", made.side)]
    if made.window == "turn to turn":
        return [(a.turn_s, b.turn_s) for a, b in itertools.pairwise(reps)]
    return [_on_both_feet(movement, r) if made.window == "both feet" else (r.start_s, r.end_s) for r in reps]


def _on_both_feet(movement: Movement, rep: TrueRep) -> tuple[float, float]:
    """The part of a repetition between the step out and the step back."""
    steps = [s for s in movement.truth.stances if s.end_s > rep.start_s and s.start_s < rep.end_s]
    out = [s.end_s for s in steps if s.end_s <= rep.turn_s]
    back = [s.start_s for s in steps if s.start_s >= rep.turn_s]
    return max([rep.start_s, *out]), min([rep.end_s, *back])


def _any_turn(rng: np.random.Generator) -> Floats:
    """A rotation vector, every rotation equally likely."""
    q = rng.normal(size=4)
    q /= np.linalg.norm(q)
    out: Floats = 2 * np.arccos(abs(q[0])) * np.sign(q[0]) * q[1:] / max(float(np.linalg.norm(q[1:])), 1e-9)
    return out


def _markers(posture: Posture, start_s: float, end_s: float) -> dict[str, Floats]:
    """The optical markers from start to end, at 100 Hz."""
    grown = posture.build.stature / 1.72
    t = np.arange(start_s, end_s, 0.01)
    out = {}
    for name, (segment, x, y, z) in MARKER_SITES.items():
        for side, sign in (("left", 1.0), ("right", -1.0)):
            whole_name = segment if segment == "pelvis" else f"{segment}_{side}"
            path = posture.point(whole_name, grown * np.array([x, sign * y, z]))
            out[f"{side[0].upper()}{name}"] = np.column_stack([np.interp(t, posture.t, axis) for axis in path.T])
    return out
