"""A kept session for other programs."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from kept_sessions import NAME, a_session, kept, recorded

from imu_tracker.errors import FileError
from imu_tracker.files.reading import read_recording
from imu_tracker.results import from_dict
from imu_tracker.session import SetCount, tables
from imu_tracker.session.store import Store


def csv_rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_folder_has_sets_reps_series_and_samples(tmp_path: Path, form: tables.Format) -> None:
    folder = recorded(tmp_path / "store")
    store = Store(tmp_path / "store")
    opened = store.say(NAME, lambda session, said: said.with_set(session.sets[0], effort=7))
    written = tables.write_folder(store, opened, tmp_path / "out" / "here", form)
    assert [p.name for p in written] == [f"{n}.{form}" for n in ("sets", "reps", "series", "samples_pelvis")]
    before, after = (read_recording([p]).streams["pelvis"] for p in (folder / "pelvis.parquet", written[3]))
    np.testing.assert_array_equal(before.acc, after.acc)
    if form == "csv":
        (one,) = csv_rows(written[0])
        reps = csv_rows(written[1])
    else:
        (one,) = pq.ParquetFile(written[0]).read().to_pylist()
        reps = pq.ParquetFile(written[1]).read().to_pylist()
    assert (str(one["count"]), str(one["effort"]), one["session"]) == ("6", "7", NAME)
    assert [str(r["rep"]) for r in reps] == list("123456")
    assert float(reps[2]["start_s"]) == opened.session.sets[0].reps[2].start_s


def test_the_json_is_the_session_corrected_with_what_was_said(tmp_path: Path) -> None:
    kept(tmp_path)
    store = Store(tmp_path)
    store.say(NAME, lambda session, said: replace(said.with_set(session.sets[0], load="band"), note="tired"))
    opened = store.correct(NAME, SetCount(20.0, 12))
    raw = json.loads(tables.as_json(opened))
    assert from_dict(raw) == opened.session
    assert opened.session != a_session()
    assert (raw["name"], raw["subject"], raw["said"]["note"]) == (NAME, "kim", "tired")
    assert raw["said"]["sets"][0]["load"] == "band"


def test_words_are_no_formulas_to_a_spreadsheet(tmp_path: Path) -> None:
    kept(tmp_path)
    store = Store(tmp_path)
    opened = store.say(NAME, lambda session, said: said.with_set(session.sets[0], note='=HYPERLINK("http://x")', load="10 kg"))
    tables.write_rows(tables.set_rows(opened), tmp_path / "sets.csv")
    (row,) = csv_rows(tmp_path / "sets.csv")
    assert (row["note"][0], row["load"]) == ("'", "10 kg")


def test_a_session_without_sets_gives_empty_tables(tmp_path: Path) -> None:
    kept(tmp_path, session=replace(a_session(), sets=()))
    opened = Store(tmp_path).open(NAME)
    for name in ("sets.csv", "sets.parquet"):
        tables.write_rows(tables.set_rows(opened), tmp_path / name)
        assert (tmp_path / name).exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    recorded(tmp_path / "store")
    (tmp_path / "file").touch()
    store = Store(tmp_path / "store")
    with pytest.raises(FileError, match="the folder can't be made"):
        tables.write_folder(store, store.open(NAME), tmp_path / "file" / "out", "csv")


def test_orientations_of_a_kept_session(tmp_path: Path) -> None:
    recorded(tmp_path / "store")
    opened = Store(tmp_path / "store").open(NAME)
    tables.write_orientations(opened, tmp_path / "a.sto")
    lines = (tmp_path / "a.sto").read_text().splitlines()
    assert lines[lines.index("endheader") + 1] == "time\tpelvis_imu"
    assert lines[-1].count(",") == 3
    kept(tmp_path / "other")
    with pytest.raises(FileError, match="no samples"):
        tables.write_orientations(Store(tmp_path / "other").open(NAME), tmp_path / "b.sto")
