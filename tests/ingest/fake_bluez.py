# ruff: noqa: F722, F821
# mypy: ignore-errors
"""A BlueZ that isn't there: org.bluez with one adapter and one WitMotion on a private bus, for bleak's own Linux backend.

The D-Bus types are the annotations, as dbus_fast wants them; so no `from __future__ import annotations` here.
"""

import asyncio
import socket

from dbus_fast import BusType
from dbus_fast.aio import MessageBus
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_property, method

from imu_tracker.sensors import witmotion

READ = PropertyAccess.READ
ADAPTER = "/org/bluez/hci0"
DEVICE = ADAPTER + "/dev_F0_F1_F2_F3_F4_F5"
SERVICE = DEVICE + "/service0001"
NAME = "WT901BLE67"


class _Adapter(ServiceInterface):
    def __init__(self, fake, powered):
        super().__init__("org.bluez.Adapter1")
        self._fake, self._powered = fake, powered

    @dbus_property(READ)
    def Address(self) -> "s":
        return "E0:E1:E2:E3:E4:E5"

    @dbus_property(READ)
    def Powered(self) -> "b":
        return self._powered

    @dbus_property(READ)
    def Discovering(self) -> "b":
        return False

    @dbus_property(READ)
    def Roles(self) -> "as":
        return ["central", "peripheral"]

    @method()
    def SetDiscoveryFilter(self, _f: "a{sv}"):
        pass

    @method()
    def StartDiscovery(self):
        asyncio.get_running_loop().call_later(0.02, self._fake.advertise)

    @method()
    def StopDiscovery(self):
        pass

    @method()
    def RemoveDevice(self, _p: "o"):
        pass


class _Device(ServiceInterface):
    def __init__(self, fake):
        super().__init__("org.bluez.Device1")
        self._fake, self.connected = fake, False

    @dbus_property(READ)
    def Address(self) -> "s":
        return "F0:F1:F2:F3:F4:F5"

    @dbus_property(READ)
    def AddressType(self) -> "s":
        return "random"

    @dbus_property(READ)
    def Name(self) -> "s":
        return NAME

    @dbus_property(READ)
    def Alias(self) -> "s":
        return NAME

    @dbus_property(READ)
    def Paired(self) -> "b":
        return False

    @dbus_property(READ)
    def RSSI(self) -> "n":
        return -50

    @dbus_property(READ)
    def UUIDs(self) -> "as":
        return [witmotion.SERVICE]

    @dbus_property(READ)
    def Adapter(self) -> "o":
        return ADAPTER

    @dbus_property(READ)
    def Connected(self) -> "b":
        return self.connected

    @dbus_property(READ)
    def ServicesResolved(self) -> "b":
        return self.connected

    @method()
    async def Connect(self):
        self.connected = True
        self.emit_properties_changed({"Connected": True})
        self._fake.show_services()
        self.emit_properties_changed({"ServicesResolved": True})

    @method()
    async def Disconnect(self):
        self.drop()

    def drop(self):
        self.connected = False
        self.emit_properties_changed({"ServicesResolved": False})
        self.emit_properties_changed({"Connected": False})
        self._fake.hide_services()


class _Service(ServiceInterface):
    def __init__(self):
        super().__init__("org.bluez.GattService1")

    @dbus_property(READ)
    def UUID(self) -> "s":
        return witmotion.SERVICE

    @dbus_property(READ)
    def Primary(self) -> "b":
        return True

    @dbus_property(READ)
    def Device(self) -> "o":
        return DEVICE


class _Characteristic(ServiceInterface):
    def __init__(self, uuid, flags, written):
        super().__init__("org.bluez.GattCharacteristic1")
        self._uuid, self._flags, self._written = uuid, flags, written
        self._value, self._notifying, self._sockets = b"", False, None

    @dbus_property(READ)
    def UUID(self) -> "s":
        return self._uuid

    @dbus_property(READ)
    def Service(self) -> "o":
        return SERVICE

    @dbus_property(READ)
    def Flags(self) -> "as":
        return self._flags

    @dbus_property(READ)
    def MTU(self) -> "q":
        return 247

    @dbus_property(READ)
    def Notifying(self) -> "b":
        return self._notifying

    @dbus_property(READ)
    def NotifyAcquired(self) -> "b":
        return self._sockets is not None

    @dbus_property(READ)
    def Value(self) -> "ay":
        return self._value

    @method()
    def WriteValue(self, value: "ay", _o: "a{sv}"):
        self._written.append(bytes(value))

    @method()
    def StartNotify(self):
        self._notifying = True

    @method()
    def StopNotify(self):
        self._notifying = False

    @method()
    def AcquireNotify(self, _o: "a{sv}") -> "hq":
        self._sockets = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)
        return [self._sockets[1].fileno(), 247]

    def push(self, value):
        if self._sockets is not None:
            self._sockets[0].send(value)
        elif self._notifying:
            self._value = value
            self.emit_properties_changed({"Value": value})


class FakeBlueZ:
    """What bluetoothd would be: `written` to the sensor, `push` from it, `drop` its connection."""

    def __init__(self, powered: bool = True) -> None:
        self._adapter, self._device, self._known, self._stream = _Adapter(self, powered), _Device(self), False, None
        self.written: list[bytes] = []

    async def start(self) -> None:
        self._bus = await MessageBus(bus_type=BusType.SYSTEM, negotiate_unix_fd=True).connect()
        self._bus.export(ADAPTER, self._adapter)
        await self._bus.request_name("org.bluez")

    def stop(self) -> None:
        self._bus.disconnect()

    def advertise(self) -> None:
        if self._known:
            self._device.emit_properties_changed({"RSSI": -51})
        else:
            self._bus.export(DEVICE, self._device)
            self._known = True

    def show_services(self) -> None:
        self._stream = _Characteristic(witmotion.NOTIFY[0], ["notify"], self.written)
        self._bus.export(SERVICE, _Service())
        self._bus.export(SERVICE + "/char0002", self._stream)
        self._bus.export(SERVICE + "/char0004", _Characteristic(witmotion.WRITE, ["write"], self.written))

    def hide_services(self) -> None:
        for path in ("/char0004", "/char0002", ""):
            self._bus.unexport(SERVICE + path)

    def push(self, data: bytes) -> None:
        self._stream.push(data)

    def drop(self) -> None:
        self._device.drop()
