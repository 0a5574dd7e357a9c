"""A XIAO nRF52840 Sense that isn't there: its clock, its motion chip down to the registers, its radio, as code.py sees them."""

from __future__ import annotations

import importlib.util
import sys
from collections import deque
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

CODE = Path(__file__).parents[2] / "firmware_docs" / "xiao_nrf52840_sense" / "code.py"
CODES_HZ = {3: 52.0, 4: 104.0, 5: 208.0}
FIFO_WORDS = 2048
BYTE_S = 22.5e-6  # one byte at 400 kHz
CALL_S = 0.4e-3  # what a call costs a slow interpreter


class Clock:
    """Time that passes only where the board spends it."""

    def __init__(self, start_s: float) -> None:
        self.ns = round(start_s * 1e9)

    def monotonic_ns(self) -> int:
        return self.ns

    def sleep(self, seconds: float) -> None:
        self.ns += round(seconds * 1e9)


def sample(number: int) -> tuple[int, ...]:
    """What the chip measures in its sample of this number: acc x, y, z, gyr x, y, z in counts."""
    return number % 32768, -(number % 32768), (7 * number) % 1000, -(number % 500), 3 - number // 32768, (11 * number) % 3000


class Chip:
    """LSM6DS3TR-C behind I2C: the registers that code.py uses, FIFO in stream mode, an oscillator that is off by `wrong`."""

    def __init__(self, clock: Clock, wrong: float) -> None:
        self.clock, self.wrong = clock, wrong
        self.registers = {0x0F: 0x6A}
        self.fifo: deque[int] = deque(maxlen=FIFO_WORDS)
        self.overrun = False
        self.taken_s: list[float] = []  # when each sample was taken, by number
        self.next_s = 0.0

    def try_lock(self) -> bool:
        return True

    def writeto(self, address: int, data: bytes) -> None:
        assert (address, len(data)) == (0x6A, 2)
        self._spend(2)
        before, self.registers[data[0]] = self.registers.get(data[0], 0), data[1]
        if data[0] == 0x0A and not data[1]:
            self.fifo.clear()
            self.overrun = False
        elif data[0] == 0x0A and not before:
            assert data[1] & 7 == 6, "stream mode"
            assert self.registers[0x10] >> 4 == self.registers[0x11] >> 4 == data[1] >> 3
            self.next_s = self.clock.ns * 1e-9 + 0.5 / CODES_HZ[data[1] >> 3]

    def writeto_then_readfrom(self, address: int, out: bytes, into: bytearray, *, in_end: int) -> None:
        self._spend(2 + in_end)
        if out[0] == 0x3E:
            words = [self.fifo.popleft() & 0xFFFF for _ in range(in_end // 2)]
            into[:in_end] = b"".join(word.to_bytes(2, "little") for word in words)
        elif out[0] == 0x3A:
            n = len(self.fifo) % FIFO_WORDS  # eleven bits
            into[:2] = bytes((n & 0xFF, n >> 8 | self.overrun << 6))
        else:
            into[0] = self.registers[out[0]]

    def _spend(self, size: int) -> None:
        self.clock.sleep(CALL_S + size * BYTE_S)
        mode = self.registers.get(0x0A, 0)
        while mode and self.next_s <= self.clock.ns * 1e-9:
            x = sample(len(self.taken_s))
            self.overrun |= len(self.fifo) + 6 > FIFO_WORDS
            self.fifo.extend(x[3:] + x[:3])  # the gyroscope first
            self.taken_s.append(self.next_s)
            self.next_s += 1 / (CODES_HZ[mode >> 3] * (1 + self.wrong))


class Radio:
    """`_bleio` with one link: what is notified goes to `received`, what a host writes waits in the PacketBuffers."""

    def __init__(self, clock: Clock, mtu: int) -> None:
        self.clock = clock
        self.values: dict[str, bytes] = {}
        self.received: list[tuple[str, bytes]] = []
        self.written: dict[str, list[bytes]] = {}
        self.stall_s = 0.0
        self.adverts: list[tuple[bytes, bytes]] = []
        link = SimpleNamespace(max_packet_length=mtu - 3, connection_interval=30)
        self.adapter = SimpleNamespace(
            connected=False,
            advertising=False,
            connections=(link,),
            name="",
            address=SimpleNamespace(address_bytes=bytes((1, 2, 3, 4, 5, 6))),
            start_advertising=self._advertise,
        )

    def _advertise(self, data: bytes, *, scan_response: bytes, connectable: bool, interval: float, tx_power: int) -> None:
        assert max(len(data), len(scan_response)) <= 31
        self.adverts.append((data, scan_response))
        self.adapter.advertising = True

    def link(self, up: bool) -> None:
        """The host connects, which ends the advertising, or is gone."""
        self.adapter.connected, self.adapter.advertising = up, False

    def module(self) -> ModuleType:
        radio = self

        class UUID:
            def __init__(self, value: int | str) -> None:
                self.text = value if isinstance(value, str) else f"0000{value:04x}-0000-1000-8000-00805f9b34fb"
                self.uuid128 = bytes.fromhex(self.text.replace("-", ""))[::-1]

        class Characteristic:
            READ, NOTIFY, WRITE = 2, 16, 8

            def __init__(self, uuid: UUID, properties: int, size: int, fixed: bool) -> None:
                self.uuid, self.properties, self.size, self.fixed = uuid.text, properties, size, fixed

            @classmethod
            def add_to_service(cls, service: object, uuid: UUID, **options: Any) -> Characteristic:
                assert len(options["initial_value"]) <= options["max_length"]
                return cls(uuid, options["properties"], options["max_length"], options["fixed_length"])

            @property
            def value(self) -> bytes:
                return radio.values[self.uuid]

            @value.setter
            def value(self, data: bytes) -> None:
                assert len(data) == self.size if self.fixed else len(data) <= self.size
                radio.values[self.uuid] = bytes(data)
                if self.properties & self.NOTIFY and radio.adapter.connected:
                    assert len(data) <= radio.adapter.connections[0].max_packet_length
                    radio.clock.sleep(CALL_S + radio.stall_s)  # it blocks while the queue is full
                    radio.stall_s = 0.0
                    radio.received.append((self.uuid, bytes(data)))

        class PacketBuffer:
            def __init__(self, characteristic: Characteristic, *, buffer_size: int) -> None:
                self.queue = radio.written.setdefault(characteristic.uuid, [])

            def readinto(self, buffer: bytearray) -> int:
                if not self.queue:
                    return 0
                data = self.queue.pop(0)
                buffer[: len(data)] = data
                return len(data)

        made = ModuleType("_bleio")
        for name, thing in (("UUID", UUID), ("Characteristic", Characteristic), ("PacketBuffer", PacketBuffer)):
            setattr(made, name, thing)
        made.__dict__.update(
            adapter=self.adapter,
            Service=lambda uuid: SimpleNamespace(uuid=uuid),
            Attribute=SimpleNamespace(OPEN=1, NO_ACCESS=0),
            BluetoothError=type("BluetoothError", (Exception,), {}),
        )
        return made


class Board:
    """The whole board with code.py running on it."""

    def __init__(self, mtu: int = 247, start_s: float = 5.0, wrong: float = 0.013) -> None:
        self.clock = Clock(start_s)
        self.chip = Chip(self.clock, wrong)
        self.radio = Radio(self.clock, mtu)
        self.cell = SimpleNamespace(value=0, reference_voltage=3.3)
        self.volts(4.0)
        pin = SimpleNamespace(switch_to_output=lambda value: None)
        pins = {name: name for name in ("IMU_PWR", "IMU_SCL", "IMU_SDA", "READ_BATT_ENABLE", "VBATT")}
        stand_ins: dict[str, Any] = {
            "_bleio": self.radio.module(),
            "analogio": SimpleNamespace(AnalogIn=lambda pin: self.cell),
            "board": SimpleNamespace(**pins),
            "busio": SimpleNamespace(I2C=lambda scl, sda, frequency: self.chip),
            "digitalio": SimpleNamespace(DigitalInOut=lambda name: pin),
            "microcontroller": SimpleNamespace(cpu=SimpleNamespace(uid=bytes(range(8)))),
        }
        spec = importlib.util.spec_from_file_location("xiao_code", CODE)
        assert spec is not None
        assert spec.loader is not None
        code: Any = importlib.util.module_from_spec(spec)
        before = {name: sys.modules.get(name) for name in stand_ins}
        sys.modules.update(stand_ins)
        try:
            spec.loader.exec_module(code)
        finally:
            for name, module in before.items():
                sys.modules.pop(name)
                if module is not None:
                    sys.modules[name] = module
        code.time = self.clock
        self.tracker: Any = code.Tracker(code.Chip())

    def volts(self, volts: float) -> None:
        """Charge the cell to this."""
        self.cell.value = round(volts * 510 / 1510 / 3.3 * 65535)

    def run(self, seconds: float) -> None:
        """Let the main loop turn for so long."""
        end = self.clock.ns + round(seconds * 1e9)
        while self.clock.ns < end:
            self.tracker.step()
            self.clock.sleep(0.001 if self.tracker.running else 0.02)
