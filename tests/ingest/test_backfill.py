"""Holes in a numbered stream: found to the sample, asked for, closed or given up, nothing handed on twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imu_tracker.ingest.backfill import Asking, Gaps
from imu_tracker.sensors.base import Index, Packet, Tick

MODULUS = 2**16
RATE_HZ = 100.0


def packet(first: int, n: int = 4) -> Packet:
    """Samples whose acc x is their full count."""
    acc = np.column_stack([np.arange(first, first + n), np.zeros((n, 2))]).astype(float)
    return Packet(acc, acc, Index(first % MODULUS, MODULUS), Tick(first / RATE_HZ, "first", 2**32 * 1e-6))


def counts(packets: list[Packet]) -> list[int]:
    return [int(x) for p in packets if p.acc is not None for x in p.acc[:, 0]]


def test_what_comes_in_order_passes_unchanged() -> None:
    gaps = Gaps(RATE_HZ)
    first, second = packet(0), packet(4)
    assert gaps.add(first, 0.0) == [first]
    assert gaps.add(second, 0.04) == [second]
    assert (gaps.open, gaps.due(0.1)) == (False, None)


def test_a_packet_without_an_index_passes_as_it_is() -> None:
    bare = Packet(np.zeros((2, 3)), None)
    assert Gaps(RATE_HZ).add(bare, 0.0) == [bare]


def test_a_hole_is_asked_for_and_closed() -> None:
    gaps = Gaps(RATE_HZ)
    gaps.add(packet(0), 0.0)
    gaps.add(packet(12), 0.1)
    assert gaps.due(0.1) == (4, 8)
    assert gaps.due(0.2) is None, "an answer is awaited"
    assert counts(gaps.add(packet(4, 8), 0.2)) == list(range(4, 12))
    assert (gaps.open, gaps.restored, gaps.take_given_up()) == (False, 8, [])


def test_a_packet_that_overlaps_what_is_there_is_cut_with_its_index_and_tick() -> None:
    gaps = Gaps(RATE_HZ)
    gaps.add(packet(0), 0.0)
    gaps.add(packet(8), 0.1)
    (part,) = gaps.add(packet(2, 8), 0.2)
    assert counts([part]) == [4, 5, 6, 7]
    assert part.index == Index(4, MODULUS)
    assert part.tick is not None
    assert part.tick.s == pytest.approx(0.04)


def test_what_comes_twice_is_handed_on_once() -> None:
    gaps = Gaps(RATE_HZ)
    gaps.add(packet(0), 0.0)
    assert gaps.add(packet(0), 0.1) == []


def test_a_hole_that_stays_is_asked_for_again_and_then_given_up() -> None:
    gaps = Gaps(RATE_HZ, Asking(wait_s=0.5, tries=3))
    gaps.add(packet(0), 0.0)
    gaps.add(packet(8), 0.1)
    asked = [gaps.due(0.1 + 0.6 * i) for i in range(5)]
    assert asked == [(4, 4)] * 3 + [None, None]
    assert gaps.take_given_up() == [(4, 4)]
    assert gaps.take_given_up() == []


def test_while_what_was_asked_for_is_coming_it_is_not_asked_for_again() -> None:
    gaps = Gaps(RATE_HZ, Asking(wait_s=0.5))
    gaps.add(packet(0), 0.0)
    gaps.add(packet(104), 1.0)
    assert gaps.due(1.0) == (4, 100)
    for i in range(99):  # one sample a packet, 45 ms each
        now_s = 1.1 + 0.045 * i
        assert counts(gaps.add(packet(4 + i, 1), now_s)) == [4 + i]
        assert gaps.due(now_s + 0.04) is None
    assert gaps.due(now_s + 0.6) == (103, 1)


def test_the_rate_that_the_sensor_says_tells_a_new_count_from_an_old() -> None:
    for rate_hz, went_on in ((200.0, True), (100.0, False)):
        gaps = Gaps(100.0)
        gaps.at_rate(rate_hz)
        gaps.add(packet(0), 0.0)
        gaps.started(2004, 10.0)
        gaps.add(packet(2004), 10.0)
        assert gaps.open == went_on


def test_what_the_sensor_says_it_no_longer_has_is_given_up_at_once() -> None:
    gaps = Gaps(RATE_HZ)
    gaps.add(packet(0), 0.0)
    gaps.add(packet(104), 1.0)
    assert gaps.due(1.0) == (4, 100)
    gaps.answered(60, 44)
    assert gaps.take_given_up() == [(4, 56)]
    assert counts(gaps.add(packet(60, 44), 1.1)) == list(range(60, 104))
    assert not gaps.open


def test_what_the_sensor_refuses_is_given_up_at_once() -> None:
    gaps = Gaps(RATE_HZ)
    gaps.refused()
    gaps.add(packet(0), 0.0)
    gaps.add(packet(8), 0.1)
    assert gaps.due(0.1) == (4, 4)
    gaps.refused()
    assert (gaps.open, gaps.take_given_up()) == (False, [(4, 4)])


def test_a_late_answer_to_an_older_question_gives_nothing_up() -> None:
    gaps = Gaps(RATE_HZ)
    gaps.add(packet(0), 0.0)
    gaps.add(packet(8), 0.1)
    gaps.add(packet(50), 0.2)
    assert gaps.due(0.2) == (4, 4)
    gaps.add(packet(4), 0.3)
    assert gaps.due(0.3) == (12, 38)
    gaps.answered(4, 4)
    assert gaps.take_given_up() == []


def test_a_long_hole_is_asked_for_piece_by_piece() -> None:
    gaps = Gaps(RATE_HZ, Asking(at_once=100))
    gaps.add(packet(0), 0.0)
    gaps.add(packet(254), 2.5)
    asked = []
    while (request := gaps.due(2.5)) is not None:
        asked.append(request)
        gaps.add(packet(*request), 2.5)
    assert asked == [(4, 100), (104, 100), (204, 50)]


def test_counting_goes_on_past_the_index_s_end_and_requests_carry_the_full_count() -> None:
    gaps = Gaps(RATE_HZ)
    gaps.started(3 * MODULUS - 6, 0.0)
    gaps.add(packet(3 * MODULUS - 6), 0.0)
    gaps.add(packet(3 * MODULUS + 4), 0.1)
    assert gaps.due(0.1) == (3 * MODULUS - 2, 6)


def test_after_a_pause_the_same_count_goes_on_and_the_pause_is_a_hole() -> None:
    gaps = Gaps(RATE_HZ)
    gaps.add(packet(0), 0.0)
    gaps.started(1000, 10.0)
    gaps.add(packet(1000), 10.1)
    assert gaps.due(10.1) == (4, 128)


@pytest.mark.parametrize("count", [0, 5000])
def test_a_sensor_that_was_switched_off_meanwhile_begins_anew(count: int) -> None:
    gaps = Gaps(RATE_HZ)
    gaps.add(packet(0), 0.0)
    gaps.add(packet(8), 0.1)
    gaps.started(count, 10.0)
    assert gaps.take_given_up() == [(4, 4)], "nobody has it any more"
    assert counts(gaps.add(packet(count), 10.1)) == list(range(count, count + 4))
    assert not gaps.open


@given(
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=60),
    kept=st.lists(st.booleans(), min_size=60, max_size=60),
    answers=st.lists(st.sampled_from(["whole", "part", "none"]), min_size=200, max_size=200),
    begin=st.integers(0, 3 * MODULUS),
)
def test_every_sample_is_handed_on_once_or_reported_once(
    sizes: list[int], kept: list[bool], answers: list[str], begin: int
) -> None:
    gaps, got, at, now_s = Gaps(RATE_HZ), [], begin, 0.0
    gaps.started(begin, 0.0)
    got += counts(gaps.add(packet(begin, 1), 0.0))
    at, answer = begin + 1, iter(answers)
    for size, arrives in zip(sizes, kept, strict=False):
        if arrives:
            got += counts(gaps.add(packet(at, size), now_s))
        at, now_s = at + size, now_s + size / RATE_HZ
        if (request := gaps.due(now_s)) is not None and (how := next(answer)) != "none":
            first, count = request
            got += counts(gaps.add(packet(first, count if how == "whole" else (count + 1) // 2), now_s))
    got += counts(gaps.add(packet(at, 1), now_s))
    gaps.abandon()
    given_up = [c for first, n in gaps.take_given_up() for c in range(first, first + n)]
    assert sorted(got + given_up) == list(range(begin, at + 1))
