"""`imu-tracker live`, through the real bleak client to a simulated sensor, on a virtual clock."""

from __future__ import annotations

import asyncio
import io
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console
from test_cli_record import band_walk, typing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ingest"))

from peripheral import Air
from virtual_loop import run

from imu_tracker.analysis import Wish, analyze
from imu_tracker.cli import main
from imu_tracker.cli.live import LiveWish, show_outcome, watch
from imu_tracker.cli.outlets import Outlets
from imu_tracker.cli.record import Keyboard, Outcome
from imu_tracker.cli.record import Wish as RecordWish
from imu_tracker.errors import BluetoothError
from imu_tracker.files.reading import read_recording
from imu_tracker.ingest.placed import Samples
from imu_tracker.sensors import own

WALK = Wish("lateral_band_walk")


def watched(
    store: Path, keyboard: Keyboard, terminal: bool = False, sensor: str = "imu-1", outlets: Outlets | None = None
) -> tuple[Outcome, str]:
    """What became of a session with one sensor, and what was shown meanwhile."""
    console = Console(file=io.StringIO(), width=100, force_terminal=terminal)
    playing: list[asyncio.Task[None]] = []

    async def story() -> Outcome:
        air = Air()
        await air.switch_on()
        placed = await air.place(own.SENSOR)
        placed.recording = band_walk()
        playing.append(asyncio.create_task(placed.play()))
        wish = LiveWish(RecordWish({"pelvis": sensor}, {"exercise": "lateral_band_walk"}), WALK, outlets)
        try:
            return await watch(air.radio, wish, store, console, keyboard)
        finally:
            for one in playing:
                one.cancel()

    outcome = run(story())
    assert isinstance(console.file, io.StringIO)
    return outcome, console.file.getvalue()


def test_steps_are_told_while_they_are_done_and_the_session_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome, shown = watched(
        tmp_path,
        typing(
            (70.0, "q"),
        ),
    )
    told = re.findall(r"^\d:\d\d  rep (\d+)$", shown, re.MULTILINE)
    (path,) = (one.file for one in outcome.finished)
    assert path is not None
    (one,) = analyze(read_recording([str(path)]), WALK).sets
    assert len(told) >= one.count - 4
    show_outcome(outcome, LiveWish(RecordWish({"pelvis": "imu-1"}), WALK))
    assert f"{one.count} steps" in capsys.readouterr().out


def test_sending_that_fails_ends_and_the_recording_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pylsl", reason="the extra lsl isn't installed")
    sent: list[int] = []

    def push(self: Outlets, samples: Samples) -> None:
        sent.append(len(samples.t_s))
        if len(sent) == 5:
            raise RuntimeError("no route")

    monkeypatch.setattr(Outlets, "_push", push)
    outlets = Outlets()
    outcome, _ = watched(tmp_path, typing((10.0, "q")), outlets=outlets)
    assert outlets.trouble == "Sending over LSL ended: no route."
    assert len(sent) == 5
    (one,) = outcome.finished
    assert one.file is not None
    assert len(read_recording([str(one.file)]).streams["pelvis"]) > sum(sent)


def test_the_screen_guides_and_shows_the_sensor(tmp_path: Path) -> None:
    _, shown = watched(tmp_path, typing((20.0, "m"), (15.0, "q")), terminal=True)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert "Stand still, feet under the hips" in text
    assert "lateral band walk" in text
    assert re.search(r"pelvis +imu-1 +100 Hz +80 % +lost none", text)
    assert "q ends   m bell on, off" in text


def test_a_sensor_that_is_not_there_is_a_sentence_and_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(BluetoothError):
        watched(tmp_path, typing(), sensor="imu-9")
    assert list(tmp_path.iterdir()) == []


def test_words_that_are_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["live", "a", "b", "--store", str(tmp_path)]) == 2
    assert "Two sensors without a placement" in capsys.readouterr().err
