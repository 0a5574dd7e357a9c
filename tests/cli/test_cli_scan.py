"""What `imu-tracker scan` shows."""

import io

import pytest
from bleak.backends.device import BLEDevice
from rich.console import Console

from imu_tracker.cli.scan import print_found
from imu_tracker.ingest.ble import Found
from imu_tracker.sensors.registry import sensors


def heard(name: str, rssi: int, ours: bool) -> Found:
    sensor = sensors()[0] if ours else None
    return Found(name, f"AA:00:00:00:00:{-rssi:02d}", rssi, sensor, BLEDevice("AA", name, {}))


def shown(*found: Found, everything: bool = False) -> str:
    console = Console(file=io.StringIO(), width=100)
    print_found(console, found, everything)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_sensors_stand_with_their_strength_and_others_are_counted() -> None:
    text = shown(heard("hip", -55, True), heard("a television", -70, False))
    assert "hip" in text
    assert "████░ -55 dBm" in text
    assert "a television" not in text
    assert "1 other device heard" in text


def test_all_lists_the_others_too() -> None:
    text = shown(heard("a television", -90, False), everything=True)
    assert "a television" in text
    assert "not a known sensor" in text


@pytest.mark.parametrize("found", [(), (heard("a television", -70, False),)])
def test_where_no_sensor_is_near_it_says_what_to_try(found: tuple[Found, ...]) -> None:
    text = shown(*found)
    assert "No known sensor was heard." in text
    assert "switched on" in text
