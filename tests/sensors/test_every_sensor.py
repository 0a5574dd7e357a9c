"""What holds for every kind of sensor."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sensor_streams import decoder_of, feed, feed_damaged, packets, samples, swing

from imu_tracker.errors import DecodeError, UsageError
from imu_tracker.sensors.base import BATTERY_LEVEL, Battery, Sensor
from imu_tracker.sensors.registry import BUILT_IN

EVERY = pytest.mark.parametrize("sensor", BUILT_IN, ids=lambda s: s.kind)

# Half a count of the coarsest scale of each, m/s² and rad/s.
HALF_COUNT = {
    "thingy52": (0.0048, 0.00028),
    "witmotion": (0.0024, 0.00054),
    "polar-verity": (0.0012, 0.00054),
    "polar-h10": (0.0050, 0.0),
    "movesense": (2e-6, 2e-6),
    "movella-dot": (2e-6, 2e-6),
}
USUAL_HALF_COUNT = (0.0012, 0.00027)


@EVERY
def test_what_is_sent_comes_out_equal_to_half_a_count(sensor: Sensor) -> None:
    acc, gyr = swing(104)  # a multiple of what any of them sends at once
    settings = sensor.usual
    got_acc, got_gyr = samples(feed(decoder_of(sensor), sensor.encode(acc, gyr, settings)))
    acc_step, gyr_step = HALF_COUNT.get(sensor.kind, USUAL_HALF_COUNT)
    assert got_acc.shape == acc.shape
    assert np.abs(got_acc - acc).max() <= acc_step
    if not sensor.gyroscope:
        assert len(got_gyr) == 0
        return
    n = len(got_gyr)
    assert n == len(gyr)
    assert np.abs(got_gyr - gyr).max() <= gyr_step


@EVERY
def test_every_rate_and_range_is_carried(sensor: Sensor) -> None:
    acc, gyr = swing(40)
    for rate in sensor.rates_hz:
        for acc_range in sensor.acc_ranges_g or (None,):
            for gyr_range in sensor.gyr_ranges_dps or (None,):
                settings = sensor.settings(rate, acc_range, gyr_range)
                assert sensor.start(settings)
                got, _ = samples(feed(sensor.decoder(settings), sensor.encode(acc, gyr, settings, first=7)))
                if not (sensor.kind == "movesense" and 40 % round(rate / 13)):  # its packets have a fixed length
                    assert np.abs(got - acc).max() < 0.01


@EVERY
@pytest.mark.parametrize("mtu", [63, 185, 247])
def test_no_notification_is_longer_than_the_link_carries(sensor: Sensor, mtu: int) -> None:
    acc, gyr = swing(80)
    messages = sensor.encode(acc, gyr, sensor.usual, mtu=mtu)
    assert max(len(m.data) for m in messages) <= mtu - 3
    got, _ = samples(feed(decoder_of(sensor), messages))
    assert np.abs(got - acc).max() < 0.01


@EVERY
def test_the_sensors_clock_runs_on_from_call_to_call(sensor: Sensor) -> None:
    acc, gyr = swing(24)
    rate = sensor.usual.rate_hz
    decoder = decoder_of(sensor)
    for first in (0, 24, 10**9):
        for p in packets(feed(decoder, sensor.encode(acc, gyr, sensor.usual, first=first))):
            if p.tick is None:
                continue
            assert p.tick.modulus_s is None or 0 <= p.tick.s < p.tick.modulus_s
            at = p.tick.s * rate + (1 - len(p) if p.tick.of == "last" else 0)  # index of the packet's first sample
            wrap = np.inf if p.tick.modulus_s is None else p.tick.modulus_s * rate
            assert 0.9 <= (at - first + 1) % wrap <= 24.1


@EVERY
def test_everything_is_named_by_full_uuids_in_lower_case(sensor: Sensor) -> None:
    uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    written = [*sensor.configure(sensor.usual), *sensor.start(sensor.usual), *sensor.stop(sensor.usual), *sensor.ask_battery]
    for name in (*sensor.notify, *sensor.reads, *(m.characteristic for m in written)):
        assert uuid.fullmatch(name), name
    assert all(m.data and len(m.data) <= 20 for m in written)  # so they can be written on any link


@EVERY
def test_a_setting_that_isnt_offered_is_refused_in_words(sensor: Sensor) -> None:
    with pytest.raises(UsageError, match="has no rate of 7 Hz; it offers"):
        sensor.settings(rate_hz=7.0)
    with pytest.raises(UsageError, match="accelerometer range of 3 g"):
        sensor.settings(acc_range_g=3.0)
    assert sensor.settings() == sensor.usual
    assert sensor.usual.rate_hz in sensor.rates_hz


@EVERY
def test_the_standard_battery_service_is_read(sensor: Sensor) -> None:
    if BATTERY_LEVEL not in sensor.reads:
        pytest.skip("this sensor tells its battery in its own way")
    assert decoder_of(sensor).feed(BATTERY_LEVEL, b"\x57") == [Battery(percent=87.0)]
    for wrong in (b"", b"\x65", b"\x01\x02"):
        with pytest.raises(DecodeError, match="isn't a percentage"):
            decoder_of(sensor).feed(BATTERY_LEVEL, wrong)


@EVERY
def test_lost_cut_doubled_and_damaged_notifications_cost_only_themselves(sensor: Sensor) -> None:
    acc, gyr = swing(400)
    rng = np.random.default_rng(3)
    sent = sensor.encode(acc, gyr, sensor.usual)
    arrived, spoilt = [], 0
    for message in sent:
        fate = rng.integers(10)
        if fate == 0:
            spoilt += 1
            continue
        if fate == 1:
            arrived.append(message._replace(data=message.data[: int(rng.integers(len(message.data)))]))
            spoilt += 1
        elif fate == 2:
            arrived += [message._replace(data=rng.bytes(45)), message]
        else:
            arrived.append(message)
    got = feed_damaged(decoder_of(sensor), arrived)
    got_acc, got_gyr = samples(got)
    # Each spoilt notification costs at most the packet it belongs to; what came is what was sent.
    one = max(len(p) for p in packets(feed(decoder_of(sensor), sent)))
    short = (len(acc) - len(got_acc)) + ((len(gyr) - len(got_gyr)) if sensor.gyroscope else 0)
    assert spoilt > 0
    assert short <= spoilt * one * (1 if sensor.two_streams or not sensor.gyroscope else 2)
    known = {tuple(row) for row in samples(feed(decoder_of(sensor), sent))[0]}
    strange = sum(tuple(row) not in known for row in got_acc)
    assert strange == 0
