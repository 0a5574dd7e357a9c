"""The radio: what is near, and whose turn it is. One scanner for all, one connection being made at a time.

The scanner rests while a connection is being made: several platforms fail at doing both at once. bleak's backends can be
handed in, so that tests run the real BleakScanner and BleakClient without a radio.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import bleak
from bleak import BleakClient, BleakScanner
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

from imu_tracker.ingest.trouble import explain
from imu_tracker.sensors.base import Advertisement, Sensor
from imu_tracker.sensors.registry import recognise

CONNECT_S = 20.0  # with the discovery of services, which takes some systems many seconds the first time


@dataclass(frozen=True)
class Found:
    """A device that was heard: `sensor` is None where it is none of ours; rssi in dBm, nearer is higher."""

    name: str
    address: str
    rssi: int
    sensor: Sensor | None
    device: BLEDevice

    def goes_by(self, word: str) -> bool:
        """Whether this is its name or address."""
        return word.casefold() in (self.name.casefold(), self.address.casefold())

    @property
    def title(self) -> str:
        """Its name, or its address where it has none."""
        return self.name or self.address


class Radio:
    """This computer's Bluetooth, shared by everything that scans or connects. The arguments are backends for bleak."""

    def __init__(
        self,
        scanner: type[BaseBleakScanner] | None = None,
        client: type[BaseBleakClient] | None = None,
        adapter: type[Any] | None = None,
    ) -> None:
        self._scanner_backend, self._client_backend, self._adapter_backend = scanner, client, adapter
        self._scanner: BleakScanner | None = None
        self._adverts: dict[str, Advertisement] = {}
        self._waiting: dict[asyncio.Future[Found], Callable[[Found], bool]] = {}
        self._turn = asyncio.Lock()

    async def scan(self, seconds: float) -> list[Found]:
        """All that is heard in this time, ours first, each by falling strength; raises BluetoothError."""
        heard: dict[str, Found] = {}

        def note(found: Found) -> bool:
            heard[found.address] = found
            return False

        await self.find(note, seconds)
        return sorted(heard.values(), key=lambda found: (found.sensor is None, -found.rssi))

    async def find(self, wanted: Callable[[Found], bool], seconds: float) -> Found | None:
        """The first device heard from now on that is wanted, None after so many seconds; raises BluetoothError."""
        future: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._waiting[future] = wanted
        try:
            async with self._turn:
                await self._listen()
            async with asyncio.timeout(seconds):
                return await future
        except TimeoutError:
            return None
        finally:
            del self._waiting[future]
            async with self._turn:
                if not self._waiting:
                    await self._hush()

    async def holds(self, word: str) -> bool:
        """Whether this computer is connected to a device of this name or address, as after a program that was killed.

        Only bleak 3.1 and later can tell; False where it can't be known.
        """
        adapters = getattr(bleak, "BleakAdapter", None)
        if adapters is None or (self._scanner_backend is not None and self._adapter_backend is None):
            return False
        try:
            adapter = await adapters.get(backend=self._adapter_backend)
            devices: list[BLEDevice] = await adapter.get_connected_devices()
        except Exception:  # not on this platform: it only makes an error message clearer
            return False
        return any(word.casefold() in ((device.name or "").casefold(), device.address.casefold()) for device in devices)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """While a connection is made: nobody else makes one, and nobody scans."""
        async with self._turn:
            await self._hush()
            try:
                yield
            finally:
                if self._waiting:
                    try:
                        await self._listen()
                    except Exception as error:  # it is theirs who wait for the scanner, not of who has just connected
                        for future in self._waiting:
                            if not future.done():
                                future.set_exception(error)

    def client(self, device: BLEDevice, lost: Callable[[BleakClient], None]) -> BleakClient:
        """A new client for a device just found; `lost` is called when its connection ends. Raises BluetoothError."""
        try:
            return BleakClient(device, lost, timeout=CONNECT_S, backend=self._client_backend)
        except Exception as error:
            raise explain(error, device.name or device.address) from error

    async def _listen(self) -> None:
        if self._scanner is not None:
            return
        try:
            scanner = BleakScanner(self._heard, backend=self._scanner_backend)
            await scanner.start()
        except Exception as error:
            raise explain(error) from error
        self._scanner = scanner

    async def _hush(self) -> None:
        scanner, self._scanner = self._scanner, None
        if scanner is not None:
            try:
                await scanner.stop()
            except Exception as error:
                raise explain(error) from error

    def _heard(self, device: BLEDevice, advert: AdvertisementData) -> None:
        # Name and services may come in different packets: what one says is kept beside what the other says.
        before = self._adverts.get(device.address, Advertisement())
        known = Advertisement(
            advert.local_name or device.name or before.name,
            tuple(dict.fromkeys((*before.services, *advert.service_uuids))),
            {**before.manufacturer, **advert.manufacturer_data},
        )
        self._adverts[device.address] = known
        found = Found(known.name, device.address, advert.rssi, recognise(known), device)
        for future, wanted in list(self._waiting.items()):
            if not future.done() and wanted(found):
                future.set_result(found)
