"""Nordic Thingy:52: raw motion."""

from __future__ import annotations

import numpy as np
import pytest
from sensor_streams import commands_of, decoder_of, hexes, samples, vectors_of

from imu_tracker.errors import DecodeError
from imu_tracker.sensors.base import Advertisement
from imu_tracker.sensors.packing import DEGREE, G
from imu_tracker.sensors.thingy52 import RAW, SENSOR, SERVICE

SAMPLE = bytes.fromhex("000200ff0006400b60fa4001000000000000")  # made by the encoder


def test_a_sample() -> None:
    acc, gyr = samples(decoder_of(SENSOR).feed(RAW, SAMPLE))
    assert acc / G == pytest.approx(np.array([[0.5, -0.25, 1.5]]))
    assert gyr / DEGREE == pytest.approx(np.array([[90, -45, 10]]))


@pytest.mark.parametrize("n", [0, 17, 19])
def test_another_length_is_refused(n: int) -> None:
    with pytest.raises(DecodeError, match="aren't a raw motion sample"):
        decoder_of(SENSOR).feed(RAW, bytes(n))


def test_who_is_recognised() -> None:
    assert SENSOR.recognises(Advertisement("Thingy"))
    assert SENSOR.recognises(Advertisement("", (SERVICE,)))
    assert not SENSOR.recognises(Advertisement("Thing"))


def test_real_payloads() -> None:
    (vector,) = vectors_of("thingy52")
    acc, gyr = samples(decoder_of(SENSOR).feed(RAW, bytes.fromhex(vector["hex"])))
    assert acc[0] / G == pytest.approx(vector["decoded"]["acc_g"])
    assert gyr[0] / DEGREE == pytest.approx(vector["decoded"]["gyro_dps"])


def test_real_commands() -> None:
    (config,) = commands_of("thingy52").values()
    assert hexes(SENSOR.start(SENSOR.settings(100.0))) == [config]
