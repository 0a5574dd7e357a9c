"""A set of reps: when each is, how large, and what is wrong with it; the exercise's own function then moves the body.

Whatever the catalogue can say of an exercise is drawn from its entry here: the phases, and the slips that its cues name, by what
a cue measures (a pause left out, a lowering dropped, a range not reached). What only a body can do wrong is left to the motion,
which asks `plan.slip(measure)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from imu_tracker.exercises import Exercise, Span
from imu_tracker.simulate.actor import Actor
from imu_tracker.simulate.motions.part import Part
from imu_tracker.simulate.motions.unsteady import unsteady
from imu_tracker.simulate.truth import TrueRep, TrueSet

BETWEEN_S = Span(0.05, 0.7)  # from rep to rep
BREATH_S = Span(1.8, 3.2)
PARTIAL = Span(0.58, 0.78)  # of the usual range; the interface counts from half of it
FALSE_START = Span(0.15, 0.38)  # a try that is given up, and doesn't count
SHORT_OF_RANGE = Span(0.58, 0.7)  # partial too, but by habit
DROP_OF_THRESHOLD = Span(0.75, 1.5)  # where a drop shall be seen, about so much of what counts as one
SHARP = 0.22  # of a phase
HABIT_SD = 0.15  # of how much slower than the way back the way out is; of this person in this set, as a share of the spans
SHAPE_SD = 0.15  # of how early or late the middle of a phase is; of this person in this set


@dataclass(frozen=True)
class Plan:
    """One rep to be moved. size: 1 for what is usual in this set. slips: measures of the cues that it shall miss.

    lag: how much later than the leading part each further part of the body goes, as a share of a phase; of this person.
    extra_drop: what the pelvis drops beyond the usual, degrees.
    """

    start: float
    out: float
    pause: float
    back: float
    size: float
    slips: frozenset[str] = frozenset()
    tired: float = 0.0
    lag: float = 0.0
    extra_drop: float = 0.0

    @property
    def turn(self) -> float:
        """When the body is there."""
        return self.start + self.out

    @property
    def leave(self) -> float:
        """When it starts back."""
        return self.turn + self.pause

    @property
    def end(self) -> float:
        """When it is back."""
        return self.leave + self.back

    @property
    def times(self) -> tuple[float, float, float, float]:
        """Start, turn, leave, end."""
        return self.start, self.turn, self.leave, self.end

    @property
    def sharp(self) -> tuple[float, float, float, float]:
        """The same for a body that doesn't come to rest at the turn: the way back begins before the way out is over."""
        return self.start, self.turn + SHARP * self.out, self.leave - SHARP * self.back, self.end

    @property
    def late(self) -> tuple[float, float, float, float]:
        """The same for parts that follow: they lag on the way out and lead on the way back."""
        return (
            self.start + max(0.0, self.lag) * self.out,
            self.turn - max(0.0, -self.lag) * self.out,
            self.leave + max(0.0, -self.lag) * self.back,
            self.end - max(0.0, self.lag) * self.back,
        )

    def slip(self, measure: str) -> float:
        """1 where the rep shall miss the cue that measures this, else 0."""
        return 1.0 if measure in self.slips else 0.0


Rep = Callable[[Actor, Plan], None]


def repeat(
    actor: Actor,
    part: Part,
    exercise: Exercise,
    side: str | None,
    one: Rep,
    *,
    sides: Callable[[int], str] | None = None,
    between: Span = BETWEEN_S,
    steady: tuple[str, ...] = (),
) -> TrueSet:
    """`count` reps of `one`, written down as a set.

    side: the set's in this view; sides: each rep's, where they alternate. steady: channels that tremble and sway a little all
    through the set.
    """
    person = actor.person
    lag = float(np.clip(actor.rng.normal(0, 0.06), -0.15, 0.15))
    mood = person.pace + float(actor.rng.normal(0, 0.08))
    habit = float(actor.rng.normal(0, HABIT_SD))
    usual = actor.rng.normal(0, SHAPE_SD, 2)
    begin, reps = actor.now, []
    for k in range(part.count):
        if actor.rng.random() < part.false_starts:
            tried = _plan(actor, part, exercise, k, lag, (mood + habit, mood, mood - habit))
            fast = 0.6 * tried.out, 0.0, 0.7 * tried.back
            one(actor.seen_from(sides, k), Plan(actor.now, *fast, actor.draw(FALSE_START, 0.5, 0.3)))
            actor.until(actor.now + 0.6 * tried.out + 0.7 * tried.back + float(actor.rng.uniform(0.4, 1.2)))
        out, back = usual + actor.rng.normal(0, SHAPE_SD / 3, 2)
        actor = replace(actor, shape=(float(out), float(back)))
        plan = _plan(actor, part, exercise, k, lag, (mood + habit, mood, mood - habit))
        partial = bool(actor.rng.random() < part.partial_share)
        if partial:
            plan = _sized(plan, actor.draw(PARTIAL, 0.5, 0.3))
        one(actor.seen_from(sides, k), plan)
        named = side if sides is None else sides(k)
        rep = actor.rep(plan.start, plan.out, plan.pause, plan.back, plan.end, named)
        short = partial or "range_deg" in plan.slips
        reps.append(replace(rep, partial=short, slips=_cues_missed(exercise, plan.slips)))
        actor.ripple(plan.start, plan.end)
        actor.until(plan.end + _gap(actor, part, k, between))
    end = reps[-1].end_s
    for channel in steady:
        length = channel in ("x", "y", "bob")
        actor.sway(channel, (0.002 if length else 0.5) * person.sway_deg / 0.4, begin, end + 0.3, hz=(0.2, 2.0))
    unsteady(actor, side, reps)
    a_set = TrueSet(
        exercise.name,
        exercise.pattern or "reps",
        None if side is None else actor.side(side),
        reps[0].start_s,
        end,
        tuple(reps),
        drop_threshold_deg=exercise.drop_threshold_deg,
    )
    actor.notes.sets.append(a_set)
    return a_set


def _plan(actor: Actor, part: Part, exercise: Exercise, k: int, lag: float, moods: tuple[float, float, float]) -> Plan:
    person = actor.person
    progress = k / max(1, part.count - 1)
    slower = 1 + person.fatigue * progress
    slips = set(draw_slips(actor, part, exercise))
    if actor.rng.random() < part.drop_share and exercise.drop_threshold_deg is not None:
        slips.add("drop_deg")
    out, pause, back = (
        actor.draw(span, mood, 0.06) * slower
        for span, mood in zip((exercise.out_s, exercise.pause_s, exercise.back_s), moods, strict=True)
        if span
    )
    size = actor.uneven() * (1 - 0.35 * person.fatigue * progress)
    rise_is_out = exercise.rise != "back"
    if "pause_s" in slips:
        pause = float(actor.rng.uniform(0, 0.08))
    if "lower_s" in slips:
        fast = float(actor.rng.uniform(0.45, 0.7))
        out, back = (out, fast) if rise_is_out else (fast, back)
    if "range_deg" in slips:
        size *= actor.draw(SHORT_OF_RANGE, 0.5, 0.3)
    if "peak_rate_deg_s" in slips:
        out *= 2.0
    extra = (exercise.drop_threshold_deg or 0.0) * actor.draw(DROP_OF_THRESHOLD, 0.5, 0.3) if "drop_deg" in slips else 0.0
    return Plan(actor.now, out, pause, back, size, frozenset(slips), progress * person.fatigue, lag, extra)


def _sized(plan: Plan, share: float) -> Plan:
    quicker = 0.6 + 0.4 * share
    return replace(plan, out=plan.out * quicker, back=plan.back * quicker, size=plan.size * share)


def _cues_missed(exercise: Exercise, measures: frozenset[str]) -> tuple[str, ...]:
    return tuple(c.cue for c in exercise.cues if c.measure in measures)


def draw_slips(actor: Actor, part: Part, exercise: Exercise) -> frozenset[str]:
    """Measures of the cues that the next rep shall miss. Draws nothing where the part asks for none."""
    return frozenset(c.measure for c in exercise.cues if c.cue in part.slips and actor.rng.random() < part.slip_share)


def with_slips(rep: TrueRep, exercise: Exercise, slips: frozenset[str]) -> TrueRep:
    """A rep's truth with the cues that it missed."""
    return replace(rep, slips=_cues_missed(exercise, slips), partial=rep.partial or "range_deg" in slips) if slips else rep


def _gap(actor: Actor, part: Part, k: int, between: Span) -> float:
    """How long until the next rep starts; the last one is left at once."""
    if k + 1 == part.count:
        return 0.1
    if part.pauses and (k + 1) % part.pauses == 0:
        return actor.draw(BREATH_S, 0.5, 0.3)
    return actor.draw(between, actor.person.pace, 0.2)


def trouble(actor: Actor, plan: Plan, leg: str, usual: float = 0.5) -> float:
    """A rep's pelvic drop over the standing leg, degrees: the person's own, and more as it tires or where it shall be seen."""
    drop = usual * actor.usual_drop_deg(leg) * (1 + 1.5 * plan.tired) + float(actor.rng.normal(0, 0.8))
    return drop + plan.extra_drop
