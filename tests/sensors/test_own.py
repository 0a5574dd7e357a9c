"""The project's own profile: index and tick, flags, scales from the description, backfill and ping."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from sensor_streams import decoder_of, feed, hexes, packets, samples, swing

from imu_tracker.errors import DecodeError
from imu_tracker.sensors import own
from imu_tracker.sensors.base import Advertisement, Flag, Index, Message, Reply, Tick
from imu_tracker.sensors.packing import DEGREE, G

SENSOR = own.SENSOR
# Two samples from number 100 on, at 100 Hz, 8 g and 1000 deg/s, made by the encoder.
TWO = bytes.fromhex("1100640040420f00000000000010000000000000000800fc0018850b3dfa4801")
INFO = bytes.fromhex("0100efcdab8967452301a08601000800e8030ae81c3b58a00b3a0010")


def test_a_packet_has_number_and_tick_of_its_first_sample() -> None:
    (packet,) = packets(feed(decoder_of(SENSOR), [Message(own.STREAM, TWO)]))
    assert packet.index == Index(100, 65536)
    assert packet.tick == Tick(1.0, "first", 2**32 * 1e-6)
    assert packet.flags == frozenset()
    acc, gyr = samples([packet])
    assert acc / G == pytest.approx(np.array([[0, 0, 1], [0.5, -0.25, 1.5]]))
    assert gyr / DEGREE == pytest.approx(np.array([[0, 0, 0], [90, -45, 10]]), abs=0.02)


def test_number_and_tick_wrap() -> None:
    acc, gyr = swing(4)
    first = 10**6
    (packet,) = packets(decoder_of(SENSOR).feed(own.STREAM, own.packet(acc, gyr, SENSOR.usual, first)))
    assert packet.index == Index(first % 65536, 65536)
    assert packet.tick is not None
    assert packet.tick.s == pytest.approx(10_000 - 2 * 2**32 * 1e-6)


def test_flags() -> None:
    acc, gyr = swing(1)
    data = own.packet(acc, gyr, SENSOR.usual, 0, flags=0x01 | 0x04)
    assert packets(decoder_of(SENSOR).feed(own.STREAM, data))[0].flags == {Flag.OVERFLOW, Flag.RETRANSMITTED}
    data = own.packet(acc, gyr, SENSOR.usual, 0, flags=0x02 | 0x08 | 0x80)  # the last is of a later version
    assert packets(decoder_of(SENSOR).feed(own.STREAM, data))[0].flags == {Flag.CONFIG_CHANGED, Flag.LOW_BATTERY}


def test_as_many_samples_as_the_link_carries() -> None:
    acc, gyr = swing(40)
    fast = SENSOR.settings(200.0)
    for mtu, n in ((23, 1), (63, 4), (247, 8)):  # 8 at 200 Hz: 25 packets a second
        got = packets(feed(SENSOR.decoder(fast), own.encode(acc, gyr, fast, mtu=mtu)))
        assert [len(p) for p in got[:-1]] == [n] * (len(got) - 1)
        assert sum(len(p) for p in got) == 40


def test_the_description_gives_the_scales() -> None:
    decoder = decoder_of(SENSOR)
    asked = SENSOR.settings(50.0, 2.0, 250.0)
    (reply,) = decoder.feed(own.INFO, own.encode_info(asked, serial=77))
    assert isinstance(reply, Reply)
    assert reply.values == {
        "minor": 0,
        "serial": "000000000000004d",
        "rate_hz": 50.0,
        "ring": 4096,
        "acc_range_g": 2,
        "gyr_range_dps": 250,
    }
    acc, gyr = swing(5)
    got, turned = samples(feed(decoder, own.encode(acc, gyr, asked)))
    assert np.abs(got - acc).max() < 0.0005
    assert np.abs(turned - gyr).max() < 0.0001
    assert own.encode_info(SENSOR.usual, 0x0123456789ABCDEF) == INFO


@pytest.mark.parametrize(
    ("info", "word"),
    [
        (INFO[:-1], "27 bytes, not 28"),
        (b"\x02" + INFO[1:], "speaks version 2 of the profile; this is made for version 1"),
        (INFO[:18] + struct.pack("<f", float("nan")) + INFO[22:], "no usable scales"),
        (INFO[:22] + struct.pack("<f", 0.0) + INFO[26:], "no usable scales"),
    ],
)
def test_a_description_that_cant_be_used(info: bytes, word: str) -> None:
    decoder = decoder_of(SENSOR)
    with pytest.raises(DecodeError, match=word):
        decoder.feed(own.INFO, info)
    assert len(packets(decoder.feed(own.STREAM, TWO))) == 1


def test_a_longer_description_of_a_later_minor_version_is_read() -> None:
    assert decoder_of(SENSOR).feed(own.INFO, INFO + b"more") == decoder_of(SENSOR).feed(own.INFO, INFO)


@pytest.mark.parametrize("data", [b"", TWO[:8], TWO[:-1], TWO + b"\x00", b"\x12" + TWO[1:]])
def test_packets_that_arent_whole_or_of_another_version_are_refused(data: bytes) -> None:
    with pytest.raises(DecodeError, match="own: "):
        decoder_of(SENSOR).feed(own.STREAM, data)


def test_backfill_ping_and_their_answers() -> None:
    assert SENSOR.backfill is not None
    assert SENSOR.ping is not None
    assert SENSOR.backfill(70_000, 12) == Message(own.CONTROL, bytes.fromhex("10701101000c00"))
    assert SENSOR.ping(0xDEADBEEF) == Message(own.CONTROL, bytes.fromhex("20efbeadde"))
    decoder = decoder_of(SENSOR)
    assert decoder.feed(own.CONTROL, bytes.fromhex("10701101000c00")) == [Reply("backfill", True, {"first": 70_000, "count": 12})]
    assert decoder.feed(own.CONTROL, bytes.fromhex("20efbeadde40420f00")) == [
        Reply("ping", True, {"token": 0xDEADBEEF, "tick_us": 1_000_000})
    ]
    assert decoder.feed(own.CONTROL, bytes.fromhex("016400000040420f00")) == [
        Reply("start", True, {"index": 100, "tick_us": 1_000_000})
    ]
    assert decoder.feed(own.CONTROL, b"\x00") == [Reply("stop")]
    assert decoder.feed(own.CONTROL, b"\xf0\x10\x02") == [Reply("refused", False, {"command": 0x10, "why": 2})]
    for wrong in (b"", b"\x99", b"\x20\x01", b"\x00\x00"):
        with pytest.raises(DecodeError, match="an answer that isn't one"):
            decoder.feed(own.CONTROL, wrong)


def test_what_is_written() -> None:
    fast = SENSOR.settings(200.0, 16.0, 2000.0)
    assert SENSOR.configure(fast) == [Message(own.CONFIG, bytes.fromhex("400d03001000d00708"))]
    assert hexes(SENSOR.start(fast)) == ["01"]
    assert hexes(SENSOR.stop(SENSOR.usual)) == ["00"]


def test_who_is_recognised() -> None:
    assert SENSOR.recognises(Advertisement("anything", (own.SERVICE.upper(),)))
    assert not SENSOR.recognises(Advertisement("imu-tracker"))
    assert len({own.SERVICE, own.INFO, own.CONFIG, own.STREAM, own.CONTROL}) == 5
