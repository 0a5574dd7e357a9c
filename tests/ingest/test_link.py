"""The real bleak client, end to end, on a virtual clock: streams come out as they went in, and errors are told."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from peripheral import Air, Peripheral, recording
from streaming import SCALE, Heard, link_to, quantised, stream
from virtual_loop import run

from imu_tracker.errors import BluetoothError, UsageError
from imu_tracker.ingest.link import Connected, Link
from imu_tracker.sensors import own, wit_frames, witmotion
from imu_tracker.sensors.base import Battery, Packet, Sensor
from imu_tracker.sensors.registry import BUILT_IN

KINDS = pytest.mark.parametrize("sensor", BUILT_IN, ids=lambda sensor: sensor.kind)


@KINDS
def test_a_known_stream_comes_out_equal_to_quantisation(sensor: Sensor) -> None:
    heard = Heard()

    async def story() -> tuple[Peripheral, Link]:
        air = Air()
        await air.switch_on()
        placed = await air.place(sensor)
        return placed, await stream(air, placed, heard, 10.0)

    placed, link = run(story())
    acc, gyr = quantised(sensor, *placed.recording)
    np.testing.assert_allclose(heard.acc(), acc, rtol=SCALE)
    assert np.abs(heard.acc() - placed.recording[0][: len(acc)]).max() < 0.01
    if sensor.gyroscope:
        np.testing.assert_allclose(heard.gyr(), gyr, rtol=SCALE)
        assert np.abs(heard.gyr() - placed.recording[1][: len(gyr)]).max() < 0.002
    assert [news.segment for news in heard.news if isinstance(news, Connected)] == [1]
    assert (link.counts.undecoded, link.counts.faults, link.counts.reconnects, link.counts.missing) == (0, 0, 0, 0)


@KINDS
def test_start_commands_are_written_in_order_and_stop_commands_at_the_end(sensor: Sensor) -> None:
    async def story() -> Peripheral:
        air = Air()
        await air.switch_on()
        placed = await air.place(sensor)
        await stream(air, placed, Heard(), 1.0)
        return placed

    placed = run(story())
    settings, written = sensor.settings(), [m for m in placed.written if m not in sensor.ask_battery]
    assert written == [*sensor.configure(settings), *sensor.start(settings), *sensor.stop(settings)]
    assert [m for m in placed.written if m in sensor.ask_battery] == list(sensor.ask_battery)


def test_the_battery_is_told() -> None:
    heard = Heard()

    async def story() -> None:
        air = Air()
        await air.switch_on()
        await stream(air, await air.place(own.SENSOR), heard, 1.0)

    run(story())
    assert heard.of(Battery) == [Battery(percent=80.0)]


def test_late_callbacks_of_a_replaced_client_are_ignored() -> None:
    heard = Heard()

    async def story() -> Link:
        air = Air()
        await air.switch_on()
        placed = await air.place(witmotion.SENSOR)
        placed.recording = recording(6.0, 100.0)
        link = link_to(air, placed, heard)
        playing = asyncio.create_task(placed.play())
        await link.start()
        await asyncio.sleep(2.0)
        old = link._connection
        assert old is not None
        characteristic = old._client.services.get_characteristic(witmotion.NOTIFY[0])
        assert characteristic is not None
        await placed.hang_up()
        await asyncio.sleep(1.0)
        before = len(heard.packets)
        old._notified(characteristic, bytearray(wit_frames.frame(np.zeros(3), np.zeros(3))))
        assert len(heard.packets) == before
        await playing
        await link.stop()
        return link

    assert run(story()).counts.late == 1


def test_bytes_that_cannot_be_decoded_are_counted_and_the_stream_goes_on() -> None:
    heard = Heard()

    async def story() -> Link:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        placed.recording = recording(4.0, 100.0)
        link = link_to(air, placed, heard)
        playing = asyncio.create_task(placed.play())
        await link.start()
        for _ in range(7):
            await asyncio.sleep(0.1)
            await placed.notify(own.SENSOR.encode(*placed.recording, placed.settings)[0]._replace(data=b"\x99nonsense"))
        await playing
        await link.stop()
        return link

    link = run(story())
    assert link.counts.undecoded == 7
    assert sorted(heard.counts()) == list(range(400))


def test_what_a_callback_raises_ends_the_link_and_reaches_the_caller() -> None:
    class Full(Exception):
        pass

    def full(packet: Packet, arrival_s: float) -> None:
        raise Full

    async def story() -> bool:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        placed.recording = recording(4.0, 100.0)
        link = Link(air.radio, placed.name, full, lambda _: None, asyncio.get_running_loop().time)
        playing = asyncio.create_task(placed.play())
        await link.start()
        with pytest.raises(Full):
            await link.wait()
        with pytest.raises(Full):
            await link.stop()
        await playing
        return bool(placed.written[-1] == own.stop(placed.settings)[0])

    assert run(story()), "the sensor was still told to stop"


def test_stopping_while_the_sensor_is_being_looked_for_ends_at_once() -> None:
    async def story() -> tuple[float, bool]:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        link = link_to(air, placed, Heard())
        await link.start()
        air.link.silent.add(placed.name)
        await placed.hang_up()
        await asyncio.sleep(2.0)
        loop = asyncio.get_running_loop()
        before_s = loop.time()
        await link.stop()
        return loop.time() - before_s, air.central.is_scanning

    took_s, scanning = run(story())
    assert took_s < 0.1
    assert not scanning


def test_a_sensor_out_of_range_is_an_error_with_a_mend() -> None:
    async def story() -> None:
        air = Air()
        await air.switch_on()
        await Link(air.radio, "WT901BLE67", lambda *_: None, lambda _: None, asyncio.get_running_loop().time).start()

    with pytest.raises(BluetoothError, match=r"WT901BLE67 wasn't heard\. Switch it on"):
        run(story())


def test_settings_that_the_sensor_does_not_offer_are_refused_before_connecting() -> None:
    async def story() -> Peripheral:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        now = asyncio.get_running_loop().time
        link = Link(air.radio, placed.address, lambda *_: None, lambda _: None, now, choose=lambda s: s.settings(rate_hz=77.0))
        with pytest.raises(UsageError, match="77 Hz"):
            await link.start()
        return placed

    assert run(story()).connections == 0
