from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from imu_tracker.exercises import find
from imu_tracker.simulate.figures import draw, perform_for_figure, phases
from imu_tracker.simulate.motions import MOTIONS

FIGURES = Path(__file__).parents[2] / "docs" / "exercises"


def test_every_exercise_has_its_small_figure() -> None:
    if not FIGURES.is_dir():
        pytest.skip("docs/ isn't beside the tests")
    assert {p.stem for p in FIGURES.glob("*.png")} == set(MOTIONS)
    assert all(p.stat().st_size < 120_000 for p in FIGURES.glob("*.png"))


def test_four_phases_in_order() -> None:
    for name in ("side_lunge", "wall_lean"):
        (a_set,) = perform_for_figure(find(name)).truth.sets
        when = [t for _, t in phases(a_set)]
        assert len(when) == 4
        assert np.all(np.diff(when) > 0)
        assert a_set.start_s <= when[0] < when[-1] <= a_set.end_s


def test_a_figure_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib, which draws the figures, is in the docs extra and not installed")
    draw(find("lateral_step_up"), tmp_path / "it.png")
    data = (tmp_path / "it.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    assert 5_000 < len(data) < 120_000
