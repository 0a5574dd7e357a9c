"""`imu-tracker record`: sensors' samples to files, with guided calibration and marks by key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from imu_tracker.cli.store import store_option
from imu_tracker.errors import RecordingStopped, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from imu_tracker.cli.record_screen import Screen
    from imu_tracker.ingest.ble import Radio
    from imu_tracker.ingest.capture import Capture
    from imu_tracker.ingest.link import News
    from imu_tracker.ingest.placed import Samples, Status
    from imu_tracker.ingest.recorder import SessionRecorder
    from imu_tracker.ingest.recovery import Finished

LOOK_S = 0.25  # how often the screen is made anew and the guide asked

Keyboard = Callable[[Callable[[str], None]], AbstractContextManager[bool]]


@dataclass(frozen=True)
class Wish:
    """What a person asked for. wanted: sensors by placement; seconds: None until told to end; about: words for the files."""

    wanted: Mapping[str, str]
    about: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What was recorded. stopped: why it ended before it was told to, or None."""

    folder: Path
    duration_s: float
    finished: Sequence[Finished]
    status: Mapping[str, Status]
    stopped: RecordingStopped | None


def wanted_sensors(words: Sequence[str]) -> dict[str, str]:
    """`[PLACEMENT=]NAME_OR_ADDRESS` words as sensors by placement; raises UsageError."""
    from imu_tracker.recording import UNKNOWN_PLACEMENT, placement_name

    out: dict[str, str] = {}
    for word in words:
        placement, given, name = word.rpartition("=")
        placement = placement_name(placement) if given else UNKNOWN_PLACEMENT
        if not placement or not name:
            raise UsageError(f"{word}: write PLACEMENT=NAME, such as pelvis=imu-1, or the sensor's name alone.")
        if placement in out:
            where = "without a placement" if placement == UNKNOWN_PLACEMENT else f"for {placement}"
            raise UsageError(f"Two sensors {where}: each needs a placement of its own, such as pelvis=NAME thigh_left=NAME.")
        if name in out.values():
            raise UsageError(f"The sensor {name} is named for two placements.")
        out[placement] = name
    return out


class Marks:
    """What the wearer or who watches marks by key: sets, reps, the end."""

    def __init__(self, recorder: SessionRecorder, now: Callable[[], float]) -> None:
        self._recorder, self._now = recorder, now
        self.sets = self.reps = 0  # reps of the set under way, or of the last
        self.in_set = False
        self.end = asyncio.Event()

    def key(self, key: str) -> None:
        """Take a key press; other keys do nothing."""
        if key == "q":
            self.end.set()
        elif key == "s":
            self.in_set = not self.in_set
            if self.in_set:
                self.sets, self.reps = self.sets + 1, 0
            self.note("set_begins" if self.in_set else "set_ends", {"set": self.sets})
        elif key == " ":
            self.reps += 1
            self.note("rep", {"set": self.sets if self.in_set else None})

    def note(self, kind: str, values: Mapping[str, object]) -> None:
        """Write a mark at the present time."""
        with suppress(RecordingStopped):  # the capture ends by it anyway, and says so
            self._recorder.annotate(self._now(), kind, values)


class Guiding:
    """The calibration, on one sensor, until it is over or a set is begun."""

    def __init__(self, wanted: Mapping[str, str], marks: Marks) -> None:
        from imu_tracker.motion.guiding import WISHED, Guide

        bowing = "pelvis" in wanted  # elsewhere bows tell nothing that is used
        self._placement = "pelvis" if bowing else next(iter(wanted))
        self._guide, self._marks = Guide(WISHED if bowing else 0), marks
        self.said, self.over = "", False

    def take(self, samples: Samples) -> None:
        """Samples as they come."""
        if samples.placement == self._placement and not samples.restored and not self.over:
            self._guide.push(samples.t_s, samples.acc, samples.gyr)

    def look(self) -> None:
        """See how far it is."""
        if self.over:
            return
        state = self._guide.state()
        self.said, self.over = state.said, state.over or self._marks.in_set
        if self._marks.in_set:
            self.said = ""
        if state.over:
            self._marks.note("calibration", {"stage": state.stage, "bows": state.bows})


def _let_pass(placement: str, news: News) -> None:
    """News are nothing to do here: what a person should know of them is in the capture's status."""


class Watching(Protocol):
    """Somebody who sees what is recorded, and may say something to it by key."""

    def take(self, samples: Samples) -> None:
        """Samples as they come."""

    def shown(self) -> AbstractContextManager[object]:
        """The keyboard and the screen, for as long as it is recorded."""

    async def look(self, capture: Capture) -> None:
        """See to the screen until cancelled."""

    def end(self) -> None:
        """No more samples come."""


Watch = Callable[[Marks, Callable[[], float]], Watching]


async def recorded(radio: Radio, wish: Wish, root: Path, console: Console, watch: Watch) -> Outcome:
    """Record until told to end, by key, by time or by Ctrl-C; raises BluetoothError, FileError.

    watch: who watches, from the session's marks and its clock.
    """
    from concurrent.futures import ThreadPoolExecutor
    from datetime import datetime

    from imu_tracker.ingest.capture import Capture
    from imu_tracker.ingest.disk import new_session_folder
    from imu_tracker.ingest.passing import SessionClock
    from imu_tracker.ingest.recorder import SessionRecorder

    now, started = SessionClock(), datetime.now().astimezone()
    folder = new_session_folder(root, started)
    about = {**wish.about, "started": started.isoformat(timespec="milliseconds")}
    try:
        with ThreadPoolExecutor(1) as disk:
            recorder = SessionRecorder(folder, about, now, background=disk)
            marks = Marks(recorder, now)
            watching = watch(marks, now)
            capture = Capture(radio, wish.wanted, recorder, watching.take, _let_pass, now)
            with watching.shown():
                stopped = await _until_the_end(capture, wish.seconds, marks, watching)
            watching.end()
            duration_s = now()
            console.print("Finishing the files ...", style="dim")
            finished = await capture.close()
        return Outcome(folder, duration_s, finished, capture.status(), stopped)
    finally:
        with suppress(OSError):
            folder.rmdir()  # where nothing came to be in it


async def _until_the_end(capture: Capture, seconds: float | None, marks: Marks, watching: Watching) -> RecordingStopped | None:
    """Connect and watch, until it is to end; why it had to where nobody wished it. Raises BluetoothError, with all closed."""
    looking = asyncio.create_task(watching.look(capture))
    try:
        await capture.start()
        ends = {asyncio.ensure_future(capture.wait()), asyncio.ensure_future(marks.end.wait()), looking}
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
    return None


class _Recording:
    """Who watches `imu-tracker record`."""

    def __init__(self, wish: Wish, console: Console, keyboard: Keyboard, marks: Marks, now: Callable[[], float]) -> None:
        self._wish, self._console, self._keyboard, self._marks, self._now = wish, console, keyboard, marks, now
        self._guiding = Guiding(wish.wanted, marks)
        self._screen: Screen | None = None

    def take(self, samples: Samples) -> None:
        """Samples as they come."""
        self._guiding.take(samples)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """The keyboard and the screen."""
        from imu_tracker.cli.record_screen import Screen

        with self._keyboard(self._marks.key) as keys, Screen(self._console, self._wish, keys) as self._screen:
            yield

    async def look(self, capture: Capture) -> None:
        """The guide is asked and the screen made anew, again and again."""
        assert self._screen is not None
        while True:
            self._guiding.look()
            self._screen.show(self._now(), capture.status(), self._marks, self._guiding)
            await asyncio.sleep(LOOK_S)

    def end(self) -> None:
        """Nothing is left to do."""


async def record(radio: Radio, wish: Wish, root: Path, console: Console, keyboard: Keyboard) -> Outcome:
    """Record until told to end, by key, by time or by Ctrl-C; raises BluetoothError, FileError."""
    return await recorded(radio, wish, root, console, lambda marks, now: _Recording(wish, console, keyboard, marks, now))


@click.command("record")
@click.argument("sensor", nargs=-1, required=True, metavar="[PLACEMENT=]NAME_OR_ADDRESS...")
@click.option("--exercise", "--label", metavar="WORD", help="What is done, for those who train or compare on it.")
@click.option("--subject", metavar="WHO", help="Who does it.")
@click.option("--side", type=click.Choice(["left", "right"]), help="The working side: the leg stood on, or the one that moves.")
@click.option("--seconds", type=click.FloatRange(min=0.1), help="End after so long.")
@store_option
def command(
    sensor: tuple[str, ...],
    exercise: str | None,
    subject: str | None,
    side: str | None,
    seconds: float | None,
    store: str | None,
) -> None:
    """Record from Bluetooth sensors, with guided calibration.

    Name each with where it is worn, such as pelvis=imu-1; 'imu-tracker scan' lists the names. You are told when to stand still
    and to bow. Keys: s begins and ends a set, space marks a rep, q ends; so does Ctrl-C. Every sample is on the disk within a
    second, whatever happens.
    """
    from rich.console import Console

    from imu_tracker.cli.keys import key_presses
    from imu_tracker.cli.record_screen import print_outcome
    from imu_tracker.cli.store import opened_store
    from imu_tracker.cli.terminal import Terminal
    from imu_tracker.ingest import ble

    words = {"exercise": exercise, "subject": subject, "side": side}
    wish = Wish(wanted_sensors(sensor), {k: v for k, v in words.items() if v}, seconds)
    root = opened_store(store)
    outcome = asyncio.run(record(ble.Radio(), wish, root, Console(stderr=True, highlight=False), key_presses))
    terminal = Terminal()
    print_outcome(terminal, outcome, wish)
    terminal.file.flush()
    if outcome.stopped is not None:
        raise outcome.stopped
    if any(one.file is not None for one in outcome.finished):
        keep_analysis(outcome.folder)


def keep_analysis(folder: Path) -> None:
    """Analyse what was recorded, by the words it was recorded with, and keep that; on stderr what it came to."""
    from imu_tracker import words
    from imu_tracker.cli.store import analysed
    from imu_tracker.errors import ImuTrackerError

    try:
        sets = analysed(folder).session.sets
    except ImuTrackerError as e:
        click.echo(f"Note: The session isn't analysed: {e}", err=True)
        return
    found = words.listed([words.counted(s) for s in sets]) if sets else "no set"
    click.echo(f"Kept as {folder.name}, with its analysis: {found}. 'imu-tracker review last' shows it.", err=True)
