from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from imu_tracker.simulate.dataset import SAMPLES, make, write
from imu_tracker.simulate.evaluation import EVALUATION_SEEDS, THE_THIRTEEN, TRAINING_SEEDS

BUNDLED = Path(__file__).parents[2] / "datasets"


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("datasets")
    write(folder)
    return folder


def table(path: Path) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    if path.suffix == ".parquet":
        columns = pq.ParquetFile(path).read().columns
        return np.column_stack([c.combine_chunks().to_numpy(zero_copy_only=False) for c in columns])
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return np.loadtxt(lines[1:], delimiter=",")


def test_the_bundled_files_are_what_the_command_makes(remade: Path) -> None:
    """To 2e-3, since another numpy or processor may round the last digit another way."""
    names = {p.name for p in remade.iterdir()}
    assert names == {p.name for p in BUNDLED.iterdir()} - {"README.md"}
    for name in names:
        if name.endswith(".parquet") or (name.endswith(".csv") and name != "manifest.csv"):
            assert table(remade / name) == pytest.approx(table(BUNDLED / name), abs=2e-3)
        elif name == "manifest.csv":
            assert (remade / name).read_text() == (BUNDLED / name).read_text()


def test_twice_made_is_the_same_bytes(remade: Path, tmp_path: Path) -> None:
    write(tmp_path)
    for path in remade.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_it_is_small_and_has_all_thirteen(remade: Path) -> None:
    assert sum(p.stat().st_size for p in remade.iterdir()) < 5_000_000
    assert sorted(s.name for s in SAMPLES) == sorted(THE_THIRTEEN)
    assert all(s.seed not in TRAINING_SEEDS and s.seed not in EVALUATION_SEEDS for s in SAMPLES)


def test_the_files_are_as_the_interface_says(remade: Path) -> None:
    rows = list(csv.DictReader((remade / "manifest.csv").read_text(encoding="utf-8").splitlines()))
    assert [r["exercise"] for r in rows] == [s.name for s in SAMPLES]
    for row in rows:
        truth = json.loads((remade / row["truth"]).read_text(encoding="utf-8"))
        (a_set,) = truth["sets"]
        assert a_set["exercise"] == row["exercise"]
        assert str(a_set["count"] or "") == row["reps"]
        assert (a_set["side"] or "") == row["side"]
        files = [row[f"file_{p}"] for p in ("pelvis", "thigh_left", "thigh_right") if row[f"file_{p}"]]
        assert files
        for file in files:
            samples = table(remade / file)
            assert samples.shape[1] == 7
            assert samples[0, 0] == 0
            assert np.all(np.diff(samples[:, 0]) > 0)
            assert 45 < samples[-1, 0] < 95
            assert samples[-1, 0] == pytest.approx(truth["duration_s"], abs=0.1)
            assert 0.97 < len(samples) / (truth["duration_s"] * 100) < 0.999


def test_a_csv_says_what_it_is_before_its_table(remade: Path) -> None:
    lines = (remade / "single_leg_squat.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "# placement: pelvis"
    assert "# exercise: single_leg_squat" in lines
    assert "t,ax,ay,az,gx,gy,gz" in lines


def test_a_parquet_says_it_in_its_metadata(remade: Path) -> None:
    said = pq.ParquetFile(remade / "clamshell.thigh_left.parquet").schema_arrow.metadata
    assert said[b"placement"] == b"thigh_left"
    assert said[b"side"] == b"left"


def test_the_walk_is_twelve_there_and_twelve_back_and_the_squats_are_eight() -> None:
    walk, squat = (make(s)[0].truth.sets[0] for s in SAMPLES[:2])
    assert walk.count_by_side == {"left": 12, "right": 12}
    assert (squat.side, squat.count) == ("right", 8)
