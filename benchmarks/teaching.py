"""How well an exercise is known that was taught from a few reps: of real people, and of simulated ones.

    python benchmarks/teaching.py [--uci FOLDER] [--people 3] [--evaluation] [--model FILE]

uci: each person of the physiotherapy data set (see datasets/README.md) teaches their eight exercises, each by the sensor on the
part that moves, from one block of three reps (of right, fast or small execution) of `template_session`, or from all three; the
sets found in `test` are then named. simulated: people teach the thirteen from three reps of one session and are tested on
another one.
  told       sets named as they were taught, all exercises taught; "alike": taught from the block of the same execution
  untaught   sets of an exercise that alone was not taught, and are taken for none that was
  others     with one exercise taught, sets of all others, seen by the same sensor, not taken for it
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from imu_tracker.exercises import find
from imu_tracker.files.datasets import read_manifest
from imu_tracker.motion import Motion, motions_of
from imu_tracker.recognition.examples import Span
from imu_tracker.recognition.model import Model
from imu_tracker.recognition.modelfile import load_model
from imu_tracker.recognition.naming import builtin_model, names_of
from imu_tracker.recognition.teaching import Shown, forget, teach
from imu_tracker.recording import Recording
from imu_tracker.reps import exercise_sets
from imu_tracker.simulate.api import record, worn_for
from imu_tracker.simulate.drawing import draw_session
from imu_tracker.simulate.evaluation import EVALUATION_SEEDS, THE_THIRTEEN, TRAINING_SEEDS
from imu_tracker.simulate.person import draw_person
from imu_tracker.simulate.session import perform

BLOCKS = ("right", "fast", "small")
# Which of the units lies on the part that moves, by how an exercise's name begins.
MOVES = {
    "side_lying": "thigh_right",
    "prone_hip": "thigh_right",
    "supine": "thigh_right",
    "seated_knee": "shank_right",
    "seated_trunk": "chest",
    "standing": "wrist_right",
    "prone_elbow": "wrist_right",
    "seated_elbow": "wrist_right",
}
FIRST_SEED, FIRST_FINAL = 600_000, 9_000  # offsets into the training and the evaluation seeds
EACH = 2 * len(THE_THIRTEEN)  # seeds of a person: two sessions an exercise


@dataclass(frozen=True)
class Take:
    """Sets of one exercise by one sensor; own: it is the one on the part that moves."""

    exercise: str
    own: bool
    motions: Mapping[str, tuple[Motion, ...]]
    sets: tuple[Span, ...]

    def shown(self, k: int) -> Shown:
        """One of the sets, as an example."""
        return Shown(dict(self.motions), self.sets[k])


@dataclass(frozen=True)
class Person:
    """What somebody showed (each set a block) and what they did later."""

    name: str
    shows: tuple[Take, ...]
    does: tuple[Take, ...]


def _motions(recording: Recording) -> dict[str, tuple[Motion, ...]]:
    return {name: motions_of(s, recording.start_s) for name, s in recording.streams.items()}


def uci_people(folder: Path) -> list[Person]:
    """Everybody in the data set, with the units that move in some exercise."""
    shows: dict[str, list[Take]] = {}
    does: dict[str, list[Take]] = {}
    for row in read_manifest(folder).rows:
        recording = row.read()
        placement = next(iter(recording.streams))
        if placement not in MOVES.values() or row.exercise is None or row.subject is None:
            continue
        own = next(p for begin, p in MOVES.items() if row.exercise.startswith(begin)) == placement
        if row.session == "template_session" and not own:
            continue
        motions = _motions(recording)
        found = exercise_sets(motions[placement])
        if row.session == "template_session":
            cuts = np.concatenate([f.cuts for f in found]) if found else np.zeros((0, 2))
            blocks = np.array_split(cuts, 3) if len(cuts) >= 3 else []  # nine reps, three of each; mostly all are found
            sets = tuple((float(b[0, 0]), float(b[-1, 1])) for b in blocks)
            shows.setdefault(row.subject, []).append(Take(row.exercise, own, motions, sets))
        else:
            sets = tuple((float(f.cuts[0, 0]), float(f.cuts[-1, 1])) for f in found)
            does.setdefault(row.subject, []).append(Take(row.exercise, own, motions, sets))
    return [Person(name, tuple(shows[name]), tuple(does[name])) for name in sorted(shows)]


def simulated_person(seeds: Sequence[int]) -> Person:
    """Somebody who does each of the thirteen in two sessions, the sensor put on anew for the second."""
    person = draw_person(np.random.default_rng([seeds[0], 3]))
    takes: list[list[Take]] = [[], []]
    for k, name in enumerate(THE_THIRTEEN):
        for session in (0, 1):
            own_seed = seeds[2 * k + session]
            movement = perform(draw_session(np.random.default_rng([own_seed, 5]), [name]), own_seed, person)
            a_set = movement.truth.sets[0]
            recording = record(movement, own_seed, worn_for(find(name), a_set)[:1])
            last = a_set.reps[min(3, len(a_set.reps)) - 1].end_s if a_set.reps else a_set.end_s
            span = (a_set.start_s, last if session == 0 else a_set.end_s)
            takes[session].append(Take(name, True, _motions(recording), (span,)))
    return Person(str(seeds[0]), tuple(takes[0]), tuple(takes[1]))


def _taught(base: Model, shows: Sequence[Take], block: int | None) -> Model:
    for take in shows:
        blocks = range(len(take.sets)) if block is None else [block] if block < len(take.sets) else []
        if blocks:
            base = teach(base, f"own {take.exercise}", [take.shown(k) for k in blocks])
    return base


def _told(model: Model, take: Take) -> list[str]:
    return [one.name for one in names_of(take.motions, take.sets, model)]


def measure(people: Sequence[Person], base: Model, blocks: Sequence[int | None]) -> dict[str, list[bool]]:
    """Right or wrong, one by one, by what is measured."""
    out: dict[str, list[bool]] = {}
    for person in people:
        for block in blocks:
            model, of = _taught(base, person.shows, block), "all blocks" if block is None else "one block"
            for take in person.does:
                own = f"own {take.exercise}"
                if take.own and own in model.taught:
                    told = _told(model, take)
                    out.setdefault(f"told, {of}", []).extend(name == own for name in told)
                    if block is not None and len(told) == len(blocks) - 1:
                        out.setdefault("told, one block, alike", []).append(told[block] == own)
                    rest = _told(forget(model, own), take)
                    out.setdefault(f"untaught, {of}", []).extend(name not in model.taught for name in rest)
            for show in person.shows:
                one = _taught(base, [show], block)
                for take in person.does:
                    if take.exercise != show.exercise and set(take.motions) == set(show.motions):
                        out.setdefault(f"others, {of}", []).extend(name not in one.taught for name in _told(one, take))
    return out


def report(what: str, found: Mapping[str, Sequence[bool]]) -> None:
    """One line a figure."""
    print(what)
    for name, right in sorted(found.items()):
        print(f"  {name:24} {np.mean(right):.3f}  ({len(right)} sets)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uci", type=Path, help="the data set's folder, with its manifest.csv")
    parser.add_argument("--people", type=int, default=3, help="simulated people")
    parser.add_argument("--evaluation", action="store_true", help="people of the evaluation seeds")
    parser.add_argument("--model", type=Path, help="in place of the built-in one")
    args = parser.parse_args()
    base = load_model(args.model) if args.model else builtin_model()
    if args.uci is not None:
        report("uci", measure(uci_people(args.uci), base, (0, 1, 2, None)))
    seeds = EVALUATION_SEEDS[FIRST_FINAL:] if args.evaluation else TRAINING_SEEDS[FIRST_SEED:]
    if args.people:
        people = [simulated_person(seeds[EACH * k : EACH * (k + 1)]) for k in range(args.people)]
        report("simulated", measure(people, base, (0,)))


if __name__ == "__main__":
    main()
