"""Sample times over a simulated link: right, rising, gaps told to the sample, nothing lost when a sensor begins anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from link import Heard, Link, Sent, error, hear, quiet

from imu_tracker.errors import SamplesError
from imu_tracker.ingest.clock import Gap, SampleClock
from imu_tracker.ingest.refining import Refined, refine
from imu_tracker.sensors.base import Flag, Index, Packet, Tick

SHORT = Link(seconds=60.0, stalls=((20.0, 3.0),), loss=0.02)
MARKED = {
    "index": Link(),
    "index and tick": Link(marks="both", seed=1, loss=0.02),
    "tick of the first sample, µs": Link(marks="tick", seed=2),
    "tick of the last sample, ms": Link(marks="tick", seed=3, tick_first=False, tick_step_s=1e-3),
    "one sample a packet, tick in ms": Link(marks="tick", seed=4, batch=1, seconds=300, tick_step_s=1e-3),
    "a slow crystal": Link(ppm=-80, seed=5),
    "a rate off by 0.7 %": Link(ppm=7000, seed=6),
    "a short counter": Link(modulus=4096, seed=7),
}


def gaps_of(heard: Heard) -> list[Gap]:
    return [g for x in heard.timed for g in x.gaps]


def refined(heard: Heard, link: Link) -> Refined:
    by = {"index": "index", "both": "index", "tick": "tick", "none": None}[link.marks]
    segment, number = heard.column("segment").astype(np.int64), heard.column("number").astype(np.int64)
    return refine(segment, number, heard.column("device_s"), heard.arrival_s, link.rate_hz, by)  # type: ignore[arg-type]


def holes_in(samples: np.ndarray) -> list[tuple[int, int]]:
    """Truth: (samples heard before the hole, samples lost in it)."""
    steps = np.diff(samples)
    return [(int(i), int(steps[i]) - 1) for i in np.flatnonzero(steps > 1)]


@pytest.mark.parametrize("link", MARKED.values(), ids=MARKED.keys())
def test_with_index_or_tick_times_are_right_and_every_gap_is_told_to_the_sample(link: Link) -> None:
    heard = hear(link.packets(), link.rate_hz)
    true = link.taken()[heard.sample.astype(int)]
    t = heard.column("t")
    assert np.all(np.diff(t) > 0)
    assert np.quantile(error(t, true), 0.99) < 0.005
    number = heard.column("number")
    assert np.array_equal(number - number[0], heard.sample - heard.sample[0])
    assert [g.lost for g in gaps_of(heard)] == [lost for _, lost in holes_in(heard.sample)]

    after = refined(heard, link)
    assert np.array_equal(after.order, np.arange(len(t)))
    assert np.all(np.diff(after.timing.t) > 0)
    assert error(after.timing.t, true).max() < 0.001
    assert [(g.after - number[0], g.lost) for g in after.gaps] == [
        (heard.sample[i] - heard.sample[0], lost) for i, lost in holes_in(heard.sample)
    ]
    assert after.timing.lost == sum(lost for _, lost in holes_in(heard.sample))
    assert after.timing.timestamps == "sensor"


POLAR = Link(marks="tick", rate_hz=52.0, batch=36, tick_first=False, tick_modulus_s=None, tick_start_s=7.9e8)


@pytest.mark.parametrize("seed", [1, 100, 106, 200, 203])
def test_frames_of_36_samples_as_polar_sends_them_keep_their_times(seed: int) -> None:
    link = replace(POLAR, seed=seed)
    heard = hear(link.packets(), link.rate_hz)
    true = link.taken()[heard.sample.astype(int)]
    off = error(heard.column("t"), true)
    found = true > true[0] + 30.0  # 1.4 packets a second: it takes that long until some were on time
    assert np.quantile(off[found], 0.99) < 0.005
    assert np.quantile(off, 0.99) < 0.012
    assert error(refined(heard, link).timing.t, true).max() < 0.001
    assert [g.lost for g in gaps_of(heard)] == [lost for _, lost in holes_in(heard.sample)]


@pytest.mark.parametrize("seconds", [10.0, 20.0, 30.0, 59.0])
@pytest.mark.parametrize("link", [Link(), Link(ppm=7000.0), POLAR], ids=["dense", "a rate off by 0.7 %", "as Polar"])
def test_recordings_under_a_minute_are_refined_as_far_as_their_drift_shows(link: Link, seconds: float) -> None:
    for seed in range(300, 304):
        short = replace(link, seconds=seconds, seed=seed, stalls=())
        heard = hear(short.packets(), short.rate_hz)
        true = short.taken()[heard.sample.astype(int)]
        assert np.quantile(error(refined(heard, short).timing.t, true), 0.99) < 0.0035


def test_an_oscillator_that_warms_up_is_followed() -> None:
    link = quiet(Link())
    warming = [replace(s, arrival_s=s.arrival_s + 3e-7 * (0.01 * s.samples[0]) ** 2 / 2) for s in link.packets()]
    heard = hear(warming, link.rate_hz)
    true = link.taken() + 3e-7 * (0.01 * np.arange(len(link.taken()))) ** 2 / 2  # 54 ms over the ten minutes
    assert np.quantile(error(heard.column("t"), true), 0.99) < 0.005
    assert np.quantile(error(refined(heard, link).timing.t, true), 0.99) < 0.005


@pytest.mark.parametrize(("loss", "running", "after"), [(0.0, 0.005, 0.005), (0.001, 0.06, 0.04), (0.01, 0.12, 0.08)])
def test_with_neither_times_are_spread_behind_the_arrivals(loss: float, running: float, after: float) -> None:
    link = Link(marks="none", loss=loss, seed=1)
    heard = hear(link.packets(), link.rate_hz)
    true = link.taken()[heard.sample.astype(int)]
    assert np.all(np.diff(heard.column("t")) > 0)
    assert np.quantile(error(heard.column("t"), true), 0.99) < running
    done = refined(heard, link)
    assert np.quantile(error(done.timing.t, true), 0.99) < after
    assert done.timing.timestamps == "arrival"
    late = heard.arrival_s - heard.column("t")
    assert np.mean(late > -0.01) > 0.98  # behind the arrivals
    steps = np.diff(heard.column("t"))
    assert np.quantile(steps, 0.01) > 0.005  # never bunched
    assert np.mean(np.diff(heard.arrival_s) == 0) > 0.7  # as the arrivals are


def test_with_neither_a_deficit_above_200_ms_is_told_and_a_stall_is_not() -> None:
    link = Link(marks="none", loss=0.0, stalls=((100.0, 3.0),))
    holes = {5000: 30, 30000: 112, 45000: 500}
    sent = [s for s in link.packets() if not any(a <= s.samples[0] < a + n for a, n in holes.items())]
    heard = hear(sent, link.rate_hz)
    found = gaps_of(heard)
    truth = holes_in(heard.sample)
    assert [g.by for g in found] == ["deficit"] * 3
    assert [g.lost for g in found] == pytest.approx([lost for _, lost in truth], abs=2)
    for gap, (i, _) in zip(found, truth, strict=True):
        assert gap.start_s == pytest.approx(link.taken()[int(heard.sample[i])] + link.latency_s, abs=0.06)
        assert 190 <= gap.noticed - gap.after <= 220  # two seconds later: a backlog may still come until then
    done = refined(heard, link)
    assert [cut for _, cut in done.timing.pieces[:-1]] == [i + 1 for i, _ in truth]
    assert np.quantile(error(done.timing.t, link.taken()[heard.sample.astype(int)]), 0.99) < 0.02


@pytest.mark.parametrize("loss", [0.0, 0.001, 0.01])
@pytest.mark.parametrize("lost", [21, 24, 33])
def test_with_neither_no_deficit_above_200_ms_goes_unreported(loss: float, lost: int) -> None:
    for seed in range(3):
        link = Link(marks="none", batch=3, loss=loss, seed=seed, seconds=150.0, stalls=((60.0, 3.0),))
        holes = [3000 + 42 * seed, 9999 + 42 * seed]
        heard = hear([s for s in link.packets() if not any(a <= s.samples[0] < a + lost for a in holes)], link.rate_hz)
        starts = [gap.start_s for gap in gaps_of(heard)]
        for hole in holes:
            assert any(abs(start - link.taken()[hole]) < 1.0 for start in starts)


def lost_between(link: Link, *spans: tuple[float, float]) -> list[Sent]:
    """What arrives where nothing sent in these spans does, s from the beginning."""
    taken = link.taken() - link.begin_s
    return [s for s in link.packets() if not any(a <= taken[s.samples[0]] < b for a, b in spans)]


@pytest.mark.parametrize("spans", [((20.0, 22.0), (22.8, 25.0)), ((20.0, 20.5), (21.0, 51.0)), ((20.0, 30.0), (30.5, 30.9))])
def test_with_neither_losses_that_follow_each_other_closely_lie_where_each_was(spans: tuple[tuple[float, float], ...]) -> None:
    link = replace(quiet(Link(marks="none", seconds=90.0)), retry=0.0)
    heard = hear(lost_between(link, *spans), link.rate_hz)
    true = link.taken()[heard.sample.astype(int)]
    timing = refined(heard, link).timing
    assert error(timing.t, true).max() < 0.1
    assert [a for a, _ in timing.pieces[1:]] == [i + 1 for i, _ in holes_in(heard.sample)]
    assert [g.lost for g in gaps_of(heard)] == pytest.approx([lost for _, lost in holes_in(heard.sample)], abs=6)


def test_with_neither_a_loss_just_before_the_connection_broke_is_told_when_all_is_over() -> None:
    link = replace(quiet(Link(marks="none", seconds=90.0)), retry=0.0)
    sent = lost_between(link, (20.0, 24.0), (25.0, 60.0))
    heard = hear(sent, link.rate_hz)
    true = link.taken()[heard.sample.astype(int)]
    segment = (true > link.begin_s + 30.0).astype(np.int64)  # the connection was made anew
    timing = refine(segment, np.arange(len(true)), heard.column("device_s"), heard.arrival_s, link.rate_hz, None).timing
    assert error(timing.t, true).max() < 0.1
    assert len(timing.pieces) == 3


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_a_few_late_packets_between_long_absences_keep_their_ticks_times(seed: int) -> None:
    """As Polar sends them: the few would draw a line of any slope."""
    link = replace(POLAR, seconds=400.0, seed=seed, loss=0.05, retry=0.5, stalls=((203.0, 1.0),))
    heard = hear(lost_between(link, (60.0, 160.0), (163.0, 200.0)), link.rate_hz)
    true = link.taken()[heard.sample.astype(int)]
    assert error(refined(heard, link).timing.t, true).max() < 0.02


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_a_few_late_packets_behind_a_long_absence_draw_no_line(seed: int) -> None:
    """Half a second of samples that the machine took in two seconds late, and nothing for a minute before it."""
    link = Link(seconds=160.5, seed=seed, stalls=((160.0, 2.5),))
    heard = hear(lost_between(link, (100.0, 160.0)), link.rate_hz)
    true = link.taken()[heard.sample.astype(int)]
    assert heard.arrival_s[-1] - true[-1] > 1.5
    assert error(refined(heard, link).timing.t, true).max() < 0.01


@pytest.mark.parametrize("seed", [0, 3, 9])
def test_few_packets_between_absences_are_not_a_clock_that_runs_unsteadily(seed: int) -> None:
    link = replace(POLAR, seed=seed, loss=0.05, retry=0.5, stalls=())
    heard = hear(lost_between(link, *((50.0 * k + 20.0, 50.0 * k + 40.0) for k in range(12))), link.rate_hz)
    found = refined(heard, link)
    assert error(found.timing.t, link.taken()[heard.sample.astype(int)]).max() < 0.002
    assert (found.timing.t <= heard.arrival_s[found.order] + 1e-9).all()  # no sample is later than it came


def test_samples_sent_again_are_placed_at_their_index() -> None:
    link = replace(SHORT, stalls=())
    whole = replace(link, loss=0.0).packets()
    got = {s.samples[0] for s in link.packets()}
    sent: list[Sent] = []
    for s in whole:
        if s.samples[0] in got:
            sent.append(s)
        again = s.samples[0] - 1000
        if again >= 0 and again not in got:  # ten seconds later, in the same connection event
            old = next(x for x in whole if x.samples[0] == again)
            sent.append(replace(old, arrival_s=s.arrival_s, resent=True))
    heard = hear(sent, link.rate_hz)
    number = heard.column("number")
    assert np.array_equal(number - number[0], heard.sample - heard.sample[0])
    assert heard.column("new").all()
    true = link.taken()[heard.sample.astype(int)]
    late = ~heard.column("in_order").astype(bool) & (heard.sample > 300)  # the first seconds are still finding the edge
    assert late.sum() > 50
    assert error(heard.column("t"), true)[late].max() < 0.01
    done = refined(heard, link)
    assert np.array_equal(heard.sample[done.order], np.sort(heard.sample))
    assert np.all(np.diff(done.timing.t) > 0)
    assert done.timing.lost == len(link.taken()) - len(set(heard.sample.tolist())) - (len(link.taken()) - 1 - heard.sample.max())


@pytest.mark.parametrize("marks", ["index", "tick", "both"])
def test_repeated_and_overtaken_packets_are_each_used_once(marks: str) -> None:
    sent = replace(quiet(SHORT), marks=marks).packets()
    doubled = [x for i, s in enumerate(sent) for x in ([s, s] if i % 50 == 20 else [s])]
    for i in range(100, len(doubled) - 1, 97):
        a, b = doubled[i], doubled[i + 1]
        doubled[i], doubled[i + 1] = replace(b, arrival_s=a.arrival_s), replace(a, arrival_s=b.arrival_s)
    heard = hear(doubled, 100.0)
    done = refined(heard, replace(SHORT, marks=marks))
    assert np.array_equal(heard.sample[done.order], np.arange(len(SHORT.taken())))
    assert heard.column("new").sum() == len(SHORT.taken())
    assert done.gaps == ()
    assert heard.timed[-1].segment == 0


@pytest.mark.parametrize("marks", ["index", "tick", "both"])
def test_a_counter_or_clock_that_begins_anew_makes_a_segment_and_loses_nothing(marks: str) -> None:
    link = replace(SHORT, marks=marks, resets=(1501, 4000), seconds=120.0, loss=0.0)
    heard = hear(link.packets(), link.rate_hz)
    anew = [g for g in gaps_of(heard) if g.by == "reset"]
    assert [g.segment for g in anew] == [1, 2]
    assert all(g.lost <= 15 for g in anew)  # an estimate by arrivals, which may be late by a few intervals
    assert heard.column("new").all()
    segment = heard.column("segment")
    assert [int(np.sum(segment == k)) for k in range(3)] == [1501, 2499, 8000]
    assert np.all(np.diff(heard.column("t")) > 0)
    done = refined(heard, link)
    assert len(done.order) == 12000
    assert error(done.timing.t, link.taken()).max() < 0.006  # short segments don't see the link's least latency exactly
    assert len(done.timing.pieces) == 3


@pytest.mark.parametrize("away_s", [3.0, 25.0, 700.0])
def test_a_counter_that_went_on_during_a_disconnection_tells_the_gap_to_the_sample(away_s: float) -> None:
    link = replace(quiet(Link()), seconds=away_s + 60.0)  # 700 s is more than the counter's 655
    lost = round(away_s * 100)
    sent = [s for s in link.packets() if not 2000 <= s.samples[0] < 2000 + lost]
    heard = hear(sent, link.rate_hz)
    assert [(g.by, g.lost) for g in gaps_of(heard)] == [("index", lost)]
    assert heard.timed[-1].segment == 0


def test_a_counter_that_contradicts_the_tick_began_anew() -> None:
    clock = SampleClock(100.0)
    for k in range(100):
        clock.place(4, Index(4 * k, 65536), Tick(0.04 * k, "first", 4294.967296), 0.04 * k + 0.05)
    after = clock.place(4, Index(700, 65536), Tick(900.0, "first", 4294.967296), 7.05)
    assert after.segment == 1
    assert after.gaps[0].by == "reset"


def test_several_sensors_meet_on_the_receivers_clock() -> None:
    a, b = Link(ppm=80, seed=1), Link(ppm=-60, seed=2, marks="tick", rate_hz=52.0, batch=8)
    times = [refined(hear(x.packets(), x.rate_hz), x).timing.t for x in (a, b)]
    for link, t in zip((a, b), times, strict=True):
        samples = hear(link.packets(), link.rate_hz).sample.astype(int)
        late = t - link.taken()[samples]
        assert 0.02 < np.median(late) < 0.03  # the link's least latency, and no more
        assert np.ptp(late) < 0.002


def test_what_is_missing_can_be_asked_for() -> None:
    clock = SampleClock(100.0)
    clock.place(4, Index(65530, 65536), None, 1.0)
    clock.place(4, Index(2, 65536), None, 1.08)
    assert list(clock.missing) == [(65534, 65538)]
    came = clock.place(2, Index(65535, 65536), None, 1.2, resent=True)
    assert came.number.tolist() == [65535, 65536]
    assert came.new.all()
    assert not came.in_order
    assert list(clock.missing) == [(65534, 65535), (65537, 65538)]
    assert not clock.place(2, Index(65535, 65536), None, 1.3, resent=True).new.any()


def test_a_decoders_packet_goes_in_as_it_is() -> None:
    rows = np.zeros((4, 3))
    clock = SampleClock(100.0)
    first = clock.add(Packet(rows, rows, Index(0, 65536)), 5.0)
    again = clock.add(Packet(rows, rows, Index(0, 65536), flags=frozenset({Flag.RETRANSMITTED})), 5.1)
    assert first.t == pytest.approx([4.97, 4.98, 4.99, 5.0])
    assert again.t == pytest.approx(first.t)
    assert len(clock.add(Packet(rows[:0], rows[:0]), 5.2).t) == 0


def test_a_recording_of_one_sample_is_refused() -> None:
    one = np.zeros(1, np.int64)
    with pytest.raises(SamplesError, match="at least 2"):
        refine(one, one, np.zeros(1), np.zeros(1), 100.0, "index")


links = st.builds(
    Link,
    seconds=st.just(20.0),
    rate_hz=st.sampled_from([26.0, 50.0, 100.0, 208.0]),
    batch=st.integers(1, 12),
    ppm=st.floats(-8000, 8000),
    interval_s=st.sampled_from([0.0075, 0.03, 0.045, 0.1]),
    loss=st.sampled_from([0.0, 0.02, 0.2]),
    stalls=st.lists(st.tuples(st.floats(1, 15), st.floats(0.1, 3.0)), max_size=2).map(tuple),
    marks=st.sampled_from(["index", "tick", "both", "none"]),
    modulus=st.sampled_from([1024, 4096, 65536, 2**32]),
    first=st.integers(0, 2**32 - 1),
    tick_first=st.booleans(),
    tick_step_s=st.sampled_from([1e-6, 1e-3]),
    tick_start_s=st.floats(0, 5000),
    seed=st.integers(0, 1000),
)


@settings(max_examples=40, deadline=None)
@given(link=links)
def test_times_always_rise_and_nothing_is_dropped(link: Link) -> None:
    sent = link.packets()
    heard = hear(sent, link.rate_hz)
    t = heard.column("t")
    assert len(t) == len(heard.sample)
    assert np.all(np.isfinite(t))
    assert np.all(np.diff(t) > 0)
    assert heard.column("new").all()
    done = refined(heard, link)
    assert len(done.order) == len(t)
    assert np.all(np.diff(done.timing.t) > 0)


@settings(max_examples=25, deadline=None)
@given(first=st.integers(0, 65535), tick=st.floats(0, 4294.9), marks=st.sampled_from(["index", "tick", "both"]))
def test_it_does_not_matter_where_the_counters_wrap(first: int, tick: float, marks: str) -> None:
    link = replace(SHORT, seconds=30.0, marks=marks)
    plain = hear(replace(link, first=0, tick_start_s=1.0).packets(), 100.0)
    wrapped = hear(replace(link, first=first, tick_start_s=tick).packets(), 100.0)
    assert wrapped.timed[-1].segment == 0
    assert [g.lost for g in gaps_of(wrapped)] == [g.lost for g in gaps_of(plain)]
    assert wrapped.column("t") == pytest.approx(plain.column("t"), abs=1e-3)  # ticks rounded otherwise


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(1, 18), min_size=1, max_size=8), seed=st.integers(0, 50))
def test_the_blocks_in_which_samples_come_do_not_change_settled_times(cuts: list[int], seed: int) -> None:
    link = replace(SHORT, seconds=30.0, batch=19, seed=seed)
    whole = link.packets()
    parts = []
    for i, s in enumerate(whole):
        k = min(cuts[i % len(cuts)], len(s.samples) - 1)
        for a, b in ((0, k), (k, len(s.samples))):
            if a < b:
                assert s.index is not None
                parts.append(replace(s, samples=s.samples[a:b], index=Index((s.index.first + a) % 65536, 65536)))
    one, other = hear(whole, 100.0), hear(parts, 100.0)
    assert np.array_equal(one.sample, other.sample)
    settled = one.sample > one.sample[0] + 300  # the beginning is told from the first packet alone
    assert one.column("t")[settled] == pytest.approx(other.column("t")[settled], abs=1e-9)
    assert refined(one, link).timing.t == pytest.approx(refined(other, link).timing.t, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(
    packets=st.lists(
        st.tuples(
            st.integers(0, 20), st.none() | st.integers(0, 65535), st.none() | st.floats(0, 5000), st.floats(0, 50), st.booleans()
        ),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_a_sensor_claims_no_sample_is_dropped_and_times_in_order_rise(
    packets: list[tuple[int, int | None, float | None, float, bool]],
) -> None:
    clock, arrival, last = SampleClock(100.0), 100.0, -np.inf
    for n, index, tick, wait, resent in packets:
        arrival += wait
        marks = (None if index is None else Index(index, 65536), None if tick is None else Tick(tick, "first", 4294.967296))
        timed = clock.place(n, *marks, arrival, resent)
        assert len(timed.t) == n
        assert np.all(np.isfinite(timed.t))
        if timed.in_order and n:
            assert timed.t[0] > last
            assert np.all(np.diff(timed.t) > 0)
            last = float(timed.t[-1])


def test_a_tick_that_overlaps_what_came_without_one_does_not_turn_the_order_round() -> None:
    clock, zero = SampleClock(100.0), Tick(0.0, "first", 4294.967296)
    times = [clock.place(n, None, tick, 100.0).t for n, tick in ((6, zero), (2, None), (7, zero), (1, None))]
    newest = [t[-1] for t in times]
    assert newest == sorted(newest)
