"""A motion sensor for imu-tracker on a Seeed XIAO nRF52840 Sense: copy this file to the CIRCUITPY drive as code.py.

It speaks ../profile.md: samples of the LSM6DS3TR-C with number and time, sent again on request from a ring of 4096.
../xiao.md says how to set it up, and what nobody has tried on a real board yet.
"""

import struct
import time
from array import array

import _bleio
import analogio
import board
import busio
import digitalio
import microcontroller

NAME = "IMU"  # advertised with four digits of the board's address behind it
UUID = "7e85000{}-4115-423a-a66c-1fb144caa788"  # 1 service, 2 Info, 3 Config, 4 Stream, 5 Control
RING = 4096  # samples kept for sending again: 39 s at 104 Hz, 64 KB of memory
RATES = {52: 3, 104: 4, 208: 5}  # Hz, and the chip's code; its oscillator isn't exact: the ticks tell the true rate
ACC = {2: (0x0, 0.061), 4: (0x8, 0.122), 8: (0xC, 0.244), 16: (0x4, 0.488)}  # g: bits of CTRL1_XL, mg a count
GYR = {125: (2, 4.375), 250: (0, 8.75), 500: (4, 17.5), 1000: (8, 35.0), 2000: (12, 70.0)}  # deg/s: CTRL2_G, mdps
EMPTY_V, FULL_V, LOW_V = 3.3, 4.2, 3.5  # one lithium cell; a rough scale

OVERFLOW, CONFIG_CHANGED, RETRANSMITTED, LOW_BATTERY = 1, 2, 4, 8
STOP, START, BACKFILL, PING, REFUSED = 0x00, 0x01, 0x10, 0x20, 0xF0
LENGTHS = {STOP: 1, START: 1, BACKFILL: 7, PING: 5}
UNKNOWN, WRONG_LENGTH, NOT_KEPT, TOO_MANY = 1, 2, 3, 4
MOST_JOBS = 16  # requests to send again that may wait


def micros():
    """The board's clock, microseconds since it was switched on."""
    return time.monotonic_ns() // 1000


def nearest(offered, wanted):
    """The one of those offered that is nearest to what is wanted."""
    return min(offered, key=lambda x: abs(x - wanted))


class Chip:
    """The LSM6DS3TR-C. It samples by itself into its FIFO, which holds 3 s: nothing is lost while the radio makes us wait."""

    MOST = 32  # samples read at once

    def __init__(self):
        self.power = digitalio.DigitalInOut(board.IMU_PWR)
        self.power.switch_to_output(True)
        time.sleep(0.1)
        self.i2c = busio.I2C(board.IMU_SCL, board.IMU_SDA, frequency=400000)
        while not self.i2c.try_lock():
            pass
        self.status, self.words, self.code = bytearray(2), bytearray(12 * self.MOST), 0
        self.read(0x0F, self.status)  # WHO_AM_I
        if self.status[0] != 0x6A:
            raise RuntimeError("No LSM6DS3TR-C answers: is this the XIAO nRF52840 *Sense*?")

    def write(self, *pairs):
        """Registers and values."""
        for pair in pairs:
            self.i2c.writeto(0x6A, bytes(pair))

    def read(self, register, buffer, size=2):
        """This many bytes from a register on."""
        self.i2c.writeto_then_readfrom(0x6A, bytes((register,)), buffer, in_end=size)

    def start(self, rate, acc, gyr):
        """Sample at this rate (Hz) in these ranges (g, deg/s)."""
        self.code = RATES[rate]
        self.write((0x12, 0x44), (0x08, 0x09))  # CTRL3_C: whole values, addresses count up; FIFO_CTRL3: all samples of both
        self.write((0x10, self.code << 4 | ACC[acc][0]), (0x11, self.code << 4 | GYR[gyr][0]))  # CTRL1_XL, CTRL2_G
        time.sleep(0.1)  # until the gyroscope has started
        self.empty()

    def empty(self):
        """Let the FIFO begin anew with a whole sample (FIFO_CTRL5: off, then on, the newest pushing out the oldest)."""
        self.write((0x0A, 0), (0x0A, self.code << 3 | 6))

    def waiting(self):
        """Whole samples in the FIFO (FIFO_STATUS1 and 2), or -1 where it has run over."""
        self.read(0x3A, self.status)
        return -1 if self.status[1] & 0x40 else (self.status[0] | (self.status[1] & 7) << 8) // 6


class Tracker:
    """The ring, the packets and the commands."""

    def __init__(self, chip):
        self.chip = chip
        self.samples, self.ticks = bytearray(12 * RING), array("I", bytes(4 * RING))
        self.index = self.oldest = self.sent = 0  # number of the next sample, of the oldest in the ring, of the next to send
        self.settings, self.batch = (104, 8, 1000), 4
        self.running = self.streaming = self.linked = False
        self.newest, self.begun, self.taken, self.period = None, 0, 0, 0  # us: newest sample, first one; samples since; us each
        self.flags = self.low = self.next_battery = self.run_out = 0
        self.jobs = []  # [first, end] of what is to be sent again
        self.divider = digitalio.DigitalInOut(board.READ_BATT_ENABLE)
        self.divider.switch_to_output(False)  # always low: high may put too much voltage on the pin that measures
        self.cell = analogio.AnalogIn(board.VBATT)
        self.build_services()
        self.tell()

    def build_services(self):
        """The profile's service and the standard one of the battery."""
        kind, may = _bleio.Characteristic, _bleio.Attribute

        def add(to, uuid, does, size, fixed=False):
            write = may.OPEN if does & kind.WRITE else may.NO_ACCESS
            more = {"max_length": size, "fixed_length": fixed, "initial_value": bytes(size)}
            return kind.add_to_service(to, _bleio.UUID(uuid), properties=does, write_perm=write, **more)

        self.uuid = _bleio.UUID(UUID.format(1))
        service, battery = _bleio.Service(self.uuid), _bleio.Service(_bleio.UUID(0x180F))
        self.info = add(service, UUID.format(2), kind.READ, 28, True)
        self.config = add(service, UUID.format(3), kind.READ | kind.WRITE, 9, True)
        self.stream = add(service, UUID.format(4), kind.NOTIFY, 244)
        self.control = add(service, UUID.format(5), kind.WRITE | kind.NOTIFY, 20)
        self.level = add(battery, 0x2A19, kind.READ | kind.NOTIFY, 1, True)
        # These collect what is written. A PacketBuffer would also join packets that it sends, so sending sets the value instead.
        self.configs = _bleio.PacketBuffer(self.config, buffer_size=4)
        self.commands = _bleio.PacketBuffer(self.control, buffer_size=8)
        self.wish, self.command = bytearray(9), bytearray(20)

    def advertise(self):
        """Say that we are here: the service in the advertisement, the name in the answer to a scan."""
        address = _bleio.adapter.address.address_bytes
        name = f"{NAME}-{address[1]:02X}{address[0]:02X}"
        _bleio.adapter.name = name
        data, more = bytes((2, 1, 6, 17, 7)) + self.uuid.uuid128, bytes((len(name) + 1, 9)) + name.encode()
        _bleio.adapter.start_advertising(data, scan_response=more, connectable=True, interval=0.1, tx_power=0)

    def tell(self):
        """Let Info and Config read as things are now."""
        rate, acc, gyr = self.settings
        scales = ACC[acc][1] * 9.80665e-3, GYR[gyr][1] * 1.7453293e-5  # m/s2 and rad/s a count
        serial = int.from_bytes(microcontroller.cpu.uid[:8], "little")
        self.info.value = struct.pack("<BBQIHHffH", 1, 0, serial, rate * 1000, acc, gyr, scales[0], scales[1], RING)
        self.config.value = struct.pack("<IHHB", rate * 1000, acc, gyr, self.batch)

    def configure(self, data):
        """Take what the chip has nearest to what is wished. Samples of other settings can't be sent again."""
        if len(data) == 9:
            rate, acc, gyr, batch = struct.unpack("<IHHB", data)
            settings = nearest(RATES, rate / 1000), nearest(ACC, acc), nearest(GYR, gyr)
            self.batch = min(max(batch, 1), 19)
            if settings != self.settings:
                self.settings, self.oldest, self.flags = settings, self.index, self.flags | CONFIG_CHANGED
                if self.running:
                    self.begin()
        self.tell()

    def begin(self):
        """Let the chip sample."""
        self.chip.start(*self.settings)
        self.running, self.newest, self.period = True, None, 1000000 // self.settings[0]

    def end(self):
        """Switch the chip off; the ring keeps its samples."""
        self.chip.write((0x0A, 0), (0x10, 0), (0x11, 0))
        self.running = self.streaming = False

    def take(self):
        """Move the chip's samples into the ring, each with its number and time."""
        n, now = self.chip.waiting(), micros()
        if n < 0:  # we were kept away too long: what is missing is counted by the clock
            lost = max(1, (now - (self.newest or now)) // self.period)
            self.index, self.taken = self.index + lost, self.taken + lost
            self.oldest, self.newest = self.index, (self.newest or now) + lost * self.period
            self.chip.empty()
        elif n > 0:
            self.date(n, now)
        for done in range(0, n, self.chip.MOST):
            some = min(n - done, self.chip.MOST)
            self.chip.read(0x3E, self.chip.words, 12 * some)  # FIFO_DATA_OUT
            for i in range(some):
                self.keep(self.chip.words, 12 * i, self.newest - (n - 1 - done - i) * self.period)
        self.oldest = max(self.oldest, self.index - RING)

    def date(self, n, now):
        """The time of the newest of n samples: by the rate so far, never later than it was seen, and slowly drawn to that."""
        if self.newest is None:
            self.newest, self.begun, self.taken = now, now - (n - 1) * self.period, n - 1
            return
        self.newest, self.taken = self.newest + n * self.period, self.taken + n
        late = now - self.newest
        self.newest += late if late < 0 else late >> 5
        if self.taken >= 16:
            self.period = (self.newest - self.begun) // self.taken

    def keep(self, words, at, tick):
        """One sample; the chip gives the gyroscope first, the profile the accelerometer."""
        k = self.index % RING
        self.samples[12 * k : 12 * k + 6] = words[at + 6 : at + 12]
        self.samples[12 * k + 6 : 12 * k + 12] = words[at : at + 6]
        self.ticks[k] = tick & 0xFFFFFFFF
        self.index += 1

    def packet(self, first, n, flags):
        """Send up to n samples from the ring: how many were sent."""
        k = first % RING
        n = min(n, RING - k)
        header = struct.pack("<BBHI", 0x11, flags | self.low, first & 0xFFFF, self.ticks[k])
        self.stream.value = header + self.samples[12 * k : 12 * (k + n)]
        return n

    def send(self):
        """The next packet of the stream when it is full, and behind each of them one of what is to be sent again."""
        room = min(19, max(1, (_bleio.adapter.connections[0].max_packet_length - 8) // 12))
        if self.sent < self.oldest:
            self.sent, self.flags = self.oldest, self.flags | OVERFLOW
        waiting, full = self.index - self.sent, min(self.batch, room)
        if self.streaming and waiting < full:
            return
        if self.streaming:
            self.sent += self.packet(self.sent, full if waiting < 2 * full else min(waiting, room), self.flags)
            self.flags = 0
        if self.jobs:
            first, end = self.jobs.pop(0)
            first = max(first, self.oldest)
            if first < end:
                first += self.packet(first, min(end - first, room), RETRANSMITTED)
            if first < end:
                self.jobs.insert(0, (first, end))

    def obey(self, data):
        """The answer to a command."""
        code = data[0]
        if code not in LENGTHS or len(data) != LENGTHS[code]:
            return bytes((REFUSED, code, WRONG_LENGTH if code in LENGTHS else UNKNOWN))
        if code == START:
            return self.start()
        if code == BACKFILL:
            return self.again(*struct.unpack("<IH", data[1:]))
        if code == PING:
            return data + struct.pack("<I", micros() & 0xFFFFFFFF)
        self.end()
        return data

    def start(self):
        """Stream from the next sample on. After a lost link the chip is still sampling, and the numbers go on."""
        if not self.running:
            self.begin()
        self.streaming, self.sent, self.flags = True, self.index, self.flags & CONFIG_CHANGED
        tick = (self.newest or micros()) + self.period
        return struct.pack("<BII", START, self.index & 0xFFFFFFFF, tick & 0xFFFFFFFF)

    def again(self, first, count):
        """Note samples to be sent again, as far as the ring has them."""
        first, end = max(first, self.oldest), min(first + count, self.index)
        if first >= end or len(self.jobs) >= MOST_JOBS:
            return bytes((REFUSED, BACKFILL, NOT_KEPT if first >= end else TOO_MANY))
        self.jobs.append((first, end))
        return struct.pack("<BIH", BACKFILL, first, end - first)

    def watch_link(self):
        """Advertise while nobody is connected; sample on for as long as the ring can hold it, then rest."""
        linked, before = _bleio.adapter.connected, self.linked
        self.linked = linked
        if linked and not before:
            _bleio.adapter.connections[0].connection_interval = 15  # ms: a wish, the other side decides
        if before and not linked:
            self.streaming, self.jobs, self.run_out = False, [], self.index + RING
        if not linked and not _bleio.adapter.advertising:
            self.advertise()
        if not linked and self.running and self.index >= self.run_out:
            self.end()

    def watch_battery(self):
        """Twice a minute."""
        if micros() >= self.next_battery:
            self.next_battery = micros() + 30000000
            volts = self.cell.value / 65535 * self.cell.reference_voltage * 1510 / 510  # the board's divider
            self.low = LOW_BATTERY if volts < LOW_V else 0
            self.level.value = bytes((int(min(max((volts - EMPTY_V) / (FULL_V - EMPTY_V), 0), 1) * 100),))

    def radio(self):
        """What comes and goes. The command is fetched before Config is: so a Config written before a command holds for it."""
        self.watch_link()
        self.watch_battery()
        command, wish = self.commands.readinto(self.command), self.configs.readinto(self.wish)
        if wish:
            self.configure(self.wish[:wish])
        if command:
            self.control.value = self.obey(bytes(self.command[:command]))
        if self.linked:
            self.send()

    def step(self):
        """One turn of the loop."""
        if self.running:
            self.take()
        try:
            self.radio()
        except (OSError, IndexError, _bleio.BluetoothError) as error:  # the link was lost just now: the next turn will see it
            print(error)


if __name__ == "__main__":
    tracker = Tracker(Chip())
    while True:
        tracker.step()
        time.sleep(0.001 if tracker.running else 0.02)
