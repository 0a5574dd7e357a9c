"""The table of costs says truly which goals are reached."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from speed import Job, Measured, jobs, lines

FLOOR = Job("floor", ("true",), shown=False)


def shown(job: Job, cpu_s: float, mib: float = 100.0) -> dict[str, str]:
    (cells,) = lines((FLOOR, job), {"floor": Measured(0.5, 10.0, 0.0), job.name: Measured(cpu_s, mib, 1.5)})
    return dict(zip(("what", "s", "floor s", "ratio", "MiB", "load", "goal", "reached", "floor"), cells, strict=True))


def test_a_goal_is_reached_up_to_its_figure() -> None:
    ratio = Job("work", ("true",), "floor", (("ratio", 3.0),))
    assert shown(ratio, 1.5)["reached"] == "yes"
    assert shown(ratio, 1.6)["reached"] == "no"
    more = Job("work", ("true",), "floor", (("more s", 0.15),))
    assert shown(more, 0.6)["reached"] == "yes"
    assert shown(more, 0.7)["reached"] == "no"


def test_every_goal_of_a_line_must_be_reached() -> None:
    both = Job("work", ("true",), "floor", (("ratio", 10.5), ("MiB", 1229.0)))
    assert shown(both, 5.0)["reached"] == "yes"
    assert shown(both, 5.0, mib=1300.0)["reached"] == "no"
    assert shown(both, 6.0)["reached"] == "no"
    assert shown(both, 5.0)["goal"] == "10.5 x, 1229 MiB"


def test_a_line_without_a_goal_says_nothing_of_one() -> None:
    cells = shown(Job("work", ("true",), "floor"), 1.0)
    assert cells["goal"] == cells["reached"] == ""
    assert (cells["ratio"], cells["load"], cells["MiB"]) == ("2", "1.5", "100")


def test_every_line_has_its_floor_in_the_table() -> None:
    all_jobs = jobs(Path("place"))
    names = [job.name for job in all_jobs]
    assert len(names) == len(set(names))
    for at, job in enumerate(all_jobs):
        assert not job.floor or job.floor in names[:at]
        assert job.floor or not job.shown
