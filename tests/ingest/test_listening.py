"""What `doctor` hears of the sensors near by: through the real bleak client, without a radio."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bleak.exc import BleakDBusError
from peripheral import Air
from virtual_loop import run

from imu_tracker.ingest.ble import Radio
from imu_tracker.ingest.listening import MOST_ASKED, Heard, listen
from imu_tracker.sensors import movesense, own, witmotion

TAKEN = BleakDBusError("org.bluez.Error.AlreadyConnected", ["Already Connected"])


@pytest.fixture(autouse=True)
def _no_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No question to a real bus from a virtual clock."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")


def listened(kinds: list[Any], taken: str = "", strangers: int = 0) -> Heard:
    async def story() -> Heard:
        air = Air()
        await air.switch_on()
        for kind in kinds:
            await air.place(kind)
        for i in range(strangers):
            await air.place(witmotion.SENSOR, f"Earphones {i}")

        class Client(air.client):  # type: ignore[name-defined,misc]
            async def connect(self, pair: bool, **options: Any) -> None:
                if self._device.name == taken:
                    raise TAKEN
                await super().connect(pair)

        return await listen(Radio(air.scanner, Client), 2.0)

    return run(story())


def test_each_sensor_is_told_with_its_battery_and_others_are_counted() -> None:
    heard = listened([own.SENSOR, movesense.SENSOR], strangers=2)
    assert (heard.problem, heard.others) == (None, 2)
    assert {near.title for near in heard.sensors} == {own.SENSOR.title, movesense.SENSOR.title}
    assert all(near.battery_percent == 80.0 and near.rssi_dbm < 0 and not near.trouble for near in heard.sensors)


def test_no_more_sensors_are_asked_than_anyone_wears() -> None:
    heard = listened([own.SENSOR] * (MOST_ASKED + 2))
    assert [near.battery_percent for near in heard.sensors] == [80.0] * MOST_ASKED + [None] * 2


def test_a_sensor_that_is_taken_is_told_with_the_mend_and_the_others_are_asked_all_the_same() -> None:
    heard = listened([own.SENSOR, movesense.SENSOR], taken="imu-1")
    near = {one.name: one for one in heard.sensors}
    assert near["imu-1"].trouble == "The sensor imu-1 is already taken by another program or device."
    assert near["imu-1"].mend.startswith("Close the other program")
    assert sorted(str(one.battery_percent) for one in heard.sensors) == ["80.0", "None"]
