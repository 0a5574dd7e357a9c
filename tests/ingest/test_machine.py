"""Looking at a machine: files and processes that stand in for it, and this one as it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from imu_tracker.ingest import machine
from imu_tracker.ingest.listening import Heard, Near, ask


def made(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_linux_is_told_by_its_files(tmp_path: Path) -> None:
    bare = machine.linux(made(tmp_path, {}))
    assert (bare.systemd, bare.bluetoothd, bare.adapters, bare.blocked, bare.inside) == (False, False, (), "", "")
    rich = machine.linux(
        made(
            tmp_path,
            {
                "run/systemd/system/x": "",
                "usr/libexec/bluetooth/bluetoothd": "",
                "sys/class/bluetooth/hci0/address": "",
                "sys/class/bluetooth/hci0:64/address": "",  # a connection, not an adapter
                "sys/class/rfkill/rfkill0/type": "wlan\n",
                "sys/class/rfkill/rfkill0/hard": "1\n",
                "sys/class/rfkill/rfkill1/type": "bluetooth\n",
                "sys/class/rfkill/rfkill1/soft": "1\n",
                "sys/class/rfkill/rfkill1/hard": "0\n",
                ".dockerenv": "",
            },
        )
    )
    assert (rich.systemd, rich.bluetoothd, rich.adapters, rich.blocked, rich.inside) == (
        True,
        True,
        ("hci0",),
        "soft",
        "container",
    )
    made(tmp_path, {"sys/class/rfkill/rfkill1/hard": "1\n", "proc/sys/kernel/osrelease": "5.15.153.1-microsoft-standard-WSL2\n"})
    assert (machine.linux(tmp_path).blocked, machine.linux(tmp_path).inside) == ("hard", "WSL")


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="these say it by programs of their own")
@pytest.mark.parametrize(("online", "expected"), [("0", True), ("1", False), (None, None)])
def test_the_power_is_told_by_its_files(tmp_path: Path, online: str | None, expected: bool | None) -> None:
    made(tmp_path, {"sys/class/power_supply/BAT0/type": "Battery"})
    if online is not None:
        made(tmp_path, {"sys/class/power_supply/AC/type": "Mains\n", "sys/class/power_supply/AC/online": online})
    assert machine.on_battery(tmp_path) is expected


def test_a_folder_that_isnt_there_yet_is_judged_by_the_one_above_it_and_nothing_is_left_behind(tmp_path: Path) -> None:
    found = machine.disk(tmp_path / "a" / "b")
    assert found.error == ""
    assert found.folder == str(tmp_path / "a" / "b")
    assert found.free_bytes > 0
    assert found.sync_s > 0
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cant_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert machine.disk(tmp_path / "file").error


def test_the_clocks_of_this_machine_are_sane() -> None:
    found = machine.clocks(0.0)
    assert not found.falls
    assert 0 < found.monotonic_step_s < 0.1
    assert found.wall_s > 1.7e9


def test_packages_that_cant_be_imported_are_named_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, {"broken_build.py": "raise OSError('libfoo.so: cannot open')"})
    monkeypatch.syspath_prepend(str(tmp_path))
    found = machine.missing(("json", "not_there_at_all", "broken_build"))
    assert found == {"not_there_at_all": "No module named 'not_there_at_all'", "broken_build": "libfoo.so: cannot open"}


def test_all_facts_come_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "ask", lambda seconds: Heard(others=int(seconds)))
    facts = machine.look(tmp_path, 4.0)
    assert (facts.platform, facts.heard, facts.missing) == (sys.platform, Heard(others=4), {})
    assert abs(facts.clocks.wall_step_s) < 0.05


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        (
            """print('{"sensors": [{"name": "a", "title": "A", "rssi_dbm": -50}], "others": 2}')""",
            Heard((Near("a", "A", -50),), 2),
        ),
        ("import os; os._exit(3)", Heard(ended="status 3")),
        ("raise KeyError(3)", Heard(ended="status 1", error="KeyError: 3")),
        ("print('[]')", Heard(ended="status 0")),
    ],
)
def test_a_listening_process_answers_or_its_end_is_told(code: str, heard: Heard) -> None:
    assert ask(1.0, [sys.executable, "-c", code]) == heard


@pytest.mark.skipif(sys.platform == "win32", reason="there processes end without signals")
def test_a_listening_process_that_the_system_ends_takes_nobody_with_it() -> None:
    assert ask(1.0, [sys.executable, "-c", "import os; os.abort()"]).ended == "signal 6"


def test_a_listening_process_that_hangs_is_given_up() -> None:
    assert ask(-59.9, [sys.executable, "-c", "input_ = __import__('threading').Event().wait()"]).ended.startswith("no answer")
