"""A trained model: where each class lies among the features of each sensor, and how far from it is still that class.

Linear discriminant analysis with shrinkage, in the form in which it is easiest to read and to add to: features are standardised
and projected onto the few directions in which the classes differ most against what varies inside a class; there every class is
a centre, and the nearest one is the answer. Log-probabilities are minus half the squared distances over a temperature that was
fitted on people who had been left out. Motion that lies farther from every centre than theirs is `unknown`. A model that was
shown what it doesn't know, exercises left out in turn, looks at how strange a set is, which tells better: far from the nearest
centre, or hardly nearer to it than to the next. (Simulated, thigh: 12 % of what wasn't known passed where 95 % of the known did;
by the distance alone 22 %. Of few people's recordings the distance is the steadier measure.)

A class that is taught from a few sets is those sets themselves, in a second space: the directions in which the sets of different
people and exercises differ most against what varies inside one set. What lies near one of them, as near as two sets of one
person lie, is that class, whatever the centres say: the wearer has named it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from imu_tracker.numeric import Floats
from imu_tracker.recognition.examples import Features, Part
from imu_tracker.recognition.features import MotionKind

UNKNOWN = "unknown"
OTHER = "other"  # the class that stands for all that is no exercise, where a model was trained with one
CLIP = 5.0  # standard deviations: one wild value says no more than a very unusual one
ALTERNATIVES = 3
ANYWHERE = "any"  # the head that was trained on all segments together


@dataclass(frozen=True)
class Prediction:
    """What a set is. name: the class, or `unknown`; confidence: 0-1, of the nearest class; alternatives: the next with theirs.
    Where the model was shown what it doesn't know, these add up to less than 1: the rest is that the set is none of them.

    unknown: no class fits, or the class that fits is `other`. nearest: the class that comes nearest even so. distance: how
    strange the set is there, as a share of the strangest that is still accepted.
    """

    name: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...]
    unknown: bool
    nearest: str
    distance: float


@dataclass(frozen=True)
class Head:
    """One sensor's share of a model. segment: where it is worn (`any`: all together). kind: which features.

    mean, scale: (F,). projection: (F, D). centres: (C, D), in the order of the model's labels; NaN rows: classes that this sensor
    never saw. temperature: what squared distances are divided by. limit: the largest distance that is no `unknown`; in a model
    that was shown what it doesn't know, the strangeness at which a set is as likely known as not, and fade how fast that falls
    off (0 in others).
    own: (F, K), the space of single sets, None in a head that nothing can be taught to. templates: (T, K), sets that were taught,
    of (T,) the model's taught classes, by number. reach: the largest distance between templates of one class.
    """

    segment: str
    kind: MotionKind
    mean: Floats
    scale: Floats
    projection: Floats
    centres: Floats
    temperature: float
    limit: float
    fade: float = 0.0
    own: Floats | None = None
    reach: float = 1.0
    templates: Floats | None = None
    of: tuple[int, ...] = ()

    def _mean(self, rows: Floats) -> Floats:
        out: Floats = np.clip((rows - self.mean) / self.scale, -CLIP, CLIP).mean(axis=0)
        return out

    def place(self, rows: Floats) -> Floats:
        """Where a set lies, (D,): the mean place of its windows (W, F)."""
        out: Floats = self._mean(rows) @ self.projection
        return out

    def own_place(self, rows: Floats) -> Floats:
        """Where a set lies among single sets, (K,); the head must have that space."""
        assert self.own is not None
        out: Floats = self._mean(rows) @ self.own
        return out

    def likeness(self, rows: Floats, taught: int) -> Floats:
        """Distances from the nearest template of each of so many taught classes, as shares of the reach; infinite without any."""
        out = np.full(taught, np.inf)
        if self.templates is not None and self.own is not None and len(self.of):
            away = np.sqrt(((self.templates - self.own_place(rows)) ** 2).sum(axis=1)) / self.reach
            np.minimum.at(out, np.array(self.of), away)
        return out

    def distances(self, rows: Floats) -> Floats:
        """From every class's centre, (C,); infinite for classes that this sensor never saw."""
        away = self.centres - self.place(rows)
        squared = np.einsum("ij,ij->i", away, away)
        return np.sqrt(np.where(np.isnan(squared), np.inf, squared))


def strangeness(away: Floats, k: int) -> float:
    """How strange a set at these distances (C,) is for class k: as far as it lies, less where the next class is farther off."""
    others = np.delete(away, k)
    following = float(others.min()) if len(others) else np.inf
    alone = not np.isfinite(following)
    return float(away[k]) * (1.0 if alone else min(1.0, float(away[k]) / max(following, 1e-12)))


@dataclass(frozen=True)
class Model:
    """Classes, and a head for each segment and kind of sensor. label: the manifest's column that they come from.

    taught: classes that were added from a few sets. about: words for the card (what it was trained on).
    """

    labels: tuple[str, ...]
    heads: tuple[Head, ...]
    label: str = "exercise"
    taught: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)

    def head_for(self, segment: str, kind: MotionKind) -> Head | None:
        """The head to ask about a sensor: of its segment and kind, else without gyroscope, else the one for any segment.

        A model for one segment is asked about sensors whose segment it doesn't know, too: nothing better is at hand.
        """
        segments = {h.segment for h in self.heads}
        place = segment if segment in segments else ANYWHERE if ANYWHERE in segments else next(iter(segments))
        kinds: tuple[MotionKind, ...] = (kind, "acc") if kind == "gyr" else ("acc",)
        for wanted in kinds:
            for head in self.heads:
                if (head.segment, head.kind) == (place, wanted):
                    return head
        return None

    def kinds(self, segment: str, kind: MotionKind) -> tuple[MotionKind, ...]:
        """Which features this model wants of a sensor; none where it can't use it."""
        head = self.head_for(segment, kind)
        return () if head is None else (head.kind,)

    def _heads(self, parts: Sequence[Part]) -> list[tuple[Head, Floats]]:
        out = []
        for part in parts:
            for kind, rows in part.rows.items():
                head = self.head_for(part.segment, kind)
                if head is not None and head.kind == kind and len(rows):
                    out.append((head, rows))
                    break
        return out

    def predict(self, features: Features) -> Prediction:
        """What the set is, from all sensors that the model has a head for; unknown with confidence 0 where it has none.

        Sensors are taken as independent witnesses: log-probabilities add up; a set is unknown where the sensors, taken together,
        are stranger than their limits.
        """
        heads = self._heads(features.parts)
        if not heads:
            return Prediction(UNKNOWN, 0.0, (), True, UNKNOWN, float("inf"))
        taught = self._taught(heads)
        if taught is not None:
            return taught
        log, seen = np.zeros(len(self.labels)), []
        for head, rows in heads:
            away = head.distances(rows)
            log -= 0.5 * away**2 / head.temperature
            seen.append((head, away))
        if not np.isfinite(log).any():
            return Prediction(UNKNOWN, 0.0, (), True, UNKNOWN, float("inf"))
        log -= log.max()
        share = np.exp(log) / np.exp(log).sum()
        order = np.argsort(-share, kind="stable")
        best = int(order[0])
        strange_by = float(np.mean([(strangeness(away, best) if head.fade else away[best]) / head.limit for head, away in seen]))
        strange = strange_by > 1.0
        fade = float(np.mean([head.fade for head, _ in seen]))
        share *= 1.0 / (1.0 + strange_by**fade) if fade else 1.0
        name = UNKNOWN if strange else self.labels[best]
        others = order[:ALTERNATIVES] if strange else order[1 : 1 + ALTERNATIVES]
        alternatives = tuple((self.labels[int(k)], float(share[int(k)])) for k in others)
        unknown = strange or name == OTHER
        return Prediction(name, float(share[best]), alternatives, unknown, self.labels[best], strange_by)

    def _taught(self, heads: Sequence[tuple[Head, Floats]]) -> Prediction | None:
        """The taught class that a set is like, by the sensors that it was taught with; None where it is like none."""
        if not self.taught:
            return None
        seen = np.array([head.likeness(rows, len(self.taught)) for head, rows in heads])
        counts = np.isfinite(seen).sum(axis=0)
        away = np.where(counts > 0, np.where(np.isfinite(seen), seen, 0.0).sum(axis=0) / np.maximum(counts, 1), np.inf)
        order = np.argsort(away, kind="stable")
        best = int(order[0])
        if not away[best] <= 1.0:
            return None
        # No calibration stands behind these: a set like a template to the last is sure, one at the reach is as likely as not.
        confidence = 1.0 - 0.5 * away**2
        others = tuple((self.taught[int(k)], float(confidence[k])) for k in order[1:] if away[k] <= 1.0)[:ALTERNATIVES]
        return Prediction(self.taught[best], float(confidence[best]), others, False, self.taught[best], float(away[best]))
