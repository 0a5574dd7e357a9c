"""What is said of a session: its JSON, and whose set it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept_sessions import a_rep, a_set

from imu_tracker.session.said import Said, SaidError, SetSaid, from_json, to_json

FIRST = a_set([a_rep(10.0), a_rep(12.0)])
SECOND = a_set([a_rep(40.0), a_rep(42.0)])

words = st.none() | st.text(max_size=20)
degrees = st.none() | st.integers(0, 10)
sets = st.builds(SetSaid, st.floats(0.0, 4000.0), words, degrees, degrees, words)


@given(words, st.lists(sets, max_size=5))
def test_words_survive_their_json(note: str | None, said: list[SetSaid]) -> None:
    written = Said(note, tuple(sorted(said, key=lambda s: s.at_s)))
    assert from_json(to_json(written)) == written


def test_words_belong_to_the_set_around_their_time_also_when_sets_have_other_ends() -> None:
    said = Said().with_set(SECOND, effort=7).with_set(FIRST, load="10 kg").with_set(SECOND, pain=1)
    assert [s.at_s for s in said.sets] == [12.0, 42.0]
    assert said.of(SECOND) == SetSaid(42.0, effort=7, pain=1)
    longer = a_set([a_rep(38.0), a_rep(44.0)])
    assert said.of(longer) == said.of(SECOND)
    assert said.of(a_set([a_rep(50.0)])) is None


def test_what_is_taken_back_is_gone() -> None:
    said = Said().with_set(FIRST, effort=7, note="hard")
    assert said.with_set(FIRST, effort=None).of(FIRST) == SetSaid(12.0, note="hard")
    assert said.with_set(FIRST, effort=None, note=None) == Said()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "should be JSON"),
        ('{"schema": 1}', 'a list "sets"'),
        ('{"schema": 1, "note": 3, "sets": []}', "note should be text"),
        ('{"schema": 1, "sets": [3]}', "should be an object with at_s"),
        ('{"schema": 1, "sets": [{"at_s": 1, "mood": 3}]}', "should be an object with at_s"),
        ('{"schema": 1, "sets": [{"effort": 3}]}', "at_s should be a time"),
        ('{"schema": 1, "sets": [{"at_s": NaN}]}', "at_s should be a time"),
        ('{"schema": 1, "sets": [{"at_s": 1, "effort": 11}]}', "effort should be a whole number from 0 to 10, not 11"),
        ('{"schema": 1, "sets": [{"at_s": 1, "pain": 2.5}]}', "pain should be a whole number"),
        ('{"schema": 1, "sets": [{"at_s": 1, "load": "' + "x" * 5000 + '"}]}', "load should be text of at most 4000"),
    ],
)
def test_words_of_another_form_are_refused_in_a_sentence(text: str, expected: str) -> None:
    with pytest.raises(SaidError) as caught:
        from_json(text)
    assert expected in str(caught.value)
