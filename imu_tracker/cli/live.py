"""`imu-tracker live`: a session watched while it is worn, recorded, and analysed at its end."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from imu_tracker.cli import options
from imu_tracker.cli.record import Guiding, Keyboard, Marks, Outcome, wanted_sensors
from imu_tracker.cli.record import Wish as RecordWish
from imu_tracker.cli.store import store_option
from imu_tracker.errors import FileError, RecordingStopped

if TYPE_CHECKING:
    from rich.console import Console

    from imu_tracker.analysis import Wish
    from imu_tracker.cli.live_session import Watched
    from imu_tracker.ingest.ble import Radio
    from imu_tracker.ingest.capture import Capture
    from imu_tracker.ingest.link import News
    from imu_tracker.ingest.placed import Samples

LOOK_S = 0.25  # how often the guide is asked
KEYS = "q ends   m bell on, off   s set begins, ends"


@dataclass(frozen=True)
class LiveWish:
    """What a person asked for: the sensors with words for their files, and what is known of the exercise."""

    sensors: RecordWish
    exercise: Wish


async def watch(radio: Radio, wish: LiveWish, root: Path, console: Console, keyboard: Keyboard) -> Outcome:
    """Record and watch until told to end, by key, by time or by Ctrl-C; raises BluetoothError, FileError."""
    from concurrent.futures import ThreadPoolExecutor
    from datetime import datetime

    from imu_tracker.cli.live_screen import LiveScreen
    from imu_tracker.cli.live_session import Watched, threshold_deg, title_of
    from imu_tracker.ingest.capture import Capture
    from imu_tracker.ingest.disk import new_session_folder
    from imu_tracker.ingest.recorder import SessionRecorder
    from imu_tracker.live import LiveSession

    loop = asyncio.get_running_loop()
    zero_s, started = loop.time(), datetime.now().astimezone()

    def now() -> float:
        return loop.time() - zero_s

    folder = new_session_folder(root, started)
    about = {**wish.sensors.about, "started": started.isoformat(timespec="milliseconds")}
    try:
        with ThreadPoolExecutor(1) as disk:
            recorder = SessionRecorder(folder, about, now, background=disk)
            marks = Marks(recorder, now)
            guiding = Guiding(wish.sensors.wanted, marks)
            screen = LiveScreen(console, title_of(wish.exercise), threshold_deg(wish.exercise), KEYS)
            watched = Watched(LiveSession(wish.exercise), screen, bell=True)

            def take(samples: Samples) -> None:
                guiding.take(samples)
                watched.take(samples)

            def key(pressed: str) -> None:
                if pressed == "m":
                    watched.bell = not watched.bell
                else:
                    marks.key(pressed)

            capture = Capture(radio, wish.sensors.wanted, recorder, take, _let_pass, now)
            with keyboard(key), screen:
                stopped = await _until_the_end(capture, wish.sensors.seconds, marks, guiding, watched)
            watched.end()
            duration_s = now()
            console.print("Finishing the files ...", style="dim")
            finished = await capture.close()
        return Outcome(folder, duration_s, finished, capture.status(), stopped)
    finally:
        with suppress(OSError):
            folder.rmdir()  # where nothing came to be in it


def _let_pass(placement: str, news: News) -> None:
    """What a person should know of news is in the capture's status."""


async def _until_the_end(
    capture: Capture, seconds: float | None, marks: Marks, guiding: Guiding, watched: Watched
) -> RecordingStopped | None:
    """Connect, draw and guide until it is to end; why it had to where nobody wished it. Raises BluetoothError, all closed."""

    async def look() -> None:
        while True:
            guiding.look()
            watched.said = guiding.said
            await asyncio.sleep(LOOK_S)

    looking, drawing = asyncio.create_task(look()), asyncio.create_task(watched.draw(capture.status))
    try:
        await capture.start()
        ends = {asyncio.ensure_future(capture.wait()), asyncio.ensure_future(marks.end.wait()), looking, drawing}
        done, pending = await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for one in pending:
            one.cancel()
        for one in done:
            one.result()
    except asyncio.CancelledError:  # Ctrl-C: what was recorded is finished like at any other end
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
    except RecordingStopped as error:
        return error
    except BaseException:
        await capture.close()
        raise
    finally:
        looking.cancel()
        drawing.cancel()
    return None


@click.command("live")
@click.argument("sensor", nargs=-1, required=True, metavar="[PLACEMENT=]NAME_OR_ADDRESS...")
@click.option("--exercise", metavar="NAME", help="The exercise, as 'imu-tracker exercises' lists it.")
@click.option("--side", type=click.Choice(["left", "right"]), help="The working side: the leg stood on, or the one that moves.")
@click.option(
    "--drop-threshold", type=float, metavar="DEG", callback=options.threshold, help="Pelvic drop beyond so many degrees is told."
)
@click.option("--subject", metavar="WHO", help="Who does it.")
@click.option("--seconds", type=click.FloatRange(min=0.1), help="End after so long.")
@options.model_option
@store_option
def command(
    sensor: tuple[str, ...],
    exercise: str | None,
    side: Literal["left", "right"] | None,
    drop_threshold: float | None,
    subject: str | None,
    seconds: float | None,
    model: str | None,
    store: str | None,
) -> None:
    """Watch a session while it is worn: reps, tempo, pelvis.

    Name each sensor with where it is worn, such as pelvis=imu-1; 'imu-tracker scan' lists the names. You are told when to stand
    still and to bow. The session is kept, with its analysis, which follows at the end: see 'imu-tracker review'.
    """
    from rich.console import Console

    from imu_tracker.analysis import Wish
    from imu_tracker.cli.keys import key_presses
    from imu_tracker.cli.models import chosen_model
    from imu_tracker.cli.record_screen import print_outcome
    from imu_tracker.cli.store import opened_store
    from imu_tracker.cli.terminal import Terminal
    from imu_tracker.ingest import ble

    if exercise is not None:
        from imu_tracker.exercises import catalogue

        exercise = catalogue.find(exercise).name
    # What was wished goes with the samples: after a crash the session is analysed by it.
    threshold = None if drop_threshold is None else f"{drop_threshold:g}"
    words = {"exercise": exercise, "subject": subject, "side": side, "drop_threshold_deg": threshold}
    sensors = RecordWish(wanted_sensors(sensor), {k: v for k, v in words.items() if v}, seconds)
    wish = LiveWish(sensors, Wish(exercise=exercise, side=side, drop_threshold_deg=drop_threshold, model=chosen_model(model)))
    root = opened_store(store)
    outcome = asyncio.run(watch(ble.Radio(), wish, root, Console(stderr=True, highlight=False), key_presses))
    show_outcome(outcome, wish)
    terminal = Terminal()
    print_outcome(terminal, outcome, sensors)
    terminal.file.flush()
    if outcome.stopped is not None:
        raise outcome.stopped


def show_outcome(outcome: Outcome, wish: LiveWish) -> None:
    """The analysis of what was recorded: this is the session. It is kept with it."""
    from imu_tracker.analysis import analyze
    from imu_tracker.cli.analyze import show
    from imu_tracker.cli.store import analysed
    from imu_tracker.files.reading import read_recording

    files = [one.file for one in outcome.finished if one.file is not None and one.file.suffix == ".parquet"]
    if not files:
        return
    try:
        session = analysed(outcome.folder, wish.exercise).session
    except FileError as e:  # a full disk, say
        click.echo(f"Note: The analysis isn't kept: {e}", err=True)
        session = analyze(read_recording([str(path) for path in files]), wish.exercise)
    show(session, outcome.folder.name)
