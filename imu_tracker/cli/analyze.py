"""`imu-tracker analyze`: from a recording to counted reps, on the terminal, as JSON and as a series."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import click

from imu_tracker.cli import options

if TYPE_CHECKING:
    from imu_tracker.analysis import Wish
    from imu_tracker.cli.options import Declared
    from imu_tracker.results import Series, Session


def run(
    words: Sequence[str], given: Declared, wish: Wish, *, watched: bool, with_series: bool = False
) -> tuple[Session, Series | None, Mapping[str, str]]:
    """Read and analyse `[PLACEMENT=]FILE` words: the session, its series and what the recording says of itself.

    `watched` shows the progress of long work on stderr.
    """
    from imu_tracker.analysis import Progress, analyze, analyze_with_series

    def work(progress: Progress | None) -> tuple[Session, Series | None, Mapping[str, str]]:
        recording = given.read(words)
        if with_series:
            return *analyze_with_series(recording, wish, progress), recording.about
        return analyze(recording, wish, progress), None, recording.about

    if not watched:
        return work(None)
    from imu_tracker.cli.progress import ShownProgress

    with ShownProgress() as progress:
        return work(progress)


def show(session: Session, title: str) -> None:
    """Print the summary to stdout and the notes to stderr."""
    from imu_tracker.cli.summary import print_summary
    from imu_tracker.cli.terminal import Terminal

    console = Terminal()
    print_summary(console, session, title)
    console.file.flush()
    say_notes(session)


def say_notes(session: Session) -> None:
    """What was noticed in reading, on stderr, one line each."""
    for note in session.notes:
        click.echo(f"Note: {note}", err=True)


@click.command("analyze")
@click.argument("recording", nargs=-1, required=True, metavar="[PLACEMENT=]FILE...")
@click.option("--exercise", metavar="NAME", help="The exercise, as 'imu-tracker exercises' lists it.")
@click.option("--side", type=click.Choice(["left", "right"]), help="The working side: the leg stood on, or the one that moves.")
@options.threshold_option
@click.option(
    "--guide", metavar="FILE", help="Reps shown or corrected: JSON with their times, or an earlier --json of this recording."
)
@options.model_option
@options.reading_options
@click.option("--json", "json_out", metavar="OUT|-", help="Write the session as JSON; - for stdout, in place of the summary.")
@click.option(
    "--series", metavar="OUT", callback=options.table_path, help="Write angles, sets and reps at 100 Hz, to .parquet or .csv."
)
@click.option("--report", metavar="OUT.html", help="Write a report to read, print and pass on; 'imu-tracker report' can do more.")
def command(
    recording: tuple[str, ...],
    exercise: str | None,
    side: Literal["left", "right"] | None,
    drop_threshold: float | None,
    guide: str | None,
    model: str | None,
    columns: str | None,
    acc_unit: str | None,
    gyr_unit: str | None,
    time_unit: str | None,
    json_out: str | None,
    series: str | None,
    report: str | None,
) -> None:
    """Count the reps of a recording, with their tempo.

    FILE is a table with the columns t, ax, ay, az and, where there is a gyroscope, gx, gy, gz (CSV or Parquet; s, m/s2, rad/s),
    or what another program made: MetaBase, Movella DOT, WitMotion, Axivity, Sensor Logger, phyphox, C3D, XDF. Say where the
    sensor was worn with PLACEMENT=, such as pelvis=set.csv; several sensors of one recording are several files.
    """
    options.check_outputs([*recording, *([guide] if guide else [])], [json_out, series, report])
    from imu_tracker.analysis import Wish
    from imu_tracker.cli.models import chosen_model

    exercise = options.exercise_name(exercise)
    only_json = json_out == "-"
    given = options.declared(columns, acc_unit, gyr_unit, time_unit)
    shown = None
    if guide is not None:
        from imu_tracker.cli.guide import read_guide

        shown = read_guide(guide, recording, given)
    wish = Wish(exercise=exercise, side=side, drop_threshold_deg=drop_threshold, guide=shown, model=chosen_model(model))
    with_series = series is not None or report is not None
    session, rows, about = run(recording, given, wish, watched=not only_json, with_series=with_series)
    if json_out is not None:
        from imu_tracker.results import to_json

        text = to_json(session) + "\n"
        if only_json:
            click.echo(text.encode(), nl=False)  # bytes: JSON is UTF-8 whatever the terminal is
        else:
            from imu_tracker.files.writing import write_text

            write_text(json_out, text)
    if series is not None and rows is not None:
        from imu_tracker.files.writing import write_series

        write_series(rows, series)
    if report is not None:
        from imu_tracker.cli.report import Reported, html_of
        from imu_tracker.files.writing import write_text

        paths = tuple(word.rpartition("=")[2] for word in recording)
        write_text(report, html_of(Reported(session, rows, about, paths), None, None))
    if only_json:
        say_notes(session)
    else:
        show(session, ", ".join(os.path.basename(word.rpartition("=")[2].rstrip("/")) for word in recording))
