"""Teaching and training from kept sessions."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_datasets import write_dataset
from named_store import keep_someone, named_store, picked_in

from imu_tracker.errors import SamplesError, UsageError
from imu_tracker.session.learning import Picked, checked_name, name_sets, own_names, shown_sets, trained
from imu_tracker.session.models import Models
from imu_tracker.session.store import Store


def test_what_was_named_in_kept_sessions_is_trained_on_and_measured_on_people_left_out(tmp_path: Path) -> None:
    store = named_store(tmp_path)
    shares: list[float] = []
    found = trained(store, None, progress=lambda what, share: shares.append(share))
    assert found.model.labels == ("bend", "hop", "nod")
    assert (found.report.groups, found.report.group, len(found.report.told)) == (3, "subject", 9)
    assert found.troubles == ()
    assert shares == sorted(shares)
    by_day = trained(store, None, group="session")
    assert by_day.report.groups == 3


def test_a_folder_and_the_kept_sessions_are_trained_on_together(tmp_path: Path) -> None:
    store = named_store(tmp_path / "store", people=1)
    write_dataset(tmp_path / "folder", people=2)
    found = trained(store, tmp_path / "folder")
    assert len(found.report.told) == 9
    assert found.report.duplicates  # p0 is in both, and never tested on its copy


def test_nothing_to_train_on_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SamplesError, match="nothing to train on"):
        trained(None, None)
    with pytest.raises(SamplesError, match="named by a person"):
        trained(Store(tmp_path), None)
    with pytest.raises(UsageError, match="subject or session"):
        trained(Store(tmp_path), None, group="shoe")


def test_a_kept_set_is_taught_and_then_told(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, second = keep_someone(tmp_path, "bend", 0, 1), keep_someone(tmp_path, "bend", 0, 2, take=1)
    Models(tmp_path).teach("my bend", shown_sets(store, picked_in(store, first)))
    assert [s.exercise for s in store.open(second).session.sets] == ["my bend"]


def test_naming_a_set_says_it_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    name = keep_someone(tmp_path, "bend", 0, 1)
    picked = picked_in(store, name)
    for _ in range(2):
        name_sets(store, picked, "my bend")
    opened = store.open(name)
    assert [s.exercise for s in opened.session.sets] == ["my bend"]
    assert len(opened.edits.edits) == 1
    with pytest.raises(UsageError, match="no set at 900"):
        name_sets(store, [Picked(name, 900.0)], "my bend")


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\nb", "other", "unknown"])
def test_names_that_cannot_be(name: str) -> None:
    with pytest.raises(UsageError):
        checked_name(name)


def test_own_names_are_those_that_were_given_taught_or_trained_on_and_the_catalogue_has_not(tmp_path: Path) -> None:
    names = [keep_someone(tmp_path, way, 0, 1) for way in ("bend", "hop")]
    store, models = Store(tmp_path), Models(tmp_path)
    name_sets(store, picked_in(store, names[0]), "heavy clam")
    name_sets(store, picked_in(store, names[1]), "squat")
    assert own_names(store, models) == ("heavy clam",)
    models.teach("Bend mine", shown_sets(store, picked_in(store, names[0])))
    assert own_names(store, models) == ("Bend mine", "heavy clam")
    models.path(None).write_bytes(b"PK")
    assert own_names(store, models) == ("heavy clam",)
