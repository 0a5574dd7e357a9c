"""Teaching: what was shown is known, what is unlike it isn't, and forgetting leaves no trace."""

from __future__ import annotations

from dataclasses import replace

import pytest
from handmade_models import LABELS, head, seen, taught

from imu_tracker.errors import SamplesError
from imu_tracker.motion import motion_of, to_grid
from imu_tracker.recognition.examples import Features, Part, parts_of_sets
from imu_tracker.recognition.features import feature_names
from imu_tracker.recognition.model import UNKNOWN, Head, Model
from imu_tracker.recognition.naming import builtin_model, names_of
from imu_tracker.recognition.teaching import MOST_SETS, Shown, TeachParameters, forget, sets_taught, teach
from imu_tracker.simulate import record, simulate

CLAM = Model(LABELS, (taught(-4.0),), taught=("march",))


def shown(exercise: str, seed: int, placement: str) -> Shown:
    """The first set of a simulated session, at one placement."""
    movement, truth = simulate(exercise, seed)
    recording = record(movement, seed, (placement,))
    motions = {name: tuple(motion_of(p) for p in to_grid(s, recording.start_s)) for name, s in recording.streams.items()}
    return Shown(motions, (truth.sets[0].start_s, truth.sets[0].end_s))


def test_what_lies_near_a_template_is_the_taught_class_and_surer_the_nearer_it_lies() -> None:
    said = CLAM.predict(seen(-3.8))
    assert (said.name, said.unknown) == ("march", False)
    assert said.distance == pytest.approx(0.2)
    assert said.confidence > CLAM.predict(seen(-3.1)).confidence >= 0.5


def test_beyond_the_reach_the_trained_classes_answer() -> None:
    assert CLAM.predict(seen(-4.0, aside=1.1)).name == UNKNOWN
    assert CLAM.predict(seen(0.2)).name == "bridge"
    near = replace(CLAM, heads=(taught(0.5),))
    assert near.predict(seen(0.2)).name == "march"  # the wearer's own word goes first


def test_a_class_taught_on_one_sensor_is_told_by_that_one_alone() -> None:
    both = Model(LABELS, (taught(-4.0), head("pelvis")), taught=("march",))
    together = Features((*seen(-3.9).parts, *seen(0.0, "pelvis").parts))
    assert both.predict(together).name == "march"


def test_a_set_that_was_taught_is_known_again_however_the_sensor_is_worn() -> None:
    first, again = shown("clamshell", 31, "thigh_left"), shown("clamshell", 31, "thigh_right")
    model = teach(builtin_model(), "my clam", [first])
    assert names_of(first.motions, [first.span], model)[0].name == "my clam"
    assert names_of(again.motions, [again.span], model)[0].name != "squat"
    squat = shown("squat", 32, "thigh_left")
    assert names_of(squat.motions, [squat.span], model)[0].name != "my clam"


def test_a_sensor_where_the_model_knows_nothing_is_asked_about_what_was_taught_there_alone() -> None:
    step = shown("squat", 33, "shank_left")
    assert names_of(step.motions, [step.span], builtin_model())[0].unknown
    model = teach(builtin_model(), "shin squat", [step])
    assert names_of(step.motions, [step.span], model)[0].name == "shin squat"
    other = shown("lunge", 34, "shank_left")
    assert names_of(other.motions, [other.span], model)[0].name in (UNKNOWN, "shin squat")


def test_forgetting_gives_back_the_very_model_that_was_there_before() -> None:
    base = builtin_model()
    squat, lunge = shown("squat", 33, "shank_left"), shown("lunge", 34, "pelvis")
    model = teach(teach(base, "one", [squat]), "two", [lunge])
    assert sets_taught(model) == {"one": 1, "two": 1}
    left = forget(model, "one")
    assert left.taught == ("two",)
    assert names_of(lunge.motions, [lunge.span], left)[0].name == "two"
    empty = forget(left, "two")
    assert [(h.segment, h.kind, h.of) for h in empty.heads] == [(h.segment, h.kind, ()) for h in base.heads]
    with pytest.raises(SamplesError, match="one is no taught class; nothing was taught"):
        forget(empty, "one")


def test_more_than_five_sets_are_a_matter_for_training() -> None:
    squat = shown("squat", 33, "pelvis")
    model = teach(builtin_model(), "own", [squat] * MOST_SETS)
    with pytest.raises(SamplesError, match=r"1 sets of own were shown \(5 are known already\).* train a model"):
        teach(model, "own", [squat])


def test_a_model_without_the_space_of_single_sets_and_a_set_without_samples_say_so() -> None:
    squat = shown("squat", 33, "pelvis")
    plain: Head = replace(head("pelvis", "gyr"), own=None)
    with pytest.raises(SamplesError, match="nothing can be taught"):
        teach(Model(LABELS, (plain,)), "own", [squat])
    with pytest.raises(SamplesError, match="None of the sensors has a sample"):
        teach(builtin_model(), "own", [Shown(squat.motions, (9e5, 9e5 + 10.0))])


def test_parts_of_a_set_agree_with_the_template_that_was_not_varied() -> None:
    squat = shown("squat", 36, "pelvis")
    model = teach(builtin_model(), "own", [squat], TeachParameters((1.0,), (1.0,)))
    (part,) = parts_of_sets("pelvis", squat.motions["pelvis"], [squat.span], "gyr")
    assert isinstance(part, Part)
    assert part.rows["gyr"].shape[1] == len(feature_names("gyr"))
    assert model.predict(Features((part,))).distance == pytest.approx(0.0, abs=0.05)
