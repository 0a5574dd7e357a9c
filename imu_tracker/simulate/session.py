"""A whole session: parts one after the other, the body that performs them, and the truth of it all."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.errors import UsageError
from imu_tracker.exercises import Exercise, find
from imu_tracker.numeric import Floats, runs
from imu_tracker.results import DropEvent, Side
from imu_tracker.simulate.actor import Actor, Notes, Prop, standing
from imu_tracker.simulate.body import Posture, joint_angles_deg, pose
from imu_tracker.simulate.motions import EVERYDAY, MOTIONS, Part
from imu_tracker.simulate.person import Person, draw_person
from imu_tracker.simulate.script import SIDES, Script, other
from imu_tracker.simulate.truth import Activity, Stance, TrueRep, TrueSet, Truth

GRID_HZ = 250.0  # of the true movement: what a body does ends well below 25 Hz
SERIES_HZ = 10.0
SHORTEST_DROP_S = 0.1  # a drop counts when it lasts longer


@dataclass(frozen=True)
class Movement:
    """A performed session: the body on the true clock at GRID_HZ, what is true of it, and what stood about."""

    posture: Posture
    truth: Truth
    props: tuple[Prop, ...] = ()

    @property
    def t(self) -> Floats:
        """Seconds of the true clock."""
        return self.posture.t


def _check(parts: tuple[Part, ...]) -> None:
    for part in parts:
        if part.name in EVERYDAY:
            continue
        exercise = find(part.name)
        if exercise.name not in MOTIONS:
            known = ", ".join([*MOTIONS, *EVERYDAY])
            raise UsageError(f"{part.name!r} can't be simulated; what can is: {known}.")
        if exercise.pattern != "hold" and part.count < 1:
            raise UsageError(f"A simulated set of {part.name!r} needs a count of at least 1.")
        cues = [c.cue for c in exercise.cues]
        for cue in part.slips:
            if cue not in cues:
                raise UsageError(f"{part.name!r} has no cue {cue!r} to miss; its cues are {', '.join(cues)}.")


def perform(parts: tuple[Part, ...], seed: int, person: Person | None = None) -> Movement:
    """The movement of a session. The same parts, seed and person give the same numbers; mirrored parts and person the mirror's.

    Raises NoSuchExercise for a part that isn't in the catalogue, and UsageError for one that has no motion.
    """
    _check(parts)
    person_rng, motion_rng = (np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(2))
    person = person or draw_person(person_rng)
    actor = Actor(Script(standing(person.build)), person, motion_rng, Notes(), [0.0])
    for part in parts:
        start = actor.now
        if part.name in EVERYDAY:
            motion, name = EVERYDAY[part.name]
            motion(actor, part)
        else:
            exercise = find(part.name)
            MOTIONS[exercise.name](actor, part, exercise)
            name = exercise.name
        actor.notes.activities.append(Activity(name, start, actor.now))
    t = np.arange(round(actor.now * GRID_HZ)) / GRID_HZ
    posture = pose(actor.script.sample(t), person.build, t)
    return Movement(posture, _truth(seed, person, actor.notes, posture), tuple(actor.notes.props))


def pelvis_angles_deg(posture: Posture) -> tuple[Floats, Floats]:
    """Obliquity and tilt, degrees, (N,) each, by the interface's definition: from where up is in the pelvis' frame."""
    up = posture.turn["pelvis"][:, 2, :]
    return np.rad2deg(np.arcsin(np.clip(up[:, 1], -1, 1))), np.rad2deg(np.arctan2(-up[:, 0], up[:, 2]))


def stance_sign(t: Floats, stances: list[Stance] | tuple[Stance, ...]) -> Floats:
    """+1 where only the left leg stands, -1 where only the right one does, else 0; (N,)."""
    sign = np.zeros(len(t))
    for s in stances:
        i, j = np.searchsorted(t, (s.start_s, s.end_s))
        sign[i:j] = 1.0 if s.side == SIDES[0] else -1.0
    return sign


def _turned_deg(turn: Floats, i: int, j: int) -> float:
    """The farthest that a segment (N, 3, 3) turns away from its pose at sample i, up to sample j; degrees."""
    trace = np.einsum("ab,nab->n", turn[i], turn[i:j])
    return float(np.rad2deg(np.arccos(np.clip((trace.min() - 1) / 2, -1, 1))))


def _leading_segment(exercise: Exercise, side: Side | None) -> str:
    """The segment that the catalogue names first; of the thighs the one that moves."""
    segment = exercise.placements[0]
    if segment not in ("thigh", "shank"):
        return segment
    one = "left" if side in (None, "both") else side
    return f"{segment}_{other(one) if exercise.side_rule == 'stance_leg' else one}"


def _measured(rep: TrueRep, exercise: Exercise, posture: Posture, drop: Floats) -> TrueRep:
    i, j = np.searchsorted(posture.t, (rep.start_s, rep.end_s))
    here = drop[i:j]
    on_one_leg = bool(np.isfinite(here).any())
    turn = posture.turn[_leading_segment(exercise, rep.side)]
    return replace(rep, range_deg=_turned_deg(turn, i, j), drop_deg=float(np.nanmax(here)) if on_one_leg else None)


def _drops(a_set: TrueSet, t: Floats, drop: Floats, sign: Floats) -> tuple[DropEvent, ...]:
    if a_set.drop_threshold_deg is None:
        return ()
    i, j = np.searchsorted(t, (a_set.start_s, a_set.end_s))
    events = []
    for a, b in runs(np.nan_to_num(drop[i:j], nan=-np.inf) > a_set.drop_threshold_deg) + i:
        if (b - a) / GRID_HZ > SHORTEST_DROP_S:
            side: Side = "left" if sign[a] > 0 else "right"
            events.append(DropEvent(float(t[a]), float(t[b - 1] + 1 / GRID_HZ), float(drop[a:b].max()), side, True))
    return tuple(events)


def _truth(seed: int, person: Person, notes: Notes, posture: Posture) -> Truth:
    t = posture.t
    obliquity, tilt = pelvis_angles_deg(posture)
    if notes.quiet:
        at_rest = (t >= notes.quiet[0][0]) & (t < notes.quiet[0][1])
        obliquity, tilt = obliquity - obliquity[at_rest].mean(), tilt - tilt[at_rest].mean()
    sign = stance_sign(t, notes.stances)
    drop = np.where(sign != 0, sign * obliquity, np.nan)
    sets = []
    for a_set in notes.sets:
        measured = replace(a_set, reps=tuple(_measured(r, find(a_set.exercise), posture, drop) for r in a_set.reps))
        sets.append(replace(measured, drops=_drops(measured, t, drop, sign)))
    every = round(GRID_HZ / SERIES_HZ)
    series = {"t": t, "obliquity_deg": obliquity, "tilt_deg": tilt, "stance": sign}
    for side in SIDES:
        series |= {f"{name}_{side}_deg": angle for name, angle in joint_angles_deg(posture, side).items()}
    return Truth(
        seed=seed,
        duration_s=float(len(t) / GRID_HZ),
        person=person.as_data(),
        sets=tuple(sets),
        activities=tuple(notes.activities),
        stances=tuple(notes.stances),
        quiet=tuple(notes.quiet),
        bows=tuple(notes.bows),
        series={k: tuple(float(round(x, 2)) for x in v[::every]) for k, v in series.items()},
    )
