"""Reads `catalogue.toml`: what each exercise is, as frozen data, checked when it is read.

A fault in the catalogue is a CatalogueError, one sentence naming the entry, the field and what it should be. Adding an exercise
is adding an entry (and a motion, where it is to be simulated); nothing else in the package names exercises.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from imu_tracker.errors import CatalogueError, NoSuchExercise

Pattern = Literal["reps", "steps", "hold"]
Phase = Literal["out", "back"]
LeadingSignal = Literal["sagittal", "frontal", "rotation", "lateral", "vertical", "posture"]
SideRule = Literal["stance_leg", "moving_leg", "travel", "alternating", "both"]
StanceRule = Literal["working_leg", "alternating", "both_feet", "none"]
Against = Literal["absolute", "best", "first"]

WORN_ON = ("pelvis", "thigh", "shank", "chest", "wrist", "upper_arm")  # segments; which side is the wearer's business

# What a cue may be measured by, and what it is; each is worked out for a rep (of a hold: for the hold).
MEASURES: Mapping[str, str] = {
    "out_s": "time away from rest, s",
    "pause_s": "time still at the turn, s",
    "back_s": "time back to rest, s",
    "rise_s": "time of the rise, s",
    "lower_s": "time of the lowering, s",
    "range_deg": "rotation between rest and turn, degrees",
    "peak_rate_deg_s": "highest rotation rate, degrees/s",
    "drop_deg": "highest pelvic drop in single-leg stance, degrees",
    "obliquity_deg": "highest obliquity either way, degrees",
    "tilt_deg": "highest anterior tilt, degrees",
    "posterior_tilt_deg": "posterior tilt at the turn, degrees",
    "pelvis_roll_deg": "rotation of the pelvis away from the set's resting pose, degrees",
    "sag_deg": "change of the pelvis' resting pose, degrees",
    "drift_deg": "change of the held pose, degrees",
    "thigh_from_level_deg": "angle between thigh and horizontal, degrees",
    "tremor_deg_s": "rotation rate above 4 Hz, RMS, degrees/s",
    "sway_deg_s": "rotation rate across the movement's own plane, RMS, degrees/s",
    "smoothness": "0-1, 1 for one smooth bell of speed each way",
    "step_width": "how wide the step is, in any unit that stays the same within a set",
    "height_cm": "height of the pelvis, cm",
    "side_difference": "left against right, as a share of their mean",
    "push_off": "share of the lift that the other foot gave, 0-1",
    "touch_downs": "times that the free foot touched the floor",
}


class Span(NamedTuple):
    """From the least to the most of a quantity in ordinary people."""

    least: float
    most: float


@dataclass(frozen=True)
class Cue:
    """Something a coach would watch in each rep: met where `measure` is within the limits.

    against: `absolute` takes the measure as it is, `best` as a share of the set's best rep, `first` as its change from the
    set's first reps. says: what to tell the wearer where it isn't met.
    """

    cue: str
    measure: str
    says: str
    against: Against = "absolute"
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True)
class Exercise:
    """One entry of the catalogue.

    name, title: as scripts and as people say it. exercise: False for what isn't exercise (walking, standing ...).
    how, wear: a sentence each on how it is done and where the sensor goes. placements: segments that see it, the best first.
    leading_signal: what carries the rep: a rotation (`sagittal`, `frontal`, `rotation` about the segment's long axis), a travel
    (`lateral`, `vertical`) or a `posture` that is kept. pattern: None for what isn't exercise. duration_s: a rep, step, hold or
    gait cycle. out_s, pause_s, back_s: its phases. range_deg: rotation of each segment between rest and turn.
    rise_cm: how far the pelvis travels up and down. rise: which of out and back goes up. side_rule: what `side` means.
    stance_rule: which leg stands, and so what a drop is measured against. drop_threshold_deg: what counts as a pelvic drop,
    None where no drop is measured. longest_pause_s: a longer one ends the set; None for the interface's rule (8 s or three reps).
    sampled: what else the simulator draws from, by name with its unit (`knee_deg`, `step_of_stature`). garmin: what Garmin's FIT
    profile calls it, `category/name`, or the category alone where it has no name for it; None where it has neither.
    """

    name: str
    title: str
    how: str
    wear: str
    placements: tuple[str, ...]
    leading_signal: LeadingSignal
    exercise: bool = True
    pattern: Pattern | None = None
    duration_s: Span | None = None
    out_s: Span | None = None
    pause_s: Span | None = None
    back_s: Span | None = None
    range_deg: Mapping[str, Span] = field(default_factory=dict)
    rise_cm: Span | None = None
    rise: Phase | None = None
    side_rule: SideRule | None = None
    stance_rule: StanceRule = "none"
    drop_threshold_deg: float | None = None
    longest_pause_s: float | None = None
    cues: tuple[Cue, ...] = ()
    sampled: Mapping[str, Span] = field(default_factory=dict)
    garmin: str | None = None

    def drawn_from(self, name: str) -> Span:
        """The span that the simulator draws `name` from. Raises CatalogueError where the entry hasn't got it."""
        if name not in self.sampled:
            raise CatalogueError(f"The catalogue's entry {self.name!r} needs {name} in `sampled`, which its motion draws from.")
        return self.sampled[name]


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "leading_signal": get_args(LeadingSignal),
    "pattern": get_args(Pattern),
    "rise": get_args(Phase),
    "side_rule": get_args(SideRule),
    "stance_rule": get_args(StanceRule),
}
_SPANS = ("duration_s", "out_s", "pause_s", "back_s", "rise_cm")
_NUMBERS = ("drop_threshold_deg", "longest_pause_s")
_TEXTS = ("title", "how", "wear")


def _is_number(x: object) -> bool:
    return isinstance(x, (int, float)) and not isinstance(x, bool)


class _Entry:
    """One entry being read: knows its name, so that each fault can be said in a sentence."""

    def __init__(self, name: str, raw: Any) -> None:
        self.name = name
        if not isinstance(raw, dict):
            raise self.fault(f"is {raw!r}, but should be a table `[{name}]`")
        self.raw: dict[str, Any] = raw
        known = {f.name for f in fields(Exercise)} - {"name"}
        for key in raw:
            if key not in known:
                near = _nearest(key, known, 1)
                raise self.fault(f"has a field {key!r} that isn't known" + (f"; did you mean {near[0]!r}?" if near else ""))

    def fault(self, what: str) -> CatalogueError:
        return CatalogueError(f"The catalogue's entry {self.name!r} {what}.")

    def text(self, key: str) -> str:
        value = self.raw.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(f"needs {key} as a text; it has {value!r}")
        return value

    def choice(self, key: str) -> str:
        value = self.raw[key]
        if value not in _CHOICES[key]:
            raise self.fault(f"has {key} = {value!r}; it should be one of {', '.join(_CHOICES[key])}")
        return str(value)

    def span(self, key: str, value: Any) -> Span:
        if not (isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))):
            raise self.fault(f"has {key} = {value!r}; it should be two numbers, [least, most]")
        least, most = map(float, value)
        if not 0 <= least <= most:
            raise self.fault(f"has {key} = {value!r}; the least should be 0 or more and not above the most")
        return Span(least, most)

    def spans_by_segment(self) -> dict[str, Span]:
        raw = self.raw.get("range_deg", {})
        if not isinstance(raw, dict):
            raise self.fault(f"has range_deg = {raw!r}; it should be a table of spans by segment")
        for segment in raw:
            if segment not in WORN_ON:
                raise self.fault(f"has a range_deg for {segment!r}; segments are {', '.join(WORN_ON)}")
        return {segment: self.span(f"range_deg.{segment}", value) for segment, value in raw.items()}

    def sampled(self) -> dict[str, Span]:
        raw = self.raw.get("sampled", {})
        if not isinstance(raw, dict):
            raise self.fault(f"has sampled = {raw!r}; it should be a table of spans by name")
        return {name: self.span(f"sampled.{name}", value) for name, value in raw.items()}

    def number(self, key: str) -> float | None:
        value = self.raw.get(key)
        if value is None:
            return None
        if not _is_number(value) or value <= 0:
            raise self.fault(f"has {key} = {value!r}; it should be a number above 0")
        return float(value)

    def placements(self) -> tuple[str, ...]:
        value = self.raw.get("placements")
        if not isinstance(value, list) or not value:
            raise self.fault("needs placements, the best first")
        for word in value:
            if word not in WORN_ON:
                raise self.fault(f"has the placement {word!r}; segments are {', '.join(WORN_ON)}")
        if len(set(value)) < len(value):
            raise self.fault("names a placement twice")
        return tuple(value)

    def cues(self) -> tuple[Cue, ...]:
        raw = self.raw.get("cues", [])
        if not isinstance(raw, list):
            raise self.fault("has cues that aren't a list")
        cues = tuple(self._cue(c) for c in raw)
        if len({c.cue for c in cues}) < len(cues):
            raise self.fault("names a cue twice")
        return cues

    def _cue(self, raw: Any) -> Cue:
        known = {f.name for f in fields(Cue)}
        if not isinstance(raw, dict) or not {"cue", "measure", "says"} <= set(raw) <= known:
            raise self.fault(f"has the cue {raw!r}; a cue has cue, measure, says, at_least or at_most, and perhaps against")
        for key in ("cue", "measure", "says"):
            if not isinstance(raw[key], str) or not raw[key].strip():
                raise self.fault(f"has a cue with {key} = {raw[key]!r}; it should be a text")
        name = raw["cue"]
        if raw["measure"] not in MEASURES:
            near = _nearest(raw["measure"], MEASURES, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise self.fault(f"measures its cue {name!r} by {raw['measure']!r}, which isn't known{hint}")
        if raw.get("against", "absolute") not in get_args(Against):
            raise self.fault(
                f"has against = {raw['against']!r} in its cue {name!r}; it should be one of {', '.join(get_args(Against))}"
            )
        limits = [raw.get("at_least"), raw.get("at_most")]
        if all(x is None for x in limits) or not all(x is None or _is_number(x) for x in limits):
            raise self.fault(f"needs a number as at_least or at_most in its cue {name!r}")
        if limits[0] is not None and limits[1] is not None and limits[0] > limits[1]:
            raise self.fault(f"has at_least above at_most in its cue {name!r}")
        return Cue(**raw)

    def exercise(self) -> Exercise:
        is_exercise = self.raw.get("exercise", True)
        if not isinstance(is_exercise, bool):
            raise self.fault(f"has exercise = {is_exercise!r}; it should be true or false")
        if self.raw.get("leading_signal") is None:
            raise self.fault(f"needs leading_signal, one of {', '.join(_CHOICES['leading_signal'])}")
        read: dict[str, Any] = {k: self.text(k) for k in _TEXTS}
        read |= {k: self.choice(k) for k in _CHOICES if k in self.raw}
        read |= {k: self.span(k, self.raw[k]) for k in _SPANS if k in self.raw}
        read |= {k: self.number(k) for k in _NUMBERS}
        read |= {k: self.text(k) for k in ("garmin",) if k in self.raw}
        entry = Exercise(
            name=self.name,
            exercise=is_exercise,
            placements=self.placements(),
            range_deg=self.spans_by_segment(),
            cues=self.cues(),
            sampled=self.sampled(),
            **read,
        )
        self._check_whole(entry)
        return entry

    def _check_whole(self, e: Exercise) -> None:
        """What no field can say alone."""
        if not e.exercise:
            if e.pattern or e.cues or e.side_rule:
                raise self.fault("isn't exercise, and so has no pattern, cues or side_rule")
            return
        if e.pattern is None or e.duration_s is None or e.side_rule is None:
            raise self.fault("needs pattern, duration_s and side_rule, as every exercise does")
        if e.pattern != "hold" and not (e.out_s and e.pause_s and e.back_s and e.range_deg):
            raise self.fault("needs out_s, pause_s, back_s and range_deg, as all but holds do")
        if e.out_s and e.pause_s and e.back_s:
            least, most = (sum(getattr(s, end) for s in (e.out_s, e.pause_s, e.back_s)) for end in ("least", "most"))
            if least > e.duration_s.most or most < e.duration_s.least:
                raise self.fault(f"has phases of {least:g} to {most:g} s together, which don't meet its duration_s")
        if e.stance_rule in ("none", "both_feet") and e.drop_threshold_deg is not None:
            raise self.fault(f"has a drop_threshold_deg, but no single-leg stance (stance_rule = {e.stance_rule!r})")
        if e.stance_rule in ("working_leg", "alternating") and e.drop_threshold_deg is None:
            raise self.fault("needs a drop_threshold_deg, since someone stands on one leg in it")


def parse_catalogue(text: str) -> dict[str, Exercise]:
    """The exercises of a catalogue's TOML text, by name, in its order; raises CatalogueError with a sentence per fault."""
    import tomllib

    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        raise CatalogueError(f"The catalogue isn't valid TOML: {e}.") from e
    if not raw:
        raise CatalogueError("The catalogue is empty; it needs at least one entry, such as `[squat]`.")
    return {name: _Entry(name, entry).exercise() for name, entry in raw.items()}


@functools.cache
def _bundled() -> dict[str, Exercise]:
    return parse_catalogue(Path(__file__).with_name("catalogue.toml").read_text(encoding="utf-8"))


def load_catalogue() -> dict[str, Exercise]:
    """The package's own catalogue, by name; read once. Raises CatalogueError where it breaks a rule."""
    return dict(_bundled())


def find(name: str) -> Exercise:
    """The exercise of this name; spaces, hyphens and capitals don't matter. Raises NoSuchExercise with the nearest names."""
    catalogue = _bundled()
    plain = name.strip().lower().replace("-", "_").replace(" ", "_")
    if plain in catalogue:
        return catalogue[plain]
    raise NoSuchExercise(name, _nearest(plain, catalogue, 3))


def _nearest(word: str, known: Iterable[str], most: int) -> list[str]:
    """Of the known words those spelled most like it."""
    import difflib  # this and tomllib: an analysis without a named exercise needs neither

    return difflib.get_close_matches(word, list(known), n=most)
