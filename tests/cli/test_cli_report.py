"""report, and analyze --report, from a recording to the file."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from handmade_sessions import session, squats

from imu_tracker.cli import main
from imu_tracker.cli.demo import bundled_folder
from imu_tracker.results import from_dict, to_json
from imu_tracker.session.plan import Asked, Plan, to_words

SQUATS = str(bundled_folder() / "single_leg_squat.csv")
NAMED = ["--exercise", "single_leg_squat"]


def recording(path: Path, about: str = "") -> Path:
    """A sensor that rocks: 15 degrees to and fro every 2 s, between 3 s of rest before and after."""
    rows = [about + "t,ax,ay,az,gx,gy,gz"]
    for i in range(2000):
        t = i * 0.01
        phase = math.pi * (t - 3) if 3 <= t < 17 else 0.0
        angle, rate = math.radians(7.5) * (1 - math.cos(phase)), math.radians(7.5) * math.pi * math.sin(phase)
        rows.append(f"{t:.5g},{-9.80665 * math.sin(angle):.6f},0.0,{9.80665 * math.cos(angle):.6f},0.0,{rate:.6f},0.0")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_recording_becomes_a_page_with_its_figures(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "report.html"
    assert main(["report", f"pelvis={SQUATS}", *NAMED, "--side", "right", "--out", str(out)]) == 0
    html = out.read_text(encoding="utf-8")
    assert "Drop over time, °" in html
    assert "single_leg_squat.csv" in html
    heard = capfd.readouterr()
    assert heard.out == ""
    assert f"Written: {out}" in heard.err


def test_analyze_writes_the_same_page(tmp_path: Path) -> None:
    one, other = tmp_path / "a.html", tmp_path / "b.html"
    assert main(["report", SQUATS, *NAMED, "--out", str(one)]) == 0
    assert main(["analyze", SQUATS, *NAMED, "--report", str(other)]) == 0
    assert one.read_bytes() == other.read_bytes()


def test_with_a_pseudonym_neither_name_nor_file_is_in_the_page(tmp_path: Path) -> None:
    path = recording(tmp_path / "kim_example.csv", "# subject: Kim Example\n# started: 2026-11-20T17:30:00+01:00\n")
    out = tmp_path / "out.html"
    assert main(["report", f"pelvis={path}", "--out", str(out)]) == 0
    assert "Kim Example" in out.read_text(encoding="utf-8")
    assert main(["report", f"pelvis={path}", "--out", str(out), "--pseudonym", "P01"]) == 0
    html = out.read_text(encoding="utf-8")
    assert "P01" in html
    assert "2026-11-20 17:30" in html
    assert "kim" not in html.lower()
    assert "example" not in html.lower()
    assert str(tmp_path) not in html


def test_json_and_csv_go_to_stdout_or_by_the_ending(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["report", SQUATS, *NAMED, "--out", "-", "--format", "json"]) == 0
    found = from_dict(json.loads(capfd.readouterr().out))
    out = tmp_path / "sets.csv"
    assert main(["report", SQUATS, *NAMED, "--out", str(out)]) == 0
    header, *rows = out.read_text(encoding="utf-8").splitlines()
    assert header.startswith("set,start_s,end_s,exercise")
    assert len(rows) == len(found.sets) > 0


def test_an_earlier_result_is_compared_with(tmp_path: Path) -> None:
    earlier, out = tmp_path / "earlier.json", tmp_path / "out.html"
    assert main(["analyze", SQUATS, *NAMED, "--json", str(earlier)]) == 0
    assert main(["report", SQUATS, *NAMED, "--compare", str(earlier), "--out", str(out)]) == 0
    html = out.read_text(encoding="utf-8")
    assert "Since last time" in html
    assert "no change that can be told" in html


def test_a_result_is_reported_without_the_recording(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "session.json", tmp_path / "out.html"
    path.write_text(to_json(session(squats())), encoding="utf-8")
    assert main(["report", str(path), "--out", str(out)]) == 0
    assert "8.1°" in out.read_text(encoding="utf-8")
    assert main(["report", str(path), *NAMED, "--out", str(out)]) == 2
    assert "is analysed already" in capsys.readouterr().err


WHO = "# subject: Kim\n# started: 2026-11-20T17:30:00+01:00\n"


def kept(tmp_path: Path, name: str = "2026-11-20_17-30-00", about: str = WHO) -> Path:
    """A session's folder in a store, with a subject."""
    folder = tmp_path / "store" / name
    folder.mkdir(parents=True)
    table = recording(tmp_path / "set.csv", about)
    assert main(["convert", str(table), "--out", str(folder / "pelvis.parquet")]) == 0
    return folder


def test_a_kept_session_is_named_by_its_name_or_folder(tmp_path: Path) -> None:
    folder, out = kept(tmp_path), tmp_path / "out.html"
    store = ["--store", str(folder.parent)]
    assert main(["report", "2026-11-20", *store, "--out", str(out)]) == 0
    by_name = out.read_bytes()
    assert b"Kim" in by_name
    assert main(["report", str(folder), "--out", str(out), "--compare", "last", *store]) == 0
    assert main(["report", str(folder), "--out", str(out)]) == 0
    assert out.read_bytes() == by_name
    assert main(["report", "last", *store, *NAMED, "--out", str(out)]) == 2
    assert main(["report", "2031", *store, "--out", str(out)]) == 2


def test_what_was_corrected_and_said_of_a_kept_session_is_in_its_report_without_the_name(tmp_path: Path) -> None:
    folder, out = kept(tmp_path), tmp_path / "out.html"
    store = ["--store", str(folder.parent)]
    assert main(["review", "last", *store, "--set", "1", "--count", "31", "--effort", "7", "--note", "Kim was tired"]) == 0
    assert main(["report", "last", *store, "--out", str(out), "--pseudonym", "P01"]) == 0
    html = out.read_text(encoding="utf-8")
    assert "31 reps" in html
    assert "effort 7 of 10" in html
    assert "P01 was tired" in html
    assert "Kim" not in html


def test_done_against_asked_is_in_the_report_of_a_session_that_followed_a_plan(tmp_path: Path) -> None:
    plan = to_words(Plan((Asked("squat", 1, 7, load="Kim's band"),)))
    about = f"# subject: Kim\n# started: 2026-11-20T17:30:00+01:00\n# exercise: squat\n# plan: {plan}\n"
    folder, out = kept(tmp_path, about=about), tmp_path / "out.html"
    assert main(["report", str(folder), "--out", str(out), "--pseudonym", "P01"]) == 0
    html = out.read_text(encoding="utf-8")
    assert "Done against asked" in html
    assert "1 × 7 reps, P01&#x27;s band" in html
    assert "<td>7 reps</td>\n<td>1 of 1</td>" in html
    assert main(["report", SQUATS, *NAMED, "--out", str(out)]) == 0
    assert "Done against asked" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "{}", "[]", "no json", '{"schema": 99}', '{"schema": 1, "sets": 3}'])
def test_what_is_no_result_is_one_sentence(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, out = tmp_path / "session.json", tmp_path / "out.html"
    path.write_text(text, encoding="utf-8")
    assert main(["report", str(path), "--out", str(out)]) == 1
    heard = capsys.readouterr().err
    assert heard.count("\n") == 1
    assert "this is no session" in heard
    assert not out.exists()


def test_words_that_do_not_fit_are_refused_before_the_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", SQUATS, "--out", SQUATS]) == 2
    assert main(["report", SQUATS, "--out", str(tmp_path / "a.html"), "--pseudonym", " "]) == 2
    assert main(["report", SQUATS, "--out", str(tmp_path / "a.csv"), "--compare", "earlier.json"]) == 2
    assert main(["report", SQUATS, "--out", str(tmp_path / "a.html"), "--exercise", "single_leg_squash"]) == 2
    assert main(["report", SQUATS, "--out", str(tmp_path / "a.html"), "--compare", str(tmp_path / "none.json")]) == 1
    assert "none.json" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
