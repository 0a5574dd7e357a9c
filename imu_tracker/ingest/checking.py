"""What on a machine keeps this from working, and the mend for each finding: plain facts in, findings out. No I/O.

machine.look(...) -> Facts -> check(facts) -> [Finding]      problem: it won't work; warning: it works, mind this
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from imu_tracker.ingest.facts import Facts, Linux
from imu_tracker.ingest.listening import Near
from imu_tracker.ingest.trouble import MEND, WHAT, Problem

Level = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Limits:
    """From where on something is said. Sources: what a recording needs (15 MB an hour and sensor) and how it is written."""

    least_python: tuple[int, int] = (3, 11)
    least_windows: int = 16299  # the build of 10 1709, the first whose Bluetooth can be used by programs
    disk_full_bytes: int = 100_000_000  # under two hours of four sensors, and what the system itself needs
    disk_low_bytes: int = 1_000_000_000
    slow_sync_s: float = 0.25  # then samples come late by that each time the recording is made safe
    clock_tick_s: float = 0.001  # arrivals are timed by this clock; the times' error should be its own, not the clock's
    wall_step_s: float = 0.05  # in the few seconds of listening: a clock that is set, or runs off by a percent
    oldest_s: float = 1767225600.0  # 2026-01-01: before this project was made
    weak_dbm: int = -85  # connections break from about -95
    battery_percent: float = 15.0
    battery_v: float = 3.5  # of one lithium cell, as the reference firmware has it


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: a sentence, and for warnings and problems what to do about it on this machine."""

    check: str
    level: Level
    said: str
    mend: str = ""


def check(facts: Facts, limits: Limits = Limits()) -> list[Finding]:
    """All findings, in the order in which a person would mend them."""
    return [
        *_python(facts, limits),
        *_bluetooth(facts, limits),
        *_sensors(facts, limits),
        *_disk(facts, limits),
        *_clocks(facts, limits),
        *_power(facts),
    ]


def works(findings: list[Finding]) -> bool:
    """Whether nothing that was found keeps it from working."""
    return all(finding.level != "problem" for finding in findings)


def _python(facts: Facts, limits: Limits) -> Iterator[Finding]:
    version = ".".join(map(str, facts.python))
    if facts.python[:2] < limits.least_python:
        least = ".".join(map(str, limits.least_python))
        yield Finding(
            "Python", "problem", f"Python {version} is too old.", f"Install Python {least} or newer, and imu-tracker in it."
        )
    elif not facts.missing:
        yield Finding("Python", "ok", f"Python {version} has all the packages that are needed.")
    for name, error in facts.missing.items():
        said = f"The package {name} can't be used ({error.rstrip('.')})."
        yield Finding("Python", "problem", said, _install(facts, name))


def _install(facts: Facts, package: str) -> str:
    again = f"`python -m pip install --force-reinstall {package}`"
    if package != "vqf" or _has_wheel(facts):
        return f"Install it again: {again}."
    compiler = {
        "linux": "`sudo apt install g++ python3-dev` or the like",
        "darwin": "`xcode-select --install`",
        "win32": "the Build Tools for Visual Studio, with C++",
    }.get(facts.platform, "a C++ compiler")
    return f"It isn't ready-made for this Python and machine and needs a compiler: {compiler}, then {again}. Or use Python 3.13."


def _has_wheel(facts: Facts) -> bool:
    """Whether vqf comes ready-made, as of its version 2.1."""
    machine = facts.machine.lower()
    there = machine == "arm64" if facts.platform == "darwin" else machine in ("x86_64", "amd64")
    return there and (3, 11) <= facts.python[:2] <= (3, 13)


def _bluetooth(facts: Facts, limits: Limits) -> Iterator[Finding]:
    if facts.platform == "win32" and facts.release[2:] and facts.release[2] < limits.least_windows:
        said = f"Bluetooth sensors need Windows 10, version 1709, or later; this is build {facts.release[2]}."
        yield Finding("Bluetooth", "problem", said, "Run Windows Update.")
        return
    if facts.platform == "linux":
        if "bleak" not in facts.missing:
            yield from _linux(facts)
        return
    yield from _radio(facts)


def _radio(facts: Facts) -> Iterator[Finding]:
    """What the attempt to listen says of adapter, power and permission."""
    heard = facts.heard
    if "bleak" in facts.missing:
        return
    if heard.problem is not None:
        yield _trouble(facts, Problem(heard.problem))
    elif heard.ended.startswith("signal") and facts.platform == "darwin":
        said = "The system ended the program that asked for Bluetooth: this terminal isn't allowed to use it."
        mend = "Add the terminal with + under System Settings > Privacy & Security > Bluetooth, then start the terminal anew."
        yield Finding("Bluetooth", "problem", said, mend)
    elif heard.ended:
        error = f": {heard.error.rstrip('.')}" if heard.error else ""
        mend = "Switch Bluetooth off and on, or start the computer anew, and try again."
        yield Finding("Bluetooth", "problem", f"Asking for Bluetooth ended without an answer ({heard.ended}{error}).", mend)
    else:
        yield Finding("Bluetooth", "ok", "There is an adapter, it is on, and this program may use it.")


def _trouble(facts: Facts, problem: Problem, mend: str = "") -> Finding:
    said = WHAT[problem].format(subject="Bluetooth", error=facts.heard.error.rstrip("."))
    mends = MEND[problem]
    return Finding("Bluetooth", "problem", said, mend or mends.get(facts.platform, mends[""]))


def _linux(facts: Facts) -> Iterator[Finding]:
    """D-Bus, BlueZ's service, adapter, switch, permission: each asked for only where what comes before it is there."""
    heard, linux = facts.heard, facts.linux
    if heard.bluez is not None:
        yield Finding("D-Bus", "ok", "The system's D-Bus answers.")
    if heard.problem is None:
        yield from _radio(facts)
        return
    problem = Problem(heard.problem)
    elsewhere = {
        "container": "A container has no Bluetooth of its own: run this on the host, or mount the host's /run/dbus into it.",
        "WSL": "WSL has no Bluetooth: install and run this in Windows itself.",
        "": "",
    }[linux.inside]
    if problem is Problem.NO_DBUS:
        start = "Start it with `sudo systemctl start dbus`." if linux.systemd else "Start it with `sudo service dbus start`."
        yield Finding("D-Bus", "problem", WHAT[problem], elsewhere or start)
        if not linux.bluetoothd and not elsewhere:
            yield Finding("Bluetooth", "problem", "BlueZ, Linux's Bluetooth, isn't installed.", _INSTALL_BLUEZ)
        if not linux.adapters and not elsewhere:
            yield _trouble(facts, Problem.NO_ADAPTER)
        return
    if "bluez >=" in heard.error.lower():
        yield Finding(
            "Bluetooth", "problem", f"BlueZ is too old ({heard.error.rstrip('.')}).", "Update BlueZ, or the whole system."
        )
    elif problem is Problem.NO_PERMISSION:
        yield _trouble(facts, problem, _permission(linux))
    elif heard.bluez is False and linux.adapters:
        yield Finding("Bluetooth", "problem", "BlueZ's service, bluetoothd, isn't running.", elsewhere or _start_bluez(linux))
    elif problem in (Problem.NO_ADAPTER, Problem.ADAPTER_OFF) and linux.blocked:
        by = "a switch or key of this computer" if linux.blocked == "hard" else "software (rfkill)"
        mend = "Find the switch, or the key with an aerial." if linux.blocked == "hard" else "`rfkill unblock bluetooth`"
        yield Finding("Bluetooth", "problem", f"Bluetooth is switched off by {by}.", mend)
    elif problem is Problem.NO_ADAPTER:
        yield _trouble(facts, problem, elsewhere)
        if not linux.bluetoothd and not elsewhere:
            yield Finding("Bluetooth", "problem", "BlueZ, Linux's Bluetooth, isn't installed.", _INSTALL_BLUEZ)
    else:
        yield _trouble(facts, problem)


_INSTALL_BLUEZ = "Install it: `sudo apt install bluez`, `sudo dnf install bluez` or the like."


def _start_bluez(linux: Linux) -> str:
    if not linux.bluetoothd:
        return _INSTALL_BLUEZ
    return f"Start it with `sudo {'systemctl enable --now bluetooth' if linux.systemd else 'service bluetooth start'}`."


def _permission(linux: Linux) -> str:
    if linux.group == "listed":
        return "You are in the group `bluetooth`, but not since this login: log out and in again."
    if linux.group == "out":
        return ""  # the usual mend: into the group
    who = "There is no group `bluetooth` here" if linux.group == "none" else "You are in the group `bluetooth`"
    return f"{who}, so it is D-Bus' policy or polkit: see /etc/dbus-1/system.d/bluetooth.conf, or log in at the machine itself."


def _sensors(facts: Facts, limits: Limits) -> Iterator[Finding]:
    heard = facts.heard
    if heard.problem is not None or heard.ended or "bleak" in facts.missing:
        return  # nobody could listen, as has been said
    for near in heard.sensors:
        yield _sensor(near, limits)
    if not heard.sensors:
        others = f", though {heard.others} other device{'s were' if heard.others > 1 else ' was'}" if heard.others else ""
        mend = (
            "Switch the sensor on, bring it within a metre or two, and disconnect it from phones: one that is taken isn't heard."
        )
        yield Finding("sensors", "warning", f"No known sensor was heard{others}.", mend)


def _sensor(near: Near, limits: Limits) -> Finding:
    percent, volts = near.battery_percent, near.battery_v
    battery = f", battery {percent:.0f} %" if percent is not None else "" if volts is None else f", battery {volts:.2f} V"
    said = f"{near.name} ({near.title}) was heard at {near.rssi_dbm} dBm{battery}"
    if near.trouble:
        return Finding("sensors", "warning", f"{said}, but: {near.trouble}", near.mend)
    if (percent is not None and percent < limits.battery_percent) or (volts is not None and volts < limits.battery_v):
        return Finding("sensors", "warning", f"{said}.", "Charge it before a longer session.")
    if near.rssi_dbm < limits.weak_dbm:
        return Finding("sensors", "warning", f"{said}, which is weak.", "Bring it nearer, with nothing metal or wet in between.")
    return Finding("sensors", "ok", f"{said}.")


def _disk(facts: Facts, limits: Limits) -> Iterator[Finding]:
    disk = facts.disk
    if disk is None:
        return
    free = f"{disk.free_bytes / 1e9:.1f} GB free" if disk.free_bytes >= 1e8 else f"{disk.free_bytes / 1e6:.0f} MB free"
    elsewhere = "choose another folder with `--store FOLDER`"
    if disk.error:
        yield Finding(
            "disk",
            "problem",
            f"Nothing can be written in {disk.folder} ({disk.error.rstrip('.')}).",
            f"Make it writable for you, or {elsewhere}.",
        )
    elif disk.free_bytes < limits.disk_full_bytes:
        yield Finding("disk", "problem", f"The disk of {disk.folder} is full: {free}.", f"Make room, or {elsewhere}.")
    elif disk.sync_s > limits.slow_sync_s:
        said = f"The disk of {disk.folder} takes {disk.sync_s:.1f} s to make sure of what was written; {free}."
        yield Finding(
            "disk", "warning", said, f"Where samples come late or connections break, {elsewhere}: on this computer's own disk."
        )
    elif disk.free_bytes < limits.disk_low_bytes:
        yield Finding("disk", "warning", f"The disk of {disk.folder} is nearly full: {free}.", f"Make room, or {elsewhere}.")
    else:
        said = f"The folder {disk.folder} can be written: {free}, {1000 * disk.sync_s:.0f} ms to make sure of what was written."
        yield Finding("disk", "ok", said)


def _clocks(facts: Facts, limits: Limits) -> Iterator[Finding]:
    clocks = facts.clocks
    anew = "Start the computer anew; in a virtual machine, check how it keeps time."
    if clocks.falls:
        yield Finding("clock", "problem", "The clock that times samples went back.", anew)
        return
    if clocks.monotonic_step_s > limits.clock_tick_s:
        said = f"The clock that times samples has steps of {1000 * clocks.monotonic_step_s:.0f} ms."
        yield Finding("clock", "warning", said, "Times are off by as much where a sensor sends none; nothing else is.")
    set_it = _time_server(facts)
    safe = "Samples' times don't depend on it; names and dates of sessions do"
    if clocks.wall_s < limits.oldest_s:
        yield Finding("clock", "warning", "The date is years back.", f"{safe}: {set_it}.")
    elif abs(clocks.wall_step_s) > limits.wall_step_s:
        said = f"The wall clock was moved by {1000 * clocks.wall_step_s:+.0f} ms while listening."
        yield Finding("clock", "warning", said, f"{safe}: wait until it is set.")
    elif clocks.synchronised is False:
        said = "The wall clock isn't held by a time server, so it may be off, and may jump when one is reached."
        yield Finding("clock", "warning", said, f"{safe}: {set_it}.")
    else:
        yield Finding(
            "clock", "ok", f"The clock that times samples has steps of {_short(clocks.monotonic_step_s)} and only rises."
        )


def _time_server(facts: Facts) -> str:
    linux = facts.linux
    if facts.platform == "linux" and linux.inside:
        return "the host sets it"
    return {
        "linux": "`sudo timedatectl set-ntp true`" if linux.systemd else "install chrony or another time service",
        "darwin": "System Settings > General > Date & Time: set it automatically",
        "win32": "Settings > Time & language > Date & time: set it automatically, and sync now",
    }.get(facts.platform, "set it by a time server")


def _short(seconds: float) -> str:
    return f"{1e6 * seconds:.1f} µs" if seconds >= 1e-7 else "under 0.1 µs"


def _power(facts: Facts) -> Iterator[Finding]:
    if facts.on_battery:
        awake = {
            "linux": "`systemd-inhibit imu-tracker record ...` keeps it awake",
            "darwin": "`caffeinate -i imu-tracker record ...` keeps it awake",
            "win32": "set Sleep to Never under Settings > System > Power",
        }.get(facts.platform, "switch its sleep off")
        said = "This computer runs on its battery and may fall asleep in a long recording."
        yield Finding("power", "warning", said, f"Plug it in, or {awake}.")
