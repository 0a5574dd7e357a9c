"""`imu-tracker live`: a session watched while it is worn, recorded, and analysed at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from imu_tracker.cli import options
from imu_tracker.cli.record import Guiding, Keyboard, Marks, Outcome, recorded, wanted_sensors
from imu_tracker.cli.record import Wish as RecordWish
from imu_tracker.cli.store import store_option
from imu_tracker.errors import FileError

if TYPE_CHECKING:
    from rich.console import Console

    from imu_tracker.analysis import Wish
    from imu_tracker.cli.outlets import Outlets
    from imu_tracker.ingest.ble import Radio
    from imu_tracker.ingest.capture import Capture
    from imu_tracker.ingest.placed import Samples

LOOK_S = 0.25  # how often the guide is asked
KEYS = "q ends   m bell on, off   s set begins, ends"


@dataclass(frozen=True)
class LiveWish:
    """What a person asked for: the sensors with words for their files, what is known of the exercise, and who else hears it."""

    sensors: RecordWish
    exercise: Wish
    outlets: Outlets | None = None


class _Live:
    """Who watches `imu-tracker live`."""

    def __init__(self, wish: LiveWish, console: Console, keyboard: Keyboard, marks: Marks) -> None:
        from imu_tracker.cli.live_screen import LiveScreen
        from imu_tracker.cli.live_session import Watched, threshold_deg, title_of
        from imu_tracker.live import LiveSession

        self._keyboard, self._marks = keyboard, marks
        self._guiding = Guiding(wish.sensors.wanted, marks)
        self._screen = LiveScreen(console, title_of(wish.exercise), threshold_deg(wish.exercise), KEYS)
        self._watched = Watched(LiveSession(wish.exercise), self._screen, bell=True, outlets=wish.outlets)

    def take(self, samples: Samples) -> None:
        """Samples as they come."""
        self._guiding.take(samples)
        self._watched.take(samples)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The keyboard and the screen."""
        with self._keyboard(self._key), self._screen:
            yield

    def _key(self, pressed: str) -> None:
        if pressed == "m":
            self._watched.bell = not self._watched.bell
        else:
            self._marks.key(pressed)

    async def look(self, capture: Capture) -> None:
        """The screen is drawn, and the guide asked now and then."""
        drawing = asyncio.create_task(self._watched.draw(capture.status))
        try:
            while not drawing.done():
                self._guiding.look()
                self._watched.said = self._guiding.said
                await asyncio.wait({drawing}, timeout=LOOK_S)
            drawing.result()
        finally:
            drawing.cancel()

    def end(self) -> None:
        """The set that is going on is over."""
        self._watched.end()


async def watch(radio: Radio, wish: LiveWish, root: Path, console: Console, keyboard: Keyboard) -> Outcome:
    """Record and watch until told to end, by key, by time or by Ctrl-C; raises BluetoothError, FileError."""
    return await recorded(radio, wish.sensors, root, console, lambda marks, _: _Live(wish, console, keyboard, marks))


@click.command("live")
@click.argument("sensor", nargs=-1, required=True, metavar="[PLACEMENT=]NAME_OR_ADDRESS...")
@click.option("--exercise", metavar="NAME", help="The exercise, as 'imu-tracker exercises' lists it.")
@click.option("--side", type=click.Choice(["left", "right"]), help="The working side: the leg stood on, or the one that moves.")
@options.threshold_option
@click.option("--subject", metavar="WHO", help="Who does it.")
@click.option("--seconds", type=click.FloatRange(min=0.1), help="End after so long.")
@options.lsl_option
@options.model_option
@store_option
def command(
    sensor: tuple[str, ...],
    exercise: str | None,
    side: Literal["left", "right"] | None,
    drop_threshold: float | None,
    subject: str | None,
    seconds: float | None,
    lsl: bool,
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

    exercise = options.exercise_name(exercise)
    # What was wished goes with the samples: after a crash the session is analysed by it.
    threshold = None if drop_threshold is None else f"{drop_threshold:g}"
    words = {"exercise": exercise, "subject": subject, "side": side, "drop_threshold_deg": threshold}
    sensors = RecordWish(wanted_sensors(sensor), {k: v for k, v in words.items() if v}, seconds)
    known = Wish(exercise=exercise, side=side, drop_threshold_deg=drop_threshold, model=chosen_model(model, store))
    wish = LiveWish(sensors, known, options.outlets(lsl))
    root = opened_store(store)
    outcome = asyncio.run(watch(ble.Radio(), wish, root, Console(stderr=True, highlight=False), key_presses))
    options.say_trouble(wish.outlets)
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
