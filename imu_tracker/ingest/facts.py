"""What `doctor` knows of a machine: gathered by `machine`, judged by `checking`. The defaults are those where all is well."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from imu_tracker.ingest.listening import Heard


@dataclass(frozen=True)
class Linux:
    """Facts of Linux alone.

    systemd: it starts the services. adapters: the kernel's, as hci0. blocked: by rfkill. group: whether this process is in the
    group `bluetooth`; `listed` is a member who hasn't logged in since, `none` a system without that group.
    inside: what this Linux runs in, where that matters.
    """

    systemd: bool = True
    bluetoothd: bool = True  # is installed
    adapters: tuple[str, ...] = ("hci0",)
    blocked: Literal["", "soft", "hard"] = ""
    group: Literal["in", "listed", "out", "none"] = "in"
    inside: Literal["", "container", "WSL"] = ""


@dataclass(frozen=True)
class Disk:
    """The folder that recordings go to, or would. error: why nothing can be written there, empty where it can."""

    folder: str
    free_bytes: int = 10**11
    sync_s: float = 0.005
    error: str = ""


@dataclass(frozen=True)
class Clocks:
    """The monotonic clock, which times samples, and the wall clock, which names sessions.

    monotonic_step_s: the least step that it shows. falls: whether it was seen to go back. wall_s: s since 1970. wall_step_s: by
    how much more than the monotonic clock it went on while listening. synchronised: to a time server; None where it isn't known.
    """

    monotonic_step_s: float = 1e-7
    falls: bool = False
    wall_s: float = 1.8e9
    wall_step_s: float = 0.0
    synchronised: bool | None = True


@dataclass(frozen=True)
class Facts:
    """A machine. platform as sys.platform; release: macOS' version or (10, 0, build) of Windows; missing: package to error.

    disk is None where it wasn't looked at.
    """

    platform: str
    disk: Disk | None
    heard: Heard
    python: tuple[int, int, int] = (3, 12, 0)
    machine: str = "x86_64"
    release: tuple[int, ...] = ()
    missing: dict[str, str] = field(default_factory=dict)
    linux: Linux = Linux()
    clocks: Clocks = Clocks()
    on_battery: bool | None = None
