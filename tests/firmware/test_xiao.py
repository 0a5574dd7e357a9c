"""The reference firmware, run on the host: what it sends must decode with the project's own decoder to what its chip measured."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
import pytest
from xiao_board import Board, sample

from imu_tracker.numeric import Floats
from imu_tracker.sensors import own
from imu_tracker.sensors.base import BATTERY_LEVEL, Advertisement, Flag, Message, Packet, Reply


@dataclass
class Host:
    """The other end: writes what the project would write, and decodes what comes, numbers and ticks unwrapped."""

    board: Board
    decoder: own.OwnDecoder = field(default_factory=lambda: own.OwnDecoder(own.SENSOR.settings()))
    packets: list[tuple[int, Packet]] = field(default_factory=list)  # with the true number of the first sample
    replies: list[Reply] = field(default_factory=list)
    expected: int = 0

    def write(self, *messages: Message) -> None:
        for message in messages:
            self.board.radio.written[message.characteristic].append(message.data)

    def connect(self, rate_hz: float = 100.0, acc_g: float = 8.0, gyr_dps: float = 1000.0, wait_s: float = 0.05) -> None:
        settings = own.SENSOR.settings(rate_hz, acc_g, gyr_dps)
        self.board.radio.link(True)
        self.write(*own.configure(settings))
        self.board.run(wait_s)
        self.decoder.feed(own.INFO, self.board.radio.values[own.INFO])
        self.write(*own.start(settings))
        self.listen(0.3)

    def listen(self, seconds: float, lost: slice = slice(0, 0)) -> None:
        """Let the board run, then take in what it sent, but for the stream packets that the air has lost."""
        self.board.run(seconds)
        came = self.board.radio.received
        gone = [id(data) for uuid, data in came if uuid == own.STREAM][lost]
        for uuid, data in came:
            if uuid == own.CONTROL:
                self.replies += [event for event in self.decoder.feed(uuid, data) if isinstance(event, Reply)]
            elif uuid == own.STREAM and id(data) not in gone:
                self._packet(data)
        came.clear()

    def _packet(self, data: bytes) -> None:
        if data[1] & 2:  # other settings: their scales are in Info
            self.decoder.feed(own.INFO, self.board.radio.values[own.INFO])
        (packet,) = self.decoder.feed(own.STREAM, data)
        assert isinstance(packet, Packet)
        assert packet.index is not None
        first = self.expected + (packet.index.first - self.expected + 2**15) % 2**16 - 2**15
        if Flag.RETRANSMITTED not in packet.flags:
            self.expected = first + len(packet)
        self.packets.append((first, packet))

    def numbers(self) -> list[int]:
        """The numbers of all samples that came, in the order of their coming."""
        return [first + i for first, packet in self.packets for i in range(len(packet))]

    def ticks_s(self) -> Floats:
        """What the first sample of each packet says of its time."""
        return np.array([packet.tick.s for _, packet in self.packets if packet.tick is not None])


def counts(acc_g: float = 8.0, gyr_mdps: float = 35.0) -> Floats:
    """m/s² and rad/s per count of the chip's data sheet, by column."""
    mg = {2.0: 0.061, 8.0: 0.244, 16.0: 0.488}[acc_g]
    return np.repeat([mg * 9.80665e-3, np.radians(gyr_mdps * 1e-3)], 3)


def assert_true_samples(host: Host, scale: Floats, offset: int = 0) -> None:
    """Every sample that came is the one that the chip took under that number."""
    for first, packet in host.packets:
        assert packet.acc is not None
        assert packet.gyr is not None
        truth = np.array([sample(first + offset + i) for i in range(len(packet))]) * scale
        np.testing.assert_allclose(np.hstack([packet.acc, packet.gyr]), truth, rtol=1e-6, atol=1e-9)


def test_it_advertises_so_that_the_project_knows_it() -> None:
    board = Board()
    board.run(0.1)
    ((data, response),) = board.radio.adverts
    uuid = data[5:21][::-1].hex()
    service = f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
    assert data[:5] == bytes((2, 1, 6, 17, 7))
    assert own.SENSOR.recognises(Advertisement(response[2:].decode(), (service,)))
    assert response[2:] == b"IMU-0201"


@pytest.mark.parametrize(("mtu", "most"), [(23, 1), (185, 14), (247, 19)])
def test_a_minute_comes_whole_and_equal_to_what_the_chip_measured(mtu: int, most: int) -> None:
    board = Board(mtu=mtu)
    host = Host(board)
    host.connect()
    host.listen(60)
    assert len(host.numbers()) > 6200
    assert host.numbers() == list(range(len(host.numbers())))
    assert {len(packet) for _, packet in host.packets} == {min(4, most)}
    assert not any(packet.flags for _, packet in host.packets)
    assert_true_samples(host, counts())


@pytest.mark.parametrize("wrong", [-0.03, 0.0, 0.03])
def test_each_tick_is_the_time_at_which_the_chip_took_the_sample(wrong: float) -> None:
    board = Board(wrong=wrong)
    host = Host(board)
    host.connect()
    host.listen(30)
    firsts = [first for first, _ in host.packets]
    error = host.ticks_s() - np.array(board.chip.taken_s)[firsts]
    late = error[host.ticks_s() > 10]
    assert np.abs(late).max() < 1e-3
    assert np.abs(error).max() < 5e-3


def test_numbers_and_ticks_wrap() -> None:
    board = Board(start_s=2**32 * 1e-6 - 20)
    host = Host(board)
    board.tracker.index = board.tracker.oldest = 2**16 - 1000
    host.expected = 2**16 - 1000
    host.connect()
    host.listen(40)
    assert host.numbers() == list(range(2**16 - 1000, 2**16 - 1000 + len(host.numbers())))
    assert host.numbers()[-1] > 2**16 + 2000
    steps = np.diff(host.ticks_s())
    assert np.sum(steps < 0) == 1
    assert np.all(np.abs(np.mod(steps, own.TICK_MODULUS_S) - 4 / 104 / 1.013) < 5e-3)
    assert_true_samples(host, counts(), offset=1000 - 2**16)


def test_what_the_air_lost_is_sent_again_and_is_equal() -> None:
    host = Host(Board())
    host.connect()
    host.listen(10, lost=slice(50, 80))
    gap = next(i for i, number in enumerate(host.numbers()) if number != i)
    missing = host.numbers()[gap] - gap
    assert missing == 30 * 4
    host.write(own.backfill(gap, missing))
    host.listen(5)
    sent_again = [(first, packet) for first, packet in host.packets if Flag.RETRANSMITTED in packet.flags]
    again = [first + i for first, packet in sent_again for i in range(len(packet))]
    assert again == list(range(gap, gap + missing))
    assert sorted(host.numbers()) == list(range(len(host.numbers())))
    assert host.replies[-1] == Reply("backfill", True, {"first": gap, "count": missing})
    assert_true_samples(host, counts())


def test_the_ring_has_4096_samples_and_no_more() -> None:
    host = Host(Board())
    host.connect()
    host.listen(60)
    host.write(own.backfill(0, 65535))
    host.listen(30)
    answer = host.replies[-1].values
    assert answer["count"] == own.RING_SAMPLES
    again = [first for first, packet in host.packets if Flag.RETRANSMITTED in packet.flags]
    assert again[0] >= int(str(answer["first"]))
    assert_true_samples(host, counts())


@pytest.mark.parametrize(
    ("command", "why"),
    [(own.backfill(10**6, 4).data, 3), (b"\x77", 1), (b"\x10\x01", 2), (b"\x01\x01", 2)],
    ids=["not taken yet", "unknown", "too short", "too long"],
)
def test_what_it_cannot_do_is_refused_with_the_reason(command: bytes, why: int) -> None:
    host = Host(Board())
    host.connect()
    host.write(Message(own.CONTROL, command))
    host.listen(0.2)
    assert host.replies[-1] == Reply("refused", False, {"command": command[0], "why": why})


def test_more_requests_than_may_wait_are_refused_and_the_others_are_met() -> None:
    host = Host(Board())
    host.connect()
    host.listen(5)
    for i in range(18):  # one a turn of the loop; they are met more slowly than they come
        host.write(own.backfill(20 * i, 20))
        host.board.run(0.002)
    host.listen(20)
    answers = [reply for reply in host.replies if reply.about != "start"]
    refused = [reply for reply in answers if not reply.ok]
    assert refused
    assert all(reply.values == {"command": own.BACKFILL, "why": 4} for reply in refused)
    again = {first + i for first, packet in host.packets if Flag.RETRANSMITTED in packet.flags for i in range(len(packet))}
    promised = [(int(str(reply.values["first"])), int(str(reply.values["count"]))) for reply in answers if reply.ok]
    assert again == {first + i for first, count in promised for i in range(count)}


def test_what_will_be_sent_again_is_said_before_it_is_sent() -> None:
    host = Host(Board())
    host.connect()
    host.listen(2)
    host.write(own.backfill(40, 30))
    host.board.run(2)
    came = [data for uuid, data in host.board.radio.received if uuid == own.CONTROL or data[1] & 4]
    assert came[0] == own.backfill(40, 30).data
    assert len(came) > 1
    assert all(data[0] == own.STREAM_TYPE for data in came[1:])


def test_a_ping_is_answered_with_its_token_and_the_board_s_time() -> None:
    board = Board()
    host = Host(board)
    host.connect()
    host.write(own.ping(0xCAFEBABE))
    asked_us = board.clock.ns / 1000
    host.listen(0.1)
    reply = host.replies[-1]
    assert (reply.about, reply.values["token"]) == ("ping", 0xCAFEBABE)
    assert 0 <= int(str(reply.values["tick_us"])) - asked_us < 20e3


def test_the_start_s_answer_foretells_the_first_sample() -> None:
    host = Host(Board())
    host.connect()
    host.listen(1)
    values = host.replies[0].values
    first, packet = host.packets[0]
    assert packet.tick is not None
    assert values["index"] == first
    assert abs(int(str(values["tick_us"])) * 1e-6 - packet.tick.s) < 15e-3


def test_other_settings_are_taken_told_and_flagged() -> None:
    board = Board()
    host = Host(board)
    host.connect()
    host.listen(2)
    host.write(*own.configure(own.SENSOR.settings(200.0, 2.0, 2000.0)))
    host.listen(2)
    at = next(i for i, (_, packet) in enumerate(host.packets) if Flag.CONFIG_CHANGED in packet.flags)
    host.packets = host.packets[at:]
    assert not any(Flag.CONFIG_CHANGED in packet.flags for _, packet in host.packets[1:])
    assert len(host.numbers()) > 380
    assert struct.unpack("<IHHB", board.radio.values[own.CONFIG]) == (208000, 2, 2000, 8)
    first, packet = host.packets[0]
    assert packet.acc is not None
    shift = round(packet.acc[0, 0] / counts(2.0)[0]) - first
    assert_true_samples(host, counts(2.0, 70.0), offset=shift)
    host.write(own.backfill(0, 50))
    host.listen(0.2)
    assert not host.replies[-1].ok


def test_info_read_too_early_is_mended_by_the_first_packet() -> None:
    host = Host(Board())
    host.connect(acc_g=16.0, wait_s=0.0)
    host.listen(2)
    assert [Flag.CONFIG_CHANGED in packet.flags for _, packet in host.packets[:3]] == [True, False, False]
    assert_true_samples(host, counts(16.0))


def test_info_reads_as_the_project_expects() -> None:
    (reply,) = own.OwnDecoder(own.SENSOR.settings()).feed(own.INFO, Board().radio.values[own.INFO])
    assert isinstance(reply, Reply)
    assert reply.values == {
        **{"minor": 0, "serial": "0706050403020100", "rate_hz": 104.0, "ring": own.RING_SAMPLES},
        **{"acc_range_g": 8, "gyr_range_dps": 1000},
    }


def test_a_stall_of_two_seconds_loses_nothing() -> None:
    board = Board()
    host = Host(board)
    host.connect()
    host.listen(5)
    board.radio.stall_s = 2.0
    host.listen(5)
    assert host.numbers() == list(range(len(host.numbers())))
    assert max(len(packet) for _, packet in host.packets) == 19
    assert not any(Flag.OVERFLOW in packet.flags for _, packet in host.packets)
    assert_true_samples(host, counts())


def test_a_stall_that_the_chip_cannot_bridge_is_flagged_and_its_samples_are_counted() -> None:
    board = Board()
    host = Host(board)
    host.connect()
    host.listen(20)
    board.radio.stall_s = 6.0
    host.listen(10)
    (at,) = [i for i, (_, packet) in enumerate(host.packets) if Flag.OVERFLOW in packet.flags]
    before, after = host.packets[at - 1], host.packets[at]
    lost = after[0] - before[0] - len(before[1])
    assert abs(lost - 6.0 * 104 * 1.013) < 8
    assert after[1].tick is not None
    assert after[0] == np.searchsorted(board.chip.taken_s, after[1].tick.s - 2e-3)  # so many it had really taken before
    assert before[1].tick is not None
    assert after[1].tick.s - before[1].tick.s == pytest.approx((after[0] - before[0]) / (104 * 1.013), abs=0.015)
    host.write(own.backfill(after[0] - 100, 50))
    host.listen(0.2)
    assert not host.replies[-1].ok


def test_a_lost_link_loses_nothing_that_the_ring_can_hold() -> None:
    board = Board()
    host = Host(board)
    host.connect()
    host.listen(5)
    board.radio.link(False)
    board.run(10)
    assert board.radio.adapter.advertising
    host.connect()
    back = int(str(host.replies[-1].values["index"]))
    missing = sorted(set(range(back)) - set(host.numbers()))
    assert len(missing) > 1000
    host.write(own.backfill(missing[0], len(missing)))
    host.listen(10)
    assert sorted(host.numbers()) == list(range(len(host.numbers())))
    assert_true_samples(host, counts())


def test_left_alone_it_rests_when_the_ring_is_full() -> None:
    board = Board()
    host = Host(board)
    host.connect()
    board.radio.link(False)
    board.run(60)
    assert not board.tracker.running
    assert board.chip.registers[0x10] == board.chip.registers[0x11] == 0


def test_stop_stops_and_is_answered() -> None:
    board = Board()
    host = Host(board)
    host.connect()
    host.write(*own.stop(own.SENSOR.settings()))
    host.listen(0.1)
    host.packets.clear()
    host.listen(1)
    assert host.replies[-1].about == "stop"
    assert not host.packets


def test_a_low_cell_is_flagged_and_told() -> None:
    board = Board()
    host = Host(board)
    host.connect()
    board.volts(3.4)
    host.listen(60)
    assert Flag.LOW_BATTERY not in host.packets[0][1].flags
    assert Flag.LOW_BATTERY in host.packets[-1][1].flags
    assert board.radio.values[BATTERY_LEVEL] == bytes((11,))
