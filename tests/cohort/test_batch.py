"""A whole batch over a small dataset: what it leaves, and what a second call does."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from made import Plan, recording
from made_crews import AtOnce
from made_datasets import write_manifest

from imu_tracker.analysis import analyze
from imu_tracker.cohort.batch import Batch, run_batch
from imu_tracker.cohort.crews import ClusterCrew
from imu_tracker.cohort.kept import JOURNAL, Kept
from imu_tracker.cohort.tables import TABLES
from imu_tracker.cohort.work import Asked, Job, Outcome, analysed
from imu_tracker.errors import ImuTrackerError, UsageError
from imu_tracker.files.datasets import read_dataset
from imu_tracker.files.reading import read_recording
from imu_tracker.files.writing import write_table
from imu_tracker.results import to_json

REPS = {"a.csv": 5, "b.parquet": 8, "c.csv": 6}


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Three recordings of known counts, one that is no recording, and one that isn't there."""
    folder = tmp_path / "dataset"
    folder.mkdir()
    for name, reps in REPS.items():
        write_table(recording(Plan(reps=reps, quiet_s=2.0), 50.0, noise=0.02).streams["pelvis"], folder / name)
    (folder / "broken.csv").write_text("some,thing,else\n1,2,3\n")
    words = {"placement": "pelvis", "exercise": "squat", "subject": "=kim"}
    rows = [{"file": name, "reps": f"{reps + (name == 'b.parquet')}", **words} for name, reps in REPS.items()]
    write_manifest(folder, [*rows, {"file": "broken.csv", "reps": "3", **words}, {"file": "absent.csv", "reps": "", **words}])
    return folder


def batch(dataset: Path, out: Path, asked: Asked = Asked(), work: Any = analysed) -> tuple[Batch, list[str]]:  # noqa: B008
    """Run it in this process; also the names of those that were looked at and had to be analysed."""
    fresh: list[str] = []

    def noted(job: Job) -> Outcome:
        outcome: Outcome = work(job)
        if outcome.text is not None:
            fresh.append(job.name)
        return outcome

    with Kept(out) as kept:
        return run_batch(read_dataset(dataset, out), asked, AtOnce(1), kept, ("squat",), None, noted), fresh


def rows_of(out: Path, table: str) -> list[dict[str, str]]:
    with open(out / f"{table}.csv", newline="") as f:
        return list(csv.DictReader(f))


def test_each_recording_has_its_result_and_the_broken_ones_their_reason(dataset: Path, tmp_path: Path) -> None:
    done, fresh = batch(dataset, tmp_path / "out")
    assert fresh == list(REPS)
    assert "columns" in done.broken["broken.csv"]
    assert "no such file" in done.broken["absent.csv"]
    for name, reps in REPS.items():
        text = (tmp_path / "out" / "results" / f"{name}.json").read_text()
        assert text == to_json(analyze(read_recording([f"pelvis={dataset / name}"]))) + "\n"
        assert json.loads(text)["sets"][0]["count"] == reps


def test_the_tables_hold_all_sets_and_reps_in_the_datasets_order(dataset: Path, tmp_path: Path) -> None:
    done, _ = batch(dataset, tmp_path / "out")
    recordings, sets, reps = (rows_of(tmp_path / "out", t) for t in TABLES)
    assert [(r["file"], r["reps"], r["counted"]) for r in recordings] == [
        ("a.csv", "5", "5"),
        ("b.parquet", "9", "8"),
        ("c.csv", "6", "6"),
        ("broken.csv", "3", ""),
        ("absent.csv", "", ""),
    ]
    assert recordings[3]["reason"] == done.broken["broken.csv"]
    assert recordings[0]["subject"] == "'=kim"  # no formula for a spreadsheet
    assert [(r["file"], r["count"]) for r in sets] == [("a.csv", "5"), ("b.parquet", "8"), ("c.csv", "6")]
    assert len(reps) == 5 + 8 + 6
    for table in TABLES:
        of_parquet = pq.ParquetFile(tmp_path / "out" / f"{table}.parquet").read()
        assert of_parquet.column_names == list(rows_of(tmp_path / "out", table)[0])
        assert of_parquet.num_rows == len(rows_of(tmp_path / "out", table))


def test_what_was_found_is_compared_with_what_the_dataset_says(dataset: Path, tmp_path: Path) -> None:
    found = batch(dataset, tmp_path / "out", Asked(exercise="squat"))[0].agreement
    assert (found.of, found.exact, found.within_one) == (3, 2, 3)
    assert (found.names, found.named) == (3, 3)


def test_marked_segments_are_compared_one_by_one(dataset: Path, tmp_path: Path) -> None:
    """The first three of a's five reps, and the rest of it."""
    cut_s = Plan(reps=5, quiet_s=2.0).reps_at()[3][0]
    (dataset / "segments.csv").write_text(f"file,start_s,end_s,reps\na.csv,0,{cut_s},3\na.csv,{cut_s},100,3\n")
    found = batch(dataset, tmp_path / "out")[0].agreement
    rows = [r for r in rows_of(tmp_path / "out", "recordings") if r["file"] == "a.csv"]
    assert [(r["end_s"], r["reps"], r["counted"]) for r in rows] == [(str(cut_s), "3", "3"), ("100.0", "3", "2")]
    assert (found.of, found.exact, found.within_one) == (4, 2, 4)


def test_a_second_call_analyses_nothing_and_makes_the_same_tables(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(dataset, out)
    before = {p: p.read_bytes() for p in out.glob("*.*") if p.stem in TABLES}
    again, fresh = batch(dataset, out)
    assert (fresh, again.known, again.fresh) == ([], 3, 0)
    assert {p: p.read_bytes() for p in before} == before
    assert len(before) == 6


def test_what_changed_is_done_again_and_nothing_else(dataset: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(dataset, out)
    write_table(recording(Plan(reps=7, quiet_s=2.0), 50.0).streams["pelvis"], dataset / "a.csv")
    assert batch(dataset, out)[1] == ["a.csv"]
    assert batch(dataset, out, Asked(exercise="squat"))[1] == list(REPS)
    (out / "results" / "c.csv.json").write_text("{}")
    assert batch(dataset, out, Asked(exercise="squat"))[1] == ["c.csv"]


def test_another_version_does_all_of_it_again(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch(dataset, tmp_path / "out")
    monkeypatch.setattr("imu_tracker.cohort.work.__version__", "0.0.0")
    assert batch(dataset, tmp_path / "out")[1] == list(REPS)


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_interrupted_it_keeps_what_is_done(dataset: Path, tmp_path: Path, error: type[BaseException]) -> None:
    def until_c(job: Job) -> Outcome:
        if job.name == "c.csv":
            raise error
        return analysed(job)

    with pytest.raises(error):
        batch(dataset, tmp_path / "out", work=until_c)
    with open(tmp_path / "out" / JOURNAL, "ab") as f:
        f.write(b'{"file": "c.csv", "key": "cut sh')
    assert batch(dataset, tmp_path / "out")[1] == ["b.parquet", "c.csv"]  # b was done, and not yet written
    assert batch(dataset, tmp_path / "out")[1] == []


def test_a_fault_of_our_own_is_one_recordings_and_said(dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("imu_tracker.cohort.work.analyze", faulty)
    done, _ = batch(dataset, tmp_path / "out")
    assert done.broken["a.csv"] == "This is a fault of imu-tracker, please report it: ZeroDivisionError: by nothing"


def test_two_batches_in_one_folder_are_refused(tmp_path: Path) -> None:
    with Kept(tmp_path), pytest.raises(UsageError, match="another batch"):
        Kept(tmp_path)
    Kept(tmp_path).__exit__()


def test_a_dask_cluster_makes_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    """A scheduler and workers in this process, with sockets on loopback alone."""
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` isn't installed")
    batch(dataset, tmp_path / "here")
    with (
        distributed.LocalCluster(2, 1, processes=False, dashboard_address=None, protocol="tcp://", host="127.0.0.1") as cluster,
        ClusterCrew(cluster.scheduler_address) as crew,
        Kept(tmp_path / "there") as kept,
    ):
        run_batch(read_dataset(dataset), Asked(), crew, kept)
    for table in TABLES:
        for form in ("csv", "parquet"):
            name = f"{table}.{form}"
            assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()


def test_a_scheduler_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` isn't installed")
    with pytest.raises(ImuTrackerError, match="no Dask scheduler at nonsense://1"):
        ClusterCrew("nonsense://1")
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UsageError, match=r"imu-tracker\[cluster\]"):
        ClusterCrew("tcp://127.0.0.1:1")
