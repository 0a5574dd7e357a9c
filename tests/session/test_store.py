"""The store: kept sessions and the index that follows their folders, whatever becomes of it and whoever else is at work."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from kept_sessions import NAME, a_rep, a_session, a_set, kept, recorded

from imu_tracker.analysis import Wish, analyze
from imu_tracker.describing import OWN
from imu_tracker.errors import FileError
from imu_tracker.files.reading import read_recording
from imu_tracker.results import from_dict, to_dict
from imu_tracker.session import EditsError, NameExercise, RemoveRep, SetCount, SetSide, keeping
from imu_tracker.session.opened import NoSuchSession
from imu_tracker.session.store import Store

CHILD = Path(__file__).with_name("store_child.py")
RECORDER = Path(__file__).resolve().parents[1] / "ingest" / "recording_child.py"


def test_a_store_that_is_not_there_is_empty_and_is_not_made(tmp_path: Path) -> None:
    store = Store(tmp_path / "none")
    assert (store.list(), store.points(), store.names()) == ((), (), ())
    assert not (tmp_path / "none").exists()
    with pytest.raises(NoSuchSession, match="There are no sessions"):
        store.find("last")


def test_what_was_recorded_is_analysed_when_it_is_opened_and_then_kept(tmp_path: Path) -> None:
    folder = recorded(tmp_path, exercise="Single leg squat", side="left", drop_threshold_deg="4")
    store = Store(tmp_path)
    (listed,) = store.list()
    assert (listed.state, listed.entry.trouble, listed.entry.sets) == ("whole", "not analysed yet", None)
    opened = store.open(NAME)
    assert opened.kept.wish == Wish("single_leg_squat", "left", 4.0)
    expected = analyze(read_recording([folder / "pelvis.parquet"]), opened.kept.wish)
    assert opened.session == from_dict(to_dict(expected))
    (listed,) = store.list()
    assert (listed.entry.sets, listed.entry.reps, listed.entry.subject) == (1, 6, "kim")
    assert listed.entry.exercises == ("single_leg_squat",)
    (folder / "pelvis.parquet").unlink()
    assert store.open(NAME) == opened  # from what was kept


def test_a_word_of_ones_own_is_no_exercise_to_analyse_by(tmp_path: Path) -> None:
    recorded(tmp_path, exercise="my own word")
    assert Store(tmp_path).open(NAME).kept.wish == Wish()


def test_a_name_of_ones_own_that_was_chosen_names_the_sets_and_is_kept_when_looked_at_again(tmp_path: Path) -> None:
    recorded(tmp_path, own="heavy clam", side="left")
    store = Store(tmp_path)
    for _ in range(2):
        (one,) = store.open(NAME).session.sets
        assert (one.exercise, one.confidence, one.count, one.side) == ("heavy clam", None, 6, "left")
        assert "exercise" not in one.unresolved
        assert one.unresolved["drop_deg"] == one.pelvic_drop.reason == OWN
        assert store.analyse(NAME).wish == Wish(side="left", own="heavy clam")
    assert [(n.exercise, n.sets) for n in store.named()] == [("heavy clam", 1)]


@pytest.mark.parametrize("own", ["", "x" * 300])
def test_what_can_be_no_name_names_nothing(tmp_path: Path, own: str) -> None:
    recorded(tmp_path, own=own)
    assert Store(tmp_path).open(NAME).kept.wish == Wish()


def test_the_series_is_kept_too_and_made_again_where_it_is_missing(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    store = Store(tmp_path)
    store.open(NAME)
    series = store.series(NAME)
    assert series.set_number.max() == 1
    assert series.rep_number.max() == 6
    assert np.diff(series.t) == pytest.approx(0.01)
    (folder / keeping.SERIES).write_bytes(b"PAR1 but no more")
    again = store.series(NAME)
    np.testing.assert_array_equal(series.obliquity_deg, again.obliquity_deg)
    np.testing.assert_array_equal(series.rep_number, again.rep_number)


def test_corrections_lie_over_the_analysis_and_are_taken_back_one_by_one(tmp_path: Path) -> None:
    folder = kept(tmp_path)
    before = (folder / keeping.SESSION).read_bytes()
    store = Store(tmp_path)
    store.correct(NAME, SetCount(20.0, 12), SetSide(20.0, "left"))
    opened = store.correct(NAME, RemoveRep(11.0))
    (one,) = opened.session.sets
    assert (one.count, one.side) == (9, "left")
    assert (folder / keeping.SESSION).read_bytes() == before
    assert store.list()[0].entry.reps == 9
    assert store.undo(NAME) == RemoveRep(11.0)
    assert store.list()[0].entry.reps == 12
    assert store.undo(NAME) == SetSide(20.0, "left")
    assert store.undo(NAME) == SetCount(20.0, 12)
    assert store.undo(NAME) is None
    assert store.open(NAME).session == a_session()


def test_a_correction_that_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    kept(tmp_path)
    store = Store(tmp_path)
    with pytest.raises(EditsError, match="no set at 99 s"):
        store.correct(NAME, SetCount(20.0, 12), SetCount(99.0, 3))
    assert store.open(NAME).edits.edits == ()


def test_corrections_that_no_longer_fit_are_kept_and_said(tmp_path: Path) -> None:
    folder = kept(tmp_path)
    store = Store(tmp_path)
    store.correct(NAME, RemoveRep(11.0), SetCount(20.0, 12))
    later = a_set([a_rep(15.0 + 2.5 * k) for k in range(4)])
    other = keeping.read_kept(folder)
    assert other is not None
    (folder / keeping.SESSION).write_text(keeping.kept_text(replace(other, session=a_session(later))))
    opened = store.open(NAME)
    assert [s.count for s in opened.session.sets] == [12]
    assert len(opened.misfits) == 1
    assert "no set at 11 s" in opened.misfits[0]
    assert len(store.correct(NAME, SetCount(20.0, 5)).edits.edits) == 3


def test_another_wish_analyses_anew_and_corrections_stay(tmp_path: Path) -> None:
    recorded(tmp_path)
    store = Store(tmp_path)
    start_s = store.open(NAME).session.sets[0].start_s
    store.correct(NAME, SetCount(start_s + 1.0, 7))
    store.analyse(NAME, Wish("squat"))
    opened = store.open(NAME)
    assert (opened.session.sets[0].exercise, opened.session.sets[0].count) == ("squat", 7)
    assert opened.kept.wish == Wish("squat")


def test_what_is_said_is_kept_and_listed(tmp_path: Path) -> None:
    kept(tmp_path)
    store = Store(tmp_path)
    store.say(NAME, lambda session, said: replace(said.with_set(session.sets[0], effort=7, load="10 kg"), note="tired"))
    opened = store.say(NAME, lambda session, said: said.with_set(session.sets[0], pain=2, effort=None))
    said = opened.said.of(opened.session.sets[0])
    assert said is not None
    assert (said.load, said.effort, said.pain) == ("10 kg", None, 2)
    assert store.list()[0].entry.note == "tired"


def test_samples_that_could_be_finished_later_only_are_analysed_too(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    store = Store(tmp_path)
    assert list(store.open(NAME).session.recording.placements) == ["pelvis"]
    other = recorded(tmp_path / "elsewhere", placement="chest")
    (other / "pelvis.parquet").rename(folder / "chest.parquet")
    assert list(store.open(NAME).session.recording.placements) == ["chest", "pelvis"]


# --- the index


def test_folders_put_in_changed_or_taken_out_by_hand_are_followed(tmp_path: Path) -> None:
    kept(tmp_path, "one")
    store = Store(tmp_path)
    assert [one.name for one in store.list()] == ["one"]
    kept(tmp_path, "two", days=3.0)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "shopping.txt").touch()
    assert [one.name for one in store.list()] == ["two", "one"]
    shutil.rmtree(tmp_path / "one")
    assert [one.name for one in store.list()] == ["two"]
    assert [point.session for point in store.points()] == ["two"]


def spoilt(path: Path) -> None:
    path.write_bytes(b"this is no database" * 400)


def overwritten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xaa" * (len(data) - 4096)
    path.write_bytes(bytes(data))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def of_another_version(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 999")
        db.execute("DROP TABLE points")
    db.close()


def without_a_table(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE points")
        db.execute("DROP TABLE sessions")
    db.close()


def in_the_way(path: Path) -> None:
    path.unlink()
    (path / "in").mkdir(parents=True)


@pytest.mark.parametrize(
    "spoil", [Path.unlink, spoilt, overwritten, cut_short, emptied, of_another_version, without_a_table, in_the_way]
)
def test_whatever_becomes_of_the_index_the_list_is_the_same(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    for k in range(3):
        kept(tmp_path, f"s{k}", days=float(k))
    expected, points = Store(tmp_path).list(), Store(tmp_path).points()
    assert len(points) == 3
    spoil(tmp_path / "index.sqlite")
    assert Store(tmp_path).list() == expected
    assert Store(tmp_path).points() == points


def test_the_index_holds_sets_reps_and_labels_for_those_who_ask_in_sql(tmp_path: Path) -> None:
    kept(tmp_path)
    store = Store(tmp_path)
    store.correct(NAME, NameExercise(20.0, "lunge"))
    store.say(NAME, lambda session, said: said.with_set(session.sets[0], load="10 kg"))
    store.list()
    db = sqlite3.connect(tmp_path / "index.sqlite")
    assert db.execute("SELECT session, number, exercise, count, load FROM sets").fetchall() == [(NAME, 1, "lunge", 10, "10 kg")]
    assert db.execute("SELECT count(*), max(range_deg) FROM reps").fetchone() == (10, 60.0)
    assert db.execute("SELECT session, kind, word FROM labels").fetchall() == [(NAME, "exercise", "lunge")]
    db.close()


def test_rebuilding_analyses_what_is_not_yet_and_says_what_cannot_be(tmp_path: Path) -> None:
    recorded(tmp_path, "good")
    (recorded(tmp_path, "bad") / "pelvis.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "index.sqlite").write_bytes(b"no database")
    store = Store(tmp_path)
    (trouble,) = store.rebuild()
    assert "bad/pelvis.parquet: " in trouble
    assert {one.name: one.entry.reps for one in store.list()} == {"good": 6, "bad": None}


# --- files that are damaged, or of other versions


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 0}', '{"schema": 1}', '{"schema": 1, "session": 3}', "{figures}"])
def test_an_analysis_that_cannot_be_read_is_made_again(tmp_path: Path, text: str) -> None:
    folder = recorded(tmp_path)
    store = Store(tmp_path)
    before = store.open(NAME)
    other = (folder / keeping.SESSION).read_text().replace('"count": 6', '"count": "lots"')
    (folder / keeping.SESSION).write_text(other if text == "{figures}" else text)
    assert store.list()[0].entry.trouble == "not analysed yet"
    assert store.open(NAME) == before


def test_an_older_one_is_made_again_by_the_wish_that_it_was_made_with(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    (folder / keeping.SESSION).write_text('{"schema": 0, "wish": {"exercise": "squat", "side": null}}')
    assert Store(tmp_path).open(NAME).kept.wish == Wish("squat")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (keeping.SESSION, '{"schema": 2}'),
        (keeping.SESSION, '{"schema": 1, "session": {"schema": 2}}'),
        (keeping.EDITS, '{"schema": 2, "edits": []}'),
        (keeping.SAID, '{"schema": 2, "sets": []}'),
    ],
)
def test_what_a_newer_version_wrote_is_refused_and_never_written_over(tmp_path: Path, file: str, text: str) -> None:
    folder = recorded(tmp_path)
    store = Store(tmp_path)
    at_s = store.open(NAME).session.sets[0].start_s
    (folder / file).write_text(text)
    assert "newer version" in (store.list()[0].entry.trouble or "")
    actions: list[Callable[[], object]] = [
        lambda: store.open(NAME),
        lambda: store.correct(NAME, SetCount(at_s, 3)),
        lambda: store.undo(NAME),
        lambda: store.say(NAME, lambda _, said: replace(said, note="x")),
    ]
    for action in actions:
        with pytest.raises(FileError, match="newer version of imu-tracker; update"):
            action()
    assert (folder / file).read_text() == text


@pytest.mark.parametrize("file", [keeping.EDITS, keeping.SAID])
def test_a_persons_words_that_are_damaged_are_refused_and_left(tmp_path: Path, file: str) -> None:
    folder = kept(tmp_path)
    (folder / file).write_bytes(b"\xff\xfe{")
    store = Store(tmp_path)
    with pytest.raises(FileError, match="damaged"):
        store.correct(NAME, SetCount(20.0, 3))
    assert "damaged" in (store.list()[0].entry.trouble or "")
    assert (folder / file).read_bytes() == b"\xff\xfe{"


def test_without_samples_a_lost_analysis_is_said(tmp_path: Path) -> None:
    folder = kept(tmp_path)
    (folder / keeping.SESSION).write_text("{")
    with pytest.raises(FileError, match="no samples here to analyse"):
        Store(tmp_path).open(NAME)


# --- names


def test_a_session_is_named_by_its_beginning_or_as_the_last(tmp_path: Path) -> None:
    for name, days in (("2026-03-01_09-30-05", 0.0), ("2026-03-01_18-00-00", 0.4), ("2026-03-04_09-00-00", 3.0)):
        kept(tmp_path, name, days=days)
    store = Store(tmp_path)
    assert store.find("2026-03-04") == store.find("last") == "2026-03-04_09-00-00"
    assert store.find("2026-03-01_18") == "2026-03-01_18-00-00"
    with pytest.raises(NoSuchSession, match="begins 2 sessions' names, such as 2026-03-01_09-30-05 and"):
        store.find("2026-03-01")
    for word in ("", "2025", "../other", "."):
        with pytest.raises(NoSuchSession):
            store.find(word)
    with pytest.raises(NoSuchSession):
        store.open("../" + tmp_path.name)


# --- away and back


def test_a_deleted_session_is_in_the_bin_until_it_is_deleted_for_good(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for _ in range(2):
        kept(tmp_path)
        store.delete(NAME)
    assert store.list() == ()
    assert store.deleted() == (NAME, f"{NAME}~2")
    assert store.restore(f"{NAME}~2") == NAME
    assert store.restore(NAME) == f"{NAME}-2"
    assert {one.name for one in store.list()} == {NAME, f"{NAME}-2"}
    store.delete(NAME)
    store.delete_for_good(NAME)
    assert store.deleted() == ()
    with pytest.raises(NoSuchSession, match="no session 'x' in the bin"):
        store.restore("x")


# --- with other processes


@pytest.mark.parametrize("destroys", ["", "destroys"])
def test_two_processes_at_once_lose_nothing(tmp_path: Path, destroys: str) -> None:
    three = [a_set([a_rep(a + 2.5 * k) for k in range(4)]) for a in (10.0, 40.0, 70.0)]
    kept(tmp_path, session=a_session(*three))
    store, times = Store(tmp_path), 12
    store.correct(NAME, SetCount(15.0, 4))
    store.say(NAME, lambda session, said: said.with_set(session.sets[2], effort=1))
    words = [sys.executable, str(CHILD), str(tmp_path), NAME]
    children = [
        subprocess.Popen([*words, str(which), str(times), destroys], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for which in (0, 1)
    ]
    for child in children:
        out, err = child.communicate(timeout=120)
        assert (out, child.returncode) == ("done\n", 0), err
    counts = [e.count for e in store.open(NAME).edits.edits if isinstance(e, SetCount)][1:]
    assert [n for n in counts if n < 1000] == list(range(times))
    assert [n for n in counts if n >= 1000] == [1000 + k for k in range(times)]
    (listed,) = store.list()
    assert listed.entry.corrections == 2 * times + 1
    assert [s.effort for s in store.open(NAME).said.sets] == [11 % 11, 11 % 11, 1]
    assert not list(tmp_path.glob("*.lock"))


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of other systems")
def test_a_session_being_recorded_is_listed_as_such_and_after_a_crash_recovered(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, str(RECORDER), str(tmp_path), "100000", "0", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=RECORDER.parent,
    )
    assert child.stdout is not None
    samples = 0
    while samples < 3000:
        name, _, count = child.stdout.readline().split()
        samples = int(count)
    store = Store(tmp_path)
    assert store.recover() == ()
    (listed,) = store.list()
    assert (listed.name, listed.state, listed.entry.trouble) == (name, "recording", "not analysed yet")
    for action in (store.open, store.delete, store.series):
        with pytest.raises(FileError, match="still being recorded"):
            action(name)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert store.list()[0].state == "unfinished"
    assert len(store.recover()) == 2
    assert store.list()[0].state == "whole"
    assert store.open(name).session.recording.placements["pelvis"].samples > 2000
    assert json.loads((tmp_path / name / keeping.SESSION).read_text())["about"]["subject"] == "p1"
