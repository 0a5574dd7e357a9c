"""`imu-tracker doctor`: findings with their mends, for people and for scripts, and the exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from imu_tracker.cli import main
from imu_tracker.ingest import machine
from imu_tracker.ingest.facts import Disk, Facts
from imu_tracker.ingest.listening import Heard, Near

WELL = Facts("linux", Disk("/store"), Heard((Near("hip", "WitMotion", -60),), bluez=True))
OFF = replace(WELL, heard=Heard(problem="adapter off", bluez=True))
BROKEN = replace(WELL, missing={"vqf": "No module named 'vqf'"})


def doctor(facts: Facts, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    def look(store: Path, seconds: float) -> Facts:
        return replace(facts, disk=Disk(str(store)))

    monkeypatch.setattr(machine, "look", look)
    return main(["doctor", *words])


def test_where_all_is_well_it_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(WELL, monkeypatch) == 0
    out = capsys.readouterr().out
    assert "Nothing keeps it from working." in out
    assert "hip (WitMotion) was heard at -60 dBm" in " ".join(out.split())
    assert "problem" not in out


def test_a_problem_stands_with_its_mend_and_ends_in_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctor(OFF, monkeypatch) == 1
    heard = capsys.readouterr()
    out = " ".join(heard.out.split())
    assert "problem Bluetooth Bluetooth is switched off. Switch it on with `bluetoothctl power on`" in out
    assert "1 problem: recording from a sensor won't work like this." in out
    assert heard.err == ""


def test_where_a_package_is_broken_nothing_works(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(BROKEN, monkeypatch) == 1
    assert "imu-tracker won't work like this." in capsys.readouterr().out


def test_a_warning_keeps_nothing_from_working(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor(replace(WELL, heard=Heard(bluez=True), on_battery=True), monkeypatch) == 0
    assert "Nothing keeps it from working (2 warnings)." in capsys.readouterr().out


def test_scripts_get_the_same_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert doctor(OFF, monkeypatch, "--json", "--store", str(tmp_path)) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["works"]) == (1, False)
    (bad,) = [finding for finding in told["findings"] if finding["level"] == "problem"]
    assert bad["check"] == "Bluetooth"
    assert "bluetoothctl" in bad["mend"]
    assert any(str(tmp_path) in finding["said"] for finding in told["findings"])


def test_it_also_works_where_the_packages_that_it_looks_for_are_not_there() -> None:
    code = """
import sys
for name in ("numpy", "bleak", "vqf", "pyarrow"):
    sys.modules[name] = None
from imu_tracker.cli import main
from imu_tracker.ingest import listening, machine
machine.ask = lambda seconds: listening.Heard(ended="status 1")
sys.exit(main(["doctor"]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    out = " ".join(done.stdout.split())
    assert (done.returncode, done.stderr) == (1, "")
    for name in ("numpy", "bleak", "vqf", "pyarrow"):
        assert f"The package {name} can't be used" in out
    assert "imu-tracker won't work like this." in out
