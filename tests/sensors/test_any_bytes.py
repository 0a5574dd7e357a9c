"""Whatever bytes arrive, a decoder returns samples or raises its own error, and the next good packet decodes.

Every example goes into every decoder, pure and as damage to one of its own packets: 10,000 examples each.
FUZZ_EXAMPLES=1000000 asks for more.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sensor_streams import decoder_of, feed, samples, swing

from imu_tracker.errors import DecodeError
from imu_tracker.sensors import own, witmotion
from imu_tracker.sensors.base import BATTERY_LEVEL, Battery, Decoder, Fault, Message, Packet, Reply, Sensor
from imu_tracker.sensors.registry import BUILT_IN

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10000"))
MANY = settings(
    max_examples=EXAMPLES,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def first_packet(sensor: Sensor) -> list[Message]:
    """The notifications of one whole packet of each stream."""
    acc, gyr = swing(24, seed=5)
    n = {"movesense": 8, "metamotion": 3, "metamotion-s": 3}.get(sensor.kind, 2)
    return sensor.encode(acc[:n], gyr[:n], sensor.usual)


GOOD = {sensor.kind: first_packet(sensor) for sensor in BUILT_IN}
TRUE = {sensor.kind: samples(feed(decoder_of(sensor), GOOD[sensor.kind])) for sensor in BUILT_IN}


def survive(decoder: Decoder, characteristic: str, data: bytes) -> None:
    """Any bytes: events whose numbers are numbers, or DecodeError."""
    try:
        events = decoder.feed(characteristic, data)
    except DecodeError as error:
        assert str(error).startswith(error.kind)  # noqa: PT017  (either outcome is right)
        return
    for event in events:
        assert isinstance(event, Packet | Battery | Reply | Fault)
        if isinstance(event, Packet):
            assert len(event) > 0
            for values in (event.acc, event.gyr):
                assert values is None or (values.shape == (len(event), 3) and np.isfinite(values).all())


def any_bytes(sensor: Sensor, junk: bytes, which: int) -> None:
    """The bytes from the stream and, backwards, from another of the sensor's characteristics."""
    decoder, places = decoder_of(sensor), (*sensor.notify, *sensor.reads)
    other = places[which % len(places)]
    survive(decoder, sensor.notify[0], junk)
    survive(decoder, other, junk[::-1])
    if other != own.INFO:  # which may change the scales, rightly
        the_next_decodes(sensor, decoder)


def damaged_packet(sensor: Sensor, junk: bytes, at: int, cut: int) -> None:
    """A good packet overwritten with the bytes, cut short, and with the bytes behind it."""
    decoder = decoder_of(sensor)
    characteristic, good = GOOD[sensor.kind][0]
    at, cut = at % len(good), cut % (len(good) + 1)
    survive(decoder, characteristic, good[:at] + junk + good[at + len(junk) :])
    survive(decoder, characteristic, good[:cut])
    survive(decoder, characteristic, good + junk)
    the_next_decodes(sensor, decoder)


def the_next_decodes(sensor: Sensor, decoder: Decoder) -> None:
    """One whole packet, and nothing of it missing."""
    acc, gyr = samples(feed(decoder, GOOD[sensor.kind]))
    true_acc, true_gyr = TRUE[sensor.kind]
    # A packet that waited for its end may come out before it: the good one is the last.
    assert acc.tobytes().endswith(true_acc.tobytes()), sensor.kind
    assert gyr.tobytes().endswith(true_gyr.tobytes()), sensor.kind


@MANY
@given(junk=st.binary(max_size=64))
def test_any_bytes_alone_or_as_damage_to_a_packet(junk: bytes) -> None:
    at, cut = (junk[-1], junk[0]) if junk else (0, 0)
    for sensor in BUILT_IN:
        any_bytes(sensor, junk, at)
        damaged_packet(sensor, junk[:12], at, cut)


@pytest.mark.parametrize("build", [bytes, lambda n: bytes([0x55] * n), lambda n: bytes([0x55, 0x61] * n)])
def test_long_runs_of_one_pattern_are_survived(build: Callable[[int], bytes]) -> None:
    for sensor in BUILT_IN:
        decoder = decoder_of(sensor)
        for n in (1, 19, 20, 21, 500):
            survive(decoder, sensor.notify[0], build(n))
        the_next_decodes(sensor, decoder)


def test_bytes_from_where_nothing_is_expected_are_refused() -> None:
    for sensor in BUILT_IN:
        with pytest.raises(DecodeError):
            decoder_of(sensor).feed(witmotion.WRITE, b"\x00" * 20)
        assert sensor.notify[0] != BATTERY_LEVEL
