"""Labels that a person gave, as a dataset to train on."""

from __future__ import annotations

from pathlib import Path

import pytest
from named_store import keep_someone, picked_in

from imu_tracker.analysis import analyze
from imu_tracker.errors import SamplesError
from imu_tracker.files.reading import read_recording
from imu_tracker.session import Edits, NameExercise, SetSide, apply
from imu_tracker.session.labels import kept_dataset, segments_of
from imu_tracker.session.learning import name_sets
from imu_tracker.session.store import Store

DATASETS = Path(__file__).parents[2] / "datasets"


def test_a_corrected_name_becomes_a_segment_and_a_recognised_one_does_not() -> None:
    file = DATASETS / "single_leg_squat.csv"
    session = analyze(read_recording([f"pelvis={file}"]))
    assert session.sets[0].exercise == "single_leg_squat"
    assert segments_of(session, file.name) == ()
    at_s = session.sets[0].start_s + 1.0
    corrected = apply(session, Edits((NameExercise(at_s, "pistol"), SetSide(at_s, "right"))))
    (one,) = segments_of(corrected, file.name)
    assert (one.exercise, one.side, one.reps) == ("pistol", "right", session.sets[0].count)


def test_kept_sessions_are_a_dataset_of_what_was_named_in_them(tmp_path: Path) -> None:
    store = Store(tmp_path)
    name, _ = keep_someone(tmp_path, "bend", 0, 1), keep_someone(tmp_path, "bend", 1, 2)
    with pytest.raises(SamplesError, match="No set in the kept sessions was named"):
        kept_dataset(store)
    name_sets(store, picked_in(store, name), "bend")
    (tmp_path / "2026-03-09_09-00-00").mkdir()
    (tmp_path / "2026-03-09_09-00-00" / "pelvis.parquet").write_bytes(b"damaged")
    dataset, troubles = kept_dataset(store)
    (row,) = dataset.rows
    assert (row.name, row.subject, row.session) == (name, "p0", "2026-03-01")
    assert [s.exercise for s in row.segments] == ["bend"]
    assert list(row.read().streams) == ["thigh_left"]
    assert len(troubles) == 1
    assert "2026-03-09" in troubles[0]
