"""The picture stands alone: no script, no address, and the same print gives the same picture."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from handmade_sessions import session, squats, steps
from rich.console import Console

from imu_tracker.cli.picture import svg
from imu_tracker.cli.summary import print_summary


def draw(console: Console) -> None:
    print_summary(console, session(squats(), steps()), "evening.csv")


def test_picture_stands_alone() -> None:
    picture = svg(draw, "imu-tracker demo")
    root = ElementTree.fromstring(picture)
    tags = {element.tag.split("}")[1] for element in root.iter()}
    assert tags <= {"svg", "style", "defs", "clipPath", "rect", "text", "g", "circle", "path"}
    assert re.findall(r"https?://[^\"')\s]+", picture) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in picture
    assert "Fira" not in picture
    assert "monospace" in picture
    assert "evening.csv" in picture
    assert "████" in picture


def test_the_same_print_gives_the_same_picture() -> None:
    assert svg(draw, "a") == svg(draw, "a")
