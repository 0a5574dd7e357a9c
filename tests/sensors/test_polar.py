"""Polar PMD: raw and compressed frames, settings, and the factors of the start's answer."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sensor_streams import commands_of, decoder_of, feed, hexes, packets, samples, swing, vectors_of

from imu_tracker.errors import DecodeError
from imu_tracker.sensors.base import Advertisement, Message, Reply, Tick
from imu_tracker.sensors.packing import DEGREE, G
from imu_tracker.sensors.pmd import ACC, COMPRESSED, GYR, LAYOUT, compressed_body, frame, settings_of
from imu_tracker.sensors.polar import CONTROL, DATA, SENSOR, SENSOR_H10, encode_verity

# Three samples each, made by the encoder: compressed at 8 g and 2000 deg/s, and raw in thousandths of g.
VERITY_ACC = bytes.fromhex("029eb3ea7400000000800000000000100e020008000f8000a00006000d")
VERITY_GYR = bytes.fromhex("059eb3ea7400000000800000000000000c02c3f5d1a41085b8e6fa")
H10_ACC = bytes.fromhex("0200f7cb3c000000000100000000e803f40106ffdc0518fc7d00ee02")
TRUE_G = np.array([[0, 0, 1], [0.5, -0.25, 1.5], [-1, 0.125, 0.75]])
TRUE_DPS = np.array([[0, 0, 0], [90, -45, 10], [-30, 60, 5]])


def test_a_compressed_frame_of_each_stream_with_the_time_of_its_last_sample() -> None:
    events = feed(decoder_of(SENSOR), [Message(DATA, VERITY_ACC), Message(DATA, VERITY_GYR)])
    acc, gyr = samples(events)
    assert acc / G == pytest.approx(TRUE_G)
    assert gyr / DEGREE == pytest.approx(TRUE_DPS, abs=0.04)
    assert [p.tick for p in packets(events)] == [Tick(round(102 / 52, 9), "last", None)] * 2


def test_a_raw_frame_of_the_h10() -> None:
    (packet,) = packets(feed(decoder_of(SENSOR_H10), [Message(DATA, H10_ACC)]))
    assert packet.gyr is None
    assert samples([packet])[0] / G == pytest.approx(TRUE_G)


def test_a_raw_frame_of_the_gyroscope() -> None:
    raw = LAYOUT.pack(GYR, 10**9, 0) + struct.pack("<3h", 16384, -16384, 0)
    assert samples(feed(decoder_of(SENSOR), [Message(DATA, raw)]))[1] / DEGREE == pytest.approx(np.array([[1000, -1000, 0]]))


@settings(max_examples=200, deadline=None)
@given(
    counts=st.lists(st.tuples(*[st.integers(-(2**15), 2**15 - 1)] * 3), min_size=1, max_size=60),
    room=st.integers(120, 240),
)
def test_compression_loses_nothing(counts: list[tuple[int, int, int]], room: int) -> None:
    wanted, got, at = np.array(counts, np.int64), [], 0
    while at < len(wanted):
        body, n = compressed_body(wanted[at:], room)
        assert len(body) <= room
        got.append(frame(LAYOUT.pack(ACC, 0, COMPRESSED) + body).samples)
        assert len(got[-1]) == n
        at += n
    assert np.array_equal(np.concatenate(got), wanted)


def test_quiet_samples_take_few_bits() -> None:
    acc, gyr = swing(200)
    lively = encode_verity(acc, gyr, SENSOR.usual)
    quiet = encode_verity(acc * 0 + 9.8, gyr * 0, SENSOR.usual)
    assert len(quiet) < len(lively) / 2


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        VERITY_ACC[:10],
        VERITY_ACC[:15],  # less than a reference
        VERITY_ACC[:-1],  # a block that isn't whole
        VERITY_ACC + b"\x08",  # a block without its count
        VERITY_ACC + b"\x00\x01",  # no bits
        VERITY_ACC + b"\x21\x01" + bytes(13),  # 33 bits
        VERITY_ACC + b"\x20\x01" + b"\x7f" * 12,  # out of the range
        b"\x07" + VERITY_ACC[1:],  # not asked for
        VERITY_ACC[:9] + b"\x85" + VERITY_ACC[10:],  # a frame type that isn't known
        H10_ACC[:-1],
    ],
)
def test_damaged_frames_are_refused_and_the_next_decodes(damage: bytes) -> None:
    decoder = decoder_of(SENSOR)
    with pytest.raises(DecodeError, match="polar"):
        decoder.feed(DATA, damage)
    assert len(packets(decoder.feed(DATA, VERITY_ACC))[0]) == 3


def test_the_factor_in_the_starts_answer_counts() -> None:
    decoder = decoder_of(SENSOR)
    told = struct.pack("<4B", 0xF0, 2, ACC, 0) + b"\x00" + b"\x05\x01" + struct.pack("<f", 4 / 2**15)
    assert decoder.feed(CONTROL, told)[0] == Reply("start accelerometer", True, {"status": 0, "settings": settings_of(told[5:])})
    assert samples(decoder.feed(DATA, VERITY_ACC))[0] / G == pytest.approx(TRUE_G / 2)
    for wrong in (float("nan"), -1.0, 0.0, 1e9):
        with pytest.raises(DecodeError, match="factor"):
            decoder.feed(CONTROL, told[:-4] + struct.pack("<f", wrong))


def test_a_start_that_was_refused() -> None:
    assert decoder_of(SENSOR).feed(CONTROL, bytes([0xF0, 2, GYR, 6])) == [
        Reply("start gyroscope", False, {"status": 6, "settings": {}})
    ]


def test_what_is_written() -> None:
    fast = SENSOR.settings(208.0)
    assert hexes(SENSOR.start(fast))[0] == "0209"  # SDK mode before the streams
    assert "0001d000" in hexes(SENSOR.start(fast))[1]
    assert hexes(SENSOR.stop(fast)) == ["0302", "0305", "0309"]
    assert hexes(SENSOR_H10.stop(SENSOR_H10.usual)) == ["0302"]


def test_who_is_recognised() -> None:
    assert SENSOR.recognises(Advertisement("Polar Sense B5A1C320"))
    assert SENSOR_H10.recognises(Advertisement("Polar H10 9F2A1B22"))
    assert not SENSOR.recognises(Advertisement("Polar H10 9F2A1B22"))
    assert not SENSOR_H10.recognises(Advertisement("Polar H9 11223344"))


def test_real_payloads() -> None:
    seen = 0
    for vector in vectors_of("polar_pmd"):
        data, told = bytes.fromhex(vector["hex"]), vector["decoded"]
        seen += 1
        if "response" in told:
            (reply,) = decoder_of(SENSOR).feed(CONTROL, data)
            assert reply == Reply("start accelerometer", told["status"] == 0, {"status": 0, "settings": {}})
        elif "sample_rate" in told:
            keys = ("sample_rate", "resolution", "range", "channels")
            assert settings_of(data) == {n: tuple(told[key]) for n, key in zip((0, 1, 2, 4), keys, strict=True)}
        else:
            found = frame(data)
            assert (found.measures, found.last_ns) == (told["measurement_type"], told["timestamp_ns_of_last_sample"])
            assert (bool(found.form & COMPRESSED), found.form & 0x7F) == (told["compressed"], told["frame_type"])
            assert len(found.samples) == told["n_samples"]
            assert np.array_equal(found.samples, told["samples_unscaled"])
            (packet,) = packets(decoder_of(SENSOR).feed(DATA, data))
            assert packet.tick == Tick(told["timestamp_ns_of_last_sample"] * 1e-9, "last", None)
            if "issue" in vector["source"]:
                assert np.median(np.linalg.norm(samples([packet])[0], axis=1)) == pytest.approx(G, rel=0.05)
    assert seen == 8


def test_real_commands() -> None:
    known = commands_of("polar_pmd")
    starts = [known["start_acc_52Hz_16bit_8g_3ch (Verity)"], known["start_gyro_52Hz_16bit_2000dps_3ch"]]
    assert hexes(SENSOR.start(SENSOR.usual)) == starts
    assert hexes(SENSOR.stop(SENSOR.usual)) == [known["stop_acc"], known["stop_gyro"]]
    assert hexes(SENSOR_H10.start(SENSOR_H10.settings(200.0))) == [known["start_acc_H10_200Hz_16bit_8g"]]
