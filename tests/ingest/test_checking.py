"""What is said of a machine, and the mend for that very machine: facts made up, no machine looked at."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from imu_tracker.ingest.checking import Finding, Limits, check, works
from imu_tracker.ingest.facts import Clocks, Disk, Facts, Linux
from imu_tracker.ingest.listening import Heard, Near
from imu_tracker.ingest.trouble import Problem

HIP = Near("hip", "imu-tracker's own profile", -55, 80.0)
WELL = Facts(
    "linux",
    Disk("/home/a/imu-tracker"),
    Heard((HIP,), 3, bluez=True),
    linux=Linux(),
    release=(),
    on_battery=False,
    machine="x86_64",
)
MAC = replace(WELL, platform="darwin", release=(14, 5), machine="arm64", heard=Heard((HIP,)))
WINDOWS = replace(WELL, platform="win32", release=(10, 0, 22631), machine="AMD64", heard=Heard((HIP,)))


def deaf(problem: Problem, error: str = "", bluez: bool | None = True) -> Heard:
    return Heard(problem=problem.value, error=error, bluez=bluez)


def bad(facts: Facts) -> list[Finding]:
    return [finding for finding in check(facts) if finding.level != "ok"]


def only(facts: Facts) -> Finding:
    """The one finding that isn't ok."""
    (finding,) = bad(facts)
    return finding


@pytest.mark.parametrize("facts", [WELL, MAC, WINDOWS], ids=lambda facts: facts.platform)
def test_a_machine_on_which_all_is_well_has_nothing_to_mend(facts: Facts) -> None:
    findings = check(facts)
    assert bad(facts) == []
    assert works(findings)
    assert {"Python", "Bluetooth", "sensors", "disk", "clock"} <= {finding.check for finding in findings}
    assert "hip (imu-tracker's own profile) was heard at -55 dBm, battery 80 %." in [finding.said for finding in findings]


BLUETOOTH = {
    "no adapter": (
        replace(WELL, heard=deaf(Problem.NO_ADAPTER), linux=Linux(adapters=())),
        "no Bluetooth LE",
        "bluetoothctl list",
    ),
    "off": (replace(WELL, heard=deaf(Problem.ADAPTER_OFF)), "switched off.", "bluetoothctl power on"),
    "off by software": (
        replace(WELL, heard=deaf(Problem.ADAPTER_OFF), linux=Linux(blocked="soft")),
        "off by software",
        "`rfkill unblock bluetooth`",
    ),
    "off by a switch": (replace(WELL, heard=deaf(Problem.ADAPTER_OFF), linux=Linux(blocked="hard")), "a switch or key", "aerial"),
    "service not running": (
        replace(WELL, heard=deaf(Problem.NO_ADAPTER, bluez=False)),
        "bluetoothd, isn't running",
        "systemctl enable --now bluetooth",
    ),
    "service not running, without systemd": (
        replace(WELL, heard=deaf(Problem.NO_ADAPTER, bluez=False), linux=Linux(systemd=False)),
        "bluetoothd, isn't running",
        "`sudo service bluetooth start`",
    ),
    "service not installed": (
        replace(WELL, heard=deaf(Problem.NO_ADAPTER, bluez=False), linux=Linux(bluetoothd=False)),
        "isn't running",
        "apt install bluez",
    ),
    "BlueZ of long ago": (
        replace(WELL, heard=deaf(Problem.NO_ADAPTER, "Bleak requires BlueZ >= 5.55.")),
        "BlueZ is too old",
        "Update BlueZ",
    ),
    "not in the group": (
        replace(WELL, heard=deaf(Problem.NO_PERMISSION), linux=Linux(group="out")),
        "isn't allowed",
        "usermod -aG",
    ),
    "in the group since today": (
        replace(WELL, heard=deaf(Problem.NO_PERMISSION), linux=Linux(group="listed")),
        "isn't allowed",
        "log out and in",
    ),
    "in the group, refused": (replace(WELL, heard=deaf(Problem.NO_PERMISSION)), "isn't allowed", "You are in the group"),
    "no such group": (replace(WELL, heard=deaf(Problem.NO_PERMISSION), linux=Linux(group="none")), "isn't allowed", "polkit"),
    "in a container": (
        replace(WELL, heard=deaf(Problem.NO_DBUS), linux=Linux(inside="container")),
        "D-Bus",
        "the host's /run/dbus",
    ),
    "in WSL": (
        replace(WELL, heard=deaf(Problem.NO_ADAPTER), linux=Linux(inside="WSL", adapters=())),
        "no Bluetooth LE",
        "Windows itself",
    ),
    "no D-Bus": (replace(WELL, heard=deaf(Problem.NO_DBUS, bluez=None)), "D-Bus", "systemctl start dbus"),
    "something else": (replace(WELL, heard=deaf(Problem.FAILED, "the moon.")), "can't be used (the moon).", "try again"),
    "no answer": (replace(WELL, heard=Heard(ended="no answer in 65 s")), "no answer in 65 s", "anew"),
    "Mac, off": (replace(MAC, heard=deaf(Problem.ADAPTER_OFF)), "switched off", "Control Centre"),
    "Mac, refused": (replace(MAC, heard=deaf(Problem.NO_PERMISSION)), "isn't allowed", "Privacy & Security > Bluetooth"),
    "Mac, ended by the system": (
        replace(MAC, heard=Heard(ended="signal 6")),
        "this terminal isn't allowed",
        "Add the terminal with +",
    ),
    "Mac, ended otherwise": (replace(MAC, heard=Heard(ended="status 1", error="KeyError: 3")), "(status 1: KeyError: 3)", "anew"),
    "Windows, off": (replace(WINDOWS, heard=deaf(Problem.ADAPTER_OFF)), "switched off", "flight mode"),
    "Windows, refused": (replace(WINDOWS, heard=deaf(Problem.NO_PERMISSION)), "isn't allowed", "> Radios"),
    "Windows, none": (replace(WINDOWS, heard=deaf(Problem.NO_ADAPTER)), "no Bluetooth LE", "Device Manager"),
    "Windows of long ago": (replace(WINDOWS, release=(10, 0, 15063)), "this is build 15063", "Windows Update"),
}


@pytest.mark.parametrize(("facts", "said", "mend"), BLUETOOTH.values(), ids=BLUETOOTH.keys())
def test_what_is_wrong_with_bluetooth_is_told_with_this_systems_mend(facts: Facts, said: str, mend: str) -> None:
    finding = only(replace(facts, heard=replace(facts.heard, sensors=facts.heard.sensors)))
    assert finding.level == "problem"
    assert said in finding.said
    assert mend in finding.mend
    assert not works(check(facts))
    if facts.heard.problem or facts.heard.ended:
        assert "sensors" not in {f.check for f in check(facts)}, "nobody listened"


def test_a_linux_with_nothing_of_bluetooth_is_told_all_that_it_lacks() -> None:
    bare = Linux(systemd=False, bluetoothd=False, adapters=(), group="none")
    found = bad(replace(WELL, heard=deaf(Problem.NO_DBUS, bluez=None), linux=bare))
    assert [f.check for f in found] == ["D-Bus", "Bluetooth", "Bluetooth"]
    assert ["service dbus start" in found[0].mend, "apt install bluez" in found[1].mend, "Plug in" in found[2].mend] == [True] * 3


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (Heard(), "No known sensor was heard."),
        (Heard(others=1), "though 1 other device was."),
        (Heard(others=7), "though 7 other devices were."),
        (Heard((replace(HIP, rssi_dbm=-90),)), "-90 dBm, battery 80 %, which is weak."),
        (Heard((replace(HIP, battery_percent=9.0),)), "battery 9 %."),
        (Heard((replace(HIP, battery_percent=None, battery_v=3.4),)), "battery 3.40 V."),
        (
            Heard((replace(HIP, trouble="The sensor hip is taken.", mend="Close the other program."),)),
            "but: The sensor hip is taken.",
        ),
    ],
)
def test_what_is_odd_about_sensors_is_a_warning(heard: Heard, said: str) -> None:
    finding = only(replace(WELL, heard=heard))
    assert finding.level == "warning"
    assert said in finding.said
    assert finding.mend
    assert works(check(replace(WELL, heard=heard)))


@pytest.mark.parametrize(
    ("disk", "level", "said"),
    [
        (Disk("/x", error="Permission denied"), "problem", "Nothing can be written in /x (Permission denied)."),
        (Disk("/x", free_bytes=20_000_000), "problem", "is full: 20 MB free"),
        (Disk("/x", free_bytes=400_000_000), "warning", "nearly full: 0.4 GB free"),
        (Disk("/x", sync_s=1.2), "warning", "takes 1.2 s to make sure"),
    ],
)
def test_a_disk_that_is_full_or_slow_or_locked_is_told(disk: Disk, level: str, said: str) -> None:
    finding = only(replace(WELL, disk=disk))
    assert (finding.check, finding.level) == ("disk", level)
    assert said in finding.said
    assert "--store" in finding.mend


@pytest.mark.parametrize(
    ("clocks", "level", "said"),
    [
        (Clocks(falls=True), "problem", "went back"),
        (Clocks(monotonic_step_s=0.0156), "warning", "steps of 16 ms"),
        (Clocks(wall_s=0.0), "warning", "years back"),
        (Clocks(wall_step_s=-0.3), "warning", "moved by -300 ms"),
        (Clocks(synchronised=False), "warning", "may jump"),
    ],
)
def test_clocks_that_cant_be_relied_on_are_told(clocks: Clocks, level: str, said: str) -> None:
    finding = bad(replace(WELL, clocks=clocks))[0]
    assert (finding.check, finding.level) == ("clock", level)
    assert said in finding.said


@pytest.mark.parametrize(
    ("facts", "mend"),
    [
        (WELL, "timedatectl"),
        (replace(WELL, linux=Linux(systemd=False)), "chrony"),
        (replace(WELL, linux=Linux(inside="container")), "the host sets it"),
        (MAC, "Date & Time"),
        (WINDOWS, "sync now"),
    ],
)
def test_the_clock_is_set_by_each_systems_own_means(facts: Facts, mend: str) -> None:
    assert mend in only(replace(facts, clocks=Clocks(synchronised=False))).mend


def test_a_clock_of_which_nothing_is_known_is_not_complained_of() -> None:
    assert bad(replace(WINDOWS, clocks=Clocks(synchronised=None))) == []


@pytest.mark.parametrize(
    ("facts", "python", "mend"),
    [
        (WELL, (3, 12, 1), "Install it again"),
        (WELL, (3, 14, 0), "apt install g++"),
        (replace(WELL, machine="aarch64"), (3, 12, 1), "apt install g++"),
        (MAC, (3, 13, 0), "Install it again"),
        (replace(MAC, machine="x86_64"), (3, 13, 0), "xcode-select"),
        (WINDOWS, (3, 14, 0), "Build Tools"),
    ],
)
def test_vqf_is_mended_as_it_comes_for_this_python_and_machine(facts: Facts, python: tuple[int, int, int], mend: str) -> None:
    finding = only(replace(facts, python=python, missing={"vqf": "No module named 'vqf'"}))
    assert finding.said == "The package vqf can't be used (No module named 'vqf')."
    assert mend in finding.mend


def test_without_bleak_only_that_is_told_and_not_what_it_would_have_found() -> None:
    facts = replace(WELL, missing={"bleak": "No module named 'bleak'"}, heard=Heard(ended="status 1"))
    assert only(facts).said.startswith("The package bleak")


def test_a_python_that_is_too_old_is_told() -> None:
    assert "3.11 or newer" in only(replace(WELL, python=(3, 10, 4))).mend


@pytest.mark.parametrize(("facts", "mend"), [(WELL, "systemd-inhibit"), (MAC, "caffeinate"), (WINDOWS, "Sleep to Never")])
def test_a_computer_on_its_battery_may_fall_asleep(facts: Facts, mend: str) -> None:
    finding = only(replace(facts, on_battery=True))
    assert (finding.check, finding.level) == ("power", "warning")
    assert mend in finding.mend


def test_every_finding_is_a_sentence_and_has_a_mend_where_it_isnt_ok() -> None:
    heards = [
        *(deaf(problem, "x", bluez) for problem in Problem for bluez in (True, False, None)),
        Heard(),
        Heard(ended="signal 9"),
    ]
    linuxes = [
        Linux(systemd, installed, adapters, blocked, group, inside)  # type: ignore[arg-type]
        for systemd, installed, adapters, blocked, group, inside in product(
            (True, False), (True, False), ((), ("hci0",)), ("", "soft"), ("in", "out", "none"), ("", "container", "WSL")
        )
    ]
    for platform, heard in product(("linux", "darwin", "win32", "freebsd14"), heards):
        for linux in linuxes if platform == "linux" else linuxes[:1]:
            facts = replace(WELL, platform=platform, heard=heard, linux=linux, clocks=Clocks(synchronised=False), on_battery=True)
            for finding in check(facts, Limits()):
                assert finding.said[0].isalnum()
                assert finding.said.endswith(".")
                assert "{" not in finding.said + finding.mend
                assert bool(finding.mend) == (finding.level != "ok")
