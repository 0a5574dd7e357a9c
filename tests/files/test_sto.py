"""Orientations for OpenSim, read back by the rules of its own reader."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from recorded_motion import motion

from imu_tracker.errors import SamplesError, UsageError
from imu_tracker.files.sto import imu_label, write_sto
from imu_tracker.motion import GRID_HZ, orientations
from imu_tracker.numeric import Floats, rotation_matrix
from imu_tracker.recording import Recording, stream_from_samples

T, ACC, GYR = motion(20.0)


def as_opensim_reads(path: Path) -> tuple[dict[str, str], list[str], Floats, Floats]:
    """The header's pairs, the labels, times (M,) and quaternions (M, S, 4), as OpenSim's DelimFileAdapter takes them."""
    lines = iter(path.read_text(encoding="utf-8").splitlines())
    pairs = {}
    for line in lines:
        if re.fullmatch(r"[ \t]*endheader[ \t]*", line):
            break
        found = re.fullmatch(r"(.*)=(.*)", line)
        assert found, line
        pairs[found.group(1).strip()] = found.group(2)
    labels = next(lines).split("\t")
    assert labels[0] == "time"
    rows = [line.split("\t") for line in lines]
    assert {len(row) for row in rows} == {len(labels)}
    quaternions = [[[float(x) for x in cell.split(",")] for cell in row[1:]] for row in rows]
    return pairs, labels[1:], np.array([float(row[0]) for row in rows]), np.array(quaternions)


def test_an_upright_and_a_tilted_sensor(tmp_path: Path) -> None:
    turned = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    streams = {
        "pelvis": stream_from_samples(T, ACC, GYR),
        "thigh_right": stream_from_samples(T[100:], ACC[100:] @ turned.T, GYR[100:] @ turned.T),
    }
    t, quaternions = orientations(Recording(streams))
    write_sto(tmp_path / "a.sto", t, quaternions, GRID_HZ)
    pairs, labels, times, read = as_opensim_reads(tmp_path / "a.sto")
    assert (pairs["DataType"], float(pairs["DataRate"]), pairs["version"]) == ("Quaternion", 100.0, "3")
    assert labels == ["pelvis_imu", "femur_r_imu"]
    assert times[0] == pytest.approx(1.0)
    np.testing.assert_allclose(np.diff(times), 0.01, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(read, axis=2), 1.0, atol=1e-6)
    for k, acc in enumerate([ACC, ACC @ turned.T]):  # sensor to earth: what was measured at rest points up
        up = np.einsum("mij,mj->mi", rotation_matrix(read[:100, k]), acc[100:200])
        np.testing.assert_allclose(up / 9.81, np.tile([0, 0, 1], (100, 1)), atol=0.02)


def test_nothing_is_written_where_a_sensor_has_a_gap(tmp_path: Path) -> None:
    hole = (T < 5) | (T > 8)
    streams = {"pelvis": stream_from_samples(T, ACC, GYR), "chest": stream_from_samples(T[hole], ACC[hole], GYR[hole])}
    t, quaternions = orientations(Recording(streams))
    write_sto(tmp_path / "a.sto", t, quaternions, GRID_HZ)
    _, labels, times, _ = as_opensim_reads(tmp_path / "a.sto")
    assert labels == ["pelvis_imu", "torso_imu"]
    assert not ((times > 5.0) & (times < 8.0)).any()
    assert len(times) == np.sum(hole)


def test_labels_are_bodies_of_the_models_and_other_words_stay() -> None:
    assert [imu_label(p) for p in ("shank_left", "upper_arm_right", "wrist_left")] == [
        "tibia_l_imu",
        "humerus_r_imu",
        "radius_l_imu",
    ]
    assert imu_label("my foot") == "my_foot_imu"


def test_without_a_gyroscope_or_a_common_moment_there_is_nothing_to_write(tmp_path: Path) -> None:
    with pytest.raises(SamplesError, match="no gyroscope"):
        orientations(Recording({"pelvis": stream_from_samples(T, ACC)}))
    apart = {"pelvis": stream_from_samples(T, ACC, GYR), "chest": stream_from_samples(T + 100, ACC, GYR)}
    t, quaternions = orientations(Recording(apart))
    with pytest.raises(UsageError, match="no moment"):
        write_sto(tmp_path / "a.sto", t, quaternions, GRID_HZ)
