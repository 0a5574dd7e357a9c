"""What the radio says when asked once, as `doctor` does it: in a process of its own, because macOS ends a process that asks for
Bluetooth without permission, and a driver that hangs would hang the one who asks.

    python -m imu_tracker.ingest.listening 5      listens 5 s, asks what it hears for its battery, prints one line of JSON
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imu_tracker.ingest.ble import Found, Radio

ANSWER_S = 60.0  # beyond the listening itself: connecting to sensors one after another takes some systems that long
MOST_ASKED = 4  # sensors, the nearest first; nobody wears more


@dataclass(frozen=True)
class Near:
    """A sensor that was heard, and how it answered when it was connected to; battery as far as it tells.

    trouble, mend: why it couldn't be connected to, and what to do; empty where it could or wasn't tried.
    """

    name: str
    title: str
    rssi_dbm: int
    battery_percent: float | None = None
    battery_v: float | None = None
    trouble: str = ""
    mend: str = ""


@dataclass(frozen=True)
class Heard:
    """What came of listening.

    others: devices that are no known sensors. problem: a value of `trouble.Problem` where the radio can't be used, with the
    system's own words in `error`. bluez: whether BlueZ's service is on D-Bus; None off Linux and where there is no bus. ended:
    how the listening process ended without an answer, as `signal 6`; empty where it answered.
    """

    sensors: tuple[Near, ...] = ()
    others: int = 0
    problem: str | None = None
    error: str = ""
    bluez: bool | None = None
    ended: str = ""


def ask(seconds: float, command: Sequence[str] | None = None) -> Heard:
    """Listen in a process of its own and wait for it, `seconds` and what connecting takes; raises OSError where none starts."""
    words = command or [sys.executable, "-m", "imu_tracker.ingest.listening", f"{seconds:g}"]
    try:
        done = subprocess.run(words, capture_output=True, timeout=seconds + ANSWER_S, check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return Heard(ended=f"no answer in {seconds + ANSWER_S:.0f} s")
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        told = json.loads(done.stdout)
        return Heard(**{**told, "sensors": tuple(Near(**near) for near in told["sensors"])})
    last = done.stderr.decode(errors="replace").strip().rsplit("\n", 1)[-1]
    return Heard(ended=f"signal {-done.returncode}" if done.returncode < 0 else f"status {done.returncode}", error=last)


async def listen(radio: Radio, seconds: float) -> Heard:
    """Scan for so long, then connect to each of our sensors for a moment; raises nothing of the radio's."""
    from imu_tracker.ingest.trouble import explain, problem

    try:
        found = await radio.scan(seconds)
    except Exception as error:  # whatever it is, it is what a person wants to know
        cause = error.__cause__ or error
        what = getattr(error, "problem", None) or problem(error)
        return Heard(problem=str(what), error=" ".join(str(cause).split()) or type(cause).__name__, bluez=await _bluez())
    ours = [one for one in found if one.sensor is not None]
    near: list[Near] = []
    for one in ours:
        if len(near) < MOST_ASKED:
            try:
                near.append(await _answer(radio, one))
            except Exception as error:
                why = explain(error, one.title)
                near.append(replace(_near(one), trouble=str(why).removesuffix(why.mend).strip(), mend=why.mend))
        else:
            near.append(_near(one))
    return Heard(tuple(near), len(found) - len(ours), bluez=await _bluez())


async def _answer(radio: Radio, found: Found) -> Near:
    from imu_tracker.ingest.connection import battery

    told = await battery(radio, found, asyncio.get_running_loop().time)
    return _near(found) if told is None else replace(_near(found), battery_percent=told.percent, battery_v=told.volts)


def _near(found: Found) -> Near:
    assert found.sensor is not None
    return Near(found.title, found.sensor.title, found.rssi)


async def _bluez() -> bool | None:
    """Whether anyone has BlueZ's name on the system's bus; asked last, because the first question may start it."""
    if sys.platform != "linux":
        return None
    from dbus_fast import BusType, Message  # bleak's own, on Linux
    from dbus_fast.aio import MessageBus

    bus = None
    try:
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        reply: Any = await bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="NameHasOwner",
                signature="s",
                body=["org.bluez"],
            )
        )
        return bool(reply.body[0])
    except Exception:  # no bus, or one that lets nobody in: bleak's own error has said so
        return None
    finally:
        if bus is not None:
            bus.disconnect()


def main() -> None:
    """Listen as long as the first word says, and print what came of it."""
    from imu_tracker.ingest.ble import Radio

    print(json.dumps(asdict(asyncio.run(listen(Radio(), float(sys.argv[1]))))))


if __name__ == "__main__":
    main()
