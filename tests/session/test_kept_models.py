"""Which model names the exercises, and what is kept of those that don't."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from kept_sessions import recorded
from named_store import keep_someone, picked_in

from imu_tracker.analysis import Wish
from imu_tracker.errors import ModelError, SamplesError, UsageError
from imu_tracker.files.reading import read_recording
from imu_tracker.recognition.model import UNKNOWN
from imu_tracker.recognition.modelfile import save_model
from imu_tracker.recognition.naming import builtin_model
from imu_tracker.session.edits import SetCount
from imu_tracker.session.learning import Picked, shown_sets
from imu_tracker.session.models import Models
from imu_tracker.session.parts import Told
from imu_tracker.session.store import Store

DATASETS = Path(__file__).parents[2] / "datasets"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A model's file from elsewhere, with its card."""
    file = tmp_path / "hips.model"
    shutil.copy(str(resources.files("imu_tracker.recognition").joinpath("builtin.model")), file)
    Path(f"{file}.card.md").write_text("# Model hips\n")
    return file


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path / "store")


def test_at_first_it_is_the_built_in_one(models: Models) -> None:
    assert (models.names(), models.used(), models.chosen()) == ((), None, None)
    assert models.load(None) is builtin_model()


def test_a_model_is_taken_in_used_and_deleted(models: Models, file: Path) -> None:
    assert models.add(file) == "hips"
    models.use("hips")
    assert (Models(models.root).used(), models.names()) == ("hips", ("hips",))
    chosen = models.chosen()
    assert chosen is not None
    assert chosen.labels == builtin_model().labels
    with pytest.raises(UsageError, match="already"):
        models.add(file)
    models.delete("hips")
    assert (models.used(), models.names(), list((models.root / ".models").iterdir())) == (None, (), [])
    with pytest.raises(UsageError, match="no model 'hips'"):
        models.use("hips")


def test_a_damaged_model_is_neither_taken_in_nor_used(models: Models, file: Path) -> None:
    models.add(file)
    models.use("hips")
    models.path("hips").write_bytes(b"PK")
    with pytest.raises(ModelError, match="goes back to the built-in one"):
        models.chosen()
    with pytest.raises(ModelError):
        models.use("hips")
    file.with_name("other.model").write_bytes(b"PK")
    with pytest.raises(ModelError):
        models.add(file.with_name("other.model"))
    models.use(None)
    assert models.chosen() is None


def test_what_was_taught_and_cannot_be_read_is_put_aside_not_lost(models: Models) -> None:
    models.root.mkdir()
    models.path(None).write_bytes(b"PK")
    with pytest.raises(ModelError, match="goes back to the built-in one"):
        models.chosen()
    models.use(None)
    assert models.chosen() is None
    assert (models.root / "taught.model.unreadable").read_bytes() == b"PK"


@pytest.mark.parametrize("word", ['{"schema": 1, "model": "../../x"}', "{}", "[", '{"schema": 2, "model": "hips"}'])
def test_a_strange_word_on_what_is_used_is_refused(models: Models, word: str) -> None:
    models.root.mkdir()
    (models.root / "model.json").write_text(word)
    with pytest.raises(ModelError, match="goes back"):
        models.used()


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", "built-in", "x" * 61, ".hidden", "x.", "ä"])
def test_names_that_no_model_can_have(models: Models, name: str) -> None:
    with pytest.raises(UsageError):
        models.checked(name)


def test_what_is_taught_goes_to_the_model_in_use_alone(models: Models, file: Path) -> None:
    recorded(models.root)
    store = Store(models.root)
    (one,) = store.open(store.names()[0]).session.sets
    shown = shown_sets(store, [Picked(store.names()[0], one.start_s + 1.0)])
    models.add(file)
    models.use("hips")
    models.teach("my own", shown)
    assert (models.load("hips").taught, models.load(None).taught) == (("my own",), ())
    models.use(None)
    models.teach("mine", shown)
    assert models.load(None).taught == ("mine",)
    models.forget("mine")
    assert not (models.root / "taught.model").exists()
    with pytest.raises(SamplesError, match="no taught class"):
        models.forget("mine")


def test_kept_sessions_are_named_by_the_model_in_use_but_not_what_a_person_said(models: Models) -> None:
    store = Store(models.root)
    squat = read_recording([f"pelvis={DATASETS / 'single_leg_squat.csv'}"])
    started = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def named() -> str | None:
        return store.open(store.names()[-1]).session.sets[0].exercise

    store.add(squat, started, Wish())
    assert named() == "single_leg_squat"
    model = builtin_model()
    models.made_folder()
    save_model(replace(model, heads=tuple(replace(h, limit=1e-6) for h in model.heads)), models.path("blind"))
    models.use("blind")
    store.analyse(store.names()[0])
    assert named() == UNKNOWN
    store.analyse(store.names()[0], Wish("squat"))
    assert named() == "squat"
    store.add(squat, started + timedelta(days=1), Wish())
    assert named() == UNKNOWN


def test_looking_again_names_by_what_was_taught_since_and_loses_nothing_that_a_person_said(models: Models) -> None:
    first, second = (keep_someone(models.root, "bend", 0, day, take=day - 1) for day in (1, 2))
    store = Store(models.root)
    (one,) = store.open(second).session.sets
    at_s = round(0.5 * (one.start_s + one.end_s), 1)
    store.correct(second, SetCount(at_s, 9))
    store.say(second, lambda session, said: said.with_set(session.sets[0], load="5 kg"))
    assert one.exercise == UNKNOWN
    models.teach("slow bend", shown_sets(store, picked_in(store, first)))
    assert store.open(second).session.sets[0].exercise == UNKNOWN
    samples = (store.folder(second) / "thigh_left.parquet").read_bytes()
    store.analyse(second)
    again = store.open(second)
    assert [(s.exercise, s.count) for s in again.session.sets] == [("slow bend", 9)]
    assert (again.edits.edits, again.misfits) == ((SetCount(at_s, 9),), ())
    assert [s.load for s in again.said.sets] == ["5 kg"]
    assert (store.folder(second) / "thigh_left.parquet").read_bytes() == samples


def test_looking_again_with_a_model_that_cannot_be_read_leaves_what_was_there(models: Models) -> None:
    name = keep_someone(models.root, "bend", 0, 1)
    store = Store(models.root)
    before = store.open(name)
    models.path(None).write_bytes(b"PK")
    with pytest.raises(ModelError, match="goes back"):
        store.analyse(name)
    assert store.open(name) == before


def test_a_part_that_nothing_is_told_of_is_named_by_the_model_in_use(models: Models) -> None:
    first, second = (keep_someone(models.root, "bend", 0, day, take=day - 1) for day in (1, 2))
    store = Store(models.root)
    models.teach("slow bend", shown_sets(store, picked_in(store, first)))
    (one,) = store.open(second).session.sets
    lean_deg = store.series(second).lean_deg
    told = (Told(one.start_s - 0.5, Wish()),)
    kept = store.analyse(second, Wish("squat"), told=told)
    assert [s.exercise for s in kept.session.sets] == ["slow bend"]
    assert store.open(second).kept.told == told
    np.testing.assert_array_equal(store.series(second).lean_deg, lean_deg)  # drawn as if it were one part
