"""The catalogue as a person reads it."""

from __future__ import annotations

import pytest

from imu_tracker.cli import main
from imu_tracker.exercises.catalogue import load_catalogue


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises"]) == 0
    lines = capsys.readouterr().out.splitlines()
    exercises = [e for e in load_catalogue().values() if e.exercise]
    assert [line.split()[0] for line in lines[1 : 1 + len(exercises)]] == [e.name for e in exercises]
    for e, line in zip(exercises, lines[1:], strict=False):
        assert line.split()[1] == e.pattern
    assert "walking" in " ".join(lines[1 + len(exercises) :])


@pytest.mark.parametrize("name", sorted(load_catalogue()))
def test_each_is_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises", name]) == 0
    out = " ".join(capsys.readouterr().out.split())
    e = load_catalogue()[name]
    assert out.startswith(f"{e.title} {e.name} {e.how}")
    assert e.wear.split(".")[0] in out
    for cue in e.cues:
        assert cue.cue.replace("_", " ") in out


def test_one_is_shown_well(capsys: pytest.CaptureFixture[str]) -> None:
    main(["exercises", "single-leg deadlift"])
    out = " ".join(capsys.readouterr().out.split())
    e = load_catalogue()["single_leg_deadlift"]
    assert e.out_s is not None
    assert f"down {e.out_s.least:g}–{e.out_s.most:g} s, pause" in out
    assert "Side the leg stood on" in out
    assert "(range at least 80 % of the set's best)" in out


def test_a_misspelt_name_exits_2_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises", "sqat"]) == 2
    heard = capsys.readouterr()
    assert heard.out == ""
    assert "Did you mean squat" in heard.err
    assert main(["analyze", "absent.csv", "--exercise", "sqat"]) == 2
