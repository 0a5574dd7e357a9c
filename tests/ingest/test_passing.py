"""The session's clock over the machine's sleep."""

from __future__ import annotations

import asyncio

import pytest
from virtual_loop import run

from imu_tracker.ingest import passing
from imu_tracker.ingest.passing import SessionClock, slept_s


def test_it_counts_from_its_making_and_goes_on_while_the_machine_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The virtual loop's clock stands during the sleep, as a real one's does."""
    slept = [77.0]
    monkeypatch.setattr(passing, "slept_s", lambda: slept[0])

    async def story() -> list[float]:
        await asyncio.sleep(5.0)
        clock = SessionClock()
        said = [clock()]
        await asyncio.sleep(2.0)
        said.append(clock())
        slept[0] += 3600.0
        said.append(clock())
        await asyncio.sleep(1.0)
        return [*said, clock()]

    assert run(story()) == pytest.approx([0.0, 2.0, 3602.0, 3603.0])


def test_looks_that_differ_a_little_are_no_sleep_and_it_never_falls(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([10.0, *(10.0 + 0.3 * (k % 3 == 0) for k in range(40))])
    monkeypatch.setattr(passing, "slept_s", lambda: next(looks))

    async def story() -> list[float]:
        clock = SessionClock()
        return [clock() for _ in range(20)]

    assert run(story()) == [0.0] * 20


def test_this_machine_did_not_sleep_just_now() -> None:
    before = slept_s()
    assert abs(slept_s() - before) < 0.1
