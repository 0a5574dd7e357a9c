"""`imu-tracker record`, through the real bleak client to simulated sensors, on a virtual clock."""

from __future__ import annotations

import asyncio
import errno
import functools
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ingest"))

from capturing import columns
from peripheral import Air
from virtual_loop import run

from imu_tracker.analysis import Wish as AnalysisWish
from imu_tracker.analysis import analyze
from imu_tracker.cli import main
from imu_tracker.cli.keys import key_presses
from imu_tracker.cli.record import Keyboard, Outcome, Wish, record, wanted_sensors
from imu_tracker.cli.record_screen import next_command, print_outcome
from imu_tracker.cli.store import opened_store
from imu_tracker.errors import BluetoothError, UsageError
from imu_tracker.files.reading import read_recording
from imu_tracker.ingest.disk import DiskFile
from imu_tracker.ingest.recorder import SessionRecorder, read_annotations
from imu_tracker.ingest.writer import Header
from imu_tracker.numeric import Floats
from imu_tracker.sensors import own, witmotion
from imu_tracker.simulate import api


@functools.cache
def band_walk() -> tuple[Floats, Floats]:
    """Quiet standing, bows and a set, at 100 Hz: acc and gyr (N, 3) of a sensor on the pelvis."""
    stream = api.record(api.simulate("lateral_band_walk", 3)[0], 3, ("pelvis",)).streams["pelvis"]
    assert stream.gyr is not None
    t = np.arange(stream.timing.t[0], stream.timing.t[-1], 0.01)
    acc, gyr = (np.column_stack([np.interp(t, stream.timing.t, axis) for axis in x.T]) for x in (stream.acc, stream.gyr))
    return acc, gyr


def typing(*keys: tuple[float, str]) -> Keyboard:
    """A keyboard at which somebody presses keys, each so long after the one before, s."""

    @contextmanager
    def keyboard(on_key: Callable[[str], None]) -> Iterator[bool]:
        async def press() -> None:
            for wait_s, key in keys:
                await asyncio.sleep(wait_s)
                on_key(key)

        pressing = asyncio.get_running_loop().create_task(press())
        yield True
        pressing.cancel()

    return keyboard


@contextmanager
def no_keyboard(_: Callable[[str], None]) -> Iterator[bool]:
    yield False


def recorded(
    store: Path,
    keyboard: Keyboard,
    seconds: float | None = None,
    terminal: bool = False,
    during: Callable[[Air, asyncio.Task[Outcome]], Any] | None = None,
    **about: str,
) -> tuple[Outcome, str]:
    """What became of a recording of two sensors, and what was shown meanwhile."""
    shown = io.StringIO()
    console = Console(file=shown, width=110, force_terminal=terminal)

    async def story() -> Outcome:
        air = Air()
        await air.switch_on()
        for sensor in (own.SENSOR, witmotion.SENSOR):
            placed = await air.place(sensor)
            placed.recording = band_walk()
            playing.append(asyncio.create_task(placed.play()))
        wish = Wish({"pelvis": "imu-1", "chest": "WT901BLE67"}, about, seconds)
        task = asyncio.create_task(record(air.radio, wish, store, console, keyboard))
        if during is not None:
            await during(air, task)
        outcome = await task
        for one in playing:
            one.cancel()
        return outcome

    playing: list[asyncio.Task[None]] = []
    return run(story()), shown.getvalue()


def printed(outcome: Outcome, **about: str) -> str:
    console = Console(file=io.StringIO(), width=100)
    print_outcome(console, outcome, Wish({}, about))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_recording_with_its_marks_is_ready_to_be_analysed(tmp_path: Path) -> None:
    keys = typing((14.0, "s"), (2.0, " "), (1.5, " "), (10.0, "s"), (1.0, "x"), (6.0, "q"))
    outcome, shown = recorded(tmp_path, keys, subject="kim", exercise="Lateral band walk")
    assert outcome.stopped is None
    assert sorted(path.name for path in outcome.folder.iterdir()) == ["annotations.jsonl", "chest.parquet", "pelvis.parquet"]
    marks = read_annotations(outcome.folder)
    assert [mark.kind for mark in marks] == ["calibration", "set_begins", "rep", "rep", "set_ends"]
    assert marks[0].values == {"stage": "done", "bows": 2}
    assert marks[1].t_s == pytest.approx(14.0, abs=0.1)
    text = printed(outcome, exercise="Lateral band walk")
    assert re.search(r"pelvis, imu-1: \d+ samples, none lost\n", text)
    assert f"{outcome.folder}/pelvis.parquet" in text.replace("\n", "")
    assert "--exercise lateral_band_walk" in text
    recording = read_recording([outcome.folder / "pelvis.parquet"])
    assert recording.about["subject"] == "kim"
    assert recording.about["address"]
    session = analyze(recording, AnalysisWish(exercise="lateral_band_walk"))
    assert session.mounting.how == "bows"
    for said in ("Stand still, feet under the hips", "Good. Now bow", "One. Once more.", "Good: standing and forward are known."):
        assert said in shown


def test_on_a_terminal_each_sensor_has_its_line(tmp_path: Path) -> None:
    async def trouble(air: Air, _: asyncio.Task[Outcome]) -> None:
        await asyncio.sleep(5.0)
        air.link.silent.add(air.sensors[1].name)
        await asyncio.sleep(3.0)
        air.link.silent.clear()

    _, shown = recorded(tmp_path, typing((10.0, "s"), (1.0, " "), (1.0, "q")), terminal=True, during=trouble)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(r"pelvis +imu-1 +100 Hz +80 % +\d+ +none", text)
    assert re.search(r"chest +WT901BLE67 .*connecting again \.\.\. No samples came for 2 s\.", text)
    assert "set 1 under way, 1 rep marked" in text
    assert "s set begins, ends   space rep   q end" in text


def test_it_ends_after_the_seconds_asked_for(tmp_path: Path) -> None:
    outcome, shown = recorded(tmp_path, no_keyboard, seconds=6.0)
    assert outcome.status["pelvis"].samples == pytest.approx(600, abs=60)
    assert "0:00  imu-1 connecting, lost none; WT901BLE67 connecting, lost none" in shown


def test_ctrl_c_ends_it_well(tmp_path: Path) -> None:
    async def interrupt(_: Air, task: asyncio.Task[Outcome]) -> None:
        await asyncio.sleep(8.0)
        task.cancel()

    outcome, _ = recorded(tmp_path, no_keyboard, during=interrupt)
    assert [finished.file is not None and finished.file.suffix for finished in outcome.finished] == [".parquet"] * 2
    assert outcome.status["pelvis"].samples > 500


def test_a_full_disk_ends_it_and_what_there_is_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append, room = DiskFile.append, [50_000]

    def append_while_there_is_room(self: DiskFile, data: bytes) -> None:
        room[0] -= len(data)
        if room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        append(self, data)

    monkeypatch.setattr(DiskFile, "append", append_while_there_is_room)
    outcome, _ = recorded(tmp_path, no_keyboard)
    assert "the disk is full; the recording was stopped, and what came before is kept" in str(outcome.stopped)
    text = printed(outcome)
    assert "The last second is missing (No space left on device)." in text
    assert "Next: imu-tracker analyze" in text


def test_a_sensor_that_is_not_there_is_an_error_and_leaves_no_folder(tmp_path: Path) -> None:
    async def story() -> None:
        air = Air()
        await air.switch_on()
        console = Console(file=io.StringIO())
        await record(air.radio, Wish({"pelvis": "nobody"}), tmp_path, console, no_keyboard)

    with pytest.raises(BluetoothError, match="The sensor nobody wasn't heard"):
        run(story())
    assert list(tmp_path.iterdir()) == []


def test_what_the_others_recorded_until_a_sensor_was_not_found_is_told_with_the_error(tmp_path: Path) -> None:
    async def story() -> None:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        placed.recording = band_walk()
        playing = asyncio.create_task(placed.play())
        wish = Wish({"pelvis": placed.name, "chest": "nobody"})
        try:
            await record(air.radio, wish, tmp_path, Console(file=io.StringIO()), no_keyboard)
        finally:
            playing.cancel()

    with pytest.raises(BluetoothError) as error:
        run(story())
    (folder,) = tmp_path.iterdir()
    assert "The sensor nobody wasn't heard" in str(error.value)
    assert str(folder / "pelvis.parquet") in str(error.value)
    assert len(columns(folder / "pelvis.parquet")["t"]) > 500


def test_sensors_are_named_with_where_they_are_worn() -> None:
    assert wanted_sensors(["hip=imu-1", "Left thigh=AA:BB:CC:DD:EE:FF"]) == {"pelvis": "imu-1", "thigh_left": "AA:BB:CC:DD:EE:FF"}
    assert wanted_sensors(["imu-1"]) == {"unknown": "imu-1"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["pelvis="], "write PLACEMENT=NAME, such as pelvis=imu-1"),
        (["=imu-1"], "write PLACEMENT=NAME"),
        (["a", "b"], "Two sensors without a placement"),
        (["pelvis=a", "hip=b"], "Two sensors for pelvis"),
        (["pelvis=a", "chest=a"], "The sensor a is named for two placements"),
    ],
)
def test_words_that_are_off_are_told(given: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        wanted_sensors(given)


def test_such_words_end_with_status_2_before_anything_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["record", "a", "b", "--store", str(tmp_path / "store")]) == 2
    assert "each needs a placement of its own" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


def test_the_next_command_names_the_exercise_where_the_catalogue_has_it() -> None:
    files = ["/a b/pelvis.parquet"]
    assert next_command(files, Wish({}, {"exercise": "clamshell", "side": "left"})) == (
        "imu-tracker analyze '/a b/pelvis.parquet' --exercise clamshell --side left"
    )
    assert next_command(files, Wish({}, {"exercise": "my own word"})) == "imu-tracker analyze '/a b/pelvis.parquet'"


def test_what_a_crash_left_is_recovered_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "2026-03-01_09-30-05"
    folder.mkdir()
    crashed = SessionRecorder(folder, {})
    writer = crashed.stream("pelvis", Header("own", 100.0))
    t = np.arange(100) / 100
    writer.add(t, np.ones((100, 3)), np.ones((100, 3)), np.arange(100), t, t)
    writer.flush()
    crashed._lock.release()
    assert opened_store(str(tmp_path)) == tmp_path
    assert capsys.readouterr().err == "Recovered in 2026-03-01_09-30-05: pelvis.parquet holds 100 samples.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_keys_are_taken_one_by_one_and_the_terminal_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    import termios

    master, slave = os.openpty()
    pressed: list[str] = []

    async def story() -> None:
        last = asyncio.Event()

        def press(key: str) -> None:
            pressed.append(key)
            if key == "q":
                last.set()

        with os.fdopen(slave, closefd=False) as terminal:
            monkeypatch.setattr(sys, "stdin", terminal)
            before = termios.tcgetattr(slave)
            with key_presses(press) as there:
                assert there
                os.write(master, b"s\x1b[C \x1bOPq")
                await asyncio.wait_for(last.wait(), 10.0)
            assert termios.tcgetattr(slave) == before

    asyncio.run(story())
    os.close(master)
    os.close(slave)
    assert pressed == ["s", " ", "q"]


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("q"))
    with key_presses(lambda _: None) as there:
        assert not there
