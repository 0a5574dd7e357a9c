"""`imu-tracker sessions`, `review` and `export`: what is said, what is changed, and what is refused."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "session"))

from kept_sessions import NAME, a_rep, a_session, a_set, kept, recorded

from imu_tracker.analysis import Wish, analyze
from imu_tracker.cli import main
from imu_tracker.cli.record import keep_analysis
from imu_tracker.cli.review import command as review_command
from imu_tracker.cli.review import dashed, seconds
from imu_tracker.cli.sessions_screen import print_list
from imu_tracker.errors import UsageError
from imu_tracker.files.reading import read_recording
from imu_tracker.results import from_dict, to_dict
from imu_tracker.session import SetCount
from imu_tracker.session.parts import Told
from imu_tracker.session.plan import Asked, Plan, to_words
from imu_tracker.session.store import Store

Run = Callable[..., str]

TWO = a_session(
    a_set([a_rep(10.0 + 2.5 * k, "left", 60.0, 3.0) for k in range(8)], side="left"),
    a_set([a_rep(60.0 + 2.5 * k, "right", 60.0, 4.0) for k in range(8)], side="right"),
)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the store in `tmp_path`; its stdout and stderr in one, and the status it has to have."""
    monkeypatch.setenv("IMU_TRACKER_STORE", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")

    def call(*words: str, status: int = 0) -> str:
        assert main(words) == status
        said = capsys.readouterr()
        return said.out + said.err

    return call


# --- sessions


def test_an_empty_store_says_how_sessions_come_to_it(run: Run, tmp_path: Path) -> None:
    said = run("sessions")
    assert f"No sessions yet in {tmp_path}" in said.replace("\n", "")
    assert "'imu-tracker live' and 'imu-tracker record' keep theirs there." in said
    assert "There are no sessions" in run("sessions", "show", status=2)


def test_the_list_has_the_newest_first_and_says_what_is_wrong(run: Run, tmp_path: Path) -> None:
    kept(tmp_path, "a", TWO)
    kept(tmp_path, "b", TWO, days=2.0, subject="jo")
    recorded(tmp_path, "c")
    (kept(tmp_path, "d") / "edits.json").write_text('{"schema": 7}')
    lines = run("sessions").splitlines()
    assert lines[0].split() == ["Session", "Length", "Sets", "Reps", "Exercises", "Who"]
    assert lines[1].split() == ["b", "2", "min", "0", "s", "2", "16", "single", "leg", "squat", "jo"]
    assert lines[2].startswith("a ")
    assert any(line.startswith("c ") and "not analysed yet" in line for line in lines)
    assert any(line.startswith("d ") for line in lines)
    assert "newer version" in " ".join(lines)


@pytest.mark.parametrize("width", [80, 120])
def test_a_long_list_is_cut_and_fits_the_terminal(tmp_path: Path, width: int) -> None:
    for k in range(23):
        kept(tmp_path, f"2026-03-01_09-30-{k:02}", TWO, days=float(k))
    console = Console(file=io.StringIO(), width=width)
    print_list(console, Store(tmp_path).list(), 20, "there")
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert len(lines) == 22
    assert lines[-1] == "... and 3 more: --all lists them."
    assert max(map(len, lines)) <= width


def test_one_is_shown_with_what_was_said_and_what_changed(run: Run, tmp_path: Path) -> None:
    kept(tmp_path, "a", TWO)
    nine = a_set([a_rep(10.0 + 2.5 * k, "left", 60.0, 9.0) for k in range(9)], side="left")
    kept(tmp_path, "b", a_session(nine), days=2.0)
    run("review", "b", "--set", "1", "--load", "10 kg", "--effort", "7")
    said = run("sessions", "show")
    assert "Set 1  10 kg, effort 7 of 10" in said
    assert "Single leg squat, against a" in said
    assert "reps 9 against 16: 7 less" in said
    assert "range 60° against 60°: no change, as far as can be told (±4°)" in said
    assert "pelvic drop 9.0° against 3.5°: 5.5° more" in said
    assert "right against left" in run("sessions", "show", "a")


def test_sessions_go_to_the_bin_and_come_back(run: Run, tmp_path: Path) -> None:
    kept(tmp_path)
    assert "is in the bin" in run("sessions", "delete", "last")
    assert "No sessions yet" in run("sessions")
    assert run("sessions", "list", "--bin") == f"{NAME}\n"
    assert "is back" in run("sessions", "restore", NAME)
    assert NAME in run("sessions")
    assert "no session 'x'" in run("sessions", "delete", "x", status=2)


def test_for_good_is_asked_for(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = kept(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\n"))
    run("sessions", "delete", NAME, "--for-good", status=130)
    assert folder.exists()
    run("sessions", "delete", NAME)
    run("sessions", "delete", NAME, "--for-good", "--yes")
    assert not list(tmp_path.rglob(NAME))


def test_a_session_travels_as_one_file(run: Run, tmp_path: Path) -> None:
    recorded(tmp_path)
    parcel = tmp_path / "parcel.zip"
    run("sessions", "export", "last", "--out", str(parcel))
    other = tmp_path / "other"
    assert f"is here as {NAME}." in run("sessions", "--store", str(other), "import", str(parcel))
    assert "no such file" in run("sessions", "import", "none.zip", status=1)


def test_a_recording_from_elsewhere_is_kept(run: Run, tmp_path: Path) -> None:
    bundled = Path(__file__).resolve().parents[2] / "datasets"
    files = [f"{p}={bundled / f'frog_pump.{p}.parquet'}" for p in ("pelvis", "thigh_right")]
    said = run("sessions", "add", *files, "--exercise", "frog pump", "--subject", "kim", "--started", "2026-03-01T09:30:05")
    assert f"Kept as {NAME}." in said
    opened = Store(tmp_path).open(NAME)
    expected = analyze(read_recording(files), Wish("frog_pump"))
    assert opened.session.sets == from_dict(to_dict(expected)).sets
    assert opened.subject == "kim"
    assert f"Kept as {NAME}-2." in run("sessions", "add", files[0], "--started", "2026-03-01T09:30:05")
    unnamed = Store(tmp_path).open(f"{NAME}-2")
    assert unnamed.kept.wish == Wish()  # what the file says of the exercise isn't used
    assert unnamed.kept.about["label"] == "frog_pump"
    assert "no such file" in run("sessions", "add", "none.csv", status=1)
    assert not list(tmp_path.glob(".incoming*"))


def test_the_index_is_made_anew(run: Run, tmp_path: Path) -> None:
    recorded(tmp_path)
    (tmp_path / "index.sqlite").write_text("nonsense")
    assert "The index holds 1 session." in run("sessions", "rebuild")
    assert "not analysed" not in run("sessions")


def test_a_session_is_looked_at_again(run: Run, tmp_path: Path) -> None:
    recorded(tmp_path)
    run("review", "--set", "1", "--count", "9")
    said = run("sessions", "again")
    assert "9 reps" in said
    assert "1 correction" in said
    assert "There is no session 'x'" in run("sessions", "again", "x", status=2)


def test_done_against_asked_is_one_table(run: Run, tmp_path: Path) -> None:
    asked = Asked("single_leg_squat", 1, 8, side="each", load="Kim's band")
    kept(tmp_path, session=TWO, plan=to_words(Plan((asked, Asked("squat", 2, 10)))))
    kept(tmp_path, "2026-02-01_09-30-05", session=TWO)
    rows = [" ".join(line.split()) for line in run("sessions", "show", NAME).splitlines()]
    assert "Single-leg squat, left 1 × 8 reps, Kim's band 8 reps 1 of 1" in rows
    assert "Squat 2 × 10 reps nothing 0 of 2" in rows
    assert "Done against asked" not in run("sessions", "show", "2026-02")


# --- review


def sets_of(root: Path) -> list[tuple[str | None, str | None, int]]:
    return [(s.exercise, s.side, s.count) for s in Store(root).open(NAME).session.sets]


def test_a_set_is_corrected_by_options_and_taken_back(run: Run, tmp_path: Path) -> None:
    kept(tmp_path, session=TWO)
    said = run("review", "--set", "2", "--count", "10", "--exercise", "Lunge", "--side", "left")
    assert "Set 2  1:00–1:19  lunge, 10 reps, left" in said
    assert sets_of(tmp_path) == [("single_leg_squat", "left", 8), ("lunge", "left", 10)]
    for op in ("count", "side", "exercise"):
        assert f"Taken back: {op}." in run("review", "--undo")
    assert sets_of(tmp_path) == [("single_leg_squat", "left", 8), ("single_leg_squat", "right", 8)]
    assert "no correction to take back" in run("review", "--undo", status=2)


def test_reps_and_sets_are_moved_removed_and_added(run: Run, tmp_path: Path) -> None:
    kept(tmp_path, session=TWO)
    said = run("review", "--set", "1", "--rep", "2", "--start", "0:12.2", "--end", "14.8")
    assert "  2  0:12.20  0:14.80   2.6 s  left" in said
    run("review", "--set", "1", "--rep", "1", "--remove")
    run("review", "--add-rep", "0:29.60", "0:31.50")
    assert [s[2] for s in sets_of(tmp_path)] == [8, 8]
    run("review", "--add-set", "1:30", "1:45", "--hold", "--exercise", "wall_lean")
    run("review", "--set", "2", "--remove")
    assert sets_of(tmp_path) == [("single_leg_squat", "left", 8), ("wall_lean", None, 0)]


def test_a_session_and_its_sets_have_words(run: Run, tmp_path: Path) -> None:
    kept(tmp_path, session=TWO)
    run("review", "--note", "slept badly")
    run("review", "--set", "1", "--load", "10 kg", "--pain", "0", "--effort", "10", "--note", "shaky")
    said = run("review")
    assert "slept badly" in said
    assert "Set 1  10 kg, effort 10 of 10, pain 0 of 10, shaky" in said
    run("review", "--set", "1", "--load", "-", "--pain", "-", "--effort", "-", "--note", "-")
    run("review", "--note", "-")
    assert "Said" not in run("review")


def test_a_set_alone_is_shown_rep_by_rep(run: Run, tmp_path: Path) -> None:
    kept(tmp_path, session=TWO)
    lines = run("review", "--set", "2").splitlines()
    assert lines[1].split() == ["Rep", "From", "To", "Length", "Side", "Range", "Drop"]
    assert lines[2].split() == ["1", "1:00.00", "1:02.00", "2.0", "s", "right", "60°", "4.0°", "±2.0"]
    assert len(lines) == 10


def test_without_a_set_the_session_is_analysed_anew(run: Run, tmp_path: Path) -> None:
    recorded(tmp_path)
    assert "analysed anew" in run("review", "--exercise", "Squat", "--side", "left", "--drop-threshold", "4")
    assert sets_of(tmp_path) == [("squat", "left", 6)]
    wish = Store(tmp_path).open(NAME).kept.wish
    assert (wish.exercise, wish.side, wish.drop_threshold_deg) == ("squat", "left", 4.0)
    run("review", "--side", "both")
    assert Store(tmp_path).open(NAME).kept.wish.side is None


def test_a_name_of_ones_own_is_kept_and_the_near_ones_are_said(run: Run, tmp_path: Path) -> None:
    kept(tmp_path, session=TWO)
    assert "did you mean squat" in run("review", "--set", "1", "--exercise", "squatt")
    assert sets_of(tmp_path)[0][0] == "squatt"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ("--count 3", 2, "Say which set, such as --set 2."),
        ("--remove", 2, "Say which set"),
        ("--effort 3", 2, "Say of which set"),
        ("--set 3 --count 3", 2, "There is no set 3; the session has 2."),
        ("--set 1 --rep 9 --remove", 2, "There is no rep 9 in this set; it has 8."),
        ("--set 1 --start 12", 2, "Say which rep's boundary"),
        ("--set 1 --rep 2 --count 3", 2, "Count, exercise and side are the set's"),
        ("--set 1 --rep 2 --start 13.9", 1, "the rep would lose its turn"),
        ("--set 1 --drop-threshold 4", 2, "The threshold is the session's"),
        ("--set 1 --remove --note x", 2, "Nothing can be said of a set that is removed."),
        ("--add-set 90 99", 1, "say its count, or its reps"),
        ("--add-set 90 99 --count 3 --effort 3", 2, "Add it first"),
        ("--add-rep 1:75 1:80", 2, "'1:75' is no time such as 83.5 or 1:23.5"),
        ("--set 1 --effort 11", 2, "'11' is no whole number from 0 to 10"),
        ("--set 1 --pain mild", 2, "'mild' is no whole number"),
        ("--exercise nonsense", 2, "There is no exercise 'nonsense'"),
        ("--interactive --undo", 2, "the other words come line by line"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(run: Run, tmp_path: Path, words: str, status: int, said: str) -> None:
    kept(tmp_path, session=TWO)
    assert said in run("review", "last", *words.split(), status=status)
    opened = Store(tmp_path).open(NAME)
    assert (opened.session, opened.said.sets) == (TWO, ())


def test_line_by_line_the_words_need_no_dashes(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path, session=TWO)
    lines = ["set 1 count 9", "set 2 load '10 kg' effort 7", "set 7 count 3", "sett 1", "set 1 note 'open", "help", "undo", ""]
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join([*lines, "set 1 count 1"])))
    said = run("review", "--interactive")
    for expected in ("no set 7", "There is no word 'sett'", "A quotation mark is missing", "--add-rep", "Taken back: count."):
        assert expected in said
    opened = Store(tmp_path).open(NAME)
    assert [s.count for s in opened.session.sets] == [8, 8]
    assert [(s.load, s.effort) for s in opened.said.sets] == [("10 kg", 7)]


def test_a_value_may_be_one_of_the_words() -> None:
    assert dashed("set 2 note count remove", review_command) == ["--set", "2", "--note", "count", "--remove"]
    assert dashed("add-rep 1:02 1:04", review_command) == ["--add-rep", "1:02", "1:04"]
    with pytest.raises(UsageError, match="no word 'store'"):
        dashed("store /", review_command)


def test_times_are_seconds_or_as_a_clock_shows_them() -> None:
    assert [seconds(x) for x in ("83.5", "1:23.5", "1:00:02", "0")] == [83.5, 83.5, 3602.0, 0.0]


# --- export, and what record and live keep


def test_another_threshold_keeps_what_was_told_of_later_parts(run: Run, tmp_path: Path) -> None:
    recorded(tmp_path)
    store = Store(tmp_path)
    store.analyse(NAME, Wish("squat"), told=(Told(20.0, Wish("single_leg_squat", "left")),))
    run("review", "last", "--drop-threshold", "7")
    assert [t.wish for t in store.open(NAME).kept.told] == [Wish("single_leg_squat", "left", 7.0)]
    run("review", "last", "--exercise", "squat")
    assert store.open(NAME).kept.told == ()


def test_json_goes_to_stdout_or_a_file(run: Run, tmp_path: Path) -> None:
    kept(tmp_path, session=TWO)
    Store(tmp_path).correct(NAME, SetCount(15.0, 12))
    raw = json.loads(run("export", "last", "--out", "-"))
    assert from_dict(raw) == Store(tmp_path).open(NAME).session
    run("export", "last", "--out", str(tmp_path / "out.json"))
    assert json.loads((tmp_path / "out.json").read_text()) == raw


def test_tables_go_to_a_file_or_a_folder(run: Run, tmp_path: Path) -> None:
    recorded(tmp_path)
    run("export", "last", "--out", str(tmp_path / "reps.csv"))
    assert len((tmp_path / "reps.csv").read_text().splitlines()) == 7
    said = run("export", "last", "--format", "parquet", "--out", str(tmp_path / "out"))
    assert said.count("Written: ") == len(list((tmp_path / "out").iterdir())) == 4
    assert "say which format" in run("export", "last", "--out", str(tmp_path / "x"), status=2)
    assert "Only JSON goes to stdout" in run("export", "last", "--format", "csv", "--out", "-", status=2)


def test_what_was_recorded_is_kept_with_its_analysis(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = recorded(tmp_path, exercise="squat")
    keep_analysis(folder)
    assert f"Kept as {NAME}, with its analysis: 6 reps. 'imu-tracker review last' shows it." in capsys.readouterr().err
    (listed,) = Store(tmp_path).list()
    assert listed.entry.exercises == ("squat",)
    (folder / "pelvis.parquet").write_bytes(b"PAR1")
    keep_analysis(folder)
    assert "Note: The session isn't analysed: " in capsys.readouterr().err
