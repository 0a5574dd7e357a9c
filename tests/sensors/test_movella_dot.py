"""Movella DOT: mode 21, its battery, and what shows that it is in another mode."""

from __future__ import annotations

import numpy as np
import pytest
from sensor_streams import commands_of, decoder_of, feed, hexes, packets, samples, vectors_of

from imu_tracker.errors import DecodeError
from imu_tracker.sensors.base import Advertisement, Battery, Message, Reply, Tick
from imu_tracker.sensors.movella_dot import BATTERY, CONTROL, MEDIUM, MESSAGES, SENSOR, SHORT
from imu_tracker.sensors.packing import DEGREE, G

SAMPLE = bytes.fromhex("85af19000ae89c400ae81cc00f5c6b410000b442000034c200002041000000000000000000000000")  # made by the encoder


def test_one_sample_a_notification_padded_or_not() -> None:
    events = feed(decoder_of(SENSOR), [Message(MEDIUM, SAMPLE), Message(MEDIUM, SAMPLE[:28])])
    acc, gyr = samples(events)
    assert acc / G == pytest.approx(np.array([[0.5, -0.25, 1.5]] * 2), abs=1e-6)
    assert gyr / DEGREE == pytest.approx(np.array([[90, -45, 10]] * 2), abs=1e-5)
    assert packets(events)[0].tick == Tick(1.683333, "first", 2**32 * 1e-6)


def test_the_battery() -> None:
    assert decoder_of(SENSOR).feed(BATTERY, b"\x50\x01") == [Battery(percent=80.0, charging=True)]


@pytest.mark.parametrize(
    ("characteristic", "data"),
    [
        (MEDIUM, SAMPLE[:27]),
        (MEDIUM, SAMPLE + b"\x00"),
        (MEDIUM, SAMPLE[:4] + b"\x00\x00\x80\x7f" + SAMPLE[8:]),  # infinite
        (MEDIUM, SAMPLE[:4] + b"\xff\xff\x7f\x7f" + SAMPLE[8:]),  # 3e38
        (SHORT, SAMPLE[:19]),
        (BATTERY, b"\x65\x00"),
        (MESSAGES, bytes.fromhex("010102fd")),
    ],
)
def test_damaged_payloads_are_refused(characteristic: str, data: bytes) -> None:
    with pytest.raises(DecodeError, match="movella-dot"):
        decoder_of(SENSOR).feed(characteristic, data)


def test_who_is_recognised() -> None:
    assert SENSOR.recognises(Advertisement("Xsens DOT"))
    assert SENSOR.recognises(Advertisement("Movella DOT"))
    assert not SENSOR.recognises(Advertisement("DOT"))


def test_real_payloads() -> None:
    decoder, seen = decoder_of(SENSOR), 0
    for vector in vectors_of("movella_dot"):
        data, told = bytes.fromhex(vector["hex"]), vector["decoded"]
        seen += 1
        if "acc_ms2" in told:
            (packet,) = packets(decoder.feed(MEDIUM, data))
            acc, gyr = samples([packet])
            assert acc[0] == pytest.approx(told["acc_ms2"])
            assert gyr[0] / DEGREE == pytest.approx(told["gyro_dps"])
            assert packet.tick == Tick(told["timestamp_us"] * 1e-6, "first", 2**32 * 1e-6)
        elif "free_acc_ms2" in told:
            (reply,) = decoder.feed(SHORT, data)
            assert isinstance(reply, Reply)
            assert reply.values["tick_us"] == told["timestamp_us"]
            assert reply.values["m/s²"] == pytest.approx(tuple(told["free_acc_ms2"]))
        elif "payload_mode" in told:
            assert decoder.feed(CONTROL, data) == [
                Reply("measurement", True, {"type": told["type"], "running": False, "mode": told["payload_mode"]})
            ]
        else:
            wanted = {"mid": told["mid"], "data": bytes.fromhex(told["data"])}
            assert decoder.feed(MESSAGES, data) == [Reply("message", told["checksum_ok"], wanted)]
            assert len(wanted["data"]) == told["len"]
    assert seen == 12


def test_real_commands() -> None:
    known = commands_of("movella_dot")
    assert hexes(SENSOR.start(SENSOR.usual)) == [known["start_rate_quantities"]]
    assert hexes(SENSOR.stop(SENSOR.usual)) == [known["stop"]]
