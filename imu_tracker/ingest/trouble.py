"""Why Bluetooth doesn't work, in a person's words, with what to do about it on this platform.

bleak's own errors differ by platform and version, some aren't bleak's at all (no D-Bus socket: FileNotFoundError), so all of
them are told apart here, in one place, by type first and by the platform's own words where the type says nothing. bleak is
imported when its first error is looked at: `doctor` has these words also where bleak itself is missing.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from imu_tracker.errors import BluetoothError


class Problem(StrEnum):
    """What can be wrong between a person and a sensor's samples."""

    NO_ADAPTER = "no adapter"
    ADAPTER_OFF = "adapter off"
    NO_PERMISSION = "no permission"
    NO_DBUS = "no D-Bus"
    NOT_FOUND = "not found"
    TAKEN = "taken"
    PAIRING_REFUSED = "pairing refused"
    OTHER_KIND = "other kind"
    FAILED = "failed"


WHAT = {
    Problem.NO_ADAPTER: "This computer has no Bluetooth LE adapter that can be used.",
    Problem.ADAPTER_OFF: "Bluetooth is switched off.",
    Problem.NO_PERMISSION: "This program isn't allowed to use Bluetooth.",
    Problem.NO_DBUS: "The system's D-Bus, by which Bluetooth is reached on Linux, isn't there.",
    Problem.NOT_FOUND: "{subject} wasn't heard.",
    Problem.TAKEN: "{subject} is already taken by another program or device.",
    Problem.PAIRING_REFUSED: "{subject} wants to be paired, and the pairing was refused.",
    Problem.OTHER_KIND: "{subject} doesn't have what this kind of sensor has.",
    Problem.FAILED: "{subject} can't be used ({error}).",
}

# By platform as sys.platform names it; "" is for all others and where the platform makes no difference.
MEND: dict[Problem, dict[str, str]] = {
    Problem.NO_ADAPTER: {
        "linux": "Plug in a Bluetooth adapter of 4.0 or later; `bluetoothctl list` must show it. In a virtual machine or"
        " container, hand the adapter through.",
        "darwin": "Plug in a Bluetooth adapter of 4.0 or later, or use another Mac.",
        "win32": "Plug in a Bluetooth adapter of 4.0 or later; the Device Manager must show it under Bluetooth.",
        "": "Plug in a Bluetooth adapter of 4.0 or later.",
    },
    Problem.ADAPTER_OFF: {
        "linux": "Switch it on with `bluetoothctl power on`; if that is refused, `rfkill unblock bluetooth` first.",
        "darwin": "Switch it on in the Control Centre or under System Settings > Bluetooth.",
        "win32": "Switch it on under Settings > Bluetooth & devices, and make sure that flight mode is off.",
        "": "Switch it on in the system's settings.",
    },
    Problem.NO_PERMISSION: {
        "linux": "Add yourself to the group `bluetooth` (`sudo usermod -aG bluetooth $USER`), then log out and in again.",
        "darwin": "Allow the terminal under System Settings > Privacy & Security > Bluetooth, then start it anew.",
        "win32": "Allow it under Settings > Privacy & security > Radios, for desktop apps too.",
        "": "Allow it in the system's settings.",
    },
    Problem.NO_DBUS: {"": "Start it with `sudo systemctl start dbus bluetooth`; in a container, mount /run/dbus from the host."},
    Problem.NOT_FOUND: {
        "darwin": "Switch it on, bring it within a few metres and disconnect it from phones; know it by its name: macOS shows"
        " other addresses than the sensor's own. `imu-tracker scan` lists what is near.",
        "": "Switch it on, bring it within a few metres and disconnect it from phones and other programs: a sensor that is taken"
        " can't be heard. `imu-tracker scan` lists what is near.",
    },
    Problem.TAKEN: {
        "linux": "Close the other program or the phone's app, or free it with `bluetoothctl disconnect`, and try again.",
        "": "Close the other program or the phone's app, and try again.",
    },
    Problem.PAIRING_REFUSED: {
        "linux": "Remove it with `bluetoothctl remove ADDRESS`, pair it with `bluetoothctl pair ADDRESS`, and try again.",
        "darwin": "Remove it under System Settings > Bluetooth, try again and accept the question that appears.",
        "win32": "Remove it under Settings > Bluetooth & devices, add it again there, and try again.",
        "": "Remove it in the system's Bluetooth settings, pair it there, and try again.",
    },
    Problem.OTHER_KIND: {
        "linux": "If it is the right one, the system remembers an older state of it: `bluetoothctl remove ADDRESS`, and"
        " try again.",
        "": "If it is the right one, remove it in the system's Bluetooth settings, and try again.",
    },
    Problem.FAILED: {"": "Bring it nearer, switch it off and on, and try again."},
}

# Pieces of the platforms' own words, lower case, where the type of the error says nothing.
WORDS: tuple[tuple[Problem, tuple[str, ...]], ...] = (
    (
        Problem.PAIRING_REFUSED,
        ("authentication", "could not pair", "trying to pair", "insufficient encryption", "pairing", "notpaired"),
    ),
    (Problem.NO_PERMISSION, ("accessdenied", "access denied", "not authorized", "notauthorized", "notpermitted", "denied")),
    (Problem.ADAPTER_OFF, ("notready", "not ready", "powered", "turned off")),
    (Problem.NO_ADAPTER, ("no bluetooth adapter", "serviceunknown", "namehasnoowner", "adapter '", "bluez >=", "unsupported")),
    (Problem.TAKEN, ("alreadyconnected", "already connected", "inprogress", "in progress", "busy", "limit exceeded")),
)

# Names of bleak's reasons (bleak >= 2; before, the words tell).
REASONS = {
    "NO_BLUETOOTH": Problem.NO_ADAPTER,
    "NO_BLE_CENTRAL_ROLE": Problem.NO_ADAPTER,
    "POWERED_OFF": Problem.ADAPTER_OFF,
    "DENIED_BY_USER": Problem.NO_PERMISSION,
    "DENIED_BY_SYSTEM": Problem.NO_PERMISSION,
    "DENIED_BY_UNKNOWN": Problem.NO_PERMISSION,
}


@contextmanager
def not_cancelled() -> Iterator[None]:
    """Makes a plain error of a cancellation that nobody asked for.

    Backends cancel their own futures when a connection ends under them; taken for ours, that would end the link without a word.
    """
    try:
        yield
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        from bleak.exc import BleakError

        raise BleakError("the connection ended meanwhile") from error


def problem(error: BaseException) -> Problem:
    """What an error of bleak or of the platform under it comes down to."""
    from bleak.exc import BleakCharacteristicNotFoundError, BleakDeviceNotFoundError, BleakError

    reason = REASONS.get(getattr(getattr(error, "reason", None), "name", ""))
    if reason is not None:
        return reason
    if isinstance(error, BleakDeviceNotFoundError):
        return Problem.NOT_FOUND
    if isinstance(error, BleakCharacteristicNotFoundError):
        return Problem.OTHER_KIND
    if isinstance(error, PermissionError):
        return Problem.NO_PERMISSION
    if isinstance(error, FileNotFoundError | ConnectionRefusedError) and not isinstance(error, BleakError):
        return Problem.NO_DBUS
    words = " ".join(str(arg) for arg in (*error.args, error)).lower()
    return next((found for found, pieces in WORDS if any(piece in words for piece in pieces)), Problem.FAILED)


def trouble(what: Problem, sensor: str = "", error: str = "", platform: str = sys.platform) -> BluetoothError:
    """The error to raise for a problem with the sensor of this name, or with Bluetooth as such where it has none."""
    said = WHAT[what].format(subject=f"The sensor {sensor}" if sensor else "Bluetooth", error=error)
    mends = MEND[what]
    return BluetoothError(what, said, mends.get(platform, mends[""]))


def explain(error: BaseException, sensor: str = "", platform: str = sys.platform) -> BluetoothError:
    """The same for an error that bleak raised; a BluetoothError stays as it is."""
    if isinstance(error, BluetoothError):
        return error
    said = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    return trouble(problem(error), sensor, said, platform)
