"""Whatever bleak raises becomes one sentence with what to do about it, on every platform."""

from __future__ import annotations

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakCharacteristicNotFoundError,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)

from imu_tracker.errors import BluetoothError
from imu_tracker.ingest.trouble import MEND, WHAT, Problem, explain, trouble

REASON = BleakBluetoothNotAvailableReason
RAISED: list[tuple[Exception, Problem]] = [
    (BleakBluetoothNotAvailableError("No Bluetooth adapters found.", REASON.NO_BLUETOOTH), Problem.NO_ADAPTER),
    (BleakBluetoothNotAvailableError("No 'central' role found.", REASON.NO_BLE_CENTRAL_ROLE), Problem.NO_ADAPTER),
    (BleakBluetoothNotAvailableError("No powered Bluetooth adapters found.", REASON.POWERED_OFF), Problem.ADAPTER_OFF),
    (BleakBluetoothNotAvailableError("Bluetooth access is denied.", REASON.DENIED_BY_USER), Problem.NO_PERMISSION),
    (BleakBluetoothNotAvailableError("REJECTED EXTERNAL", REASON.DENIED_BY_SYSTEM), Problem.NO_PERMISSION),
    (BleakError("No Bluetooth adapters found."), Problem.NO_ADAPTER),
    (BleakError("adapter 'hci0' not found"), Problem.NO_ADAPTER),
    (BleakError("Bleak requires BlueZ >= 5.55."), Problem.NO_ADAPTER),
    (BleakError("Bluetooth device is turned off"), Problem.ADAPTER_OFF),
    (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), Problem.ADAPTER_OFF),
    (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", ["Rejected send message"]), Problem.NO_PERMISSION),
    (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", ["org.bluez isn't provided"]), Problem.NO_ADAPTER),
    (PermissionError(13, "Permission denied"), Problem.NO_PERMISSION),
    (FileNotFoundError(2, "No such file or directory"), Problem.NO_DBUS),
    (ConnectionRefusedError(111, "Connection refused"), Problem.NO_DBUS),
    (BleakDeviceNotFoundError("F0:F1", "Device with address F0:F1 was not found."), Problem.NOT_FOUND),
    (BleakDBusError("org.bluez.Error.AlreadyConnected", ["Already Connected"]), Problem.TAKEN),
    (BleakDBusError("org.bluez.Error.InProgress", ["Operation already in progress"]), Problem.TAKEN),
    (BleakDBusError("org.bluez.Error.AuthenticationFailed", ["Authentication Failed"]), Problem.PAIRING_REFUSED),
    (BleakDBusError("org.bluez.Error.AuthenticationRejected", ["Authentication Rejected"]), Problem.PAIRING_REFUSED),
    (BleakError("Could not pair with device: 19: REJECTED_BY_HANDLER"), Problem.PAIRING_REFUSED),
    (BleakGATTProtocolError(0x05), Problem.PAIRING_REFUSED),
    (BleakGATTProtocolError(0x0F), Problem.PAIRING_REFUSED),
    (BleakError("Could not write: Access Denied"), Problem.NO_PERMISSION),
    (BleakCharacteristicNotFoundError("ffe4"), Problem.OTHER_KIND),
    (BleakError("failed to discover services, device disconnected"), Problem.FAILED),
    (TimeoutError(), Problem.FAILED),
    (EOFError(), Problem.FAILED),
]


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32", "freebsd14"])
@pytest.mark.parametrize(("error", "problem"), RAISED, ids=lambda value: repr(value)[:60])
def test_every_error_is_told_apart_and_has_a_mend(error: Exception, problem: Problem, platform: str) -> None:
    found = explain(error, "WT901BLE67", platform)
    assert found.problem == problem
    assert found.mend in MEND[problem].values()
    said = str(found)
    assert said[0].isupper()
    assert said.endswith(".")
    assert "\n" not in said
    assert "{" not in said


def test_every_problem_has_words_and_a_mend_for_any_platform() -> None:
    assert set(WHAT) == set(MEND) == set(Problem)
    assert all(mends[""] for mends in MEND.values())


def test_the_mend_is_the_platforms_own() -> None:
    off = BleakBluetoothNotAvailableError("off", REASON.POWERED_OFF)
    assert "rfkill" in str(explain(off, platform="linux"))
    assert "System Settings" in str(explain(off, platform="darwin"))
    assert "flight mode" in str(explain(off, platform="win32"))


def test_an_error_that_was_explained_stays_as_it_is() -> None:
    error = trouble(Problem.TAKEN, "the left one")
    assert explain(error, "another") is error
    assert isinstance(error, BluetoothError)


def test_an_error_without_words_is_named_by_its_kind() -> None:
    assert "(TimeoutError)" in str(explain(TimeoutError(), "imu-1"))
