"""Labels that a person gave, as rows to train on."""

from __future__ import annotations

from pathlib import Path

from imu_tracker.analysis import analyze
from imu_tracker.files.datasets import read_manifest
from imu_tracker.files.reading import read_recording
from imu_tracker.session import Edits, NameExercise, SetSide, apply
from imu_tracker.session.labels import segments_csv, segments_of

DATASETS = Path(__file__).parents[2] / "datasets"


def test_a_corrected_name_becomes_a_segment_and_a_recognised_one_does_not(tmp_path: Path) -> None:
    file = DATASETS / "single_leg_squat.csv"
    session = analyze(read_recording([f"pelvis={file}"]))
    assert session.sets[0].exercise == "single_leg_squat"
    assert segments_of(session, file.name) == ()
    at_s = session.sets[0].start_s + 1.0
    corrected = apply(session, Edits((NameExercise(at_s, "pistol"), SetSide(at_s, "right"))))
    (one,) = segments_of(corrected, file.name)
    assert (one.exercise, one.side, one.reps) == ("pistol", "right", session.sets[0].count)
    (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "manifest.csv").write_text(f"file,subject,placement\n{file.name},kim,pelvis\n")
    (tmp_path / "segments.csv").write_text(segments_csv([one]))
    (row,) = read_manifest(tmp_path).rows
    assert [(s.exercise, round(s.start_s, 2), s.reps) for s in row.segments] == [("pistol", round(one.start_s, 2), one.reps)]
