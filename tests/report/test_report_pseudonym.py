"""With a pseudonym nothing tells whose session it is."""

from __future__ import annotations

import dataclasses

import pytest
from handmade_sessions import session, squats

from imu_tracker.report.pseudonym import about_without_names, names_of, without_names
from imu_tracker.results import Mounting, from_dict, to_dict, to_json

PATHS = ("/home/kim/Kim Example/kim_example_squat.csv",)


def test_the_name_goes_from_every_text_of_a_session() -> None:
    one = dataclasses.replace(squats(), exercise="kims_squat", unresolved={"side": f"{PATHS[0]} doesn't say it, nor does KIM"})
    whole = session(one, notes=("Kim Example's sensor lost 3 samples.", "read from kim_example_squat.csv"))
    whole = dataclasses.replace(
        whole, mounting=Mounting(reason="Example did not bow"), corrections=({"op": "note", "at_s": 20.0, "text": "told by Kim"},)
    )
    hidden = to_json(without_names(whole, names_of("Kim Example", PATHS), "P01"))
    assert "example" not in hidden.lower()
    assert "kim" not in hidden.lower().replace("kims_squat", "")  # a longer word is another word
    assert "P01's sensor lost 3 samples." in hidden


@pytest.mark.parametrize("name", ["Left", "right", "Reps", "Pelvis Bows"])
def test_a_name_that_is_also_a_word_of_the_program_changes_no_result(name: str) -> None:
    whole = session(squats())
    hidden = without_names(whole, names_of(name, ()), "P01")
    assert hidden.sets == from_dict(to_dict(whole)).sets


def test_nothing_but_the_date_is_said_beside_the_pseudonym() -> None:
    about = {"subject": "Kim", "files": "kim.csv", "date": "2026-11-20", "clinic": "North"}
    assert about_without_names(about, "P01") == {"subject": "P01", "date": "2026-11-20"}


def test_a_pseudonym_is_taken_as_it_is() -> None:
    hidden = without_names(session(notes=("for Kim",)), names_of("Kim", ()), r"\1 <b>")
    assert hidden.notes == (r"for \1 <b>",)
