"""Exit statuses, one sentence a failure, results on stdout alone, and nothing imported before it is needed."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from handmade_sessions import session, squats, steps

import imu_tracker
from imu_tracker.cli import COMMANDS, analyze, main
from imu_tracker.errors import FileError, ImuTrackerError, NoSuchExercise, UsageError
from imu_tracker.results import Session, from_dict, to_dict

NOTE = "3 samples were out of order and have been sorted by time."


def run_apart(code_or_module: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    return subprocess.run(
        [sys.executable, *code_or_module],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


@pytest.fixture
def outcome(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that sets what analysing comes to: a session, or an exception."""

    def come_to(result: Session | BaseException) -> None:
        def run(*_: Any, **__: Any) -> tuple[Session, None, dict[str, str]]:
            if isinstance(result, BaseException):
                raise result
            return result, None, {}

        monkeypatch.setattr(analyze, "run", run)

    return come_to


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_and_version_are_done(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.startswith(
        f"imu-tracker, version {imu_tracker.__version__}" if words == ["--version"] else "Usage: imu-tracker"
    )


def test_help_lists_every_command_with_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    listed = capsys.readouterr().out
    for name, line in COMMANDS.items():
        assert f"{name}  " in listed
        command: click.Command = importlib.import_module(f"imu_tracker.cli.{name}").command
        assert command.name == name
        assert (command.help or "").split("\n")[0] == line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Usage:"),
        (["analyse"], "There is no command 'analyse'. Did you mean 'analyze'?"),
        (["--nonsense"], "--nonsense"),
        (["analyze"], "Missing argument"),
        (["analyze", "x.csv", "--motel", "m"], "--motel"),
        (["analyze", "x.csv", "--side", "middle"], "'middle' is not one of"),
        (["analyze", "x.csv", "--acc-unit", "furlong"], "'furlong' is not one of"),
        (["analyze", "x.csv", "--drop-threshold", "nan"], "nan is not between 0 and 90 degrees"),
        (["analyze", "x.csv", "--drop-threshold", "-1"], "-1 is not between 0 and 90 degrees"),
        (["analyze", "x.csv", "--series", "out.txt"], "out.txt ends neither in .parquet nor in .csv"),
        (["analyze", "pelvis=x.csv", "--json", "x.csv"], "x.csv is the recording itself"),
        (["analyze", "x.csv", "--json", "a.csv", "--series", "./a.csv"], "named for two outputs"),
        (["convert", "x.csv"], "Missing option '--out'"),
        (["convert", "x.csv", "--out", "x.csv"], "x.csv is the recording itself"),
    ],
)
def test_words_that_are_off_exit_2(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert said in heard.err
    assert "Traceback" not in heard.err


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (FileError("set.csv", "the file is empty."), 1, "Error: set.csv: the file is empty.\n"),
        (ImuTrackerError("Too short."), 1, "Error: Too short.\n"),
        (UsageError("Two files for pelvis."), 2, "Error: Two files for pelvis.\n"),
        (NoSuchExercise("sqat", ["squat"]), 2, "Error: There is no exercise 'sqat'"),
        (KeyboardInterrupt(), 130, "Interrupted.\n"),
        (
            ZeroDivisionError("by\nzero"),
            1,
            "Error: This is a fault of imu-tracker, please report it: ZeroDivisionError: by zero\n",
        ),
        (OSError(28, "No space left on device", "out.json"), 1, "Error: out.json: No space left on device.\n"),
    ],
)
def test_a_failure_is_one_sentence(
    error: BaseException, status: int, said: str, outcome: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome(error)
    assert main(["analyze", "set.csv"]) == status
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err.startswith(said)
    assert heard.err.count("\n") == 1


def test_debugging_shows_the_traceback(outcome: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome(ZeroDivisionError())
    monkeypatch.setenv("IMU_TRACKER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(["analyze", "set.csv"])


def test_a_reader_that_leaves_is_no_failure(outcome: Any, capsys: pytest.CaptureFixture[str]) -> None:
    outcome(BrokenPipeError(32, "Broken pipe"))
    assert main(["analyze", "set.csv"]) == 0
    assert capsys.readouterr().err == ""


def test_the_summary_is_on_stdout_and_the_notes_on_stderr(outcome: Any, capsys: pytest.CaptureFixture[str]) -> None:
    outcome(session(squats(), notes=(NOTE,)))
    assert main(["analyze", "pelvis=some/where/set.csv"]) == 0
    heard = capsys.readouterr()
    assert heard.out.startswith("set.csv, 3 min 33 s\n")
    assert "10 reps" in heard.out
    assert NOTE not in heard.out
    assert heard.err == f"Note: {NOTE}\n"


def test_json_alone_goes_to_stdout(outcome: Any, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    shown = session(squats(), steps(), notes=(NOTE,))
    outcome(shown)
    assert main(["analyze", "set.csv", "--json", "-"]) == 0
    heard = capfdbinary.readouterr()
    assert heard.out.count(b"\n") == 1
    assert to_dict(from_dict(json.loads(heard.out))) == to_dict(shown)
    assert heard.err.decode() == f"Note: {NOTE}\n"


def test_json_in_a_file_leaves_the_summary(outcome: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = session(squats())
    outcome(shown)
    assert main(["analyze", "set.csv", "--json", str(tmp_path / "out.json")]) == 0
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == to_dict(shown)
    assert [p.name for p in tmp_path.iterdir()] == ["out.json"]
    assert "10 reps" in capsys.readouterr().out


def test_an_output_that_cannot_be_written_fails_in_a_sentence(
    outcome: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome(session(squats()))
    assert main(["analyze", "set.csv", "--json", str(tmp_path / "absent" / "out.json")]) == 1
    assert str(tmp_path / "absent") in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    code = """
import sys
from imu_tracker.cli import main
assert main(["--help"]) == 0
print(sorted(m for m in sys.modules if m.split(".")[0] in
      ("numpy", "rich", "pyarrow", "pandas", "scipy", "sklearn", "vqf", "json", "asyncio", "importlib.metadata")
      or m.startswith("imu_tracker.")))
"""
    said = run_apart(["-c", code])
    assert said.stderr == ""
    assert said.stdout.splitlines()[-1] == "['imu_tracker.cli', 'imu_tracker.errors']"


@pytest.mark.parametrize("word", ["--help", "exercises"])  # click prints the one, rich the other
def test_a_reader_that_leaves_a_real_pipe_hears_nothing(word: str) -> None:
    code = """
import os, sys
from imu_tracker.cli import main
reading, writing = os.pipe()
os.close(reading)
os.dup2(writing, 1)
status = main([sys.argv[1]])
sys.stderr.write(str(status))
"""
    said = run_apart(["-c", code, word])
    assert (said.returncode, said.stderr) == (0, "0")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to stand for a full disk")
def test_a_full_disk_is_one_sentence() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "imu_tracker", "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "Error: Output: No space left on device.\n"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_encoding_of_the_terminal_will_do(encoding: str) -> None:
    code = """
import sys
sys.path.insert(0, sys.argv[1])
from handmade_sessions import hold, session, squats, steps
from imu_tracker.cli import analyze, main
analyze.run = lambda *_, **__: (session(squats(), steps(), hold()), None, {})
sys.exit(main(["analyze", "set.csv"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parents[1])],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode(encoding)
    assert ("█" in text) == (encoding == "utf-8")
    assert ("##" in text) == (encoding != "utf-8")
    assert "?" not in text.replace("squat?", "").replace("? unsure", "").replace(" ?  ", "")


def test_python_m_is_the_same_command() -> None:
    said = run_apart(["-m", "imu_tracker", "--version"])
    assert (said.returncode, said.stdout) == (0, f"imu-tracker, version {imu_tracker.__version__}\n")
    assert run_apart(["-m", "imu_tracker", "nonsense"]).returncode == 2
