"""A kept session as FIT, read back by Garmin's own decoder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from kept_sessions import NAME, a_rep, a_session, a_set, kept

from imu_tracker.cli import main
from imu_tracker.errors import FileError, UsageError
from imu_tracker.exercises import load_catalogue
from imu_tracker.session import SetCount
from imu_tracker.session.fit import weight_kg, write_fit
from imu_tracker.session.opened import Opened
from imu_tracker.session.store import Store

pytest.importorskip("fit_tool", reason="the extra fit isn't installed")
garmin = pytest.importorskip("garmin_fit_sdk", reason="Garmin's decoder isn't installed; it is in the extra test")


def decoded(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The messages by kind, as Garmin's decoder reads them."""
    assert garmin.Decoder(garmin.Stream.from_file(str(path))).check_integrity()
    messages, errors = garmin.Decoder(garmin.Stream.from_file(str(path))).read()
    assert errors == []
    return dict(messages)


def some_session(root: Path) -> Opened:
    """Ten squats on one leg with 10 kg, a rest, a clam by the left leg, a hold, and something that was taught."""
    clams = a_set([a_rep(60.0 + 3 * k) for k in range(4)], "clamshell", "left")
    hold = replace(a_set([a_rep(80.0)], "single_leg_wall_sit"), kind="hold", count=0, reps=(), hold_s=12.5, end_s=92.5)
    taught = a_set([a_rep(100.0)], "my own exercise")
    kept(root, session=a_session(*a_session().sets, clams, hold, taught))
    store = Store(root)
    return store.say(NAME, lambda session, said: said.with_set(session.sets[0], load="10 kg"))


def test_garmins_decoder_reads_sets_and_rests(tmp_path: Path) -> None:
    opened = some_session(tmp_path / "store")
    write_fit(opened, tmp_path / "a.fit")
    messages = decoded(tmp_path / "a.fit")
    begun = datetime(2026, 3, 1, 9, 30, 5, tzinfo=UTC)
    sets = messages["set_mesgs"]
    assert [one["set_type"] for one in sets] == ["active", "rest", "active", "rest", "active", "rest", "active"]
    squats, rest, clams, _, hold, _, taught = sets
    assert (squats["repetitions"], squats["weight"], squats["category"]) == (10, 10.0, "squat")
    names = garmin.Profile["types"]["squat_exercise_name"]
    assert names[squats["category_subtype"]] == "one_legged_squat"
    assert (squats["start_time"] - begun).total_seconds() == 10
    assert squats["duration"] == pytest.approx(24.5)
    assert (rest["start_time"] - begun).total_seconds() == pytest.approx(34.5, abs=1)
    assert rest["duration"] == pytest.approx(25.5)
    assert (clams["repetitions"], clams["category"], clams.get("weight")) == (4, "hip_raise", None)
    assert (hold.get("repetitions"), hold["duration"]) == (None, 12.5)
    assert taught["category"] == "unknown"
    assert [one["message_index"] for one in sets] == list(range(7))
    (whole,) = messages["session_mesgs"]
    assert (whole["sport"], whole["sub_sport"], whole["start_time"]) == ("training", "strength_training", begun)
    assert whole["total_elapsed_time"] == 120.0
    assert messages["file_id_mesgs"][0]["type"] == "activity"
    assert len(messages["activity_mesgs"]) == len(messages["lap_mesgs"]) == 1


def test_corrections_count_and_equal_sessions_give_equal_bytes(tmp_path: Path) -> None:
    kept(tmp_path / "store")
    opened = Store(tmp_path / "store").correct(NAME, SetCount(20.0, 12))
    write_fit(opened, tmp_path / "a.fit")
    write_fit(opened, tmp_path / "b.fit")
    assert decoded(tmp_path / "a.fit")["set_mesgs"][0]["repetitions"] == 12
    assert (tmp_path / "a.fit").read_bytes() == (tmp_path / "b.fit").read_bytes()


def test_each_exercise_has_a_place_in_garmins_profile() -> None:
    types = garmin.Profile["types"]
    for entry in load_catalogue().values():
        if not entry.exercise:
            assert entry.garmin is None
            continue
        assert entry.garmin is not None, entry.name
        category, _, name = entry.garmin.partition("/")
        assert category in types["exercise_category"].values(), entry.name
        assert not name or name in types[f"{category}_exercise_name"].values(), entry.name


@pytest.mark.parametrize(
    ("load", "kg"),
    [
        ("10 kg", 10.0),
        ("2x of 7,5kg", 7.5),
        ("22.5 lb", 10.206),
        ("100 lbs", 45.359),
        ("red band", None),
        ("10 kg and 5 kg", None),
        ("99999 kg", None),
        (None, None),
    ],
)
def test_the_weight_in_a_persons_words(load: str | None, kg: float | None) -> None:
    assert weight_kg(load) == (None if kg is None else pytest.approx(kg, abs=1e-3))


def test_without_a_beginning_or_a_set_there_is_nothing_to_write(tmp_path: Path) -> None:
    kept(tmp_path / "store")
    opened = Store(tmp_path / "store").open(NAME)
    for bare in (replace(opened, started=None), replace(opened, started=datetime(1980, 1, 1, tzinfo=UTC))):
        with pytest.raises(UsageError, match="needs the time at which"):
            write_fit(bare, tmp_path / "a.fit")
    with pytest.raises(UsageError, match="no sets"):
        write_fit(replace(opened, session=replace(opened.session, sets=())), tmp_path / "a.fit")
    with pytest.raises(FileError, match="no folder"):
        write_fit(opened, tmp_path / "none" / "a.fit")
    assert not list(tmp_path.glob("*.fit"))


def test_export_writes_it_to_a_file_or_into_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept(tmp_path / "store")
    words = ["export", "last", "--store", str(tmp_path / "store")]
    assert main([*words, "--out", str(tmp_path / "a.fit")]) == 0
    assert main([*words, "--format", "fit", "--out", str(tmp_path)]) == 0
    assert (tmp_path / f"{NAME}.fit").read_bytes() == (tmp_path / "a.fit").read_bytes()
    assert main([*words, "--format", "fit", "--out", "-"]) == 2
    assert "Only JSON goes to stdout" in capsys.readouterr().err
