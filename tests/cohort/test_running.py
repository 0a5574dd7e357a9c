"""Jobs through a crew: how many at once, and what becomes of them when workers are lost."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_crews import AtOnce, deadly, jobs_named

from imu_tracker.cohort.crews import LocalCrew
from imu_tracker.cohort.running import run
from imu_tracker.cohort.work import Asked, Job, Outcome
from imu_tracker.errors import ImuTrackerError


def test_no_more_jobs_are_taken_than_there_are_slots() -> None:
    taken, kept, ahead = 0, 0, []

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for k in range(1000):
            taken += 1
            yield Job(f"{k}", (), Asked())

    def keep(outcome: Outcome) -> None:
        nonlocal kept
        ahead.append(taken - kept)
        kept += 1

    run(jobs(), AtOnce(4), keep, lambda job: Outcome(job.name, "key", "text"))
    assert kept == 1000
    assert max(ahead) <= 2 * 4  # those begun, and those done but not yet written


def test_a_job_is_given_to_others_as_often_as_the_crew_says() -> None:
    begun: list[str] = []

    def fails_at_first(job: Job) -> Outcome:
        begun.append(job.name)
        if job.name == "never" or begun.count(job.name) < 3:
            raise RuntimeError("the worker is lost")
        return Outcome(job.name, "key", "text")

    kept: list[Outcome] = []
    run(jobs_named("never", "third"), AtOnce(2), kept.append, fails_at_first)
    assert {o.name: o.reason is None for o in kept} == {"never": False, "third": True}
    assert begun.count("never") == 3


def test_a_crew_that_is_gone_ends_the_run_and_blames_no_recording() -> None:
    crew, kept = AtOnce(1), list[Outcome]()

    def last_words(job: Job) -> Outcome:
        crew.gone = job.name == "b"
        return Outcome(job.name, "key", "text")

    with pytest.raises(ImuTrackerError, match="gone"):
        run(jobs_named("a", "b", "c"), crew, kept.append, last_words)
    assert [o.reason for o in kept] in ([], [None])


def test_a_killed_workers_job_is_done_by_another_and_one_that_kills_twice_is_broken(tmp_path: Path) -> None:
    kept: list[Outcome] = []
    names = ("a", "unlucky", "deadly", "b", "c")
    before = set(multiprocessing.active_children())
    with LocalCrew(2) as crew:
        run(jobs_named(*names, folder=tmp_path), crew, kept.append, deadly)
    assert sorted(o.name for o in kept) == sorted(names)
    assert [o.name for o in kept if o.reason is not None and "was killed" in o.reason] == ["deadly"]
    assert (tmp_path / "struck").exists()
    assert set(multiprocessing.active_children()) == before


def test_a_worker_that_is_killed_while_it_is_idle_is_replaced() -> None:
    kept: list[Outcome] = []
    before = set(multiprocessing.active_children())
    with LocalCrew(1) as crew:
        for name in ("a", "b"):
            run(jobs_named(name), crew, kept.append, deadly)
            for child in set(multiprocessing.active_children()) - before:
                child.kill()
                child.join()
    assert [(o.name, o.reason) for o in kept] == [("a", None), ("b", None)]


def test_an_interrupted_crew_leaves_no_process_behind() -> None:
    before = set(multiprocessing.active_children())
    with pytest.raises(KeyboardInterrupt), LocalCrew(2) as crew:
        run(jobs_named("a", "b", "c"), crew, _interrupt, deadly)
    assert set(multiprocessing.active_children()) == before


def _interrupt(outcome: Outcome) -> None:
    raise KeyboardInterrupt
