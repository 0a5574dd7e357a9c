"""The list of sensors: who is who, and what other packages add."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from importlib.metadata import EntryPoint

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


@pytest.mark.parametrize(
    ("name", "word"), [("TAKEN", "its kind is taken"), ("NO_SENSOR", "it is no"), ("NOWHERE", "can't be loaded")]
)
def test_one_that_is_broken_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch, name: str, word: str) -> None:
    installed(monkeypatch, name, "THIRD_PARTY")
    with pytest.warns(UserWarning, match=word):
        found = registry.sensors()
    assert set(found) == {THIRD_PARTY, *registry.BUILT_IN}
