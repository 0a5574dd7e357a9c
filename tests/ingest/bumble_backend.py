"""A backend for bleak on a bumble device: the real BleakClient and BleakScanner, no radio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError
from bumble import hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, ConnectionParametersPreferences, Device, Peer

MTU = 247
INTERVAL_MS = 15.0
PROPERTIES = ((0x02, "read"), (0x04, "write-without-response"), (0x08, "write"), (0x10, "notify"), (0x20, "indicate"))
UUID_LISTS = (
    AdvertisingData.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
)


def full_uuid(uuid: UUID) -> str:
    digits = uuid.to_bytes(force_128=True)[::-1].hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def backends(central: Device) -> tuple[type[BaseBleakScanner], type[BaseBleakClient]]:
    """Scanner and client for bleak's `backend=`, bound to one powered bumble device."""

    class BumbleScanner(BaseBleakScanner):
        def __init__(
            self, detection_callback: AdvertisementDataCallback | None, service_uuids: list[str] | None, *_: Any, **__: Any
        ) -> None:
            super().__init__(detection_callback, service_uuids)

        async def start(self) -> None:
            self.seen_devices = {}
            central.on("advertisement", self._heard)
            await central.start_scanning(active=True)

        async def stop(self) -> None:
            await central.stop_scanning()
            central.remove_listener("advertisement", self._heard)

        def _heard(self, heard: Any) -> None:
            name = heard.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
            maker = {int(c): bytes(v) for c, v in heard.data.get_all(AdvertisingData.MANUFACTURER_SPECIFIC_DATA)}
            uuids = [full_uuid(u) for kind in UUID_LISTS for listed in heard.data.get_all(kind) for u in listed]
            advert = AdvertisementData(name, maker, {}, uuids, None, heard.rssi, (heard,))
            address = str(heard.address).split("/")[0]
            device = self.create_or_update_device(address, address, name, heard.address, advert)
            self.call_detection_callbacks(device, advert)

    class BumbleClient(BaseBleakClient):
        def __init__(
            self,
            address_or_ble_device: BLEDevice | str,
            *,
            disconnected_callback: Callable[[], None] | None = None,
            timeout: float = 30.0,
            **_: Any,
        ) -> None:
            super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout)
            assert isinstance(address_or_ble_device, BLEDevice), "hand bleak the device: an address makes it scan by itself"
            self._device = address_or_ble_device
            self._connection: Connection | None = None
            self._subscribed: dict[int, Callable[[bytes], None]] = {}

        @property
        def name(self) -> str:
            return self._device.name or self.address

        @property
        def mtu_size(self) -> int:
            if self._connection is None:
                raise BleakError("Not connected")
            return self._connection.att_mtu

        @property
        def is_connected(self) -> bool:
            return self._connection is not None

        async def connect(self, pair: bool, **_: Any) -> None:
            wished = ConnectionParametersPreferences(connection_interval_min=INTERVAL_MS, connection_interval_max=INTERVAL_MS)
            try:
                async with asyncio.timeout(self._timeout):
                    self._connection = await central.connect(
                        self._device.details, connection_parameters_preferences={hci.Phy.LE_1M: wished}, timeout=None
                    )
            except TimeoutError as error:
                raise BleakDeviceNotFoundError(self.address, "connect timed out") from error
            self._connection.on(self._connection.EVENT_DISCONNECTION, self._disconnected)
            peer = Peer(self._connection)
            await peer.request_mtu(MTU)
            await peer.discover_all()  # type: ignore[no-untyped-call]
            self.services = self._services(peer)

        def _services(self, peer: Peer) -> BleakGATTServiceCollection:
            out = BleakGATTServiceCollection()
            for service in peer.services:
                s = BleakGATTService(service, service.handle, full_uuid(service.uuid))
                out.add_service(s)
                for c in service.characteristics:
                    can: Any = [name for bit, name in PROPERTIES if int(c.properties) & bit]
                    shown = BleakGATTCharacteristic(c, c.handle, full_uuid(c.uuid), can, lambda: self.mtu_size - 3, s)
                    out.add_characteristic(shown)
                    for d in c.descriptors:
                        out.add_descriptor(BleakGATTDescriptor(d, d.handle, full_uuid(d.type), shown))
            return out

        def _disconnected(self, _: int) -> None:
            self._connection = None
            self._subscribed.clear()
            self.services = None
            if self._disconnected_callback:
                self._disconnected_callback()

        async def disconnect(self) -> None:
            if self._connection is not None:
                await self._connection.disconnect()

        async def pair(self, *_: Any, **__: Any) -> None:
            raise NotImplementedError

        async def unpair(self) -> None:
            raise NotImplementedError

        async def read_gatt_char(self, characteristic: BleakGATTCharacteristic, **_: Any) -> bytearray:
            return bytearray(await characteristic.obj.read_value())

        async def read_gatt_descriptor(self, descriptor: BleakGATTDescriptor, **_: Any) -> bytearray:
            return bytearray(await descriptor.obj.read_value())

        async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: Any, response: bool) -> None:
            await characteristic.obj.write_value(bytes(data), with_response=response)

        async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: Any) -> None:
            await descriptor.obj.write_value(bytes(data), with_response=True)

        async def start_notify(
            self, characteristic: BleakGATTCharacteristic, callback: Callable[[bytearray], None], **_: Any
        ) -> None:
            def notified(value: bytes) -> None:
                callback(bytearray(value))

            self._subscribed[characteristic.handle] = notified
            await characteristic.obj.subscribe(notified)

        async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
            notified = self._subscribed.pop(characteristic.handle, None)
            if notified is not None:
                await characteristic.obj.unsubscribe(notified)

    return BumbleScanner, BumbleClient
