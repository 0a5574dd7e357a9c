"""The real bleak client, end to end, on a virtual clock: streams come out as they went in, and links mend themselves."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass, field

import numpy as np
import pytest
from peripheral import Air, OwnPeripheral, Peripheral, recording
from virtual_loop import run

from imu_tracker.errors import BluetoothError, UsageError
from imu_tracker.ingest.link import Connected, Link, Lost, News, Retrying, Unrestored, linked
from imu_tracker.numeric import Floats
from imu_tracker.sensors import movesense, own, wit_frames, witmotion
from imu_tracker.sensors.base import Battery, Packet, Sensor
from imu_tracker.sensors.registry import BUILT_IN

SCALE = 1e-6  # the own profile tells its scales as f32
KINDS = pytest.mark.parametrize("sensor", BUILT_IN, ids=lambda sensor: sensor.kind)


@dataclass
class Heard:
    """What one link handed on."""

    packets: list[tuple[Packet, float]] = field(default_factory=list)
    news: list[News] = field(default_factory=list)

    def packet(self, packet: Packet, arrival_s: float) -> None:
        self.packets.append((packet, arrival_s))

    def of(self, kind: type) -> list[News]:
        return [news for news in self.news if isinstance(news, kind)]

    def acc(self) -> Floats:
        return np.concatenate([p.acc for p, _ in self.packets if p.acc is not None])

    def gyr(self) -> Floats:
        return np.concatenate([p.gyr for p, _ in self.packets if p.gyr is not None])

    def counts(self) -> list[int]:
        """The full counts of all samples of the own profile, in the order in which they came; its ticks know them for 71 min."""
        out: list[int] = []
        for packet, _ in self.packets:
            assert packet.index is not None
            assert packet.tick is not None
            first = round(packet.tick.s * own.SENSOR.usual.rate_hz)
            assert first % packet.index.modulus == packet.index.first
            out += range(first, first + len(packet))
        return out

    def by_count(self) -> tuple[Floats, Floats]:
        order = np.argsort(self.counts())
        return self.acc()[order], self.gyr()[order]


def link_to(air: Air, placed: Peripheral, heard: Heard) -> Link:
    return Link(air.radio, placed.name, heard.packet, heard.news.append, asyncio.get_running_loop().time)


def quantised(sensor: Sensor, acc: Floats, gyr: Floats) -> tuple[Floats, Floats]:
    """What the sensor's own encoder and decoder make of it, without any radio."""
    decoder, heard = sensor.decoder(sensor.settings()), Heard()
    for message in sensor.encode(acc, gyr, sensor.settings()):
        heard.packets += [(p, 0.0) for p in decoder.feed(*message) if isinstance(p, Packet)]
    return heard.acc(), heard.gyr() if sensor.gyroscope else np.zeros((0, 3))


async def stream(air: Air, placed: Peripheral, heard: Heard, seconds: float) -> Link:
    """One sensor's whole recording over one link."""
    placed.recording = recording(seconds, placed.settings.rate_hz)
    link = link_to(air, placed, heard)
    playing = asyncio.create_task(placed.play())
    await link.start()
    await playing
    await asyncio.sleep(0.2)
    await link.stop()
    return link


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


@pytest.mark.parametrize("sensor", [own.SENSOR, witmotion.SENSOR], ids=["own", "witmotion"])
def test_twenty_times_hung_up_on_it_streams_on_each_time(sensor: Sensor) -> None:
    heard = Heard()

    async def story() -> tuple[Link, list[float]]:
        air = Air()
        await air.switch_on()
        placed = await air.place(sensor)
        placed.recording = recording(65.0, placed.settings.rate_hz)
        link = link_to(air, placed, heard)
        playing = asyncio.create_task(placed.play())
        loop, waits = asyncio.get_running_loop(), []
        await link.start()
        for _ in range(20):
            await asyncio.sleep(3.0)
            await placed.hang_up()
            before, at_s = len(heard.packets), loop.time()
            while len(heard.packets) == before:
                await asyncio.sleep(0.01)
            waits.append(loop.time() - at_s)
        await playing
        await asyncio.sleep(0.2)
        await link.stop()
        return link, waits

    link, waits = run(story())
    assert link.counts.reconnects == 20
    assert [news.segment for news in heard.news if isinstance(news, Connected)] == list(range(1, 22))
    assert len(heard.of(Lost)) == 20
    assert max(waits) < 1.0
    if sensor is own.SENSOR:  # the ring had all of it
        assert sorted(heard.counts()) == list(range(6500))
        assert link.counts.restored > 0
    assert len(heard.acc()) > 0.9 * 6500
    assert not heard.of(Retrying)


def test_a_silent_link_is_given_up_though_it_stays_connected() -> None:
    heard = Heard()

    async def story() -> Link:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        placed.recording = recording(20.0, 100.0)
        link = link_to(air, placed, heard)
        playing = asyncio.create_task(placed.play())
        await link.start()
        await asyncio.sleep(5.0)
        air.link.silent.add(placed.name)
        await asyncio.sleep(3.0)
        air.link.silent.clear()
        await playing
        await asyncio.sleep(1.0)
        await link.stop()
        return link

    link = run(story())
    assert link.counts.silences >= 1
    assert heard.of(Lost)[0] == Lost("No samples came for 2 s.")
    assert sorted(heard.counts()) == list(range(2000)), "the ring still had what was taken in the silence"
    arrivals = [arrival_s for _, arrival_s in heard.packets]
    assert max(np.diff(arrivals)) < 10.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_a_loss_of_two_percent_every_gap_is_restored_and_nothing_comes_twice(seed: int) -> None:
    heard = Heard()

    async def story() -> tuple[Air, Link, Peripheral]:
        air = Air(seed)
        await air.switch_on()
        air.link.interval_s = 0.03
        placed = await air.place(own.SENSOR)
        air.link.loss = 0.02
        return air, await stream(air, placed, heard, 60.0), placed

    air, link, placed = run(story())
    counts = heard.counts()
    assert air.link.lost > 10
    assert link.counts.restored > 40
    assert len(set(counts)) == len(counts)
    # The last packet of all may be lost without a trace: nothing after it tells that it was there.
    assert sorted(counts) == list(range(len(counts)))
    assert len(counts) >= 6000 - 2 * own.batch(placed.settings)
    acc, gyr = heard.by_count()
    expected = quantised(own.SENSOR, *placed.recording)
    np.testing.assert_allclose(acc, expected[0][: len(acc)], rtol=SCALE)
    np.testing.assert_allclose(gyr, expected[1][: len(gyr)], rtol=SCALE)
    assert link.counts.missing == 0


def test_what_the_ring_no_longer_has_is_reported_to_the_sample() -> None:
    heard = Heard()

    async def story() -> Link:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        assert isinstance(placed, OwnPeripheral)
        placed.ring = 300
        placed.recording = recording(30.0, 100.0)
        link = link_to(air, placed, heard)
        playing = asyncio.create_task(placed.play())
        await link.start()
        await asyncio.sleep(5.0)
        air.link.silent.add(placed.name)
        await asyncio.sleep(8.0)
        air.link.silent.clear()
        await playing
        await asyncio.sleep(1.0)
        await link.stop()
        return link

    link = run(story())
    told = {n.first + i for n in heard.news if isinstance(n, Unrestored) for i in range(n.count)}
    assert told, "300 samples don't last 8 s"
    assert told.isdisjoint(heard.counts())
    assert sorted(told.union(heard.counts())) == list(range(3000))
    assert link.counts.missing == len(told)


@dataclass
class Ordeal:
    """Four sensors through loss, bursts, a stall and 20 disconnects, and what became of their samples."""

    seconds: float
    kinds: dict[str, Sensor]
    heard: dict[str, Heard]
    links: dict[str, Link] = field(default_factory=dict)
    placed: dict[str, Peripheral] = field(default_factory=dict)
    delivered: dict[str, int] = field(default_factory=dict)

    async def story(self) -> None:
        air = Air(seed=5)
        await air.switch_on()
        air.link.interval_s = 0.045
        names = {"pelvis": "imu-1", "thigh_left": "imu-2"}
        for i, (placement, kind) in enumerate(self.kinds.items()):
            self.placed[placement] = await air.place(kind, names.get(placement))
            self.placed[placement].recording = recording(self.seconds, kind.usual.rate_hz, seed=i)
            self.links[placement] = link_to(air, self.placed[placement], self.heard[placement])
        async with linked(self.links):
            air.link.loss = 0.02
            playing = asyncio.gather(*(sensor.play() for sensor in self.placed.values()))
            await asyncio.sleep(self.seconds / 4)
            air.link.silent.update(sensor.name for sensor in self.placed.values())
            await asyncio.sleep(3.0)
            air.link.silent.clear()
            for i in range(20):
                await asyncio.sleep(self.seconds / 40)
                await list(self.placed.values())[i % 4].hang_up()
            await playing
            air.link.loss = 0.0
            await asyncio.sleep(1.5)
        self.delivered = air.link.delivered


def ordeal(seconds: float) -> Ordeal:
    kinds = {"pelvis": own.SENSOR, "thigh_left": own.SENSOR, "thigh_right": movesense.SENSOR, "chest": witmotion.SENSOR}
    out = Ordeal(seconds, kinds, {placement: Heard() for placement in kinds})
    run(out.story())
    return out


def test_four_sensors_lose_nothing_but_what_the_link_lost() -> None:
    seconds = float(os.environ.get("INGEST_SECONDS", "120"))
    began_s = time.process_time()
    told = ordeal(seconds)
    assert time.process_time() - began_s < seconds / 4  # 7 s where it was written; the rest is for slow machines
    assert sum(link.counts.reconnects for link in told.links.values()) == 20 + 4
    for placement in ("pelvis", "thigh_left"):
        counts, taken = told.heard[placement].counts(), len(told.placed[placement].recording[0])
        missing = {n.first + i for n in told.heard[placement].news if isinstance(n, Unrestored) for i in range(n.count)}
        assert len(set(counts)) == len(counts)
        assert missing.isdisjoint(counts)
        known = sorted(missing.union(counts))
        assert known == list(range(len(known)))
        assert len(known) >= taken - 8, "but the last packets, of which nothing tells that they were lost"
        assert len(missing) <= 0.001 * taken
    wit = told.placed["chest"].name
    samples = told.links["chest"].counts.samples
    assert told.delivered[wit] - 20 <= samples <= told.delivered[wit], "one a notification, but before the first start"


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


def test_a_sensor_that_is_gone_for_a_while_is_looked_for_with_growing_pauses() -> None:
    heard = Heard()

    async def story() -> Link:
        air = Air()
        await air.switch_on()
        placed = await air.place(witmotion.SENSOR)
        placed.recording = recording(120.0, 100.0)
        link = link_to(air, placed, heard)
        playing = asyncio.create_task(placed.play())
        await link.start()
        await asyncio.sleep(2.0)
        await placed.device.stop_advertising()
        await placed.hang_up()
        await asyncio.sleep(0.5)
        await placed.device.stop_advertising()
        await asyncio.sleep(60.0)
        await placed.device.start_advertising(auto_restart=True, advertising_interval_min=100, advertising_interval_max=100)
        await playing
        await link.stop()
        return link

    link = run(story())
    waits = [news.wait_s for news in heard.news if isinstance(news, Retrying)]
    assert waits == sorted(waits)
    assert len(waits) >= 3
    assert all(news.error.problem == "not found" for news in heard.news if isinstance(news, Retrying))
    assert link.counts.reconnects >= 1
    assert len(heard.acc()) > 30 * 100


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
