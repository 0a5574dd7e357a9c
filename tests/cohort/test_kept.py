"""Where results lie: by the recordings' names, and never outside of the folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.cohort.kept import Kept, result_name
from imu_tracker.cohort.work import Outcome
from imu_tracker.errors import FileError


def test_a_result_has_its_recordings_name_and_folder() -> None:
    assert result_name("monday/set.csv") == PurePosixPath("monday/set.csv.json")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_no_name_leads_outside_of_the_folder(name: str) -> None:
    found = result_name(name)
    assert not found.is_absolute()
    assert ".." not in found.parts
    assert all(len(p.encode()) <= 255 for p in found.parts)


def test_names_that_climb_keep_results_of_their_own() -> None:
    names = ["../a.csv", "/a.csv", "a.csv", "../../a.csv", "x" * 250 + "1", "x" * 250 + "2"]
    assert len({result_name(n) for n in names}) == len(names)


def test_a_disk_that_takes_nothing_ends_it_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file where the folder should be")
    with Kept(tmp_path) as kept, pytest.raises(FileError, match="results"):
        kept.keep(Outcome("a.csv", "key", "text"))
    with pytest.raises(FileError, match="no results can be written"):
        Kept(tmp_path / "results" / "within")
