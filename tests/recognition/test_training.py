"""Training: honest figures on people left out, and clear words where the data don't suffice."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_datasets import someone, write_dataset, write_manifest

from imu_tracker.errors import SamplesError, UsageError
from imu_tracker.files.datasets import read_manifest
from imu_tracker.recognition.card import card
from imu_tracker.recognition.corpus import ALIKE, Example, check_column, duplicates, outline_of, read_examples
from imu_tracker.recognition.evaluating import evaluate
from imu_tracker.recognition.examples import Features, Part
from imu_tracker.recognition.fitting import FitParameters, discriminant, doubt, limit_of, temperature_of
from imu_tracker.recognition.scores import scores_of
from imu_tracker.recognition.training import Report, expectation, folds_of, train
from imu_tracker.recording import Recording, stream_from_samples


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> tuple[Example, ...]:
    data = write_dataset(tmp_path_factory.mktemp("made"), takes=2)
    return read_examples(data, kinds=lambda segment, kind: ("gyr", "acc"))


@pytest.fixture(scope="module")
def trained(examples: tuple[Example, ...]) -> tuple[object, Report]:
    return train(examples)


def test_plainly_different_movements_are_told_on_people_left_out(examples: tuple[Example, ...]) -> None:
    model, report = train(examples)
    assert report.scores.macro_f1 is not None
    assert report.scores.macro_f1 > 0.9
    assert len(report.told) == len(examples) == 24
    assert {(h.segment, h.kind) for h in model.heads} == {("thigh", "gyr"), ("thigh", "acc")}
    assert scores_of(evaluate(model, examples)).accuracy == pytest.approx(1.0, abs=0.1)


def test_an_accelerometer_alone_is_told_by_the_same_model(examples: tuple[Example, ...]) -> None:
    model, _ = train(examples)
    alone = [
        replace(e, features=Features(tuple(Part(p.segment, {"acc": p.rows["acc"]}) for p in e.features.parts))) for e in examples
    ]
    accuracy = scores_of(evaluate(model, alone)).accuracy
    assert accuracy is not None
    assert accuracy > 0.9


def test_labels_that_mean_nothing_are_not_told_on_people_left_out(examples: tuple[Example, ...]) -> None:
    rng = np.random.default_rng(0)
    words = rng.permutation([str(e.label) for e in examples])
    _, report = train([replace(e, label=str(w)) for e, w in zip(examples, words, strict=True)])
    assert report.scores.accuracy is not None
    assert report.scores.accuracy < 0.65


def test_copies_tie_their_people_together(examples: tuple[Example, ...]) -> None:
    copy = replace(examples[0], file="copy", group="p3")
    assert duplicates([*examples, copy]) == ((examples[0].file, "copy"),)
    folds = folds_of([*examples, copy], duplicates([*examples, copy]))
    assert frozenset({"p0", "p3"}) in folds
    assert len(folds) == 3


def test_a_copy_is_told_at_another_rate_and_two_takes_are_none() -> None:
    (original,) = someone("bend", 0).streams.values()
    t = np.arange(original.t[0], original.t[-1], 1.0 / 31.0)
    acc = np.column_stack([np.interp(t, original.t, x) for x in original.acc.T])
    copy = Recording({"wrist": stream_from_samples(t, acc)})
    assert outline_of(copy).shape @ outline_of(someone("bend", 0)).shape > ALIKE
    assert outline_of(someone("bend", 0)).shape @ outline_of(someone("bend", 0, take=1)).shape < ALIKE


def only(examples: tuple[Example, ...], label: str | None = None, group: str | None = None) -> list[Example]:
    return [e for e in examples if label in (None, e.label) and group in (None, e.group)]


def test_too_little_is_said_in_a_sentence(examples: tuple[Example, ...]) -> None:
    with pytest.raises(SamplesError, match="All 8 recordings are nod"):
        train(only(examples, label="nod"))
    with pytest.raises(SamplesError, match="of one subject, p0"):
        train(only(examples, group="p0"))
    with pytest.raises(SamplesError, match="None of the recordings"):
        train([replace(e, label=None) for e in examples])
    with pytest.raises(SamplesError, match="no word in column subject"):
        train([replace(examples[0], group=None), *examples[1:]])
    with pytest.raises(SamplesError, match="No class was done by more than one"):
        train([*only(examples, "nod", "p0"), *only(examples, "hop", "p1")])


def test_mixed_data_are_remarked_on(examples: tuple[Example, ...]) -> None:
    mixed = [replace(examples[0], rate_hz=200.0), *examples[1:]]
    mixed[1] = replace(mixed[1], features=Features((replace(mixed[1].features.parts[0], segment="wrist"),)))
    mixed += [replace(e, label="rare") for e in mixed if e.file == examples[-1].file]
    _, report = train(mixed)
    said = " ".join(report.notes)
    for words in ("Rates from 50 to 200 Hz", "Placements are mixed", "Classes differ in size", "Only one subject did rare"):
        assert words in said


def test_the_card_says_what_to_expect(examples: tuple[Example, ...]) -> None:
    model, report = train(examples)
    text = card(model, report, "m")
    for words in ("nod (8)", "macro-F1", "4 groups (subject)", "| bend |", "It does not use posture"):
        assert words in text
    assert "points" in expectation(report)
    assert [c.groups for c in report.curve] == [1, 2, 3]


def test_a_column_that_is_not_there_is_a_fault_of_the_call(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "d", people=1, ways=("nod",))
    check_column(data, "exercise", "label")
    with pytest.raises(UsageError, match="no column grade"):
        check_column(data, "grade", "label")


def test_segments_are_examples_of_their_own(tmp_path: Path) -> None:
    write_dataset(tmp_path / "d", people=1, ways=("nod",))
    segments = "file,start_s,end_s,exercise\np0_nod_0.parquet,0,6,nod\np0_nod_0.parquet,6,10,rest\n"
    (tmp_path / "d" / "segments.csv").write_text(segments)
    found = read_examples(read_manifest(tmp_path / "d"))
    assert [(e.span, e.label) for e in found] == [((0.0, 6.0), "nod"), ((6.0, 10.0), "rest")]


def test_the_same_recording_under_two_names_is_found_in_a_dataset(tmp_path: Path) -> None:
    write_dataset(tmp_path / "d", people=2, ways=("nod",))
    shutil.copy(tmp_path / "d" / "p0_nod_0.parquet", tmp_path / "d" / "p9.parquet")
    write_manifest(tmp_path / "d", [{"file": f} for f in ("p0_nod_0.parquet", "p1_nod_0.parquet", "p9.parquet")])
    assert duplicates(read_examples(read_manifest(tmp_path / "d"))) == (("p0_nod_0.parquet", "p9.parquet"),)


def test_the_discriminant_is_that_of_scikit_learn() -> None:
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

    rng = np.random.default_rng(1)
    y = rng.integers(0, 3, 90)
    x = rng.normal(size=(90, 12)) + np.outer(y, np.linspace(0, 1, 12))
    fitted = discriminant(x, y, 3, FitParameters(shrinkage=0.1))
    assert fitted is not None
    mean, scale, projection, centres = fitted
    z = (x - mean) / scale
    away = ((z @ projection)[:, None, :] - centres) ** 2
    theirs = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1, priors=np.full(3, 1 / 3)).fit(z, y)
    assert np.mean(away.sum(axis=2).argmin(axis=1) == theirs.predict(z)) > 0.95


def test_temperature_makes_confidence_what_it_says() -> None:
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 2, 4000)
    away = np.sqrt(np.column_stack([truth == 1, truth == 0]) * 8.0 + 1.0)
    wrong = rng.random(4000) < 0.2
    away[wrong] = away[wrong][:, ::-1]
    t = temperature_of(away, truth, FitParameters())
    assert 1.0 / (1.0 + np.exp(-4.0 / t)) == pytest.approx(0.8, abs=0.03)


def test_the_limit_lets_nearly_all_left_out_examples_in_and_other_is_no_measure() -> None:
    away = np.column_stack([np.arange(1.0, 101.0), np.full(100, 500.0)])
    truth = np.r_[np.zeros(99, int), 1]
    assert limit_of(away, truth, ("clam", "other"), FitParameters(accepted=0.98)) == pytest.approx(98.0, abs=1.0)


def test_at_the_limit_of_doubt_a_set_is_as_likely_known_as_not() -> None:
    rng = np.random.default_rng(3)
    known, strange = np.exp(rng.normal(0.0, 0.4, 3000)), np.exp(rng.normal(1.0, 0.4, 300))
    limit, fade = doubt(known, strange, FitParameters(known=0.5))
    assert limit == pytest.approx(np.exp(0.5), rel=0.05)  # two bells of one width, equally many: half-way
    assert fade == pytest.approx(1.0 / 0.4**2, rel=0.15)
    assert doubt(known, strange, FitParameters(known=0.8))[0] > limit
