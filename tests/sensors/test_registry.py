"""The list of sensors: who is who, and what other packages add."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from imu_tracker.errors import UsageError
from imu_tracker.sensors import metamotion, own, registry, witmotion
from imu_tracker.sensors.base import Advertisement

THIRD_PARTY = dataclasses.replace(witmotion.SENSOR, kind="third-party", recognises=lambda advert: advert.name == "Third")
TAKEN = witmotion.SENSOR
NO_SENSOR = "no sensor"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    registry.sensors.cache_clear()
    yield
    registry.sensors.cache_clear()


def installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """As if an installed package had these entry points, in this module."""
    entries = [EntryPoint(name, f"test_registry:{name}", registry.GROUP) for name in names]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: entries if group == registry.GROUP else [])


@pytest.mark.parametrize(
    ("advert", "kind"),
    [
        (Advertisement("x", (own.SERVICE,)), "own"),
        (Advertisement("Movesense 1746"), "movesense"),
        (Advertisement("Polar Sense B5A1C320"), "polar-verity"),
        (Advertisement("Polar H10 9F2A1B22"), "polar-h10"),
        (Advertisement("MetaWear", (metamotion.SERVICE,)), "metamotion"),
        (Advertisement("MetaMotionS", (metamotion.SERVICE,)), "metamotion-s"),
        (Advertisement("Xsens DOT"), "movella-dot"),
        (Advertisement("Thingy"), "thingy52"),
        (Advertisement("WT901BLE68"), "witmotion"),
    ],
)
def test_each_is_recognised(advert: Advertisement, kind: str) -> None:
    found = registry.recognise(advert)
    assert found is not None
    assert found.kind == kind
    assert registry.find(kind) is found


def test_others_are_not() -> None:
    assert registry.recognise(Advertisement("JBL Flip", ("0000180f-0000-1000-8000-00805f9b34fb",))) is None
    assert registry.recognise(Advertisement()) is None


def test_kinds_are_unique() -> None:
    kinds = [sensor.kind for sensor in registry.BUILT_IN]
    assert len(set(kinds)) == len(kinds)


def test_an_unknown_kind_is_answered_with_the_near_ones() -> None:
    with pytest.raises(UsageError, match="no sensor of kind 'witmotio'; there are witmotion"):
        registry.find("witmotio")


def test_another_package_adds_a_sensor(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, "THIRD_PARTY")
    assert registry.find("third-party") is THIRD_PARTY
    assert registry.recognise(Advertisement("Third")) is THIRD_PARTY
    assert len(registry.sensors()) == len(registry.BUILT_IN) + 1


def test_a_package_on_the_path_adds_its_sensor_by_the_entry_point_that_the_docs_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What pip would leave behind: a module and a dist-info folder. Nothing stands in for importlib.metadata here."""
    documented = re.findall(r'^    (\[project\..*"imu_tracker.sensors"\])\n    (.*)$', registry.__doc__ or "", flags=re.M)
    assert documented == [('[project.entry-points."imu_tracker.sensors"]', 'my-sensor = "my_package.my_sensor:SENSOR"')]
    package, info = tmp_path / "my_package", tmp_path / "my_package-1.0.dist-info"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "my_sensor.py").write_text(
        "import dataclasses\n"
        "from imu_tracker.sensors.thingy52 import SENSOR as THINGY\n"
        "SENSOR = dataclasses.replace(THINGY, kind='my-sensor', recognises=lambda advert: advert.name == 'Mine')\n"
    )
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[imu_tracker.sensors]\nmy-sensor = my_package.my_sensor:SENSOR\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = registry.recognise(Advertisement("Mine"))
    assert found is not None
    assert found is registry.find("my-sensor")
    assert registry.sensors()[-len(registry.BUILT_IN) :] == registry.BUILT_IN


@pytest.mark.parametrize(
    ("name", "word"), [("TAKEN", "its kind is taken"), ("NO_SENSOR", "it is no"), ("NOWHERE", "can't be loaded")]
)
def test_one_that_is_broken_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch, name: str, word: str) -> None:
    installed(monkeypatch, name, "THIRD_PARTY")
    with pytest.warns(UserWarning, match=word):
        found = registry.sensors()
    assert set(found) == {THIRD_PARTY, *registry.BUILT_IN}
