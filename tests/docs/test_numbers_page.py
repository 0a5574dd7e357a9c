"""The pages name every number that a result has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from imu_tracker.results import HoldFigures, Mounting, PelvicDrop, PlacementInfo, RecordingInfo, Rep, Series, Session, Set

PAGES = Path(__file__).parents[2] / "docs"
CLASSES = (Session, RecordingInfo, PlacementInfo, Mounting, Set, Rep, PelvicDrop, HoldFigures)
SAID_OTHERWISE = {"set_number", "rep_number"}  # `set` and `rep` in the file


def words_of(page: str) -> set[str]:
    """All words within code on a page."""
    text = (PAGES / page).read_text(encoding="utf-8")
    return set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", text))))


@pytest.mark.parametrize("of", CLASSES, ids=lambda c: c.__name__)
def test_every_field_of_the_json_stands_on_the_page_of_numbers(of: type) -> None:
    assert {f.name for f in fields(of)} - words_of("numbers.md") == set()


def test_every_column_of_the_series_stands_there_too() -> None:
    assert {f.name for f in fields(Series)} - SAID_OTHERWISE - words_of("numbers.md") == set()


@pytest.mark.parametrize("of", [Session, Set, Rep, PelvicDrop, HoldFigures, Mounting, Series], ids=lambda c: c.__name__)
def test_the_page_on_python_names_every_field(of: type) -> None:
    assert {f.name for f in fields(of)} - words_of("api.md") == set()
