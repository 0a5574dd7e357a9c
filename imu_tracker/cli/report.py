"""`imu-tracker report`: a session as a page to read, print and pass on, or as a table or JSON."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from imu_tracker.cli import options
from imu_tracker.cli.store import store_option
from imu_tracker.errors import FileError, UsageError

if TYPE_CHECKING:
    from imu_tracker.analysis import Wish
    from imu_tracker.files.units import Units
    from imu_tracker.results import Series, Session

FORMATS = ("html", "csv", "json")


class Reported(NamedTuple):
    """A session to report on; about: the recording's own words; paths: what was read."""

    session: Session
    series: Series | None
    about: Mapping[str, str]
    paths: tuple[str, ...]


def read_result(path: str) -> Session:
    """The session in a file that `analyze --json` wrote. Raises FileError."""
    import json

    from imu_tracker.results import from_dict

    try:
        return from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as e:
        raise FileError(path, f"the file can't be read ({e.strerror or e}).") from e
    except (ValueError, AttributeError, RecursionError) as e:
        raise FileError(path, f"this is no session as 'imu-tracker analyze --json' writes it ({e}).") from e


def _kept(word: str, store: str | None) -> list[str] | None:
    """The recordings of a kept session, given as its folder or its name in the store; None where the word is neither."""
    from imu_tracker.session.folders import store_folder

    named = os.sep not in word and word not in (".", "..")
    for folder in (Path(word), *([store_folder(store) / word] if named else [])):
        if folder.is_dir():
            tables = sorted(p for p in folder.glob("*.parquet") if "." not in p.stem)
            if tables:
                return [f"{p.stem}={p}" for p in tables]
    return None


def _read(words: tuple[str, ...], wish: Wish, units: Units, store: str | None) -> Reported:
    """What the words name, analysed where it isn't yet."""
    from imu_tracker.analysis import Wish
    from imu_tracker.cli.analyze import run
    from imu_tracker.files.units import UNDECLARED

    if len(words) == 1 and words[0].lower().endswith(".json"):
        if wish != Wish() or units != UNDECLARED:
            raise UsageError(f"{words[0]} is analysed already; give the recording itself to analyse it otherwise.")
        return Reported(read_result(words[0]), None, {}, words)
    kept = _kept(words[0], store) if len(words) == 1 else None
    session, series, about = run(kept or words, units, wish, watched=True, with_series=True)
    return Reported(session, series, about, tuple(word.rpartition("=")[2] for word in kept or words))


def html_of(found: Reported, pseudonym: str | None, earlier: Session | None) -> str:
    """The report as a page; with a pseudonym nothing in it tells whose it is."""
    from imu_tracker.report.page import report_html
    from imu_tracker.report.pseudonym import about_without_names, names_of, without_names

    session, about = found.session, about_of(found)
    if pseudonym is not None:
        names = names_of(found.about.get("subject"), found.paths)
        session, about = without_names(session, names, pseudonym), about_without_names(about, pseudonym)
        earlier = None if earlier is None else without_names(earlier, names, pseudonym)
    return report_html(session, found.series, about, earlier)


def about_of(found: Reported) -> dict[str, str]:
    """What the head of the report says of a session: who, when, and from which files."""
    words = {"subject": found.about.get("subject", ""), "date": _date(found.about)}
    return {**words, "files": ", ".join(os.path.basename(path.rstrip("/")) for path in found.paths)}


def _date(about: Mapping[str, str]) -> str:
    """When the recording began, as far as its own words say."""
    from datetime import UTC, datetime

    try:
        if about.get("started"):
            return datetime.fromisoformat(about["started"]).strftime("%Y-%m-%d %H:%M")
        if about.get("start_epoch_s"):
            return datetime.fromtimestamp(float(about["start_epoch_s"]), UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        pass
    return ""


def _text(found: Reported, form: str, pseudonym: str | None, earlier: Session | None) -> str:
    """The report in one of its formats."""
    if form == "html":
        return html_of(found, pseudonym, earlier)
    from imu_tracker.report.pseudonym import names_of, without_names

    session = found.session
    if pseudonym is not None:
        session = without_names(session, names_of(found.about.get("subject"), found.paths), pseudonym)
    if form == "csv":
        from imu_tracker.report.sheet import report_csv

        return report_csv(session)
    from imu_tracker.results import to_json

    return to_json(session) + "\n"


@click.command("report")
@click.argument("recording", nargs=-1, required=True, metavar="SESSION|[PLACEMENT=]FILE...")
@click.option("--out", required=True, metavar="OUT|-", help="Where to write; - for stdout.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Else as the ending of OUT says, else html.")
@click.option("--exercise", metavar="NAME", help="The exercise, as 'imu-tracker exercises' lists it.")
@click.option("--side", type=click.Choice(["left", "right"]), help="The working side: the leg stood on, or the one that moves.")
@click.option(
    "--drop-threshold",
    type=float,
    metavar="DEG",
    callback=options.threshold,
    help="Pelvic drop beyond so many degrees is flagged.",
)
@click.option("--pseudonym", metavar="WORD", help="Stands for the person; name and files are left out.")
@click.option("--compare", metavar="EARLIER.json", help="An earlier session, as 'analyze --json' wrote it: what has changed.")
@options.unit_options
@store_option
def command(
    recording: tuple[str, ...],
    out: str,
    form: str | None,
    exercise: str | None,
    side: Literal["left", "right"] | None,
    drop_threshold: float | None,
    pseudonym: str | None,
    compare: str | None,
    acc_unit: str | None,
    gyr_unit: str | None,
    time_unit: str | None,
    store: str | None,
) -> None:
    """Write a session's report: one HTML file to read, print and pass on.

    It needs no server, no network and no script, and prints on two pages. The session is a recording (as for 'analyze'), a
    result of 'analyze --json' (without the drop over time), or a kept session's name or folder.
    """
    options.check_outputs([*recording, *([compare] if compare else [])], [out])
    from imu_tracker.analysis import Wish

    if exercise is not None:
        from imu_tracker.exercises import catalogue

        exercise = catalogue.find(exercise).name
    if pseudonym is not None and not pseudonym.strip():
        raise UsageError("--pseudonym needs a word that stands for the person.")
    ending = os.path.splitext(out)[1].lower().removeprefix(".")
    form = form or (ending if ending in FORMATS else "html")
    if compare is not None and form != "html":
        raise UsageError(f"--compare is for the HTML report; {form} holds this session alone.")
    earlier = None if compare is None else read_result(compare)
    wish = Wish(exercise=exercise, side=side, drop_threshold_deg=drop_threshold)
    found = _read(recording, wish, options.units(acc_unit, gyr_unit, time_unit), store)
    text = _text(found, form, pseudonym, earlier)
    if out == "-":
        click.echo(text.encode(errors="replace"), nl=False)
        return
    from imu_tracker.files.writing import write_text

    write_text(out, text)
    click.echo(f"Written: {out}", err=True)
