"""A made-up movement that every sensor can carry, and what a decoder makes of what an encoder sends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from imu_tracker.errors import DecodeError
from imu_tracker.numeric import Floats
from imu_tracker.sensors.base import Decoder, Event, Message, Packet, Sensor

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "sensor-vectors"


def swing(n: int = 50, seed: int = 0) -> tuple[Floats, Floats]:
    """Acc (n, 3) m/s² up to 1.9 g and gyr (n, 3) rad/s up to 100 deg/s: inside every range."""
    rng = np.random.default_rng(seed)
    phase = np.arange(n)[:, None] / 9 + rng.uniform(0, 6, 3)
    acc = np.array([0.0, 0.0, 9.8]) + 8.0 * np.sin(phase) + rng.normal(0, 0.05, (n, 3))
    gyr = 1.5 * np.cos(phase) + rng.normal(0, 0.01, (n, 3))
    return acc, gyr


def feed(decoder: Decoder, messages: Sequence[Message]) -> list[Event]:
    """All events of these notifications."""
    return [event for message in messages for event in decoder.feed(*message)]


def feed_damaged(decoder: Decoder, messages: Sequence[Message]) -> list[Event]:
    """The same where some of them may be refused."""
    events: list[Event] = []
    for message in messages:
        try:
            events += decoder.feed(*message)
        except DecodeError:
            continue
    return events


def packets(events: Sequence[Event]) -> list[Packet]:
    """The packets among events."""
    return [event for event in events if isinstance(event, Packet)]


def samples(events: Sequence[Event]) -> tuple[Floats, Floats]:
    """All samples of the packets: acc (N, 3), gyr (M, 3)."""
    none = np.empty((0, 3))
    acc = [p.acc for p in packets(events) if p.acc is not None]
    gyr = [p.gyr for p in packets(events) if p.gyr is not None]
    return np.concatenate([none, *acc]), np.concatenate([none, *gyr])


def decoder_of(sensor: Sensor) -> Decoder:
    """A fresh decoder for the usual settings."""
    return sensor.decoder(sensor.usual)


def vectors_of(name: str) -> list[dict[str, Any]]:
    """The payloads of real sensors in one file; the test is skipped where they aren't beside the project."""
    if not VECTORS.is_dir():
        pytest.skip("the payloads of real sensors (../shared/sensor-vectors) aren't here")
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text())["vectors"]
    return found


def commands_of(name: str) -> dict[str, str]:
    """The command bytes of one file, skipped likewise."""
    vectors_of(name)
    found: dict[str, str] = json.loads((VECTORS / f"{name}.json").read_text())["commands"]
    return found


def hexes(messages: Sequence[Message]) -> list[str]:
    """What is written, in hex."""
    return [message.data.hex() for message in messages]
