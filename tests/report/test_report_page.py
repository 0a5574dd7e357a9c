"""The report is one page that needs nothing else, says what was measured, and stays whole whatever a session holds."""

from __future__ import annotations

import dataclasses
import itertools
import re

import numpy as np
import pytest
from handmade_sessions import hold, rep, session, squats, steps
from reading_pages import Page

from imu_tracker.report.page import report_html
from imu_tracker.results import DropEvent, Mounting, PelvicDrop, Series, Session

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\u202eabc\x00'


def series_for(one: Session) -> Series:
    """A series in which the pelvis drops in every set, standing on the right."""
    t = np.arange(0.0, one.recording.duration_s, 0.01)
    inside = np.zeros(len(t), bool)
    for s in one.sets:
        inside |= (t >= s.start_s) & (t < s.end_s)
    drop = np.where(inside, 4.0 + 3.0 * np.sin(t), np.nan)
    zeros = np.zeros(len(t), np.int32)
    return Series(t, -drop, np.zeros(len(t)), drop, zeros, zeros)


def an_hour() -> Session:
    """Forty sets of ten reps, each with its drop."""
    sets = []
    for k in range(40):
        reps = tuple(
            dataclasses.replace(r, start_s=r.start_s + 85 * k, turn_s=r.turn_s + 85 * k, end_s=r.end_s + 85 * k)
            for r in squats().reps
        )
        event = DropEvent(40.1 + 85 * k, 40.9 + 85 * k, 8.1, "right", k % 2 == 0)
        drop = dataclasses.replace(squats().pelvic_drop, events=(event,), change_deg=1.0, change_uncertainty_deg=0.8)
        sets.append(dataclasses.replace(squats(), start_s=12.3 + 85 * k, end_s=58.0 + 85 * k, reps=reps, pelvic_drop=drop))
    whole = session(*sets)
    return dataclasses.replace(whole, recording=dataclasses.replace(whole.recording, duration_s=3600.0))


SESSIONS = {
    "nothing": session(),
    "holds only": session(hold()),
    "unresolved": session(steps()),
    "everything": session(squats(), steps(), hold(), notes=("71 samples were lost.",)),
    "an hour": an_hour(),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_a_page_is_well_formed_and_asks_for_nothing(name: str) -> None:
    one = SESSIONS[name]
    html = report_html(one, series_for(one), {"subject": "Kim"}, None)
    page = Page(html)
    assert page.problems == []
    assert "://" not in html
    assert not page.named("script", "link", "img", "iframe", "object", "embed", "form", "base")
    for _, attributes in page.elements:
        assert not {"src", "srcset", "action", "style"} & set(attributes)
        assert not [key for key in attributes if key.startswith("on")]
        assert attributes.get("href", "#").startswith("#")
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize("name", SESSIONS)
def test_headings_tables_and_pictures_are_marked_up_for_those_who_cannot_see_them(name: str) -> None:
    one = SESSIONS[name]
    page = Page(report_html(one, series_for(one)))
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(levels))
    assert len(page.named("caption")) == len(page.named("table"))
    assert all(th["scope"] in ("col", "row") for th in page.named("th"))
    assert all(svg["role"] == "img" and len(svg["aria-label"]) > 20 for svg in page.named("svg"))
    assert [html["lang"] for html in page.named("html")] == ["en"]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in page.named("a")}
    assert targets <= set(ids)


def test_an_hour_of_forty_sets_stays_below_a_megabyte() -> None:
    one = an_hour()
    html = report_html(one, series_for(one))
    assert html.count('<article class="set"') == 40
    assert len(html.encode()) < 1_000_000


def test_the_same_session_gives_the_same_page() -> None:
    one = SESSIONS["everything"]
    assert report_html(one, series_for(one), {"subject": "Kim"}) == report_html(one, series_for(one), {"subject": "Kim"})


def test_a_hostile_session_stays_text() -> None:
    evil = dataclasses.replace(
        squats(),
        exercise=HOSTILE,
        alternatives=((HOSTILE, 0.3),),
        unresolved={HOSTILE: HOSTILE},
        pelvic_drop=PelvicDrop(False, HOSTILE),
        cues=(dataclasses.replace(squats().cues[0], cue=HOSTILE),),
    )
    one = dataclasses.replace(session(evil, steps(), notes=(HOSTILE,)), mounting=Mounting(reason=HOSTILE))
    info = one.recording.placements["pelvis"]
    one = dataclasses.replace(one, recording=dataclasses.replace(one.recording, placements={HOSTILE: info}))
    html = report_html(one, series_for(one), {"title": HOSTILE, "subject": HOSTILE, HOSTILE: HOSTILE}, one, {1: HOSTILE})
    page = Page(html)
    assert page.problems == []
    assert not page.named("script", "img")
    assert "alert(1)" in page.words()
    assert "\u202e" not in html
    assert "\x00" not in html


def test_the_summary_says_what_was_done_in_plain_words() -> None:
    one = SESSIONS["everything"]
    said = Page(report_html(one, series_for(one))).words()
    assert (
        "You did 3 sets in 3 min 33 s: single leg squat (10 reps, 10 right), unknown exercise (24 steps, 12 left, 12 right)"
        in said
    )
    assert "dropped past 5° once; the most was 8.1° ± 1.2°, in set 1" in said
    assert "In set 1 the movement got smaller towards the end." in said
    assert "In sets 2 and 3 how far your pelvis drops could not be measured" in said
    assert "This is not a medical device" in said
    assert "expect it to be off by about 3°" in said


def test_what_cannot_be_trusted_is_named() -> None:
    said = Page(report_html(SESSIONS["everything"])).words()
    assert "nothing is known of 0.7 s in gaps" in said
    assert "times were told from the packets' arrival" in said
    assert "The exercise's name is a guess in set 1." in said
    assert "2 reps may be none: 9 of set 1 and 5 of set 2." in said
    assert "1 rep went only part of the way, and count all the same: 10 of set 1." in said
    assert "71 samples were lost." in said


def test_nothing_found_says_so_and_what_to_try() -> None:
    page = Page(report_html(SESSIONS["nothing"]))
    assert "No set was found" in page.words()
    assert len(page.named("table")) == 1  # what the sensors delivered
    assert not page.named("svg")


def test_a_hold_has_its_drop_over_time_and_no_panels_of_reps() -> None:
    resolved = dataclasses.replace(hold(), pelvic_drop=PelvicDrop(True, None, 5.0, 7.0))
    one = session(resolved)
    page = Page(report_html(one, series_for(one)))
    assert [svg["aria-label"] for svg in page.named("svg")] == ["Pelvic drop over the set: highest 7.0°, 0 times past 5°."]
    assert not page.named("details")


def test_without_a_series_the_rest_of_the_report_is_there() -> None:
    one = session(squats())
    titles = [said for tag, said in Page(report_html(one)).texts if tag == "b"]
    assert titles == ["Tempo, s", "Range, °", "Pelvic drop, °"]


def test_what_the_person_said_of_a_set_stands_in_its_row() -> None:
    one = session(squats(), hold())
    assert "10 kg, effort 7, pain 2" in Page(report_html(one, said={1: "10 kg, effort 7, pain 2"})).words()


def test_a_fade_that_is_uneven_is_called_steady() -> None:
    uneven = [rep(12.3 + 4.4 * i, range_deg=61.0 - 14.0 * (i % 2)) for i in range(10)]
    one = session(dataclasses.replace(squats(), reps=tuple(uneven)))
    said = Page(report_html(one)).words()
    assert "26 % less" not in said
    assert "got smaller towards the end" not in said


def test_a_drop_that_changed_by_less_than_its_uncertainty_is_no_change() -> None:
    drop = dataclasses.replace(squats().pelvic_drop, change_deg=1.5, change_uncertainty_deg=1.6)
    said = Page(report_html(session(dataclasses.replace(squats(), pelvic_drop=drop)))).words()
    assert "Within a set the drop did not grow, as far as can be told." in said
    assert "1.5°" not in said
    drop = dataclasses.replace(drop, change_uncertainty_deg=1.4)
    said = Page(report_html(session(dataclasses.replace(squats(), pelvic_drop=drop)))).words()
    assert "In set 1 the pelvis dropped more towards the end" in said
    assert "1.5° more (± 1.4°)" in said
