"""The pages say what the code does: bytes of the profile, sensors' rates and names, rotations."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from imu_tracker.sensors import own
from imu_tracker.sensors.base import BATTERY_LEVEL, Flag, Packet, Reply, Sensor
from imu_tracker.sensors.registry import BUILT_IN

PAGES = Path(__file__).parents[2] / "firmware_docs"
PROFILE = (PAGES / "profile.md").read_text(encoding="utf-8")
OF_KIND = {
    **{"own": "xiao", "witmotion": "witmotion", "movesense": "movesense", "polar-verity": "polar", "polar-h10": "polar"},
    **{"movella-dot": "movella_dot", "thingy52": "thingy52"},
}


def examples() -> list[bytes]:
    """The bytes under Examples, in order."""
    lines = PROFILE.split("## Examples")[1].splitlines()
    return [bytes.fromhex(line) for line in lines if re.fullmatch(r" {4}[0-9a-f ]+", line)]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table rows under a heading."""
    section = re.split(r"^##+ ", PROFILE.split(f"## {heading}\n")[1], maxsplit=1, flags=re.M)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]


def page(sensor: Sensor) -> str:
    """The text of a sensor's page."""
    name = OF_KIND.get(sensor.kind) or sensor.kind.split("-")[0]
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("uuid", [own.SERVICE, own.INFO, own.CONFIG, own.STREAM, own.CONTROL])
def test_the_profile_s_uuids_are_the_code_s(uuid: str) -> None:
    assert f"`{uuid}`" in PROFILE


@pytest.mark.parametrize(
    ("heading", "layout"),
    [("Info (28 bytes)", own.INFO_LAYOUT), ("Config (9 bytes)", own.CONFIG_LAYOUT), ("Stream", own.STREAM_LAYOUT)],
)
def test_the_byte_tables_are_the_code_s_layouts(heading: str, layout: object) -> None:
    assert isinstance(layout, type(own.INFO_LAYOUT))
    codes = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "f32": "f"}
    fields = [(int(row[0]), codes[row[1]]) for row in rows(heading) if row[0].isdigit() and row[1] in codes]
    assert "<" + "".join(code for _, code in fields) == layout.format
    sizes = {"B": 1, "H": 2, "I": 4, "Q": 8, "f": 4}
    assert [offset for offset, _ in fields] == [sum(sizes[c] for _, c in fields[:i]) for i in range(len(fields))]


def test_the_profile_s_flags_are_the_code_s() -> None:
    table = {int(row[0], 16): row[1] for row in rows("Stream") if row[0].startswith("0x")}
    assert table == {bit: flag.name.lower().replace("_", " ") for bit, flag in own.FLAGS.items()}


def test_the_profile_s_answers_and_refusals_are_the_code_s() -> None:
    names = {"tick": "tick_us"}
    codes = {"u8": "B", "u16": "H", "u32": "I"}
    told = {}
    for _, _, answer, _ in [row for row in rows("Control") if row[2].startswith("`")]:
        fields = re.findall(r"(\w+):(u\d+)", answer)
        told[int(answer[1:3], 16)] = ("<" + "".join(codes[kind] for _, kind in fields), tuple(names.get(n, n) for n, _ in fields))
    assert told == {code: (layout.format, fields) for code, (_, layout, fields) in own.ANSWERS.items()}
    (line,) = re.findall(r"^why: (.*?)\.", PROFILE, flags=re.M)
    assert {int(word.split(" ", 1)[0]): word.split(" ", 1)[1] for word in line.split(", ")} == own.REFUSALS


def test_the_profile_s_mtu_table_is_what_is_sent() -> None:
    settings = own.SENSOR.settings()
    for mtu, most, a_second in [[int(cell) for cell in row] for row in rows("MTU, packets, connection") if row[0].isdigit()]:
        assert most == (mtu - 3 - own.STREAM_LAYOUT.size) // own.SAMPLE_BYTES
        assert len(own.encode(np.zeros((100, 3)), np.zeros((100, 3)), settings, mtu=mtu)) == a_second


def test_the_profile_s_examples_decode_to_what_it_says() -> None:
    info, config, packet, backfill, ping = examples()
    settings = own.SENSOR.settings()
    decoder = own.OwnDecoder(settings)
    (said,) = decoder.feed(own.INFO, info)
    assert isinstance(said, Reply)
    assert (said.values["serial"], said.values["rate_hz"]) == ("0706050403020100", 100.0)
    assert config == own.configure(settings)[0].data
    (came,) = decoder.feed(own.STREAM, packet)
    assert isinstance(came, Packet)
    assert came.acc is not None
    assert came.gyr is not None
    assert came.index is not None
    assert came.tick is not None
    assert (came.index.first, round(came.tick.s * 1e6), set(came.flags)) == (65534, 655340000, {Flag.OVERFLOW})
    np.testing.assert_allclose(came.acc, [[0.0, 0.0, 9.80665], [0.1, -0.2, 9.7]], atol=2e-3)
    np.testing.assert_allclose(came.gyr, [[0.0, 0.0, 0.0], [0.5, -0.25, 0.01]], atol=5e-4)
    assert backfill == own.backfill(70000, 120).data
    assert ping == own.ping(0xCAFEBABE).data


@pytest.mark.parametrize("sensor", BUILT_IN, ids=lambda sensor: str(sensor.kind))
def test_every_sensor_has_a_page_with_its_rates(sensor: Sensor) -> None:
    text = page(sensor)
    for rate in sensor.rates_hz:
        assert re.search(rf"\b{rate:g}\b", text), f"{rate:g} Hz"
    for heading in ("## Setting up", "## What the stream tells", "## Known faults", "## Wearing"):
        assert heading in text
    if BATTERY_LEVEL in sensor.reads:
        assert "Battery" in text


def test_the_rotations_turn_what_shows_up_to_up() -> None:
    text = (PAGES / "wearing.md").read_text(encoding="utf-8")
    axes = {"+x": (1, 0, 0), "-x": (-1, 0, 0), "+y": (0, 1, 0), "-y": (0, -1, 0)}
    found = re.findall(r"^\| ([+-][xy])\b.*`(\[\[.*\]\])`", text, flags=re.M)
    assert [axis for axis, _ in found] == ["+x", "+y", "-x", "-y"]
    for axis, written in found:
        turn = np.array([[int(x) for x in re.findall(r"-?\d", row)] for row in written.split("],")])
        assert np.linalg.det(turn) == pytest.approx(1)
        np.testing.assert_array_equal(turn @ axes[axis], (0, 0, 1))
        np.testing.assert_array_equal(turn @ (0, 0, 1), (-1, 0, 0))


def test_every_link_leads_to_a_file() -> None:
    for path in PAGES.glob("*.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (PAGES / link).exists(), f"{path.name}: {link}"
