"""`imu-tracker plan`: what was prescribed, shown and taken in."""

from __future__ import annotations

from pathlib import Path

import pytest

from imu_tracker.cli import main

SENT = """[[exercise]]
name = "single_leg_squat"
reps = 10
side = "each"
tempo_s = [2, 1, 2]
threshold_deg = 8
load = "5 kg"

[[exercise]]
name = "wall_lean"
sets = 2
hold_s = 30
side = "left"
"""


def test_a_plan_that_was_sent_is_taken_in_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sent.toml").write_text(SENT)
    store = ["--store", str(tmp_path / "store")]
    assert main(["plan", *store]) == 0
    assert "Nothing is prescribed yet" in capsys.readouterr().err
    for words in ([str(tmp_path / "sent.toml")], []):
        assert main(["plan", *words, *store]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "Single-leg squat, each side: 3 × 10 reps, down 2, pause 1, up 2 s, drop from 8°, 5 kg",
            "Wall lean, left: 2 × 30 s",
        ]


def test_a_plan_that_is_off_is_refused_and_the_old_one_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sent.toml").write_text(SENT)
    store = ["--store", str(tmp_path / "store")]
    main(["plan", str(tmp_path / "sent.toml"), *store])
    kept = (tmp_path / "store" / "plan.toml").read_bytes()
    (tmp_path / "sent.toml").write_text(SENT.replace("reps = 10", "reps = 1000"))
    assert main(["plan", str(tmp_path / "sent.toml"), *store]) == 1
    assert "Exercise 1 of the plan has reps = 1000; it should be a whole number from 1 to 999." in capsys.readouterr().err
    assert main(["plan", str(tmp_path / "none.toml"), *store]) == 1
    assert (tmp_path / "store" / "plan.toml").read_bytes() == kept
