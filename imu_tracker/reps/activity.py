"""How probable it is that a found set is exercise: what each figure of it says for and against, added up.

The model is logistic and additive: every figure has a curve of log-odds, straight between a few values and level beyond the
outermost, so that what training never saw says no more than the most extreme thing it did see. The curves lie in
`activity.json`, made by `models/make_activity.py` from simulated people alone.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from imu_tracker.errors import FileError
from imu_tracker.motion import Motion
from imu_tracker.numeric import Floats
from imu_tracker.reps.evidence import FIGURES, evidence_of
from imu_tracker.reps.joining import JoinParameters, alike, join_sets
from imu_tracker.reps.parameters import CountParameters
from imu_tracker.reps.phases import typical_course
from imu_tracker.reps.sets import FoundSet, clear_sets, find_sets

SCHEMA = 1
MODEL_FILE = "activity.json"
BOWS = 3
DOUBTFUL = 0.3  # probability of being exercise; simulated bows have 0.05-0.25
UNLIKE = 0.5  # correlation of typical repetitions; of two movements it lies below 0.45
SAME = JoinParameters.same_movement  # cut half a rep later it would be the opposite, so its size counts
FEWEST_MIRRORED = CountParameters.fewest_pairs  # height and sizes alone tell less
SOON_S = CountParameters.near_s
LARGEST = 50.0  # log-odds and figures are logarithms, shares and correlations: anything larger is a fault in the file


@dataclass(frozen=True)
class Curve:
    """What a figure says: log_odds (K,) at its values `at` (K,), increasing."""

    at: Floats
    log_odds: Floats


@dataclass(frozen=True)
class ActivityModel:
    """base: log-odds before anything is known. curves: by the figure's name, one for each of FIGURES."""

    base: float
    curves: Mapping[str, Curve]

    def probability(self, figures: Mapping[str, float]) -> float:
        """That a set with these figures is exercise, 0-1."""
        log_odds = self.base
        for name, curve in self.curves.items():
            log_odds += float(np.interp(figures[name], curve.at, curve.log_odds))
        return float(1.0 / (1.0 + np.exp(-log_odds)))


def parse_model(text: str, path: object = MODEL_FILE) -> ActivityModel:
    """The model in a JSON text; `path` is what a fault is said of. Raises FileError with a sentence on the first fault."""
    try:
        raw = json.loads(text)
    except ValueError as e:
        raise FileError(path, f"the activity model isn't valid JSON: {e}.") from e
    if not isinstance(raw, dict) or raw.get("schema") != SCHEMA:
        raise FileError(path, f"the activity model should have schema {SCHEMA}; make it anew with models/make_activity.py.")
    curves = raw.get("curves")
    if not isinstance(curves, dict) or set(curves) != set(FIGURES):
        raise FileError(path, f"the activity model needs a curve for each of {', '.join(FIGURES)}, and no other.")
    base = _numbers([raw.get("base")], "base", path)[0]
    return ActivityModel(float(base), {name: _curve(curves[name], name, path) for name in FIGURES})


def _curve(raw: Any, name: str, path: object) -> Curve:
    if not isinstance(raw, dict) or set(raw) != {"at", "log_odds"}:
        raise FileError(path, f"the curve of {name} should have `at` and `log_odds`, and nothing else.")
    at, log_odds = (_numbers(raw[key], f"{key} of {name}", path) for key in ("at", "log_odds"))
    if len(at) != len(log_odds) or len(at) < 2 or bool(np.any(np.diff(at) <= 0)):
        raise FileError(path, f"the curve of {name} needs as many log_odds as values, two or more, and the values increasing.")
    return Curve(at, log_odds)


def _numbers(raw: Any, what: str, path: object) -> Floats:
    """A list of plain, moderate numbers."""
    plain = isinstance(raw, list) and all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in raw)
    if not plain or not all(abs(x) <= LARGEST for x in raw):
        raise FileError(path, f"{what} in the activity model should be numbers within ±{LARGEST:g}; found {raw!r}.")
    return np.array(raw, float)


@functools.cache
def load_model() -> ActivityModel:
    """The package's own model; read once. Raises FileError where it is damaged."""
    return parse_model(Path(__file__).with_name(MODEL_FILE).read_text(encoding="utf-8"))


def judge_sets(
    motions: tuple[Motion, ...], found: tuple[FoundSet, ...], model: ActivityModel | None = None
) -> tuple[FoundSet, ...]:
    """The sets of one stream, each with the probability that it is exercise: its own, or that of the same movement nearby."""
    model = model or load_model()
    own = [model.probability(evidence_of(motions, s)) for s in found]
    shapes = functools.cache(lambda k: typical_course(motions, found[k].cuts))
    out = []
    for k, s in enumerate(found):
        likelier = [i for i, o in enumerate(found) if own[i] > own[k] and abs(s.cuts[0, 0] - o.cuts[0, 0]) < SOON_S]
        same = [own[i] for i in likelier if abs(float(shapes(i) @ shapes(k))) >= SAME]
        out.append(replace(s, exercise=max([own[k], *same])))
    return tuple(out)


def exercise_sets(motions: tuple[Motion, ...], named: bool = False, p: CountParameters | None = None) -> tuple[FoundSet, ...]:
    """The sets of exercise in one stream, in order of time; named: the caller has said which exercise it is.

    A named exercise that isn't found may have been done now to one side and now to the other: on one leg, some hike the pelvis in
    one repetition and let it drop in the next. So it is looked for in what a mirror leaves as it is, once no more is to come.
    """
    p = p or CountParameters()
    found = _clear(motions, find_sets(motions, p), p, named)
    if found or not named or p.growing:
        return found
    return tuple(s for s in _clear(motions, find_sets(motions, p, mirrored=True), p, named) if len(s.cuts) >= FEWEST_MIRRORED)


def _clear(motions: tuple[Motion, ...], found: tuple[FoundSet, ...], p: CountParameters, named: bool) -> tuple[FoundSet, ...]:
    return clear_sets(without_prelude(motions, judge_sets(motions, join_sets(motions, found))), p, named)


def without_prelude(motions: tuple[Motion, ...], found: tuple[FoundSet, ...]) -> tuple[FoundSet, ...]:
    """The sets of one stream without the two or three bows that calibrate a session (the interface's rule): what comes first,
    is short, doubtful, and isn't the movement of the longer set that follows it soon."""
    if len(found) < 2 or len(found[0].cuts) > BOWS or found[0].exercise > DOUBTFUL:
        return found
    bows = found[0]
    soon = [s for s in found[1:] if s.cuts[0, 0] - bows.cuts[-1, 1] < SOON_S]
    longer = [s for s in soon if len(s.cuts) > BOWS and s.merit * s.exercise > bows.merit * bows.exercise]
    same = any(abs(alike(motions, bows.cuts, s.cuts)) >= UNLIKE for s in soon)  # cut half a rep later it would be the opposite
    return found[1:] if longer and not same else found
