"""What a sensor is here: who it recognises, what to write to it, and how its bytes become samples. No radio, no clock.

    advertisement -> Sensor.recognises
    Settings      -> Sensor.configure, Sensor.start, Sensor.stop: what to write, in order
    notification  -> Decoder.feed -> [Packet | Battery | Reply | Fault], or DecodeError

A decoder lives as long as one connection. A notification of which nothing can be used raises DecodeError; where something was
damaged and something was good, the good is returned with a Fault beside it. Either way the next good packet decodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, NamedTuple, Protocol

from imu_tracker.errors import UsageError
from imu_tracker.numeric import Floats

BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"  # Bluetooth SIG: one byte, percent


class Message(NamedTuple):
    """Bytes to or from one characteristic, named by its full UUID in lower case."""

    characteristic: str
    data: bytes


@dataclass(frozen=True)
class Advertisement:
    """What a device says of itself before anyone connects: services by full UUID, manufacturer data by company number."""

    name: str = ""
    services: tuple[str, ...] = ()
    manufacturer: Mapping[int, bytes] = field(default_factory=dict)

    def offers(self, service: str) -> bool:
        """Whether it advertises this service."""
        return service.lower() in (s.lower() for s in self.services)


class Flag(Enum):
    """What a sensor can say of a packet."""

    OVERFLOW = "samples were lost inside the sensor before this packet"
    CONFIG_CHANGED = "rate or ranges are not those of the packet before"
    RETRANSMITTED = "sent again on request: not the next in time"
    LOW_BATTERY = "the sensor will soon switch itself off"


@dataclass(frozen=True)
class Index:
    """The number of a packet's first sample, counted by the sensor over all samples it took, modulo `modulus`."""

    first: int
    modulus: int


@dataclass(frozen=True)
class Tick:
    """The sensor's own clock at a packet's first or last sample, s, modulo `modulus_s` (None: it never wraps)."""

    s: float
    of: Literal["first", "last"]
    modulus_s: float | None


@dataclass(frozen=True, eq=False)
class Packet:
    """Samples in the sensor's axes, in the order taken: acc (N, 3) m/s², gyr (N, 3) rad/s.

    One of the two is None where the sensor sends them as two streams (each with an index or tick of its own) or has but one.
    """

    acc: Floats | None
    gyr: Floats | None
    index: Index | None = None
    tick: Tick | None = None
    flags: frozenset[Flag] = frozenset()

    def __len__(self) -> int:
        return len(self.acc) if self.acc is not None else 0 if self.gyr is None else len(self.gyr)


@dataclass(frozen=True)
class Battery:
    """The battery's state, as far as the sensor tells it."""

    percent: float | None = None
    volts: float | None = None
    charging: bool | None = None


@dataclass(frozen=True)
class Reply:
    """An answer that isn't samples: what it is about, whether the sensor agreed, and its values by name."""

    about: str
    ok: bool = True
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Fault:
    """Something in the stream was lost or unreadable, beside what could be read."""

    what: str


Event = Packet | Battery | Reply | Fault


class Decoder(Protocol):
    """Bytes of one connection to events, in the order in which they come."""

    def feed(self, characteristic: str, data: bytes) -> list[Event]:
        """The events of one notification or read; raises DecodeError, and nothing else, whatever the bytes are."""


@dataclass(frozen=True)
class Settings:
    """What a sensor is asked for. Hz, g, deg/s; a range of None is one that can't be chosen."""

    rate_hz: float
    acc_range_g: float | None = None
    gyr_range_dps: float | None = None


class Encode(Protocol):
    """What the sensor would send: the decoder's opposite, for tests and stand-ins."""

    def __call__(self, acc: Floats, gyr: Floats, settings: Settings, first: int = 0, mtu: int = 247) -> list[Message]:
        """Notifications for acc (N, 3) m/s² and gyr (N, 3) rad/s, sample i taken at (first + i) / rate on the sensor's clock."""


def _nothing(_: Settings) -> list[Message]:
    return []


@dataclass(frozen=True)
class Sensor:
    """A kind of sensor. After connecting: subscribe to `notify`, write `configure`, read `reads` into the decoder, write `start`.

    `notify` and `reads` list UUIDs, of which those that the device has are used. two_streams: acc and gyr come in packets of
    their own, see `joining`. ask_battery: written to make the sensor tell its battery. backfill(first, count) and
    ping(token): the messages that ask for samples again, and for the sensor's clock.
    """

    kind: str
    title: str
    recognises: Callable[[Advertisement], bool]
    notify: tuple[str, ...]
    usual: Settings
    rates_hz: tuple[float, ...]
    start: Callable[[Settings], list[Message]]
    decoder: Callable[[Settings], Decoder]
    encode: Encode
    configure: Callable[[Settings], list[Message]] = _nothing
    stop: Callable[[Settings], list[Message]] = _nothing
    acc_ranges_g: tuple[float, ...] = ()
    gyr_ranges_dps: tuple[float, ...] = ()
    gyroscope: bool = True
    two_streams: bool = False
    reads: tuple[str, ...] = (BATTERY_LEVEL,)
    ask_battery: tuple[Message, ...] = ()
    backfill: Callable[[int, int], Message] | None = None
    ping: Callable[[int], Message] | None = None

    def settings(
        self, rate_hz: float | None = None, acc_range_g: float | None = None, gyr_range_dps: float | None = None
    ) -> Settings:
        """What is asked for, the rest as usual; raises UsageError where the sensor doesn't offer it."""
        asked = (
            ("rate", "Hz", rate_hz, self.usual.rate_hz, self.rates_hz),
            ("accelerometer range", "g", acc_range_g, self.usual.acc_range_g, self.acc_ranges_g),
            ("gyroscope range", "deg/s", gyr_range_dps, self.usual.gyr_range_dps, self.gyr_ranges_dps),
        )
        for word, unit, wanted, _, offered in asked:
            if wanted is not None and wanted not in offered:
                words = ", ".join(f"{x:g}" for x in offered) or "none that can be chosen"
                raise UsageError(f"{self.title} has no {word} of {wanted:g} {unit}; it offers {words}.")
        rate, acc, gyr = (usual if wanted is None else wanted for _, _, wanted, usual, _ in asked)
        assert rate is not None
        return Settings(rate, acc, gyr)
