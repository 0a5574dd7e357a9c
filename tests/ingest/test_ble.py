"""Scanning, and taking turns: one scanner, one connection being made at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.device import BLEDevice
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakDBusError
from bumble.core import AdvertisingData
from peripheral import Air, Peripheral, recording
from virtual_loop import run

from imu_tracker.errors import BluetoothError
from imu_tracker.ingest.ble import Found, Radio
from imu_tracker.ingest.connection import battery
from imu_tracker.ingest.link import Connected, Link, linked
from imu_tracker.sensors import movesense, own, witmotion
from imu_tracker.sensors.base import Battery
from imu_tracker.sensors.registry import BUILT_IN


def link_to(air: Air, placed: Peripheral, news: list[Any] | None = None) -> Link:
    on_news = (lambda _: None) if news is None else news.append
    return Link(air.radio, placed.address, lambda *_: None, on_news, asyncio.get_running_loop().time)


def test_a_scan_tells_what_is_near_and_which_are_ours() -> None:
    async def story() -> list[Found]:
        air = Air()
        await air.switch_on()
        stranger = await air.place(witmotion.SENSOR, "Earphones")
        for sensor in BUILT_IN:
            await air.place(sensor)
        assert stranger.name == "Earphones"
        return await air.radio.scan(3.0)

    found = run(story())
    assert {f.sensor.kind for f in found if f.sensor is not None} == {sensor.kind for sensor in BUILT_IN}
    assert (found[-1].name, found[-1].sensor) == ("Earphones", None)
    assert all(isinstance(f.rssi, int) and f.rssi < 0 for f in found)


def test_a_second_scan_hears_what_was_switched_on_meanwhile_and_no_longer_what_was_switched_off() -> None:
    async def story() -> tuple[list[str], list[str]]:
        air = Air()
        await air.switch_on()
        first = await air.place(own.SENSOR)
        before = [found.name for found in await air.radio.scan(2.0)]
        await first.device.stop_advertising()
        await air.place(witmotion.SENSOR)
        return before, [found.name for found in await air.radio.scan(2.0)]

    assert run(story()) == (["imu-1"], ["WT901BLE67"])


def test_what_one_advertisement_says_is_kept_when_the_next_says_something_else() -> None:
    async def story() -> list[Found]:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)

        async def rename() -> None:
            await asyncio.sleep(1.0)
            await placed.device.stop_advertising()
            name = (AdvertisingData.COMPLETE_LOCAL_NAME, b"only a name now")
            placed.device.advertising_data = bytes(AdvertisingData([name]))
            await placed.device.start_advertising(advertising_interval_min=100, advertising_interval_max=100)

        return (await asyncio.gather(air.radio.scan(3.0), rename()))[0]

    (found,) = run(story())
    assert (found.name, found.sensor) == ("only a name now", own.SENSOR)


@pytest.mark.parametrize(
    ("sensor", "told"),
    [(own.SENSOR, Battery(percent=80.0)), (witmotion.SENSOR, Battery(percent=80.0)), (movesense.SENSOR, Battery(percent=80.0))],
    ids=["own", "witmotion", "movesense"],
)
def test_a_sensor_tells_its_battery_without_being_started(sensor: Any, told: Battery) -> None:
    async def story() -> tuple[Battery | None, Peripheral]:
        air = Air()
        await air.switch_on()
        placed = await air.place(sensor)
        (found,) = await air.radio.scan(1.0)
        answer = await battery(air.radio, found, asyncio.get_running_loop().time)
        await asyncio.sleep(0.1)
        assert not placed.started.is_set()
        return answer, placed

    answer, placed = run(story())
    assert answer == told
    assert placed.connections == 1


def test_connections_are_made_one_at_a_time_and_never_while_scanning() -> None:
    air_state = {"scanning": 0, "connecting": 0, "most": 0}

    async def story() -> None:
        air = Air()

        class Scanner(air.scanner):  # type: ignore[name-defined,misc]
            async def start(self) -> None:
                assert not air_state["scanning"], "a second scanner"
                assert not air_state["connecting"]
                air_state["scanning"] += 1
                await super().start()

            async def stop(self) -> None:
                await super().stop()
                air_state["scanning"] -= 1

        class Client(air.client):  # type: ignore[name-defined,misc]
            async def connect(self, pair: bool, **options: Any) -> None:
                assert not air_state["scanning"]
                air_state["connecting"] += 1
                air_state["most"] = max(air_state["most"], air_state["connecting"])
                await super().connect(pair)
                air_state["connecting"] -= 1

        air.radio = Radio(Scanner, Client)
        await air.switch_on()
        placed = [await air.place(sensor) for sensor in BUILT_IN[:4]]
        links = [link_to(air, sensor) for sensor in placed]
        await asyncio.gather(*(link.start() for link in links))
        for sensor in placed:
            await sensor.hang_up()
        await asyncio.sleep(5.0)
        assert all(sensor.connections >= 2 for sensor in placed)
        await asyncio.gather(*(link.stop() for link in links))

    run(story())
    assert air_state == {"scanning": 0, "connecting": 0, "most": 1}


def test_a_sensor_that_is_away_does_not_hold_up_the_others() -> None:
    news: list[Any] = []

    async def story() -> float:
        air = Air()
        await air.switch_on()
        away, here = await air.place(witmotion.SENSOR), await air.place(own.SENSOR)
        here.recording = recording(60.0, 100.0)
        playing = asyncio.create_task(here.play())
        links = {"pelvis": link_to(air, here, news), "chest": link_to(air, away)}
        loop = asyncio.get_running_loop()
        async with linked(links):
            air.link.silent.add(away.name)
            await away.hang_up()
            await asyncio.sleep(20.0)
            await here.hang_up()
            lost_s, n = loop.time(), len(news)
            while not any(isinstance(item, Connected) for item in news[n:]):
                await asyncio.sleep(0.01)
            waited_s = loop.time() - lost_s
            await playing
        return waited_s

    assert run(story()) < 1.0


def refusing(air: Air, scanning: Exception | None = None, connecting: Exception | None = None) -> Radio:
    """A radio of which bleak says no."""

    class Scanner(air.scanner):  # type: ignore[name-defined,misc]
        async def start(self) -> None:
            if scanning is not None:
                raise scanning
            await super().start()

    class Client(air.client):  # type: ignore[name-defined,misc]
        async def connect(self, pair: bool, **options: Any) -> None:
            if connecting is not None:
                raise connecting
            await super().connect(pair)

    return Radio(Scanner, Client)


OFF = BleakBluetoothNotAvailableError("No powered Bluetooth adapters found.", BleakBluetoothNotAvailableReason.POWERED_OFF)
NO_SOCKET = FileNotFoundError(2, "No such file or directory")


@pytest.mark.parametrize(
    ("error", "said"), [(OFF, r"Bluetooth is switched off\. .+"), (NO_SOCKET, r".*D-Bus.* isn't there\. .+")]
)
def test_a_scan_that_the_system_refuses_says_why_and_what_to_do(error: Exception, said: str) -> None:
    async def story() -> None:
        air = Air()
        await air.switch_on()
        await refusing(air, scanning=error).scan(1.0)

    with pytest.raises(BluetoothError, match=said):
        run(story())


TAKEN = BleakDBusError("org.bluez.Error.AlreadyConnected", ["Already Connected"])
REFUSED = BleakDBusError("org.bluez.Error.AuthenticationFailed", ["Authentication Failed"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TAKEN, r"The sensor imu-1 is already taken by another .+\. Close .+"),
        (REFUSED, r"The sensor imu-1 wants to be paired, .+\. Remove it .+"),
    ],
    ids=["taken", "refused"],
)
def test_a_connection_that_is_refused_says_why_and_leaves_the_radio_free(error: Exception, said: str) -> None:
    async def story() -> None:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        radio, good = refusing(air, connecting=error), air.radio
        air.radio = radio
        with pytest.raises(BluetoothError, match=said):
            await link_to(air, placed).start()
        assert await radio.scan(1.0)
        air.radio = good
        link = link_to(air, placed)
        await link.start()
        await link.stop()

    run(story())


def test_a_sensor_that_a_killed_program_left_connected_is_told_as_taken() -> None:
    class Adapter(BaseBleakAdapter):
        @classmethod
        async def get(cls, **_: Any) -> Adapter:
            return cls()

        async def get_connected_devices(self, service_uuids: Any) -> list[BLEDevice]:
            return [BLEDevice("F0:F1:F2:F3:F4:01", "imu-1", None)]

    async def story() -> None:
        air = Air()
        await air.switch_on()
        air.radio = Radio(air.scanner, air.client, Adapter)
        await Link(air.radio, "imu-1", lambda *_: None, lambda _: None, asyncio.get_running_loop().time).start()

    with pytest.raises(BluetoothError, match=r"The sensor imu-1 is already taken"):
        run(story())


def test_a_future_that_the_backend_cancels_by_itself_does_not_end_the_link() -> None:
    async def story() -> Link:
        air = Air()
        cancelling = False

        class Client(air.client):  # type: ignore[name-defined,misc]
            async def write_gatt_char(self, characteristic: Any, data: Any, response: bool) -> None:
                nonlocal cancelling
                if cancelling:
                    cancelling = False
                    raise asyncio.CancelledError
                await super().write_gatt_char(characteristic, data, response)

        air.radio = Radio(air.scanner, Client)
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        placed.recording = recording(10.0, 100.0)
        playing = asyncio.create_task(placed.play())
        link = link_to(air, placed)
        await link.start()
        await asyncio.sleep(2.0)
        cancelling, air.link.loss = True, 1.0  # a hole, and the request for it fails
        await asyncio.sleep(0.1)
        air.link.loss = 0.0
        await playing
        await link.stop()
        return link

    link = run(story())
    assert link.counts.reconnects == 1
    assert link.counts.samples == 1000


def test_a_device_of_another_kind_under_a_known_name_is_told() -> None:
    async def story() -> None:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        link = Link(
            air.radio, placed.name, lambda *_: None, lambda _: None, asyncio.get_running_loop().time, sensor=witmotion.SENSOR
        )
        await link.start()

    with pytest.raises(BluetoothError, match=r"The sensor imu-1 doesn't have what this kind of sensor has"):
        run(story())


def test_when_one_of_several_cannot_be_started_the_others_are_stopped() -> None:
    async def story() -> Peripheral:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        missing = Link(air.radio, "nobody", lambda *_: None, lambda _: None, asyncio.get_running_loop().time)
        with pytest.raises(BluetoothError, match="The sensor nobody wasn't heard"):
            async with linked({"pelvis": link_to(air, placed), "chest": missing}):
                pass
        await asyncio.sleep(0.5)
        return placed

    placed = run(story())
    assert placed.written[-1] == own.stop(placed.settings)[0]
