"""Movesense: packets of IMU6 in one, two or three parts."""

from __future__ import annotations

import numpy as np
import pytest
from sensor_streams import commands_of, feed, hexes, packets, samples, swing, vectors_of

from imu_tracker.errors import DecodeError
from imu_tracker.sensors.base import Advertisement, Fault, Message, Reply, Tick
from imu_tracker.sensors.movesense import NOTIFY, SENSOR, MovesenseDecoder, encode, measurements
from imu_tracker.sensors.packing import DEGREE, G

AT_26 = SENSOR.settings(26.0)
AT_104 = SENSOR.settings(104.0)
# Two samples, made by the encoder: ms 3846, then both accelerations, then both turning rates.
TWO = bytes.fromhex(
    "0263060f000000000000000000000ae81c410ae89c400ae81cc00f5c6b410000000000000000000000000000b442000034c200002041"
)


def test_a_packet_has_all_accelerations_before_all_turning_rates() -> None:
    (packet,) = packets(feed(MovesenseDecoder(AT_26), [Message(NOTIFY, TWO)]))
    acc, gyr = samples([packet])
    assert acc / G == pytest.approx(np.array([[0, 0, 1], [0.5, -0.25, 1.5]]), abs=1e-6)
    assert gyr / DEGREE == pytest.approx(np.array([[0, 0, 0], [90, -45, 10]]), abs=1e-5)
    assert packet.tick == Tick(3.846, "first", 2**32 * 1e-3)


@pytest.mark.parametrize(("rate", "mtu", "parts"), [(104.0, 247, 1), (104.0, 158, 2), (208.0, 247, 2), (208.0, 158, 3)])
def test_long_packets_come_in_parts(rate: float, mtu: int, parts: int) -> None:
    asked = SENSOR.settings(rate)
    acc, gyr = swing(64)
    messages = encode(acc, gyr, asked, mtu=mtu)
    assert [m.data[0] for m in messages[:parts]] == [2, 3, 3][:parts]
    got, turned = samples(feed(MovesenseDecoder(asked), messages))
    assert np.allclose(got, acc, atol=1e-5)
    assert np.allclose(turned, gyr, atol=1e-6)


def test_a_lost_part_costs_its_packet_alone() -> None:
    acc, gyr = swing(32)
    messages = encode(acc, gyr, AT_104, mtu=158)
    second_lost = feed(MovesenseDecoder(AT_104), [m for i, m in enumerate(messages) if i != 3])
    assert len(packets(second_lost)) == 3
    assert sum(isinstance(e, Fault) for e in second_lost) == 1
    decoder = MovesenseDecoder(AT_104)
    feed(decoder, messages[:2])
    with pytest.raises(DecodeError, match="nothing to go on from"):
        feed(decoder, [messages[3]])
    assert len(packets(feed(decoder, messages[4:]))) == 2


def test_another_length_than_the_rate_calls_for_is_learnt() -> None:
    acc, gyr = swing(40)
    fours = encode(acc, gyr, SENSOR.settings(52.0))  # 4 samples at once, where 8 are expected
    events = feed(MovesenseDecoder(AT_104), fours)
    assert len(packets(events)) == 9  # all but the first, which was given up before the length was known
    assert sum(isinstance(e, Fault) for e in events) == 1


def test_another_length_in_parts_is_learnt() -> None:
    acc, gyr = swing(64)
    sixteens = encode(acc, gyr, SENSOR.settings(208.0), mtu=158)
    assert len(packets(feed(MovesenseDecoder(AT_104), sixteens))) == 3  # of four: the first was given up


def test_lost_second_parts_teach_no_wrong_length() -> None:
    # At this width of the link the first part alone has the length of four samples.
    acc, gyr = swing(80)
    messages = encode(acc, gyr, AT_104, mtu=105)
    decoder = MovesenseDecoder(AT_104)
    feed(decoder, messages[:2])
    assert packets(feed(decoder, [messages[2], messages[4], messages[6], messages[8]])) == []
    got, _ = samples(feed(decoder, messages[10:]))
    assert np.allclose(got, acc[40:], atol=1e-5)


def test_a_length_learnt_wrongly_is_forgotten_at_the_next_second_part() -> None:
    acc, gyr = swing(80)
    messages = encode(acc, gyr, AT_104, mtu=105)
    decoder = MovesenseDecoder(AT_104)
    feed(decoder, [messages[0], messages[2], messages[4]])  # nothing says yet that there are second parts
    with pytest.raises(DecodeError, match="nothing to go on from"):
        feed(decoder, messages[6:8])
    got, _ = samples(feed(decoder, messages[8:]))
    assert np.allclose(got, acc[32:], atol=1e-5)


def test_values_that_are_no_numbers_are_refused() -> None:
    broken = TWO[:6] + b"\x00\x00\xc0\x7f" + TWO[10:]
    decoder = MovesenseDecoder(AT_26)
    with pytest.raises(DecodeError, match="no sensor can measure"):
        feed(decoder, [Message(NOTIFY, broken)])
    assert len(packets(feed(decoder, [Message(NOTIFY, TWO)]))) == 1


def test_answers() -> None:
    decoder = MovesenseDecoder(AT_26)
    assert decoder.feed(NOTIFY, bytes([1, 99, 200, 0])) == [Reply("request", True, {"ref": 99, "status": 200})]
    assert decoder.feed(NOTIFY, bytes([1, 99, 0x94, 1])) == [Reply("request", False, {"ref": 99, "status": 404})]
    with pytest.raises(DecodeError):
        decoder.feed(NOTIFY, bytes([2, 98]) + TWO[2:])  # of something that wasn't asked for


def test_who_is_recognised() -> None:
    assert SENSOR.recognises(Advertisement("Movesense 174630000192"))
    assert not SENSOR.recognises(Advertisement("Suunto"))


def test_what_is_written() -> None:
    assert SENSOR.start(AT_26)[0].data == b"\x01\x63/Meas/IMU6/26"
    assert hexes(SENSOR.stop(AT_26)) == ["0263"]


def test_real_payloads() -> None:
    seen = 0
    for vector in vectors_of("movesense"):
        payload, told = bytes.fromhex(vector["hex"]), vector["decoded"]
        resource = vector["kind"].split("/Meas/")[1].split("/")[0]
        ms, blocks = measurements(payload, resource)
        assert ms == told["Timestamp"]
        for name, key in (("acc", "ArrayAcc"), ("gyr", "ArrayGyro"), ("mag", "ArrayMagn")):
            assert (name in blocks) == (key in told)
            if name in blocks:
                assert np.array_equal(blocks[name], [[row[axis] for axis in "xyz"] for row in told[key]])
        seen += 1
        if resource == "IMU6":
            at_52 = SENSOR.settings(52.0)
            for cut in (10, 50, len(payload)):
                parts = [bytes([2, 99]) + payload[:cut], bytes([3, 99]) + payload[cut:]][: 1 + (cut < len(payload))]
                (packet,) = packets(feed(MovesenseDecoder(at_52), [Message(NOTIFY, part) for part in parts]))
                assert np.array_equal(samples([packet])[0], blocks["acc"])
                assert packet.tick == Tick(told["Timestamp"] * 1e-3, "first", 2**32 * 1e-3)
    assert seen == 5


def test_real_commands() -> None:
    known = commands_of("movesense")
    assert hexes(SENSOR.start(SENSOR.settings(52.0))) == [known["subscribe ref=0x63 /Meas/IMU6/52"]]
    assert hexes(SENSOR.stop(SENSOR.usual)) == [known["unsubscribe ref=0x63"]]
