"""MetaMotion: packed and single samples of two streams, on both generations of boards."""

from __future__ import annotations

import numpy as np
import pytest
from sensor_streams import commands_of, decoder_of, feed, hexes, packets, samples, vectors_of

from imu_tracker.errors import DecodeError
from imu_tracker.sensors.base import Advertisement, Message
from imu_tracker.sensors.metamotion import NOTIFY, SENSOR, SENSOR_S, SERVICE, MetaMotionDecoder
from imu_tracker.sensors.packing import DEGREE, G

ACC_R = bytes.fromhex("031c000000000010000800fc001800f00002000c")  # made by the encoder
GYR_R = bytes.fromhex("1307000000000000880b3cfa480128fcb007a400")
TRUE_G = np.array([[0, 0, 1], [0.5, -0.25, 1.5], [-1, 0.125, 0.75]])
TRUE_DPS = np.array([[0, 0, 0], [90, -45, 10], [-30, 60, 5]])


def test_three_samples_a_frame_in_two_streams() -> None:
    events = feed(decoder_of(SENSOR), [Message(NOTIFY, ACC_R), Message(NOTIFY, GYR_R)])
    assert [(p.acc is None, p.gyr is None) for p in packets(events)] == [(False, True), (True, False)]
    acc, gyr = samples(events)
    assert acc / G == pytest.approx(TRUE_G)
    assert gyr / DEGREE == pytest.approx(TRUE_DPS, abs=0.02)


@pytest.mark.parametrize("wrong", [b"", b"\x03", ACC_R[:19], ACC_R + b"\x00", b"\x0b" + ACC_R[1:], b"\x03\x07" + ACC_R[2:]])
def test_anything_else_is_refused(wrong: bytes) -> None:
    with pytest.raises(DecodeError, match="aren't samples"):
        decoder_of(SENSOR).feed(NOTIFY, wrong)


def test_who_is_recognised() -> None:
    for advert in (Advertisement("MetaWear"), Advertisement("mine", (SERVICE,))):
        assert SENSOR.recognises(advert)
        assert not SENSOR_S.recognises(advert)
    assert SENSOR_S.recognises(Advertisement("MetaMotionS 12", (SERVICE,)))


def test_real_payloads() -> None:
    ranges = {"4g": (4.0, 1000.0), "8g": (8.0, 1000.0), "500": (8.0, 500.0), "1000": (8.0, 1000.0)}
    seen = 0
    for vector in vectors_of("metamotion"):
        acc_range, gyr_range = ranges[vector["config"].split()[1].replace("dps", "")]
        decoder = MetaMotionDecoder(SENSOR.settings(100.0, acc_range, gyr_range))
        acc, gyr = samples(decoder.feed(NOTIFY, bytes.fromhex(vector["hex"])))
        told = np.array(vector["decoded"]["full_precision"])
        if "acc_g" in vector["decoded"]:
            assert acc / G == pytest.approx(told, abs=1e-9)
        else:
            assert gyr / DEGREE == pytest.approx(told, abs=1e-9)
        seen += 1
    assert seen == 6


def test_real_commands() -> None:
    known = commands_of("metamotion")
    start = hexes(SENSOR.start(SENSOR.settings(100.0, 8.0, 250.0)))
    assert start[:3] == [known["acc_cfg_bmi160_100Hz_8g"], known["gyro_cfg_100Hz_250dps"], known["acc_sub_packed_r/rl"]]
    assert start[3:6] == [known["gyro_sub_packed_r/rl"], known["acc_enable_sampling"], known["gyro_enable_sampling"]]
    assert start[6:] == [known["acc_start"], known["gyro_start"]]
    assert hexes(SENSOR.start(SENSOR.settings(200.0, 8.0, 2000.0)))[1] == known["gyro_cfg_200Hz_2000dps"]
    assert hexes(SENSOR.start(SENSOR.settings(50.0, 8.0, 125.0)))[1] == known["gyro_cfg_50Hz_125dps"]
    later = hexes(SENSOR_S.start(SENSOR_S.settings(100.0, 8.0)))
    assert later[0] == "0303a802"
    assert later[2:4] == [known["acc_sub_packed_mms"], known["gyro_sub_packed_mms"]]
    stop = hexes(SENSOR.stop(SENSOR.usual))
    assert {known["acc_stop"], known["gyro_stop"], known["acc_disable_sampling"]} <= set(stop)
