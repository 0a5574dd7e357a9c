"""bleak's own backend for Linux against a BlueZ that isn't there, on a private bus: nothing of ours stands in."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from imu_tracker.errors import BluetoothError
from imu_tracker.ingest.ble import Found, Radio
from imu_tracker.ingest.link import Connected, Link, News
from imu_tracker.ingest.listening import Heard, Near, listen
from imu_tracker.sensors import wit_frames, witmotion
from imu_tracker.sensors.base import Packet

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="BlueZ is Linux's"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="there is no dbus-daemon to start a private bus with"),
]
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth><policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/><allow user="*"/></policy></busconfig>"""


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A private bus in the place of the system's."""
    config = tmp_path / "bus.conf"
    config.write_text(CONFIG.format(path=tmp_path / "socket"))
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        daemon.stdout.readline()  # it listens from then on
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'socket'}")
        yield
        daemon.terminate()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10.0):
        while not condition():
            await asyncio.sleep(0.001)


def test_a_stream_comes_through_bluez_and_goes_on_after_a_lost_connection(bus: None) -> None:
    from fake_bluez import FakeBlueZ

    packets: list[Packet] = []
    news: list[News] = []

    async def story() -> tuple[list[bytes], list[Found]]:
        fake = FakeBlueZ()
        await fake.start()
        radio = Radio()
        found = await radio.scan(0.2)
        now = asyncio.get_running_loop().time
        link = Link(radio, "WT901BLE67", lambda packet, _: packets.append(packet), news.append, now)
        await link.start()
        for segment in (1, 2):
            before = len(packets)
            for i in range(50):
                fake.push(wit_frames.frame(np.array([i / 10, 0.0, 9.81]), np.zeros(3)))
                await asyncio.sleep(0)
            await until(lambda before=before: len(packets) == before + 50)  # type: ignore[misc]
            if segment == 1:
                fake.drop()
                await until(lambda: sum(isinstance(item, Connected) for item in news) == 2)
        await link.stop()
        fake.stop()
        return fake.written, found

    written, found = asyncio.run(story())
    assert [(f.name, f.sensor) for f in found] == [("WT901BLE67", witmotion.SENSOR)]
    sensor = witmotion.SENSOR
    started = [m.data for m in sensor.start(sensor.settings())]
    assert [data for data in written if data in started] == started * 2
    x = np.concatenate([p.acc[:, 0] for p in packets if p.acc is not None])
    np.testing.assert_allclose(x, np.tile(np.arange(50) / 10, 2), atol=wit_frames.ACC)


def test_an_adapter_that_is_off_is_told(bus: None) -> None:
    from fake_bluez import FakeBlueZ

    async def story() -> None:
        fake = FakeBlueZ(powered=False)
        await fake.start()
        try:
            await Radio().scan(0.2)
        finally:
            fake.stop()

    with pytest.raises(BluetoothError, match="Bluetooth is switched off"):
        asyncio.run(story())


def test_a_computer_without_d_bus_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'nothing'}")
    with pytest.raises(BluetoothError, match=r"D-Bus.* isn't there"):
        asyncio.run(Radio().scan(0.2))


def listened(powered: bool = True, volts: float | None = None) -> Heard:
    """What `doctor`'s listener hears; with volts, the sensor answers the question for its battery."""
    from fake_bluez import FakeBlueZ

    question = witmotion.SENSOR.ask_battery[0].data
    answer = bytes([0x55, 0x71, witmotion.BATTERY, 0]) + round(100 * (volts or 0)).to_bytes(2, "little") + bytes(14)

    async def story() -> Heard:
        fake = FakeBlueZ(powered)
        await fake.start()
        listening = asyncio.create_task(listen(Radio(), 0.2))
        if volts is not None:
            await until(lambda: question in fake.written)
            fake.push(answer)
        heard = await listening
        fake.stop()
        return heard

    return asyncio.run(story())


def test_the_doctor_hears_a_sensor_and_its_battery(bus: None) -> None:
    near = Near("WT901BLE67", witmotion.SENSOR.title, -50, battery_v=3.9)
    assert listened(volts=3.9) == Heard((near,), bluez=True)


def test_the_doctor_hears_why_it_hears_nothing(bus: None) -> None:
    off = listened(powered=False)
    assert (off.problem, off.bluez) == ("adapter off", True)
    gone = asyncio.run(listen(Radio(), 0.2))
    assert (gone.problem, gone.bluez) == ("no adapter", False)
