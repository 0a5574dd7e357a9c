"""Where sessions are kept."""

from pathlib import Path

import pytest

from imu_tracker.session.folders import store_folder

HOME = Path("/home/kim")


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "/home/kim/.local/share/imu-tracker"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/imu-tracker"),
        ("linux", {"XDG_DATA_HOME": "not/absolute"}, "/home/kim/.local/share/imu-tracker"),
        ("darwin", {}, "/home/kim/Library/Application Support/imu-tracker"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/imu-tracker"),
        ("win32", {}, "/home/kim/AppData/Local/imu-tracker"),
        ("linux", {"IMU_TRACKER_STORE": "/else"}, "/else"),
    ],
)
def test_each_system_has_its_place(platform: str, environment: dict[str, str], expected: str) -> None:
    assert store_folder(None, environment, platform, HOME) == Path(expected)


def test_what_is_given_comes_first() -> None:
    assert store_folder("here", {"IMU_TRACKER_STORE": "/else"}) == Path("here")
