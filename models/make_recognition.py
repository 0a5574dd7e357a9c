"""Makes `imu_tracker/recognition/builtin.model`, which names exercises, and its card: from simulated people alone.

    python models/make_recognition.py [--people 40] [--everyday 250] [--out FILE] [--report-only] [--jobs N]

Two kinds of session, every one another person, a sensor put on at random at the pelvis and on either thigh:
  sets      a drawn session of one exercise, so many of each; one in three at 0.75-1.6 times its speed
  everyday  what isn't exercise, in any order and amount: each stretch of it is an example of `other`
A set is an example of its exercise by the pelvis and by the thigh that the catalogue names. Training seeds only. The card's
figures are on people of the evaluation seeds, each with one set: see `Figures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from make_activity import everyday_part, faster, log_uniform

from imu_tracker.exercises import find
from imu_tracker.motion import GRID_HZ, motion_of, to_grid
from imu_tracker.recognition.corpus import POINTS, Example, Outline
from imu_tracker.recognition.examples import QUICK, Features, Part, Span, part_of
from imu_tracker.recognition.fitting import fit_heads, with_scale
from imu_tracker.recognition.model import Model, Prediction
from imu_tracker.reps import exercise_sets
from imu_tracker.simulate.api import record, worn_for
from imu_tracker.simulate.drawing import draw_session
from imu_tracker.simulate.evaluation import ALL_EXERCISES, TRAINING_SEEDS
from imu_tracker.simulate.motions import Part as Doing
from imu_tracker.simulate.session import perform

FIRST_SEED = {"sets": 400_000, "everyday": 500_000}  # offsets into the training seeds, far from those of make_activity
WORN = ("pelvis", "thigh_left", "thigh_right")
PACE = (0.75, 1.6)  # what people do faster and slower than the catalogue has it
OTHER_PACE = 0.33  # share of the sessions
SHORTEST_S = 3.0  # of a stretch of everyday motion
FOLDS = 5
FEW = (3, 6)  # reps in three sets of ten


@dataclass(frozen=True)
class Seen:
    """One set or stretch: its label, the person (seed), and what each sensor shows of it."""

    label: str
    seed: int
    parts: dict[str, Part]
    thigh: str


def _doings(rng: np.random.Generator, kind: str, k: int) -> tuple[Doing, ...]:
    if kind == "everyday":
        return (Doing("quiet", seconds=2.5), *(everyday_part(rng) for _ in range(int(rng.integers(4, 9)))))
    name = ALL_EXERCISES[k % len(ALL_EXERCISES)]
    doings = draw_session(rng, [name])
    few = rng.random() < 0.3
    return tuple(
        replace(d, count=int(rng.integers(FEW[0], FEW[1] + 1))) if few and d.name == name and d.count else d for d in doings
    )


def seen_in(job: tuple[str, int]) -> list[Seen]:
    """The examples of one session."""
    kind, k = job
    seed = TRAINING_SEEDS[FIRST_SEED[kind] + k]
    rng = np.random.default_rng([seed, 7])
    movement = perform(_doings(rng, kind, k), seed)
    if kind == "sets" and find(movement.truth.sets[0].exercise).pattern != "hold" and rng.random() < OTHER_PACE:
        movement = faster(movement, log_uniform(rng, PACE))
    recording = record(movement, seed, WORN)
    spans: list[tuple[str, Span, str]] = []
    if kind == "sets":
        for s in movement.truth.sets:
            thigh = next((p for p in worn_for(find(s.exercise), s) if p.startswith("thigh")), "thigh_left")
            spans.append((s.exercise, (s.start_s, s.end_s), thigh))
    else:
        thigh = WORN[1 + int(rng.integers(2))]
        spans += [(a.name, (a.start_s, a.end_s), thigh) for a in movement.truth.activities if a.end_s - a.start_s >= SHORTEST_S]
    parts: list[dict[str, Part]] = [{} for _ in spans]
    for name, stream in sorted(recording.streams.items()):
        motions = tuple(motion_of(piece) for piece in to_grid(stream, recording.start_s))
        sets = [(float(s.cuts[0, 0]), float(s.cuts[-1, 1])) for s in exercise_sets(motions)]
        for mine, (_, span, _) in zip(parts, spans, strict=True):
            part = part_of(name, motions, sets, span, ("gyr", "acc"), QUICK)
            if part is not None:
                mine[name] = part
    return [Seen(label, seed, mine, thigh) for mine, (label, _, thigh) in zip(parts, spans, strict=True)]


def examples_of(seen: Sequence[Seen]) -> list[Example]:
    """One example for every set and sensor, the working thigh's and the pelvis'."""
    out = []
    for one in seen:
        for name in ("pelvis", one.thigh):
            if name in one.parts:
                outline = Outline(str(one.seed).encode(), np.zeros(POINTS))
                features = Features((one.parts[name],))
                out.append(Example(f"{one.seed}", None, one.label, str(one.seed), features, GRID_HZ, outline))
    return out


def fitted(examples: Sequence[Example]) -> tuple[Model, list[tuple[Example, Prediction]]]:
    """The model of all, its temperatures and limits from people left out a fifth at a time; and what it said of those."""
    labels = tuple(sorted({str(e.label) for e in examples}))
    left_out = []
    for k in range(FOLDS):
        inside = [e for e in examples if int(e.file) // len(ALL_EXERCISES) % FOLDS != k]
        outside = [e for e in examples if int(e.file) // len(ALL_EXERCISES) % FOLDS == k]
        left_out.append((outside, fit_heads(inside, labels)))
    heads = with_scale(fit_heads(examples, labels), left_out, labels)
    said = []
    for outside, folds in left_out:
        scaled = tuple(
            replace(h, temperature=whole.temperature, limit=whole.limit) for h, whole in zip(folds, heads, strict=True)
        )
        model = Model(labels, scaled)
        said += [(e, model.predict(e.features)) for e in outside]
    return Model(labels, heads), said
