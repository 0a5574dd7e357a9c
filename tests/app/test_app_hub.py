"""The one session of the process, on a virtual clock: from a recording, and from a simulated sensor through the real client."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

sys.path += [str(Path(__file__).resolve().parents[1] / folder) for folder in ("ingest", "cli", "live")]

from peripheral import Air
from playing import bundled
from test_cli_record import band_walk
from virtual_loop import run

from imu_tracker.app.choice import Choice, choice_of
from imu_tracker.app.frames import Frame, changed, frame_of
from imu_tracker.app.hub import Hub
from imu_tracker.app.sources import Replay, Sensors, Source, Take
from imu_tracker.errors import BluetoothError, UsageError
from imu_tracker.ingest.placed import Status
from imu_tracker.recording import Recording, stream_from_samples
from imu_tracker.sensors import own
from imu_tracker.session.store import Store
from imu_tracker.simulate.api import record, simulate
from imu_tracker.simulate.motions import Part
from imu_tracker.simulate.plan import SessionPlan

WALK = choice_of({"exercise": "lateral_band_walk", "target": 20})


async def kept(folder: Path) -> None:
    """An analysis at the end; without a thread, for which a virtual clock wouldn't wait."""
    Store(folder.parent).analyse(folder.name)


def replaying(root: Path, speed: float = 1.0) -> Hub:
    recording = bundled("lateral_band_walk.csv")
    return Hub(lambda choice, take: Replay(recording, root, choice, take, speed), kept)


async def watched(hub: Hub, until: Callable[[Frame], bool], every_s: float = 0.1) -> list[Frame]:
    """The frames that a browser sees until one is as told."""
    frames = [frame_of(hub)]
    while not until(frames[-1]):
        await asyncio.sleep(every_s)
        frames.append(frame_of(hub))
    return frames


def phase(name: str) -> Callable[[Frame], bool]:
    return lambda frame: frame["phase"] == name


def test_a_recording_is_guided_counted_and_kept(tmp_path: Path) -> None:
    async def story() -> list[Frame]:
        hub = replaying(tmp_path)
        assert frame_of(hub) == {"phase": "idle"}
        hub.start(WALK)
        with pytest.raises(UsageError):
            hub.start(WALK)
        return await watched(hub, phase("over"))

    frames = run(story())
    phases = list(dict.fromkeys(frame["phase"] for frame in frames))
    assert phases == ["connecting", "calibrating", "running", "over"]
    assert {"stand", "bow"} <= {frame["stage"] for frame in frames}
    counts = [frame["count"] for frame in frames if frame["phase"] == "running"]
    assert max(counts) >= 23
    assert max(frame["told"][1] for frame in frames) >= 3  # drops
    assert any(frame["past"] for frame in frames)
    last = frames[-1]
    assert [one["counted"] for one in last["sets"]] == ["24 steps"]
    (listed,) = Store(tmp_path).list()
    assert listed.name == last["kept"]
    assert (listed.entry.reps, listed.entry.exercises) == (24, ("lateral_band_walk",))
    what_a_browser_is_told_is_small(frames)


def what_a_browser_is_told_is_small(frames: list[Frame]) -> None:
    told = [changed(before, now) for before, now in itertools.pairwise(frames)]
    shown: dict[str, Any] = dict(frames[0])
    for delta in told:
        shown |= delta
    assert {k: v for k, v in shown.items() if v is not None} == {k: v for k, v in frames[-1].items() if v is not None}
    sizes = [len(json.dumps(delta)) for delta in told if delta]
    assert sum(sizes) / (len(told) * 0.1) < 1500  # bytes a second


def test_browsers_come_and_go_and_see_the_same(tmp_path: Path) -> None:
    async def story() -> tuple[Frame, Frame]:
        hub = replaying(tmp_path)
        hub.start(WALK)
        first = asyncio.create_task(watched(hub, phase("over")))
        await asyncio.sleep(35.0)
        first.cancel()  # closed in mid-set
        await asyncio.sleep(5.0)
        a, b = frame_of(hub), frame_of(hub)
        await watched(hub, phase("over"))
        assert frame_of(hub)["sets"][0]["counted"] == "24 steps"
        return a, b

    a, b = run(story())
    assert a == b
    assert a["count"] > 5


def test_ending_before_the_end_keeps_what_there_is(tmp_path: Path) -> None:
    async def story() -> Frame:
        hub = replaying(tmp_path)
        hub.start(WALK)
        await asyncio.sleep(40.0)
        await hub.stop()
        frame = frame_of(hub)
        hub.leave()
        assert hub.phase == "idle"
        return frame

    frame = run(story())
    assert frame["phase"] == "over"
    assert frame["sets"]


def test_what_nobody_named_is_named_with_its_confidence(tmp_path: Path) -> None:
    async def story() -> Frame:
        hub = replaying(tmp_path)
        hub.start(Choice())
        frames = await watched(hub, phase("over"))
        assert frames[0]["title"] == "Any exercise"
        return frames[-1]

    (one,) = run(story())["sets"]
    assert (one["exercise"], one["counted"]) == ("Lateral band walk", "24 steps")
    assert one["sure"] > 0.5


def test_who_skips_the_calibration_is_told_what_still_works(tmp_path: Path) -> None:
    async def story() -> Frame:
        hub = replaying(tmp_path)
        hub.start(WALK)
        await asyncio.sleep(0.5)
        hub.skip()
        frame = frame_of(hub)
        await hub.stop()
        return frame

    frame = run(story())
    assert frame["phase"] == "running"
    assert "counts, tempo and range are right all the same" in frame["notices"][0]


class Broken:
    """A source that fails at once."""

    async def play(self) -> None:
        raise BluetoothError("off", "Bluetooth is switched off.", "Switch it on.")

    def status(self) -> Mapping[str, Status]:
        return {}

    def note(self, kind: str, values: Mapping[str, object]) -> None: ...

    async def close(self) -> Path | None:
        return None


def test_a_source_that_fails_is_told_in_its_sentence() -> None:
    async def story() -> Frame:
        def opened(choice: Choice, take: Take) -> Source:
            return Broken()

        hub = Hub(opened, kept)
        hub.start(WALK)
        frames = await watched(hub, phase("failed"))
        hub.start(WALK)  # and once more
        await hub.stop()
        return frames[-1]

    assert run(story())["trouble"] == "Bluetooth is switched off. Switch it on."


def sensing(root: Path, during: Callable[[Hub], Any]) -> Frame:
    """The last frame of a session with a simulated sensor, which `during` watches."""

    async def story() -> Frame:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        placed.recording = band_walk()
        playing = asyncio.create_task(placed.play())
        hub = Hub(lambda choice, take: Sensors(air.radio, root, choice, take), kept)
        hub.start(choice_of({"sensors": {"pelvis": "imu-1"}, "exercise": "lateral_band_walk"}))
        try:
            await during(hub)
            await hub.stop()
        finally:
            playing.cancel()
        return frame_of(hub)

    return run(story())


def test_a_sensor_is_recorded_shown_and_analysed(tmp_path: Path) -> None:
    seen: list[Frame] = []

    async def during(hub: Hub) -> None:
        await asyncio.sleep(15.0)
        seen.append(frame_of(hub))
        await asyncio.sleep(55.0)

    last = sensing(tmp_path, during)
    (sensor,) = seen[0]["sensors"]
    assert (sensor["where"], sensor["name"], sensor["on"], sensor["hz"], sensor["battery"]) == ("pelvis", "imu-1", True, 100, 80)
    assert last["phase"] == "over"
    assert Store(tmp_path).open(last["kept"]).session.sets[0].exercise == "lateral_band_walk"


def test_a_killed_session_is_there_up_to_the_last_second(tmp_path: Path) -> None:
    left = tmp_path / "left"
    then: list[int] = []

    async def during(hub: Hub) -> None:
        await asyncio.sleep(35.0)
        then.append(frame_of(hub)["t"])
        shutil.copytree(tmp_path / "store", left, ignore=shutil.ignore_patterns("*.lock"))  # what the disk has when it is killed

    sensing(tmp_path / "store", during)
    store = Store(left)
    store.recover()
    (listed,) = store.list()
    assert then[0] > 25
    assert store.open(listed.name).session.recording.duration_s > then[0] - 1.5


def pushed(recording: Recording, at_s: float, by_deg: float) -> Recording:
    """The same with the pelvis' sensor pushed to the side at a time, as a belt is."""
    stream = recording.streams["pelvis"]
    assert stream.gyr is not None
    lean = by_deg * np.clip((stream.t - recording.start_s - at_s) / 0.5, 0.0, 1.0)
    turn = Rotation.from_euler("x", lean[:, None], degrees=True)
    gyr = turn.apply(stream.gyr.copy())
    gyr[:, 0] -= np.radians(np.gradient(lean, stream.t))
    return Recording({"pelvis": stream_from_samples(stream.t, turn.apply(stream.acc.copy()), gyr)})


def three_sets(by_deg: float) -> Recording:
    """Three sets of squats with standing between; pushed after the first."""
    squats = Part("single_leg_squat", count=5, side="left")
    between = (Part("rest", seconds=10), Part("quiet", seconds=2.5))
    parts = (
        Part("quiet", seconds=3),
        Part("bows", count=2),
        squats,
        *between,
        squats,
        *between,
        squats,
        Part("rest", seconds=12),
    )
    movement, truth = simulate(SessionPlan(parts, placements=("pelvis",)), 2)
    return pushed(record(movement, 2), truth.sets[0].end_s + 3.0, by_deg)


def notices_of(recording: Recording, root: Path, choice: Choice) -> tuple[list[str], Frame]:
    """What is told while a recording plays, and the last frame."""

    async def story() -> tuple[list[str], Frame]:
        hub = Hub(lambda choice, take: Replay(recording, root, choice, take, 1.0), kept)
        hub.start(choice)
        frames = await watched(hub, phase("over"), 0.5)
        return list(dict.fromkeys(said for f in frames for said in f.get("notices", ()))), frames[-1]

    return run(story())


@pytest.mark.parametrize(("by_deg", "told"), [(6.0, True), (0.0, False)])
def test_a_sensor_that_slipped_is_told_of_and_stays_told(tmp_path: Path, by_deg: float, told: bool) -> None:
    said, last = notices_of(three_sets(by_deg), tmp_path, choice_of({"exercise": "single_leg_squat", "side": "left"}))
    assert any("sat" in one and "otherwise" in one for one in said) == told
    assert any("otherwise" in one for one in last["notices"]) == told


def test_an_accelerometer_that_reads_too_much_at_rest_is_told_of_with_its_place(tmp_path: Path) -> None:
    right = bundled("lateral_band_walk.csv")
    stream = right.streams["pelvis"]
    off = Recording({"pelvis": stream_from_samples(stream.t, 1.05 * stream.acc, stream.gyr)})
    for recording, root, told in ((off, tmp_path / "off", True), (right, tmp_path / "right", False)):
        root.mkdir()
        said, _ = notices_of(recording, root, WALK)
        assert any("At rest the sensor on the pelvis reads" in one for one in said) == told


def test_swapped_thighs_are_told_of_while_it_lasts(tmp_path: Path) -> None:
    parts = (Part("quiet", seconds=3), Part("clamshell", count=6, side="left"), Part("rest", seconds=10))
    movement, _ = simulate(SessionPlan(parts), 4)
    worn = record(movement, 4, ("thigh_left", "thigh_right"))
    wrong = Recording({{"thigh_left": "thigh_right", "thigh_right": "thigh_left"}[k]: s for k, s in worn.streams.items()})
    for recording, root, told in ((wrong, tmp_path / "wrong", True), (worn, tmp_path / "right", False)):
        root.mkdir()
        said, _ = notices_of(recording, root, choice_of({"exercise": "clamshell", "side": "left"}))
        assert any("swapped" in one for one in said) == told
