"""`imu-tracker replay`: a recording through the live path, as if it were worn now."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import click

from imu_tracker.cli import options

if TYPE_CHECKING:
    from rich.console import Console

    from imu_tracker.analysis import Wish
    from imu_tracker.cli.outlets import Outlets
    from imu_tracker.ingest.placed import Status
    from imu_tracker.recording import Recording

FASTEST = 1000.0


def _speed(context: click.Context, parameter: click.Parameter, value: str) -> float | None:
    if value == "max":
        return None
    try:
        speed = float(value)
    except ValueError:
        speed = 0.0
    if not 0.0 < speed <= FASTEST:
        raise click.BadParameter(f"{value} is neither 'max' nor a number above 0, at most {FASTEST:g}.")
    return speed


async def watch(recording: Recording, wish: Wish, speed: float | None, console: Console, outlets: Outlets | None = None) -> None:
    """Plays the recording back on the screen, and to LSL where there are outlets."""
    from imu_tracker.cli.keys import key_presses
    from imu_tracker.cli.live_screen import LiveScreen
    from imu_tracker.cli.live_session import Watched, threshold_deg, title_of
    from imu_tracker.ingest.replay import replay
    from imu_tracker.live import LiveSession

    loop, end = asyncio.get_running_loop(), asyncio.Event()

    def no_sensors() -> Mapping[str, Status]:
        return {}

    def key(pressed: str) -> None:
        if pressed == "q":
            end.set()

    with key_presses(key) as keys:
        hint = "q ends" if keys else "Ctrl-C ends"
        with LiveScreen(console, title_of(wish), threshold_deg(wish), f"replay   {hint}") as screen:
            watched = Watched(LiveSession(wish), screen, outlets=outlets)
            drawing = asyncio.create_task(watched.draw(no_sensors))
            playing = asyncio.create_task(replay(recording, watched.take, loop.time, speed))
            ending = asyncio.create_task(end.wait())
            try:
                await asyncio.wait({drawing, playing, ending}, return_when=asyncio.FIRST_COMPLETED)
                if playing.done():
                    playing.result()
                if drawing.done():
                    drawing.result()
                watched.end()
            finally:
                for task in (drawing, playing, ending):
                    task.cancel()


@click.command("replay")
@click.argument("recording", nargs=-1, required=True, metavar="[PLACEMENT=]FILE...")
@click.option("--exercise", metavar="NAME", help="The exercise, as 'imu-tracker exercises' lists it.")
@click.option("--side", type=click.Choice(["left", "right"]), help="The working side: the leg stood on, or the one that moves.")
@options.threshold_option
@click.option("--speed", default="1", callback=_speed, metavar="N|max", help="So many times as fast; max: as fast as it goes.")
@options.lsl_option
@options.model_option
@options.reading_options
def command(
    recording: tuple[str, ...],
    exercise: str | None,
    side: Literal["left", "right"] | None,
    drop_threshold: float | None,
    speed: float | None,
    lsl: bool,
    model: str | None,
    columns: str | None,
    acc_unit: str | None,
    gyr_unit: str | None,
    time_unit: str | None,
) -> None:
    """Play a recording back through the live path.

    Reps, drops and sets appear as they would have while it was worn; its analysis follows. FILE as for 'imu-tracker analyze'.
    With --lsl the times stay as recorded, whatever the speed.
    """
    from rich.console import Console

    from imu_tracker.analysis import Wish, analyze
    from imu_tracker.cli.analyze import show
    from imu_tracker.cli.models import chosen_model

    exercise = options.exercise_name(exercise)
    wish = Wish(exercise=exercise, side=side, drop_threshold_deg=drop_threshold, model=chosen_model(model))
    read = options.declared(columns, acc_unit, gyr_unit, time_unit).read(recording)
    outlets = options.outlets(lsl)
    asyncio.run(watch(read, wish, speed, Console(stderr=True, highlight=False), outlets))
    options.say_trouble(outlets)
    show(analyze(read, wish), ", ".join(os.path.basename(word.rpartition("=")[2].rstrip("/")) for word in recording))
