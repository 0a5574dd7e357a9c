"""WitMotion: frames of 20 and 28 bytes wherever notifications are cut, answers, and the chip's clock."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sensor_streams import commands_of, decoder_of, feed, hexes, packets, samples, swing, vectors_of

from imu_tracker.errors import DecodeError
from imu_tracker.sensors.base import Advertisement, Battery, Fault, Message, Reply, Tick
from imu_tracker.sensors.packing import DEGREE, G
from imu_tracker.sensors.wit_frames import ACC, GYR, YEAR_0, frame
from imu_tracker.sensors.witmotion import NOTIFY, SENSOR, encode, read_register

PLAIN = bytes.fromhex("5561000400fe000cc3051ffda400000000000000")  # made by the encoder
TIMED = bytes.fromhex("5561000400fe000cc3051ffda4000000000000001a0a0d0e29011903")
ANSWER = bytes.fromhex("55716400860100000000000000000000000000000000")[:20]


def notify(*parts: bytes) -> list[Message]:
    return [Message(NOTIFY[0], part) for part in parts]


def test_a_frame_of_twenty_bytes() -> None:
    (packet,) = packets(feed(decoder_of(SENSOR), notify(PLAIN)))
    assert packet.acc is not None
    assert packet.gyr is not None
    assert packet.acc / G == pytest.approx(np.array([[0.5, -0.25, 1.5]]))
    assert packet.gyr / DEGREE == pytest.approx(np.array([[90, -45, 10]]), abs=0.04)
    assert packet.tick is None
    assert packet.index is None


def test_a_frame_of_twenty_eight_bytes_has_the_chips_clock() -> None:
    (packet,) = packets(feed(decoder_of(SENSOR), notify(TIMED)))
    assert packet.tick == Tick((datetime(2026, 10, 13, 14, 41, 1, 793_000) - YEAR_0).total_seconds(), "first", None)
    assert frame(np.array([0.5, -0.25, 1.5]) * G, np.array([90, -45, 10]) * DEGREE, packet.tick.s) == TIMED


def test_a_clock_that_was_never_set_still_counts() -> None:
    unset = PLAIN + bytes([0, 0, 0, 0, 0, 5, 0x2C, 0x01])
    (packet,) = packets(feed(decoder_of(SENSOR), notify(unset)))
    assert packet.tick == Tick(5.3, "first", None)


def test_a_clock_on_a_link_that_carries_twenty_bytes_at_once() -> None:
    acc, gyr = swing(6)
    frames = [frame(a, g, 10 + i / 100) for i, (a, g) in enumerate(zip(acc, gyr, strict=True))]
    parts = [part for f in frames for part in (f[:20], f[20:])]
    got = packets(feed(decoder_of(SENSOR), notify(*parts)))
    assert len(got) == 6
    assert got[0].tick is None  # handed on before its clock was there
    assert [round(p.tick.s, 2) for p in got[1:] if p.tick] == [10.01, 10.02, 10.03, 10.04, 10.05]


@settings(max_examples=150, deadline=None)
@given(timed=st.booleans(), cuts=st.lists(st.integers(1, 70), min_size=1, max_size=40))
def test_frames_come_out_wherever_notifications_are_cut(timed: bool, cuts: list[int]) -> None:
    acc, gyr = swing(30)
    stream = b"".join(frame(a, g, 50 + i / 100 if timed else None) for i, (a, g) in enumerate(zip(acc, gyr, strict=True)))
    parts: list[bytes] = []
    at = 0
    while at < len(stream):
        n = cuts[len(parts) % len(cuts)]
        parts.append(stream[at : at + n])
        at += n
    got_acc, got_gyr = samples(feed(decoder_of(SENSOR), notify(*parts)))
    assert np.abs(got_acc - acc).max() <= ACC
    assert np.abs(got_gyr - gyr).max() <= GYR


def test_answers_between_frames() -> None:
    events = feed(decoder_of(SENSOR), notify(PLAIN + ANSWER + PLAIN[:7], PLAIN[7:]))
    assert len(packets(events)) == 2
    (battery,) = (e for e in events if isinstance(e, Battery))
    assert battery.volts == pytest.approx(3.9)


def test_bytes_that_belong_to_no_frame_are_told_and_cost_nothing_else() -> None:
    decoder = decoder_of(SENSOR)
    with pytest.raises(DecodeError, match="witmotion: 5 bytes belong to no frame"):
        feed(decoder, notify(b"\x01\x02\x03\x04\x05"))
    events = feed(decoder, notify(b"\x01\x02" + PLAIN))
    assert len(packets(events)) == 1
    assert events[-1] == Fault("2 bytes belong to no frame")
    events = feed(decoder, notify(PLAIN[:9], PLAIN))  # the other half never came
    assert len(packets(events)) == 1
    assert events[-1] == Fault("9 bytes belong to no frame")


def test_what_is_written() -> None:
    assert hexes(SENSOR.start(SENSOR.settings(200.0))) == ["ffaa6988b5", "ffaa030b00", "ffaa240100"]
    assert SENSOR.stop(SENSOR.usual) == []
    assert hexes(SENSOR.ask_battery) == ["ffaa276400"]


@pytest.mark.parametrize(
    ("advert", "mine"),
    [
        (Advertisement("WT901BLE68"), True),
        (Advertisement("", (NOTIFY[0].replace("ffe4", "ffe5").upper(),)), True),
        (Advertisement("", ("0000ffe5-0000-1000-8000-00805f9b34fb",)), False),  # the SIG's base
        (Advertisement("BWT901CL"), False),
        (Advertisement("Kitchen"), False),
    ],
)
def test_who_is_recognised(advert: Advertisement, mine: bool) -> None:
    assert SENSOR.recognises(advert) is mine


def test_real_payloads() -> None:
    seen = 0
    for vector in vectors_of("witmotion"):
        (event,) = feed(decoder_of(SENSOR), notify(bytes.fromhex(vector["hex"])))
        told = vector["decoded"]
        seen += 1
        if "reg" in told:
            assert event == Reply("magnetic field", True, {"values": tuple(told["mag_raw"])})
            continue
        acc, gyr = samples([event])
        assert acc / G == pytest.approx(np.array([told["acc_g"]]), abs=1e-12)
        assert gyr / DEGREE == pytest.approx(np.array([told["gyro_dps"]]), abs=1e-12)
        if "chip_time" in told:
            moment = (datetime.fromisoformat(told["chip_time"]) - YEAR_0).total_seconds()
            assert packets([event])[0].tick == Tick(moment, "first", None)
    assert seen == 9


def test_real_commands() -> None:
    known = commands_of("witmotion")
    assert hexes(SENSOR.start(SENSOR.settings(50.0))) == [known["unlock"], known["rate_50Hz"], known["algo_6dof"]]
    assert hexes([read_register(r) for r in (0x3A, 0x40, 0x64)]) == [known[f"read_{w}"] for w in ("mag", "temp", "battery")]


def test_a_real_log_cut_in_other_places() -> None:
    frames = [bytes.fromhex(v["hex"]) for v in vectors_of("witmotion") if "chip time" in v["kind"]]
    whole, _ = samples(feed(decoder_of(SENSOR), notify(*frames)))
    stream = b"".join(frames)
    for n in (1, 7, 20, 33, len(stream)):
        got, _ = samples(feed(decoder_of(SENSOR), notify(*(stream[i : i + n] for i in range(0, len(stream), n)))))
        assert np.array_equal(got, whole)


def test_the_encoder_sends_what_is_sold() -> None:
    acc, gyr = swing(3)
    assert [len(m.data) for m in encode(acc, gyr, SENSOR.usual)] == [20, 20, 20]
