"""A session that follows a plan: it moves on when a set is over, and goes where the wearer wants."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

sys.path += [str(Path(__file__).resolve().parents[1] / folder) for folder in ("ingest", "cli", "live", "session")]

from kept_sessions import a_rep, a_set
from playing import bundled
from virtual_loop import run

from imu_tracker.app.choice import choice_of
from imu_tracker.app.following import Following
from imu_tracker.app.frames import Frame, frame_of
from imu_tracker.app.hub import Hub
from imu_tracker.app.kept import session_words
from imu_tracker.app.sources import Replay
from imu_tracker.results import Set
from imu_tracker.session.plan import Asked, Plan
from imu_tracker.session.store import Store

WALK = Asked("lateral_band_walk", 2, 20, tempo_s=(0.5, 0.3, 0.5), threshold_deg=7.0, load="green band")
SQUAT = Asked("single_leg_squat", 1, 10, side="each")
PLAN = Plan((WALK, SQUAT))


def some(count: int) -> Set:
    return a_set([a_rep(3.0 * k) for k in range(count)])


def test_a_set_that_is_over_leads_to_the_next() -> None:
    following = Following(PLAN, 0)
    following.closed(some(24))
    assert (following.at, following.done) == (1, {0: "24 reps"})
    following.closed(some(9))  # less than half: another try
    assert following.at == 1
    following.closed(some(10))
    assert (following.step.asked, following.step.side) == (SQUAT, "left")


def test_what_was_left_out_comes_at_the_end() -> None:
    following = Following(PLAN, 2)
    for _ in range(2):
        following.closed(some(10))
    assert following.at == 0
    following.go_to(3)
    assert 3 not in following.done
    following.go_to(7)
    assert following.at == 3
    for _ in range(3):
        following.closed(some(20))
    assert following.over
    following.closed(some(20))
    assert following.over


def test_live_shows_what_the_plan_asks_for_and_the_session_is_measured_by_it(tmp_path: Path) -> None:
    async def keep(folder: Path) -> None:
        Store(tmp_path).analyse(folder.name)

    async def story() -> tuple[Frame, Frame]:
        recording = bundled("lateral_band_walk.csv")
        hub = Hub(lambda choice, take: Replay(recording, tmp_path, choice, take, 1.0), keep)
        hub.start(choice_of({"first": 0}, lambda: PLAN))
        await asyncio.sleep(40.0)
        first = frame_of(hub)
        while hub.busy:
            await asyncio.sleep(0.5)
        return first, frame_of(hub)

    first, last = run(story())
    assert (first["title"], first["target"], first["threshold"], first["tempo"]) == ("Lateral band walk", 20, 7.0, 1.3)
    assert (first["paced"], first["load"], first["plan"]["at"]) == ([0.5, 0.3, 0.5], "green band", 0)
    assert (last["plan"]["at"], last["plan"]["steps"][0]["done"]) == (1, "24 steps")
    opened = Store(tmp_path).open(last["kept"])
    assert opened.session.sets[0].pelvic_drop.threshold_deg == 7.0
    asked = session_words(opened)["asked"]
    walked, left, right = asked["lines"]
    assert (walked["want"], walked["reached"], walked["done"]) == ("2 × 20 steps", 1, [{"counted": "24 steps", "enough": True}])
    assert walked["tempo"]["asked"] == "out 0.5, pause 0.3, back 0.5 s"
    assert (left["side"], right["side"], left["done"]) == ("left", "right", [])


def test_going_to_another_set_is_told_to_the_counter_and_to_the_files(tmp_path: Path) -> None:
    async def keep(folder: Path) -> None:
        Store(tmp_path).analyse(folder.name)

    async def story() -> Frame:
        recording = bundled("lateral_band_walk.csv")
        hub = Hub(lambda choice, take: Replay(recording, tmp_path, choice, take, 1.0), keep)
        hub.start(choice_of({"first": 2}, lambda: PLAN))
        await asyncio.sleep(12.0)
        hub.go_to(0)
        hub.go_to("x")
        while hub.busy:
            await asyncio.sleep(0.5)
        return frame_of(hub)

    last = run(story())
    opened = Store(tmp_path).open(last["kept"])
    assert [s.exercise for s in opened.session.sets] == ["lateral_band_walk"]
    assert opened.kept.wish.exercise == "single_leg_squat"
    assert [(round(t.since_s), t.wish.exercise) for t in opened.kept.told][:1] == [(12, "lateral_band_walk")]
    Store(tmp_path).analyse(last["kept"])  # once more, by what was told
    assert Store(tmp_path).open(last["kept"]).session == opened.session
