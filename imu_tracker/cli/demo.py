"""`imu-tracker demo`: the main job on two bundled recordings, compared with what the simulated person really did."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from imu_tracker.cli.analyze import run, say_notes
from imu_tracker.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from imu_tracker.results import Rep, Session

# The bundled recordings; each has its truth beside it, and is of the exercise that its name says.
RECORDINGS = ("lateral_band_walk", "single_leg_squat")

NEXT = """\
Both were made by the project's simulator, and lie in {folder}.
Now yours:
  imu-tracker analyze pelvis=FILE            t, ax, ay, az, gx, gy, gz, or a sensor's export
  imu-tracker analyze FILE --exercise NAME   'imu-tracker exercises' lists the names
  imu-tracker analyze FILE --json OUT        the same for scripts"""


def bundled_folder() -> Path:
    """Where the bundled recordings lie: inside an installed package, or in the project's `datasets/` in a checkout."""
    package = Path(str(resources.files("imu_tracker")))
    folder = package / "bundled"
    if not folder.is_dir():
        folder = package.parent / "datasets"
    if not (folder / f"{RECORDINGS[0]}.csv").is_file():
        raise FileError(folder, "the demo's recordings are not there; install imu-tracker again.")
    return folder


def read_truth(path: Path) -> list[Mapping[str, Any]]:
    """The reps that the simulator's person did: each with `start_s`, `turn_s` and `end_s`, seconds from the first sample."""
    import json

    truth = json.loads(path.read_text(encoding="utf-8"))
    return [rep for a_set in truth["sets"] for rep in a_set["reps"]]


def found_of(true: Sequence[Mapping[str, Any]], found: Sequence[Rep]) -> int:
    """How many true reps were found: the turn of each lies in a found rep, and a found rep stands for one true rep only."""
    left = list(found)
    n = 0
    for rep in true:
        match = next((f for f in left if f.start_s <= rep["turn_s"] < f.end_s), None)
        if match is not None:
            left.remove(match)
            n += 1
    return n


def compared(true: Sequence[Mapping[str, Any]], session: Session) -> str:
    """One line on how the session compares with the truth."""
    kind = session.sets[0].kind if session.sets else "reps"
    noun = "steps" if kind == "steps" else "reps"
    found = [rep for s in session.sets for rep in s.reps]
    n = found_of(true, found)
    extra = len(found) - n
    return f"{n} of {len(true)} {noun} found" + (f", and {extra} too many." if extra else ", and none too many.")


def print_demo(console: Console) -> None:
    """Analyse both recordings and print their summaries, each with its comparison."""
    from rich.text import Text

    from imu_tracker.analysis import Wish
    from imu_tracker.cli.options import declared
    from imu_tracker.cli.summary import print_summary

    folder = bundled_folder()
    for name in RECORDINGS:
        session, *_ = run([str(folder / f"{name}.csv")], declared(), Wish(exercise=name), watched=True)
        print_summary(console, session, f"{name}.csv --exercise {name}")
        console.print()
        truth = compared(read_truth(folder / f"{name}.truth.json"), session)
        console.print(Text().append("Against the simulator's truth: ", "bold").append(truth))
        console.print()
        console.file.flush()
        say_notes(session)


@click.command("demo")
def command() -> None:
    """The main job on two bundled recordings: no sensor, no arguments.

    Shows the summaries of a lateral band walk and a set of single-leg squats, and compares them with the truth.
    """
    from imu_tracker.cli.terminal import Terminal

    console = Terminal()
    print_demo(console)
    console.print(NEXT.format(folder=bundled_folder()), markup=False, soft_wrap=True)
    console.file.flush()
