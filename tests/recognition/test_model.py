"""A model: the nearest class, how sure, and what is unknown."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from handmade_models import LABELS, head, seen

from imu_tracker.numeric import Floats
from imu_tracker.recognition.examples import Features
from imu_tracker.recognition.model import OTHER, UNKNOWN, Model, strangeness

MODEL = Model(LABELS, (head(),))


def test_the_nearest_class_is_named_with_a_confidence_and_the_next_ones() -> None:
    said = MODEL.predict(seen(0.5))
    assert (said.name, said.unknown) == ("bridge", False)
    assert said.alternatives[0][0] == "clam"
    assert said.confidence + sum(p for _, p in said.alternatives) == pytest.approx(1.0)
    assert MODEL.predict(seen(1.9)).confidence < said.confidence


def test_what_lies_far_from_all_classes_is_unknown_and_says_what_came_nearest() -> None:
    said = MODEL.predict(seen(0.0, aside=3.5))
    assert (said.name, said.unknown, said.nearest) == (UNKNOWN, True, "bridge")
    assert said.distance == pytest.approx(3.5 / 3.0)
    assert said.alternatives[0][0] == "bridge"


def test_of_two_sets_as_far_away_the_one_hardly_nearer_to_its_class_than_to_the_next_is_stranger() -> None:
    away = np.array([2.0, 2.1, 9.0])
    assert strangeness(away, 0) == pytest.approx(2.0 * 2.0 / 2.1)
    assert strangeness(np.array([2.0, 8.0, 9.0]), 0) == pytest.approx(0.5)
    assert strangeness(away, 1) == pytest.approx(2.1)  # another class comes nearer
    assert strangeness(np.array([2.0, np.inf, np.inf]), 0) == pytest.approx(2.0)  # nothing to compare with


def test_a_model_that_was_shown_what_it_does_not_know_is_less_sure_the_stranger_a_set_is() -> None:
    doubting = replace(MODEL, heads=(replace(head(), fade=4.0),))
    plain = seen(0.0, aside=1.0)
    assert doubting.predict(plain).confidence > 0.95 * MODEL.predict(plain).confidence
    strange = doubting.predict(seen(1.8, aside=2.0))
    assert not strange.unknown
    assert strange.distance == pytest.approx(strangeness(np.hypot([1.8, 2.2, 6.2], 2.0), 0) / 3.0)
    assert strange.confidence + sum(p for _, p in strange.alternatives) == pytest.approx(1.0 / (1.0 + strange.distance**4.0))
    assert doubting.predict(seen(-5.0, aside=5.0)).unknown


def test_the_other_class_is_unknown_too() -> None:
    far = replace(MODEL, heads=(replace(head(), projection=2.0 * head().projection),))
    said = far.predict(seen(4.0))
    assert (said.name, said.unknown) == (OTHER, True)


def test_one_wild_value_says_no_more_than_a_very_unusual_one() -> None:
    wild = seen(0.0)
    wild.parts[0].rows["acc"][:, 5] = 1e30
    assert MODEL.predict(wild).name == "bridge"


def test_higher_temperature_is_less_sure_of_the_same() -> None:
    warm = replace(MODEL, heads=(replace(head(), temperature=8.0),))
    assert warm.predict(seen(0.5)).name == MODEL.predict(seen(0.5)).name
    assert warm.predict(seen(0.5)).confidence < MODEL.predict(seen(0.5)).confidence


def test_two_sensors_are_surer_than_one() -> None:
    both = Model(LABELS, (head(), head("pelvis")))
    one, two = seen(1.5), Features((*seen(1.5).parts, *seen(1.5, "pelvis").parts))
    assert both.predict(two).confidence > both.predict(one).confidence


def test_asking_a_model_imports_no_training_library() -> None:
    asked = "import imu_tracker.recognition.examples, imu_tracker.recognition.modelfile, sys; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    assert not {"sklearn", "scipy", "pandas", "matplotlib"} & set(modules)


def test_which_head_is_asked() -> None:
    any_too = Model(LABELS, (head(), head("pelvis"), head("any"), head("thigh", "gyr")))
    assert any_too.kinds("thigh", "gyr") == ("gyr",)
    assert any_too.kinds("pelvis", "gyr") == ("acc",)
    assert any_too.head_for("wrist", "acc") == any_too.heads[2]
    assert MODEL.head_for("wrist", "gyr") == MODEL.heads[0]
    assert Model(LABELS, (head(kind="gyr"),)).kinds("thigh", "acc") == ()


def test_without_a_usable_sensor_nothing_is_known() -> None:
    for nothing in (Features(()), seen(0.0, kind="gyr")):
        said = MODEL.predict(nothing)
        assert (said.name, said.confidence, said.unknown) == (UNKNOWN, 0.0, True)


def test_a_class_that_a_sensor_never_saw_is_not_named_by_it() -> None:
    centres: Floats = head().centres.copy()
    centres[1] = np.nan
    blind = replace(MODEL, heads=(replace(head(), centres=centres, limit=10.0),))
    assert blind.predict(seen(4.0)).name != "clam"
