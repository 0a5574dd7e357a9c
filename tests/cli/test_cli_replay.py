"""replay: a recording on the live screen."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from imu_tracker.analysis import Wish
from imu_tracker.cli import main
from imu_tracker.cli.demo import bundled_folder
from imu_tracker.cli.live_screen import LiveScreen, facts_of, large
from imu_tracker.cli.live_session import threshold_deg, title_of
from imu_tracker.live import GoingOn, Level, LiveRep, LiveView
from imu_tracker.results import Mounting

SQUATS = bundled_folder() / "single_leg_squat.csv"


def test_events_line_by_line_and_then_the_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(SQUATS), "--exercise", "single_leg_squat", "--side", "right", "--speed", "max"]) == 0
    heard = capsys.readouterr()
    assert re.search(r"^0:3\d  rep 4$", heard.err, re.MULTILINE)
    assert "set over: 8 reps" in heard.err
    assert "8 reps" in heard.out


@pytest.mark.parametrize(
    "words", [["--speed", "0"], ["--speed", "fast"], ["--drop-threshold", "95"], ["--side", "up"], ["--exercise", "sqat"]]
)
def test_words_that_are_off_are_told_in_a_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(SQUATS), *words]) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(tmp_path / "no.csv")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def picture(view: LiveView, width: int = 90, said: str = "", limit_deg: float | None = 5.0) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(LiveScreen(console, "squat", limit_deg, "q ends").picture(view, {}, said))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def going_on(n: int, firm: bool = True, resting: bool = False) -> GoingOn:
    reps = tuple(LiveRep(2.0 * k, 2.0 * k + 1.8, firm or k < n - 1) for k in range(n))
    return GoingOn(reps, None, 30.0, resting, None)


def view(one: GoingOn | None, level: Level | None = None) -> LiveView:
    return LiveView(42.0, Mounting(True, "bows", 2.0), level or Level(), one, ())


def test_the_count_is_five_rows_high() -> None:
    shown = picture(view(going_on(12)))
    for row in large("12"):
        assert row.rstrip() in shown
    assert "30 a minute, the last 1.8 s" in shown
    assert all(len(line.rstrip()) <= 90 for line in shown.splitlines())


def test_a_provisional_rep_looks_provisional() -> None:
    assert facts_of(going_on(3, firm=False), firm=False)[0] == "reps, the last not sure yet"
    assert facts_of(going_on(3), firm=True)[0] == "reps"


def test_before_and_after_a_set_nothing_is_counted() -> None:
    assert large("0")[0] in picture(view(None))


def test_a_hold_is_a_clock() -> None:
    shown = picture(view(GoingOn((), 75.2, None, False, None)))
    assert large("1:15")[2].rstrip() in shown
    assert "holding" in shown


def test_the_pelvis_is_a_mark_on_a_scale() -> None:
    level = picture(view(None, Level(0.0, 0.0)))
    assert "●" in level
    assert level.count("┊") == 2
    left_up = next(line for line in picture(view(None, Level(10.0, 0.0))).splitlines() if "●" in line)
    assert left_up.index("●") < left_up.index("┼")
    assert "left side up" in left_up
    dropping = picture(view(None, Level(-7.0, 0.0, 7.0, "right", True)))
    assert "drop +7°" in dropping
    assert "pelvis" not in picture(view(None))


def test_a_narrow_terminal_has_the_facts_below() -> None:
    shown = picture(view(going_on(24)), width=40, said="Stand still.")
    assert all(len(line.rstrip()) <= 40 for line in shown.splitlines())
    assert "Stand still." in shown


def test_the_head_says_what_is_done_and_the_scale_what_is_flagged() -> None:
    assert title_of(Wish()) == "any exercise"
    assert title_of(Wish("single_leg_squat", "left")) == "single leg squat, left"
    assert threshold_deg(Wish("single_leg_squat")) == 10.0
    assert threshold_deg(Wish("single_leg_squat", drop_threshold_deg=4.0)) == 4.0
    assert threshold_deg(Wish()) is None
