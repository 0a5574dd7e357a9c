"""The facts of this machine that `checking` judges. Looks, writes one small file for a moment, listens; changes nothing."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Literal

from imu_tracker.ingest.facts import Clocks, Disk, Facts, Linux
from imu_tracker.ingest.listening import ask

PACKAGES = ("bleak", "numpy", "pyarrow", "vqf")  # what recording and analysing can't do without
SYNC_BYTES, SYNCS = 65536, 5  # more than a second of four sensors
BLUETOOTHD = ("/usr/libexec/bluetooth/bluetoothd", "/usr/lib/bluetooth/bluetoothd", "/usr/sbin/bluetoothd")
TIME_ERROR = 5  # adjtimex's answer where no time server holds the clock


def look(store: Path | None, listen_s: float) -> Facts:
    """All facts, listening for so many seconds; `store`: the folder for recordings, which needn't be there yet."""
    wall, steady = time.time(), time.monotonic()
    heard = ask(listen_s)
    wall_step_s = (time.time() - wall) - (time.monotonic() - steady)
    return Facts(
        platform=sys.platform,
        disk=None if store is None else disk(store),
        heard=heard,
        python=sys.version_info[:3],
        machine=platform.machine(),
        release=_release(),
        missing=missing(PACKAGES),
        linux=linux() if sys.platform == "linux" else Linux(),
        clocks=clocks(wall_step_s),
        on_battery=on_battery(),
    )


def missing(packages: tuple[str, ...]) -> dict[str, str]:
    """Those that can't be imported, and why."""
    out = {}
    for name in packages:
        try:
            import_module(name)
        except Exception as error:  # a broken build may fail in any way
            out[name] = " ".join(str(error).split()) or type(error).__name__
    return out


def disk(store: Path) -> Disk:
    """Room, and the longest of a few writes, in the folder or the nearest one above it that is there."""
    folder = store.expanduser().absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    slowest = 0.0
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=".imu-tracker-") as file:
            for _ in range(SYNCS):
                began = time.perf_counter()
                file.write(bytes(SYNC_BYTES))
                file.flush()
                os.fsync(file.fileno())
                slowest = max(slowest, time.perf_counter() - began)
        return Disk(str(store), shutil.disk_usage(folder).free, slowest)
    except OSError as error:
        return Disk(str(store), error=error.strerror or str(error))


def clocks(wall_step_s: float) -> Clocks:
    """Both clocks now; `wall_step_s` was seen before."""
    last, step, falls = time.monotonic(), float("inf"), False
    steps, until = 0, time.perf_counter() + 0.2
    while steps < 2000 and time.perf_counter() < until:
        now = time.monotonic()
        if now != last:
            step, falls, steps, last = min(step, abs(now - last)), falls or now < last, steps + 1, now
    return Clocks(min(step, 1.0), falls, time.time(), wall_step_s, _synchronised())


def _synchronised() -> bool | None:
    if sys.platform != "linux":
        return None
    with suppress(OSError, AttributeError):
        import ctypes

        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))  # no mode set: it only reads
        return state != TIME_ERROR if state >= 0 else None
    return None


def _release() -> tuple[int, ...]:
    if sys.platform == "win32":
        return tuple(sys.getwindowsversion()[:3])
    return tuple(int(part) for part in platform.mac_ver()[0].split(".") if part.isdigit())


def linux(root: Path = Path("/")) -> Linux:
    """What the kernel and the system's files say; `root` is where they hang."""
    adapters = root / "sys/class/bluetooth"
    return Linux(
        systemd=(root / "run/systemd/system").exists(),
        bluetoothd=any((root / path.lstrip("/")).exists() for path in BLUETOOTHD),
        adapters=tuple(sorted(one.name for one in adapters.glob("hci*") if ":" not in one.name)),
        blocked=_blocked(root / "sys/class/rfkill"),
        group=_group(),
        inside=_inside(root),
    )


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text(errors="replace").strip()
    return ""


def _blocked(folder: Path) -> Literal["", "soft", "hard"]:
    switches = [one for one in folder.glob("rfkill*") if _text(one / "type") == "bluetooth"]
    if any(_text(one / "hard") == "1" for one in switches):
        return "hard"
    return "soft" if any(_text(one / "soft") == "1" for one in switches) else ""


def _group() -> Literal["in", "listed", "out", "none"]:
    if sys.platform == "win32":
        return "none"
    import grp
    import pwd

    try:
        group = grp.getgrnam("bluetooth")
    except KeyError:
        return "none"
    if os.geteuid() == 0 or group.gr_gid in os.getgroups():
        return "in"
    with suppress(KeyError):
        if pwd.getpwuid(os.getuid()).pw_name in group.gr_mem:
            return "listed"
    return "out"


def _inside(root: Path) -> Literal["", "container", "WSL"]:
    if "microsoft" in _text(root / "proc/sys/kernel/osrelease").lower():
        return "WSL"
    marks = (root / ".dockerenv", root / "run/.containerenv", root / "run/systemd/container")
    return "container" if any(mark.exists() for mark in marks) else ""


def on_battery(root: Path = Path("/")) -> bool | None:
    """Whether a battery drives this computer now, None where that isn't known or it has none."""
    with suppress(OSError, AttributeError, subprocess.SubprocessError):
        if sys.platform == "win32":
            import ctypes

            status = ctypes.create_string_buffer(12)
            asked = ctypes.windll.kernel32.GetSystemPowerStatus(status)
            return status.raw[0] == 0 if asked and status.raw[0] in (0, 1) else None
        if sys.platform == "darwin":
            words = ["pmset", "-g", "batt"]
            told = subprocess.run(words, capture_output=True, text=True, timeout=5, check=True).stdout
            return "'Battery Power'" in told
    supplies = {_text(one / "type"): _text(one / "online") for one in (root / "sys/class/power_supply").glob("*")}
    return None if "Mains" not in supplies else supplies["Mains"] == "0"
