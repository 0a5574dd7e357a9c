"""Whatever happens to sensors, links, machine and disk: what was heard is on the disk, once, in order, with its gaps as gaps.

A few minutes of each ending; `python benchmarks/day.py` does 24 hours.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from virtual_day import SENSORS, drawn, judged, numbers_of, session, values_of

SECONDS = 150.0
OFF_MS = {"own": 25.0, "movesense": 25.0, "polar-verity": 60.0}  # by the clocks' own promise, and more in so short pieces


@pytest.mark.parametrize("seed", range(5))
def test_what_was_heard_is_kept_and_every_hole_is_a_gap(tmp_path: Path, seed: int) -> None:
    faults = drawn(seed, SECONDS)
    for placement, told in session(tmp_path, seed, SECONDS, faults).items():
        sensor = SENSORS[placement]
        found = judged(told, sensor.two_streams)
        assert found.safe > 500
        assert (found.twice, found.disordered, found.foreign, found.bridged) == (0, 0, 0, 0)
        assert found.apart < 0.1
        # Of two streams the sample at either edge of a hole may find no partner, and is left out.
        assert found.missing <= (2 * (found.holes + 1) if sensor.two_streams else 0)
        assert found.off_ms[0] < OFF_MS.get(sensor.kind, 2000.0)


def test_a_samples_values_say_which_it_is() -> None:
    number = np.array([0, 1, 999, 1000, 8_640_000, 123_456_789])
    assert (numbers_of(values_of(number) + 0.009) == number).all()
